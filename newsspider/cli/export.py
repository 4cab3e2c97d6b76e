"""newsspider export: stored articles to a file or a pipe."""

import io
import json
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click

from newsspider import __version__
from newsspider.archive.reader import RawArchive
from newsspider.archive.wacz import WaczPage, write_wacz
from newsspider.cli.common import Counter, choice_options, database_option, raw_folder, raw_option
from newsspider.errors import UsageError
from newsspider.export import replacing, replacing_bytes, write_csv, write_jsonl
from newsspider.store import Archive
from newsspider.store.documents import FULL_KEYS, ROW_KEYS
from newsspider.store.records import Kept
from newsspider.text import printable

ANSWERS_AT_ONCE = 100


@click.command()
@click.argument("only", metavar="[ID|URL]...", nargs=-1)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("jsonl", "csv", "wacz")),
    default="jsonl",
    show_default=True,
    help="jsonl: one JSON object a line; csv: a table, nested fields as JSON; wacz: the pages.",
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
@raw_option
@database_option
def export(
    format_name: str,
    output: Path | None,
    fields: str | None,
    full: bool,
    warc_dir: Path | None,
    db: Path,
    **choice: Any,
) -> None:
    """Write stored articles, gone ones too, in the order of their ids: all, or those named.

    A WACZ file has their pages as the servers sent them; pywb and ReplayWeb.page show it.

    \b
        newsspider export --format wacz -o handover.wacz 12
        newsspider export --format csv -o march.csv --since 2023-03 --until 2023-03
        newsspider export --query '共建 -轮渡' --fields id,date_published,title
        newsspider export --full -o all.jsonl
    """
    columns = _columns(fields, full=full)
    if full and format_name != "jsonl":
        raise UsageError("--full is for jsonl")
    if format_name == "wacz":
        if fields or output is None or str(output) == "-":
            raise UsageError("--format wacz needs -o FILE, and takes no --fields")
        _package(output, db, raw_folder(db, warc_dir), choice)
        return
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


def _package(output: Path, db: Path, folder: Path, choice: dict[str, Any]) -> None:
    """Write the pages of the chosen articles as a WACZ file."""
    chosen = " ".join(f"{name}={value}" for name, value in choice.items() if value)
    with (
        Archive(db, read_only=True) as archive,
        RawArchive(folder) as raw,
        Counter("articles") as counter,
        replacing_bytes(output) as file,
    ):
        count = write_wacz(
            file,
            raw,
            counter.counted(_pages(archive, choice)),
            is_whole=not chosen,
            title=f"newsspider: {chosen or db.name}",
            software=f"newsspider/{__version__}",
            tell=lambda message: click.echo(printable(message), err=True),
        )
    click.echo(f"{count} articles to {output}", err=True)


def _pages(archive: Archive, choice: dict[str, Any]) -> Iterator[WaczPage]:
    """Yield the chosen articles with the places of their archived answers."""
    documents = archive.documents(fields=("id",), **choice)
    ids = (json.loads(document)["id"] for document in documents)
    while some := list(islice(ids, ANSWERS_AT_ONCE)):
        for row, kept in archive.with_answers(some):
            # What a reader is shown is the first page of the article, as last seen.
            first = row["page_urls"][0] if row["page_urls"] else row["url"]
            kept.sort(key=partial(_prominence, first))
            yield WaczPage(
                article_id=row["id"],
                title=row["title"] or row["url"],
                places=tuple((one.warc_file, one.warc_offset) for one in kept),
            )


def _prominence(first: str, answer: Kept) -> tuple[bool, bool]:
    """Return what puts the answers of an article in order, the one to show last."""
    return answer.http_status == 200, answer.url == first


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
