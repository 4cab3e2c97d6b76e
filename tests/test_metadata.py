"""Times, credits, addresses and the smaller fields: what is printed, and what the head says
beside it.
"""

import datetime as dt
from pathlib import Path

import pytest

from newsspider import extract
from newsspider.extract.metadata import json_objects
from newsspider.profiles import load

TEXT = "".join(
    f"<p>河道管理处第{n}组沿堤巡查，重点看涵闸和险工段，发现渗水立即上报，当天就派人处理。</p>"
    for n in "一二三"
)
URL = "http://news.example.cn/a/20240103_5.html"


def page(head: str = "", line: str = "", tail: str = "", *, lang: str = "zh-CN") -> bytes:
    return (
        f"<html lang={lang}><head>{head}</head><body><h1>冬日巡堤</h1><div>{line}</div>"
        f"<div class=content>{TEXT}</div>{tail}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("head", "line", "expected", "precision"),
    [
        pytest.param("", "2024-01-03 08:05", "2024-01-03T08:05:00+08:00", "minute", id="printed"),
        pytest.param("", "发布日期：2024年1月3日", "2024-01-03T00:00:00+08:00", "day", id="day"),
        pytest.param(
            "",
            "<b>2024</b><b>01/03</b><b>08:05</b>",
            "2024-01-03T08:05:00+08:00",
            "minute",
            id="split",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2024-01-03T08:05:09+08:00">',
            "2024-01-03 08:05",
            "2024-01-03T08:05:09+08:00",
            "second",
            id="metadata-agrees-and-adds-seconds",
        ),
        pytest.param(
            '<meta name="PubDate" content="2024-01-03 08:05:09">',
            "2024年1月3日",
            "2024-01-03T08:05:09+08:00",
            "second",
            id="metadata-agrees-and-adds-the-clock",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2024-01-03T00:05:00Z">',
            "2024-01-03 08:05",
            "2024-01-03T08:05:00+08:00",
            "second",
            id="metadata-in-utc",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2024-01-01T12:00:00+08:00">',
            "2024-01-03 08:05",
            "2024-01-03T08:05:00+08:00",
            "minute",
            id="the-printed-time-wins",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x",'
            '"datePublished":"2024-01-03T08:05:09+08:00"}</script>',
            "",
            "2024-01-03T08:05:09+08:00",
            "second",
            id="json-ld-alone",
        ),
    ],
)
def test_date_published(head: str, line: str, expected: str, precision: str) -> None:
    article = extract(page(head, line), "http://news.example.cn/a/5.html")
    assert article.date_published is not None
    assert article.date_published.isoformat() == expected
    assert article.date_published_precision == precision


def test_date_of_the_address_is_the_last_resort() -> None:
    article = extract(page(), "http://news.example.cn/2024/01/03/5.html")
    assert article.date_published is not None
    assert article.date_published.date() == dt.date(2024, 1, 3)
    assert article.provenance["date_published"] == "url"
    assert article.date_published_raw is None


def test_a_page_without_any_date_has_none() -> None:
    article = extract(page(), "http://news.example.cn/a/5.html")
    assert (article.date_published, article.date_published_precision) == (None, None)
    assert "date_published" not in article.provenance


def test_dates_of_comments_and_lists_are_not_the_articles() -> None:
    tail = "<div id=comments><p>网友 2024-02-01 10:00 说得好</p></div><h3>热点排行</h3><ul>"
    tail += "<li><a href=/a/1.html>护岸柳为什么要斜着栽</a> 2024-02-02</li>"
    tail += "<li><a href=/a/2.html>沿河五村合办巡堤队伍</a> 2024-02-03</li></ul>"
    assert extract(page(tail=tail), "http://news.example.cn/a/5.html").date_published is None


def test_relative_times_need_the_moment_of_the_fetch() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    fetched = dt.datetime(2024, 1, 4, 9, 30, tzinfo=zone)
    html = page(line="昨天 18:20")
    assert extract(html).date_published is None
    found = extract(html, fetched_at=fetched).date_published
    assert found is not None
    assert found.isoformat() == "2024-01-03T18:20:00+08:00"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        pytest.param("来源：河安日报", "河安日报", id="label"),
        pytest.param("来源：<a href=//ha.example.cn/>河安日报</a>", "河安日报", id="link"),
        pytest.param(
            "<span>河安晚报</span> <span>2024-01-03 08:05</span>", "河安晚报", id="unlabelled"
        ),
        pytest.param("<p>李明/河安晚报</p>", "河安晚报", id="writer-and-outlet"),
        pytest.param("来源：", None, id="empty"),
        pytest.param("来源：本站原创", None, id="placeholder"),
    ],
)
def test_source(line: str, source: str | None) -> None:
    assert extract(page(line=line), URL).source == source


