"""newsspider backup: a copy of the archive."""

from pathlib import Path

import click

from newsspider.cli.common import Counter, database_option, json_option, show_json
from newsspider.store import Archive


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@database_option
@json_option
def backup(target: Path, force: bool, db: Path, as_json: bool) -> None:
    """Copy the archive to FILE, whole and consistent, also while a crawl writes.

    The copy is checked before it takes its name. The folder warc/ beside the archive is not part of
    it: copy that as files.

    \b
        newsspider backup archive-2026-01-31.db
    """
    with Counter("pages") as counter, Archive(db, read_only=True) as archive:
        size = archive.backup(target, force=force, progress=counter.left)
    if as_json:
        show_json({"file": str(target), "bytes": size})
    else:
        click.echo(f"{size} bytes in {target}")
