"""Downloader components: nothing outside the site is asked for, and nothing twice."""

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.request import RequestFingerprinter

from newsspider.errors import BadUrl
from newsspider.plan import CrawlPlan
from newsspider.urls import canonical, parse_http

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector


class OutOfScope(IgnoreRequest):
    """The address is none of the site's, of another scheme, or carries credentials."""


class CanonicalFingerprinter:
    """One fingerprint for all spellings of an address: tracking links are asked for once."""

    def __init__(self, crawler: "Crawler") -> None:
        self._plain = RequestFingerprinter(crawler)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler)

    def fingerprint(self, request: Request) -> bytes:
        """Return Scrapy's fingerprint of the canonical form of *request*."""
        try:
            return self._plain.fingerprint(request.replace(url=canonical(request.url)))
        except BadUrl:
            return self._plain.fingerprint(request)


class ScopeMiddleware:
    """Refuse every request that leaves the site, also where a redirect leads."""

    def __init__(self, plan: CrawlPlan, stats: "StatsCollector") -> None:
        self.plan = plan
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        plan = getattr(crawler.spider, "plan", None)
        if not isinstance(plan, CrawlPlan):
            raise NotConfigured("the spider has no plan")
        return cls(plan, crawler.stats)

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise OutOfScope."""
        try:
            parts = parse_http(request.url)
        except BadUrl as error:
            reason = str(error)
        else:
            if "@" not in parts.netloc and self.plan.in_scope(request.url):
                # One politeness slot a site, whatever its hosts; robots.txt counts too.
                request.meta.setdefault("download_slot", self.plan.site)
                return
            reason = f"outside {self.plan.site}: {request.url}"
        self.stats.inc_value("newsspider/refused/out_of_scope")
        raise OutOfScope(reason)
