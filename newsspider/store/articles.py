"""One article into its rows: a new one, one that is known, and the reading that it replaces."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from newsspider.dedupe import Fingerprint, exact_hash
from newsspider.items import ARTICLE_FIELDS
from newsspider.store import fulltext, related, stories, takedown
from newsspider.store.changes import classes
from newsspider.store.copies import fingerprint_of, moment_of
from newsspider.store.documents import read_articles
from newsspider.store.readings import (
    JSON_COLUMNS,
    KEPT_APART,
    READER_FIELDS,
    ROW_FIELDS,
    UNLISTED,
    Reading,
    changed_fields,
    differences,
    edits,
    folded,
    read_by_same_code,
    to_json,
)
from newsspider.store.records import Outcome
from newsspider.urls import edition_key


def _insert(table: str, names: Iterable[str]) -> str:
    names = tuple(names)
    return f"insert into {table} ({', '.join(names)}) values ({', '.join(f':{n}' for n in names)})"


ARTICLE_COLUMNS = (*ROW_FIELDS, "body_hash", "story_id", "first_seen", "last_seen")
IS_STORED = "select 1 from articles where url = ?"
INSERT_ARTICLE = _insert("articles", ARTICLE_COLUMNS)
OTHER_EDITIONS = """
select id, url, revision, status, last_seen, body_hash from articles
where body_hash = :hash and site = :site
union all
select a.id, a.url, a.revision, a.status, a.last_seen, a.body_hash
from urls u join articles a on a.id = u.article_id where u.url = :url"""
REPLACE_ARTICLE = (
    "update articles set "
    + ", ".join(f"{name} = :{name}" for name in (*ROW_FIELDS, "body_hash", "last_seen"))
    + ", revision = :revision where id = :id"
)
KEPT_IN_REVISIONS = tuple(name for name in ARTICLE_FIELDS if name not in KEPT_APART)
INSERT_REVISION = _insert(
    "revisions",
    "article_id revision kind seen_at replaced_at changes classes".split()
    + list(KEPT_IN_REVISIONS),
)
NOTE_READER = (
    "update articles set "
    + ", ".join(f"{name} = :{name}" for name in READER_FIELDS)
    + " where id = :id"
)
INSERT_FTS = (
    "insert into articles_fts (rowid, title, body, source, authors, site) values (?, ?, ?, ?, ?, ?)"
)
DELETE_FTS = (
    "insert into articles_fts (articles_fts, rowid, title, body, source, authors, site)"
    " values ('delete', ?, ?, ?, ?, ?, ?)"
)
INSERT_CREDIT = _insert("credits", ("article_id", "position", "role", "name", "raw"))
INSERT_IMAGE = _insert("images", ("article_id", "position", "url", "caption", "alt", "credit"))
TOLD = ("title", "date_published", "source", "source_url")
"""Fields beside the body that say who was first and who took from whom."""


Words = list[tuple[str, tuple[Any, ...]]]
"""Statements on the full-text index that wait for the end of a transaction.

Any other statement that writes several rows makes FTS5 write out what it holds, a small piece each
time: a batch would cost twice as much.
"""


Readings = Mapping[int, tuple[tuple[Any, ...], Reading]]
"""Articles whose archived page was read again: by id, the `basis` of the row, and the reading."""


def save(
    db: sqlite3.Connection, reading: Reading, words: Words, again: Readings
) -> tuple[Outcome, int, int]:
    """Write *reading* where its URL belongs; return what became of it, its id and its revision.

    *again* has articles whose archived page was read by the code that made *reading*. What is left
    to do on the full-text index is added to *words*.
    """
    if db.execute(IS_STORED, (reading["url"],)).fetchone():
        stored = read_articles(db, "where url = ?", (reading["url"],))
        return _save_known(db, stored[0], reading, words, again.get(stored[0]["id"]))
    text = fingerprint_of(reading["body"])
    if known := _other_edition(db, reading, text):
        return "unchanged", known["id"], known["revision"]
    return "new", _save_new(db, reading, text, words), 1


def _other_edition(
    db: sqlite3.Connection, reading: Reading, text: Fingerprint
) -> sqlite3.Row | None:
    """Return the stored article of which *reading* is the mobile, print or https edition, if any.

    Its address and its text say so, or it was found out before. What an edition says changes
    nothing but that the article was seen: edits are found at the article's own address.
    """
    key = edition_key(reading["url"])
    values = {"url": reading["url"], "site": reading["site"], "hash": text.exact}
    for row in db.execute(OTHER_EDITIONS, values):
        if edition_key(row["url"]) == key:
            if row["body_hash"] == text.exact and row["status"] == "live":
                seen = max(row["last_seen"], reading["fetched_at"], key=moment_of)
                db.execute("update articles set last_seen = ? where id = ?", (seen, row["id"]))
            found: sqlite3.Row = row
            return found
    return None


def basis(stored: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what changes whenever the reading in a row of articles is replaced."""
    return tuple(
        stored[name] for name in ("revision", "fetched_at", "extractor_version", "profile_version")
    )


def _row(reading: Reading) -> dict[str, Any]:
    return {
        name: to_json(reading[name]) if name in JSON_COLUMNS else reading[name]
        for name in ROW_FIELDS
    }


