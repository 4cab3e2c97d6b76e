"""Articles whose page names another one as the original, until it is known what that holds."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.http import Response

from newsspider.items import Article
from newsspider.plan import CrawlPlan
from newsspider.spiders.verdict import is_twin
from newsspider.urls import canonical

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_WAITING = 1_000


class Twins:
    """Keeps an article back while its original is asked for; it counts if there is none.

    The original may have been asked for before, or lead to a page that was: such a request ends at
    the duplicate filter, and no callback hears of it.
    """

    def __init__(
        self, crawler: "Crawler", plan: CrawlPlan, request_for: Callable[..., Request]
    ) -> None:
        self.crawler = crawler
        self.plan = plan
        self.request_for = request_for
        self.no_originals: set[str] = set()
        """Addresses that hold no article."""
        self.stored: set[str] = set()
        """Addresses of the articles that were found."""
        self._waiting: dict[str, Article] = {}
        self._leads_to: dict[str, str] = {}
        """Redirects to what was asked for before."""
        crawler.signals.connect(self.request_dropped, signal=signals.request_dropped)

    def of(self, request: Request) -> Article | None:
        """Return the article that waits for the answer to *request*, once."""
        asked = _asked(request)
        waiting = self._waiting.pop(asked, None)
        twin = request.meta.get("twin")
        return twin if isinstance(twin, Article) else waiting

    def none_at(self, request: Request) -> None:
        """Note that no article was found by *request*, wherever that led."""
        self.no_originals |= {_asked(request), canonical(request.url)}

    def has_original(self, article: Article, response: Response) -> bool:
        """Tell whether a page names another one as its original, which may hold the article."""
        caller = self.of(response.request) if response.request else None
        if response.meta.get("is_own") or not is_twin(article, response.url, self.plan):
            return False
        original = self._leads_to.get(article.url, article.url)
        if original in self.no_originals or original == canonical(response.url):
            return False
        # Where each calls the other its original one of them has to be.
        return caller is None or canonical(caller.requested_url or caller.url) != article.url

    def request_dropped(self, request: Request) -> None:
        """Let the twin wait for the answer to another request, or be read as what it is."""
        twin, asked, leads_to = self.of(request), _asked(request), canonical(request.url)
        if request.meta.get("redirect_urls"):
            self._leads_to[asked] = leads_to
            if asked == leads_to:
                self.no_originals.add(asked)
        leads_to = self._leads_to.get(leads_to, leads_to)
        if twin is None or leads_to in self.stored:
            return
        own = twin.requested_url or twin.url
        is_known = leads_to == canonical(own) or leads_to in self.no_originals
        if is_known or len(self._waiting) >= MAX_WAITING:
            again = {"dont_filter": True, "meta": {"is_own": True}}
            self.crawler.engine.crawl(self.request_for(own, **again))
        else:
            self._waiting[leads_to] = twin


def _asked(request: Request) -> str:
    return canonical(request.meta.get("redirect_urls", [request.url])[0])
