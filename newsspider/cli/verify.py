"""newsspider verify: whether an archive holds what it says."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from newsspider.archive.fixity import copy_findings, file_findings
from newsspider.archive.reader import RawArchive, folder_of
from newsspider.cli.common import database_option, json_option, raw_option, show_json
from newsspider.store import Archive
from newsspider.store.sealing import Manifest, parsed, sealed_files
from newsspider.text import printable

FINDINGS = 3
"""Exit status when something is wrong."""


@click.command()
@click.option(
    "--rebuild-index", is_flag=True, help="Fill the full-text index anew first; takes long."
)
@click.option("--no-raw", is_flag=True, help="Leave the raw archive alone: much to read.")
@raw_option
@database_option
@json_option
def verify(
    rebuild_index: bool, no_raw: bool, warc_dir: Path | None, db: Path, as_json: bool
) -> int:
    """Check the file, its references, the digests of all texts, the full-text index and counts.

    Then what the manifests of all runs say: no row altered or deleted, and no file of the raw
    archive. Every finding is one line; exit status 3 when there is one. Everything is read, which
    takes about two milliseconds an article; a crawl may go on meanwhile.

    \b
        newsspider verify
        newsspider verify --rebuild-index
    """
    with Archive(db, read_only=not rebuild_index) as archive:
        if rebuild_index:
            click.echo(f"index filled anew: {archive.rebuild_index()} articles", err=True)
        found = _findings(archive, None if no_raw else folder_of(db, warc_dir))
        if as_json:
            findings = list(found)
            show_json(findings)
            return FINDINGS if findings else 0
        count = 0
        for finding in found:
            count += 1
            click.echo(printable(f"{finding['check']}: {finding['message']}"))
        last = deque(archive.manifests(), maxlen=1)
    click.echo(f"{count} findings" if count else "all is well", err=True)
    for manifest in last:
        click.echo(f"manifest {manifest.number}: {manifest.sha256}", err=True)
    return FINDINGS if count else 0


def _findings(archive: Archive, folder: Path | None) -> Iterator[dict[str, Any]]:
    yield from archive.verify()
    if folder is None:
        return
    known = {file["name"]: file for file in archive.raw.files()}
    # A file is missed also when its row went with it.
    known |= sealed_files(map(parsed, archive.manifests()))
    with RawArchive(folder) as raw:
        for message in file_findings(raw, known.values(), archive.raw.pointers):
            yield _finding(message)
    for name in archive.raw.unknown_files():
        yield _finding(f"rows name {name}, which is no file of the raw archive")
    for message in copy_findings(folder, map(_copy, archive.manifests())):
        yield _finding(message)


def _finding(message: str) -> dict[str, Any]:
    return {"check": "raw", "article_id": None, "message": " ".join(message.split())}


def _copy(manifest: Manifest) -> tuple[int, str, str, bool]:
    # A run that fetched nothing has no copy: it had no folder to put it in.
    has_copy = bool(parsed(manifest).get("files"))
    return manifest.number, manifest.sha256, manifest.document, has_copy
