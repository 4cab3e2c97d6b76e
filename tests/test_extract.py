"""extract() on whole pages: the shape that the project is for, hostile input, the promises it
makes.
"""

import datetime as dt
import hashlib
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsspider import extract
from newsspider.extract import EXTRACTOR_VERSION, extract_list, read
from newsspider.items import Article

SEED_BODY = (
    "3月20日，清河镇组织两百余名志愿者在河堤上栽下一千二百棵柳树，为的是固住去年被洪水冲松的堤岸。",
    "镇里说，这批树苗由林场无偿提供，成活以后交给沿岸四个村共建共管，每个村认领一段。",
    "“三年以后这里就能遮阴了。”参加栽树的退休教师说，她小时候河边也有这样一排柳树。",
    "（于新 张继东）",
)
SEED_PAGE = """<html><head><meta
charset="gb2312"><title>清河镇河堤栽柳固岸_乡镇_清河网</title></head><body>
<div class="top"><a href="/">首页</a> <a href="/list_1.html">乡镇</a> <a
href="/list_2.html">民生</a></div>
<div class="place">当前位置：<a href="/">主页</a> &gt; <a href="/list_1.html">乡镇</a> &gt;
正文</div>
<div class="viewbox"><div class="title"><h2>清河镇河堤栽柳固岸</h2></div>
<div class="info">来源:勘探开发研究院  编辑:   时间:2023-03-21 13:21:05</div>
<div class="content"><p align="center"><strong>清河镇河堤栽柳固岸</strong></p>
{paragraphs}
</div></div>
<div class="context">上一篇：<a href="/a/100.html">春灌用水今年提前十天开闸放水</a></div>
<div class="tuijian"><h2>大家都爱看</h2><ul>
<li><h3><a href="/a/201.html" title="清河镇把旧粮站改成村民议事厅">清河镇把旧粮站改成...</a></h3>
<p>旧粮站空了十一年，屋顶漏雨，墙角长草，今年春天重新粉刷...<a href="/a/201.html">更多</a></p>
<span>2023-03-20 09:00:00</span></li>
<li><h3><a href="/a/202.html">四个村合修一条机耕路</a></h3>
<p>路宽四米半，两台收割机能够错车，秋收前就能通到地头...<a href="/a/202.html">更多</a></p>
<span>2023-03-19 17:30:12</span></li></ul></div>
<div class="footer"><p>清河网 版权所有 ICP备00000000号</p></div></body></html>"""
SEED_URL = "http://www.qinghe.example.cn/a/2023/0321/104.html?from=timeline"


@pytest.fixture(scope="module")
def seed() -> Article:
    paragraphs = "\n".join(f"<p>　　{line}</p>" for line in SEED_BODY)
    html = SEED_PAGE.replace("{paragraphs}", paragraphs).encode("gb18030")
    return extract(html, SEED_URL, content_type="text/html; charset=utf-8")


def test_seed_page_headline_and_text(seed: Article) -> None:
    assert seed.title == "清河镇河堤栽柳固岸"
    assert seed.body == "\n".join(SEED_BODY)
    assert seed.body_sha256 == hashlib.sha256(seed.body.encode()).hexdigest()
    assert seed.body_html is not None
    assert "大家都爱看" not in seed.body_html
    assert seed.confidence >= 0.5


def test_seed_page_line_of_fields(seed: Article) -> None:
    assert seed.source == "勘探开发研究院"
    assert seed.editors == ()
    assert [(c.role, c.name) for c in seed.credits][:2] == [
        ("source", "勘探开发研究院"),
        ("editor", None),
    ]
    assert seed.authors == ("于新", "张继东")
    assert seed.date_published is not None
    assert seed.date_published.isoformat() == "2023-03-21T13:21:05+08:00"
    assert seed.date_published_raw == "2023-03-21 13:21:05"
    assert seed.date_published_precision == "second"


def test_seed_page_related_list(seed: Article) -> None:
    assert [
        (item.list_heading, item.kind, item.position, item.title, item.summary)
        for item in seed.related
    ] == [
        (
            "大家都爱看",
            "recommended",
            1,
            "清河镇把旧粮站改成村民议事厅",
            "旧粮站空了十一年，屋顶漏雨，墙角长草，今年春天重新粉刷...",
        ),
        (
            "大家都爱看",
            "recommended",
            2,
            "四个村合修一条机耕路",
            "路宽四米半，两台收割机能够错车，秋收前就能通到地头...",
        ),
    ]
    assert seed.related[0].url == "http://www.qinghe.example.cn/a/201.html"
    assert seed.related[0].date_published == dt.datetime(
        2023, 3, 20, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))
    )


def test_seed_page_identity_and_evidence(seed: Article) -> None:
    assert seed.url == "http://www.qinghe.example.cn/a/2023/0321/104.html"
    assert seed.requested_url == SEED_URL
    assert seed.site == "example.cn"
    assert (seed.section, seed.language) == ("乡镇", "zh-Hans")
    assert [crumb.name for crumb in seed.breadcrumbs] == ["主页", "乡镇"]
    assert seed.extractor_version == EXTRACTOR_VERSION
    assert seed.provenance["encoding"].startswith("gb18030")
    named = {"title", "body", "date_published", "source", "authors", "related", "language"}
    assert named <= set(seed.provenance)


