"""The spider's side of the books: answers, failures, what was left alone and why."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from newsspider.archive.writer import Archived
from newsspider.items import Article
from newsspider.plan import Refusal
from newsspider.spiders.raw import archived, moment_of
from newsspider.spiders.verdict import next_visit, pause
from newsspider.store.ledger import Ledger
from newsspider.store.records import Fetch, FoundUrl, Missing, UrlKind
from newsspider.urls import canonical, canonical_or_none

REFUSED_AGAIN_AFTER = timedelta(days=7)
"""robots.txt and scope are asked again next week."""
REDIRECT_AGAIN_AFTER = timedelta(days=30)
SENT_AWAY: dict[int, Missing] = {200: "redirect", 404: "404", 410: "410"}
"""What a redirect that ends in no article says of the address that was asked for."""

LISTS = ("section", "feed", "sitemap")


class Books:
    """Counts for the stats, rows for the ledger."""

    def __init__(self, stats: StatsCollector, ledger: Ledger | None) -> None:
        self.stats = stats
        self.ledger = ledger
        self.failures_in_a_row = 0
        """Addresses without a usable answer since the last that had one."""

    def page(self, kind: str) -> None:
        """Count one page of *kind*."""
        self.stats.inc_value(f"newsspider/pages/{kind}")

    def unchanged(self, response: Response) -> None:
        """Record a 304: the address is what it was when its validators were kept."""
        self.page("not_modified")
        self.answer(response, kind=None)
        if self.ledger and response.meta.get("known_kind") == "article":
            self.ledger.outcomes["unchanged"] += 1

    def refused(self, reason: Refusal) -> None:
        """Count one address or page that was left alone for *reason*."""
        self.stats.inc_value(f"newsspider/refused/{reason}")

    def answer(
        self,
        response: Response,
        *,
        kind: UrlKind | None,
        article: Article | None = None,
        is_later_page: bool = False,
        article_url: str | None = None,
        missing: Missing | None = None,
        links: int | None = None,
    ) -> None:
        """Record *response*, and the redirects that led to it.

        *kind* None leaves what the address was known as. With *article* the record waits until
        that is stored; *article_url* names the article where there is no new reading of it.
        *missing* says why a page that answered 200 is not there, *links* how many pages it names.
        """
        failed = response.status == 429 or response.status >= 500
        self.stats.inc_value(f"newsspider/fetches/{'failed' if failed else 'answered'}")
        self.failures_in_a_row = self.failures_in_a_row + 1 if failed else 0
        if not self.ledger:
            return
        now = moment_of(response)
        own = canonical(response.url)
        article_url = article.url if article else article_url
        missing_hop = None if article_url else SENT_AWAY.get(response.status)
        request = response.request or Request(response.url)
        self._hops(request, own, now, article, article_url, missing_hop)
        headers = response.headers
        if was_list := response.meta.get("known_kind") in LISTS and kind in (None, "other"):
            # It stays what it was, and is asked in the next run too: it may name pages again.
            kind = None
        later = None
        if failed or response.status >= 400 or missing:
            later = None if was_list else now + _pause(request, is_answered=not failed)
        elif response.status == 304 or not was_list:
            later = next_visit(kind, article, now, is_later_page=is_later_page)
        self._take(
            Fetch(
                url=own,
                fetched_at=now,
                kind=kind,
                http_status=response.status,
                size_bytes=len(response.body),
                etag=_header(headers.get("ETag")),
                last_modified=_header(headers.get("Last-Modified")),
                next_visit=later,
                error=f"HTTP {response.status}" if failed else None,
                article_url=article_url,
                missing=missing,
                is_repeated=bool(response.meta.get("failures")),
                links=_named(
                    response, links, is_list=was_list or (kind in LISTS and not is_later_page)
                ),
                **_place(archived(response.request)),
            ),
            article,
        )

    def _hops(
        self,
        request: Request,
        own: str,
        now: datetime,
        article: Article | None = None,
        article_url: str | None = None,
        missing: Missing | None = None,
    ) -> None:
        """Record the redirects that led to *request*, for the address *own*."""
        # Who is sent to the front page is recorded at once (SentHomeMiddleware).
        is_home = urlsplit(own).path == "/"
        for hop in () if is_home else request.meta.get("redirect_urls", ()):
            if (url := canonical_or_none(hop)) and url != own:
                self._take(
                    Fetch(
                        url=url,
                        fetched_at=now,
                        kind="other",
                        http_status=302,
                        article_url=article_url,
                        next_visit=now + REDIRECT_AGAIN_AFTER,
                        missing=missing,
                        **_place(archived(request, hop)),
                    ),
                    article,
                )

    def sent_home(self, request: Request, status: int) -> None:
        """Record that the address of *request* leads to the front page now."""
        if self.ledger and (url := canonical_or_none(request.url)):
            now = datetime.now(UTC)
            later = now + REDIRECT_AGAIN_AFTER
            self.ledger.add_fetch(
                Fetch(
                    url=url,
                    fetched_at=now,
                    http_status=status,
                    next_visit=later,
                    missing="home",
                    **_place(archived(request)),
                )
            )

    def sent_on(self, request: Request) -> None:
        """Record the redirects that led to *request*, which asks for what was asked for before."""
        if self.ledger and (url := canonical_or_none(request.url)):
            now, hops = datetime.now(UTC), request.meta.get("redirect_urls", ())
            if url in map(canonical_or_none, hops):
                # In a circle: there is nothing behind any of them.
                self._hops(request, "", now)
            else:
                self._hops(request, url, now, article_url=url)

    def _take(self, fetch: Fetch, article: Article | None) -> None:
        if self.ledger and article:
            self.ledger.hold(article.url, fetch)
        elif self.ledger:
            self.ledger.add_fetch(fetch)

    def together(self) -> AbstractContextManager[None]:
        """Return a block whose records are committed at once; see Ledger.together."""
        return self.ledger.together() if self.ledger else nullcontext()

    def waits(self, url: str, found_on: str) -> None:
        """Record that *url* is to be fetched, should this run not come to it."""
        if self.ledger and (address := canonical_or_none(url)):
            self.ledger.add_found([FoundUrl(url=address, found_on=canonical(found_on))])

    def failure(self, request: Request, error: str, *, refused: bool) -> None:
        """Record a *request* without an answer: *refused* by a rule, or failed."""
        if not refused:
            self.stats.inc_value("newsspider/fetches/failed")
            self.failures_in_a_row += 1
        if self.ledger and (url := canonical_or_none(request.url)):
            now = datetime.now(UTC)
            later = None
            if refused:
                later = now + REFUSED_AGAIN_AFTER
            elif request.meta.get("known_kind") not in LISTS:
                later = now + _pause(request, is_answered=False)
            self._hops(request, url, now)
            self.ledger.add_fetch(
                Fetch(
                    url=url,
                    fetched_at=now,
                    error=error[:300],
                    next_visit=later,
                    is_ours=refused,
                    is_repeated=bool(request.meta.get("failures")),
                    # An answer that could not be read is kept all the same.
                    **_place(archived(request)),
                )
            )


def _pause(request: Request, *, is_answered: bool) -> timedelta:
    """Return how long the address of *request* rests, which gave no page."""
    meta = request.meta
    is_article = meta.get("known_kind") == "article"
    return pause(meta.get("failures", 0) + 1, is_answered=is_answered, is_article=is_article)


def _place(kept: Archived | None) -> dict[str, Any]:
    """Return the fields of a Fetch that say where its answer is kept."""
    return {"warc_file": kept.warc_file, "warc_offset": kept.offset} if kept else {}


def _header(value: bytes | None) -> str | None:
    return value.decode("latin-1")[:300] if value else None


def _named(response: Response, links: int | None, *, is_list: bool) -> int | None:
    """Return how many pages a list names; None where there is none, or no word of it."""
    if not is_list or response.status == 304 or response.status >= 500:
        return None
    return links or 0
