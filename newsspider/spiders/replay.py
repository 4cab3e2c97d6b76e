"""A crawl that asks WARC files instead of the network: the same verdicts, the same pipelines."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newsspider.archive.foreign import ROOT, Capture, Foreign, Told, name_of, opened
from newsspider.archive.reader import RawArchive
from newsspider.archive.records import RawResponse
from newsspider.errors import DamagedRecord, UsageError
from newsspider.plan import CrawlOptions, CrawlPlan, plan_crawl
from newsspider.spiders.portal import PortalSpider
from newsspider.spiders.run import RunResult, crawl_settings, run_crawls
from newsspider.urls import canonical_or_none

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SETTINGS = {
    "DOWNLOAD_HANDLERS": {
        "http": "newsspider.spiders.replay.WarcHandler",
        "https": "newsspider.spiders.replay.WarcHandler",
    },
    # There is nobody to be polite to, and nothing changes when it is asked for again.
    "ROBOTSTXT_OBEY": False,
    "RETRY_ENABLED": False,
}


class NotCaptured(IgnoreRequest):
    """The files hold no answer for the address."""


Sites = list[tuple[CrawlPlan, list[Capture]]]


def plan_replay(foreign: Foreign, folder: Path | None) -> Sites:
    """Return a plan for each site of *foreign*, with its captures in the order of their time.

    *folder* is where profiles are looked for first. Addresses that nobody may crawl (of malformed
    hosts, with user names) are left out.
    """
    options = CrawlOptions(folder=folder, revisit="none", reach="page", delay_s=0)
    plans: dict[str, CrawlPlan | None] = {}
    sites: dict[str, tuple[CrawlPlan, list[Capture]]] = {}
    for capture in foreign.captures:
        url = canonical_or_none(capture.url)
        if url is None:
            continue
        host = urlsplit(url).netloc
        if host not in plans:
            try:
                plans[host] = plan_crawl(url, options)
            except UsageError:
                plans[host] = None
        if plan := plans[host]:
            plan = replace(plan, seeds=())
            sites.setdefault(plan.site, (plan, []))[1].append(capture)
    return list(sites.values())


class Replay:
    """What the spiders and the handler of one ingest share."""

    def __init__(self, foreign: Foreign, sites: Sites) -> None:
        self.raw = RawArchive(ROOT, locate=foreign.originals.get, is_searched=False)
        self.sites = {plan.site: captures for plan, captures in sites}

    def by_address(self, site: str) -> dict[str, list[Capture]]:
        """Return the captures of *site* under their canonical addresses."""
        found: dict[str, list[Capture]] = defaultdict(list)
        for capture in self.sites[site]:
            if url := canonical_or_none(capture.url):
                found[url].append(capture)
        return found

    def read(self, capture: Capture) -> RawResponse:
        """Return the answer of *capture*."""
        return self.raw.read(name_of(capture.path), capture.offset)


class WarcSpider(PortalSpider):
    """Reads every answer of one site once, oldest first; follows nothing out of the files."""

    # Not listed: it needs what no argument can name.
    name = ""
    is_replay = True
    replay: Replay

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, name="warc", **kwargs)
        # Readings of one article have to come in their order.
        crawler.settings.set("CONCURRENT_REQUESTS", 1, priority="spider")
        spider.captures = spider.replay.by_address(spider.plan.site)
        return spider

    captures: dict[str, list[Capture]]
    clock: datetime | None = None
    """When the last answer was captured: what an article needs beside it comes from then."""

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield one request for each answer that is newer than what the archive knows."""
        self.begin()
        # What the files do not name stays where it is.
        self.backlog = None
        for capture in self.replay.sites[self.plan.site]:
            url = canonical_or_none(capture.url)
            visit = self._known(url) if url else None
            if visit and visit.last_fetched and capture.captured_at <= visit.last_fetched:
                self.books.refused("older_capture")
                continue
            yield self._request(capture.url, dont_filter=True, meta={"capture": capture})

    def nearest(self, url: str) -> Capture | None:
        """Return the capture of *url* that was made closest to the last answer."""
        found = self.captures.get(canonical_or_none(url) or "", ())
        now = self.clock
        if now is None:
            return found[-1] if found else None
        return min(found, key=lambda capture: abs(capture.captured_at - now), default=None)


class WarcHandler(BaseDownloadHandler):
    """Answers requests out of the files of a WarcSpider."""

    async def download_request(self, request: scrapy.Request) -> Response:
        """Return what *request* was answered.

        Raises:
            NotCaptured: the files do not say.
            RawArchiveError: the record is damaged.
        """
        spider = self.crawler.spider
        assert isinstance(spider, WarcSpider)  # noqa: S101
        capture = request.meta.pop("capture", None) or spider.nearest(request.url)
        if capture is None:
            raise NotCaptured(f"not in the files: {request.url}")
        raw = spider.replay.read(capture)
        request.meta["captured_at"] = spider.clock = raw.fetched_at
        return response_of(request.url, raw)


def response_of(url: str, raw: RawResponse) -> Response:
    """Return *raw* as an answer that Scrapy could have had for *url*."""
    headers = Headers(
        [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in raw.headers
            if name.lower() not in ("transfer-encoding", "connection")
        ]
    )
    try:
        raw.content(1)
    except DamagedRecord:
        # Some archives keep decoded bodies under the header of their coding; br is left to Scrapy.
        if raw.get("Content-Encoding").strip().lower() not in ("br", "zstd"):
            headers.pop("Content-Encoding", None)
    kind = responsetypes.from_args(headers=headers, url=url, body=raw.body)
    return kind(
        url=url,
        status=raw.status,
        headers=headers,
        body=raw.body,
        flags=["partial"] if raw.truncated else None,
        protocol="HTTP/1.1",
    )


def run_replay(
    files: Sequence[Path], folder: Path | None, settings: Mapping[str, Any], tell: Told
) -> tuple[list[RunResult], int]:
    """Read *files* into the archive; return a result for each site, and how many files are broken.

    *tell* is told what is wrong with a file; the others go on.
    """
    with opened(files, tell) as foreign:
        sites = plan_replay(foreign, folder)
        replay = Replay(foreign, sites)
        plans = [plan for plan, _ in sites]
        if not plans:
            return [], foreign.broken
        ingest = crawl_settings({**settings, **SETTINGS})
        results = run_crawls(plans, ingest, spider=WarcSpider, at_once=1, replay=replay)
        replay.raw.close()
        return results, foreign.broken
