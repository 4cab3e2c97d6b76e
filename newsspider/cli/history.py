"""newsspider history: every reading of one article."""

from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import database_option, json_option, show_json, show_rows
from newsspider.store import Archive
from newsspider.text import printable

COLUMNS = ("reading", "revision", "kind", "seen_at", "classes", "fields", "title")


@click.command()
@click.argument("key", metavar="ID|URL")
@database_option
@json_option
def history(key: str, db: Path, as_json: bool) -> None:
    """List every reading of one article, the oldest first, and when the article was away.

    A reading of kind `edit` is a change by the publisher, one of kind `extraction` is the same page
    read by another version of newsspider or of the profile.

    \b
        newsspider history 12
    """
    with Archive(db, read_only=True) as archive:
        found = archive.history(key)
    if as_json:
        show_json(found)
        return
    show_rows([_plain(row) for row in found["readings"]], COLUMNS, as_json=False)
    for absence in found["absences"]:
        click.echo(printable(_told(absence)))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: ", ".join(row[name]) for name in ("classes", "fields")}


def _told(absence: dict[str, Any]) -> str:
    """Return one line on when an article was away."""
    line = f"{absence['status']} between {absence['last_seen']} and {absence['first_missing']}"
    line += f" ({absence['reason']})"
    if absence["moved_to"]:
        line += f", to {absence['moved_to']}"
    return line + (f", back {absence['ended']}" if absence["ended"] else "")
