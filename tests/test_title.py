"""The headline, whatever the page dresses up as one."""

import pytest

from newsspider import extract

P = (
    "<div>"
    + "<p>入冬以后，河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，发现渗水立即上报。</p>" * 3
    + "</div>"
)
T = "两组人每天沿堤走二十里"
CASES = {
    "h1": f"<title>{T}_国内_晨报网</title><h1>{T}</h1>",
    "site-name-in-h1": f"<title>{T}-晨报网</title><meta property=og:site_name content=晨报网>"
    f"<h1>晨报网</h1><h2>{T}</h2>",
    "empty-h1": f"<title>{T}_晨报网</title><h1></h1><div class=title-text>{T}</div>",
    "logo-in-h1": f"<title>{T}|晨报网</title><h1><a href=/><img src=l.png></a></h1><h3>{T}</h3>",
    "font-in-table": f"<title>晨报网--{T}</title><table><tr><td><font size=5><b>{T}</b></font>"
    "</td></tr></table>",
    "prefix-in-title": f"<title>晨报网 国内 {T}</title><div class=sp_title>{T}</div>",
    "site-name-behind-a-space": f"<title>{T} 东区办事处</title><div>{T}</div>",
    "badge": f"<title>{T}_晨报网</title><h1>[原创]{T}</h1>",
    "only-title": f"<title>{T}_国内_晨报网</title>",
    "only-og": f"<meta property=og:title content='{T}'><meta property=og:site_name content=晨报网>",
    "repeated-below": f"<title>{T}</title><h2>{T}</h2><p><b>{T}</b></p>",
    "list-heading-h1": f"<title>{T}_晨报网</title><div class=side>"
    "<h1>热点推荐</h1></div><h2>{T}</h2>",
    "json-ld": '<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
    + T
    + '"}</script>',
    "h1-in-a-trail-of-links": f"<title>护堤二十里的人_晨报网</title>"
    "<meta property=og:title content='护堤二十里的人'><ul><li><a href=/>首页</a></li>"
    f"<li><a href=/n/>国内</a></li><li><h1>护堤二十里的人</h1></li></ul><h2>{T}</h2>",
    "h1-in-named-breadcrumbs": f"<title>护堤二十里的人</title><div class=page-breadcrumbs>"
    f"<h1>护堤二十里的人</h1></div><h2>{T}</h2>",
    "h1-links-home": f"<title>晨报网 » 存档 » {T}</title><h1><a href=http://n.example.cn/>晨报网"
    f"</a></h1><h2>{T}</h2>",
    "h1-is-called-the-site's-name": f"<title>晨报 » 存档 » {T}</title><div class=site-name>"
    f"<h1>晨报</h1></div><h2>{T}</h2>",
    "only-h1-in-a-box-named-for-ads": f"<title>谁在堤上走</title><div class=kt-adv-heading><h1>{T}"
    "</h1></div>",
    "site-named-behind-the-headline": f"<meta property=og:site_name content=晨报网>"
    f"<meta property=og:title content='{T} - 晨报网'><script type='application/ld+json'>"
    f'{{"@type":"NewsArticle","headline":"{T} - 晨报网"}}</script><h1>{T}</h1>',
    "site-named-like-the-headline": f"<meta name=application-name content='{T}'>"
    f"<title>{T}</title><h1>{T}</h1>",
    "remark-behind-the-headline": f"<meta property=og:title content='{T}'>"
    f"<h1>{T} <span>/ 十二月</span></h1>",
    "meta-of-government-sites": f"<meta name=ArticleTitle content='{T}'>"
    "<title>某县人民政府</title>",
}


@pytest.mark.parametrize("head", CASES.values(), ids=CASES.keys())
def test_headline_as_shown(head: str) -> None:
    html = f"<html><body>{head}{P}</body></html>".encode()
    assert extract(html, "http://n.example.cn/a/1.html").title == T


