"""Articles as JSON objects, put together by SQLite itself: what is read, exported and compared."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from newsspider.errors import UsageError
from newsspider.items import ARTICLE_FIELDS
from newsspider.store.choice import Choice
from newsspider.store.readings import CHILD_FIELDS, JSON_COLUMNS, to_json

Row = dict[str, Any]

ROW_STATE = ("id", "status", "revision", "story_id", "first_seen", "last_seen")
"""What a row of articles says beyond the fields of Article."""
ROW_KEYS = (*ROW_STATE, *ARTICLE_FIELDS)
"""Keys of every article that is read, in order."""
FULL_KEYS = ("revisions", "absences", "urls")
"""What a full export has beside these: rows of the tables of that name, as they stand."""

CHILDREN = {
    "credits": ("role", "name", "raw"),
    "images": ("url", "caption", "alt", "credit", "position"),
    "related": (
        "list_heading",
        "kind",
        "position",
        "title",
        "url",
        "summary",
        "date_published",
        "date_published_precision",
    ),
}
OWN = frozenset(("id", "article_id", "fetch_id"))
"""Columns of the tables of a full export that a line does not have: numbers of this file alone."""
CHUNK = 100
"""Articles read at once: bounds memory and the time that a reader holds a snapshot."""
HITS = f"""
select rowid from articles_fts where articles_fts match ? and rowid > ?
order by rowid limit {CHUNK}"""


def read_articles(db: sqlite3.Connection, where: str, values: Iterable[Any]) -> list[Row]:
    """Return the articles that the SQL *where* (and what follows it) chooses, keys ROW_KEYS."""
    sql = f"select a.id, {_object(db, ROW_KEYS)} from articles a {where}"
    return [json.loads(row[1]) for row in db.execute(sql, tuple(values))]


def documents(
    db: sqlite3.Connection, choice: Choice, *, keys: Sequence[str] = ROW_KEYS, after: int = 0
) -> Iterator[str]:
    """Yield the chosen articles of an id above *after* by their ids, each a JSON object of *keys*.

    *keys* are of ROW_KEYS and FULL_KEYS; an object has them in that order.

    Raises:
        UsageError: there is no such key.
    """
    conditions, values = choice.where()
    question = choice.question()
    chosen = f"select a.id, {_object(db, keys)} from articles a where a.id"
    while True:
        if question is None:
            sql = f"{chosen} > ?{conditions} order by a.id limit {CHUNK}"
            found = db.execute(sql, (after, *values)).fetchall()
            last = found[-1][0] if len(found) == CHUNK else None
        else:
            ids = [row[0] for row in db.execute(HITS, (question.match, after))]
            sql = f"{chosen} in (select value from json_each(?)){conditions} order by a.id"
            found = db.execute(sql, (to_json(ids), *values)).fetchall()
            last = ids[-1] if len(ids) == CHUNK else None
        yield from (row[1] for row in found)
        if last is None:
            return
        after = last


def _object(db: sqlite3.Connection, keys: Iterable[str]) -> str:
    """Return the SQL of a JSON object of *keys* of the article `a`."""
    return _json_object((name, _value(db, name)) for name in keys)


def _value(db: sqlite3.Connection, name: str) -> str:
    if name not in ROW_KEYS and name not in FULL_KEYS:
        raise UsageError(f"no field {name!r}; there are {', '.join((*ROW_KEYS, *FULL_KEYS))}")
    if name in CHILD_FIELDS:
        table = "related_items" if name == "related" else name
        return _rows_of(table, CHILDREN[name])
    if name in FULL_KEYS:
        columns = [row[1] for row in db.execute(f"pragma table_info({name})")]
        return _rows_of(name, [column for column in columns if column not in OWN])
    return f"json(a.{name})" if name in JSON_COLUMNS else f"a.{name}"


def _rows_of(table: str, columns: Iterable[str]) -> str:
    """Return the SQL of a JSON array of the rows of *table* that belong to the article `a`."""
    item = _json_object((name, name) for name in columns)
    rows = f"select * from {table} where article_id = a.id order by id"
    return f"(select json_group_array({item}) from ({rows}))"


def _json_object(members: Iterable[tuple[str, str]]) -> str:
    # SQLite takes 127 arguments: 63 members, of which the widest object here has two thirds.
    return "json_object({})".format(", ".join(f"'{name}', {value}" for name, value in members))
