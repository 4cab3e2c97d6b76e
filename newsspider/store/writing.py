"""What a crawl found, into the database: one transaction a batch, prepared statements."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from newsspider.errors import ArchiveError, NotFound
from newsspider.items import ARTICLE_FIELDS, Article, iso
from newsspider.store import fulltext
from newsspider.store.queries import read_articles, utc
from newsspider.store.readings import (
    JSON_COLUMNS,
    KEPT_APART,
    ROW_FIELDS,
    Reading,
    body_hash,
    cleaned,
    differences,
    edits,
    read_by_same_code,
    reading_of,
    to_json,
)
from newsspider.store.records import Batch, Fetch, FoundUrl, Outcome, RunEnd, Saved
from newsspider.urls import canonical_or_none, site_key_or_none


def _insert(table: str, names: Iterable[str]) -> str:
    names = tuple(names)
    return f"insert into {table} ({', '.join(names)}) values ({', '.join(f':{n}' for n in names)})"


ARTICLE_COLUMNS = (*ROW_FIELDS, "body_hash", "story_id", "first_seen", "last_seen")
INSERT_ARTICLE = _insert("articles", ARTICLE_COLUMNS)
REPLACE_ARTICLE = (
    "update articles set "
    + ", ".join(f"{name} = :{name}" for name in (*ROW_FIELDS, "body_hash", "story_id", "last_seen"))
    + ", revision = :revision, status = 'live' where id = :id"
)
KEPT_IN_REVISIONS = tuple(name for name in ARTICLE_FIELDS if name not in KEPT_APART)
INSERT_REVISION = _insert(
    "revisions",
    ("article_id revision kind seen_at replaced_at changes".split() + list(KEPT_IN_REVISIONS)),
)
INSERT_FTS = "insert into articles_fts (rowid, title, body, source, authors) values (?, ?, ?, ?, ?)"
DELETE_FTS = (
    "insert into articles_fts (articles_fts, rowid, title, body, source, authors)"
    " values ('delete', ?, ?, ?, ?, ?)"
)
INSERT_CREDIT = _insert("credits", ("article_id", "position", "role", "name", "raw"))
INSERT_IMAGE = _insert("images", ("article_id", "position", "url", "caption", "alt", "credit"))
INSERT_RELATED = """
insert into related_items (article_id, list_heading, kind, position, title, url, summary,
                           date_published, date_published_precision, target_id)
values (:article_id, :list_heading, :kind, :position, :title, :url, :summary,
        :date_published, :date_published_precision,
        coalesce((select id from articles where url = :url),
                 (select article_id from urls where url = :url)))"""
LINK_RELATED = "update related_items set target_id = ? where url = ? and target_id is null"

INSERT_LEADING_URL = """
insert into urls (url, article_id, site, kind, first_seen, last_fetched, http_status)
values (:url, :article_id, :site, 'article', :seen, :seen, :http_status)
on conflict (url) do update set article_id = excluded.article_id, kind = 'article',
    last_fetched = ifnull(last_fetched, excluded.last_fetched)
  where article_id is not excluded.article_id or kind <> 'article' or last_fetched is null"""
INSERT_FOUND = """
insert into urls (url, site, first_seen, found_on, listed_title, listed_date)
values (:url, :site, :seen, :found_on, :listed_title, :listed_date)
on conflict (url) do update set
    found_on = ifnull(found_on, excluded.found_on),
    listed_title = ifnull(listed_title, excluded.listed_title),
    listed_date = ifnull(listed_date, excluded.listed_date)
  where ifnull(found_on, excluded.found_on) is not found_on
     or ifnull(listed_title, excluded.listed_title) is not listed_title
     or ifnull(listed_date, excluded.listed_date) is not listed_date"""
INSERT_FETCH = """
insert into fetches (url, run_id, fetched_at, http_status, bytes, error)
values (:url, :run_id, :fetched_at, :http_status, :size_bytes, :error)"""
# No answer leaves what the last answer said, except the error and when to try again. Only an answer
# with a body brings validators of its own: 304 confirms the old ones.
SAVE_FETCHED = """
insert into urls (url, article_id, site, kind, first_seen, last_fetched, http_status, etag,
                  last_modified, next_visit, error)
values (:url, :article_id, :site, ifnull(:kind, 'other'), :fetched_at, :answered_at, :http_status,
        :etag, :last_modified, :next_visit, :error)
