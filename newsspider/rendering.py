"""Pages that scripts fill: a browser runs them, and the crawl fetches all that it asks for.

The browser has no way to the network. What the crawl downloaded is put before it, and whatever the
page's scripts ask for goes through the crawl's own downloader: robots.txt, scope, addresses, sizes,
delays and the raw archive are the same as for any page, at every hop. So scrapy-playwright is not
used: there the browser follows redirects and resolves names by itself.
"""

import asyncio
import logging
import os
import shutil
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import HtmlResponse, Response

from newsspider.errors import UsageError
from newsspider.plan import CrawlPlan

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    # A second wall behind the routes: no name resolves, and every connection has a dead end.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
)
WANTED = ("script", "xhr", "fetch")
"""What a page may ask for; pictures, fonts, films, frames and styles say nothing to a reader."""
NO_ANSWER = (
    IgnoreRequest,
    NotSupported,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What a part of a page may fail with: refused, unanswered, malformed, or the crawl is ending."""
MAX_PARTS = 100
"""Requests of one page that are answered."""
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""Of scripts that are kept at hand: every page of a site has the same."""
SETTLE_MS = 3000
"""The longest wait for a page that never comes to rest."""


class MissingBrowser(UsageError):
    """Pages with scripts cannot be read on this machine; the text says what to install."""


def find_browser(chosen: str = "") -> str:
    """Return the program that runs scripts: *chosen*, else an installed Chromium or Chrome.

    Raises:
        MissingBrowser: there is none, or the extra newsspider[js] is not installed.
    """
    try:
        import playwright  # noqa: F401
    except ImportError as error:
        raise MissingBrowser(
            "pages with JavaScript need the extra js: pip install 'newsspider[js]'"
        ) from error
    for name in (chosen,) if chosen else BROWSERS:
        if path := shutil.which(name):
            return path
    what = f"{chosen} is no program" if chosen else "no Chromium is installed"
    raise MissingBrowser(
        f"pages with JavaScript need a browser, but {what}: install chromium, "
        "or name it with -s NEWSSPIDER_BROWSER=/path/to/chromium"
    )


class RenderMiddleware:
    """Let a browser run the scripts of every HTML page, where the plan wants that."""

    def __init__(self, crawler: "Crawler", plan: CrawlPlan) -> None:
        self.crawler = crawler
        self.plan = plan
        self.path = find_browser(crawler.settings.get("NEWSSPIDER_BROWSER", ""))
        self.limit_s = crawler.settings.getfloat("NEWSSPIDER_RENDER_TIMEOUT_S", 60.0)
        self.max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.parts = Parts(crawler, plan)
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        plan = getattr(crawler.spider, "plan", None)
        if not isinstance(plan, CrawlPlan) or not plan.javascript:
            raise NotConfigured("no page with JavaScript is to be read")
        middleware = cls(crawler, plan)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* as it is after its scripts, or unchanged where that fails."""
        is_page = isinstance(response, HtmlResponse) and response.status == 200
        if not is_page or request.meta.get("is_part"):
            return response
        from playwright.async_api import Error

        stats = self.crawler.stats
        # One page at a time: its parts wait in the same line as the pages do.
        async with self._lock:
            try:
                async with asyncio.timeout(self.limit_s):
                    html = await self._rendered(response)
            except (Error, TimeoutError, OSError) as error:
                stats.inc_value("newsspider/browser/failed")
                logger.info("not rendered: %s: %s", response.url, str(error).partition("\n")[0])
                await self.close()
                return response
        body = html.encode("utf-8", "replace")
        if len(body) > self.max_bytes:
            stats.inc_value("newsspider/browser/too_large")
            return response
        stats.inc_value("newsspider/browser/pages")
        headers = response.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        flags = [*response.flags, "rendered"]
        return response.replace(body=body, headers=headers, flags=flags, encoding="utf-8")

    async def _rendered(self, response: Response) -> str:
        """Return the page as its scripts leave it."""
        from playwright.async_api import TimeoutError as Unsettled

        context = await self._context()
        try:
            page = await context.new_page()
            visit = Visit(response, self.parts, page)
            await context.route("**/*", visit.answer)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            await page.goto(response.url, wait_until="load", timeout=self.limit_s * 1000)
            try:
                await page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
            except Unsettled:
                self.crawler.stats.inc_value("newsspider/browser/unsettled")
            return await page.content()
        finally:
            await context.close()

    async def _context(self) -> "BrowserContext":
        """Return a fresh profile of the browser: no page leaves anything for the next."""
        if self._browser is None:
            from playwright.async_api import async_playwright

            self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(
                executable_path=self.path,
                args=list(ARGUMENTS),
                # Chromium refuses to run as root with its sandbox.
                chromium_sandbox=os.geteuid() != 0,
            )
        return await self._browser.new_context(
            service_workers="block",
            accept_downloads=False,
            user_agent=self.crawler.settings.get("USER_AGENT"),
            locale="zh-CN",
        )

    async def close(self) -> None:
        """End the browser; the next page starts another."""
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser:
            await browser.close()
        if playwright:
            await playwright.stop()


class Parts:
    """Fetches what the scripts of pages ask for, with the manners of the crawl."""

    def __init__(self, crawler: "Crawler", plan: CrawlPlan) -> None:
        self.crawler = crawler
        self.plan = plan
        self._kept: OrderedDict[str, Response] = OrderedDict()
        self._kept_bytes = 0

    async def fetch(self, url: str, referer: str, *, is_script: bool) -> Response | None:
        """Return the answer at *url*, or None where it is refused or there is none."""
        if kept := self._kept.get(url):
            self._kept.move_to_end(url)
            return kept
        request = Request(
            url,
            headers={"Referer": referer, "Accept": "*/*"},
            meta={"is_part": True, "download_slot": self.plan.site},
        )
        stats = self.crawler.stats
        try:
            response = await self.crawler.engine.download_async(request)
        except NO_ANSWER as error:
            stats.inc_value("newsspider/browser/parts_failed")
            logger.debug("no part of a page: %s: %s", url, error)
            return None
        stats.inc_value("newsspider/browser/parts")
        if is_script and response.status == 200:
            self._keep(url, response)
        return response

    def _keep(self, url: str, response: Response) -> None:
        self._kept[url] = response
        self._kept_bytes += len(response.body)
        while self._kept_bytes > MAX_KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1].body)


class Visit:
    """One page before the browser: what it may ask for, and what it gets."""

    def __init__(self, response: Response, parts: Parts, page: "Page") -> None:
        self.response = response
        self.parts = parts
        self.page = page
        self._is_open = False
        self._left = MAX_PARTS

    async def answer(self, route: "Route") -> None:
        """Give the browser the page that was downloaded, the parts that it wants, or nothing."""
        request = route.request
        if request.is_navigation_request() and not self._is_open:
            self._is_open = True
            kind = (self.response.headers.get("Content-Type") or b"text/html").decode("latin-1")
            await route.fulfill(status=200, content_type=kind, body=self.response.body)
            return
        part = None
        is_wanted = request.resource_type in WANTED and request.method == "GET"
        if is_wanted and self._left > 0:
            self._left -= 1
            is_script = request.resource_type == "script"
            part = await self.parts.fetch(request.url, self.response.url, is_script=is_script)
        if part is None:
            await route.abort()
            return
        kind = (part.headers.get("Content-Type") or b"application/octet-stream").decode("latin-1")
        headers: dict[str, Any] = {"Content-Type": kind, "Access-Control-Allow-Origin": "*"}
        await route.fulfill(status=part.status, headers=headers, body=part.body)