PROSE = "今年以来，镇里先后投入二百余万元整修渠道，新增灌溉面积一千三百亩，惠及六个村。"
ARTICLE = f"<h1>渠道整修工程全部完工</h1><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p>"


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"   \n", id="white-space"),
        pytest.param(b"\x00\x00\x00", id="nul-only"),
        pytest.param(b"<!-- nothing -->", id="comment-only"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", id="jpeg"),
        pytest.param(b'<?xml version="1.0" encoding="utf-16"?><a>x</a>', id="wrong-declaration"),
        pytest.param(b"<a href='http://[::1'>x</a>" * 3, id="broken-address"),
        pytest.param(b"<base href='http://[bad'><a href='x'>y</a>", id="broken-base"),
        pytest.param(b"<table><tr><td>" * 500, id="unclosed-tables"),
        pytest.param(b"<p>" + b"x" * 200_000, id="one-long-word"),
        pytest.param(
            b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script>", id="deep-json"
        ),
    ],
)
def test_what_is_no_article_gets_a_low_confidence(html: bytes) -> None:
    article = extract(html, "http://news.example.cn/a/1.html")
    assert article.confidence < 0.5
    assert "error" not in article.provenance


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("</body></html>", "", id="stray-end-before"),
        pytest.param("<html><body></html>", "</html></body>", id="second-root"),
        pytest.param("<div>" * 20_000, "</div>" * 20_000, id="deep-nesting"),
        pytest.param("<div><span>" * 9_000, "", id="deep-and-unclosed"),
        pytest.param("\x00\x08", "\x1f", id="control-characters"),
        pytest.param("<button><div>", "</div></button>", id="inside-a-button"),
        pytest.param("<form><table><tr><td>", "</td></tr></table></form>", id="layout-table"),
    ],
)
def test_no_text_is_lost(before: str, after: str) -> None:
    page = f"<html><body>{before}{ARTICLE}{after}</body></html>"
    article = extract(page.encode(), "http://news.example.cn/a/20240102_1.html")
    assert article.body == "\n".join([PROSE] * 3)
    assert article.title == "渠道整修工程全部完工"


def test_an_error_is_named_and_gives_confidence_zero(caplog: pytest.LogCaptureFixture) -> None:
    article = extract(memoryview(b"no bytes"), "http://a.example/1")  # type: ignore[arg-type]
    assert article.confidence == 0.0
    assert article.provenance["error"].startswith("decode: ")
    assert "extraction failed at decode" in caplog.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600))
def test_any_bytes_are_read(data: bytes) -> None:
    _is_sound(extract(data, "http://news.example.cn/a/1.html"))


TAGS = st.sampled_from(
    "p div a li ul table td br img h1 h2 span script style figure article blockquote b svg".split()
)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["来源：", "2024-01-02 10:00", "相关阅读", "下一页", "（记者 李明）", PROSE, "&#0;", "<"]
    ),
)
SOUP = st.lists(
    st.one_of(
        TEXTS,
        TAGS.map("<{}>".format),
        TAGS.map("</{}>".format),
        TAGS.map("<{} class='related title' href='/a/2024/1.html' src=x.jpg>".format),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SOUP)
def test_any_tag_soup_is_read(soup: str) -> None:
    _is_sound(extract(soup, "http://news.example.cn/a/1.html"))
    for item in extract_list(soup, "http://news.example.cn/list/").items:
        assert item.title


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=len(SEED_PAGE)))
def test_a_page_cut_anywhere_is_read(length: int) -> None:
    _is_sound(extract(SEED_PAGE[:length].encode("gb18030"), SEED_URL))


def _is_sound(article: Article) -> None:
    """Check what holds for every page."""
    assert "error" not in article.provenance, article.provenance
    assert 0.0 <= article.confidence <= 1.0
    assert article.body_sha256 is not None
    for name in (f.name for f in fields(article)):
        assert getattr(article, name) != "" or name in ("url", "body")
    assert "\n\n" not in article.body
    assert all(item.title and item.position >= 1 for item in article.related)


def test_time_grows_with_the_size_of_the_page_only() -> None:
    unit = '<div class="item"><p>' + PROSE + '</p><a href="/a/1.html">一个链接的标题在此</a></div>'
    small, large = (_seconds(unit * count) for count in (400, 3200))
    assert large < 8 * small * 3


def _seconds(html: str) -> float:
    import time

    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        extract(html, "http://news.example.cn/a/1.html")
        best = min(best, time.process_time() - start)
    return best


def test_read_gives_links_feeds_and_robots() -> None:
    html = (
        b"<html><head><meta name=robots content='noindex, NoFollow'>"
        b"<link rel=alternate type='application/rss+xml' href='/feed.xml'></head><body>"
        b"<a href='/a/1.html?utm_source=x#top' title='Full'>One</a>"
        b"<a href='javascript:void(0)'>no</a><a href='mailto:a@b.cn'>no</a>"
        b"<map><area href='/b/2.html'></map><a rel='nofollow ugc' href='//other.example/3'>3</a>"
    )
    reading = read(html, "http://news.example.cn/x/", http_status=200, requested_url="http://q.cn/")
    assert [(link.url, link.text, link.title, link.nofollow) for link in reading.links] == [
        ("http://news.example.cn/a/1.html", "One", "Full", False),
        ("http://news.example.cn/b/2.html", "", "", False),
        ("http://other.example/3", "3", "", True),
    ]
    assert reading.feeds == ("http://news.example.cn/feed.xml",)
    assert reading.robots == ("noindex", "nofollow")
    assert (reading.article.http_status, reading.article.requested_url) == (200, "http://q.cn/")
