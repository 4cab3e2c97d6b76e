"""Pictures of the article: addresses behind lazy loading, captions, credits, places."""

import pytest

from newsspider import extract

P = "<p>河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，发现渗水立即上报，当天处理。</p>"
URL = "http://n.example.cn/a/20240103_5.html"


def page(inner: str) -> bytes:
    return (
        f"<html><body><h1>冬日巡堤</h1><div class=content>{P}{inner}{P}{P}</div></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("image", "url"),
    [
        pytest.param("<img src=/i/1.jpg>", "http://n.example.cn/i/1.jpg", id="src"),
        pytest.param(
            "<img src=/blank.gif data-original=/i/1.jpg>", "http://n.example.cn/i/1.jpg", id="lazy"
        ),
        pytest.param(
            "<img src=data:image/gif;base64,R0 data-src=//c.example/1.jpg>",
            "http://c.example/1.jpg",
            id="data",
        ),
        pytest.param(
            "<img srcset='/s.jpg 320w, /l.jpg 1280w'>", "http://n.example.cn/l.jpg", id="srcset"
        ),
        pytest.param("<img src=/i/1.jpg width=1 height=1>", None, id="pixel"),
        pytest.param("<img src=/i/share-icon.png>", None, id="decoration"),
        pytest.param("<img src=/static/loading.gif>", None, id="placeholder"),
        pytest.param("<img src='http://[bad/1.jpg'>", None, id="broken"),
        pytest.param("<img>", None, id="nothing"),
    ],
)
def test_addresses(image: str, url: str | None) -> None:
    found = extract(page(f"<p>{image}</p>"), URL).images
    assert [i.url for i in found] == ([url] if url else [])


@pytest.mark.parametrize(
    ("inner", "caption", "credit"),
    [
        pytest.param(
            "<figure><img src=1.jpg><figcaption>巡堤现场。李明 摄</figcaption></figure>",
            "巡堤现场。李明 摄",
            "李明",
            id="figcaption",
        ),
        pytest.param(
            "<p align=center><img src=1.jpg><br><span class=pic>巡堤现场。</span></p>",
            "巡堤现场。",
            None,
            id="span",
        ),
        pytest.param(
            "<p style='text-align:center'><img src=1.jpg></p><p style='text-align:center'>"
            "两组人在堤上会合</p>",
            "两组人在堤上会合",
            None,
            id="centred-line",
        ),
        pytest.param("<p><img src=1.jpg></p>", None, None, id="none"),
    ],
)
def test_captions_belong_to_the_picture_not_to_the_text(
    inner: str, caption: str | None, credit: str | None
) -> None:
    article = extract(page(inner), URL)
    assert [(i.caption, i.credit, i.position) for i in article.images] == [(caption, credit, 1)]
    assert len(article.body.split("\n")) == 3


def test_pictures_of_lists_and_advertisements_are_not_the_articles() -> None:
    tail = "<div class=ad><img src=/ad.jpg></div><h3>相关新闻</h3><ul>"
    tail += "<li><a href=/a/1.html><img src=/t1.jpg>护岸柳为什么要斜着栽</a></li>"
    tail += "<li><a href=/a/2.html><img src=/t2.jpg>沿河五村合办巡堤队伍</a></li></ul>"
    html = page("<p><img src=/i/1.jpg alt=堤岸></p>").replace(b"</body>", tail.encode())
    found = extract(html, URL).images
    assert [(i.url, i.alt) for i in found] == [("http://n.example.cn/i/1.jpg", "堤岸")]
