"""The state of the crawl, stories and links between articles, as the store keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sample_articles import CHINA, FULL, LATER, SEEN, article, ask, counts

from newsspider.errors import (
    NotFound,
    UsageError,
)
from newsspider.store import Archive
from newsspider.store.ledger import Ledger
from newsspider.store.records import Batch, Fetch, FoundUrl, RunEnd


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive(path, create=True) as opened:
        yield opened


# --- the crawl's state ----------------------------------------------------------------------------


def fetch(name: str, **fields: Any) -> Fetch:
    values: dict[str, Any] = {"fetched_at": SEEN, "http_status": 200}
    return Fetch(url=f"http://news.example.cn/{name}", **{**values, **fields})


def visits(archive: Archive, *names: str) -> list[Any]:
    urls = [f"http://news.example.cn/{name}" for name in names]
    found = archive.visits(urls)
    return [found[url] for url in urls]


def test_found_addresses_wait_and_never_overwrite(archive: Archive, path: Path) -> None:
    url = "http://news.example.cn/a"
    archive.write(Batch(found=(FoundUrl(url=url, listed_title="短..."),)))
    (visit,) = visits(archive, "a")
    assert (visit.kind, visit.last_fetched, visit.article_id) == ("other", None, None)
    archive.write(Batch(fetches=(fetch("a", kind="section"),)))
    archive.write(Batch(found=(FoundUrl(url=url, listed_title="另", listed_date="2024-01-01"),)))
    assert visits(archive, "a")[0].kind == "section"
    assert ask(path, "select listed_title, listed_date from urls") == [("短...", "2024-01-01")]
    assert archive.stats()["urls_waiting"] == 0


def test_a_page_and_what_it_names_are_one_commit(path: Path) -> None:
    ledger = Ledger(path, "news.example.cn", batch_size=2)
    links = [FoundUrl(url=f"http://news.example.cn/{n}.html") for n in range(5)]
    count = "select (select count(*) from fetches), (select count(*) from urls)"
    with ledger.together():
        ledger.add_fetch(fetch("list.html", kind="section"))
        for link in links:
            ledger.add_found([link])
            assert ask(path, count) == [(0, 0)]
    assert ask(path, count) == [(1, 6)]
    ledger.close()


def test_the_same_text_behind_another_address(archive: Archive) -> None:
    whole = replace(FULL, body=FULL.body * 20)
    archive.write(Batch(articles=(whole, article(2))))
    other = replace(whole, url="http://news.example.cn/s/7/n.html")
    assert archive.same_text(other) == FULL.url
    assert archive.same_text(whole) is None
    for unlike in (
        replace(other, site="b.cn"),
        replace(other, title="x"),
        replace(other, body="短"),
    ):
        assert archive.same_text(unlike) is None


def test_no_answer_keeps_what_the_last_one_said(archive: Archive, path: Path) -> None:
    first = fetch("a", kind="section", etag='"1"', last_modified="Mon", next_visit=LATER)
    archive.write(Batch(fetches=(first,)))
    archive.write(Batch(fetches=(fetch("a", http_status=None, error="timeout", fetched_at=LATER),)))
    (visit,) = visits(archive, "a")
    assert (visit.kind, visit.http_status, visit.error) == ("section", 200, "timeout")
    assert (visit.last_fetched, visit.next_visit) == (SEEN, LATER)
    sql = "select etag, last_modified from urls"
    assert ask(path, sql) == [('"1"', "Mon")]
    archive.write(Batch(fetches=(fetch("a", http_status=304, fetched_at=LATER),)))
    assert ask(path, sql) == [('"1"', "Mon")]
    assert visits(archive, "a")[0].error is None
    archive.write(Batch(fetches=(fetch("a", fetched_at=LATER),)))
    assert ask(path, sql) == [(None, None)]
    assert counts(path)["fetches"] == 4


def test_runs_and_the_site_of_their_addresses(archive: Archive, path: Path) -> None:
    run = archive.begin_run("portal", started=SEEN, targets=["portal"], options={"delay_s": None})
    batch = Batch(found=(FoundUrl(url="http://x.example.com/1"),), fetches=(fetch("a"),))
    archive.write(batch, run_id=run)
    archive.write(Batch(found=(FoundUrl(url="http://x.example.com/2"),)))
    assert ask(path, "select site from urls order by id") == [
        ("portal",),
        ("portal",),
        ("example.com",),
    ]
    assert archive.runs()[0]["finished"] is None
    archive.end_run(run, RunEnd(finished=LATER, exit=3, counts={"新": 1, "seconds": 1.5}))
    (row,) = archive.runs(limit=5)
    assert (row["exit"], row["counts"], row["options"]) == (
        3,
        {"新": 1, "seconds": 1.5},
        {"delay_s": None},
    )
    assert ask(path, "select run_id from fetches") == [(run,)]
    for call in (
        lambda: archive.end_run(9, RunEnd(finished=LATER, exit=0)),
        lambda: archive.write(batch, run_id=9),
    ):
        with pytest.raises(NotFound, match="no run 9"):
            call()


DUE = {
    "due": ["list", "feed", "failed", "waiting", "new", "fresh-other", "past"],
    "all": ["list", "feed", "list-2", "failed", "waiting", "new", "past", "future", "never"],
    "none": ["list", "feed", "failed", "waiting", "new"],
}


@pytest.mark.parametrize("revisit", DUE)
def test_due(archive: Archive, revisit: str) -> None:
    names = ("past", "future", "never", "gone")
    articles = tuple(
        replace(article(n), url=f"http://news.example.cn/{name}") for n, name in enumerate(names)
    )
    past, future = SEEN - timedelta(hours=1), SEEN + timedelta(hours=1)
    known = {"past": past, "future": future, "never": None, "gone": None}
    fetches = tuple(
        fetch(n, kind="article", article_url=f"http://news.example.cn/{n}", next_visit=when)
        for n, when in known.items()
    )
    others = (
        fetch("list", kind="section"),
        # The second page of a list waits until the first has news, or a week.
        fetch("list-2", kind="section", next_visit=future),
        fetch("feed", kind="feed"),
        fetch("nothing", kind="other"),
        fetch("missing", http_status=404, kind="other"),
        fetch("failed", http_status=500, error="status 500"),
        fetch("later", http_status=503, error="status 503", next_visit=future),
        fetch("new", http_status=None, error="timeout"),
        fetch("fresh-other", kind="other", next_visit=past),
        # Another way to the same article is no second visit.
        fetch("twin", kind="article", article_url="http://news.example.cn/past", next_visit=past),
    )
    waiting = FoundUrl(url="http://news.example.cn/waiting", listed_date="2023-12-31")
    archive.write(Batch(articles=articles, found=(waiting,), fetches=(*fetches, *others)))
    archive._db.execute("update articles set status = 'gone' where url like '%gone'")
    # Other zones of time compare as time, not as text.
    now = SEEN.astimezone(CHINA)
    found = [v.url.rpartition("/")[2] for v in archive.due("example.cn", now=now, revisit=revisit)]
    assert sorted(found) == sorted(DUE[revisit])
    assert {"list", "feed"} <= set(found[:3])
    assert list(archive.due("other.cn", now=now)) == []


def test_due_refuses_other_words(archive: Archive) -> None:
    with pytest.raises(UsageError):
        list(archive.due("example.cn", now=SEEN, revisit="sometimes"))


# --- numbers -----------------------------------------------------------------------------------


def test_stats(archive: Archive) -> None:
    assert archive.stats()["coverage"] == {}
    archive.write(Batch(articles=(FULL, article(2, body=""), article(3, site="b.cn"))))
    archive.write(Batch(articles=(article(3, title="改了", site="b.cn"),)))
    found = archive.stats()
    assert (found["articles"], found["revisions"], found["stories"]) == (3, 1, 3)
    assert found["by_site"] == {"example.cn": 2, "b.cn": 1}
    assert found["by_status"] == {"live": 3}
    assert found["coverage"]["body"] == 66.7
    assert found["coverage"]["credits"] == found["coverage"]["source"] == 33.3
    assert found["first_date"] == found["last_date"] == "2023-03-21T13:21:05+08:00"
    assert found["database_bytes"] > 50_000
