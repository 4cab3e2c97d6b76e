"""Desktop, mobile, print and https editions of a page are one article; equal texts are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_articles import LATER, LONG, article

from newsspider.store import Archive
from newsspider.store.records import Batch
from newsspider.urls import edition_key

HOME = "http://www.example.cn/a/1.html"

EDITIONS = (
    "https://www.example.cn/a/1.html",
    "http://example.cn/a/1.html",
    "http://m.example.cn/a/1.html",
    "https://wap.example.cn/a/1.html",
    "http://www.example.cn/wap/a/1.html",
    "http://m.example.cn/m/a/1.html",
    "http://www.example.cn/a/1.html?print=1",
    "http://www.example.cn/a/1_print.html",
    "http://www.example.cn/a/print_1.html",
    "http://www.example.cn/a/1.html/amp",
)
OTHERS = (
    "http://www.example.cn/a/2.html",
    "http://www.example.cn/b/1.html",
    "http://www.example.cn/a/1.html?id=2",
    "http://news.example.cn/a/1.html",
    "http://www.example.cn:8080/a/1.html",
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db", create=True) as opened:
        opened.write(Batch(articles=(article(1, url=HOME, body=LONG),)))
        yield opened


@pytest.mark.parametrize("url", EDITIONS)
def test_an_edition_with_the_same_text_is_the_same_article(archive: Archive, url: str) -> None:
    seen = article(1, url=url, body=LONG, title="手机版的标题", fetched_at=LATER)
    saved = archive.write(Batch(articles=(seen,)))[0]
    assert (saved.outcome, saved.article_id, saved.revision) == ("unchanged", 1, 1)
    row = archive.get(url)
    assert (row["id"], row["url"], row["title"]) == (1, HOME, archive.get(1)["title"])
    assert row["last_seen"] == LATER.isoformat()
    assert archive.history(1)["readings"][-1]["revision"] == 1


@pytest.mark.parametrize("url", OTHERS)
def test_equal_text_elsewhere_is_a_reprint(archive: Archive, url: str) -> None:
    saved = archive.write(Batch(articles=(article(1, url=url, body=LONG),)))[0]
    assert saved.outcome == "new"
    assert archive.get(2)["story_id"] == archive.get(1)["story_id"]


def test_another_text_at_the_address_of_an_edition_is_another_article(archive: Archive) -> None:
    other = article(1, url=EDITIONS[2], body="另一条新闻。" * 40)
    assert archive.write(Batch(articles=(other,)))[0].outcome == "new"


def test_a_short_text_says_too_little(archive: Archive) -> None:
    notes = [article(1, url=url, body="见图。") for url in ("http://a.cn/1", "http://m.a.cn/1")]
    assert [one.outcome for one in archive.write(Batch(articles=tuple(notes)))] == ["new", "new"]


def test_what_an_edition_says_later_is_no_edit(archive: Archive) -> None:
    archive.write(Batch(articles=(article(1, url=EDITIONS[2], body=LONG, fetched_at=LATER),)))
    cut = article(1, url=EDITIONS[2], body=LONG[:120], fetched_at=LATER)
    assert archive.write(Batch(articles=(cut,)))[0].outcome == "unchanged"
    assert archive.get(1)["body"] == LONG
    assert list(archive.verify()) == []


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (HOME, "example.cn/a/1.html"),
        ("http://m.cn/1.html", "m.cn/1.html"),
        ("http://example.cn/wap/", "example.cn/wap"),
        ("http://example.cn/", "example.cn"),
        ("http://example.cn/a/printing.html", "example.cn/a/printing.html"),
        ("http://127.0.0.1:8017/wap/1.html", "127.0.0.1:8017/1.html"),
        ("http://[::1]:8017/1.html", "[::1]:8017/1.html"),
        ("http://example.cn/a.php?id=3&print=yes", "example.cn/a.php?id=3"),
    ],
)
def test_edition_key(url: str, wanted: str) -> None:
    assert edition_key(url) == wanted


def test_every_edition_has_the_key_of_the_page() -> None:
    assert {edition_key(url) for url in EDITIONS} == {edition_key(HOME)}
    assert edition_key(HOME) not in {edition_key(url) for url in OTHERS}
