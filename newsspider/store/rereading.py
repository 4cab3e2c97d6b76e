"""Stored articles read again from archived pages: which answers are kept, what is replaced."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from newsspider.items import Article, iso
from newsspider.store import articles, sealing
from newsspider.store.choice import Choice
from newsspider.store.documents import CHUNK, Row, read_articles
from newsspider.store.readings import (
    READER_FIELDS,
    Reading,
    changed_fields,
    read_by_same_code,
    reading_of,
    to_json,
)
from newsspider.store.records import Kept, Reread

ReadAgain = Callable[[Row, Sequence[Kept]], Article | None]
"""Reads the archived page of a row, given the answers that are kept of it, with the current code.

None: there is no such page, or nothing to read in it.
"""

KEPT = """
select u.article_id, f.url, f.run_id, f.fetched_at, f.http_status, f.warc_file, f.warc_offset
from urls u join fetches f on f.url = u.url
where u.article_id in (select value from json_each(?)) and f.warc_file is not null
  and f.warc_offset is not null and (f.http_status = 200 or f.http_status between 300 and 399)
order by f.id"""
VERSIONS = """
select id, url, extractor_version, profile_version from articles
where url in (select value from json_each(?))"""


def kept(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, list[Kept]]:
    """Return the answers that the raw archive keeps of each of the articles *ids*, oldest first."""
    found: dict[int, list[Kept]] = {article_id: [] for article_id in ids}
    for row in db.execute(KEPT, (to_json(list(found)),)):
        fetch = dict(row)
        article_id = fetch.pop("article_id")
        fetch["fetched_at"] = datetime.fromisoformat(fetch["fetched_at"])
        found[article_id].append(Kept(**fetch))
    return found


def ids(db: sqlite3.Connection, choice: Choice) -> Iterator[list[int]]:
    """Yield the ids of the chosen articles, a few dozen at a time.

    Raises:
        UsageError: the choice makes no sense.
    """
    conditions, values = choice.where()
    sql = f"select a.id from articles a where a.id > ?{conditions} order by a.id limit {CHUNK // 2}"
    last = 0
    while found := [row[0] for row in db.execute(sql, (last, *values))]:
        yield found
        last = found[-1]


def rows(db: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[Row, list[Kept]]]:
    """Return the articles *ids* that there are, each with the answers that are kept of it."""
    chosen = "where id in (select value from json_each(?)) order by id"
    answers = kept(db, ids)
    return [(row, answers[row["id"]]) for row in read_articles(db, chosen, (to_json(list(ids)),))]


def settled(stored: Row, article: Article) -> Reading:
    """Return *article*, read again for the row *stored*, as a reading of that row.

    Under which address an article is known does not change by reading it again.
    """
    own = {name: stored[name] for name in ("url", "site", "requested_url")}
    return reading_of(article) | own


def read_batch_again(
    db: sqlite3.Connection, new: Iterable[Article], read_again: ReadAgain
) -> articles.Readings:
    """Return, by id, what *read_again* says of the stored articles that other code read than *new*.

    To be called outside a transaction: reading takes its time, and others may write meanwhile.
    """
    by_url = {article.url: article for article in new}
    outdated = []
    for row in db.execute(VERSIONS, (to_json([*by_url]),)):
        article = by_url[row["url"]]
        if (row["extractor_version"], row["profile_version"]) != (
            article.extractor_version,
            article.profile_version,
        ):
            outdated.append(row["id"])
    found = {}
    for stored, answers in rows(db, outdated) if outdated else ():
        if again := read_again(stored, answers):
            found[stored["id"]] = (articles.basis(stored), settled(stored, again))
    return found


def replace_all(
    db: sqlite3.Connection, batch: Sequence[Reread], *, now: datetime
) -> dict[str, int]:
    """Write *batch* within the open transaction; return how many were `replaced`, `same`, `passed`.

    `same` read as before: only how they were read is noted. `passed` were written by another
    process since they were compared, and stay as they are.
    """
    counts = {"same": 0}
    words: articles.Words = []
    last_revision = sealing.last_revision(db)
    written = []
    for one in batch:
        # One by one: what is written of one article may move others to another story.
        found = read_articles(db, "where id = ?", (one.article_id,))
        if not found or articles.basis(found[0]) != one.basis:
            continue
        stored = found[0]
        new = settled(stored, one.article)
        if changed_fields(stored, new):
            written.append(one.article_id)
        else:
            counts["same"] += 1
        articles.replace_reading(db, stored, new, words, replaced_at=iso(now) or "")
    counts["replaced"] = len(written)
    counts["passed"] = len(batch) - counts["replaced"] - counts["same"]
    sealing.note(db, written, after_revision=last_revision)
    for statement, values in words:
        db.execute(statement, values)
    return counts


def is_noted(stored: Row, new: Reading) -> bool:
    """Tell whether *stored* says already how *new*, a reading that says the same, was made."""
    return all(stored[name] == new[name] for name in READER_FIELDS)


def is_current(stored: Row, versions: tuple[str | None, str | None]) -> bool:
    """Tell whether *stored* was read by these *versions* of extractor and profile."""
    reader: dict[str, Any] = dict(
        zip(("extractor_version", "profile_version"), versions, strict=True)
    )
    return read_by_same_code(stored, reader)
