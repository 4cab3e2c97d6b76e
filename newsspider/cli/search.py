"""newsspider search: articles that hold every word."""

from pathlib import Path

import click

from newsspider.cli.common import choice_options, database_option, json_option, show_rows
from newsspider.store import Archive


@click.command()
@click.argument("text", nargs=-1, required=True)
@choice_options
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@database_option
@json_option
def search(
    text: tuple[str, ...],
    site: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    limit: int,
    db: Path,
    as_json: bool,
) -> None:
    """Print stored articles that hold every word of TEXT, best first.

    Han characters that stand together are one word. Finding nothing is no error.

    \b
        newsspider search 共建 --since 2023-03 --limit 5
    """
    with Archive(db, read_only=True) as archive:
        rows = archive.search(
            " ".join(text), site=site, since=since, until=until, status=status, limit=limit
        )
    show_rows(rows, ("id", "date_published", "site", "title", "snippet"), as_json=as_json)
    if not rows:
        click.echo("nothing found", err=True)
