"""What is asked of the archive beside its articles' text: by address, what is due, the runs."""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from newsspider.dedupe import exact_hash
from newsspider.errors import NotFound, UsageError
from newsspider.items import Article
from newsspider.store.documents import CHUNK, Row, read_articles
from newsspider.store.readings import folded, to_json
from newsspider.store.records import Visit
from newsspider.urls import canonical_or_none

MAX_ID = 2**63 - 1

DUE = """
select u.id from urls u left join articles a on a.id = u.article_id
where u.site = :site and (
  -- the first page of a list in every run, a later one when its time has come
  (u.kind in ('section', 'feed', 'sitemap')
    and (ifnull(u.next_visit <= :now, 1) or :revisit = 'all'))
  or (u.last_fetched is null and ifnull(u.next_visit <= :now, 1))
  -- what never had a usable answer is asked for again
  or (u.kind = 'other' and u.error is not null and ifnull(u.next_visit <= :now, 1))
  -- an article is visited at its own address, not at every one that led to it
  or (ifnull(a.url = u.url, 1) and case :revisit
        when 'due' then u.next_visit <= :now
        when 'all' then u.kind = 'article' and a.status = 'live'
        else 0 end))
order by u.kind in ('section', 'feed', 'sitemap') desc,
         coalesce(a.date_published, u.listed_date, u.first_seen) desc, u.id"""
SAME_TEXT = """
select url from articles
where body_hash = :hash and site = :site and title is :title and url <> :url order by id limit 1"""
REVISITS = ("due", "all", "none")

VISITS = """
select u.url, u.kind, u.article_id, u.last_fetched, u.http_status, u.next_visit, u.error, u.id,
  u.etag, u.last_modified,
  max(ifnull(json_array_length(a.page_urls), 0), a.next_page is not null) as page_count,
  ifnull(a.date_published, u.listed_date) as date_published,
  iif(u.error is null and ifnull(u.http_status, 0) < 400 and ifnull(a.status, 'live') = 'live', 0, (
    select count(*) from fetches f where f.url = u.url and f.id > ifnull((
      select max(g.id) from fetches g where g.url = u.url and g.http_status < 400
        and g.missing is null), 0))) as failures
from urls u left join articles a on a.id = u.article_id
where u.{} in (select value from json_each(?))"""


def find(db: sqlite3.Connection, key: int | str) -> Row:
    """Return the article of an id, or of any URL that led to it.

    Raises:
        NotFound: there is none.
    """
    text = str(key).strip()
    article_id = int(text) if text.isascii() and text.isdigit() else _id_of_url(db, text)
    if article_id is not None and article_id <= MAX_ID:
        found = read_articles(db, "where id = ?", (article_id,))
        if found:
            return found[0]
    raise NotFound(f"no article is stored under {text[:200]!r}")


def _id_of_url(db: sqlite3.Connection, url: str) -> int | None:
    for address in dict.fromkeys((url, canonical_or_none(url))):
        row = db.execute(
            "select coalesce((select id from articles where url = :url),"
            " (select article_id from urls where url = :url))",
            {"url": address and address.encode("utf-8", "replace").decode()},
        ).fetchone()
        if row[0] is not None:
            return int(row[0])
    return None


def visits(db: sqlite3.Connection, urls: Iterable[str]) -> dict[str, Visit]:
    """Return the state of those *urls* that are known."""
    wanted = to_json([url.encode("utf-8", "replace").decode() for url in urls])
    return {row["url"]: _visit(row) for row in db.execute(VISITS.format("url"), (wanted,))}


def due(db: sqlite3.Connection, site: str, *, now: datetime, revisit: str) -> Iterator[Visit]:
    """Yield what of *site* is to be asked for: lists first, then the newest addresses.

    Raises:
        UsageError: *revisit* is not due, all or none.
    """
    if revisit not in REVISITS:
        raise UsageError(f"revisit is due, all or none, not {revisit!r}")
    values = {"site": site, "now": utc(now), "revisit": revisit}
    # Numbers only: a crawl takes hours, and an open cursor would keep the log growing.
    ids = array("q", (row[0] for row in db.execute(DUE, values)))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK].tolist()
        found = {row["id"]: row for row in db.execute(VISITS.format("id"), (to_json(chunk),))}
        yield from (_visit(found[url_id]) for url_id in chunk if url_id in found)


def same_text(db: sqlite3.Connection, article: Article) -> str | None:
    """Return the address of another stored article of the site with this title and text."""
    values = {"hash": exact_hash(folded(article.body)), "site": article.site}
    row = db.execute(SAME_TEXT, {**values, "title": article.title, "url": article.url}).fetchone()
    return str(row["url"]) if row else None


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(
        url=row["url"],
        kind=row["kind"],
        article_id=row["article_id"],
        last_fetched=_datetime(row["last_fetched"]),
        http_status=row["http_status"],
        next_visit=_datetime(row["next_visit"]),
        error=row["error"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        page_count=row["page_count"],
        date_published=_datetime(row["date_published"]),
        failures=row["failures"],
    )


def _datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def utc(moment: datetime) -> str:
    """Return *moment* as ISO 8601 in UTC, which sorts as time; a naive one is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def runs(db: sqlite3.Connection, limit: int) -> list[Row]:
    """Return the last *limit* runs, the latest first."""
    return _runs(db, "", (limit,))


def runs_of(db: sqlite3.Connection, site: str, limit: int) -> list[Row]:
    """Return the last *limit* runs of *site*, the latest first."""
    return _runs(db, "where site = ?", (site, limit))


def _runs(db: sqlite3.Connection, where: str, values: tuple[str | int, ...]) -> list[Row]:
    found = db.execute(
        "select id, site, started, finished, exit, targets, options, counts from runs"
        f" {where} order by id desc limit ?",
        values,
    )
    names = ("targets", "options", "counts")
    return [{**row, **{name: json.loads(row[name]) for name in names}} for row in map(dict, found)]
