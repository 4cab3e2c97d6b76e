"""Crawls in this process: started, and told how they ended."""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsspider.errors import NotDue, UsageError
from newsspider.plan import CrawlPlan
from newsspider.text import printable

if TYPE_CHECKING:
    from newsspider.spiders.run import RunResult

# Exit statuses, the one that matters most first: what a cron job should hear of several targets.
WEIGHT = (130, 1, 4, 75, 3, 0)
RARELY = (20_000, 20, 20)
"""When to look for cycles of objects: pages leave few, and a look costs more than it finds."""
PROGRESS = "newsspider.cli.progress.Progress"

Ended = tuple[list[dict[str, Any]], int]
"""A row for each site, and the exit status of all."""


def crawl_here(
    plans: list[CrawlPlan], settings: dict[str, Any], *, verbose: int, quiet: bool
) -> Ended:
    """Crawl side by side; return a row each and the exit status."""
    gc.set_threshold(*RARELY)
    # Scrapy takes most of a second to import: only now, when it is clear that there is work.
    from newsspider.cli.progress import start_logging
    from newsspider.rendering import find_browser
    from newsspider.spiders.run import crawl_settings, run_crawls

    if any(plan.javascript for plan in plans):
        find_browser(settings.get("NEWSSPIDER_BROWSER", ""))
    start_logging(verbose)
    return _told(run_crawls(plans, crawl_settings(_shown(settings, quiet=quiet))), quiet=quiet)


def ingest(
    files: Sequence[Path],
    folder: Path | None,
    settings: dict[str, Any],
    *,
    verbose: int,
    quiet: bool,
) -> Ended:
    """Read WARC files into the archive, by profiles of *folder*; return as `crawl_here` does."""
    for path in files:
        if not path.is_file():
            raise UsageError(f"--warc-in takes files, and {path} is none")
    from newsspider.cli.progress import start_logging
    from newsspider.spiders.replay import run_replay

    start_logging(verbose)
    results, broken = run_replay(
        files,
        folder,
        _shown(settings, quiet=quiet),
        lambda message: click.echo(printable(message), err=True),
    )
    if not results:
        click.echo("newsspider: nothing to read in these files", err=True)
        return [], 1
    return _told(results, quiet=quiet, least=3 if broken else 0)


def _shown(settings: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Return *settings* with the extensions of a crawl, the live progress only unless *quiet*."""
    if quiet:
        return settings
    from newsspider.settings import EXTENSIONS

    return {"EXTENSIONS": {**EXTENSIONS, PROGRESS: 300}} | settings


def _told(results: Sequence["RunResult"], *, quiet: bool, least: int = 0) -> Ended:
    """Print how every crawl ended; return a row each and the status of all, at least *least*."""
    for result in results:
        if result.exit or not quiet:
            is_error = result.error and not isinstance(result.error, NotDue)
            click.echo(("newsspider: " if is_error else "") + _summary(result), err=True)
    statuses = (least, *(result.exit for result in results))
    return list(map(_as_json, results)), min(statuses, key=WEIGHT.index)


def _summary(result: "RunResult") -> str:
    """Return one line that says how a crawl ended."""
    if result.error:
        return f"{result.site}: {result.error}"
    counts = result.counts
    outcomes = ", ".join(f"{counts.get(n, 0)} {n}" for n in ("new", "changed", "unchanged"))
    line = f"{result.site}: {outcomes}; {counts.get('answered', 0)} pages"
    line += f" in {counts.get('seconds', 0):.1f} s"
    for name, words in (
        ("reread", "read anew"),
        ("failed", "failed"),
        ("robots_forbidden", "forbidden by robots.txt"),
        ("dropped", "dropped"),
    ):
        if counts.get(name):
            line += f", {counts[name]} {words}"
    if "error" in counts:
        line += f"; stopped: {counts['error']}"
    if result.alarms:
        names = [f"{a['name']} {a['subject']}".strip().replace("_", " ") for a in result.alarms]
        return f"{line}; alarms: {', '.join(names)} (newsspider health {result.site})"
    return line + {
        3: "; some pages raised errors (-v shows them)",
        4: "; nothing fetched, or most requests failed",
        130: "; interrupted, run it again to go on",
    }.get(result.exit, "")


def _as_json(result: "RunResult") -> dict[str, Any]:
    out = {"site": result.site, "exit": result.exit, "counts": result.counts}
    out["alarms"] = result.alarms
    if result.error:
        out["error"] = str(result.error)
    return out