def _save_new(db: sqlite3.Connection, reading: Reading, text: Fingerprint, words: Words) -> int:
    row = _row(reading)
    row["body_hash"] = text.exact
    row["story_id"] = stories.join(db, stories.matches(db, text, reading["date_published"]))
    row["first_seen"] = row["last_seen"] = reading["fetched_at"]
    article_id = int(db.execute(INSERT_ARTICLE, row).lastrowid or 0)
    stories.learn_outlet(db, reading)
    stories.remember(db, article_id, text)
    stories.enter(db, row["story_id"], article_id)
    words.append((INSERT_FTS, (article_id, *fulltext.index_columns(reading))))
    insert_credits(db, article_id, reading)
    insert_images(db, article_id, reading)
    related.insert_related(db, article_id, reading["related"])
    related.link(db, article_id, reading["url"], reading["title"])
    return article_id


def insert_credits(db: sqlite3.Connection, article_id: int, reading: Reading) -> None:
    """Write the credits of a new article, or of one whose old ones are gone."""
    rows = [
        {**credit, "article_id": article_id, "position": position}
        for position, credit in enumerate(reading["credits"], 1)
    ]
    db.executemany(INSERT_CREDIT, rows)


def insert_images(db: sqlite3.Connection, article_id: int, reading: Reading) -> None:
    """Write the images of a new article, or of one whose old ones are gone."""
    db.executemany(INSERT_IMAGE, [{**i, "article_id": article_id} for i in reading["images"]])


def _save_known(
    db: sqlite3.Connection,
    old: Reading,
    new: Reading,
    words: Words,
    again: tuple[tuple[Any, ...], Reading] | None,
) -> tuple[Outcome, int, int]:
    """Write *new* over *old* as far as they differ; return outcome, id, revision."""
    article_id, revision = old["id"], old["revision"]
    seen = max(old["last_seen"], new["fetched_at"], key=moment_of)
    outcome: Outcome = "unchanged"
    if again and again[0] == basis(old) and read_by_same_code(again[1], new):
        # The old page read by the new code: what differs from now on is the publisher's.
        replace_reading(db, old, again[1], words, replaced_at=new["fetched_at"])
        (old,) = read_articles(db, "where id = ?", (article_id,))
        outcome = "reread"
    if not read_by_same_code(old, new):
        # Who read it changed, so nobody can say what the publisher did.
        if changes := differences(old, new):
            _keep_reading(
                db, old, kind="extraction", changes=changes, replaced_at=new["fetched_at"]
            )
        outcome = "reread"
        words += _replace(db, old, new, revision=revision, seen=seen)
    elif changes := edits(old, new):
        _keep_reading(db, old, kind="edit", changes=changes, replaced_at=new["fetched_at"])
        outcome, revision = "changed", revision + 1
        words += _replace(db, old, new, revision=revision, seen=seen)
    else:
        db.execute("update articles set last_seen = ? where id = ?", (seen, article_id))
    if old["status"] != "live":
        takedown.revive(db, article_id, new["fetched_at"])
    if old["related"] != new["related"]:
        related.replace_related(db, article_id, new["related"])
    return outcome, article_id, revision


def replace_reading(
    db: sqlite3.Connection, old: Reading, new: Reading, words: Words, *, replaced_at: str
) -> None:
    """Write *new*, the same page read again, over the row *old*.

    What differs is kept in `revisions` as kind `extraction`; the revision does not move. Of a
    reading that says the same only how it was made is noted.
    """
    changes = changed_fields(old, new)
    if not changes:
        db.execute(NOTE_READER, {**_row(new), "id": old["id"]})
        return
    if changes.keys() - {"related"}:
        listed = {name: both for name, both in changes.items() if name not in UNLISTED}
        _keep_reading(db, old, kind="extraction", changes=listed, replaced_at=replaced_at)
    words += _replace(db, old, new, revision=old["revision"], seen=old["last_seen"])
    if "related" in changes:
        related.replace_related(db, old["id"], new["related"])


def _keep_reading(
    db: sqlite3.Connection,
    old: Reading,
    *,
    kind: str,
    changes: dict[str, list[Any]],
    replaced_at: str,
) -> None:
    row = {
        name: to_json(old[name]) if name in JSON_COLUMNS else old[name]
        for name in KEPT_IN_REVISIONS
    }
    row |= {
        "article_id": old["id"],
        "revision": old["revision"],
        "kind": kind,
        "seen_at": old["fetched_at"],
        "replaced_at": replaced_at,
        "changes": to_json(changes),
        "classes": to_json(classes(changes) if kind == "edit" else []),
    }
    db.execute(INSERT_REVISION, row)


def _replace(
    db: sqlite3.Connection, old: Reading, new: Reading, *, revision: int, seen: str
) -> Words:
    """Write *new* over the row of *old* and return what is left to do on the full-text index."""
    article_id = old["id"]
    row = _row(new) | {"id": article_id, "revision": revision, "last_seen": seen}
    row["site"] = old["site"]
    row["body_hash"] = exact_hash(folded(new["body"]))
    db.execute(REPLACE_ARTICLE, row)
    stories.learn_outlet(db, new)
    if old["body"] != new["body"]:
        stories.retell(db, article_id, old["story_id"], old["body"], new)
    elif any(old[name] != new[name] for name in TOLD):
        stories.reorder(db, article_id, old["story_id"])
    before = fulltext.index_columns(old)
    after = fulltext.index_columns({**new, "site": old["site"]})
    if old["credits"] != new["credits"]:
        db.execute("delete from credits where article_id = ?", (article_id,))
        insert_credits(db, article_id, new)
    if old["images"] != new["images"]:
        db.execute("delete from images where article_id = ?", (article_id,))
        insert_images(db, article_id, new)
    if old["title"] != new["title"]:
        related.complete(db, new["url"], new["title"])
    if before == after:
        return []
    return [(DELETE_FTS, (article_id, *before)), (INSERT_FTS, (article_id, *after))]
