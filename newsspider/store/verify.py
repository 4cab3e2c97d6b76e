"""Whether an archive holds what it says: pages of the file, references, full text, digests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from newsspider.items import body_digest
from newsspider.store import articles, fulltext, sealing
from newsspider.store.connection import transaction
from newsspider.store.documents import CHUNK, read_articles
from newsspider.store.readings import to_json

Finding = dict[str, Any]
"""`check` (which of CHECKS), `article_id` or None, `message` (one line)."""

CHECKS = ("integrity", "references", "text", "index", "counts", "chain", "rows")
MOST_OF_A_KIND = 100
"""Findings of one check that are told; the others are counted."""
INDEX = "create virtual table {} using fts5 (body, title, source, authors, site, content='', {})"
TOKENIZER = "tokenize='unicode61'"
SIZES = "select id, sz from articles_fts_docsize where id in (select value from json_each(?))"
PROBE_WORDS = 6
"""Words at the beginning and at the end of a column that are looked up in the index."""

ORPHANS = """
select id from articles_fts_docsize where id not in (select id from articles) order by id"""
KEYS = """
select a.id from articles a left join article_keys k on k.id = a.id
where k.moment is not ifnull(a.date_published, a.first_seen)
   or k.is_dated is not (a.date_published is not null) or k.status is not a.status
union all
select k.id from article_keys k where k.id not in (select id from articles)"""
STORIES = """
select s.story_id from stories s
where s.size is not (select count(*) from articles a where a.story_id = s.story_id)
   or s.first_article_id is null
   or not exists (select 1 from articles a where a.id = s.first_article_id
                  and a.story_id = s.story_id)"""
REVISIONS = """
select a.id from articles a
where a.revision <> 1 + (select count(*) from revisions r
                         where r.article_id = a.id and r.kind = 'edit')
  and exists (select 1 from revisions r where r.article_id = a.id)"""
UNTOLD = "select id from articles where story_id is null"


def verify(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is wrong, check by check; nothing when all is well. Reads everything."""
    yield from _limited("integrity", _damage(db))
    yield from _limited("references", _references(db))
    yield from _limited("text", _texts(db))
    yield from _limited("index", _index(db))
    yield from _limited("counts", _counts(db))
    yield from _limited("chain", sealing.broken_links(db))
    yield from _limited("rows", sealing.altered_rows(db))


def _finding(check: str, article_id: int | None, message: str) -> Finding:
    return {"check": check, "article_id": article_id, "message": " ".join(message.split())}


def _limited(check: str, found: Iterator[tuple[int | None, str]]) -> Iterator[Finding]:
    more = 0
    try:
        for number, (article_id, message) in enumerate(found, 1):
            if number <= MOST_OF_A_KIND:
                yield _finding(check, article_id, message)
            else:
                more += 1
    except sqlite3.DatabaseError as error:
        # A damaged page ends this check, not the others.
        yield _finding(check, None, f"cannot be checked: {error}")
    if more:
        yield _finding(check, None, f"and {more} more")


def _damage(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    for row in db.execute(f"pragma integrity_check({MOST_OF_A_KIND})"):
        if row[0] != "ok":
            yield None, row[0]


def _references(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    for table, row_id, parent, _ in db.execute("pragma foreign_key_check"):
        yield None, f"{table} {row_id} names a row of {parent} that is not there"


def _texts(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    for article_id, body, digest in db.execute("select id, body, body_sha256 from articles"):
        if body_digest(body) != digest:
            yield article_id, f"article {article_id}: body is not the text that body_sha256 is of"
    for article_id, row_id, body, digest in db.execute(
        "select article_id, id, body, body_sha256 from revisions"
    ):
        if body_digest(body) != digest:
            yield article_id, f"revision row {row_id}: body is not the text that body_sha256 is of"


def _index(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    """Compare the index with the articles: which are there, how many words, the outer words."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
        last = 0
        while rows := read_articles(db, f"where id > ? order by id limit {CHUNK}", (last,)):
            last = rows[-1]["id"]
            texts = {row["id"]: fulltext.index_columns(row) for row in rows}
            other.execute("drop table if exists articles_fts")
            other.execute(INDEX.format("articles_fts", TOKENIZER))
            other.executemany(articles.INSERT_FTS, [(i, *texts[i]) for i in texts])
            ids = to_json(list(texts))
            wanted = dict(other.execute(SIZES, (ids,)))
            found = {row["id"]: row["sz"] for row in db.execute(SIZES, (ids,))}
            for article_id, columns in texts.items():
                if article_id not in found:
                    yield article_id, f"article {article_id} is not in the full-text index"
                elif found[article_id] != wanted[article_id] or not _stand(db, article_id, columns):
                    yield article_id, f"article {article_id}: the full-text index has another text"
    for row in db.execute(ORPHANS):
        yield row[0], f"the full-text index has an article {row[0]} that is not there"


def _stand(db: sqlite3.Connection, article_id: int, columns: tuple[str, ...]) -> bool:
    """Tell whether the first and the last words of each of *columns* are in the index."""
    for name, text in zip(("title", "body", "source", "authors", "site"), columns, strict=True):
        words = text.replace('"', " ").split()
        for part in (words[:PROBE_WORDS], words[-PROBE_WORDS:]):
            phrase = " ".join(part)
            if (
                any(map(str.isalnum, phrase))
                and not db.execute(
                    "select 1 from articles_fts where articles_fts match ? and rowid = ?",
                    (f'{name} : "{phrase}"', article_id),
                ).fetchone()
            ):
                return False
    return True


def _counts(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    for row in db.execute(KEYS):
        yield row[0], f"article {row[0]}: article_keys does not say what the article says"
    for row in db.execute(STORIES):
        yield None, f"story {row[0]}: size or first article is not that of its articles"
    for row in db.execute(UNTOLD):
        yield row[0], f"article {row[0]} is in no story"
    for row in db.execute(REVISIONS):
        yield row[0], f"article {row[0]}: its revision is not one more than its edits"


def rebuild_index(db: sqlite3.Connection) -> int:
    """Fill the full-text index and article_keys anew from the articles; return how many there are.

    One transaction: searches find the old index until it ends.
    """
    count = last = 0
    with transaction(db):
        db.execute("insert into articles_fts (articles_fts) values ('delete-all')")
        db.execute("delete from article_keys")
        db.execute(
            "insert into article_keys select id, ifnull(date_published, first_seen),"
            " date_published is not null, status from articles"
        )
        while rows := read_articles(db, f"where id > ? order by id limit {CHUNK}", (last,)):
            last = rows[-1]["id"]
            count += len(rows)
            db.executemany(
                articles.INSERT_FTS, [(row["id"], *fulltext.index_columns(row)) for row in rows]
            )
    return count
