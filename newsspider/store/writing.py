"""What a crawl found, into the database: one transaction a batch, prepared statements."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from newsspider.errors import ArchiveError, NotFound
from newsspider.items import Article, iso
from newsspider.store import articles, raw_index, related, sealing, takedown
from newsspider.store.queries import utc
from newsspider.store.readings import Reading, cleaned, reading_of, to_json
from newsspider.store.records import Batch, Fetch, FoundUrl, RunEnd, Saved
from newsspider.urls import canonical_or_none, site_key_or_none

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
insert into fetches (url, run_id, fetched_at, http_status, bytes, missing, links, warc_file,
                     warc_offset, error)
values (:url, :run_id, :fetched_at, :http_status, :size_bytes, :missing, :links, :warc_file,
        :warc_offset, :error)"""
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
    next_visit = case when :answered_at is null then ifnull(:next_visit, next_visit)
        -- what was due in every run, a list, stays so when it has not changed
        when :http_status = 304 and next_visit is null
          and kind in ('section', 'feed', 'sitemap') then null
        else :next_visit end,
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
        "update runs set finished = ?, exit = ?, counts = ?, measures = ? where id = ?",
        (
            *(iso(end.finished), end.exit, _plain_json(end.counts), _plain_json(end.measures)),
            run_id,
        ),
    )
    if not cursor.rowcount:
        raise NotFound(f"no run {run_id}")


def _plain_json(value: Any) -> str:
    return to_json(cleaned(value))


def save_batch(
    db: sqlite3.Connection,
    batch: Batch,
    *,
    run_id: int | None,
    again: articles.Readings,
) -> list[Saved]:
    """Write *batch* within the open transaction; one entry an article, in their order.

    *again* has stored articles whose archived page was read again; see articles.save.

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
    last = db.execute("select ifnull(max(id), 0) from fetches").fetchone()[0]
    last_revision = sealing.last_revision(db)
    words: articles.Words = []
    saved = [
        _save_article(db, article, words, site=site, now=now, again=again)
        for article in batch.articles
    ]
    for found in batch.found:
        _save_found(db, found, site=site, now=now)
    for fetch in batch.fetches:
        _save_fetch(db, fetch, site=site, run_id=run_id)
    _look_for_moved(db, batch, saved, run_id)
    takedown.judge(db, run_id, last)
    for statement, values in words:
        db.execute(statement, values)
    raw_index.save_payloads(db, batch.payloads)
    written = [one.article_id for one in saved if one.outcome != "unchanged"]
    sealing.note(db, written, after_revision=last_revision)
    return saved


def _look_for_moved(
    db: sqlite3.Connection, batch: Batch, saved: list[Saved], run_id: int | None
) -> None:
    for article, one in zip(batch.articles, saved, strict=True):
        requested = canonical_or_none(article.requested_url)
        if requested and requested != one.url:
            takedown.moved(db, run_id, requested, one.article_id)


def _site_of(url: str, site: str | None) -> str:
    known = site or site_key_or_none(url)
    if not known:
        raise ArchiveError(f"not an address that can be stored: {url[:200]!r}")
    return known


def _save_article(
    db: sqlite3.Connection,
    article: Article,
    words: articles.Words,
    *,
    site: str | None,
    now: datetime,
    again: articles.Readings,
) -> Saved:
    reading = reading_of(article)
    reading["site"] = reading["site"] or _site_of(reading["url"], site)
    reading["fetched_at"] = reading["fetched_at"] or iso(now)
    outcome, article_id, revision = articles.save(db, reading, words, again)
    save_leading_urls(db, article_id, reading)
    return Saved(url=reading["url"], article_id=article_id, outcome=outcome, revision=revision)


def save_leading_urls(db: sqlite3.Connection, article_id: int, reading: Reading) -> None:
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
    related.complete(db, values["url"], values["listed_title"])


def _save_fetch(
    db: sqlite3.Connection, fetch: Fetch, *, site: str | None, run_id: int | None
) -> None:
    fetched_at = iso(fetch.fetched_at) or ""
    article_url = cleaned(fetch.article_url)
    article = db.execute("select id, title from articles where url = ?", (article_url,)).fetchone()
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
        "missing": takedown.reason_of(fetch),
        "links": fetch.links,
        "warc_file": fetch.warc_file,
        "warc_offset": fetch.warc_offset,
        # A page that was dropped as a copy of a stored article led to that: no error.
        "error": None if article else cleaned(fetch.error),
    }
    db.execute(INSERT_FETCH, values)
    db.execute(SAVE_FETCHED, values)
    if fetch.http_status == 304:
        # The server says that nothing changed: a sight of the article as good as its text.
        takedown.seen_at(db, values["url"], fetched_at)
    if article and article_url != values["url"]:
        # The next visit goes to the article's own address, whichever way led there this time.
        db.execute(
            "update urls set next_visit = ? where url = ?", (values["next_visit"], article_url)
        )
        related.link(db, article["id"], values["url"], article["title"])
        takedown.moved(db, run_id, values["url"], article["id"])
