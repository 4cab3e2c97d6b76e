"""What an answer says, as far as a crawl is concerned: its reading, its worth, its links."""

from dataclasses import replace

from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsspider.extract import Reading, read
from newsspider.extract.reading import MAX_LINKS
from newsspider.items import Article
from newsspider.plan import CrawlPlan
from newsspider.spiders.books import Books
from newsspider.spiders.frontier import Candidate
from newsspider.spiders.raw import moment_of, with_record
from newsspider.spiders.verdict import is_door, is_html, key_of, robots_of
from newsspider.urls import canonical, canonical_or_none

MAX_KEYS = 20_000
"""Addresses whose worth is kept at hand."""


class Reader:
    """Reads the answers of one crawl."""

    def __init__(self, plan: CrawlPlan, settings: BaseSettings, books: Books) -> None:
        self.plan = plan
        self.books = books
        # Menus, footers and hot lists name the same addresses on every page.
        self._keys: dict[str, str | None] = {}
        self.min_confidence = settings.getfloat("NEWSSPIDER_MIN_CONFIDENCE", 0.5)
        self.min_confidence_profile = settings.getfloat("NEWSSPIDER_MIN_CONFIDENCE_PROFILE", 0.2)

    def read(self, response: Response) -> Reading | None:
        """Return what extraction says of *response*, None where that is no HTML page."""
        if response.status != 200 or not is_html(response):
            return None
        if response.headers.get("Content-Encoding"):
            # Scrapy takes the header off where it could decode: these bytes are no text.
            self.books.refused("content_encoding")
            return None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        reading = read(
            response.body,
            response.url,
            content_type=content_type or None,
            profile=self.plan.profile,
            fetched_at=moment_of(response),
            requested_url=response.meta.get("redirect_urls", [response.url])[0],
            http_status=response.status,
        )
        if "error" in reading.article.provenance:
            self.books.page("extraction_failed")
        if "cut" in reading.article.provenance:
            self.books.refused("page_cut")
        found: dict[str, str] = {}
        if said := robots_of(response, reading):
            found["robots"] = ", ".join(sorted(said))
        if "rendered" in response.flags:
            found["page"] = "javascript"
        if found:
            provenance = {**reading.article.provenance, **found}
            reading = replace(reading, article=replace(reading.article, provenance=provenance))
        return with_record(reading, response)

    def is_article(self, article: Article, url: str) -> bool:
        """Tell whether the page at *url*, read as *article*, is worth being stored as one."""
        profile = self.plan.profile
        named = profile.is_article(canonical(url)) if profile else None
        if named is None:
            return article.confidence >= self.min_confidence
        return named and article.confidence >= self.min_confidence_profile

    def key_of(self, address: str) -> str | None:
        """Return the canonical form of *address* if it is worth a request, else None."""
        if (key := self._keys.get(address, "")) != "":
            return key
        if len(self._keys) > MAX_KEYS:
            self._keys.clear()
        key = self._keys[address] = key_of(address, self.plan)
        return key

    def candidates(self, reading: Reading) -> list[Candidate]:
        """Return the links of a page that are worth a request, with the dates its lists state."""
        dates = {item.url: item.date_published for item in reading.article.related}
        pages = {canonical_or_none(url) for url in reading.pager}
        out = []
        if len(reading.links) > MAX_LINKS:
            self.books.refused("too_many_links")
        for link in reading.links[:MAX_LINKS]:
            key = self.key_of(link.url)
            if key and key not in pages and not is_door(link):
                title = link.title or link.text or None
                found = Candidate(url=link.url, key=key, title=title, date=dates.get(key))
                out.append(found)
        return out

    def robots(self, response: Response, reading: Reading) -> frozenset[str]:
        """Return the directives of the page's own robots that this crawl obeys."""
        profile = self.plan.profile
        if profile is None or not profile.obey_meta_robots:
            return frozenset()
        return robots_of(response, reading)
