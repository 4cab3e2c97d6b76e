"""newsspider gaps: days with too little, pages that were listed and not stored."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import database_option, heading, json_option, show_json, show_rows
from newsspider.errors import UsageError
from newsspider.health.gaps import AROUND_DAYS, thin_days
from newsspider.store import Archive
from newsspider.store.watching import Watch

DAYS = 30
DAY = click.DateTime(["%Y-%m-%d"])
TABLES = {
    "days": (
        "Days with fewer articles than usual",
        ("site", "day", "articles", "usual", "section"),
    ),
    "unstored": ("Listed, but not stored", ("site", "day", "reason", "url")),
    "ledger": (
        "Listed, answered, read as an article, stored",
        ("site", "day", "listed", "answered", "articles", "stored", "section"),
    ),
}


@click.command()
@click.argument("site", required=False)
@click.option("--since", type=DAY, metavar="DATE", help="From this day on; default: a month ago.")
@click.option("--until", type=DAY, metavar="DATE", help="Up to this day; default: the last whole.")
@click.option("--ledger", "is_full", is_flag=True, help="Also what each list named, day by day.")
@database_option
@json_option
def gaps(
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    is_full: bool,
    db: Path,
    as_json: bool,
) -> None:
    """List days and sections with fewer articles than usual, and pages listed but not stored.

    A day is compared with the same weekday of four weeks before and after it.

    \b
        newsspider gaps bohai --since 2026-09-01
    """
    with Archive(db, read_only=True) as archive, archive.watching() as watch:
        if site:
            watch.check_site(site)
        crawled = watch.last_crawled(site)
        # The day of the last crawl was not over yet.
        last = until.date() if until else (crawled or date.today()) - timedelta(days=1)
        first = since.date() if since else last - timedelta(days=DAYS)
        if first > last:
            raise UsageError(f"--since {first} is later than --until {last}")
        found = {"days": found_days(watch, site, first, last)}
        # Up to now: what waits was listed today.
        listed_until = last if until else date.max
        found["unstored"] = watch.unstored(site, first, listed_until)
        if is_full:
            found["ledger"] = watch.ledger(site, first, listed_until)
    if as_json:
        show_json(found)
    else:
        _show(found)


def found_days(watch: Watch, site: str | None, first: date, last: date) -> list[dict[str, Any]]:
    """Return the days from *first* to *last* with fewer articles than usual, by site."""
    around, found = timedelta(days=AROUND_DAYS), []
    for key in watch.sites(site):
        # The day of the last crawl was not over yet.
        whole = (watch.last_crawled(key) or last) - timedelta(days=1)
        counts = watch.per_day(key, first - around, min(last + around, whole))
        for thin in thin_days(counts, first, min(last, whole)):
            row = {"site": key, "section": thin.section or None, "day": f"{thin.day}"}
            found.append({**row, "articles": thin.articles, "usual": thin.usual})
    return found


def _show(found: dict[str, list[dict[str, Any]]]) -> None:
    shown = False
    for name, (title, columns) in TABLES.items():
        if rows := found.get(name):
            click.echo(("\n" if shown else "") + heading(title))
            show_rows(rows, columns, as_json=False)
            shown = True
    if not shown:
        click.echo("no gaps found", err=True)
