"""The portal spider: from any page of a site to its lists, their further pages and articles."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy import signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from newsspider.errors import UsageError
from newsspider.extract import Reading, join_pages
from newsspider.feeds import kind_of, read_entries
from newsspider.items import Article
from newsspider.plan import CrawlOptions, CrawlPlan, plan_crawl
from newsspider.spiders.backlog import Backlog
from newsspider.spiders.books import Books
from newsspider.spiders.frontier import LIST_PRIORITY, Candidate, Frontier
from newsspider.spiders.politeness import apply_plan
from newsspider.spiders.reader import Reader
from newsspider.spiders.shapes import shape_of
from newsspider.spiders.twins import Twins
from newsspider.spiders.verdict import (
    is_excuse,
    is_further_page,
    is_html,
    is_later_list_page,
    is_other_page_of,
    is_section,
    is_start_of,
    known_of,
    may_start,
    validators,
)
from newsspider.store.ledger import Ledger
from newsspider.store.records import UrlKind, Visit
from newsspider.urls import canonical, canonical_or_none, fetchable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

SEED_PRIORITY = 2 * LIST_PRIORITY
"""What the user named comes first."""
CONTINUATION_PRIORITY = SEED_PRIORITY + 1
"""The further pages of an article come before anything new: its parts wait in memory."""

SITE_DOWN = "no_answer"
"""Why a crawl ended whose site stopped answering."""

Results = Iterator[scrapy.Request | Article]


class PortalSpider(scrapy.Spider):
    """Crawls one portal. `scrapy crawl portal -a url=https://... [-a revisit=all] [-a delay=0]`."""

    name = "portal"
    ledger: Ledger | None = None
    backlog: Backlog | None = None

    def __init__(
        self,
        url: str | None = None,
        *,
        plan: CrawlPlan | None = None,
        profiles: str | None = None,
        revisit: str = "due",
        delay: str | None = None,
        since: str | None = None,
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
                options = CrawlOptions(
                    folder=Path(profiles) if profiles else None,
                    revisit=revisit,  # type: ignore[arg-type]
                    since=date.fromisoformat(since) if since else None,
                    delay_s=float(delay) if delay else None,
                    same_host=same_host.lower() in ("1", "true", "yes"),
                )
            except ValueError as error:
                raise UsageError(f"delay is seconds, since an ISO date: {error}") from error
            plan = plan_crawl(url, options)
        self.plan = plan
        self.is_narrow = plan.options.reach != "site"
        self._lists = set(map(canonical, plan.seeds))
        self._starts: dict[str, Article] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        apply_plan(spider.plan, settings)
        spider._max_failures = settings.getint("NEWSSPIDER_MAX_FAILURES_IN_A_ROW", 30)
        spider._max_pages = settings.getint("NEWSSPIDER_MAX_ARTICLE_PAGES", 50)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    _max_failures: int
    _max_pages: int

    # -- what to ask for -----------------------------------------------------------------------
    def begin(self) -> None:
        """Set up what the callbacks need, once the books are open."""
        self.books = Books(self.crawler.stats, self.ledger)
        self.frontier = Frontier(self.plan, self.ledger, self.books.refused)
        self.reader = Reader(self.plan, self.settings, self.books)
        self.twins = Twins(self.crawler, self.plan, self._request)
        if self.ledger and not self.is_narrow:
            self.backlog = Backlog(self.crawler, self.plan, self.ledger, self._revisit)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield the seeds, then what the archive says is due."""
        self.begin()
        profile = self.plan.profile
        lists = (*profile.feeds, *profile.sitemaps) if profile else ()
        for url in (*self.plan.seeds, *(() if self.is_narrow else lists)):
            yield self._request(url, priority=SEED_PRIORITY, visit=self._known(url))
        for request in self.backlog.requests() if self.backlog else ():
            yield request

    def _known(self, url: str) -> Visit | None:
        url = canonical(url)
        return self.ledger.visits([url]).get(url) if self.ledger else None

    def _revisit(self, visit: Visit) -> scrapy.Request:
        day = visit.date_published.date() if visit.date_published else None
        is_article = visit.kind in ("article", "other")
        priority = self.frontier.priority(day, 1) if is_article else LIST_PRIORITY
        meta = {"is_new": visit.last_fetched is None, "is_dated": day is not None}
        return self._request(visit.url, priority=priority, visit=visit, meta=meta)

    def _request(
        self, url: str, *, visit: Visit | None = None, meta: Any = None, **options: Any
    ) -> scrapy.Request:
        return scrapy.Request(
            fetchable(url),
            callback=options.pop("callback", self.parse),
            errback=self.failed,
            headers=validators(visit) if visit and not self.plan.javascript else {},
            meta={"download_slot": self.plan.site, **known_of(visit), **(meta or {})},
            **options,
        )

    def _follow(self, response: Response, candidates: list[Candidate]) -> tuple[Results, bool, int]:
        """Return requests for what is new of *candidates*, whether anything is, and known in a row.

        Links to addresses of the page's own shape do not count as new: a calendar has them too.
        """
        depth = response.meta.get("depth", 0)
        found_on = canonical(response.url)
        admitted, known = self.frontier.admit(candidates, found_on=found_on, depth=depth + 1)
        own = shape_of(found_on)
        fruitful = any(shape_of(a.url) != own for a in admitted)
        requests = (
            self._request(a.url, priority=a.priority, meta={"is_new": True, "is_dated": a.is_dated})
            for a in (self.backlog.fitting(admitted) if self.backlog else admitted)
        )
        return requests, fruitful, known

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Ask for the sitemaps that robots.txt names."""
        if self.is_narrow:
            return
        # Only Protego, Scrapy's default parser, tells them.
        sitemaps = list(getattr(getattr(robotparser, "rp", None), "sitemaps", ()))[:50]
        for url in dict.fromkeys(filter(None, map(canonical_or_none, sitemaps))):
            if self.plan.in_scope(url):
                request = self._request(url, priority=LIST_PRIORITY, visit=self._known(url))
                self.crawler.engine.crawl(request)

    # -- what an answer means --------------------------------------------------------------------
    def parse(self, response: Response) -> Results:
        """Read an answer: an article is yielded once whole, and links of the site are followed."""
        if response.status == 304:
            self.books.unchanged(response)
            return
        if response.status == 200 and not is_html(response) and kind_of(response.body):
            yield from self._entries(response)
            return
        reading = self.reader.read(response)
        if reading is None or not self._is_article(reading.article, response):
            if response.request:
                self.twins.none_at(response.request)
                if twin := self.twins.of(response.request):
                    yield from self._article(twin)
            yield from self._other(response, reading)
            return
        obeyed = self.reader.robots(response, reading)
        following: Results = iter(())
        if "nofollow" not in obeyed and not self.is_narrow:
            # Taken down before the article: a run cut short between the two reads the page again.
            following = self._follow(response, self.reader.candidates(reading))[0]
        if "noindex" in obeyed:
            self.books.refused("noindex")
            self.books.answer(response, kind="other")
        else:
            yield from self._whole(response, reading)
        yield from following

    def _whole(self, response: Response, reading: Reading) -> Results:
        """Yield the article of a page, or the request that leads to the whole of it."""
        article = reading.article
        url = canonical(response.url)
        if same := self.frontier.same_behind_token(url, article):
            # The token in the address is a session id: the page is the one met before.
            self.books.refused("session_id")
            self.books.answer(response, kind="article", article_url=same)
            return
        self.books.page("article")
        self.twins.no_originals.discard(url)
        fruitful = article.url not in self.twins.stored
        self._note(response, fruitful=fruitful, is_article=True)
        if first := is_other_page_of(reading, response.url):
            self.books.waits(first, url)
            self.books.answer(response, kind="article", article_url=article.url)
            yield self._start_of(article, canonical(first))
        elif self.twins.has_original(article, response):
            self.books.page("twin")
            self.books.waits(article.url, url)
            self.books.answer(response, kind="article", article_url=article.url)
            meta = {"twin": article}
            yield self._request(article.url, priority=CONTINUATION_PRIORITY, meta=meta)
        else:
            self.books.answer(response, kind="article", article=article)
            yield from self._continue([article], reading)

    def _start_of(self, article: Article, first: str) -> scrapy.Request:
        """Return the request for *first*, of which *article* is a later page.

        Asked for and refused before, it is looked at again: only its later pages have the text.
        """
        again = first in self.twins.no_originals and first not in self._starts
        self._starts.setdefault(first, article)
        return self._request(first, priority=CONTINUATION_PRIORITY, dont_filter=again)

    def _is_article(self, article: Article, response: Response) -> bool:
        """Tell whether a page is stored; a first page with nothing but a picture is, too."""
        if self.reader.is_article(article, response.url):
            return True
        if response.meta.get("is_start") and article.title:
            return True
        later = self._starts.get(canonical(response.url))
        return later is not None and is_start_of(article, later)

    def _continue(self, parts: list[Article], reading: Reading) -> Results:
        """Yield the request for the page after *parts*, or the whole article after its last one."""
        following = parts[-1].next_page
        met = {canonical(part.requested_url or part.url) for part in parts}
        if (
            following
            # 下一页 to an address of another kind is the article after this one.
            and following in reading.pager
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
            yield from self._article(_joined(parts))

    def parse_continuation(self, response: Response, parts: list[Article]) -> Results:
        """Add a further page of an article to its *parts*."""
        reading = self.reader.read(response)
        if reading is None or not is_further_page(reading, parts):
            self.books.answer(response, kind=None)
            yield from self._article(_joined(parts))
            return
        self.books.page("joined")
        self.books.answer(response, kind="article", article=parts[0])
        yield from self._continue([*parts, reading.article], reading)

    def _article(self, article: Article) -> Iterator[Article]:
        self.twins.stored.add(article.url)
        yield article

    def _entries(self, response: Response) -> Results:
        """Follow what a feed or sitemap names."""
        kind: UrlKind = kind_of(response.body) or "other"
        self.books.page(kind)
        candidates, further = [], []
        zone = self.plan.profile.zone if self.plan.profile else UTC
        for entry in read_entries(response.body, response.url, zone):
            if entry.is_sitemap:
                further.append(entry.url)
            elif key := self.reader.key_of(entry.url):
                found = Candidate(url=entry.url, key=key, title=entry.title, date=entry.date)
                candidates.append(found)
        with self.books.together():
            self.books.answer(response, kind=kind, links=len(candidates) + len(further))
            following, fruitful, _ = self._follow(response, candidates)
        self.frontier.idle_sitemaps += bool(response.meta.get("is_sitemap")) and not fruitful
        for url, is_new in self.frontier.sitemaps(further):
            meta = {"is_new": is_new, "is_sitemap": is_new}
            yield self._request(url, priority=LIST_PRIORITY, meta=meta)
        yield from following

    def _other(self, response: Response, reading: Reading | None) -> Results:
        """Record a page that is no article; follow its links, and its list while that has news."""
        if response.status != 200 or reading is None:
            self._note(response, fruitful=False)
            # An address that was an article keeps that kind when it answers 404 today.
            self.books.answer(response, kind=None if response.status != 200 else "other")
            self._end_when_down()
            return
        if response.meta.get("known_kind") == "article" and is_excuse(reading.article):
            self.books.page("soft_404")
            self.books.answer(response, kind=None, missing="soft 404")
            return
        candidates = self.reader.candidates(reading)
        kind: UrlKind = "section" if is_section(candidates) else "other"
        is_later = kind == "section" and is_later_list_page(reading, response.url)
        self.books.page(kind)
        with self.books.together():
            self.books.answer(response, kind=kind, is_later_page=is_later, links=len(candidates))
            following = self._beyond(response, reading, candidates)
        yield from following

    def _beyond(self, response: Response, reading: Reading, candidates: list[Candidate]) -> Results:
        """Return the requests for what a list names; its further pages while it has news."""
        if not self._is_followed(response.url) or "nofollow" in self.reader.robots(
            response, reading
        ):
            return iter(())
        requests, fruitful, known = self._follow(response, candidates)
        self._note(response, fruitful=fruitful)
        if may_start(reading.article):
            start = reading.article.next_page or ""
            self.books.waits(start, response.url)
            meta = {"is_new": True}  # it counts as a find: endless ones are cut off like any trap
            return chain(requests, [self._request(start, priority=SEED_PRIORITY, meta=meta)])
        further: list[str] = []
        limit = self.plan.options.until_known
        if fruitful if limit is None else known < limit:
            further = list(filter(self.plan.in_scope, (reading.next_page or "", *reading.pager)))
            self._lists.update(filter(None, map(canonical_or_none, further)))
            for url in further:
                self.books.waits(url, response.url)
        feeds = [] if self.is_narrow else list(filter(self.plan.in_scope, reading.feeds[:5]))
        lists = (self._request(url, priority=LIST_PRIORITY) for url in (*further, *feeds))
        return chain(requests, lists)

    def _end_when_down(self) -> None:
        """End the crawl when the site has not answered for long: the next run goes on."""
        if self.books.failures_in_a_row >= self._max_failures:
            raise CloseSpider(SITE_DOWN)

    def failed(self, failure: "Failure") -> Results:
        """Record a request without an answer; what waited for it is kept as far as it got."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]
        refused = isinstance(failure.value, IgnoreRequest)
        error = str(failure.value) or type(failure.value).__name__
        if not refused:
            self.logger.info("failed: %s: %s", request.url, error)
        self.twins.none_at(request)
        self.books.failure(request, error, refused=refused)
        self._end_when_down()
        if parts := request.cb_kwargs.get("parts"):
            yield from self._article(_joined(parts))
        elif twin := self.twins.of(request):
            yield from self._article(twin)

    def _is_followed(self, url: str) -> bool:
        """Tell whether the links of the list at *url* are followed."""
        return not self.is_narrow or (
            self.plan.options.reach == "section" and canonical(url) in self._lists
        )

    def _note(self, response: Response, **found: bool) -> None:
        """Let the frontier learn from a page that this run discovered; known ones teach nothing."""
        if response.meta.get("is_new"):
            self.frontier.shapes.note(canonical(response.url), **found)


def _joined(parts: list[Article]) -> Article:
    return join_pages(parts) if len(parts) > 1 else parts[0]