on conflict (url) do update set
    article_id = ifnull(:article_id, article_id),
    kind = ifnull(:kind, kind),
    last_fetched = ifnull(:answered_at, last_fetched),
    http_status = iif(:answered_at is null, http_status, :http_status),
    etag = iif(:http_status = 200, :etag, ifnull(:etag, etag)),
    last_modified = iif(:http_status = 200, :last_modified, ifnull(:last_modified, last_modified)),
    next_visit = iif(:answered_at is null, ifnull(:next_visit, next_visit), :next_visit),
    error = :error"""


def begin_run(
    db: sqlite3.Connection,
    site: str,
    *,
    started: datetime,
    targets: Iterable[str],
    options: Mapping[str, Any],
) -> int:
    """Write the row of a run that starts and return its id."""
    cursor = db.execute(
        "insert into runs (site, started, targets, options) values (?, ?, ?, ?)",
        (cleaned(site), iso(started), _plain_json(list(targets)), _plain_json(dict(options))),
    )
    return int(cursor.lastrowid or 0)


def end_run(db: sqlite3.Connection, run_id: int, end: RunEnd) -> None:
    """Complete the row of a run.

    Raises:
        NotFound: no such run.
    """
    cursor = db.execute(
        "update runs set finished = ?, exit = ?, counts = ? where id = ?",
        (iso(end.finished), end.exit, _plain_json(end.counts), run_id),
    )
    if not cursor.rowcount:
        raise NotFound(f"no run {run_id}")


def _plain_json(value: Any) -> str:
    return to_json(cleaned(value))


def save_batch(db: sqlite3.Connection, batch: Batch, *, run_id: int | None) -> list[Saved]:
    """Write *batch* within the open transaction; one entry an article, in their order.

    Raises:
        NotFound: no such run.
    """
    site = None
    if run_id is not None:
        row = db.execute("select site from runs where id = ?", (run_id,)).fetchone()
        if row is None:
            raise NotFound(f"no run {run_id}")
        site = row["site"]
    now = datetime.now(UTC)
    saved = [_save_article(db, article, site=site, now=now) for article in batch.articles]
    for found in batch.found:
        _save_found(db, found, site=site, now=now)
    for fetch in batch.fetches:
        _save_fetch(db, fetch, site=site, run_id=run_id)
    return saved


def _site_of(url: str, site: str | None) -> str:
    known = site or site_key_or_none(url)
    if not known:
        raise ArchiveError(f"not an address that can be stored: {url[:200]!r}")
    return known


def _save_article(
    db: sqlite3.Connection, article: Article, *, site: str | None, now: datetime
) -> Saved:
    reading = reading_of(article)
    reading["site"] = reading["site"] or _site_of(reading["url"], site)
    reading["fetched_at"] = reading["fetched_at"] or iso(now)
    stored = read_articles(db, "where url = ?", (reading["url"],))
    if stored:
        outcome, article_id, revision = _save_known(db, stored[0], reading)
    else:
        outcome, article_id, revision = "new", _save_new(db, reading), 1
    _save_leading_urls(db, article_id, reading)
    return Saved(url=reading["url"], article_id=article_id, outcome=outcome, revision=revision)


def _row(reading: Reading) -> dict[str, Any]:
    row = {
        name: to_json(reading[name]) if name in JSON_COLUMNS else reading[name]
        for name in ROW_FIELDS
    }
    row["body_hash"] = body_hash(reading["body"])
    return row


def _save_new(db: sqlite3.Connection, reading: Reading) -> int:
    row = _row(reading)
    row["story_id"] = _story_of(db, row["body_hash"]) or _new_story(db)
    row["first_seen"] = row["last_seen"] = reading["fetched_at"]
    article_id = int(db.execute(INSERT_ARTICLE, row).lastrowid or 0)
    _count_story(db, row["story_id"])
    db.execute(INSERT_FTS, (article_id, *fulltext.index_columns(reading)))
    for position, credit in enumerate(reading["credits"], 1):
        db.execute(INSERT_CREDIT, {**credit, "article_id": article_id, "position": position})
    db.executemany(INSERT_IMAGE, [{**i, "article_id": article_id} for i in reading["images"]])
    db.executemany(INSERT_RELATED, [{**r, "article_id": article_id} for r in reading["related"]])
    db.execute(LINK_RELATED, (article_id, reading["url"]))
    return article_id


def _save_known(db: sqlite3.Connection, old: Reading, new: Reading) -> tuple[Outcome, int, int]:
    """Write *new* over *old* as far as they differ; return outcome, id, revision."""
    article_id, revision = old["id"], old["revision"]
    seen = max(old["last_seen"], new["fetched_at"], key=datetime.fromisoformat)
    outcome: Outcome = "unchanged"
    if not read_by_same_code(old, new):
        # Who read it changed, so nobody can say what the publisher did.
        if changes := differences(old, new):
            _keep_reading(db, old, new, kind="extraction", changes=changes)
        _replace(db, old, new, revision=revision, seen=seen, reread=True)
    elif changes := edits(old, new):
        _keep_reading(db, old, new, kind="edit", changes=changes)
        outcome, revision = "changed", revision + 1
        _replace(db, old, new, revision=revision, seen=seen, reread=False)
    else:
        db.execute(
            "update articles set last_seen = ?, status = 'live' where id = ?", (seen, article_id)
        )
    if old["related"] != new["related"]:
        db.execute("delete from related_items where article_id = ?", (article_id,))
        rows = [{**item, "article_id": article_id} for item in new["related"]]
        db.executemany(INSERT_RELATED, rows)
    return outcome, article_id, revision


def _keep_reading(
    db: sqlite3.Connection, old: Reading, new: Reading, *, kind: str, changes: dict[str, list[Any]]
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
        "replaced_at": new["fetched_at"],
        "changes": to_json(changes),
    }
    db.execute(INSERT_REVISION, row)


def _replace(
    db: sqlite3.Connection, old: Reading, new: Reading, *, revision: int, seen: str, reread: bool
) -> None:
    row = _row(new)
    article_id, story_id = old["id"], old["story_id"]
    row |= {"id": article_id, "revision": revision, "last_seen": seen, "story_id": story_id}
    row["site"] = old["site"]
    if old["body"] != new["body"]:
        # An edited reprint still tells the story; what a wrong reading had joined does not.
        row["story_id"] = _story_of(db, row["body_hash"], but=article_id) or (
            _own_story(db, old) if reread else story_id
        )
    db.execute(REPLACE_ARTICLE, row)
    if row["story_id"] != story_id:
        _count_story(db, row["story_id"])
        _count_story(db, story_id)
    before, after = fulltext.index_columns(old), fulltext.index_columns(new)
    if before != after:
        db.execute(DELETE_FTS, (article_id, *before))
        db.execute(INSERT_FTS, (article_id, *after))
    if old["credits"] != new["credits"]:
        db.execute("delete from credits where article_id = ?", (article_id,))
        for position, credit in enumerate(new["credits"], 1):
            db.execute(INSERT_CREDIT, {**credit, "article_id": article_id, "position": position})
    if old["images"] != new["images"]:
        db.execute("delete from images where article_id = ?", (article_id,))
        db.executemany(INSERT_IMAGE, [{**i, "article_id": article_id} for i in new["images"]])


def _story_of(db: sqlite3.Connection, digest: str | None, *, but: int = 0) -> int | None:
    """Return the story of the first article other than *but* whose body has this hash."""
    if digest is None:
        return None
    row = db.execute(
        "select story_id from articles where body_hash = ? and id <> ? order by id limit 1",
        (digest, but),
    ).fetchone()
    return int(row[0]) if row else None


def _new_story(db: sqlite3.Connection) -> int:
    return int(db.execute("insert into stories (size) values (0)").lastrowid or 0)


def _own_story(db: sqlite3.Connection, article: Reading) -> int:
    size = db.execute("select size from stories where story_id = ?", (article["story_id"],))
    return int(article["story_id"]) if size.fetchone()[0] == 1 else _new_story(db)


def _count_story(db: sqlite3.Connection, story_id: int) -> None:
    """Bring the row of a story in line with its articles; an empty one goes."""
    db.execute(
        "update stories set (size, first_article_id) ="
        " (select count(*), min(id) from articles where story_id = :id) where story_id = :id",
        {"id": story_id},
    )
    db.execute("delete from stories where story_id = ? and size = 0", (story_id,))


def _save_leading_urls(db: sqlite3.Connection, article_id: int, reading: Reading) -> None:
    """Remember every address under which a reader gets this article."""
    requested = canonical_or_none(reading["requested_url"])
    pages = (canonical_or_none(url) for url in reading["page_urls"])
    for url in dict.fromkeys((reading["url"], requested, *pages)):
        if url:
            values = {"url": url, "article_id": article_id, "site": reading["site"]}
            values |= {"seen": reading["fetched_at"], "http_status": reading["http_status"]}
            db.execute(INSERT_LEADING_URL, values)


def _save_found(
    db: sqlite3.Connection, found: FoundUrl, *, site: str | None, now: datetime
) -> None:
    values = {
        "url": cleaned(found.url),
        "site": _site_of(found.url, site),
        "seen": iso(now),
        "found_on": cleaned(found.found_on),
        "listed_title": cleaned(found.listed_title),
        "listed_date": cleaned(found.listed_date),
    }
    db.execute(INSERT_FOUND, values)


def _save_fetch(
    db: sqlite3.Connection, fetch: Fetch, *, site: str | None, run_id: int | None
) -> None:
    fetched_at = iso(fetch.fetched_at)
    article_url = cleaned(fetch.article_url)
    article = db.execute("select id from articles where url = ?", (article_url,)).fetchone()
    values = {
        "url": cleaned(fetch.url),
        "site": _site_of(fetch.url, site),
        "run_id": run_id,
        "article_id": article["id"] if article else None,
        "kind": fetch.kind,
        "fetched_at": fetched_at,
        "answered_at": None if fetch.http_status is None else fetched_at,
        "http_status": fetch.http_status,
        "size_bytes": fetch.size_bytes,
        "etag": cleaned(fetch.etag),
        "last_modified": cleaned(fetch.last_modified),
        "next_visit": utc(fetch.next_visit) if fetch.next_visit else None,
        "error": cleaned(fetch.error),
    }
    db.execute(INSERT_FETCH, values)
    db.execute(SAVE_FETCHED, values)
    if article and article_url != values["url"]:
        # The next visit goes to the article's own address, whichever way led there this time.
        db.execute(
            "update urls set next_visit = ? where url = ?", (values["next_visit"], article_url)
        )
        db.execute(LINK_RELATED, (article["id"], values["url"]))
