"""What counts as a change, and what is kept of what was there before."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sample_articles import CHINA, FULL, LATER, SEEN, article

from newsspider.items import Article, Credit, Image, RelatedItem
from newsspider.store import Archive
from newsspider.store.records import Batch, Saved


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db", create=True) as opened:
        opened.write(Batch(articles=(FULL,)))
        yield opened


def write(archive: Archive, **fields: Any) -> Saved:
    return archive.write(Batch(articles=(replace(FULL, fetched_at=LATER, **fields),)))[0]


def kept(archive: Archive) -> list[sqlite3.Row]:
    return archive._db.execute("select * from revisions order by id").fetchall()


EDITS: dict[str, dict[str, Any]] = {
    "title": {"title": "板桥乡召开安全会议"},
    "kicker": {"kicker": None},
    "subtitle": {"subtitle": "两方联动"},
    "number": {"body": FULL.body.replace("12", "21")},
    "paragraph removed": {"body": FULL.body.rpartition("\n")[0]},
    "punctuation": {"body": FULL.body.replace("。", "！")},
    "body vanished": {"body": ""},
    "date": {"date_published": datetime(2023, 3, 22, 13, 21, 5, tzinfo=CHINA)},
    "date vanished": {"date_published": None, "date_published_precision": None},
    "source": {"source": "新华社"},
    "source vanished": {"source": None},
    "authors": {"authors": ("于新",)},
    "editors": {"editors": ()},
    "credits": {
        "credits": (*FULL.credits, Credit(role="proofreader", name="王文", raw="校对:王文"))
    },
    "credit vanished": {"credits": FULL.credits[:2]},
    "dateline": {"dateline": None},
    "section": {"section": "国内"},
    "caption": {"images": (replace(FULL.images[0], caption="会场"),)},
}

CLASSES = {
    "title": ["title"],
    "kicker": ["field vanished"],
    "subtitle": ["title"],
    "number": ["number"],
    "paragraph removed": ["paragraph removed"],
    "punctuation": ["punctuation only"],
    "body vanished": ["field vanished"],
    "date": ["date"],
    "date vanished": ["field vanished"],
    "source": ["source"],
    "source vanished": ["field vanished"],
    "authors": ["credit"],
    "editors": ["field vanished"],
    "credits": ["credit"],
    "credit vanished": ["field vanished"],
    "dateline": ["field vanished"],
    "section": ["section"],
    "caption": ["picture"],
}

NOISE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "related list": {
        "related": (RelatedItem(title="别的", url="http://news.example.cn/a/9.html"),)
    },
    "no related list": {"related": ()},
    "white space": {"body": FULL.body.replace("\n", "\n\n　　"), "title": f" {FULL.title} "},
    "evidence": {"http_status": 203, "warc_record_id": "urn:uuid:2", "confidence": 0.5},
    "provenance": {"provenance": {"title": "og:title"}},
    "less exact date": {
        "date_published": datetime(2023, 3, 21, tzinfo=CHINA),
        "date_published_precision": "day",
    },
    "date to the minute": {
        "date_published": datetime(2023, 3, 21, 13, 21, tzinfo=CHINA),
        "date_published_precision": "minute",
    },
    "date as printed": {"date_published_raw": "昨天"},
    "modification time": {"date_modified": LATER, "date_modified_precision": "second"},
    "unseen metadata": {"description": "另", "keywords": (), "canonical_url": None},
    "address of the picture": {"images": (replace(FULL.images[0], url="http://cdn.cn/x?s=9"),)},
    "advertisement": {"images": (*FULL.images, Image(url="http://ads.cn/1.gif"))},
    "markup": {"body_html": "<div>为深入推进校园安全</div>"},
    "empty label": {"credits": (FULL.credits[0], FULL.credits[2])},
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_is_a_revision(case: str, archive: Archive) -> None:
    before = archive.get(1)
    saved = write(archive, **EDITS[case])
    assert (saved.outcome, saved.revision, saved.article_id) == ("changed", 2, 1)
    after = archive.get(1)
    assert (after["revision"], after["first_seen"]) == (2, before["first_seen"])
    assert after["last_seen"] == "2024-01-02T08:00:00+08:00"
    (row,) = kept(archive)
    assert (row["revision"], row["kind"]) == (1, "edit")
    assert (row["seen_at"], row["replaced_at"]) == (before["fetched_at"], after["fetched_at"])
    assert json.loads(row["classes"]) == CLASSES[case]
    assert row["body"] == before["body"]
    changes = json.loads(row["changes"])
    assert set(EDITS[case]) <= set(changes)
    for name, (old, new) in changes.items():
        assert old == before[name]
        assert new == after[name]
        assert old != new


@pytest.mark.parametrize("case", NOISE)
def test_noise_moves_last_seen_alone(case: str, archive: Archive) -> None:
    before = archive.get(1)
    saved = write(archive, **NOISE[case])
    assert (saved.outcome, saved.revision) == ("unchanged", 1)
    assert kept(archive) == []
    after = archive.get(1)
    related = NOISE[case].get("related", FULL.related)
    assert len(after["related"]) == len(related)
    moved = {name for name in after if after[name] != before[name]} - {"related"}
    assert moved == {"last_seen"}


@pytest.mark.parametrize(
    "version",
    [{"extractor_version": "2"}, {"profile_version": "d"}, {"profile_version": None}],
    ids=str,
)
@pytest.mark.parametrize("case", EDITS)
def test_another_reader_makes_no_edit(case: str, version: dict[str, Any], archive: Archive) -> None:
    before = archive.get(1)
    saved = write(archive, **EDITS[case], **version)
    assert (saved.outcome, saved.revision) == ("reread", 1)
    (row,) = kept(archive)
    assert (row["revision"], row["kind"], row["body"]) == (1, "extraction", before["body"])
    assert row["classes"] == "[]"
    after = archive.get(1)
    assert {name: after[name] for name in version} == version
    for name, (old, new) in json.loads(row["changes"]).items():
        assert (old, new) == (before[name], after[name])
    # From here on the new reader sees edits again.
    again = write(archive, **{**EDITS[case], **version, "title": "又改"})
    assert (again.outcome, again.revision) == ("changed", 2)


def test_another_reader_that_reads_the_same_leaves_no_trace(archive: Archive) -> None:
    saved = write(archive, extractor_version="2", provenance={"title": "og:title"})
    assert (saved.outcome, kept(archive)) == ("reread", [])
    row = archive.get(1)
    assert (row["extractor_version"], row["provenance"]) == ("2", {"title": "og:title"})


def test_history_is_plain_sql(archive: Archive) -> None:
    write(archive, title="二")
    write(archive, title="三", extractor_version="2")
    write(archive, title="四", extractor_version="2")
    sql = "select revision, title, replaced_by from history where article_id = 1"
    assert set(map(tuple, archive._db.execute(sql))) == {
        (1, FULL.title, "edit"),
        (2, "二", "extraction"),
        (2, "三", "edit"),
        (3, "四", None),
    }


def test_back_and_forth_are_two_edits(archive: Archive) -> None:
    write(archive, title="误")
    saved = write(archive)
    assert (saved.outcome, saved.revision) == ("changed", 3)
    assert [row["title"] for row in kept(archive)] == [FULL.title, "误"]


def test_the_index_follows(archive: Archive) -> None:
    write(archive, title="森林防火", body="全新的正文", authors=("吴继华",), source=None)
    for gone in ("校园安全", "张继东", "研究院"):
        assert archive.search(gone) == []
    for word in ("森林防火", "全新", "吴继华"):
        assert [row["id"] for row in archive.search(word)] == [1]
    sql = "select count(*) from articles_fts where articles_fts match '板桥'"
    assert archive._db.execute(sql).fetchone()[0] == 0


def test_lists_follow(archive: Archive) -> None:
    write(archive, title="改", credits=FULL.credits[:1], images=(), related=FULL.related[:1])
    row = archive.get(1)
    assert [len(row[name]) for name in ("credits", "images", "related")] == [1, 0, 1]
    assert len(json.loads(kept(archive)[0]["credits"])) == 3


def test_unchanged_lists_keep_their_rows(archive: Archive) -> None:
    sql = "select id, title from related_items"
    before = archive._db.execute(sql).fetchall()
    write(archive)
    assert archive._db.execute(sql).fetchall() == before


def test_a_gone_article_that_answers_again_lives(archive: Archive) -> None:
    archive._db.execute("update articles set status = 'gone'")
    write(archive)
    assert (archive.get(1)["status"], archive.get(1)["revision"]) == ("live", 1)


def test_an_older_capture_does_not_turn_back_the_clock(archive: Archive) -> None:
    old: Article = replace(FULL, fetched_at=SEEN.replace(year=2020))
    archive.write(Batch(articles=(old,)))
    assert archive.get(1)["last_seen"] == "2024-01-01T08:00:00+08:00"


def test_twice_in_one_batch(archive: Archive) -> None:
    saved = archive.write(Batch(articles=(article(7), article(7), article(7, title="改"))))
    assert [(s.outcome, s.revision) for s in saved] == [
        ("new", 1),
        ("unchanged", 1),
        ("changed", 2),
    ]
