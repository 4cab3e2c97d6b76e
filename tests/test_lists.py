"""Lists of links to articles: related lists beside an article, list pages, and what is neither."""

import datetime as dt

import pytest

from newsspider import extract
from newsspider.extract import extract_list
from newsspider.items import RelatedItem

BODY = (
    "<h1>冬日巡堤</h1><div>"
    + "<p>河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，发现渗水立即上报。</p>" * 3
)
BODY += "</div>"
URL = "http://n.example.cn/a/20240103_5.html"
ONE, TWO = "春修水利的账本里有一条河", "沿河五村合办一支巡堤队伍"


def related(inner: str, **options: dt.datetime) -> tuple[RelatedItem, ...]:
    html = f"<html><body>{BODY}{inner}</body></html>".encode()
    return extract(html, URL, fetched_at=options.get("fetched_at")).related


A1, A2 = f"<a href=/a/1.html>{ONE}</a>", f"<a href=/a/2.html>{TWO}</a>"
LIST = f"<ul><li>{A1}</li><li>{A2}</li></ul>"
PICTURE_1, PICTURE_2 = (
    "<a href=/a/1.html><img src=1.jpg></a>",
    "<a href=/a/2.html><img src=2.jpg></a>",
)
SHAPES = {
    "ul": f"<h3>相关新闻</h3>{LIST}",
    "dl": f"<h3>相关新闻</h3><dl><dd>{A1}<dd>{A2}</dl>",
    "divs": "<div><div class=hd>相关新闻</div>"
    f"<div class=item>{A1}</div><div class=item>{A2}</div></div>",
    "a-around-p": "<h2>相关新闻</h2><div>"
    f"<a href=/a/1.html><p>{ONE}</p></a><a href=/a/2.html><p>{TWO}</p></a></div>",
    "table-rows": "<table><tr><td>相关新闻</td></tr>"
    f"<tr><td>·{A1}</td></tr><tr><td>·{A2}</td></tr></table>",
    "br-lines": f"<div><b>相关新闻</b><br>{A1}<br>{A2}</div>",
    "cut-titles": f"<h3>相关新闻</h3><ul><li><a href=/a/1.html title={ONE}>{ONE[:6]}…</a></li>"
    f"<li><a href=/a/2.html title={TWO}>{TWO[:7]}...</a></li></ul>",
    "category-links": "<h3>相关新闻</h3><ul>"
    f"<li><a href=/c/>[水利]</a> {A1}</li><li><a href=/c/>[水利]</a> {A2}</li></ul>",
    "picture-and-text": "<h3>相关新闻</h3><ul>"
    f"<li>{PICTURE_1}{A1}</li><li>{PICTURE_2}{A2}</li></ul>",
    "hidden-copy": f"<h3>相关新闻</h3>{LIST}<div style='display:none'>{LIST}</div>",
    "the-page-itself": "<h3>相关新闻</h3><ul>"
    f"<li><a href={URL}>冬日巡堤的两组人马上出发</a></li><li>{A1}</li><li>{A2}</li></ul>",
}


