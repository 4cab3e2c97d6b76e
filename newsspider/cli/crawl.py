"""newsspider crawl: fetch a portal into the archive."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from newsspider.cli.common import database_option, json_option, raw_option
from newsspider.cli.config import check_contact, read_config, remember_contact
from newsspider.errors import SiteLocked, UsageError
from newsspider.plan import REVISITS, CrawlOptions, CrawlPlan, Reach, expand, merge, plan_crawl
from newsspider.text import printable

if TYPE_CHECKING:
    from newsspider.spiders.run import RunResult

# Exit statuses, the one that matters most first: what a cron job should hear of several targets.
WEIGHT = (130, 1, 4, 75, 3, 0)
EXTENSIONS = {
    "newsspider.extensions.ArchiveWriter": 100,
    "newsspider.extensions.CrawlDelay": 200,
    "newsspider.cli.progress.Progress": 300,
}
UNTIL_KNOWN = "Go down a list until N known articles stand in a row (else: while it has news)."


def _overrides(pairs: tuple[str, ...]) -> dict[str, str]:
    out = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"-s takes NAME=VALUE, not {pair!r}")
        out[name.strip()] = value
    return out


def _contact(given: str | None, plans: list[CrawlPlan]) -> str:
    """Return whom webmasters can reach; a public host is not asked without."""
    contact = check_contact(given) if given else read_config().contact
    if contact or all(plan.is_local for plan in plans):
        return contact
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            'no contact: write contact = "you@example.org" into newsspider.toml, '
            "set NEWSSPIDER_CONTACT or give --contact, so that webmasters can reach you"
        )
    contact = check_contact(click.prompt("Your mail address or page, for webmasters", err=True))
    remember_contact(contact)
    click.echo("kept in newsspider.toml", err=True)
    return contact


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
    return line + {
        3: "; some pages raised errors (-v shows them)",
        4: "; nothing fetched, or most requests failed",
        130: "; interrupted, run it again to go on",
    }.get(result.exit, "")


def _as_json(result: "RunResult") -> dict[str, Any]:
    out = {"site": result.site, "exit": result.exit, "counts": result.counts}
    if result.error:
        out["error"] = str(result.error)
    return out


def _seeds(
    targets: tuple[str, ...], urls: TextIO | None, backfill: tuple[str, ...], since: date | None
) -> list[str]:
    """Return every target that a person named, one way or another."""
    listed = [line.strip() for line in urls or () if line.strip() and not line.startswith("#")]
    for line in listed:
        if "://" not in line:
            raise UsageError(f"--urls takes one URL a line, not {line[:80]!r}")
    expanded = [url for one in backfill for url in expand(one, since, datetime.now().date())]
    found = [*targets, *expanded, *listed]
    if not found:
        raise UsageError(
            "what to crawl? A profile's name, a URL, --urls FILE or --backfill TEMPLATE"
        )
    return found


def _reach(urls: TextIO | None, is_section: bool) -> Reach:
    if urls and is_section:
        raise UsageError("--urls fetches exactly its addresses: it does not go with --section")
    return "page" if urls else "section" if is_section else "site"


@click.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@click.option(
    "--profiles",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of profiles, looked at before ./sites and the package.",
)
@click.option(
    "--revisit",
    type=click.Choice(REVISITS),
    default="due",
    show_default=True,
    help="Which known articles are fetched again.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Leave alone what a list or its address dates before this day.",
)
@click.option("--until-known", type=click.IntRange(1), metavar="N", help=UNTIL_KNOWN)
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="Stop after N answers.")
@click.option(
    "--section", "is_section", is_flag=True, help="Only the list TARGET and its articles."
)
@click.option(
    "--urls",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Fetch exactly the addresses in FILE, one a line; - is standard input.",
)
@click.option(
    "--backfill",
    multiple=True,
    metavar="TEMPLATE",
    help="Start from numbered or dated lists too: https://.../{yyyy}-{mm}/{dd}/{n:1-8}.htm",
)
@click.option(
    "--delay",
    "delay_s",
    type=click.FloatRange(0, 3600),
    help="Least seconds between two requests; 0 lifts every brake, only for servers you own.",
)
@click.option(
    "--warc-in",
    "warc_in",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Read the pages in this WARC file, and in every TARGET, instead of the network.",
)
@click.option("--no-warc", is_flag=True, help="Do not keep what the servers send.")
@raw_option
@click.option("--same-host", is_flag=True, help="Keep to the host of TARGET, not its whole domain.")
@click.option("--javascript", is_flag=True, help="Let a browser run the pages' scripts first.")
@click.option("--contact", help="Mail address or page for webmasters; goes into the user agent.")
@click.option("-s", "overrides", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting.")
@click.option("-v", "--verbose", count=True, help="Log to stderr; -vv for all.")
@database_option
@json_option
@click.pass_context
def crawl(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    since: datetime | None,
    max_pages: int | None,
    is_section: bool,
    urls: TextIO | None,
    backfill: tuple[str, ...],
    contact: str | None,
    overrides: tuple[str, ...],
    warc_in: Path | None,
    no_warc: bool,
    warc_dir: Path | None,
    verbose: int,
    db: Path,
    as_json: bool,
    **asked: Any,
) -> None:
    """Crawl portals into the archive. TARGET is a profile's name or any URL of a portal.

    \b
        newsspider crawl https://news.example.org/
        newsspider crawl sample --delay 0
        newsspider crawl --warc-in CC-NEWS-20240506070809-00001.warc.gz

    Exit status: 0 finished, 1 error, 2 bad usage, 3 finished but some pages raised errors,
    4 nothing fetched or most requests failed, 75 another run holds the site, 130 interrupted.
    """
    settings: dict[str, Any] = _overrides(overrides)
    settings |= {"NEWSSPIDER_DB": str(db), "EXTENSIONS": EXTENSIONS} | settings
    if max_pages:
        settings.setdefault("CLOSESPIDER_PAGECOUNT", max_pages)
    if no_warc:
        settings["NEWSSPIDER_WARC"] = False
    if warc_dir:
        settings["NEWSSPIDER_WARC_DIR"] = str(warc_dir)
    if warc_in:
        if urls or backfill or is_section:
            raise UsageError("--warc-in does not go with --urls, --backfill or --section")
        ctx.exit(
            _ingest((warc_in, *map(Path, targets)), asked["folder"], settings, verbose, as_json)
        )
    first_day = since.date() if since else None
    options = CrawlOptions(since=first_day, reach=_reach(urls, is_section), **asked)
    plans = merge(plan_crawl(t, options) for t in _seeds(targets, urls, backfill, first_day))
    options = replace(options, contact=_contact(contact, plans))
    plans = [replace(plan, options=options) for plan in plans]
    # Scrapy takes most of a second to import: only now, when it is clear that there is work.
    from newsspider.cli.progress import start_logging
    from newsspider.rendering import find_browser
    from newsspider.spiders.run import crawl_settings, run_crawls

    if any(plan.javascript for plan in plans):
        find_browser(settings.get("NEWSSPIDER_BROWSER", ""))
    start_logging(verbose)
    results = run_crawls(plans, crawl_settings(settings))
    ctx.exit(_told(results, as_json=as_json))


def _told(results: Sequence["RunResult"], *, as_json: bool, least: int = 0) -> int:
    """Print how every crawl ended and return the exit status of all, at least *least*."""
    statuses = [least]
    for result in results:
        statuses.append(75 if isinstance(result.error, SiteLocked) else result.exit)
        click.echo(("newsspider: " if result.error else "") + _summary(result), err=True)
    if as_json:
        click.echo(json.dumps([_as_json(r) for r in results], ensure_ascii=False, indent=2))
    return min(statuses, key=WEIGHT.index)


def _ingest(
    files: Sequence[Path],
    folder: Path | None,
    settings: dict[str, Any],
    verbose: int,
    as_json: bool,
) -> int:
    """Read WARC files into the archive and return the exit status."""
    for path in files:
        if not path.is_file():
            raise UsageError(f"--warc-in takes files, and {path} is none")
    from newsspider.cli.progress import start_logging
    from newsspider.spiders.replay import run_replay

    start_logging(verbose)
    results, broken = run_replay(
        files, folder, settings, lambda message: click.echo(printable(message), err=True)
    )
    if not results:
        click.echo("newsspider: nothing to read in these files", err=True)
        return 1
    return _told(results, as_json=as_json, least=3 if broken else 0)
