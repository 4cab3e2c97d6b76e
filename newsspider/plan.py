"""What one crawl is to do: where it starts, how far it goes, how politely. Built before Scrapy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from newsspider.errors import UsageError
from newsspider.profiles import Profile, available, find, match
from newsspider.urls import fetchable, is_local_host, parse_http, shown, site_key, site_key_or_none

Revisit = Literal["due", "all", "none"]
REVISITS: tuple[str, ...] = get_args(Revisit)


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
    revisit: Revisit = "due"
    since: date | None = None
    """Articles that a list or their address dates before this day are left alone."""
    until_known: int | None = None
    """A list is gone down until so many known articles stand in a row; None: while it has news."""
    is_narrow: bool = False
    """Only the seeds are fetched, and nothing that they link to."""
    delay_s: float | None = None
    """Least seconds between two requests; None: default; 0 lifts every brake, for one's own."""
    contact: str = ""

    def in_scope(self, url: str) -> bool:
        """Tell whether *url* belongs to what this crawl may ask for."""
        if site_key_or_none(url) not in self.sites:
            return False
        return not self.hosts or (urlsplit(url).hostname or "") in self.hosts

    @property
    def is_local(self) -> bool:
        """Tell whether every seed is on this machine or a private network."""
        return all(is_local_host(urlsplit(seed).hostname or "") for seed in self.seeds)


def _home(url: str) -> str:
    parts = parse_http(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _plan_url(target: str, folder: Path | None) -> CrawlPlan:
    url = fetchable(target)
    if "@" in urlsplit(url).netloc:
        raise UsageError(f"a URL with a user name is not crawled: {shown(target)}")
    profile = match(url, available(folder))
    if profile:
        return replace(_plan_profile(profile), seeds=_unique((url, *_seeds(profile))))
    key = site_key(url)
    return CrawlPlan(site=key, sites=frozenset((key,)), seeds=_unique((url, _home(url))))


def _seeds(profile: Profile) -> tuple[str, ...]:
    return (profile.home, *profile.sections)


def _plan_profile(profile: Profile) -> CrawlPlan:
    return CrawlPlan(
        site=profile.name, sites=profile.sites, seeds=_unique(_seeds(profile)), profile=profile
    )


def _unique(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def plan_crawl(
    target: str,
    *,
    folder: Path | None = None,
    revisit: str = "due",
    delay_s: float | None = None,
    since: date | None = None,
    until_known: int | None = None,
    same_host: bool = False,
    contact: str = "",
) -> CrawlPlan:
    """Return the plan for *target*, the name of a profile or any URL of a portal.

    Profiles are looked for in *folder*, ./sites and the package; a URL that belongs to the portal
    of one is crawled with it. *same_host* keeps to the hosts of the seeds.

    Raises:
        UsageError: no such profile, a profile or URL that cannot be used, a bad option.
    """
    if revisit not in REVISITS:
        raise UsageError(f"revisit is one of {', '.join(REVISITS)}, not {revisit!r}")
    if delay_s is not None and not 0 <= delay_s <= 3600:
        raise UsageError(f"delay is 0 to 3600 seconds, not {delay_s:g}")
    plan = _plan_url(target, folder) if "://" in target else _plan_profile(find(target, folder))
    hosts = frozenset(urlsplit(seed).hostname or "" for seed in plan.seeds)
    return replace(
        plan,
        hosts=hosts if same_host else frozenset(),
        revisit=revisit,  # type: ignore[arg-type]
        delay_s=delay_s,
        since=since,
        until_known=until_known,
        contact=contact,
    )


def merge(plans: Iterable[CrawlPlan]) -> list[CrawlPlan]:
    """Return one plan a site: several targets of one site are one crawl."""
    merged: dict[str, CrawlPlan] = {}
    for plan in plans:
        if known := merged.get(plan.site):
            seeds = _unique((*known.seeds, *plan.seeds))
            plan = replace(known, seeds=seeds, hosts=known.hosts | plan.hosts)
        merged[plan.site] = plan
    return list(merged.values())
