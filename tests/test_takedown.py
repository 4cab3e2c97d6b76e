"""Articles that are no longer there: gone or moved, since when, on what evidence, until when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sample_articles import LATER, LONG, SEEN, article, ask

from newsspider.items import Article
from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch

HOME = "http://news.example.cn/"
LIST = "http://news.example.cn/list.html"
STATES = "select id, status from articles order by id"
ABSENCES = (
    "select article_id, status, reason, last_seen, first_missing, moved_to, ended"
    " from absences order by id"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def own_fetch(one: Article, when: Any = SEEN) -> Fetch:
    return Fetch(url=one.url, fetched_at=when, http_status=200, kind="article", article_url=one.url)


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    """Eight articles, seen once, with the list that named them."""
    with Archive(path, create=True) as opened:
        made = tuple(article(n) for n in range(1, 9))
        opened.write(Batch(articles=made, fetches=tuple(map(own_fetch, made))))
        opened.write(Batch(fetches=(Fetch(url=LIST, fetched_at=SEEN, kind="section"),)))
        yield opened


def answer(number: int, status: int | None = 404, **fields: Any) -> Fetch:
    values: dict[str, Any] = {"fetched_at": LATER, "http_status": status}
    return Fetch(url=article(number).url, **{**values, **fields})


def other(url: str = LIST, status: int | None = 200, **fields: Any) -> Fetch:
    return Fetch(url=url, fetched_at=LATER, http_status=status, **fields)


def run(archive: Archive, *batches: Batch) -> int:
    number = archive.begin_run("example.cn", started=LATER)
    for batch in batches:
        archive.write(batch, run_id=number)
    return number


def away(path: Path) -> list[int]:
    return [number for number, status in ask(path, STATES) if status != "live"]


# name: (answers of one run in batches, articles that are gone after it)
RUNS: dict[str, tuple[list[list[Fetch]], list[int]]] = {
    "404": ([[answer(1), other()]], [1]),
    "410": ([[answer(1, 410), other()]], [1]),
    "witness first": ([[other()], [answer(1)]], [1]),
    "witness last": ([[answer(1)], [answer(2)], [other()]], [1, 2]),
    "witness is an article": ([[answer(1), answer(2, 200)]], [1]),
    "witness of no kind": ([[answer(1), other("http://news.example.cn/about")]], [1]),
    "nobody else asked": ([[answer(1)]], []),
    "nobody else answers": ([[answer(1), other(status=None, error="timeout")]], []),
    "others fail": ([[answer(1), other(status=503), answer(2, 500)]], []),
    "others are missing": ([[answer(1), answer(2, 410)]], []),
    "transport error": ([[answer(1, None, error="refused"), other()]], []),
    "429": ([[answer(1, 429), other()]], []),
    "500": ([[answer(1, 500), other()]], []),
    "403": ([[answer(1, 403), other()]], []),
    "301 to home": ([[answer(1, None, missing="home"), other()]], [1]),
    "everything to home": (
        [[answer(1, None, missing="home"), answer(2, None, missing="home"), other(HOME)]],
        [],
    ),
    "home is no witness that it is not at fault": (
        [[answer(1, None, missing="home"), other(HOME, kind="section")]],
        [],
    ),
    "soft 404": ([[answer(1, 200, missing="soft 404"), other()]], [1]),
    "soft 404 beside an article": ([[answer(1, 200, missing="soft 404"), answer(2, 200)]], [1]),
    "excuse on every page": (
        [[answer(n, 200, missing="soft 404") for n in range(1, 9)] + [other(HOME)]],
        [],
    ),
    "every article missing": ([[answer(n) for n in range(1, 9)] + [other()]], []),
    "all but one missing": (
        [[answer(n) for n in range(1, 8)], [answer(8, 304), other()]],
        list(range(1, 8)),
    ),
    "unknown address": ([[other("http://news.example.cn/x", 404), other()]], []),
}


@pytest.mark.parametrize("case", RUNS)
def test_what_a_run_takes_for_gone(case: str, archive: Archive, path: Path) -> None:
    batches, wanted = RUNS[case]
    number = run(archive, *(Batch(fetches=tuple(fetches)) for fetches in batches))
    assert away(path) == wanted
    found = ask(path, ABSENCES)
    assert [row[0] for row in found] == wanted
    for row in found:
        assert row[1] == "gone"
        assert row[3:] == ("2024-01-01T08:00:00+08:00", "2024-01-02T08:00:00+08:00", None, None)
    evidence = (
        "select f.run_id, f.missing = b.reason from absences b join fetches f on f.id = fetch_id"
    )
    assert set(ask(path, evidence)) <= {(number, 1)}
    assert len(ask(path, evidence)) == len(wanted)


def test_a_batch_without_a_run_is_one(archive: Archive, path: Path) -> None:
    archive.write(Batch(fetches=(answer(1),)))
    archive.write(Batch(fetches=(other(),)))
    assert away(path) == []
    archive.write(Batch(fetches=(answer(1), other())))
    assert away(path) == [1]


def test_runs_vouch_for_themselves_alone(archive: Archive, path: Path) -> None:
    run(archive, Batch(fetches=(answer(1),)))
    run(archive, Batch(fetches=(other(),)))
    assert away(path) == []


def test_nothing_of_a_gone_article_is_lost(archive: Archive, path: Path) -> None:
    before = archive.get(1)
    run(archive, Batch(fetches=(answer(1), other())))
    after = archive.get(1)
    assert {name for name in after if after[name] != before[name]} == {"status"}
    assert len(list(archive.rows())) == 8
    assert [row["id"] for row in archive.rows(status="gone")] == [1]
    assert archive.stats()["by_status"] == {"live": 7, "gone": 1}
    # Asked again it is as gone as before: one absence.
    run(archive, Batch(fetches=(answer(1, fetched_at=LATER + timedelta(days=1)), other())))
    assert len(ask(path, ABSENCES)) == 1


BACK: dict[str, Batch] = {
    "read again": Batch(articles=(article(1, fetched_at=LATER + timedelta(days=2)),)),
    "edited": Batch(articles=(article(1, title="又来", fetched_at=LATER + timedelta(days=2)),)),
    "304": Batch(fetches=(answer(1, 304, fetched_at=LATER + timedelta(days=2)),)),
}


@pytest.mark.parametrize("case", BACK)
def test_what_comes_back_lives_and_was_away(case: str, archive: Archive, path: Path) -> None:
    run(archive, Batch(fetches=(answer(1), other())))
    run(archive, BACK[case])
    row = archive.get(1)
    assert (row["status"], row["last_seen"]) == ("live", "2024-01-04T08:00:00+08:00")
    (absence,) = ask(path, ABSENCES)
    assert absence[3:] == (
        "2024-01-01T08:00:00+08:00",
        "2024-01-02T08:00:00+08:00",
        None,
        "2024-01-04T08:00:00+08:00",
    )
    again = LATER + timedelta(days=5)
    run(archive, Batch(fetches=(answer(1, fetched_at=again), replace(other(), fetched_at=again))))
    assert away(path) == [1]
    assert [row[6] is None for row in ask(path, ABSENCES)] == [False, True]


def test_not_modified_is_seen(archive: Archive) -> None:
    run(archive, Batch(fetches=(answer(2, 304),)))
    assert archive.get(2)["last_seen"] == "2024-01-02T08:00:00+08:00"
    earlier = answer(2, 304, fetched_at=SEEN - timedelta(days=9))
    run(archive, Batch(fetches=(earlier,)))
    assert archive.get(2)["last_seen"] == "2024-01-02T08:00:00+08:00"


def test_an_old_answer_takes_nothing_down(archive: Archive, path: Path) -> None:
    old = answer(1, fetched_at=SEEN - timedelta(days=1))
    run(archive, Batch(fetches=(old, other())))
    assert away(path) == []


# --- moved --------------------------------------------------------------------------------------

NEW = "http://news.example.cn/news/1.html"
MOVED: dict[str, dict[str, Any]] = {
    "same text": {"title": "另一个标题"},
    "same title": {"body": "全新的正文。"},
    "same but for case and width": {"title": "x", "body": article(1).body.replace("，", ",")},
}


@pytest.mark.parametrize("way", ["redirect", "canonical", "hop alone"])
@pytest.mark.parametrize("case", MOVED)
def test_moved_is_where_it_went(case: str, way: str, archive: Archive, path: Path) -> None:
    new = article(1, url=NEW, fetched_at=LATER, **MOVED[case])
    fetches: tuple[Fetch, ...] = ()
    if way != "hop alone":
        new = replace(new, requested_url=article(1).url)
    if way != "canonical":
        fetches = (answer(1, None, kind="other", article_url=NEW),)
    run(archive, Batch(articles=(new,), fetches=fetches))
    assert ask(path, STATES)[0] == (1, "moved")
    (absence,) = ask(path, ABSENCES)
    assert absence == (
        *(1, "moved", "redirect"),
        *("2024-01-01T08:00:00+08:00", "2024-01-02T08:00:00+08:00"),
        *(NEW, None),
    )
    # Both addresses find their article.
    assert archive.get(article(1).url)["id"] == 1
    assert archive.get(NEW)["id"] == 9


def test_sent_to_another_article_is_gone(archive: Archive, path: Path) -> None:
    new = article(9, url=NEW, fetched_at=LATER, requested_url=article(1).url)
    run(archive, Batch(articles=(new,), fetches=(answer(1, None, article_url=NEW),)))
    assert ask(path, STATES)[0] == (1, "gone")
    assert ask(path, ABSENCES)[0][2:6:3] == ("redirect", NEW)


def test_a_move_is_no_reprint_of_another_site(archive: Archive, path: Path) -> None:
    archive.write(Batch(articles=(article(20, body=LONG),)))
    new = article(21, body=LONG, requested_url=article(20).url, fetched_at=LATER)
    run(archive, Batch(articles=(new,)))
    assert ask(path, "select status from articles where id = 9") == [("moved",)]
    assert ask(path, "select count(*) from reprint_chains") == [(0,)]


def test_moved_back(archive: Archive, path: Path) -> None:
    new = article(1, url=NEW, fetched_at=LATER, requested_url=article(1).url)
    run(archive, Batch(articles=(new,)))
    back = LATER + timedelta(days=1)
    run(archive, Batch(articles=(article(1, fetched_at=back),)))
    assert away(path) == []
    assert ask(path, ABSENCES)[0][6] == "2024-01-03T08:00:00+08:00"


def test_the_twin_of_an_article_is_no_move(archive: Archive, path: Path) -> None:
    twin = other("http://m.example.cn/1", article_url=article(1).url)
    run(archive, Batch(articles=(article(1, fetched_at=LATER),), fetches=(twin,)))
    assert away(path) == []
