"""What the crawl hands to the store, and what it gets back. Plain dataclasses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from newsspider.items import Article

UrlKind = Literal["article", "section", "feed", "sitemap", "other"]
Outcome = Literal["new", "changed", "unchanged", "reread"]
Missing = Literal["404", "410", "home", "soft 404", "redirect"]
"""Why a page is not there: its status, sent to the home page, an excuse with status 200, sent to
another page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUrl:
    """A link of the site that a page, list, feed or sitemap named: it waits until it is fetched."""

    url: str
    """Canonical."""
    found_on: str | None = None
    listed_title: str | None = None
    listed_date: str | None = None
    """ISO 8601, as the list states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request that was answered, or failed."""

    url: str
    """Canonical form of the address that was asked for."""
    fetched_at: datetime
    kind: UrlKind | None = None
    """What the answer turned out to be; None leaves the known kind."""
    http_status: int | None = None
    """None: no answer."""
    size_bytes: int = 0
    """Of the decoded body."""
    etag: str | None = None
    last_modified: str | None = None
    next_visit: datetime | None = None
    error: str | None = None
    """Why there is no usable answer, in a few words."""
    article_url: str | None = None
    """Article.url of the article that this address led to."""
    missing: Missing | None = None
    """Why the page is not there; statuses 404 and 410 need no word."""
    links: int | None = None
    """How many pages of the site a list, feed or sitemap names; None: it is none."""
    is_ours: bool = False
    """A rule of the crawl left the address alone: that says nothing of the site."""
    is_repeated: bool = False
    """The address gave no page the last time either."""
    warc_file: str | None = None
    """Where the raw archive keeps the answer, with `warc_offset`; None where it does not."""
    warc_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A body that the raw archive keeps."""

    digest: bytes
    """SHA-256 of the body as sent."""
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction writes: first articles, then addresses and fetches."""

    articles: tuple[Article, ...] = ()
    found: tuple[FoundUrl, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    payloads: tuple[Payload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one article of a batch."""

    url: str
    article_id: int
    outcome: Outcome
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The crawl's state of one address."""

    url: str
    kind: UrlKind
    article_id: int | None
    last_fetched: datetime | None
    http_status: int | None
    next_visit: datetime | None
    error: str | None
    etag: str | None = None
    last_modified: str | None = None
    page_count: int = 0
    """How many pages its article was joined from; 0 for one of a single page, or no article; 1 for
    one whose other pages are not there yet.
    """
    date_published: datetime | None = None
    """Of its article, or as a list states it."""
    failures: int = 0
    """How many times in a row it has given no page: no answer, an error, word that it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that the raw archive keeps, under an address that led to an article."""

    url: str
    """Canonical form of the address that was asked for."""
    run_id: int | None
    fetched_at: datetime
    http_status: int
    """200, or of a redirect."""
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A stored article whose archived page was read again."""

    article_id: int
    basis: tuple[Any, ...]
    """`rereading.basis` of the row that was compared: another one by now is left alone."""
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended."""

    finished: datetime
    exit: int
    counts: dict[str, int | float | str] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)
    """What its articles looked like, as JSON; {} where that was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alarm that is in force after a run."""

    name: str
    subject: str
    message: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """An earlier run, for comparison."""

    started: datetime
    measures: dict[str, Any]
    lists: dict[str, int]
    """How many pages each list named."""
    alarms: frozenset[tuple[str, str]]
    """Name and subject of the alarms in force then, those aside that a person accepted."""
