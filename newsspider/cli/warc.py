"""newsspider warc: what the raw archive holds, and less of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.archive import manifests
from newsspider.archive.pruning import KEEPS, FilePlan, Rewritten, plan, rewrite
from newsspider.archive.reader import RawArchive, folder_of
from newsspider.archive.repair import locked
from newsspider.archive.survey import survey
from newsspider.cli.common import database_option, json_option, raw_option, show_json, show_rows
from newsspider.errors import SiteLocked, UsageError
from newsspider.store import Archive
from newsspider.store.raw_index import MovedFile
from newsspider.text import printable


@click.group()
def warc() -> None:
    """Say what the raw archive holds, or take out of it what is not wanted any more.

    \b
        newsspider warc stats
        newsspider warc prune --keep first,last --dry-run
    """


def _tell(message: str) -> None:
    click.echo(printable(message), err=True)


@warc.command()
@raw_option
@database_option
@json_option
def stats(warc_dir: Path | None, db: Path, as_json: bool) -> None:
    """Print what each WARC file holds, and the bytes of each site and type. Reads all of them.

    \b
        newsspider warc stats
    """
    with Archive(db, read_only=True) as archive:
        names = [file["name"] for file in archive.raw.files()]
    with RawArchive(folder_of(db, warc_dir)) as raw:
        found = survey(raw, names, _tell)
    by_site, by_type = dict(found.by_site.most_common()), dict(found.by_type.most_common())
    if as_json:
        show_json(
            {
                "files": found.files,
                "by_site": by_site,
                "by_type": by_type,
                "revisits": found.revisits,
                "saved_bytes": found.saved_bytes,
            }
        )
        return
    columns = ("bytes", "responses", "revisits", "requests", "first", "last", "file")
    show_rows(found.files, columns, as_json=False)
    for name, counts in (("site", by_site), ("type", by_type)):
        click.echo()
        rows = [{"bytes": size, name: key} for key, size in counts.items()]
        show_rows(rows, ("bytes", name), as_json=False)
    click.echo(f"\n{found.revisits} bodies were there already: {found.saved_bytes} bytes saved")


def _keeps(ctx: click.Context, parameter: click.Parameter, value: str) -> frozenset[str]:  # noqa: ARG001
    """Return the words of *value*; none keeps nothing."""
    words = frozenset(word.strip() for word in value.split(",") if word.strip())
    if unknown := words - {*KEEPS, "none"}:
        raise UsageError(f"--keep takes {', '.join(KEEPS)} or none, not {min(unknown)!r}")
    if not words or ("none" in words and len(words) > 1):
        raise UsageError("--keep none stands alone")
    return words - {"none"}


@warc.command()
@click.option(
    "--keep",
    callback=_keeps,
    default="first,last",
    show_default=True,
    metavar="WHICH",
    help="Of the answers of each address: first, last, changes, apart by commas; or none.",
)
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what was captured before this day, UTC, may go.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, change nothing.")
@raw_option
@database_option
@json_option
def prune(
    keep: frozenset[str],
    before: datetime | None,
    dry_run: bool,
    warc_dir: Path | None,
    db: Path,
    as_json: bool,
) -> None:
    """Take answers out of the raw archive: of each address all but the first and the last.

    What a stored article was read from stays, whatever is asked, and what a kept record refers to.
    Rows that named what went name nothing any more. Exit status 75 while a crawl writes.

    \b
        newsspider warc prune --keep first,last --dry-run
        newsspider warc prune --keep changes --before 2024-01-01
    """
    since = before.replace(tzinfo=UTC) if before else None
    with (
        Archive(db, read_only=dry_run) as archive,
        RawArchive(folder_of(db, warc_dir)) as raw,
        _alone(raw),
    ):
        finished = [file["name"] for file in archive.raw.files() if file["sha256"]]
        plans = plan(
            raw,
            finished,
            keep=keep,
            before=since,
            protected=archive.raw.named_records(),
            on_damage=_tell,
        )
        if not dry_run:
            _apply(archive, raw, plans)
    rows = [
        {"file": one.name, "records": len(one.dropped), "bytes": one.dropped_bytes} for one in plans
    ]
    show_rows(rows, ("records", "bytes", "file"), as_json=as_json)
    total = sum(one.dropped_bytes for one in plans)
    click.echo(f"{total} bytes {'would go' if dry_run else 'gone'}", err=True)


@contextmanager
def _alone(raw: RawArchive) -> Iterator[None]:
    """Keep crawls from writing to the raw archive meanwhile."""
    try:
        with locked(raw.folder, alone=True):
            yield
    except BlockingIOError as error:
        raise SiteLocked(f"a crawl writes to {raw.folder}: try again when it has ended") from error


def _apply(archive: Archive, raw: RawArchive, plans: list[FilePlan]) -> None:
    done = [rewrite(raw, one) for one in plans]
    archive.raw.move([_moved(one) for one in done])
    for manifest in archive.seal(removed=[one.old for one in done]) if done else ():
        manifests.publish(raw.folder, manifest.number, manifest.sha256, manifest.document)
    raw.close()
    # Last, since until now rows named them.
    for one in done:
        (raw.folder / one.old).unlink()


def _moved(one: Rewritten) -> MovedFile:
    if one.file is None:
        return MovedFile(old=one.old, new=None, dropped_ids=one.dropped_ids)
    return MovedFile(
        old=one.old,
        new=one.file.name,
        size_bytes=one.file.size_bytes,
        sha256=one.file.sha256,
        records=one.file.records,
        offsets=one.offsets,
        dropped_ids=one.dropped_ids,
    )
