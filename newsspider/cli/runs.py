"""newsspider runs: the last crawls."""

from pathlib import Path

import click

from newsspider.cli.common import database_option, json_option, show_rows
from newsspider.store import Archive


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@database_option
@json_option
def runs(limit: int, db: Path, as_json: bool) -> None:
    """Print the last crawls, the latest first; one without an end goes on or was killed.

    \b
        newsspider runs --limit 3
    """
    with Archive(db, read_only=True) as archive:
        rows = archive.runs(limit)
    show_rows(rows, ("id", "site", "started", "finished", "exit", "counts"), as_json=as_json)
    if not rows:
        click.echo("no runs yet", err=True)
