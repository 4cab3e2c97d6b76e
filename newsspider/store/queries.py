"""Every SELECT on the archive. Rows come back as plain dicts under the names of items.Article."""

import json
import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from newsspider.errors import NotFound, UsageError
from newsspider.items import ARTICLE_FIELDS
from newsspider.store import fulltext
from newsspider.store.readings import JSON_COLUMNS, ROW_FIELDS, to_json
from newsspider.store.records import Visit
from newsspider.urls import canonical_or_none

Row = dict[str, Any]

ROW_STATE = ("id", "status", "revision", "story_id", "first_seen", "last_seen")
"""What a row of articles says beyond the fields of Article."""
ROW_KEYS = (*ROW_STATE, *ARTICLE_FIELDS)
"""Keys of every article that is read, in order."""

ARTICLES = f"select {', '.join((*ROW_STATE, *ROW_FIELDS))} from articles"
CHILDREN = {
    "credits": "role, name, raw",
    "images": "url, caption, alt, credit, position",
    "related_items": "list_heading, kind, position, title, url, summary, date_published, "
    "date_published_precision",
}
CHUNK = 100
"""Articles read at once: bounds memory and the time that a reader holds a snapshot."""
MOMENT = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d)?)?)?)?)?")
MAX_ID = 2**63 - 1

DUE = """
select u.id from urls u left join articles a on a.id = u.article_id
where u.site = :site and (
  u.kind in ('section', 'feed', 'sitemap')
  or u.last_fetched is null
  -- what never had a usable answer is asked for again
  or (u.kind = 'other' and u.error is not null and ifnull(u.next_visit <= :now, 1))
  -- an article is visited at its own address, not at every one that led to it
  or (ifnull(a.url = u.url, 1) and case :revisit
        when 'due' then u.next_visit <= :now
        when 'all' then u.kind = 'article' and a.status = 'live'
        else 0 end))
order by u.kind in ('section', 'feed', 'sitemap') desc,
         coalesce(a.date_published, u.listed_date, u.first_seen) desc, u.id"""
REVISITS = ("due", "all", "none")

VISITS = """
select url, kind, article_id, last_fetched, http_status, next_visit, error, id from urls
where {} in (select value from json_each(?))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles are wanted; None leaves the choice open."""

    site: str | None = None
    since: str | date | None = None
    """First moment of publication: a year, month, day or time on the portal's own clock."""
    until: str | date | None = None
    """Last one, itself included: 2023-03 is all of March."""
    status: str | None = None

    def where(self) -> tuple[str, list[Any]]:
        """Return the SQL conditions on the table alias `a`, each after an `and`, and their values.

        Raises:
            UsageError: a moment is not ISO 8601, or the status is none.
        """
        conditions: list[str] = []
        values: list[Any] = []
        if self.site is not None:
            conditions.append("a.site = ?")
            values.append(self.site)
        if self.since is not None:
            conditions.append("a.date_published >= ?")
            values.append(_moment(self.since))
        if self.until is not None:
            until = _moment(self.until)
            conditions.append("substr(a.date_published, 1, ?) <= ?")
            values += [len(until), until]
        if self.status is not None:
            if self.status not in ("live", "gone", "moved"):
                raise UsageError(f"status is live, gone or moved, not {self.status!r}")
            conditions.append("a.status = ?")
            values.append(self.status)
        return "".join(f" and {condition}" for condition in conditions), values


def _moment(value: str | date) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    text = value.isoformat() if isinstance(value, date) else value.strip().replace(" ", "T")
    if not MOMENT.fullmatch(text):
        raise UsageError(f"not a date such as 2023-03-21 or 2023-03-21T13:21: {text[:40]!r}")
    return text


def read_articles(db: sqlite3.Connection, where: str, values: Iterable[Any]) -> list[Row]:
    """Return the articles that the SQL *where* (and what follows it) chooses, keys ROW_KEYS."""
    # Articles and their lists are read from one snapshot; inside a write there is one already.
    own = not db.in_transaction
    if own:
        db.execute("begin")
    try:
        rows = [dict(row) for row in db.execute(f"{ARTICLES} {where}", tuple(values))]
        children = _children(db, [row["id"] for row in rows])
    finally:
        if own and db.in_transaction:
            db.execute("commit")
    return [_decoded(row, children) for row in rows]


