"""Lines of an export back into an archive, and what an export must say for that."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from newsspider.errors import BadLine
from newsspider.items import ARTICLE_FIELDS, body_digest
from newsspider.store import articles, fulltext, related, sealing, stories
from newsspider.store.choice import STATUSES
from newsspider.store.connection import transaction
from newsspider.store.copies import fingerprint_of
from newsspider.store.documents import FULL_KEYS, Row
from newsspider.store.readings import JSON_COLUMNS, cleaned, to_json
from newsspider.store.writing import save_leading_urls
from newsspider.urls import canonical_or_none, site_key_or_none

UNFIT = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError)
"""What SQLite says of a value that no column takes."""
LINES_AT_ONCE = 200
"""Lines that one transaction writes."""
NEEDED = ("url", "title", "body", "fetched_at")
"""Keys that no line may lack; other fields of Article are absent where they are not named."""
MOMENTS = ("date_published", "date_modified", "fetched_at", "first_seen", "last_seen")
LISTS: dict[str, dict[str, Any]] = {
    "credits": {"role": str, "name": str | None, "raw": str},
    "images": {
        "url": str,
        "caption": str | None,
        "alt": str | None,
        "credit": str | None,
        "position": int,
    },
    "related": {
        "list_heading": str | None,
        "kind": str,
        "position": int,
        "title": str,
        "url": str | None,
        "summary": str | None,
        "date_published": str | None,
        "date_published_precision": str | None,
    },
    "breadcrumbs": {"name": str, "url": str | None},
}
WORDS = ("authors", "editors", "keywords", "page_urls")
EMPTY: dict[str, Callable[[], Any]] = {
    **dict.fromkeys((*LISTS, *WORDS), list),
    "provenance": dict,
    "confidence": float,
}
MAX_ID = 2**63 - 1

IN_JSON = JSON_COLUMNS | {"changes", "classes"}
URL_KNOWN = """
on conflict (url) do update set article_id = excluded.article_id where article_id is null"""
INSERT_ARTICLE = "insert into articles ({}) values ({})"
COLUMNS = (*articles.ARTICLE_COLUMNS, "id", "status", "revision")


def restore(db: sqlite3.Connection, lines: Iterable[bytes]) -> dict[str, int]:
    """Write the articles of *lines*, JSON objects, and return how many were `new` and `known`.

    A known article, one of the same URL, stays as it is. Ids and stories are kept as far as no
    other article has them.

    Raises:
        BadLine: a line is no article; what stands before it has been written.
    """
    counts = Counter(new=0, known=0)
    restorer = _Restorer(db)
    for batch in _batches(lines):
        with transaction(db):
            trouble = None
            for number, line in batch:
                try:
                    row = _checked(line)
                except ValueError as error:
                    trouble = BadLine(f"line {number}: {error}")
                    break
                db.execute("savepoint line")
                try:
                    counts[restorer.write(row)] += 1
                except (*UNFIT, ValueError) as error:
                    db.execute("rollback to line")
                    trouble = BadLine(f"line {number}: {error}")
                    break
                finally:
                    db.execute("release line")
        if trouble:
            raise trouble
    return dict(counts)


def _batches(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    batch = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            batch.append((number, line))
        if len(batch) == LINES_AT_ONCE:
            yield batch
            batch = []
    yield batch


# -- what a line must be -----------------------------------------------------------------------


def _checked(line: bytes) -> Row:
    """Return the article of *line*, every field there.

    Raises:
        ValueError: it is none, which the text says in one line.
    """
    row: Row
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    for name in NEEDED:
        if name not in row:
            raise ValueError(f"no {name}")
    row = cleaned(row)
    for name in ARTICLE_FIELDS:
        if row.get(name) is None:
            row[name] = EMPTY[name]() if name in EMPTY else None
    row["body"] = row["body"] or ""
    if not isinstance(row["url"], str) or canonical_or_none(row["url"]) is None:
        raise ValueError(f"url is no address: {str(row['url'])[:80]!r}")
    _check_values(row)
    row["site"] = row["site"] or site_key_or_none(row["url"])
    digest = body_digest(row["body"])
    if row["body_sha256"] not in (None, digest):
        raise ValueError("body is not the text that body_sha256 is of")
    row["body_sha256"] = digest
    return row


def _check_values(row: Row) -> None:
    for name in ARTICLE_FIELDS:
        value = row[name]
        if name in LISTS:
            _check_items(name, value, LISTS[name])
        elif name in WORDS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError(f"{name} is no list of texts")
        elif name == "provenance":
            if not isinstance(value, dict):
                raise ValueError("provenance is no object")
        elif name in ("confidence", "http_status"):
            if isinstance(value, bool) or not isinstance(value, int | float | None):
                raise ValueError(f"{name} is no number")
        elif not isinstance(value, str | None):
            raise ValueError(f"{name} is no text")
    for name in MOMENTS:
        if row.get(name) is not None:
            _check_moment(name, row[name])
    if row["fetched_at"] is None:
        raise ValueError("no fetched_at")
    if row.setdefault("status", "live") not in STATUSES:
        raise ValueError(f"status is live, gone or moved, not {row['status']!r}")
    for name in ("id", "story_id", "revision"):
        value = row.setdefault(name, None)
        if value is not None and (type(value) is not int or not 0 < value <= MAX_ID):
            raise ValueError(f"{name} is no number from 1 on")
    for name in FULL_KEYS:
        value = row.setdefault(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ValueError(f"{name} is no list of objects")


def _check_items(name: str, items: Any, types: Mapping[str, Any]) -> None:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"{name} is no list of objects")
    for item in items:
        for key, kind in types.items():
            if not isinstance(item.setdefault(key, None), kind):
                raise ValueError(f"{name}: {key} has a value of the wrong kind")


def _check_moment(name: str, value: Any) -> None:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is no ISO 8601 time: {str(value)[:40]!r}") from error


# -- writing it --------------------------------------------------------------------------------


class _Restorer:
    """Writes articles into an archive that may have some of them, or others."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        # Stories of this export: their numbers mean the same here.
        self.stories: set[int] = set()

    def write(self, row: Row) -> str:
        """Write one article and return `new`, or `known` if there was one of its URL."""
        known = self._one("select id, story_id from articles where url = ?", row["url"])
        if known:
            if (known["id"], known["story_id"]) == (row["id"], row["story_id"]):
                self.stories.add(row["story_id"])
            return "known"
        if row["id"] and self._one("select id from articles where id = ?", row["id"]):
            row["id"] = None
        last_revision = sealing.last_revision(self.db)
        text = fingerprint_of(row["body"])
        story_id = self._story(row, text)
        article_id = self._insert(row, text.exact, story_id)
        stories.learn_outlet(self.db, row)
        stories.remember(self.db, article_id, text)
        stories.enter(self.db, story_id, article_id)
        self.db.execute(articles.INSERT_FTS, (article_id, *fulltext.index_columns(row)))
        articles.insert_credits(self.db, article_id, row)
        articles.insert_images(self.db, article_id, row)
        related.insert_related(self.db, article_id, row["related"])
        related.link(self.db, article_id, row["url"], row["title"])
        for table in FULL_KEYS:
            for entry in row[table]:
                self._insert_entry(table, {**entry, "article_id": article_id})
        for entry in row["urls"]:
            related.link(self.db, article_id, entry["url"], row["title"])
        if not row["urls"]:
            save_leading_urls(self.db, article_id, row)
        sealing.note(self.db, [article_id], after_revision=last_revision)
        return "new"

    def _one(self, sql: str, value: Any) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.db.execute(sql, (value,)).fetchone()
        return found

    def _story(self, row: Row, text: Any) -> int:
        """Return the story of a new article: that of the line, unless it is another one here."""
        story_id = row["story_id"]
        if story_id is None:
            return stories.join(self.db, stories.matches(self.db, text, row["date_published"]))
        if story_id not in self.stories:
            if self._one("select story_id from stories where story_id = ?", story_id):
                return stories.join(self.db, stories.matches(self.db, text, row["date_published"]))
            self.db.execute("insert into stories (story_id, size) values (?, 0)", (story_id,))
            self.stories.add(story_id)
        return int(story_id)

    def _insert(self, row: Row, exact: Any, story_id: int) -> int:
        values = {
            name: to_json(row[name]) if name in JSON_COLUMNS else row.get(name) for name in COLUMNS
        }
        values |= {"body_hash": exact, "story_id": story_id, "revision": row["revision"] or 1}
        values["first_seen"] = row.get("first_seen") or row["fetched_at"]
        values["last_seen"] = row.get("last_seen") or row["fetched_at"]
        names = ", ".join(COLUMNS)
        marks = ", ".join(f":{name}" for name in COLUMNS)
        return int(self.db.execute(INSERT_ARTICLE.format(names, marks), values).lastrowid or 0)

    def _insert_entry(self, table: str, entry: Row) -> None:
        """Write a row of an inner table; its keys are columns, or the line is bad."""
        columns = {row[1] for row in self.db.execute(f"pragma table_info({table})")} - {"id"}
        if unknown := entry.keys() - columns:
            raise ValueError(f"{table} has no {min(unknown)!r}")
        for name, value in entry.items():
            if isinstance(value, list | dict):
                raise ValueError(f"{table}: {name} is no text and no number")
        for name in IN_JSON & entry.keys():
            try:
                json.loads(entry[name])
            except (TypeError, ValueError, RecursionError) as error:
                raise ValueError(f"{table}: {name} is no JSON text") from error
        names = ", ".join(entry)
        marks = ", ".join(f":{name}" for name in entry)
        conflict = URL_KNOWN if table == "urls" else ""
        self.db.execute(f"insert into {table} ({names}) values ({marks}){conflict}", entry)
