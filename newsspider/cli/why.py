"""newsspider why: where each field of one article comes from, checked on the archived bytes."""

import json
from pathlib import Path
from typing import Any

import click

from newsspider.archive.reader import RawArchive
from newsspider.cli.common import (
    database_option,
    heading,
    json_option,
    profiles_option,
    raw_folder,
    raw_option,
    show_json,
)
from newsspider.reread import Profiles, Rereader
from newsspider.reread.why import explain
from newsspider.store import Archive
from newsspider.text import printable

DIFFERS = 3
"""Exit status when the page reads differently now, or a value is not where it should be."""
VALUE_SHOWN = 120
PLACES_SHOWN = 5


@click.command()
@click.argument("key", metavar="ID|URL")
@click.argument("field", required=False)
@profiles_option
@raw_option
@database_option
@json_option
def why(
    key: str,
    field: str | None,
    folder: Path | None,
    warc_dir: Path | None,
    db: Path,
    as_json: bool,
) -> int:
    """Show what gave each field of one article, where on its page that stands, and check it.

    The page is read again from the raw archive; each place is looked up in the stored bytes.

    \b
        newsspider why 12
        newsspider why 12 date_published

    Exit status: 0 all holds, 1 no such article or no raw record of it, 2 no such field, 3 the page
    reads differently now, or a value does not stand where it should.
    """
    with Archive(db, read_only=True) as archive, RawArchive(raw_folder(db, warc_dir)) as raw:
        article_id = archive.get(key)["id"]
        ((row, kept),) = archive.with_answers([article_id])
        found = explain(row, kept, Rereader(raw, Profiles.in_folders(folder)), field=field)
    if as_json:
        show_json(found)
    else:
        _show(found)
    holds = all(
        one["reads"] == "same" and all(place["holds"] is not False for place in one["places"])
        for one in found["fields"]
    )
    return 0 if holds else DIFFERS


def _show(found: dict[str, Any]) -> None:
    click.echo(heading(printable(f"{found['id']}  {found['title'] or ''}  {found['url']}")))
    for record in found["records"]:
        place = f"{record['warc_file']}, byte {record['warc_offset']}"
        click.echo(printable(f"record    {record['record']}  {place}  {record['page']}"))
    for one in found["fields"]:
        click.echo(f"\n{heading(one['field'])}")
        if not one["value"]:
            click.echo("  the article has none")
            continue
        click.echo(printable(f"  value   {_short(one['value'])}"))
        click.echo(printable(f"  by      {one['by']}"))
        for place in one["places"][:PLACES_SHOWN]:
            inside = f" @{place['attribute']}" if place["attribute"] else place["key"] or ""
            click.echo(printable(f"  at      {place['xpath']} {inside}".rstrip()))
            missing = "  NOT THERE" if place["holds"] is False else ""
            click.echo(printable(f"          “{place['text']}”{missing}"))
        if more := one["places"][PLACES_SHOWN:]:
            click.echo(f"          and {len(more)} places more")
        told = "the same" if one["reads"] == "same" else f"now {_short(one['now'])}"
        click.echo(printable(f"  reads   {told}"))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= VALUE_SHOWN else f"{text[:VALUE_SHOWN]}…"
