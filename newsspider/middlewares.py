"""Downloader components: nothing outside the site is asked for, and nothing twice."""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.asyncio import sleep

from newsspider.errors import BadUrl
from newsspider.plan import CrawlPlan
from newsspider.urls import canonical_or_none, parse_http

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


REFRESH_BYTES = 4 * 4096
"""Scrapy looks at 4096 characters, and one takes up to four bytes."""
ROBOTS_BYTES = 500 * 1024
MAY_REFRESH = re.compile(rb"refresh", re.I)


class OutOfScope(IgnoreRequest):
    """The address is none of the site's, of another scheme, or carries credentials."""


class CanonicalFingerprinter:
    """One fingerprint for all spellings of an address: tracking links are asked for once."""

    def fingerprint(self, request: Request) -> bytes:
        """Return a digest of method, canonical address and body of *request*."""
        url = canonical_or_none(request.url) or request.url
        digest = hashlib.sha1(f"{request.method} {url}\n".encode(), usedforsecurity=False)
        digest.update(request.body)
        return digest.digest()


def retry_after_s(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, a number or an HTTP date.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after; None for no or a broken header.
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def is_same_page(url: str, target: str | None, location: str) -> bool:
    """Tell whether *url* redirects to another spelling of itself, which has to be asked for, too.

    To the duplicate filter both are one page, to the server they are two: the front page is at
    /index.html, an article is shown with the id of a session. *target* is canonical.
    """
    spelt = urljoin(url, location).partition("#")[0]
    return target == canonical_or_none(url) and spelt != url


class RetryAfterMiddleware:
    """Let the whole site rest as long as it asks for, then go on at half the pace.

    Answers that ask for it while the site rests already are part of the same rest: sixteen of them
    do not halve the pace sixteen times.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.limit_s = crawler.settings.getfloat("NEWSSPIDER_MAX_RETRY_AFTER_S", 120.0)
        self.max_delay_s = crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY", 60.0)
        self._waiting = 0
        self._pace_s = 0.0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* when the time that it asks for is over."""
        if response.status not in (429, 503):
            return response
        wait_s = retry_after_s(response.headers.get("Retry-After"), datetime.now(UTC))
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(request.meta.get("download_slot", ""))
        if not wait_s or slot is None:
            return response
        wait_s = min(wait_s, self.limit_s)
        self.crawler.stats.max_value("newsspider/retry_after_s", wait_s)
        if not self._waiting:
            self._pace_s = slot.delay
        self._waiting += 1
        slot.delay = max(slot.delay, wait_s)
        await sleep(wait_s)
        self._waiting -= 1
        if not self._waiting:
            slot.delay = min(2 * self._pace_s, self.max_delay_s)
        return response


class BoundedRobotParser(ProtegoRobotParser):
    """Reads as much of a robots.txt as every crawler has to; each rule costs time at every request.

    https://www.rfc-editor.org/rfc/rfc9309#section-2.5
    """

    @classmethod
    def from_crawler(cls, crawler: "Crawler", robotstxt_body: bytes) -> Self:
        if len(robotstxt_body) > ROBOTS_BYTES:
            # Half a rule would be another one.
            robotstxt_body = robotstxt_body[:ROBOTS_BYTES].rpartition(b"\n")[0]
        return super().from_crawler(crawler, robotstxt_body)


class RareMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Follow meta refresh as Scrapy does, but decode only pages that may have one."""

    # Scrapy's takes a spider, too, for spiders of old: nothing passes one any more.
    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return *response*, or a request for where it leads."""
        head = response.body[:REFRESH_BYTES]
        # In UTF-16 and its like the word would not be found.
        if b"\0" not in head and not MAY_REFRESH.search(head):
            return response
        found = super().process_response(request, response)
        if isinstance(found, Request) and is_same_page(
            request.url, canonical_or_none(found.url), found.url
        ):
            return found.replace(dont_filter=True)
        return found


class SentHomeMiddleware:
    """Record an address that redirects to the front page, or to another that was asked for already.

    Such a redirect ends at the duplicate filter and no callback ever hears of it: without a record
    the address would be asked for in every run.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.request_dropped, signal=signals.request_dropped)
        return middleware

    def request_dropped(self, request: Request) -> None:
        """Record the redirects that led to *request*, which is not asked for once more."""
        if books := getattr(self.crawler.spider, "books", None):
            books.sent_on(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* as it is."""
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or not location:
            return response
        target = canonical_or_none(location.decode("latin-1"), response.url)
        if is_same_page(request.url, target, location.decode("latin-1")):
            # The redirect takes it over.
            request.dont_filter = True
        books = getattr(self.crawler.spider, "books", None)
        if books and target and urlsplit(target).path == "/" != urlsplit(request.url).path:
            books.sent_home(request, response.status)
        return response


class ScopeMiddleware:
    """Refuse every request that leaves the site, also where a redirect leads."""

    def __init__(self, crawler: "Crawler", plan: CrawlPlan) -> None:
        self.crawler = crawler
        self.plan = plan
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        plan = getattr(crawler.spider, "plan", None)
        if not isinstance(plan, CrawlPlan):
            raise NotConfigured("the spider has no plan")
        return cls(crawler, plan)

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise OutOfScope."""
        try:
            parts = parse_http(request.url)
        except BadUrl as error:
            reason = str(error)
        else:
            if self._is_barren(request):
                raise OutOfScope(f"too many addresses like it had nothing: {request.url}")
            if "@" not in parts.netloc and self.plan.in_scope(request.url):
                # One politeness slot a site, whatever its hosts; robots.txt counts too.
                request.meta.setdefault("download_slot", self.plan.site)
                return
            reason = f"outside {self.plan.site}: {request.url}"
        self.stats.inc_value("newsspider/refused/out_of_scope")
        raise OutOfScope(reason)

    def _is_barren(self, request: Request) -> bool:
        """Tell whether what this run learned since *request* was admitted speaks against it."""
        frontier = getattr(self.crawler.spider, "frontier", None)
        if frontier is None or not request.meta.get("is_new"):
            return False
        if request.meta.get("is_sitemap"):
            return bool(frontier.refuses_sitemap())
        return bool(frontier.refuses(request.url, is_dated=request.meta.get("is_dated", False)))
