"""newsspider export: stored articles to a file or a pipe."""

import io
import sys
from pathlib import Path
from typing import Any, TextIO

import click

from newsspider.cli.common import Counter, choice_options, database_option
from newsspider.errors import UsageError
from newsspider.export import replacing, write_csv, write_jsonl
from newsspider.store import Archive
from newsspider.store.documents import FULL_KEYS, ROW_KEYS


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("jsonl", "csv")),
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
@click.option("--query", metavar="TEXT", help="Only what `newsspider search TEXT` would find.")
@click.option("--fields", metavar="A,B,...", help="Only these fields, in this order.")
@click.option(
    "--full", is_flag=True, help="With earlier readings and addresses, for `newsspider import`."
)
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="ID", help="Go on after this id."
)
@database_option
def export(
    format_name: str,
    output: Path | None,
    fields: str | None,
    full: bool,
    db: Path,
    **choice: Any,
) -> None:
    """Write stored articles, gone ones too, in the order of their ids.

    \b
        newsspider export --format csv -o march.csv --since 2023-03 --until 2023-03
        newsspider export --query '共建 -轮渡' --fields id,date_published,title
        newsspider export --full -o all.jsonl
    """
    columns = _columns(fields, full=full)
    if full and format_name != "jsonl":
        raise UsageError("--full is for jsonl")
    with Counter("articles") as counter, Archive(db, read_only=True) as archive:
        documents = counter.counted(archive.documents(fields=columns, **choice))

        def write(out: TextIO) -> int:
            if format_name == "csv":
                return write_csv(documents, out, columns)
            return write_jsonl(documents, out)

        if output is None or str(output) == "-":
            # Line ends and encoding are the format's, not the terminal's.
            out = io.TextIOWrapper(
                sys.stdout.buffer, encoding="utf-8", newline="", write_through=False
            )
            try:
                write(out)
                out.flush()
            finally:
                out.detach()
            return
        with replacing(output) as file:
            count = write(file)
    click.echo(f"{count} articles to {output}", err=True)


def _columns(fields: str | None, *, full: bool) -> tuple[str, ...]:
    known = (*ROW_KEYS, *FULL_KEYS) if full else ROW_KEYS
    if fields is None:
        return known
    names = tuple(dict.fromkeys(name.strip() for name in fields.split(",") if name.strip()))
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        told = f"no field {unknown[0]!r}" if unknown else "no field"
        raise UsageError(f"--fields: {told}; there are {', '.join(known)}")
    return names
