"""newsspider import: an export back into an archive."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from newsspider.cli.common import Counter, database_option, json_option, show_json
from newsspider.errors import UsageError
from newsspider.store import Archive


@click.command("import")
@click.argument("source", metavar="FILE|-", type=click.Path(path_type=Path))
@database_option
@json_option
def import_(source: Path, db: Path, as_json: bool) -> None:
    """Write the articles of FILE, JSON Lines of `newsspider export`, into the archive.

    The archive is made when it is missing. An article whose address is known stays as it is:
    importing twice changes nothing. A line that is no article ends the import; what stands before
    it has been written.

    \b
        newsspider export --full -o all.jsonl
        newsspider import all.jsonl --db restored.db
    """
    if str(source) == "-":
        counts = _restore(sys.stdin.buffer, db)
    else:
        if source.is_dir():
            raise UsageError(f"{source} is a directory")
        with source.open("rb") as lines:
            counts = _restore(lines, db)
    if as_json:
        show_json(counts)
    else:
        click.echo(f"{counts['new']} articles imported, {counts['known']} known already")


def _restore(lines: Iterable[bytes], db: Path) -> dict[str, int]:
    with Counter("lines") as counter, Archive(db, create=True) as archive:
        return archive.restore(counter.counted(lines))