def _children(db: sqlite3.Connection, ids: list[int]) -> dict[str, dict[int, list[Row]]]:
    found: dict[str, dict[int, list[Row]]] = {}
    for table, columns in CHILDREN.items():
        lists: dict[int, list[Row]] = {article_id: [] for article_id in ids}
        for row in db.execute(
            f"select article_id, {columns} from {table}"
            " where article_id in (select value from json_each(?)) order by id",
            (to_json(ids),),
        ):
            child = dict(row)
            lists[child.pop("article_id")].append(child)
        found[table] = lists
    return found


def _decoded(row: Row, children: dict[str, dict[int, list[Row]]]) -> Row:
    for name in JSON_COLUMNS & row.keys():
        row[name] = json.loads(row[name])
    row["credits"] = children["credits"][row["id"]]
    row["images"] = children["images"][row["id"]]
    row["related"] = children["related_items"][row["id"]]
    return {key: row[key] for key in ROW_KEYS}


def rows(db: sqlite3.Connection, choice: Choice, *, after: int = 0) -> Iterator[Row]:
    """Yield the chosen articles of an id above *after* in the order of their ids."""
    conditions, values = choice.where()
    while True:
        found = read_articles(
            db, f"a where a.id > ?{conditions} order by a.id limit {CHUNK}", (after, *values)
        )
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1]["id"]


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


def search(db: sqlite3.Connection, text: str, choice: Choice, *, limit: int = 20) -> list[Row]:
    """Return articles that hold every word of *text*, best first; by lone characters newest first.

    Raises:
        UsageError: nothing in *text* can be searched for, or *choice* makes no sense.
    """
    question = fulltext.ask(text)
    hits: list[Row] = []
    # Candidates stream: bodies are read for the hits that are returned, not for all.
    for article_id in _candidates(db, question, choice):
        row = db.execute(
            "select id, url, title, site, date_published, status, source, authors, body"
            " from articles where id = ?",
            (article_id,),
        ).fetchone()
        if question.fits(tuple(row[name] or "" for name in ("title", "body", "source", "authors"))):
            hit = {name: row[name] for name in ("id", "url", "title", "site", "date_published")}
            hit["snippet"] = fulltext.snippet(row["body"], question.words)
            hit["status"] = row["status"]
            hits.append(hit)
            if len(hits) >= limit:
                break
    return hits


def _candidates(
    db: sqlite3.Connection, question: fulltext.Question, choice: Choice
) -> Iterator[int]:
    conditions, values = choice.where()
    if question.match:
        # A word in the title says more than one in the text.
        sql = (
            "select f.rowid from articles_fts f"
            + (" join articles a on a.id = f.rowid" if conditions else "")
            + f" where f.articles_fts match ? and f.rank match 'bm25(4.0)'{conditions}"
            " order by f.rank"
        )
        values.insert(0, question.match)
    else:
        place = "instr(ifnull(a.title, '') || char(10) || a.body || char(10)"
        place += " || ifnull(a.source, '') || a.authors, ?)"
        wanted = " and ".join(place for _ in question.contained)
        sql = f"select a.id from articles a where {wanted}{conditions}"
        sql += " order by a.date_published desc, a.id desc"
        values[:0] = question.contained
    for row in db.execute(sql, values):
        yield row[0]


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


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(
        url=row["url"],
        kind=row["kind"],
        article_id=row["article_id"],
        last_fetched=_datetime(row["last_fetched"]),
        http_status=row["http_status"],
        next_visit=_datetime(row["next_visit"]),
        error=row["error"],
    )


def _datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def utc(moment: datetime) -> str:
    """Return *moment* as ISO 8601 in UTC, which sorts as time; a naive one is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def runs(db: sqlite3.Connection, limit: int) -> list[Row]:
    """Return the last *limit* runs, the latest first."""
    found = db.execute(
        "select id, site, started, finished, exit, targets, options, counts from runs"
        " order by id desc limit ?",
        (limit,),
    )
    names = ("targets", "options", "counts")
    return [{**row, **{name: json.loads(row[name]) for name in names}} for row in map(dict, found)]
