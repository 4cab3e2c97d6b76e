"""What a crawl yields: articles, related items, credits, images. Plain frozen dataclasses.

One name everywhere: the attribute here is the SQLite column, the JSON key and the profile key.
"""

import dataclasses
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Precision = Literal["day", "minute", "second"]
ListKind = Literal["related", "popular", "latest", "recommended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One credit as the page prints it: who, in which role."""

    role: str
    """One of extract.credits.ROLES: source, author, reporter, editor, photographer ..."""
    name: str | None = None
    """The person or outlet; None when the label stands there without a value."""
    raw: str = ""
    """The text that was read, label included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article."""

    url: str
    """Absolute URL of the picture itself, never of a placeholder."""
    caption: str | None = None
    alt: str | None = None
    credit: str | None = None
    """Photographer or agency, as printed."""
    position: int = 0
    """How many paragraphs of the body stand before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadcrumb:
    """One step of the 当前位置 line."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedItem:
    """One entry of a list of links to articles: a related list, or a list page."""

    list_heading: str | None = None
    """Heading of the list as shown, such as 大家都爱看; None when it has none."""
    kind: ListKind = "related"
    position: int = 1
    """Place within its list, from 1."""
    title: str = ""
    """As shown, or the full one when the page gives it (a title attribute)."""
    url: str | None = None
    """Absolute and canonical; None for an entry without a link."""
    summary: str | None = None
    """The teaser, without its 更多 link."""
    date_published: datetime | None = None
    date_published_precision: Precision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page that lists articles."""

    url: str = ""
    items: tuple[RelatedItem, ...] = ()
    """In page order, no URL twice."""
    next_page: str | None = None
    """URL of the following page of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article, as its page or pages state it.

    What the page does not state is None or (), never "" and never a guess.
    """

    url: str = ""
    """The identity: urls.canonical of the final response, or of what the page itself declares
    when that is on the same site."""
    canonical_url: str | None = None
    """The canonical address as the page declares it, whatever the site."""
    requested_url: str | None = None
    """As asked for, before redirects."""
    site: str | None = None
    """Key of the portal: profile name, else registrable domain, for bare addresses host:port."""
    title: str | None = None
    """Headline as shown, without the name of the site."""
    kicker: str | None = None
    """引题: the line above the headline."""
    subtitle: str | None = None
    """副题: the line below the headline."""
    body: str = ""
    """Plain text, paragraphs joined by a newline; no length limit."""
    body_html: str | None = None
    """Sanitised minimal HTML of the body, with its images, tables and links in place."""
    date_published: datetime | None = None
    """Timezone-aware, in the portal's own zone; midnight when the precision is a day."""
    date_published_raw: str | None = None
    """As printed."""
    date_published_precision: Precision | None = None
    date_modified: datetime | None = None
    date_modified_precision: Precision | None = None
    source: str | None = None
    """来源: the outlet that the article was taken from, as printed."""
    source_url: str | None = None
    authors: tuple[str, ...] = ()
    """Persons who wrote; derived from the credits."""
    editors: tuple[str, ...] = ()
    """编辑 责任编辑 责编; derived from the credits."""
    credits: tuple[Credit, ...] = ()
    """Every credit of the page, in page order."""
    dateline: str | None = None
    """新华社北京4月24日电 and the like; it also stays in the body."""
    section: str | None = None
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    keywords: tuple[str, ...] = ()
    description: str | None = None
    language: str | None = None
    """BCP 47: zh-Hans, zh-Hant, en ..."""
    images: tuple[Image, ...] = ()
    related: tuple[RelatedItem, ...] = ()
    """Items of every related list: page order, no duplicates within a list."""
    page_urls: tuple[str, ...] = ()
    """Pages that a multi-page article was joined from; () for an article of one page."""
    next_page: str | None = None
    """URL of the following page of this article that was not joined; None for a whole article."""
    confidence: float = 0.0
    """0 to 1: is this an article."""
    provenance: dict[str, str] = field(default_factory=dict)
    """Per field what gave the value: profile:body, label:来源, json-ld, meta:PubDate,
    heuristic:...; also encoding, error."""
    fetched_at: datetime | None = None
    http_status: int | None = None
    warc_record_id: str | None = None
    body_sha256: str | None = None
    """Hex digest of the UTF-8 of body."""
    extractor_version: str | None = None
    profile_version: str | None = None
    """Digest of the profile that was applied; None without one."""


ARTICLE_FIELDS = tuple(f.name for f in dataclasses.fields(Article))
"""Every field of Article, in declaration order: the order of export columns."""


def body_digest(body: str) -> str:
    """Return the hex SHA-256 of the UTF-8 of *body*."""
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()


def iso(moment: datetime | None, precision: Precision | None = "second") -> str | None:
    """Return *moment* as ISO 8601 with its own offset; a day without a clock is a date alone.

    >>> from datetime import timezone
    >>> iso(datetime(2023, 3, 21, 13, 21, tzinfo=timezone.utc), "minute")
    '2023-03-21T13:21:00+00:00'
    >>> iso(datetime(2023, 3, 21, tzinfo=timezone.utc), "day")
    '2023-03-21'
    """
    if moment is None:
        return None
    return moment.date().isoformat() if precision == "day" else moment.isoformat(timespec="seconds")


_FIELD_NAMES: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(f.name for f in dataclasses.fields(kind))
    for kind in (Article, RelatedItem, Credit, Image, Breadcrumb, ListPage)
}


def as_json(item: Article | RelatedItem | Credit | Image | Breadcrumb | ListPage) -> dict[str, Any]:
    """Return *item* as plain JSON values, keys in declaration order; moments are ISO 8601."""
    out: dict[str, Any] = {}
    for name in _FIELD_NAMES[type(item)]:
        value = getattr(item, name)
        if isinstance(value, datetime):
            value = iso(value, getattr(item, f"{name}_precision", "second"))
        elif isinstance(value, tuple):
            value = [as_json(v) if dataclasses.is_dataclass(v) else v for v in value]  # type: ignore[arg-type]
        elif isinstance(value, dict):
            value = dict(value)
        out[name] = value
    return out
