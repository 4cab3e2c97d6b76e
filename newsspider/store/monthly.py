"""What happened in one month: the numbers of the monthly report."""

import sqlite3
from datetime import date, timedelta
from typing import Any

WHERE = (
    "a.date_published >= :since and a.date_published < :beyond and a.site = ifnull(:site, a.site)"
)
COUNTS = {
    "days": "select substr(a.date_published, 1, 10) as name, count(*) as articles from articles a"
    f" where {WHERE} group by 1 order by 1",
    "sources": "select a.source as name, count(*) as articles from articles a"
    f" where {WHERE} and a.source is not null group by 1 order by 2 desc, 1 limit 15",
    "sections": "select a.section as name, count(*) as articles from articles a"
    f" where {WHERE} and a.section is not null group by 1 order by 2 desc, 1 limit 15",
    "sites": "select a.site as name, count(*) as articles from articles a"
    f" where {WHERE} group by 1 order by 2 desc, 1 limit 30",
}
BETWEEN = "between :since and :end"
EDITS = f"""
select e.site, e.url, e.title, e.date_published, e.replaced_at, e.fields from edits e
 where substr(e.replaced_at, 1, 10) {BETWEEN} and e.site = ifnull(:site, e.site)
 order by e.replaced_at desc"""
EDIT_CLASSES = f"""
select c.value as name, count(*) as articles from edits e, json_each(e.classes) c
 where substr(e.replaced_at, 1, 10) {BETWEEN} and e.site = ifnull(:site, e.site)
 group by 1 order by 2 desc, 1"""
GONE = f"""
select a.site, a.url, a.title, a.date_published, b.status, b.reason, b.last_seen, b.first_missing,
       b.ended
  from absences b join articles a on a.id = b.article_id
 where substr(b.first_missing, 1, 10) {BETWEEN} and a.site = ifnull(:site, a.site)
 order by b.first_missing desc"""
ALARMS = f"""
select l.site, l.name, l.subject, l.message, f.started as since, e.started as until
  from alarms l join runs f on f.id = l.first_run left join runs e on e.id = l.ended_run
 where substr(f.started, 1, 10) {BETWEEN} and l.site = ifnull(:site, l.site) order by f.started"""
RUNS = f"""
select count(*) as runs, ifnull(sum(exit not in (0, 3)), 0) as failed from runs
 where substr(started, 1, 10) {BETWEEN} and site = ifnull(:site, site)"""
LISTED = 20
"""Rows of a list that the report shows; the number of all is told."""


def month(db: sqlite3.Connection, site: str | None, since: date, beyond: date) -> dict[str, Any]:
    """Return what was published, changed and taken down from *since* to the day before *beyond*.

    `days`, `sources`, `sections`, `sites` and `edit_classes` are counts by name; `edits`, `gone`
    and `alarms` are the latest rows, with the number of all under `edits_total`, `gone_total`.
    """
    end = beyond - timedelta(days=1)
    values = {"site": site, "since": f"{since}", "beyond": f"{beyond}", "end": f"{end}"}
    found: dict[str, Any] = {
        name: {row["name"]: row["articles"] for row in db.execute(sql, values)}
        for name, sql in {**COUNTS, "edit_classes": EDIT_CLASSES}.items()
    }
    for name, sql in (("edits", EDITS), ("gone", GONE), ("alarms", ALARMS)):
        rows = [dict(row) for row in db.execute(sql, values)]
        found[name], found[f"{name}_total"] = rows[:LISTED], len(rows)
    return found | dict(db.execute(RUNS, values).fetchone())
