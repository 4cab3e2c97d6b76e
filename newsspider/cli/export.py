"""newsspider export: stored articles to a file or a pipe."""

import io
import sys
from pathlib import Path

import click

from newsspider.cli.common import choice_options, database_option
from newsspider.export import FORMATS, replacing
from newsspider.store import Archive


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(tuple(FORMATS)),
    default="jsonl",
    show_default=True,
    help="jsonl: one JSON object a line; csv: a table, nested fields as JSON.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; it is replaced when the export is complete. Default: stdout.",
)
@choice_options
@database_option
def export(
    format_name: str,
    output: Path | None,
    site: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    db: Path,
) -> None:
    """Write stored articles, gone ones too, in the order of their ids.

    \b
        newsspider export --format csv -o march.csv --since 2023-03 --until 2023-03
    """
    write = FORMATS[format_name]
    with Archive(db, read_only=True) as archive:
        rows = archive.rows(site=site, since=since, until=until, status=status)
        if output is None or str(output) == "-":
            # Line ends and encoding are the format's, not the terminal's.
            out = io.TextIOWrapper(
                sys.stdout.buffer, encoding="utf-8", newline="", write_through=False
            )
            try:
                write(rows, out)
                out.flush()
            finally:
                out.detach()
            return
        with replacing(output) as file:
            count = write(rows, file)
    click.echo(f"{count} articles to {output}", err=True)
