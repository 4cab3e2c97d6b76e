"""The other pages of the same article or list, told from the neighbours 上一篇 and 下一篇."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from newsspider.extract import hints, words
from newsspider.extract.blocks import Link, Outline
from newsspider.extract.metadata import Head
from newsspider.urls import BadUrl, fetchable, site_key_or_none

MAX_PAGES = 200

_NEXT = re.compile(
    r"^[\s\[【(（<《«‹]*(?:下一?[页頁]|后一?[页頁]|後一?[页頁]|余下全文|餘下全文|剩余全文|查看余下全文|next(?: page)?|nächste seite|weiter|suivant|page suivante|siguiente|次のページ|次へ|[>»›])[\s\]】)）>》»›]*$",
    re.I,
)
_PREVIOUS = re.compile(
    r"^[\s\[【(（<《«‹]*(?:上一?[页頁]|前一?[页頁]|prev(?:ious)?(?: page)?|zurück|précédent|anterior|前のページ|前へ|[<«‹])[\s\]】)）>》»›]*$",
    re.I,
)
_NUMBER = re.compile(r"^[\s\[【(（第]*(\d{1,3})[\s\]】)）页頁]*$")
_PAGE_PARAMETERS = frozenset(("page", "p", "pg", "pn", "pageno", "pagenum", "paged", "currentpage", "pageindex", "curpage"))
# The page number that CMSs put behind an article's address: _2, -2, /2, index_2.
_SUFFIX = re.compile(r"(?:[_-](?:p|page)?[_-]?(\d{1,3})|/(?:page/)?(\d{1,3}))$", re.I)
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
    number = 1
    found = _SUFFIX.search(path)
    if found:
        path = path[: found.start()]
        number = int(found.group(1) or found.group(2))
    path = re.sub(r"/(?:index|default)?$", "", path)
    query = []
    for name, content in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in _PAGE_PARAMETERS and content.isdigit():
            number = int(content)
        else:
            query.append(f"{name}={content}")
    return f"{parts.netloc.lower()}{path}" + ("?" + "&".join(sorted(query)) if query else ""), number


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
    pages: dict[int, str] = {}
    following: str | None = None
    previous: str | None = None
    for link in outline.links:
        said = link.text or link.title
        if len(said) > 24 or words.NEIGHBOUR.match(said):
            continue
        number = _NUMBER.match(said)
        forward, back = bool(_NEXT.match(said)), bool(_PREVIOUS.match(said))
        if not (number or forward or back):
            continue
        target = _target(link, base)
        if target is None or not mine.same_site(target):
            continue
        at = mine.page_of(target)
        in_pager = bool(roles[link.node] & hints.PAGER)
        if at is not None and len(pages) < MAX_PAGES:
            pages.setdefault(at, target)
        if forward and following is None and (at is not None or in_pager or "页" in said or "頁" in said or "全文" in said):
            following = target
        if back and previous is None and (at is not None or in_pager):
            previous = target
    pages.pop(mine.number, None)
    for rel, href, _ in head.links:
        if rel in ("next", "prev") and (target := _absolute(href, base)) and mine.page_of(target) is not None:
            if rel == "next":
                following = following or target
            else:
                previous = previous or target
    if following is None:
        following = pages.get(mine.number + 1)
    if following is not None and mine.is_self(following):
        following = None
    if previous is None:
        previous = pages.get(mine.number - 1)
    ordered = tuple(pages[number] for number in sorted(pages))
    return Pager(pages=ordered, next_page=following, previous_page=previous)


class _Own:
    """The address of the page itself, to hold others against."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bare = bare_stem(url)
        self.stem, number = stem_of(url)
        self.number = number if number < 200 else 1
        self.site = site_key_or_none(url)

    def same_site(self, target: str) -> bool:
        return site_key_or_none(target) == self.site

    def is_self(self, target: str) -> bool:
        return bare_stem(target) == self.bare

    def page_of(self, target: str) -> int | None:
        """Return the page number of *target*, or None when it is no page of the same article."""
        if bare_stem(target) == self.bare:
            return self.number
        stem, number = stem_of(target)
        if stem == self.bare and number > 1:
            return number
        if self.stem == bare_stem(target) and self.stem != self.bare:
            return 1
        if stem == self.stem and self.stem != self.bare:
            return number
        return None


def _target(link: Link, base: str | None) -> str | None:
    return _absolute(link.href, base)


def _absolute(href: str, base: str | None) -> str | None:
    if href.startswith(("#", "javascript:")):
        return None
    try:
        return fetchable(href, base)
    except BadUrl:
        return None
