"""What a reader of the sample portal's pages must find, in the field names of the article item.

Moments are ISO 8601 strings with the portal's offset (+08:00), cut to what the page gives: a day is
a date alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]
ListKind = Literal["related", "popular", "latest", "recommended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueItem:
    """One entry of a list of articles."""

    list_heading: str | None = None
    kind: ListKind = "related"
    position: int = 1
    """Within its list, from 1."""
    title: str
    """What the page gives: the whole one where a title attribute has it, else as shown."""
    title_shown: str
    title_full: str
    """The headline of the article itself."""
    url: str
    """Canonical and absolute, whatever the link carries."""
    summary: str | None = None
    """As shown, without its 更多 link."""
    date_published: str | None = None
    date_published_precision: Precision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueImage:
    """A picture of an article."""

    url: str
    caption: str | None
    alt: str | None
    credit: str | None
    position: int
    """How many lines of the body stand before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueArticle:
    """One article as its pages state it on a visit."""

    id: int
    url: str
    canonical_url: str | None
    """As the page declares it; None where it declares none."""
    title: str
    kicker: str | None
    subtitle: str | None
    body: str
    """Paragraphs, sub-heads, list items, quoted lines and table rows, joined by newlines.

    Cells of a row are joined by a tab. Without captions, the repeated headline, the editor's
    line, advertisements and the copyright box.
    """
    date_published: str
    date_published_raw: str
    date_published_precision: Precision
    """Of the printed time, sharpened by metadata that agrees with it."""
    date_modified: str | None
    source: str | None
    source_url: str | None
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    dateline: str | None
    section: str | None
    """As the way to the page tells it; None where the template shows none."""
    breadcrumbs: tuple[str, ...]
    keywords: tuple[str, ...]
    description: str | None
    language: str
    images: tuple[TrueImage, ...]
    related: tuple[TrueItem, ...]
    """Entries of every list beside the article, hot lists included, in page order."""
    page_urls: tuple[str, ...]
    """All pages of an article of several; () for one."""
    aliases: tuple[str, ...]
    """Other addresses of it: print and mobile twins, index files, tracked links."""
    template: str
    encoding: str
    """Of the bytes, whatever the page declares."""
    status: Literal["live", "gone"]
    edit: str | None
    """What the publisher changed since the first visit: number, paragraph removed, or None."""
    reprint_of: str | None
    """URL of the original."""
    same_text: bool
    """A reprint whose text equals that of its original, as both stand on this visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueListPage:
    """A page that lists articles."""

    url: str
    items: tuple[TrueItem, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the day between the visits brought: canonical URLs."""

    new: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def stated(moment: datetime, precision: Precision) -> str:
    """Return *moment* as ISO 8601, cut to *precision*; missing seconds are zero.

    >>> from datetime import timezone
    >>> stated(datetime(2025, 9, 12, 16, 40, 27, tzinfo=timezone.utc), "minute")
    '2025-09-12T16:40:00+00:00'
    """
    if precision == "day":
        return moment.date().isoformat()
    if precision == "minute":
        moment = moment.replace(second=0)
    return moment.isoformat(timespec="seconds")
