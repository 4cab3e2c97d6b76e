"""What became of an article, as `history` tells it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sample_articles import FULL, LATER, article

from newsspider.cli import main
from newsspider.errors import NotFound
from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An article that was edited, read anew by other code, edited again, and that went."""
    path = tmp_path / "a.db"
    days = [LATER + timedelta(days=n) for n in range(5)]
    second = replace(FULL, title="板桥乡开会", source="另一家", extractor_version="2")
    readings = (
        FULL,
        replace(FULL, title="板桥乡开会", fetched_at=days[0]),
        replace(second, fetched_at=days[1]),
        replace(second, body=FULL.body.replace("12", "13"), fetched_at=days[2]),
    )
    with Archive(path, create=True) as archive:
        for reading in readings:
            archive.write(Batch(articles=(reading,)))
        run = archive.begin_run("example.cn", started=days[3])
        there = article(2, fetched_at=days[3])
        archive.write(
            Batch(
                articles=(there,),
                fetches=(
                    Fetch(
                        url=there.url,
                        fetched_at=days[3],
                        kind="article",
                        http_status=200,
                        article_url=there.url,
                    ),
                    Fetch(url=FULL.url, fetched_at=days[3], http_status=404),
                ),
            ),
            run_id=run,
        )
    return path


def test_history(db: Path) -> None:
    with Archive(db, read_only=True) as archive:
        found = archive.history(1)
        assert found == archive.history(FULL.url)
    assert (found["id"], found["title"], found["status"]) == (1, "板桥乡开会", "gone")
    told = [
        (r["reading"], r["revision"], r["kind"], r["fields"], r["title"]) for r in found["readings"]
    ]
    assert told == [
        (1, 1, "first", [], FULL.title),
        (2, 2, "edit", ["title"], "板桥乡开会"),
        (3, 2, "extraction", ["source"], "板桥乡开会"),
        (4, 3, "edit", ["body"], "板桥乡开会"),
    ]
    assert found["readings"][1]["changes"] == {"title": [FULL.title, "板桥乡开会"]}
    assert found["readings"][1]["classes"]
    assert found["readings"][2]["classes"] == []
    (absence,) = found["absences"]
    assert (absence["status"], absence["reason"], absence["ended"]) == ("gone", "404", None)
    assert absence["last_seen"] < absence["first_missing"]


def test_of_what_is_not_there(db: Path) -> None:
    with Archive(db, read_only=True) as archive, pytest.raises(NotFound):
        archive.history(99)


def test_history_command(db: Path) -> None:
    lines = CliRunner().invoke(main, ["history", "1", "--db", str(db)]).output.splitlines()
    assert lines[0].split() == "reading revision kind seen_at classes fields title".split()
    assert [line.split()[2] for line in lines[1:5]] == ["first", "edit", "extraction", "edit"]
    assert lines[5].startswith("gone between 2024-01-04T08:00:00+08:00 and 2024-01-05")
    result = CliRunner().invoke(main, ["history", "1", "--json", "--db", str(db)])
    assert len(json.loads(result.output)["readings"]) == 4
