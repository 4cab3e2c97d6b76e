"""newsspider crawl: fetch a portal into the archive."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from click.core import ParameterSource

from newsspider.cli.common import database_option, json_option, raw_option, show_json, show_rows
from newsspider.cli.config import Config, check_contact, read_config, remember_contact
from newsspider.cli.crawling import crawl_here, ingest
from newsspider.cli.fleet import COLUMNS, Fleet, exit_status, portals, table_rows
from newsspider.cli.notices import check_channels, tell
from newsspider.errors import UsageError
from newsspider.plan import REVISITS, CrawlOptions, CrawlPlan, Reach, expand, merge, plan_crawl

if TYPE_CHECKING:
    pass

NOT_PASSED_ON = frozenset(
    ("targets", "is_all", "jobs", "is_told", "is_section", "urls", "backfill", "contact", "as_json")
)
"""Parameters that are for the whole of `crawl --all`."""
UNTIL_KNOWN = "Go down a list until N known articles stand in a row (else: while it has news)."


def _overrides(pairs: tuple[str, ...]) -> dict[str, str]:
    out = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"-s takes NAME=VALUE, not {pair!r}")
        out[name.strip()] = value
    return out


def _contact(given: str | None, config: Config, plans: list[CrawlPlan]) -> str:
    """Return whom webmasters can reach; a public host is not asked without."""
    contact = check_contact(given) if given else config.contact
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
@click.option("--all", "is_all", is_flag=True, help="Every profile in ./sites, side by side.")
@click.option("--if-due", is_flag=True, help="Only portals whose time has come; no TARGET: of all.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="So many portals at a time, with --all."
)
@click.option(
    "--notify", "is_told", is_flag=True, help="Tell whom newsspider.toml names of alarms."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of what went well.")
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
    overrides: tuple[str, ...],
    warc_in: Path | None,
    no_warc: bool,
    warc_dir: Path | None,
    contact: str | None,
    verbose: int,
    is_all: bool,
    if_due: bool,
    jobs: int | None,
    is_told: bool,
    quiet: bool,
    db: Path,
    as_json: bool,
    **asked: Any,
) -> None:
    """Crawl portals into the archive. TARGET is a profile's name or any URL of a portal.

    \b
        newsspider crawl https://news.example.org/
        newsspider crawl sample --delay 0
        newsspider crawl --if-due --notify
        newsspider crawl --warc-in CC-NEWS-20240506070809-00001.warc.gz

    Exit status: 0 finished, 1 error, 2 bad usage, 3 finished with alarms or pages that raised,
    4 nothing fetched or most requests failed, 75 another run holds the site, 130 interrupted.
    """
    config = read_config()
    asked["folder"] = asked["folder"] or config.profiles
    if is_told:
        check_channels(config.notify)
    settings: dict[str, Any] = _overrides(overrides)
    settings = {"NEWSSPIDER_DB": str(db)} | _settings(max_pages, no_warc, warc_dir) | settings
    is_all = is_all or (if_due and not (targets or urls or backfill or warc_in))
    _check_together(ctx.params | {"is_all": is_all})
    if warc_in:
        files = (warc_in, *map(Path, targets))
        rows, status = ingest(files, asked["folder"], settings, verbose=verbose, quiet=quiet)
    elif is_all:
        rows = _crawl_all(ctx, config, asked["folder"], contact, jobs=jobs or config.jobs)
        status = exit_status(rows)
    else:
        first_day = since.date() if since else None
        options = CrawlOptions(since=first_day, reach=_reach(urls, is_section), **asked)
        plans = merge(plan_crawl(t, options) for t in _seeds(targets, urls, backfill, first_day))
        options = replace(options, contact=_contact(contact, config, plans))
        plans = _with_options(plans, options, config.every if if_due else None)
        rows, status = crawl_here(plans, settings, verbose=verbose, quiet=quiet)
    if is_told and db.exists() and not tell(db, config.notify):
        status = status or 1
    if as_json:
        show_json(rows)
    ctx.exit(status)


def _check_together(given: Mapping[str, Any]) -> None:
    """Raise UsageError when options were given that do not go together."""
    others = any(given[name] for name in ("urls", "backfill", "is_section"))
    if given["is_all"] and (others or given["targets"] or given["warc_in"]):
        raise UsageError("--all takes no target, --section, --urls, --backfill or --warc-in")
    if given["warc_in"] and others:
        raise UsageError("--warc-in does not go with --urls, --backfill or --section")
    if given["jobs"] and not given["is_all"]:
        raise UsageError("--jobs goes with --all")


def _settings(max_pages: int | None, no_warc: bool, warc_dir: Path | None) -> dict[str, Any]:
    """Return the settings that have options of their own, where these are given."""
    settings: dict[str, Any] = {"NEWSSPIDER_WARC": False} if no_warc else {}
    if warc_dir:
        settings["NEWSSPIDER_WARC_DIR"] = str(warc_dir)
    if max_pages:
        settings["CLOSESPIDER_PAGECOUNT"] = max_pages
    return settings


def _with_options(
    plans: list[CrawlPlan], options: CrawlOptions, every: timedelta | None
) -> list[CrawlPlan]:
    """Return *plans* with *options*; *every* is how often a site is due whose profile is silent."""

    def due_after(plan: CrawlPlan) -> timedelta | None:
        return every and ((plan.profile.every if plan.profile else None) or every)

    return [replace(p, options=replace(options, due_after=due_after(p))) for p in plans]


def _crawl_all(
    ctx: click.Context, config: Config, folder: Path | None, contact: str | None, *, jobs: int
) -> list[dict[str, Any]]:
    """Crawl every portal in a process of its own and show how each ended."""
    fleet = portals(folder)
    known = [plan_crawl(p.profile.home) for p in fleet if p.profile]
    contact = _contact(contact, config, known)
    arguments = _passed_on(ctx)
    if contact:
        arguments += ["--contact", contact]
    quiet, as_json = ctx.params["quiet"], ctx.params["as_json"]
    rows = Fleet(arguments, jobs=jobs, tell=partial(click.echo, err=True)).run(fleet)
    shown = [row for row in table_rows(rows) if row["exit"] or not quiet]
    if not as_json:
        show_rows(shown, COLUMNS, as_json=False)
    return rows


def _passed_on(ctx: click.Context) -> list[str]:
    """Return the options of this command line that every portal's own crawl is given too."""
    out: list[str] = []
    for option in ctx.command.params:
        name = option.name or ""
        source = ctx.get_parameter_source(name)
        if name in NOT_PASSED_ON or source is not ParameterSource.COMMANDLINE:
            continue
        value, flag = ctx.params[name], option.opts[-1]
        if name == "verbose":
            out += [flag] * value
        elif value is True:
            out.append(flag)
        elif isinstance(value, datetime):
            out += [flag, f"{value:%Y-%m-%d}"]
        else:
            for one in value if isinstance(value, tuple) else (value,):
                out += [flag, str(one)]
    if ctx.get_parameter_source("db") is not ParameterSource.COMMANDLINE:
        out += ["--db", str(ctx.params["db"])]
    return out
