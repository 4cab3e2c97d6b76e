"""How portals fare over time: measures of earlier runs, alarms, who was told of them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from newsspider.errors import NotFound
from newsspider.items import iso
from newsspider.store import completeness, monthly
from newsspider.store.connection import transaction
from newsspider.store.queries import utc
from newsspider.store.readings import cleaned, to_json
from newsspider.store.records import PastRun, Raised

COMPARED = 80
"""Runs that are looked back at: every six hours for three weeks, or daily for eleven."""

PAST = """
select id, started, measures from runs
 where site = :site and id < :run and finished is not null and measures <> '{}'
 order by id desc limit :limit"""
LISTS = """
select run_id, url, links from fetches
 where links is not null and run_id in (select value from json_each(:runs))"""
FORMER_ALARMS = """
select r.value as run, a.name, a.subject
  from json_each(:runs) r join alarms a on a.site = :site
   and iif(a.accepted is null,
           a.first_run <= r.value and (a.ended_run is null or a.ended_run > r.value),
           -- what was accepted is the usual state since, and what was before is not
           r.value < a.first_run)"""
NEWEST = """
select max(date_published) from articles where site = :site and date_published <= :limit"""
FOUND = """
select u.url, u.kind from fetches f join urls u on u.url = f.url
 where f.run_id = :run and f.http_status = 200 and u.first_seen >= :started
   and u.kind in ('article', 'other')
   and u.found_on is not null"""
SAVE_ALARM = """
update alarms set message = :message, urls = :urls, last_run = :run
 where site = :site and name = :name and subject = :subject and ended_run is null"""
NEW_ALARM = """
insert into alarms (site, name, subject, message, urls, first_run, last_run)
values (:site, :name, :subject, :message, :urls, :run, :run)"""
END_OTHERS = """
update alarms set ended_run = :run
 where site = :site and ended_run is null and last_run <> :run"""
ACCEPT = """
update alarms set accepted = :now, ended_run = last_run
 where site = :site and ended_run is null"""
IN_FORCE = """
select a.id, a.site, a.name, a.subject, a.message, a.urls, a.first_run, a.last_run,
       f.started as since
  from alarms a join runs f on f.id = a.first_run
 where a.ended_run is null and a.site = ifnull(:site, a.site) order by a.site, a.id"""
LAST_RUNS = """
select r.site, r.id as run_id, r.started, r.finished, r.exit, r.counts, r.measures from runs r
 where r.id in (select max(id) from runs where finished is not null
                  and ifnull(options ->> 'reach', 'site') = 'site' group by site)
   and r.site = ifnull(:site, r.site) order by r.site"""
LAST_STARTED = """
select max(started) from runs where site = :site and finished is not null and exit <> 130
   and ifnull(options ->> 'reach', 'site') = 'site'"""
UNTOLD = """
select a.id, a.site, a.name, a.subject, a.message, a.urls, :event as event,
       r.started, a.first_run, a.last_run, a.ended_run
  from alarms a join runs r on r.id = iif(:event = 'raised', a.first_run, a.ended_run)
 where a.accepted is null and iif(:event = 'raised', a.ended_run is null,
           a.ended_run is not null and exists (select 1 from notices n where n.alarm_id = a.id
                                                and n.event = 'raised' and n.channel = :channel))
   and not exists (select 1 from notices n where n.alarm_id = a.id and n.event = :event
                    and n.channel = :channel)
 order by a.site, a.id"""


class Watch:
    """The door to all this; `Archive.watch`."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let no other process tell of alarms meanwhile: each is told once."""
        with FileLock(self._path.with_name(f".{self._path.name}.notices.lock")):
            yield

    def past_runs(self, site: str, before: int) -> list[PastRun]:
        """Return the measured runs of *site* before run *before*, the oldest first."""
        rows = self._db.execute(PAST, {"site": site, "run": before, "limit": COMPARED}).fetchall()
        runs = to_json([row["id"] for row in rows])
        lists: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for row in self._db.execute(LISTS, {"runs": runs}):
            lists[row["run_id"]][row["url"]] = row["links"]
        alarms: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in self._db.execute(FORMER_ALARMS, {"runs": runs, "site": site}):
            alarms[row["run"]].add((row["name"], row["subject"]))
        return [
            PastRun(
                started=datetime.fromisoformat(row["started"]),
                measures=json.loads(row["measures"]),
                lists=lists[row["id"]],
                alarms=frozenset(alarms[row["id"]]),
            )
            for row in reversed(rows)
        ]

    def active_alarms(self, site: str) -> frozenset[tuple[str, str]]:
        """Return name and subject of the alarms of *site* in force."""
        rows = self._db.execute(IN_FORCE, {"site": site})
        return frozenset((row["name"], row["subject"]) for row in rows)

    def newest_age_h(self, site: str, now: datetime) -> float | None:
        """Return the hours since the newest article of *site* was published; None without any.

        A day without a clock counts from its end, and what is dated later than now as now.
        """
        # Times stand on the portal's own clock, at most 14 hours ahead of UTC.
        limit = utc(now + timedelta(hours=14))
        newest = self._db.execute(NEWEST, {"site": site, "limit": limit}).fetchone()[0]
        if newest is None:
            return None
        moment = datetime.fromisoformat(newest)
        if len(newest) == 10:
            moment = moment.replace(hour=23, minute=59)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(max(0.0, (now - aware).total_seconds() / 3600), 2)

    def found_in(self, run_id: int, started: datetime) -> list[tuple[str, bool]]:
        """Return each address that a run met first and read, and whether it is an article."""
        rows = self._db.execute(FOUND, {"run": run_id, "started": iso(started)})
        return [(row["url"], row["kind"] == "article") for row in rows]

    def save_alarms(self, run_id: int, alarms: Sequence[Raised], *, ends_others: bool) -> None:
        """Record which alarms are in force after a run; *ends_others*: no other one is any more."""
        run: dict[str, Any] = {"run": run_id}
        with transaction(self._db):
            row = self._db.execute("select site from runs where id = :run", run).fetchone()
            run["site"] = row["site"]
            for alarm in alarms:
                values = {**run, "name": alarm.name, "subject": cleaned(alarm.subject)}
                values["message"] = cleaned(alarm.message)
                values["urls"] = to_json(cleaned(list(alarm.urls)))
                if not self._db.execute(SAVE_ALARM, values).rowcount:
                    self._db.execute(NEW_ALARM, values)
            if ends_others:
                self._db.execute(END_OTHERS, run)

    def alarms(self, site: str | None = None) -> list[dict[str, Any]]:
        """Return the alarms in force, by site, the oldest first."""
        rows = map(dict, self._db.execute(IN_FORCE, {"site": site}))
        return [{**row, "urls": json.loads(row["urls"])} for row in rows]

    def accept(self, site: str) -> int:
        """Take the state of *site* for the usual one; return how many alarms that ends."""
        values = {"now": utc(datetime.now(UTC)), "site": site}
        return self._db.execute(ACCEPT, values).rowcount

    def last_runs(self, site: str | None = None) -> list[dict[str, Any]]:
        """Return the last finished run over the whole of each site, by site."""
        rows = map(dict, self._db.execute(LAST_RUNS, {"site": site}))
        return [
            {**row, "counts": json.loads(row["counts"]), "measures": json.loads(row["measures"])}
            for row in rows
        ]

    def last_started(self, site: str) -> datetime | None:
        """Return when the last finished run over the whole of *site* began; None without any.

        One that was interrupted does not count.
        """
        found = self._db.execute(LAST_STARTED, {"site": site}).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def check_site(self, site: str) -> None:
        """Raise NotFound when no run and no article is of *site*."""
        known = (
            "select 1 from runs where site = :s union all select 1 from articles where site = :s"
        )
        if self._db.execute(f"{known} limit 1", {"s": site}).fetchone() is None:
            raise NotFound(f"nothing is known of the site {site!r}; `newsspider stats` names all")

    def sites(self, site: str | None = None) -> list[str]:
        """Return the sites that have articles: all, or *site* if it is one of them."""
        return completeness.sites(self._db, site)

    def last_crawled(self, site: str | None = None) -> date | None:
        """Return the day of the last run over *site*, or over any; None without one."""
        return completeness.last_crawled(self._db, site)

    def per_day(self, site: str, since: date, until: date) -> Mapping[str, Mapping[date, int]]:
        """Return the articles of each section on each day, "" for the whole *site*."""
        return completeness.per_day(self._db, site, since, until)

    def ledger(self, site: str | None, since: date, until: date) -> list[dict[str, Any]]:
        """Return by site, list and day how many addresses were listed, and how far they came."""
        return completeness.ledger(self._db, site, since, until)

    def unstored(self, site: str | None, since: date, until: date) -> list[dict[str, Any]]:
        """Return the addresses that a list named and no article is stored of, and why."""
        return completeness.unstored(self._db, site, since, until)

    def month(self, site: str | None, since: date, beyond: date) -> dict[str, Any]:
        """Return the numbers of a month; see monthly.month."""
        return monthly.month(self._db, site, since, beyond)

    def untold(self, channel: str) -> list[dict[str, Any]]:
        """Return the alarms that were raised or have ended and that *channel* was not told of."""
        rows: list[dict[str, Any]] = []
        for event in ("raised", "ended"):
            found = self._db.execute(UNTOLD, {"channel": channel, "event": event})
            rows += ({**row, "urls": json.loads(row["urls"])} for row in map(dict, found))
        return rows

    def told(self, channel: str, news: Iterable[dict[str, Any]]) -> None:
        """Record that *channel* was told of *news*."""
        now = utc(datetime.now(UTC))
        self._db.executemany(
            "insert or ignore into notices (alarm_id, event, channel, sent_at) values (?, ?, ?, ?)",
            [(row["id"], row["event"], channel, now) for row in news],
        )
