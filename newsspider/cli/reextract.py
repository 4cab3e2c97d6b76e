"""newsspider reextract: the whole archive read again, from the pages as they were served."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from newsspider.archive.manifests import publish
from newsspider.cli.common import (
    Counter,
    database_option,
    json_option,
    profiles_option,
    raw_folder,
    raw_option,
    show_json,
    show_rows,
)
from newsspider.reread.report import ASIDE, KINDS, Report
from newsspider.reread.work import Result, Setup, read_all
from newsspider.store import Archive
from newsspider.text import printable

ALARMS = 3
"""Exit status when something in the raw archive cannot be read."""
TOLD = {
    "no_record": "without a raw record",
    "unreadable": "with a damaged raw record",
    "refused": "that would not be stored any more",
}
IDS_SHOWN = 10
INTERRUPTED = 130


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@click.command()
@click.option("--site", help="Only this site, named as in `newsspider stats`.")
@click.option("--since", metavar="DATE", help="Published from this day on: 2023-03-21, or 2023-03.")
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
@click.option(
    "--outdated",
    is_flag=True,
    help="Only articles that another version of newsspider or of the profile read.",
)
@click.option(
    "--processes", type=click.IntRange(1, 256), metavar="N", help="Default: one for each core."
)
@profiles_option
@raw_option
@database_option
@json_option
def reextract(
    dry_run: bool,
    outdated: bool,
    processes: int | None,
    folder: Path | None,
    warc_dir: Path | None,
    db: Path,
    as_json: bool,
    **choice: Any,
) -> int:
    """Read every article again from its archived page and replace what reads differently.

    No network. The old reading is kept (`newsspider history` shows it), and no revision is counted:
    the publisher changed nothing. What was interrupted goes on with --outdated.

    \b
        newsspider reextract --dry-run
        newsspider reextract --site example.cn

    Exit status: 0 done, 1 there is no raw archive, 2 bad usage, 3 done, but some raw records are
    damaged or would not be stored any more, 130 interrupted.
    """
    setup = Setup(
        database=db,
        warc_folder=raw_folder(db, warc_dir),
        profiles_folder=folder,
        only_outdated=outdated,
        is_written=not dry_run,
    )
    report = Report()
    with Archive(db, read_only=dry_run) as archive, Counter("articles") as counter:
        batches = read_all(archive.ids(**choice), setup, processes=processes or _cores())
        try:
            for result in counter.counted(_written(archive, batches, report)):
                report.add(result)
        except KeyboardInterrupt:
            done = report.verdicts.total()
            click.echo(f"interrupted after {done} articles; --outdated goes on here", err=True)
            return INTERRUPTED
        finally:
            if report.written["replaced"]:
                for manifest in archive.seal():
                    publish(setup.warc_folder, manifest.number, manifest.sha256, manifest.document)
    if as_json:
        show_json(report.as_json(dry_run=dry_run))
    else:
        _show(report, dry_run=dry_run)
    return ALARMS if report.has_alarms else 0


def _written(archive: Archive, batches: Iterable[list[Result]], report: Report) -> Iterator[Result]:
    """Yield every result of *batches* when what it says is written, one transaction a batch."""
    for results in batches:
        if rereads := [result.reread for result in results if result.reread]:
            report.written.update(archive.replace_readings(rereads))
        yield from results


def _show(report: Report, *, dry_run: bool) -> None:
    found = report.as_json(dry_run=dry_run)
    rows = []
    for row in found["fields"]:
        ids = [one["article_id"] for kind in KINDS for one in row["examples"].get(kind, ())]
        rows.append(row | {"articles": ", ".join(map(str, dict.fromkeys(ids)))})
    show_rows(rows, ("field", *KINDS, "articles"), as_json=False)
    for name in ASIDE:
        _show_aside(TOLD[name], found[name])
    line = f"{found['articles']} articles: {found['unchanged']} read as before"
    line += f", {found['differs']} differ"
    line += " (nothing was written)" if dry_run else f", {found['replaced']} replaced"
    for name, words in (
        ("current", "left out"),
        ("foreign", "of another project"),
        ("passed", "changed by a crawl meanwhile"),
    ):
        if found[name]:
            line += f", {found[name]} {words}"
    click.echo(line, err=True)


def _show_aside(what: str, found: dict[str, Any]) -> None:
    if not found["count"]:
        return
    ids = found["ids"][:IDS_SHOWN]
    more = ", ..." if found["count"] > len(ids) else ""
    told = ", ".join(map(str, ids)) + more
    click.echo(f"{found['count']} {what}, left as they are: {told}", err=True)
    for one in found["reasons"][:IDS_SHOWN]:
        click.echo(printable(f"  {one['article_id']}: {one['reason']}"), err=True)
