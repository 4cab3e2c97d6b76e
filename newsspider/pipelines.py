"""From an Article to a row: refuse what is none, drop what this run has, hand on to the archive."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem, NotConfigured

from newsspider.items import Article
from newsspider.store.ledger import Ledger

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class EmptyArticle(DropItem):
    """There is no title or no body to keep."""


class DuplicateArticle(DropItem):
    """This run has stored the article already, from another address."""


class ValidatePipeline:
    """Refuse an article without title or body."""

    def process_item(self, item: Article) -> Article:
        """Return *item*, or raise EmptyArticle."""
        if not item.title or not item.body.strip():
            missing = "body" if item.title else "title"
            raise EmptyArticle(f"no {missing}: {item.url}", log_level="INFO")
        return item


class DedupePipeline:
    """One article per canonical URL and run.

    Where pages come out of an archive, several visits to one address are several readings.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.seen: dict[str, str | None] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Return *item*, or raise DuplicateArticle."""
        if item.url not in self.seen:
            self.seen[item.url] = item.requested_url
        elif not self._is_later_visit(item):
            raise DuplicateArticle(item.url, log_level="DEBUG")
        return item

    def _is_later_visit(self, item: Article) -> bool:
        is_replay = getattr(self.crawler.spider, "is_replay", False)
        return is_replay and self.seen[item.url] == item.requested_url


class StorePipeline:
    """Hand each article to the archive. Off unless NEWSSPIDER_DB is set."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        if not crawler.settings.get("NEWSSPIDER_DB"):
            raise NotConfigured("NEWSSPIDER_DB is not set")
        return cls(crawler)

    def open_spider(self) -> None:
        """Take over the books that the ArchiveWriter extension opened."""
        ledger = getattr(self.crawler.spider, "ledger", None)
        if not isinstance(ledger, Ledger):
            raise NotConfigured("the ArchiveWriter extension is off")
        self.ledger = ledger

    def process_item(self, item: Article) -> Article:
        """Return *item*; it is committed with the ledger's next batch."""
        self.ledger.add_article(item)
        return item
