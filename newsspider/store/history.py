"""What became of an article: its readings in order, when it was away, and two of them compared."""

import json
import sqlite3
from typing import Any

from newsspider.errors import NotFound
from newsspider.store.difference import Piece, compare_lines, compare_texts
from newsspider.store.queries import find
from newsspider.store.readings import COMPARED, JSON_COLUMNS, differences

Row = dict[str, Any]

REVISIONS = "select * from revisions where article_id = ? order by id"
ABSENCES = """
select status, reason, last_seen, first_missing, moved_to, ended from absences
where article_id = ? order by id"""
TEXTS = ("title", "kicker", "subtitle", "dateline", "source", "section", "description")
"""Fields whose values are compared character by character; `body` is, too, by paragraphs."""


def history(db: sqlite3.Connection, key: int | str) -> Row:
    """Return id, url, title and status of an article, its `readings` and its `absences`.

    A reading has its number (`reading`, from 1), `revision`, `kind` (first, edit, extraction: how
    it came about), `classes` of an edit, `seen_at`, `title`, the `fields` that changed and their
    `changes` {field: [before, after]}. An absence has status, reason, last_seen, first_missing,
    moved_to, ended.

    Raises:
        NotFound: nothing is stored under *key*.
    """
    article, readings = _readings(db, key)
    absences = [dict(row) for row in db.execute(ABSENCES, (article["id"],))]
    listed = []
    for number, reading in enumerate(readings, 1):
        before = readings[number - 2] if number > 1 else {}
        changes = before.get("changes", {})
        listed.append(
            {
                "reading": number,
                "revision": reading["revision"],
                "kind": before.get("kind", "first"),
                "classes": before.get("classes", []),
                "seen_at": reading["seen_at"],
                "title": reading["title"],
                "fields": list(changes),
                "changes": changes,
            }
        )
    about = {name: article[name] for name in ("id", "url", "title", "status")}
    return {**about, "readings": listed, "absences": absences}


def diff(db: sqlite3.Connection, key: int | str, old: int | None, new: int | None) -> Row:
    """Return how reading *new* (default: the current one) differs from *old* (the one before it).

    `fields` has the values `before` and `after` of every field that differs, texts with `pieces`;
    `body` has the pieces of every paragraph that differs, with its number `before` and `after`. A
    piece is [mark, text], the mark = for what both have, - and + for what one of them has.

    Raises:
        NotFound: nothing is stored under *key*, or there is no such reading.
    """
    article, readings = _readings(db, key)
    new = len(readings) if new is None else new
    old = max(new - 1, 1) if old is None else old
    for number in (old, new):
        if not 1 <= number <= len(readings):
            raise NotFound(
                f"article {article['id']} has no reading {number}: they are 1 to {len(readings)}"
            )
    before, after = readings[old - 1], readings[new - 1]
    fields = {}
    for name, (was, now) in differences(before, after).items():
        if name != "body":
            fields[name] = {"before": was, "after": now}
            if name in TEXTS:
                fields[name]["pieces"] = _listed(compare_texts(was or "", now or ""))
    return {
        "id": article["id"],
        "url": article["url"],
        "from": {name: before[name] for name in ("revision", "seen_at")} | {"reading": old},
        "to": {name: after[name] for name in ("revision", "seen_at")} | {"reading": new},
        "fields": fields,
        "body": [
            {"before": line.before, "after": line.after, "pieces": _listed(line.pieces)}
            for line in compare_lines(before["body"], after["body"])
        ],
    }


def _listed(pieces: list[Piece]) -> list[list[str]]:
    return [[piece.mark, piece.text] for piece in pieces]


def _readings(db: sqlite3.Connection, key: int | str) -> tuple[Row, list[Row]]:
    """Return an article and all its readings, the oldest first."""
    article = find(db, key)
    readings = []
    for stored in db.execute(REVISIONS, (article["id"],)):
        row = {**stored, "site": article["site"]}
        for name in (JSON_COLUMNS & row.keys()) | {"changes", "classes"}:
            row[name] = json.loads(row[name])
        readings.append(row)
    current = {name: article[name] for name in ("revision", *COMPARED)}
    readings.append(current | {"seen_at": article["fetched_at"]})
    return article, readings
