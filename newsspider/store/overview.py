"""The archive at a glance: portals, days, sections, sources, fields over time."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from newsspider.items import body_digest

Row = dict[str, Any]

# One step in the index a portal, not one an article.
_SITES = """
with recursive sites(site) as (
  select min(site) from articles
  union all
  select (select min(site) from articles where site > sites.site) from sites
  where sites.site is not null)
"""
SITES = f"{_SITES} select site from sites where site is not null"
PORTALS = f"""{_SITES}
select site,
  (select count(*) from articles a where a.site = sites.site) as articles,
  (select max(date_published) from articles a where a.site = sites.site) as newest,
  (select min(date_published) from articles a where a.site = sites.site) as oldest,
  (select max(r.started) from runs r where r.site = sites.site) as last_run
from sites where site is not null"""
# Each day is a range of the index: four times as fast as grouping by a part of the text.
PER_DAY = """
with recursive days(day) as (
  select :first union all select date(day, '+1 day') from days where day < :last)
select day, (select count(*) from articles
             where {site}date_published >= day and date_published < date(day, '+1 day')) as articles
from days"""
SPAN = """
select (select min(date_published) from articles where {site}date_published is not null) as first,
  (select max(date_published) from articles where {site}date_published < :end) as last"""
TOTALS = """
select (select count(*) from article_keys) as articles,
  (select count(*) from revisions where kind = 'edit') as edits,
  (select count(*) from absences where ended is null) as absent"""

SECTIONS = """
select section as value, count(*) as articles, max(date_published) as newest
from articles where site = ? and section is not null group by section order by 2 desc, 1 limit 40"""
NEWEST_COUNTED = 1_000
"""Newest articles of a portal of which the sources are counted."""
SOURCES = f"""
select source as value, count(*) as articles from (
  select source from articles where site = ? order by date_published desc limit {NEWEST_COUNTED})
where source is not null group by source order by 2 desc, 1 limit 40"""

COVERED = (
    "title",
    "body",
    "date_published",
    "source",
    "authors",
    "editors",
    "section",
    "keywords",
    "description",
)
"""Fields whose coverage over time shows when a portal's template has changed."""
COVERED_EACH = 250
"""Newest articles of each month that are looked at."""
_TESTS = {"body": ":empty <> body_sha256", "authors": "authors <> '[]'"}
_TESTS |= {name: f"{name} <> '[]'" for name in ("editors", "keywords")}
COVERAGE = """
select count(*) as articles, {sums} from (
  select {columns} from articles where site = :site and date_published >= :month
    and date_published < :next order by date_published desc limit {each})""".format(
    sums=", ".join(f"sum({_TESTS.get(name, f'{name} is not null')}) as {name}" for name in COVERED),
    columns=", ".join("body_sha256" if name == "body" else name for name in COVERED),
    each=COVERED_EACH,
)


def sites(db: sqlite3.Connection) -> list[str]:
    """Return the keys of all portals, in order."""
    return [row[0] for row in db.execute(SITES)]


def portals(db: sqlite3.Connection) -> list[Row]:
    """Return every portal, the largest first: site, articles, newest, oldest, last_run."""
    rows = [dict(row) for row in db.execute(PORTALS)]
    return sorted(rows, key=lambda row: (-row["articles"], row["site"]))


def totals(db: sqlite3.Connection) -> Row:
    """Return how many articles there are, edits by publishers, and articles that are away."""
    return dict(db.execute(TOTALS).fetchone())


def span(db: sqlite3.Connection, today: date, site: str | None = None) -> tuple[date, date] | None:
    """Return the days of the first and the last article of *site*, or of all; None without one.

    What claims to be published after tomorrow is left out.
    """
    condition = "site = :site and " if site is not None else ""
    values = {"site": site, "end": (today + timedelta(days=2)).isoformat()}
    row = db.execute(SPAN.format(site=condition), values).fetchone()
    if row["first"] is None or row["last"] is None or row["first"] > row["last"]:
        return None
    return date.fromisoformat(row["first"][:10]), date.fromisoformat(row["last"][:10])


def per_day(db: sqlite3.Connection, first: date, last: date, site: str | None = None) -> list[Row]:
    """Return `day` and `articles` of every day from *first* to *last*, those with none, too."""
    condition = "site = :site and " if site is not None else ""
    values = {"site": site, "first": first.isoformat(), "last": last.isoformat()}
    return [dict(row) for row in db.execute(PER_DAY.format(site=condition), values)]


def sections(db: sqlite3.Connection, site: str) -> list[Row]:
    """Return the sections of a portal, the largest first: value, articles, newest."""
    return [dict(row) for row in db.execute(SECTIONS, (site,))]


def sources(db: sqlite3.Connection, site: str) -> list[Row]:
    """Return from where the newest NEWEST_COUNTED articles of a portal are: value, articles."""
    return [dict(row) for row in db.execute(SOURCES, (site,))]


def coverage(db: sqlite3.Connection, site: str, last: date, months: int = 12) -> list[Row]:
    """Return for each of the last *months* that has articles `month`, `articles`, `fields`.

    `fields` is how many percent of at most COVERED_EACH articles have each field of COVERED. The
    latest month is that of *last*; it comes last.
    """
    found = []
    for month, following in _months(last, months):
        values = {"site": site, "month": month, "next": following, "empty": body_digest("")}
        row = dict(db.execute(COVERAGE, values).fetchone())
        count = row.pop("articles")
        if count:
            shares = {name: round(100 * row[name] / count) for name in COVERED}
            found.append({"month": month[:7], "articles": count, "fields": shares})
    return found


def _months(last: date, months: int) -> Iterator[tuple[str, str]]:
    """Yield the first day of each month up to that of *last*, and of the one after it."""
    number = last.year * 12 + last.month - months
    for at in range(number, number + months):
        years, month = divmod(at, 12)
        following, next_month = divmod(at + 1, 12)
        yield f"{years:04}-{month + 1:02}-01", f"{following:04}-{next_month + 1:02}-01"
