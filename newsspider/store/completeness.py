"""What lists named and what became of it; how much was published on each day."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

LISTED_DAY = "substr(coalesce(u.listed_date, u.first_seen), 1, 10)"
LISTS = "('section', 'feed', 'sitemap')"

LEDGER = f"""
select u.site, l.url as list, ifnull(l.listed_title, l.url) as section, {LISTED_DAY} as day,
       count(*) as listed, count(u.last_fetched) as answered,
       sum(u.kind = 'article') as articles, count(u.article_id) as stored
  from urls u join urls l on l.url = u.found_on and l.kind in {LISTS}
 where u.kind in ('article', 'other') and u.site = ifnull(:site, u.site)
   and {LISTED_DAY} between :since and :until
 group by u.site, l.url, day order by u.site, day desc, section"""
UNSTORED = f"""
select u.site, l.url as list, ifnull(l.listed_title, l.url) as section, {LISTED_DAY} as day,
       u.url, u.listed_title as title, u.last_fetched, u.http_status, u.error, u.kind
  from urls u join urls l on l.url = u.found_on and l.kind in {LISTS}
 where u.article_id is null and u.kind in ('article', 'other') and u.site = ifnull(:site, u.site)
   and {LISTED_DAY} between :since and :until
   -- what is listed without a date and a headline is an about page, a door, another list
   and (u.kind = 'article' or u.listed_date is not null
        or length(cast(u.listed_title as blob)) >= 18)
 order by u.site, day desc, u.id"""
PER_DAY = """
select ifnull(section, '') as section, substr(date_published, 1, 10) as day, count(*) as articles
  from articles where site = :site and date_published >= :since and date_published < :beyond
 group by 1, 2"""
SITES = "select distinct site from articles where site = ifnull(:site, site) order by site"


def ledger(
    db: sqlite3.Connection, site: str | None, since: date, until: date
) -> list[dict[str, Any]]:
    """Return by site, list and day how many addresses were listed, answered, articles, stored."""
    values = {"site": site, "since": f"{since}", "until": f"{until}"}
    return [dict(row) for row in db.execute(LEDGER, values)]


def unstored(
    db: sqlite3.Connection, site: str | None, since: date, until: date
) -> list[dict[str, Any]]:
    """Return the addresses that a list named and no article is stored of, each with the reason."""
    values = {"site": site, "since": f"{since}", "until": f"{until}"}
    names = ("site", "section", "day", "url", "title")
    return [
        {**{name: row[name] for name in names}, "reason": _reason(row)}
        for row in db.execute(UNSTORED, values)
    ]


def _reason(row: sqlite3.Row) -> str:
    if row["error"]:
        return str(row["error"])
    if row["last_fetched"] is None:
        return "waits to be fetched"
    if row["http_status"] not in (200, 304):
        return f"HTTP {row['http_status']}"
    return "an article, but not stored" if row["kind"] == "article" else "read, but no article"


def per_day(
    db: sqlite3.Connection, site: str, since: date, until: date
) -> Mapping[str, Mapping[date, int]]:
    """Return how many articles of *site* each section published on each day, "" for all of it."""
    values = {"site": site, "since": f"{since}", "beyond": f"{until + timedelta(days=1)}"}
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    total: dict[date, int] = {}
    for row in db.execute(PER_DAY, values):
        day = date.fromisoformat(row["day"])
        total[day] = total.get(day, 0) + row["articles"]
        if row["section"]:
            found[row["section"]][day] = row["articles"]
    return {"": total, **found}


def sites(db: sqlite3.Connection, site: str | None) -> list[str]:
    """Return the sites that have articles: all, or *site* if it is one of them."""
    return [row["site"] for row in db.execute(SITES, {"site": site})]


def last_crawled(db: sqlite3.Connection, site: str | None) -> date | None:
    """Return the day of the last run over *site*, or over any; None without one."""
    sql = "select max(started) from runs where finished is not null and site = ifnull(?, site)"
    found = db.execute(sql, (site,)).fetchone()[0]
    return datetime.fromisoformat(found).date() if found else None
