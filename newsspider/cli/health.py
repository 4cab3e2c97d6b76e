"""newsspider health: how portals fare."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import database_option, heading, json_option, show_json, show_rows
from newsspider.cli.config import read_config
from newsspider.cli.notices import check_channels, tell
from newsspider.errors import UsageError
from newsspider.store import Archive
from newsspider.text import printable

COLUMNS = ("site", "last_run", "exit", "read", "new", "errors", "unchanged", "newest", "alarms")


@click.command()
@click.argument("site", required=False)
@click.option("--accept", is_flag=True, help="Take SITE for well as it is now: ends its alarms.")
@click.option("--notify", "is_told", is_flag=True, help="Tell whom newsspider.toml names.")
@database_option
@json_option
@click.pass_context
def health(
    ctx: click.Context, /, site: str | None, accept: bool, is_told: bool, db: Path, as_json: bool
) -> None:
    """Show how every portal fared in its last run, or SITE, and the alarms that are in force.

    \b
        newsspider health
        newsspider health bohai --json

    Exit status: 0 all is well, 3 there are alarms, 1 somebody could not be told.
    """
    channels = read_config().notify
    if is_told:
        check_channels(channels)
    if accept and not site:
        raise UsageError("--accept needs the SITE whose state is accepted")
    with Archive(db, read_only=not accept) as archive, archive.watching() as watch:
        if site:
            watch.check_site(site)
        ended = watch.accept(site) if accept and site else 0
        alarms, runs = watch.alarms(site), watch.last_runs(site)
    if accept:
        click.echo(f"{ended} alarm{'s' * (ended != 1)} ended; {site} is measured anew", err=True)
    found = [_row(run, [a for a in alarms if a["site"] == run["site"]]) for run in runs]
    if as_json:
        show_json(found)
    else:
        _show(found)
    arrived = tell(db, channels) if is_told else True
    ctx.exit(1 if not arrived else 3 if alarms else 0)


def _row(run: dict[str, Any], alarms: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("name", "subject", "message", "urls", "since")
    return {
        **{name: run[name] for name in ("site", "run_id", "started", "finished", "exit")},
        "measures": run["measures"],
        "alarms": [{name: alarm[name] for name in names} for alarm in alarms],
    }


def _show(found: list[dict[str, Any]]) -> None:
    if not found:
        click.echo("no portal has been crawled to its end yet", err=True)
        return
    show_rows([_line(row) for row in found], COLUMNS, as_json=False)
    for row in found:
        for alarm in row["alarms"]:
            since = datetime.fromisoformat(alarm["since"]).astimezone()
            click.echo()
            what = alarm["name"].replace("_", " ")
            click.echo(heading(f"{row['site']}: {what}") + f", since {since:%Y-%m-%d %H:%M}")
            click.echo(f"  {printable(alarm['message'])}")
            for url in alarm["urls"]:
                click.echo(f"  {printable(url)}")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    measures, started = row["measures"], datetime.fromisoformat(row["started"]).astimezone()
    answers, age = measures.get("answers", 0), measures.get("newest_age_h")
    return {
        "site": row["site"],
        "last_run": f"{started:%Y-%m-%d %H:%M}",
        "exit": row["exit"],
        "read": measures.get("articles"),
        "new": measures.get("new"),
        "errors": f"{100 * measures['refused'] / answers:.0f} %" if answers else "",
        "unchanged": f"{100 * measures['not_modified'] / answers:.0f} %" if answers else "",
        "newest": "" if age is None else f"{age:.0f} h" if age < 48 else f"{age / 24:.0f} d",
        "alarms": len(row["alarms"]) or "",
    }
