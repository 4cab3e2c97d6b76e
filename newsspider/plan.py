"""What one crawl is to do: where it starts, how far it goes, how politely. Built before Scrapy."""

import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from newsspider.errors import UsageError
from newsspider.profiles import Profile, available, find, match
from newsspider.urls import fetchable, is_local_host, parse_http, shown, site_key, site_key_or_none

Revisit = Literal["due", "all", "none"]
REVISITS: tuple[str, ...] = get_args(Revisit)
Reach = Literal["site", "section", "page"]
Refusal = Literal[
    "out_of_scope",
    "too_old",
    "barren",
    "session_id",
    "too_many_links",
    "page_cut",
    "noindex",
    "content_encoding",
    "older_capture",
]
"""Why a crawl leaves an address or page alone; each is counted under this name."""
USUAL_PORTS = (None, 80, 443)
DAY_PARTS = re.compile(r"\{(yyyy|yy|mm|dd|m|d)\}")
NUMBERS = re.compile(r"\{n:(\d{1,6})-(\d{1,6})\}")
MAX_BACKFILL = 50_000
"""Addresses that one template may stand for; more is a slip."""
EARLY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class CrawlOptions:
    """What a person asks of a crawl, whatever its target."""

    folder: Path | None = None
    """Where profiles are looked for first."""
    revisit: Revisit = "due"
    reach: Reach = "site"
    """The whole site; the named lists, their further pages and articles; or the named pages."""
    since: date | None = None
    """Articles that a list or their address dates before this day are left alone."""
    until_known: int | None = None
    """A list is gone down until so many known articles stand in a row; None: while it has news."""
    delay_s: float | None = None
    """Least seconds between two requests; None: default; 0 lifts every brake, for one's own."""
    same_host: bool = False
    """Keep to the hosts of the targets."""
    javascript: bool = False
    """Let a browser run the scripts of the pages, whatever a profile says."""
    contact: str = ""
    due_after: timedelta | None = None
    """Crawl only when the last crawl of the whole site began so long ago; None: in any case."""

    def check(self) -> None:
        """Raise UsageError for a value that makes no sense."""
        if self.revisit not in REVISITS:
            raise UsageError(f"revisit is one of {', '.join(REVISITS)}, not {self.revisit!r}")
        if self.delay_s is not None and not 0 <= self.delay_s <= 3600:
            raise UsageError(f"delay is 0 to 3600 seconds, not {self.delay_s:g}")
        if self.until_known is not None and self.until_known < 1:
            raise UsageError(f"until-known is 1 or more, not {self.until_known}")


@dataclass(frozen=True, kw_only=True)
class CrawlPlan:
    """One crawl of one site."""

    site: str
    """Profile name, else site key."""
    sites: frozenset[str]
    """Site keys that belong to the portal."""
    seeds: tuple[str, ...]
    """Addresses to start from, the named ones first."""
    hosts: frozenset[str] = frozenset()
    """Where given, the only hosts that are asked."""
    profile: Profile | None = None
    options: CrawlOptions = CrawlOptions()

    def in_scope(self, url: str) -> bool:
        """Tell whether *url* belongs to what this crawl may ask for."""
        key = site_key_or_none(url)
        if key is None or key not in self.sites:
            return False
        parts = urlsplit(url)
        # The key of a bare address has its port.
        if parts.port not in USUAL_PORTS and ":" not in key and parts.netloc not in self.origins:
            return False
        return not self.hosts or (parts.hostname or "") in self.hosts

    @cached_property
    def origins(self) -> frozenset[str]:
        """Return the hosts, with their ports, that the user or the profile names.

        No odd port but theirs is asked: what listens there is no portal.
        """
        named = list(self.seeds)
        if profile := self.profile:
            named += (profile.home, *profile.sections, *profile.feeds, *profile.sitemaps)
        return frozenset(urlsplit(url).netloc for url in named)

    @property
    def delay_s(self) -> float | None:
        """Least seconds between two requests: this run's, else the profile's, else None."""
        if self.options.delay_s is not None:
            return self.options.delay_s
        return self.profile.delay_s if self.profile else None

    @property
    def javascript(self) -> bool:
        """Tell whether a browser runs the scripts of the pages: this run or the profile says so."""
        return self.options.javascript or bool(self.profile and self.profile.javascript)

    @property
    def is_local(self) -> bool:
        """Tell whether every seed is on this machine or a private network."""
        return all(is_local_host(urlsplit(seed).hostname or "") for seed in self.seeds)


