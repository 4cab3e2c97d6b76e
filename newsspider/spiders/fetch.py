"""One page over the network, with the same limits and manners as a crawl."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from newsspider.errors import NewsspiderError
from newsspider.plan import CrawlOptions, CrawlPlan, plan_crawl
from newsspider.spiders.politeness import apply_plan
from newsspider.spiders.run import crawl_settings


class FetchError(NewsspiderError):
    """The page could not be had."""


@dataclass(frozen=True, kw_only=True)
class FetchedPage:
    """An answer with status 200."""

    body: bytes
    url: str
    """After redirects."""
    content_type: str | None
    status: int


class _OnePage(scrapy.Spider):
    """Asks for one address; not listed, since it has no name of its own."""

    plan: CrawlPlan
    answer: Response | None = None
    error: str | None = None

    async def start(self) -> AsyncIterator[Any]:
        yield scrapy.Request(self.plan.seeds[0], callback=self.keep, errback=self.fail)

    def keep(self, response: Response) -> None:
        self.answer = response

    def fail(self, failure: Any) -> None:
        self.error = str(failure.value) or type(failure.value).__name__


def fetch_page(url: str, *, contact: str = "") -> FetchedPage:
    """Return the page at *url*: robots.txt obeyed, redirects within the site, sizes bounded.

    Raises:
        BadUrl: it is no address to ask for.
        FetchError: no answer, or another status than 200.
    """
    plan = plan_crawl(url, CrawlOptions(delay_s=0, reach="page", contact=contact))
    settings = crawl_settings({"NEWSSPIDER_DB": "", "ITEM_PIPELINES": {}, "EXTENSIONS": {}})
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(_OnePage)
    apply_plan(plan, crawler.settings)
    task = process.crawl(crawler, name="page", plan=plan)
    process.start()
    if not task.cancelled() and (error := task.exception()):
        raise error
    spider = crawler.spider
    if not isinstance(spider, _OnePage) or spider.answer is None:
        reason = spider.error if isinstance(spider, _OnePage) else None
        raise FetchError(f"cannot fetch {url}: {reason or 'interrupted'}")
    answer = spider.answer
    if answer.status != 200:
        raise FetchError(f"cannot fetch {url}: HTTP status {answer.status}")
    kind = (answer.headers.get("Content-Type") or b"").decode("latin-1") or None
    return FetchedPage(body=answer.body, url=answer.url, content_type=kind, status=answer.status)