def test_source_of_government_sites_and_its_link() -> None:
    assert extract(page('<meta name="ContentSource" content="县水利局">'), URL).source == "县水利局"
    article = extract(page(line="来源：<a href=/outlet/1.html>河安日报</a>"), URL)
    assert article.source_url == "http://news.example.cn/outlet/1.html"


@pytest.mark.parametrize(
    ("line", "tail", "authors", "editors"),
    [
        pytest.param("作者：李明 王小雨", "", ("李明", "王小雨"), (), id="label"),
        pytest.param("", "<div>责任编辑：张迪</div>", (), ("张迪",), id="editor-below"),
        pytest.param(
            "", "<div>【编辑:姚昊】 <a href=2.html>下一页</a></div>", (), ("姚昊",), id="bracket"
        ),
        pytest.param("编辑：", "", (), (), id="empty-label"),
        pytest.param("<p>河安日报记者 李明</p>", "", ("李明",), (), id="reporter-line"),
    ],
)
def test_people(line: str, tail: str, authors: tuple[str, ...], editors: tuple[str, ...]) -> None:
    article = extract(page(line=line, tail=tail), URL)
    assert (article.authors, article.editors) == (authors, editors)


def test_dateline_stays_in_the_body() -> None:
    first = "新华社河安1月3日电（记者李明）入冬以后，河道管理处每天派两组人沿堤巡查，重点看涵闸。"
    html = page().replace(b"<div class=content>", f"<div class=content><p>{first}</p>".encode())
    article = extract(html, URL)
    assert article.dateline == "新华社河安1月3日电"
    assert article.authors == ("李明",)
    assert article.body.startswith(first)


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        pytest.param('<meta name="author" content="Anna Brown">', ("Anna Brown",), id="meta"),
        pytest.param(
            '<script type="application/ld+json">'
            '{"@graph":[{"@type":"NewsArticle","headline":"x","author":'
            '[{"@type":"Person","name":"Anna Brown"},'
            '{"@type":"Person","name":"Tom O\'Neil"}]}]}</script>',
            ("Anna Brown", "Tom O'Neil"),
            id="json-ld",
        ),
        pytest.param('<meta name="author" content="http://a.example/b">', (), id="address"),
        pytest.param('<meta name="author" content="admin">', (), id="placeholder"),
    ],
)
def test_authors_of_foreign_pages(markup: str, authors: tuple[str, ...]) -> None:
    text = "<p>The first patrol leaves at six, when the lamps on the dyke are still lit.</p>" * 3
    html = f"<html lang=en><head>{markup}</head><body><h1>Watching the dyke</h1>{text}"
    article = extract(html, "http://news.example.com/a/5.html")
    assert (article.authors, article.language) == (authors, "en")


@pytest.mark.parametrize(
    ("head", "tail", "canonical", "url"),
    [
        pytest.param(
            "<link rel=canonical href=/a/5.html>",
            "",
            "http://news.example.cn/a/5.html",
            "http://news.example.cn/a/5.html",
            id="link",
        ),
        pytest.param(
            "<meta property=og:url content=http://m.example.cn/5.html>",
            "",
            "http://m.example.cn/5.html",
            "http://m.example.cn/5.html",
            id="og-url-on-the-same-site",
        ),
        pytest.param(
            "",
            "<p>原文地址:http://other.example.org/x/1.html</p>",
            "http://other.example.org/x/1.html",
            URL,
            id="named-on-another-site",
        ),
        pytest.param(
            "",
            "<a href=/pc/5.html>电脑版</a>",
            "http://news.example.cn/pc/5.html",
            "http://news.example.cn/pc/5.html",
            id="mobile-twin",
        ),
        pytest.param("<link rel=canonical href=/>", "", None, URL, id="home-page-is-nobodys"),
    ],
)
def test_identity(head: str, tail: str, canonical: str | None, url: str) -> None:
    article = extract(page(head, tail=tail), URL)
    assert (article.canonical_url, article.url) == (canonical, url)


def test_section_keywords_description_language() -> None:
    head = (
        "<meta name=keywords content='水利,巡堤，河安'><meta name=description content='冬日巡堤。'>"
    )
    line = "您现在的位置：<a href=/>首页</a> &gt; <a href=/shuili/>水利</a> &gt; 正文"
    html = page(head).replace(b"<h1>", f"<div>{line}</div><h1>".encode())
    article = extract(html, URL)
    assert (article.section, article.keywords) == ("水利", ("水利", "巡堤", "河安"))
    assert (article.description, article.language) == ("冬日巡堤。", "zh-Hans")
    assert [(b.name, b.url) for b in article.breadcrumbs] == [
        ("首页", "http://news.example.cn/"),
        ("水利", "http://news.example.cn/shuili/"),
    ]


