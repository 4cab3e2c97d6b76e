"""The other pages of the same article or list, told from the neighbours 上一篇 and 下一篇."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from newsspider.errors import BadUrl
from newsspider.extract import hints, words
from newsspider.extract.blocks import Outline
from newsspider.extract.metadata import Head
from newsspider.urls import fetchable, site_key_or_none

MAX_PAGES = 200
MAX_LABEL = 24
_IN_WORDS = re.compile("[页頁]|全文|page|seite", re.I)

# What links say that turn pages, in one pattern: a page has hundreds of links.
_TURN = re.compile(
    r"[\s\[【(（<《«‹]*(?:(?P<forward>下一?[页頁]|后一?[页頁]|後一?[页頁]|余下全文|餘下全文|剩余全文|"
    r"查看余下全文|next(?: page)?|nächste seite|weiter|suivant|page suivante|siguiente|次のページ|"
    r"次へ|[>»›])[\s\]】)）>》»›]*|"
    r"(?P<back>上一?[页頁]|前一?[页頁]|prev(?:ious)?(?: page)?|zurück|précédent|"
    r"anterior|前のページ|前へ|[<«‹])[\s\]】)）>》»›]*)$|"
    r"[\s\[【(（第]*\d{1,3}[\s\]】)）页頁]*$",
    re.I,
)
_PAGE_PARAMETERS = frozenset(
    ("page", "p", "pg", "pn", "pageno", "pagenum", "paged", "currentpage", "pageindex", "curpage")
)
# The page number that CMSs put behind an article's address: _2, -2, /2, /p2, index_2.
_SUFFIX = re.compile(r"(?:[_-](?:p|page)?[_-]?(\d{1,3})|/(?:page[/-]?|p)?(\d{1,3}))$", re.I)
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Absolute addresses of the other pages, as found on one page."""

    pages: tuple[str, ...] = ()
    """In the order of their numbers."""
    next_page: str | None = None
    previous_page: str | None = None


def stem_of(url: str) -> tuple[str, int]:
    """Return what all pages of one article share in their addresses, and the number of this page.

    >>> stem_of("http://a.cn/n/5.html"), stem_of("http://a.cn/n/5_2.html")
    (('a.cn/n/5', 1), ('a.cn/n/5', 2))
    """
    parts = urlsplit(url)
    path = _EXTENSION.sub("", parts.path)
    is_file = path != parts.path
    path = path.removesuffix("/")
    number = 1
    found = _SUFFIX.search(path)
    # /n/5.html is an article of that number, /n/x/5 may be the fifth page of /n/x.
    if found and not (found.group(2) and is_file):
        path = path[: found.start()]
        number = int(found.group(1) or found.group(2))
    path = re.sub(r"/(?:index|default)?$", "", path)
    query = []
    for name, content in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in _PAGE_PARAMETERS and content.isdigit():
            number = int(content)
        else:
            query.append(f"{name}={content}")
    return f"{parts.netloc.lower()}{path}" + (
        "?" + "&".join(sorted(query)) if query else ""
    ), number


def bare_stem(url: str) -> str:
    """Return the address of a first page without extension and index file: no number is cut off."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index|default)?$", "", _EXTENSION.sub("", parts.path))
    return f"{parts.netloc.lower()}{path}" + (f"?{parts.query}" if parts.query else "")


def find_pager(outline: Outline, head: Head, url: str, base: str | None, roles: list[int]) -> Pager:
    """Return the other pages of the article or list at *url*."""
    if not url:
        return Pager()
    mine = _Own(url)
    turns = _turns(outline, base, roles, mine)
    mine.settle([turn.target for turn in turns])
    pages: dict[int, str] = {}
    following: str | None = None
    previous: str | None = None
    for turn in turns:
        at = mine.page_of(turn.target)
        if at is not None and len(pages) < MAX_PAGES:
            pages.setdefault(at, turn.target)
        if turn.forward and following is None and (at is not None or turn.sure):
            following = turn.target
        if turn.back and previous is None and (at is not None or turn.sure):
            previous = turn.target
    pages.pop(mine.number, None)
    for rel, href, _ in head.links:
        target = _absolute(href, base) if rel in ("next", "prev") else None
        if target is not None and mine.page_of(target) is not None:
            following = following or (target if rel == "next" else None)
            previous = previous or (target if rel == "prev" else None)
    following = following or pages.get(mine.number + 1)
    if following is not None and mine.is_self(following):
        following = None
    ordered = tuple(pages[number] for number in sorted(pages))
    return Pager(
        pages=ordered,
        next_page=following,
        previous_page=previous or pages.get(mine.number - 1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A link that may turn a page."""

    target: str
    forward: bool
    back: bool
    sure: bool
    """It says so in words, or stands in a pager: its address need not resemble the page's."""


def _turns(outline: Outline, base: str | None, roles: list[int], mine: "_Own") -> list[_Turn]:
    """Return the links of the page that may turn to another page of it, in document order."""
    out: list[_Turn] = []
    for link in outline.links:
        said = link.text or link.title
        if len(said) > MAX_LABEL or not (turn := _TURN.match(said)) or words.NEIGHBOUR.match(said):
            continue
        target = _absolute(link.href, base)
        if target is None or not mine.same_site(target):
            continue
        sure = bool(roles[link.node] & hints.PAGER or _IN_WORDS.search(said))
        forward, back = turn["forward"] is not None, turn["back"] is not None
        out.append(_Turn(target=target, forward=forward, back=back, sure=sure))
    return out


class _Own:
    """The address of the page itself, to hold others against."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bare = bare_stem(url)
        self.stem, self.number = stem_of(url)
        self.site = site_key_or_none(url)

    def same_site(self, target: str) -> bool:
        return site_key_or_none(target) == self.site

    def is_self(self, target: str) -> bool:
        return bare_stem(target) == self.bare

    def settle(self, targets: list[str]) -> None:
        """Decide by the addresses of *targets* whether the number in the own address is that of
        a page.
        """
        if self.stem == self.bare:
            return
        for target in targets:
            stem, number = stem_of(target)
            if stem == self.bare and number > 1:
                self.stem, self.number = self.bare, 1
                return

    def page_of(self, target: str) -> int | None:
        """Return the page number of *target*, or None when it is no page of the same article."""
        if self.is_self(target):
            return self.number
        if bare_stem(target) == self.stem:
            return 1
        stem, number = stem_of(target)
        return number if stem == self.stem and stem != bare_stem(target) else None


def _absolute(href: str, base: str | None) -> str | None:
    if href.startswith(("#", "javascript:")):
        return None
    try:
        return fetchable(href, base)
    except BadUrl:
        return None
