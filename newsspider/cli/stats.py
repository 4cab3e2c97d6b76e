"""newsspider stats: what is in the archive."""

from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import database_option, json_option, show_json, show_rows
from newsspider.store import Archive
from newsspider.text import printable


@click.command()
@database_option
@json_option
def stats(db: Path, as_json: bool) -> None:
    """Print what is in the archive: counts, sites, time span, how many articles have which field.

    \b
        newsspider stats --json
    """
    with Archive(db, read_only=True) as archive:
        found = archive.stats()
    if as_json:
        show_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if not isinstance(value, dict):
            click.echo(f"{name:<22}{'' if value is None else printable(str(value))}".rstrip())
    for name, column in (("by_site", "site"), ("by_status", "status")):
        if found[name]:
            click.echo()
            counts = [{"articles": n, column: key} for key, n in found[name].items()]
            show_rows(counts, ("articles", column), as_json=False)
    if found["coverage"]:
        click.echo()
        shares = [{"percent": f"{n:5.1f}", "field": key} for key, n in found["coverage"].items()]
        show_rows(shares, ("percent", "field"), as_json=False)
