"""What waits to be asked for: in memory as much as does no harm, the rest in the archive."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from newsspider.plan import CrawlPlan
from newsspider.store.ledger import Ledger
from newsspider.store.records import Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_WAITING = 30_000
"""Requests in the queue of a run, of one to two kilobytes each: a site can name more addresses than
any memory holds."""

T = TypeVar("T")


class Backlog:
    """Fills the queue of a crawl out of the archive, which has every address that was found."""

    def __init__(
        self,
        crawler: "Crawler",
        plan: CrawlPlan,
        ledger: Ledger,
        request_for: Callable[[Visit], Request],
    ) -> None:
        self.crawler = crawler
        self.plan = plan
        self.ledger = ledger
        self.request_for = request_for
        self._is_more = False
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    def _waiting(self) -> int:
        value = self.crawler.stats.get_value
        return int(value("scheduler/enqueued", 0) - value("scheduler/dequeued", 0))

    def fitting(self, found: Sequence[T]) -> Sequence[T]:
        """Return as many of *found*, which the archive knows, as there is room for."""
        room = max(0, MAX_WAITING - self._waiting())
        self._is_more = self._is_more or len(found) > room
        return found[:room]

    def requests(self) -> Iterator[Request]:
        """Yield what the archive says is due, the most urgent first, while there is room."""
        for visit in self.ledger.due(revisit=self.plan.options.revisit):
            if self._waiting() >= MAX_WAITING:
                self._is_more = True
                return
            if self.plan.in_scope(visit.url):
                yield self.request_for(visit)

    def spider_idle(self) -> None:
        """Go on with what had no room.

        Raises:
            DontCloseSpider: there is some.
        """
        if not self._is_more:
            return
        self._is_more = False
        self.ledger.flush()
        before = self._waiting()
        for request in self.requests():
            # The duplicate filter drops what this run has asked for already.
            self.crawler.engine.crawl(request)
        if self._waiting() > before:
            raise DontCloseSpider
