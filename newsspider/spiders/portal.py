"""The portal spider: from any page of a site to its sections, their further pages and articles."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newsspider.errors import UsageError
from newsspider.extract import Link, Reading, join_pages, read
from newsspider.items import Article
from newsspider.plan import CrawlPlan, plan_crawl
from newsspider.spiders.politeness import apply_plan
from newsspider.spiders.verdict import (
    is_html,
    is_other_page_of,
    is_section,
    next_visit,
    robots_of,
    worth_following,
)
from newsspider.store.ledger import Ledger
from newsspider.store.records import Fetch, FoundUrl, UrlKind, Visit
from newsspider.urls import canonical, canonical_or_none, fetchable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

SEED_PRIORITY = 100
"""What the user named comes first."""
CONTINUATION_PRIORITY = 50
"""The further pages of an article come before anything new: its parts wait in memory."""


class PortalSpider(scrapy.Spider):
    """Crawls one portal. `scrapy crawl portal -a url=https://... [-a revisit=all] [-a delay=0]`."""

    name = "portal"

    def __init__(
        self,
        url: str | None = None,
        *,
        plan: CrawlPlan | None = None,
        profiles: str | None = None,
        revisit: str = "due",
        delay: str | None = None,
        same_host: str = "",
        **kwargs: Any,
    ) -> None:
        """Take *plan*, or make one from what `scrapy crawl -a` gives: *url* or a profile's name.

        Raises:
            UsageError: there is no target, or the arguments cannot be used.
        """
        super().__init__(**kwargs)
        if plan is None:
            if not url:
                raise UsageError("what to crawl? -a url=https://... or -a url=PROFILE")
            try:
                delay_s = float(delay) if delay else None
            except ValueError as error:
                raise UsageError(f"delay is a number of seconds, not {delay!r}") from error
            plan = plan_crawl(
                url,
                folder=Path(profiles) if profiles else None,
                revisit=revisit,
                delay_s=delay_s,
                same_host=same_host.lower() in ("1", "true", "yes"),
            )
        self.plan = plan
        self.ledger: Ledger | None = None
        self._not_articles: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.plan = apply_plan(spider.plan, crawler.settings)
        spider._min_confidence = crawler.settings.getfloat("NEWSSPIDER_MIN_CONFIDENCE", 0.5)
        spider._min_confidence_profile = crawler.settings.getfloat(
            "NEWSSPIDER_MIN_CONFIDENCE_PROFILE", 0.2
        )
        spider._max_pages = crawler.settings.getint("NEWSSPIDER_MAX_ARTICLE_PAGES", 50)
        return spider

    _min_confidence: float
    _min_confidence_profile: float
    _max_pages: int

    # -- what to ask for -------------------------------------------------------------------------
    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield the seeds, then what the archive says is due."""
        for url in self.plan.seeds:
            yield self._request(url, priority=SEED_PRIORITY)
        if self.ledger:
            for visit in self.ledger.due(revisit=self.plan.revisit):
                if self.plan.in_scope(visit.url):
                    yield self._request(visit.url)

    def _request(self, url: str, **options: Any) -> scrapy.Request:
        return scrapy.Request(
            fetchable(url),
            callback=options.pop("callback", self.parse),
            errback=self.failed,
            meta={"download_slot": self.plan.site},
            **options,
        )

    def _follow(self, links: Iterable[Link], page_url: str) -> Iterator[scrapy.Request]:
        """Yield a request for each link of the site that no run has met yet."""
        fresh: dict[str, Link] = {}
        for link in links:
            if worth_following(link, self.plan) and (url := canonical_or_none(link.url)):
                fresh.setdefault(url, link)
        known: dict[str, Visit] = self.ledger.visits(fresh) if self.ledger else {}
        # What is known was asked for at the start if it is due.
        fresh = {url: link for url, link in fresh.items() if url not in known}
        if self.ledger:
            self.ledger.add_found(
                FoundUrl(url=url, found_on=page_url, listed_title=link.title or link.text or None)
                for url, link in fresh.items()
            )
        for link in fresh.values():
            yield self._request(link.url)

    # -- what an answer means --------------------------------------------------------------------
    def parse(
        self, response: Response, twin: Article | None = None
    ) -> Iterator[scrapy.Request | Article]:
        """Read a page: an article is yielded once whole, and links of the site are followed.

        *twin* is an article that names this address as its original; it counts if this is none.
        """
        reading = self._read(response)
        if reading is None or not self._is_article(reading.article, response):
            if twin:
                yield twin
            self._not_articles.add(canonical(response.url))
            yield from self._other(response, reading)
            return
        article, obeyed = reading.article, self._robots(response, reading)
        if "noindex" in obeyed:
            self.crawler.stats.inc_value("newsspider/refused/noindex")
            self._record(response, kind="other")
        else:
            self._count("article")
            self._record(response, kind="article", article=article)
            yield from self._whole(reading, response.url)
        if "nofollow" not in obeyed:
            pages = {canonical_or_none(url) for url in reading.pager}
            links = (link for link in reading.links if canonical_or_none(link.url) not in pages)
            yield from self._follow(links, article.url)

    def _whole(self, reading: Reading, url: str) -> Iterator[scrapy.Request | Article]:
        """Yield the article of a page, or the request that leads to the whole of it."""
        article = reading.article
        if first := is_other_page_of(reading, url):
            yield self._request(first, priority=CONTINUATION_PRIORITY)
        elif self._is_twin(article, url):
            self._count("twin")
            yield self._request(
                article.url, priority=CONTINUATION_PRIORITY, cb_kwargs={"twin": article}
            )
        else:
            yield from self._continue([article])

    def _robots(self, response: Response, reading: Reading) -> frozenset[str]:
        """Return the directives of the page's own robots that this crawl obeys."""
        profile = self.plan.profile
        if profile is None or not profile.obey_meta_robots:
            return frozenset()
        return robots_of(response, reading)

    def _continue(self, parts: list[Article]) -> Iterator[scrapy.Request | Article]:
        """Yield the request for the page after *parts*, or the whole article after its last one."""
        following = parts[-1].next_page
        met = {url for part in parts for url in (canonical(part.requested_url or part.url),)}
        if (
            following
            and len(parts) < self._max_pages
            and self.plan.in_scope(following)
            and canonical_or_none(following) not in met
        ):
            yield self._request(
                following,
                callback=self.parse_continuation,
                priority=CONTINUATION_PRIORITY,
                cb_kwargs={"parts": parts},
                dont_filter=True,
            )
        else:
            yield join_pages(parts) if len(parts) > 1 else parts[0]

    def parse_continuation(
        self, response: Response, parts: list[Article]
    ) -> Iterator[scrapy.Request | Article]:
        """Add a further page of an article to its *parts*."""
        reading = self._read(response)
        if reading is None or not reading.article.body:
            self._record(response, kind="other")
            yield join_pages(parts) if len(parts) > 1 else parts[0]
            return
        self._count("joined")
        self._record(response, kind="article", article=parts[0])
        yield from self._continue([*parts, reading.article])

    def _other(self, response: Response, reading: Reading | None) -> Iterator[scrapy.Request]:
        """Record a page that is no article and follow its links."""
        links = [
            link for link in (reading.links if reading else ()) if worth_following(link, self.plan)
        ]
        kind: UrlKind = "section" if is_section(links) else "other"
        if response.status == 200:
            self._count(kind)
        # An address that was an article keeps that kind when it answers 404 today.
        self._record(response, kind=kind if response.status == 200 else None)
        if reading and "nofollow" not in self._robots(response, reading):
            yield from self._follow(links, canonical(response.url))

    def failed(self, failure: "Failure") -> Iterator[Article]:
        """Record a request without an answer; what waited for it is kept as far as it got."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        refused = isinstance(failure.value, IgnoreRequest)
        error = str(failure.value) or type(failure.value).__name__
        if not refused:
            self.crawler.stats.inc_value("newsspider/fetches/failed")
            self.logger.info("failed: %s: %s", request.url, error)
        if self.ledger and (url := canonical_or_none(request.url)):
            now = datetime.now(UTC)
            # A refusal is asked again next week, a failure in the next run.
            later = now + timedelta(days=7) if refused else None
            self.ledger.add_fetch(
                Fetch(url=url, fetched_at=now, error=error[:300], next_visit=later)
            )
        if parts := request.cb_kwargs.get("parts"):
            yield join_pages(parts) if len(parts) > 1 else parts[0]
        elif twin := request.cb_kwargs.get("twin"):
            yield twin

    # -- reading and judging ---------------------------------------------------------------------
    def _read(self, response: Response) -> Reading | None:
        """Return what extraction says of *response*, None where that is no HTML page."""
        if response.status != 200 or not is_html(response):
            return None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        reading = read(
            response.body,
            response.url,
            content_type=content_type or None,
            profile=self.plan.profile,
            fetched_at=datetime.now(UTC),
            requested_url=response.meta.get("redirect_urls", [response.url])[0],
            http_status=response.status,
        )
        if not (said := robots_of(response, reading)):
            return reading
        provenance = {**reading.article.provenance, "robots": ", ".join(sorted(said))}
        return replace(reading, article=replace(reading.article, provenance=provenance))

    def _is_article(self, article: Article, response: Response) -> bool:
        profile = self.plan.profile
        named = profile.is_article(canonical(response.url)) if profile else None
        if named is None:
            return article.confidence >= self._min_confidence
        return named and article.confidence >= self._min_confidence_profile

    def _is_twin(self, article: Article, url: str) -> bool:
        """Tell whether the page names another page as its original that is worth asking for."""
        own = canonical(url)
        return (
            article.url != own
            and article.url not in self._not_articles
            and self.plan.in_scope(article.url)
            and _without_www(article.url) != _without_www(own)
        )

    # -- books -----------------------------------------------------------------------------------
    def _count(self, kind: str) -> None:
        self.crawler.stats.inc_value(f"newsspider/pages/{kind}")

    def _record(
        self, response: Response, *, kind: UrlKind | None, article: Article | None = None
    ) -> None:
        """Take the answer, and the redirects that led to it, into the books."""
        failed = response.status == 429 or response.status >= 500
        self.crawler.stats.inc_value(f"newsspider/fetches/{'failed' if failed else 'answered'}")
        if not self.ledger:
            return
        now = datetime.now(UTC)
        headers = response.headers
        for hop in response.meta.get("redirect_urls", ()):
            if (url := canonical_or_none(hop)) and url != canonical(response.url):
                self.ledger.add_fetch(
                    Fetch(
                        url=url,
                        fetched_at=now,
                        kind="other",
                        article_url=article.url if article else None,
                        next_visit=now + timedelta(days=30),
                    )
                )
        self.ledger.add_fetch(
            Fetch(
                url=canonical(response.url),
                fetched_at=now,
                kind=kind,
                http_status=response.status,
                size_bytes=len(response.body),
                etag=_header(headers.get("ETag")),
                last_modified=_header(headers.get("Last-Modified")),
                next_visit=None if failed else next_visit(kind, article, now),
                error=f"HTTP {response.status}" if failed else None,
                article_url=article.url if article else None,
            )
        )


def _header(value: bytes | None) -> str | None:
    return value.decode("latin-1")[:300] if value else None


def _without_www(url: str) -> str:
    """Return *url* less what twins of one page differ in without being two pages."""
    rest = url.partition("://")[2].removeprefix("www.")
    return rest.partition("?")[0].rstrip("/")
