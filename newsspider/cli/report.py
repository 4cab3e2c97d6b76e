"""newsspider report: a month as one HTML file."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from newsspider.cli.common import database_option
from newsspider.cli.gaps import found_days
from newsspider.report import Report, render
from newsspider.store import Archive


@click.command()
@click.option(
    "--month",
    type=click.DateTime(["%Y-%m"]),
    metavar="YYYY-MM",
    help="Which month; default: the last that is over.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--site", help="Only this site, named as in `newsspider stats`.")
@click.option(
    "--lang", "language", type=click.Choice(("en", "zh")), default="en", show_default=True
)
@database_option
def report(
    month: datetime | None, output: Path | None, site: str | None, language: str, db: Path
) -> None:
    """Write a month's charts and lists as one HTML file: without -o to standard output.

    Articles per day, portals, sources, sections, edits after publication, takedowns, gaps and
    alarms. The file has no script and loads nothing: it can be mailed as it is.

    \b
        newsspider report --month 2026-10 -o report.html
    """
    today = date.today()
    since = month.date() if month else (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    beyond = (since + timedelta(days=31)).replace(day=1)
    with Archive(db, read_only=True) as archive, archive.watching() as watch:
        if site:
            watch.check_site(site)
        found = watch.month(site, since, beyond)
        gaps = found_days(watch, site, since, min(beyond, today) - timedelta(days=1))
    page = render(
        Report(
            since=since, beyond=beyond, site=site, found=found, gaps=gaps, made=today,
            language=language,
        )
    )  # fmt: skip
    data = page.encode("utf-8", "replace")
    if output:
        output.write_bytes(data)
        count = sum(found["days"].values())
        click.echo(f"{count} articles of {since:%Y-%m} to {output}", err=True)
    else:
        sys.stdout.buffer.write(data)