@pytest.mark.parametrize(
    ("head", "section"),
    [
        pytest.param("<meta property=article:section content=水利>", "水利", id="stated"),
        pytest.param("<meta property=article:section content=null>", "巡堤", id="null"),
        pytest.param("<meta property=article:section content=Uncategorized>", "巡堤", id="none"),
        pytest.param("<meta property=article:section content=example.cn>", "巡堤", id="domain"),
        pytest.param("", "巡堤", id="trail"),
    ],
)
def test_section_is_no_word_of_the_system(head: str, section: str) -> None:
    line = "您现在的位置：<a href=/>首页</a> &gt; <a href=/xundi/>巡堤</a> &gt; 正文"
    html = page(head).replace(b"<h1>", f"<div>{line}</div><h1>".encode())
    assert extract(html, URL).section == section


@pytest.mark.parametrize(
    ("below", "subtitle"),
    [
        pytest.param(
            "<p class=subtitle>三组人沿堤走了一夜</p>", "三组人沿堤走了一夜", id="subtitle"
        ),
        pytest.param("<p class=subtitle>2024年1月3日 08:05</p>", None, id="time"),
        pytest.param(
            "<p class=subtitle>2024-01-03</p><p class=subtitle>三组人沿堤走了一夜</p>",
            "三组人沿堤走了一夜",
            id="behind-the-time",
        ),
    ],
)
def test_subtitle_is_no_line_of_fields(below: str, subtitle: str | None) -> None:
    html = page().replace(b"</h1>", f"</h1>{below}".encode())
    assert extract(html, URL).subtitle == subtitle


def test_subtitle_is_no_byline() -> None:
    head = "<meta name=author content='ANNA BROWN'>"
    text = "<p>The first patrol leaves at six, when the lamps on the dyke are still lit.</p>" * 3
    html = (
        f"<html lang=en><head>{head}</head><h1>Along the dike</h1><p class=subhead>ANNA BROWN</p>"
    )
    article = extract(f"{html}<div>{text}</div></html>", "https://a.example.com/x")
    assert (article.authors, article.subtitle) == (("ANNA BROWN",), None)
    assert "subtitle" not in article.provenance


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param('{"@type":"Article"}', 1, id="object"),
        pytest.param('[{"a":1},{"b":2}]', 2, id="array"),
        pytest.param('{"@graph":[{"a":1},{"b":2}]}', 3, id="graph"),
        pytest.param('<!-- {"a":1,} -->', 1, id="comment-and-trailing-comma"),
        pytest.param('{"a":"line\nbreak"}', 1, id="control-character"),
        pytest.param('{"a":', 0, id="broken"),
        pytest.param("[" * 100_000, 0, id="deep"),
        pytest.param('"text"', 0, id="no-object"),
    ],
)
def test_json_ld_is_read_tolerantly(text: str, count: int) -> None:
    assert len(json_objects(text)) == count


def test_a_profile_comes_first_and_its_misses_are_named(tmp_path: Path) -> None:
    path = tmp_path / "hean.toml"
    path.write_text(
        'home = "http://news.example.cn/"\nstrip = [".promo"]\n'
        '[fields]\ntitle = [".headline"]\nbody = ["#text"]\nsource = ["//b[@id=\'from\']"]\n'
        'date_published = [".when"]\nauthors = [".gone"]\n',
        encoding="utf-8",
    )
    html = (
        "<h1>河安日报</h1><p class=headline>冬日巡堤</p><b id=from>来源：河安晚报</b>"
        "<i class=when>2024-01-03 08:05</i>"
        f"<div id=text>{TEXT}<p class=promo>下载客户端，第一时间看新闻，还有好礼相送，"
        f"先到先得。</p></div>"
        f"<div class=article-body>{TEXT * 3}</div>"
    )
    article = extract(html.encode(), URL, profile=load(path))
    assert (article.title, article.source, article.site) == ("冬日巡堤", "河安晚报", "hean")
    assert len(article.body.split("\n")) == 3
    assert article.date_published_raw == "2024-01-03 08:05"
    assert {k: v for k, v in article.provenance.items() if v.startswith("profile:")} == {
        name: f"profile:{name}" for name in ("title", "body", "source", "date_published")
    }
    assert article.provenance["missed"] == "authors"
    assert article.profile_version is not None


@pytest.mark.parametrize(
    ("head", "line", "source"),
    [
        pytest.param(
            "<meta name=source content='来源：河安日报 原创稿'>", "", "河安日报", id="field"
        ),
        pytest.param("<meta name=source content=本站原创>", "", None, id="placeholder"),
        pytest.param(
            "",
            "<span>2024-01-03 08:05 新闻频道</span></div><div>来源：河安日报",
            "河安日报",
            id="label",
        ),
    ],
)
def test_which_outlet_is_the_source(head: str, line: str, source: str | None) -> None:
    found = extract(page(head, line), URL).source
    assert found is None if source is None else str(found).startswith(source)


def test_editors_named_in_a_foot_below_the_text() -> None:
    assert extract(page(tail="<div class=footer>[责任编辑：张迪]</div>"), URL).editors == ("张迪",)