@pytest.mark.parametrize("inner", SHAPES.values(), ids=SHAPES.keys())
def test_entries_of_every_shape(inner: str) -> None:
    found = related(inner)
    assert [(i.list_heading, i.title, i.url) for i in found] == [
        ("相关新闻", ONE, "http://n.example.cn/a/1.html"),
        ("相关新闻", TWO, "http://n.example.cn/a/2.html"),
    ]
    assert {i.kind for i in found} == {"related"}


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(
            "<nav><a href=/l/1>时政要闻频道</a><a href=/l/2>社会新闻频道</a></nav>", id="nav"
        ),
        pytest.param(
            f"<div>上一篇：<a href=/a/1.html>{ONE}</a><br>下一篇：<a href=/a/2.html>{TWO}</a>"
            f"</div>",
            id="neighbours",
        ),
        pytest.param(
            "<div class=tags><a href=/tag/shuili-1>水利工程建设</a><a href=/tag/xunji-2>"
            "巡堤护堤行动</a></div>",
            id="tags",
        ),
        pytest.param(
            f"<div class=ad><a href=//ad.example/1.html>{ONE}</a><a href=//ad.example/2.html>"
            f"{TWO}</a></div>",
            id="advertisements",
        ),
        pytest.param(
            "<div class=footer><a href=/about/1001.html>关于我们网站的介绍</a>"
            "<a href=/law/1002.html>网络视听许可证说明</a></div>",
            id="footer",
        ),
    ],
)
def test_other_links_are_not_related(inner: str) -> None:
    assert related(inner) == ()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("相关阅读", "related"),
        ("24小时热榜", "popular"),
        ("最新文章", "latest"),
        ("大家都爱看", "recommended"),
        ("Most read", "popular"),
    ],
)
def test_the_heading_tells_the_kind(heading: str, kind: str) -> None:
    inner = f"<h4>{heading}</h4><ol><li><em>1</em><a href=/a/1.html>{ONE}</a></li>"
    inner += f"<li><em>2</em><a href=/a/2.html>{TWO}</a></li></ol>"
    found = related(inner)
    assert [(i.list_heading, i.kind, i.position) for i in found] == [
        (heading, kind, 1),
        (heading, kind, 2),
    ]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            "<li><a href=/a/{n}.html>{title}</a><span>2024-01-02</span></li>", id="beside"
        ),
        pytest.param("<li><a href=/a/{n}.html>{title}<i>2024-01-02</i></a></li>", id="inside"),
        pytest.param(
            "<li><span>[2024-01-02]</span> <a href=/a/{n}.html>{title}</a></li>", id="before"
        ),
    ],
)
def test_times_of_entries(item: str) -> None:
    rows = item.format(n=1, title=ONE) + item.format(n=2, title=TWO)
    found = related(f"<h3>推荐阅读</h3><ul>{rows}</ul>")
    assert [i.title for i in found] == [ONE, TWO]
    assert [i.date_published and i.date_published.date() for i in found] == [
        dt.date(2024, 1, 2)
    ] * 2
    assert found[0].date_published_precision == "day"


def test_list_page_gives_entries_and_the_next_page() -> None:
    rows = "".join(
        f"<li><a href='/a/2024010{n}.html?from=list'>{ONE}之{n}</a><span>2024-01-0{n}</span>"
        f"<p>堤上的草黄了，巡堤的人换上棉鞋，一走又是一个冬天，脚印从村口一直排到闸口。</p></li>"
        for n in range(1, 8)
    )
    html = (
        f"<h1>水利</h1><ul>{rows}</ul><div class=pages><a href=/list_1_1.html>1</a>"
        f"<a href=/list_1_2.html>下一页</a></div>"
    )
    found = extract_list(html, "http://n.example.cn/list_1_1.html")
    assert [item.title for item in found.items] == [f"{ONE}之{n}" for n in range(1, 8)]
    assert found.items[0].url == "http://n.example.cn/a/20240101.html"
    assert found.items[0].summary is not None
    assert found.next_page == "http://n.example.cn/list_1_2.html"
    assert extract(html, "http://n.example.cn/list_1_1.html").confidence < 0.5


TEXT = "第一年种下的柳树已经高过屋檐，树下立着一块石碑，记着两次决口的年月和补堤的村名。"
LINKED = (
    "<a href=/shop/1001.html>当年的补堤账本影印件</a>",
    "<a href=/shop/1002.html>沿河五村的旧地图集</a>",
)


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(
            "".join(f"<section><p>{TEXT}{n}</p><p>{a}</p></section>" for n, a in enumerate(LINKED)),
            id="links-below-the-paragraphs-that-they-belong-to",
        ),
        pytest.param(
            f"<div><h2><a href='{URL}'>冬日巡堤的人</a></h2><div><p>{TEXT}0</p><p>{LINKED[0]}</p>"
            f"<p>{TEXT}1</p></div></div>",
            id="a-headline-that-links-to-its-own-page",
        ),
    ],
)
def test_text_with_links_in_it_is_no_list(inner: str) -> None:
    html = f"<html><head><title>冬日巡堤的人</title></head><body>{inner}</body></html>".encode()
    article = extract(html, URL)
    assert f"{TEXT}0" in article.body
    assert f"{TEXT}1" in article.body
    assert not article.related
