"""newsspider search: articles by what they say."""

from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import choice_options, database_option, json_option, marked, show_json
from newsspider.store import Archive
from newsspider.text import printable


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("text", nargs=-1, required=True)
@choice_options
@click.option(
    "--order",
    type=click.Choice(("best", "newest")),
    default="best",
    show_default=True,
    help="Which come first.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@database_option
@json_option
def search(
    text: tuple[str, ...],
    site: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    order: str,
    limit: int,
    db: Path,
    as_json: bool,
) -> None:
    """Print stored articles that hold every word of TEXT.

    TEXT knows "phrases", AND, OR, NOT (or -word), brackets, and title: source: author: site: since:
    until: before a word. Han characters that stand together are one word; simplified and
    traditional are the same. Finding nothing is no error.

    \b
        newsspider search 共建 --since 2023-03 --limit 5
        newsspider search '(轮渡 OR 渡轮) -停航 source:新华社' --order newest
    """
    # A word that begins with a dash is excluded; what begins with two is a mistyped option.
    for word in text:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    with Archive(db, read_only=True) as archive:
        rows = archive.search(
            " ".join(text),
            site=site,
            since=since,
            until=until,
            status=status,
            order=order,
            limit=limit,
        )
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            _show(row)
    if not rows:
        click.echo("nothing found", err=True)
    elif rows[0]["ranked_within"]:
        told = f"too many hits to rank: the best of the newest {rows[0]['ranked_within']:,}"
        click.echo(told, err=True)


def _show(row: dict[str, Any]) -> None:
    """Print one hit: a line that says which article, a line of its text."""
    status = "" if row["status"] == "live" else f"  ({row['status']})"
    facts = (str(row["id"]), row["date_published"] or "no date", row["site"])
    title = marked(row["title"] or "(no title)", row["title_marks"])
    click.echo(f"{'  '.join(map(printable, facts))}  {title}{status}")
    if row["snippet"]:
        click.echo(f"    {marked(row['snippet'], row['marks'])}")