def is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Tell whether a site that was last crawled from *last* on is to be crawled again.

    A run may come a little early: cron starts some seconds sooner or later each time.
    """
    return last is None or now - last >= every - min(every / 20, EARLY)


def _home(url: str) -> str:
    parts = parse_http(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _plan_url(target: str, options: CrawlOptions) -> CrawlPlan:
    url = fetchable(target)
    if "@" in urlsplit(url).netloc:
        raise UsageError(f"a URL with a user name is not crawled: {shown(target)}")
    if profile := match(url, available(options.folder)):
        plan = _plan_profile(profile)
        seeds = (url, *plan.seeds)
    else:
        key = site_key(url)
        plan = CrawlPlan(site=key, sites=frozenset((key,)), seeds=())
        seeds = (url, _home(url))
    return replace(plan, seeds=_unique(seeds) if options.reach == "site" else (url,))


def _plan_profile(profile: Profile) -> CrawlPlan:
    seeds = _unique((profile.home, *profile.sections))
    return CrawlPlan(site=profile.name, sites=profile.sites, seeds=seeds, profile=profile)


def _unique(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def plan_crawl(target: str, options: CrawlOptions = CrawlOptions()) -> CrawlPlan:
    """Return the plan for *target*, the name of a profile or any URL of a portal.

    Profiles are looked for in the options' folder, ./sites and the package; a URL that belongs to
    the portal of one is crawled with it.

    Raises:
        UsageError: no such profile, a profile or URL that cannot be used, a bad option.
    """
    options.check()
    if "://" in target:
        plan = _plan_url(target, options)
    else:
        plan = _plan_profile(find(target, options.folder))
    hosts = frozenset(urlsplit(seed).hostname or "" for seed in plan.seeds)
    return replace(plan, hosts=hosts if options.same_host else frozenset(), options=options)


def merge(plans: Iterable[CrawlPlan]) -> list[CrawlPlan]:
    """Return one plan a site: several targets of one site are one crawl."""
    merged: dict[str, CrawlPlan] = {}
    for plan in plans:
        if known := merged.get(plan.site):
            seeds = _unique((*known.seeds, *plan.seeds))
            plan = replace(known, seeds=seeds, hosts=known.hosts | plan.hosts)
        merged[plan.site] = plan
    return list(merged.values())


def expand(template: str, since: date | None, until: date) -> list[str]:
    """Return the addresses that *template* stands for, the newest day first.

    {yyyy} {yy} {mm} {dd} {m} {d} run over the days from *since* to *until*, {n:1-20} over numbers.

    >>> expand("http://a.cn/{yyyy}{mm}/{n:1-2}.htm", date(2024, 1, 31), date(2024, 2, 1))
    ['http://a.cn/202402/1.htm', 'http://a.cn/202402/2.htm', 'http://a.cn/202401/1.htm', 'http://a.cn/202401/2.htm']

    Raises:
        UsageError: days are wanted and *since* is missing, or it stands for too much.
    """
    runs = [(int(m[1]), int(m[2])) for m in NUMBERS.finditer(template)]
    count = math.prod(max(0, last - first + 1) for first, last in runs)
    days = [until]
    if DAY_PARTS.search(template):
        if since is None:
            raise UsageError("a template of days needs --since, its first day")
        days = [until - timedelta(days=n) for n in range((until - since).days + 1)]
    if count * len(days) > MAX_BACKFILL:
        raise UsageError(f"{template} stands for more than {MAX_BACKFILL} addresses")
    out: list[str] = []
    for day in days:
        parts = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "mm": f"{day:%m}", "dd": f"{day:%d}"}
        parts |= {"m": str(day.month), "d": str(day.day)}
        dated = DAY_PARTS.sub(lambda m, parts=parts: parts[m[1]], template)  # type: ignore[misc]
        for numbers in itertools.product(*(range(first, last + 1) for first, last in runs)):
            following = iter(numbers)
            out.append(NUMBERS.sub(lambda _, following=following: str(next(following)), dated))  # type: ignore[misc]
    return list(_unique(out))
