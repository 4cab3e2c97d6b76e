"""Articles of several pages: finding the next page, and joining what was read."""

import pytest

from newsspider.extract import join_pages, read
from newsspider.items import Article

P = "河道管理处第{}组沿堤巡查，重点看涵闸和险工段，发现渗水立即上报，当天就派人处理完毕。"
BASE = "http://n.example.cn/a/5.html"


def page(number: int, pager: str = "", extra: str = "") -> bytes:
    text = "".join(f"<p>{P.format(number * 10 + n)}</p>" for n in range(3))
    return (
        f"<title>冬日巡堤_晨报</title><h1>冬日巡堤</h1><div>来源：河安日报 2024-01-03</div>"
        f"<div class=c><p><b>冬日巡堤</b></p>{text}{extra}</div><div>{pager}</div>"
    ).encode()


@pytest.mark.parametrize(
    ("url", "pager", "following"),
    [
        pytest.param(BASE, "<a href=5_2.html>下一页</a>", "5_2.html", id="next-page"),
        pytest.param(BASE, "<a href=5_2.html>余下全文</a>", "5_2.html", id="the-rest"),
        pytest.param(
            BASE,
            "【1】<a href=5_2.html>【2】</a><a href=5_3.html>【3】</a>",
            "5_2.html",
            id="numbers",
        ),
        pytest.param(BASE, "<b>1</b> <a href=5-2.html>2</a>", "5-2.html", id="dash"),
        pytest.param(
            "http://n.example.cn/a/", "<a href=index_2.html>2</a>", "index_2.html", id="index"
        ),
        pytest.param("http://n.example.cn/a/x/", "<a href=/a/x/2/>2</a>", "x/2/", id="folder"),
        pytest.param(
            "http://n.example.cn/a/v?id=5",
            "<a href='v?id=5&page=2'>2</a>",
            "v?id=5&page=2",
            id="query",
        ),
        pytest.param(
            "http://n.example.cn/a/100255", "<a href=/a/100255/p2>2</a>", "100255/p2", id="letter"
        ),
        pytest.param(BASE, "<a href=/b/9.html>下一页</a>", None, id="next-page-of-another-make"),
        pytest.param(BASE, "<a href=6.html>下一篇</a>", None, id="neighbour"),
        pytest.param(BASE, "<a href=6.html>阅读下一篇</a>", None, id="read-the-next-article"),
        pytest.param(BASE, "下一篇：<a href=6.html>沿河五村</a>", None, id="labelled-neighbour"),
        pytest.param(BASE, "<a href=//o.example.org/5_2.html>下一页</a>", None, id="another-site"),
        pytest.param(BASE, "<a href=5.html>1</a>", None, id="only-itself"),
        pytest.param(BASE, "<a href=javascript:next()>下一页</a>", None, id="script"),
    ],
)
def test_next_page(url: str, pager: str, following: str | None) -> None:
    found = read(page(1, pager), url).article.next_page
    assert found == (f"http://n.example.cn/a/{following}" if following else None)


def test_pager_of_a_middle_page() -> None:
    pager = (
        "<a href=5.html>上一页</a><a href=5.html>1</a><b>2</b><a href=5_3.html>3</a>"
        "<a href=5_3.html>下一页</a>"
    )
    reading = read(page(2, pager), "http://n.example.cn/a/5_2.html")
    assert reading.previous_page == BASE
    assert reading.next_page == "http://n.example.cn/a/5_3.html"
    assert reading.pager == (BASE, "http://n.example.cn/a/5_3.html")


@pytest.fixture(scope="module")
def parts() -> list[Article]:
    return [
        read(
            page(n, pager, extra), f"http://n.example.cn/a/5{'' if n == 1 else f'_{n}'}.html"
        ).article
        for n, pager, extra in (
            (1, "<a href=5_2.html>下一页</a>", "<p><img src=/1.jpg></p>"),
            (2, "<a href=5.html>1</a><a href=5_3.html>下一页</a>", ""),
            (3, "<a href=5_2.html>上一页</a>", "<p><img src=/3.jpg></p><p>责任编辑：张迪</p>"),
        )
    ]


def test_joined_text_pictures_and_credits(parts: list[Article]) -> None:
    whole = join_pages(parts)
    assert whole.body.split("\n") == [P.format(n * 10 + k) for n in (1, 2, 3) for k in range(3)]
    assert [(image.url[-6:], image.position) for image in whole.images] == [
        ("/1.jpg", 3),
        ("/3.jpg", 9),
    ]
    assert (whole.source, whole.editors) == ("河安日报", ("张迪",))
    assert whole.page_urls == tuple(part.requested_url for part in parts)
    assert whole.next_page is None
    assert whole.url == BASE
    assert whole.body_sha256 not in {part.body_sha256 for part in parts}
    assert whole.body_html is not None
    assert whole.body_html.count("<p>") == 9


def test_an_unfinished_article_keeps_its_next_page(parts: list[Article]) -> None:
    assert join_pages(parts[:2]).next_page == "http://n.example.cn/a/5_3.html"


def test_one_page_is_itself(parts: list[Article]) -> None:
    assert join_pages(parts[:1]) is parts[0]


def test_nothing_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="no pages"):
        join_pages([])
