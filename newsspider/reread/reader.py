"""Archived pages to an article, on the road that a crawl takes: read each page, join them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from newsspider.archive.reader import RawArchive
from newsspider.archive.records import RawResponse
from newsspider.errors import RawArchiveError
from newsspider.extract import EXTRACTOR_VERSION, join_pages
from newsspider.extract.reading import read_page
from newsspider.extract.robots import robots_of, with_robots
from newsspider.extract.survey import Page
from newsspider.items import Article
from newsspider.profiles import Profile, available, load
from newsspider.reread.answers import answers_of, last_answers
from newsspider.store.records import Kept
from newsspider.urls import site_key_or_none

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """An archived page, what it was taken for, and what it says."""

    answer: RawResponse
    given: Page
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An article read again, and the answers that it was read from."""

    article: Article
    pages: tuple["ReadPage", ...]
    """What it was joined from, in order."""
    related_pages: tuple["ReadPage", ...] = ()
    """What its related list is from, where that is another visit."""

    @property
    def refusal(self) -> str | None:
        """Why a crawl would not store this article; None when it would."""
        if error := self.article.provenance.get("error"):
            return f"extraction failed: {error}"
        if not self.article.title:
            return "no title"
        return None if self.article.body.strip() else "no body"


class Profiles:
    """The profiles of some folders; finds the one of a stored article."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._profiles = tuple(profiles)
        self._known: dict[tuple[str | None, str | None], Profile | None] = {}

    @classmethod
    def in_folders(cls, chosen: Path | None = None) -> "Profiles":
        """Return those of *chosen*, ./sites and the package.

        Raises:
            ProfileError: a file cannot be used.
        """
        return cls(map(load, available(chosen)))

    def of(self, row: Row) -> Profile | None:
        """Return the profile of the site of *row*: by its name, else by the address."""
        site = row["site"]
        key = (site, site_key_or_none(row["url"]))
        if key not in self._known:
            named = (one for one in self._profiles if one.name == site)
            covering = (one for one in self._profiles if one.covers(row["url"]))
            self._known[key] = next(named, None) or next(covering, None)
        return self._known[key]


class Rereader:
    """Reads stored articles again from their archived pages. No network."""

    def __init__(self, raw: RawArchive, profiles: Profiles) -> None:
        self.raw = raw
        self.profiles = profiles

    def versions(self, row: Row) -> tuple[str | None, str | None]:
        """Return the versions of extractor and profile that would read *row* now."""
        profile = self.profiles.of(row)
        return EXTRACTOR_VERSION, profile.version if profile else None

    def read(self, row: Row, kept: Sequence[Kept]) -> Again:
        """Return the article of *row*, of which the answers *kept* are in the raw archive.

        Raises:
            NotKept: the raw archive does not have it.
            RawArchiveError: a file is missing or damaged.
        """
        profile = self.profiles.of(row)
        answers = answers_of(row, kept, self.raw)
        pages = _pages(row, answers, profile)
        article = _joined(pages)
        latest: tuple[ReadPage, ...] = ()
        if last := last_answers(row, kept, answers):
            seen = [self.raw.read(one.warc_file, one.warc_offset) for one in last]
            if _payloads(seen) != _payloads(answers):
                latest = _pages(row, seen, profile)
                article = replace(article, related=_joined(latest).related)
        if how := row["provenance"].get("page"):
            # That a browser made the page is known to the crawl alone.
            article = replace(article, provenance={**article.provenance, "page": how})
        return Again(article=article, pages=pages, related_pages=latest)

    def read_or_none(self, row: Row, kept: Sequence[Kept]) -> Article | None:
        """Return the article of *row*; None where a crawl could not, or would not, store it."""
        if row["extractor_version"] is None:
            # A spider of another project said what it says.
            return None
        try:
            again = self.read(row, kept)
        except RawArchiveError:
            return None
        return None if again.refusal else again.article


def _payloads(answers: Iterable[RawResponse]) -> list[str]:
    return [one.payload_digest or one.record_id for one in answers]


def _pages(
    row: Row, answers: Sequence[RawResponse], profile: Profile | None
) -> tuple[ReadPage, ...]:
    """Return *answers* read as they were for *row*."""
    first, *others = answers
    is_own = first.record_id == row["warc_record_id"]
    # To the moment that the crawl read it: what 昨天 means must not depend on who reads.
    moment = datetime.fromisoformat(row["fetched_at"]) if is_own else first.fetched_at
    pages = [_page(first, row["requested_url"] or first.url, moment, profile)]
    for answer, url in zip(others, row["page_urls"][1:], strict=True):
        pages.append(_page(answer, url, answer.fetched_at, profile))
    return tuple(pages)


def _joined(pages: Sequence[ReadPage]) -> Article:
    return join_pages([page.article for page in pages])


def _page(answer: RawResponse, url: str, moment: datetime, profile: Profile | None) -> ReadPage:
    given = Page(
        html=answer.content(),
        url=answer.url,
        content_type=answer.content_type,
        profile=profile,
        fetched_at=moment,
        requested_url=url,
        http_status=answer.status,
    )
    reading = read_page(given, links=False)
    said = [value for name, value in answer.headers if name.lower() == "x-robots-tag"]
    article = with_robots(reading, robots_of(said, reading)).article
    return ReadPage(
        answer=answer, given=given, article=replace(article, warc_record_id=answer.record_id)
    )
