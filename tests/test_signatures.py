"""Who signed the articles of Western pages, and when they say it was, wherever they say so."""

import datetime as dt

import pytest

from newsspider import extract
from newsspider.extract.zones import likely_zone

TEXT = (
    "<article><p>The harbour office sends two people along the dyke every night, and they look at "
    "sluices first.</p><p>Whatever seeps through is reported at once, and repaired the same day, "
    "the office said on Monday.</p><p>Nobody has counted the nights so far, but the lamps are "
    "worn out, and the boots as well.</p></article>"
)
URL = "https://news.example.com/dyke/two-people-every-night"


def page(above: str, below: str = "", head: str = "") -> bytes:
    return (
        f"<html lang=en><head><title>Two people every night</title>{head}</head><body>"
        f"<h1>Two people every night</h1>{above}{TEXT}{below}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        pytest.param("<p>By Anna Brown</p>", ("Anna Brown",), id="by"),
        pytest.param("<div>Written by<b>Anna Brown</b></div>", ("Anna Brown",), id="glued"),
        pytest.param(
            "<div><a href=/authors/anna-brown>Anna Brown</a></div>", ("Anna Brown",), id="page-of"
        ),
        pytest.param("<div><a rel=author href=/ab>Anna Brown</a></div>", ("Anna Brown",), id="rel"),
        pytest.param("<span class=e-byline__author>Anna Brown</span>", ("Anna Brown",), id="class"),
        pytest.param(
            "<ul class=metaInfoAuthorList><li class=metaInfoAuthorList-item>Anna Brown</li></ul>",
            ("Anna Brown",),
            id="camel-class",
        ),
        pytest.param(
            "<p>Anna Brown</p><p>March 3, 2024</p>", ("Anna Brown",), id="beside-the-date"
        ),
        pytest.param("<p>Anna Brown</p>", (), id="alone-without-a-date"),
        pytest.param("<p>Real Estate</p><p>March 3, 2024</p>", (), id="section-beside-the-date"),
        pytest.param("<p>By the harbour office</p>", (), id="an-office"),
        pytest.param("<div class=comments><p>By Carl Doe</p></div>", (), id="comment"),
    ],
)
def test_signatures(above: str, authors: tuple[str, ...]) -> None:
    assert extract(page(above), URL).authors == authors


@pytest.mark.parametrize(
    ("head", "above", "authors"),
    [
        pytest.param("admin2", "<p>By Anna Brown</p>", ("Anna Brown",), id="login"),
        pytest.param("Carl Doe", "<p>By Anna Brown</p>", ("Carl Doe",), id="person"),
        pytest.param("Anna Brown, Ph.D.", "", ("Anna Brown",), id="degree"),
        pytest.param("Anna Brown og Carl Doe", "", ("Anna Brown", "Carl Doe"), id="two-in-one"),
        pytest.param("Associate Editor", "", (), id="post"),
    ],
)
def test_what_the_head_names(head: str, above: str, authors: tuple[str, ...]) -> None:
    stated = (
        '<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"Two people '
        f'every night","author":{{"@type":"Person","name":"{head}"}}}}</script>'
    )
    assert extract(page(above, head=stated), URL).authors == authors


DAY = dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    ("above", "below", "by"),
    [
        pytest.param("<p>5 March 2024</p>", "", "heuristic:p", id="below-the-headline"),
        pytest.param(
            "<div class='related flex'>Mar 5, 2024</div>", "", "heuristic:div", id="odd-class"
        ),
        pytest.param(
            "<time datetime='2024-03-05T09:30:00Z'>this morning</time>",
            "",
            "heuristic:time",
            id="attribute",
        ),
        pytest.param(
            "",
            '<script>var data = {"publishedAt":"2024-03-05T09:30:00Z"}</script>',
            "heuristic:data",
            id="script",
        ),
        pytest.param(
            "", "<p></p>" * 40 + "<p>Published: 5 March 2024</p>", "heuristic:p", id="far-below"
        ),
        pytest.param(
            "",
            "<ul><li><a href=/a/1.html>Lamps of the coast and their keepers</a> 5 March 2024"
            "<li><a href=/a/2.html>Boots for a hundred nights of walking</a> 6 March 2024</ul>",
            None,
            id="of-a-list",
        ),
        pytest.param(
            "", "<div class=comments><p>Carl Doe, 5 March 2024</p></div>", None, id="of-a-comment"
        ),
    ],
)
def test_the_day_is_found(above: str, below: str, by: str | None) -> None:
    article = extract(page(above, below), URL)
    assert article.provenance.get("date_published") == by
    assert (article.date_published.date() if article.date_published else None) == (
        DAY if by else None
    )


def test_utc_is_told_on_the_clock_of_the_page() -> None:
    head = "<meta property=article:published_time content=2024-03-04T23:30:00Z>"
    moment = extract(page("", head=head), "https://www.example.de/dyke/1.html").date_published
    assert moment is not None
    assert moment.isoformat() == "2024-03-05T00:30:00+01:00"


@pytest.mark.parametrize(
    ("url", "language", "key"),
    [
        ("https://a.example.de/x", "en", "Europe/Berlin"),
        ("https://a.example.com/x", "ja", "Asia/Tokyo"),
        ("https://a.example.com/x", "en", None),
        ("", "de-AT", "Europe/Berlin"),
        ("", None, None),
    ],
    ids=["domain", "language", "unknown", "no-address", "nothing"],
)
def test_zone_of_a_page(url: str, language: str | None, key: str | None) -> None:
    zone = likely_zone(url, language)
    assert (zone.key if zone else None) == key


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        pytest.param(
            "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content=Kay>",
            ("Kay",),
            id="card",
        ),
        pytest.param(
            "<meta name=twitter:label1 content='Est. reading time'>"
            "<meta name=twitter:data1 content='4 minutes'>",
            (),
            id="card-without-author",
        ),
        pytest.param(
            '<meta property=og:site_name content="Anna Brown"><script type="application/ld+json">'
            '{"@type":"BlogPosting","headline":"Two people every night",'
            '"author":{"@type":"Person","name":"Anna Brown"}}</script>',
            ("Anna Brown",),
            id="blog-called-by-its-author",
        ),
        pytest.param(
            '<meta property=og:site_name content="River Echo"><script type="application/ld+json">'
            '{"@type":"NewsArticle","headline":"Two people every night",'
            '"author":{"@type":"Person","name":"River Echo"}}</script>',
            (),
            id="paper-called-a-person",
        ),
    ],
)
def test_where_the_head_names_them(head: str, authors: tuple[str, ...]) -> None:
    assert extract(page("", head=head), URL).authors == authors
