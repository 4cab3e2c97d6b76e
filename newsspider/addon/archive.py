"""A foreign project's answers and items, into the archive; its own items go on as they are."""

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newsspider.addon.items import article_of
from newsspider.items import Article
from newsspider.pipelines import DuplicateArticle
from newsspider.spiders.raw import archived, moment_of
from newsspider.store.ledger import Ledger
from newsspider.store.records import Fetch
from newsspider.urls import canonical_or_none

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ANSWERS_REMEMBERED = 10_000


class FetchMiddleware:
    """Record every answer that comes to the spider: when, with which status, where it is kept."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.stats = crawler.stats
        self.answers: OrderedDict[str, tuple[datetime, int, str | None]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        if not crawler.settings.get("NEWSSPIDER_DB"):
            raise NotConfigured("NEWSSPIDER_DB is not set")
        return cls(crawler)

    def process_spider_input(self, response: Response) -> None:
        """Write *response* into the books."""
        ledger = getattr(self.crawler.spider, "ledger", None)
        url = canonical_or_none(response.url)
        if not isinstance(ledger, Ledger) or url is None:
            return
        failed = response.status == 429 or response.status >= 500
        self.stats.inc_value(f"newsspider/fetches/{'failed' if failed else 'answered'}")
        kept = archived(response.request)
        at = moment_of(response)
        ledger.add_fetch(
            Fetch(
                url=url,
                fetched_at=at,
                http_status=response.status,
                size_bytes=len(response.body),
                error=f"HTTP {response.status}" if failed else None,
                warc_file=kept.warc_file if kept else None,
                warc_offset=kept.offset if kept else None,
            )
        )
        self.answers[url] = (at, response.status, kept.record_id if kept else None)
        if len(self.answers) > ANSWERS_REMEMBERED:
            self.answers.popitem(last=False)


class ArticlePipeline:
    """Store each item that is an article, once a run; what is none goes on untouched."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        if not crawler.settings.get("NEWSSPIDER_DB"):
            raise NotConfigured("NEWSSPIDER_DB is not set")
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return *item*, stored where it is an article, or raise DuplicateArticle."""
        ledger = getattr(self.crawler.spider, "ledger", None)
        article = article_of(item)
        if article is None or not isinstance(ledger, Ledger):
            self.crawler.stats.inc_value("newsspider/items/no_article")
            return item
        if article.url in self.seen:
            raise DuplicateArticle(article.url, log_level="DEBUG")
        self.seen.add(article.url)
        ledger.add_article(self._with_answer(article))
        return item

    def _with_answer(self, article: Article) -> Article:
        """Return *article* with the answer that it was read from, as far as that is known."""
        found = None
        if fetches := self.crawler.get_spider_middleware(FetchMiddleware):
            found = fetches.answers.get(article.url)
        at, status, record_id = found or (datetime.now(UTC), None, None)
        return replace(
            article,
            fetched_at=article.fetched_at or at,
            http_status=article.http_status or status,
            warc_record_id=article.warc_record_id or record_id,
        )
