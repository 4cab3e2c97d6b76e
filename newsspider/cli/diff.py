"""newsspider diff: two readings of one article compared."""

import json
from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import database_option, heading, is_colored, json_option, show_json
from newsspider.store import Archive
from newsspider.text import printable

MARKS = {"=": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}
COLORS = {"-": "red", "+": "green"}


@click.command()
@click.argument("key", metavar="ID|URL")
@click.argument("old", metavar="[A]", type=click.IntRange(min=1), required=False)
@click.argument("new", metavar="[B]", type=click.IntRange(min=1), required=False)
@database_option
@json_option
def diff(key: str, old: int | None, new: int | None, db: Path, as_json: bool) -> None:
    """Show what changed in an article from reading A to reading B.

    A and B are numbers of `newsspider history`; B is the current reading when it is left out, A the
    one before B. Removed text stands in [-  -] and added text in {+  +}, on a terminal in colours.

    \b
        newsspider diff 12
        newsspider diff 12 1 3 --json
    """
    with Archive(db, read_only=True) as archive:
        found = archive.diff(key, old, new)
    if as_json:
        show_json(found)
        return
    for side, mark in (("from", "---"), ("to", "+++")):
        reading = found[side]
        told = f"{mark} reading {reading['reading']}, revision {reading['revision']}"
        click.echo(heading(printable(f"{told}, seen {reading['seen_at']}")))
    for name, change in found["fields"].items():
        click.echo(f"{name}: {_field(change)}")
    for line in found["body"]:
        place = line["after"] if line["before"] is None else line["before"]
        click.echo(f"paragraph {place}: {_pieces(line['pieces'])}")
    if not found["fields"] and not found["body"]:
        click.echo("no difference", err=True)


def _field(change: dict[str, Any]) -> str:
    if "pieces" in change:
        return _pieces(change["pieces"])
    sides = (("-", change["before"]), ("+", change["after"]))
    return _pieces([[mark, _value(value)] for mark, value in sides if value not in (None, [])])


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pieces(pieces: list[list[str]]) -> str:
    return "".join(_piece(mark, printable(text)) for mark, text in pieces)


def _piece(mark: str, text: str) -> str:
    if mark != "=" and is_colored():
        return click.style(text, fg=COLORS[mark], strikethrough=mark == "-" or None)
    start, end = MARKS[mark]
    return f"{start}{text}{end}"
