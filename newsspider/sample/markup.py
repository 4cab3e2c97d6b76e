"""What a page template of the sample portal is made of; styles.py has the templates."""

from dataclasses import dataclass
from typing import Literal

from newsspider.sample.truth import ListKind, Precision

SECOND = "{0:%Y-%m-%d %H:%M:%S}"
MINUTE = "{0:%Y-%m-%d %H:%M}"
DAY = "{0:%Y-%m-%d}"
CHINESE_DAY = "{0.year}年{0.month}月{0.day}日"
ENGLISH_DAY = "{0:%B} {0.day}, {0.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of articles: what it shows, and in which markup."""

    heading: str | None
    kind: ListKind
    of: Literal["siblings", "hot", "latest", "section"]
    count: int
    box: str
    """Markup around the entries: {heading}, {items}."""
    item: str
    """Markup of one entry: {url} {title} {full} {teaser} {date} {section} {section_path} {rank}."""
    cut: int = 1000
    """Characters of a title that are shown."""
    ellipsis: str = "..."
    teaser: int = 0
    """Characters of the first paragraph that are shown; 0 for no teaser."""
    date: str | None = None
    precision: Precision | None = None
    link_suffix: str = ""
    """What the links carry behind the article's own path."""

    @property
    def tells_full_title(self) -> bool:
        """Tell whether an entry gives the whole headline in an attribute."""
        return "{full}" in self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One page template: addresses, dates, labels, markup."""

    file: str
    path: str
    page: str
    """Path of page {n} of an article of several, for n from 2."""
    date: str
    day: str = CHINESE_DAY
    """How a date without a clock is printed."""
    printed: Precision
    precision: Precision
    """Of the printed time together with metadata that agree with it."""
    paragraph: str
    subhead: str
    quotes: str
    quote: str
    items: str
    item: str
    table: str
    figure: str
    """{src}, {caption}, {alt}."""
    kicker: str
    subtitle: str
    source: str
    authors: str
    editors: str
    modified: str = ""
    joiner: str = "、"
    pager: tuple[str, str, str] = ("", "", "")
    """Link to a page, the page itself, link to the next page; the last may be empty."""
    alt: bool = False
    declares_canonical: bool = False
    etag: bool = False
    last_modified: bool = False
    prints: bool = False
    """A print twin exists."""
    repeats_title: bool = False
    copyright_note: str = ""
    share: str = ""
    comments_heading: str = ""
    lists: tuple[Listing, ...] = ()
    lists_below: tuple[Listing, ...] = ()