@pytest.mark.parametrize(
    ("heading", "stated", "title"),
    [
        pytest.param("<span>堤上一日 - </span><b>%s</b>", T, T, id="kicker-in-the-heading"),
        pytest.param(
            "<span>堤上一日</span> <b>%s</b>",
            f"堤上一日：{T}",
            f"堤上一日：{T}",
            id="colon-in-the-head",
        ),
        pytest.param("<span>堤上</span>：<b>%s</b>", "别的标题", f"堤上：{T}", id="no-witness"),
        pytest.param("<span class=dachzeile>堤上</span> <b>%s</b>", "别的", T, id="named-kicker"),
    ],
)
def test_a_heading_of_two_parts(heading: str, stated: str, title: str) -> None:
    head = f"<meta property=og:title content='{stated}'><h1>{heading.replace('%s', T)}</h1>"
    assert extract(f"<html><body>{head}{P}".encode()).title == title


def test_provenance_says_what_gave_it() -> None:
    assert extract(f"<h1>{T}</h1>{P}").provenance["title"] == "h1"
    assert extract(f"<title>{T}</title>{P}").provenance["title"] == "title"


def test_a_page_without_headline_has_none() -> None:
    assert extract(P).title is None


def test_kicker_and_subtitle_are_fields() -> None:
    html = f"<p class=kicker>冬修水利见闻</p><h1>{T}</h1><p class=subtitle>一县四乡的护堤人</p>{P}"
    article = extract(html)
    assert (article.kicker, article.title, article.subtitle) == (
        "冬修水利见闻",
        T,
        "一县四乡的护堤人",
    )
    assert "一县四乡的护堤人" not in article.body


def test_kicker_inside_the_heading_is_a_field() -> None:
    article = extract(f"<h1><span class=overline>冬修水利 </span>: <span>{T}</span></h1>{P}")
    assert (article.kicker, article.title) == ("冬修水利", T)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param(
            "<title>Walking the dike all winter | Post</title>"
            "<h1>All winter along the dike on foot</h1><h2>Walking the dike</h2>",
            "All winter along the dike on foot",
            id="words-of-the-head-in-a-lesser-heading",
        ),
        pytest.param(
            "<title>Walking the dike</title><nav class=breadcrumb><a href=/>Home</a>"
            "<h1>Walking the dike</h1></nav>" + "<p>Report</p>" * 8 + "<h2>The first steps</h2>",
            "Walking the dike",
            id="only-a-trail-names-it",
        ),
        pytest.param(
            "<meta property=og:title content='Meet us in May!'><h2>Meet us in May!<span>:</span>"
            "</h2><h2>We bring boots</h2>",
            "Meet us in May!",
            id="colon-of-the-template",
        ),
    ],
)
def test_headings_that_compete(head: str, title: str) -> None:
    assert extract(f"<html lang=en><body>{head}{P}".encode()).title == title


def test_a_word_of_the_head_is_a_headline_however_short() -> None:
    assert extract(f"<title>巡堤_某某百科</title><h1>巡堤</h1>{P}").title == "巡堤"


def test_a_line_behind_a_dash_is_the_subtitle() -> None:
    head = f"<td><font size=5>{T}</font><br><font size=3>——一县四乡的护堤人</font></td>"
    article = extract(f"<title>{T}</title><table><tr>{head}</tr></table>{P}")
    assert (article.title, article.subtitle) == (T, "一县四乡的护堤人")
    assert "护堤人" not in article.body


@pytest.mark.parametrize(
    ("stated", "shared", "title"),
    [
        pytest.param(f"冬日见闻：{T}", f"冬日见闻：{T} | 晨报网", f"冬日见闻：{T}", id="longer"),
        pytest.param(f"冬日见闻：{T}", T, T, id="only-one-longer"),
        pytest.param("两组人每天沿堤走二十里……", "两组人每天沿堤走二十里……", T, id="cut-short"),
        pytest.param("巡堤的人在冬天里走了很远", "巡堤的人在冬天里走了很远", T, id="another"),
    ],
)
def test_two_witnesses_may_lengthen_the_headline(stated: str, shared: str, title: str) -> None:
    head = (
        f"<meta property=og:title content='{shared}'><script type='application/ld+json'>"
        f'{{"@type":"NewsArticle","headline":"{stated}"}}</script><h1>{T}</h1>'
    )
    assert extract(f"<html><body>{head}{P}".encode()).title == title


def test_a_headline_that_breaks_behind_a_colon_is_whole() -> None:
    assert extract(f"<title>x</title><h1>冬修水利：<br>{T}</h1>{P}").title == f"冬修水利： {T}"
