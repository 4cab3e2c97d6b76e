"""newsspider show: one stored article."""

from pathlib import Path

import click

from newsspider.cli.common import database_option, json_option, show_json
from newsspider.cli.reader import show_article
from newsspider.store import Archive


@click.command()
@click.argument("key", metavar="ID|URL")
@database_option
@json_option
def show(key: str, db: Path, as_json: bool) -> None:
    """Print one stored article: every field that has a value, its lists and its text.

    URL is any address that led to it.

    \b
        newsspider show 12
    """
    with Archive(db, read_only=True) as archive:
        row = archive.get(key)
    if as_json:
        show_json(row)
    else:
        show_article(row)
