"""newsspider verify: whether an archive holds what it says."""

from pathlib import Path

import click

from newsspider.cli.common import database_option, json_option, show_json
from newsspider.store import Archive
from newsspider.text import printable

FINDINGS = 3
"""Exit status when something is wrong."""


@click.command()
@click.option(
    "--rebuild-index", is_flag=True, help="Fill the full-text index anew first; takes long."
)
@database_option
@json_option
def verify(rebuild_index: bool, db: Path, as_json: bool) -> int:
    """Check the file, its references, the digests of all texts, the full-text index and counts.

    Every finding is one line; exit status 3 when there is one. Everything is read, which takes
    about two milliseconds an article; a crawl may go on meanwhile.

    \b
        newsspider verify
        newsspider verify --rebuild-index
    """
    with Archive(db, read_only=not rebuild_index) as archive:
        if rebuild_index:
            click.echo(f"index filled anew: {archive.rebuild_index()} articles", err=True)
        if as_json:
            findings = list(archive.verify())
            show_json(findings)
            return FINDINGS if findings else 0
        count = 0
        for finding in archive.verify():
            count += 1
            click.echo(printable(f"{finding['check']}: {finding['message']}"))
    click.echo(f"{count} findings" if count else "all is well", err=True)
    return FINDINGS if count else 0
