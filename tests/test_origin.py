"""Credits of whole pages: labels apart from values, accounts, datelines, signatures."""

import pytest

from newsspider import extract

TEXT = "<p>河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，发现渗水立即上报，当天处理。</p>" * 3
EN = (
    "<p>Two teams walk along the dike every day and look at the sluices, because last winter the "
    "water came through, and nobody had seen it before the field was flooded.</p>" * 3
)
URL = "http://news.example.cn/a/1.html"


def chinese(line: str = "", opening: str = "") -> str:
    return (
        f"<html lang=zh><body><h1>沿堤走二十里的人</h1><div>{line}</div><div class=content>"
        f"{'<p>' + opening + '</p>' if opening else ''}{TEXT}</div></body></html>"
    )


@pytest.mark.parametrize(
    ("line", "source", "editors"),
    [
        pytest.param(
            "<table><tr><td>来源：</td><td>渤海早报</td><td>编辑：</td><td>李小明</td></tr></table>",
            "渤海早报",
            ("李小明",),
            id="cells",
        ),
        pytest.param(
            "<ul><li>来源：</li><li><a href=/s>渤海早报</a></li></ul>", "渤海早报", (), id="items"
        ),
        pytest.param(
            "<p>来源：</p><p>时间：2023-03-21 13:21</p>", None, (), id="no-value-but-another-label"
        ),
        pytest.param("<p>来源：</p><p>2023-03-21 13:21</p>", None, (), id="no-value-but-a-time"),
        pytest.param("来源：微信公众号“河边观察”（ID：hebian）", "河边观察", (), id="account"),
        pytest.param("本文来自微信公众号：河边观察", "河边观察", (), id="account-labelled"),
        pytest.param(
            "<span class=account-name>河边走走</span> <span>2023-03-21 13:21</span>",
            "河边走走",
            (),
            id="account-by-class",
        ),
        pytest.param(
            "<span>江淮网</span><span>2023-12-19 09:11</span>",
            "江淮网",
            (),
            id="outlet-like-a-name",
        ),
    ],
)
def test_source_and_editors(line: str, source: str | None, editors: tuple[str, ...]) -> None:
    article = extract(chinese(line), URL)
    assert (article.source, article.editors, article.authors) == (source, editors, ())


def test_a_reprint_keeps_both_datelines() -> None:
    opening = (
        "本报青山区12月9日电(记者 黄建国)本报板桥乡12月8日电(记者 张志强)为保障行洪，两组人巡堤。"
    )
    article = extract(chinese(opening=opening), URL)
    assert article.authors == ("黄建国", "张志强")
    assert article.dateline == "本报青山区12月9日电"


@pytest.mark.parametrize(
    ("end", "authors"),
    [
        pytest.param(
            "The port opens in May, when the sluices are dry again. (Anna Wang)",
            ("Anna Wang",),
            id="name",
        ),
        pytest.param(
            "The port opens in May, when the sluices are dry again. (Anna Wang and Tom Reed)",
            ("Anna Wang", "Tom Reed"),
            id="two",
        ),
        pytest.param(
            "The port opens in May, when the sluices are dry again. (Getty Images)",
            (),
            id="agency-of-pictures",
        ),
        pytest.param(
            "The port opens in May, when the sluices are dry again (Anna Wang)",
            (),
            id="inside-the-sentence",
        ),
        pytest.param(
            "The port opens in May, when the sluices are dry again. (Anna Wang was there)",
            (),
            id="remark",
        ),
    ],
)
def test_signature_behind_the_last_sentence(end: str, authors: tuple[str, ...]) -> None:
    html = f"<html lang=en><body><h1>Along the dike</h1><div>{EN}<p>{end}</p></div></body></html>"
    assert extract(html, "https://a.example.com/x").authors == authors


@pytest.mark.parametrize(
    ("name", "authors"),
    [
        pytest.param("undefined", (), id="undefined"),
        pytest.param("Webmaster", (), id="webmaster"),
        pytest.param("Our Editors", (), id="editors"),
        pytest.param("staff_writer7", (), id="login"),
        pytest.param("cipha[at]cipha.net", (), id="address"),
        pytest.param("Interview Julia Winter", ("Julia Winter",), id="word-before"),
        pytest.param("Julia Winter", ("Julia Winter",), id="person"),
        pytest.param("Analysis by Julia Winter", ("Julia Winter",), id="kind-of-text"),
        pytest.param("Julia Winter, Editor-at-large", ("Julia Winter",), id="post"),
        pytest.param("Julia Winter, AP Rail Writer", ("Julia Winter",), id="post-with-outlet"),
        pytest.param("Julia Winter - Hamburg", ("Julia Winter",), id="place"),
        pytest.param("Nord Verlag GmbH, Hamburg, Germany", (), id="firm"),
        pytest.param("~ Lesezeit 1 Minute", (), id="reading-time"),
    ],
)
def test_who_is_no_author(name: str, authors: tuple[str, ...]) -> None:
    head = f"<meta name=author content='{name}'>"
    html = f"<html lang=en><head>{head}</head><h1>Along the dike</h1><div>{EN}</div></html>"
    assert extract(html, "https://a.example.com/x").authors == authors


def test_who_is_named_below_a_picture_made_the_picture() -> None:
    picture = (
        "<figure><img src=/a.jpg><figcaption>Der Deich / Autor: Max Baum</figcaption></figure>"
    )
    html = f"<html lang=de><h1>Am Deich entlang</h1>{picture}<div>{EN}</div></html>"
    article = extract(html, "https://a.example.com/x")
    assert article.authors == ()
    assert [(c.role, c.name) for c in article.credits] == [("photographer", "Max Baum")]
