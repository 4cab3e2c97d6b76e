"""From bytes to a tree: decoded, cleaned, parsed once, with no text lost to broken or hostile
markup.
"""

import re
import threading
from typing import Any

from lxml import etree

from newsspider.extract.blocks import Outline
from newsspider.extract.walk import Walk

MAX_DEPTH = 250
"""Levels that a flattened page keeps; libxml2 drops whatever lies below its own limit of 2,048."""
MAX_TAGS = 250_000
"""Tags of a page that are read, comments and what scripts hold included: each costs up to 500 bytes
and 15 microseconds. Of 2,091 pages of the web the fullest has 23,000."""

_CONTROL = bytes([*range(9), 11, 12, *range(14, 32), 127])
# A second root arises behind a stray </html>, and iteration from the first never sees it.
_STRAY_END = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>")
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*>", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)\b[^<>]*?(/?)>")
_RAW_TEXT = re.compile(r"<(script|style|textarea|noscript)\b.*?</\1\s*>", re.I | re.S)
_LEAVES = frozenset(("p", "a", "h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr keygen basefont".split()
)
EMPTY_PAGE = b"<html><body></body></html>"


def cut(html: bytes) -> bytes:
    """Return *html*, of UTF-8, less what stands behind its first MAX_TAGS tags."""
    if html.count(b"<") <= MAX_TAGS:
        return html
    return html[: -1 - len(html.split(b"<", MAX_TAGS)[-1])]


def clean(html: bytes) -> bytes:
    """Return *html*, of UTF-8, without control characters, XML declaration and early ends of the
    document.
    """
    html = html.translate(None, _CONTROL)
    if declaration := _DECLARATION.match(html):
        html = html[declaration.end() :]
    return _STRAY_END.sub(b"", html)


def is_markup(text: str) -> bool:
    """Tell whether *text* is a page at all: it has a tag, and hardly any control characters."""
    start = text[:16_384].encode("utf-8", "replace")
    controls = len(start) - len(start.translate(None, _CONTROL))
    return controls * 10 <= len(start) and bool(_TAG.search(text))


def parse(data: bytes) -> etree._Element:
    """Return the root of *data*, of UTF-8, whatever it holds; an empty page has an empty body.

    Comments are gone and the text around them is joined. Nothing is fetched.
    """
    parser = _parser(None)
    root = etree.fromstring(data, parser) if data.strip() else None
    if root is None:
        root = etree.fromstring(EMPTY_PAGE, parser)
    return root


def outline_of(data: bytes) -> Outline:
    """Return the outline of *data*, of UTF-8, whatever it holds; nothing is fetched.

    Raises:
        TooDeep: boxes stand in boxes beyond all use; `flatten` helps.
    """
    walk = _OWN.walk
    try:
        if data.strip():
            etree.fromstring(data, _OWN.parser)
        return walk.close()
    finally:
        walk.reset()


class _Own(threading.local):
    """A thread's own parser: one with a target is in a cycle that only the garbage collector
    breaks, so that with a new one for each page the memory of many pages waits for that.
    """

    def __init__(self) -> None:
        self.walk = Walk()
        self.parser = _parser(self.walk)


def _parser(target: Any) -> etree.HTMLParser:
    """Return a parser of UTF-8 that feeds *target*, or builds a tree where that is None."""
    return etree.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        collect_ids=False,
        target=target,
    )


_OWN = _Own()


def flatten(html: str, limit: int = MAX_DEPTH) -> str:
    """Return *html* with the boxes deeper than *limit* unwrapped: their tags become line breaks.

    libxml2 gives up at a depth of 2,048 and loses what follows, so a page that comes near it is
    read again in this form: all of its text, its headings, paragraphs and links, less of its boxes.
    """
    out: list[str] = []
    open_tags: list[str] = []
    leaf = 0
    position = 0
    html = _RAW_TEXT.sub("", html)
    for found in _TAG.finditer(html):
        closing, name, selfclosed = found.group(1), found.group(2).lower(), found.group(3)
        out.append(html[position : found.start()])
        position = found.end()
        tag = found.group()
        if name in _VOID or selfclosed:
            out.append(tag)
            continue
        # The end of another element than the innermost is as good: depth is all that counts.
        depth = len(open_tags) + (0 if closing else 1)
        if depth == leaf or (depth > limit and not leaf and not closing and name in _LEAVES):
            leaf = 0 if closing else depth
        elif depth > limit:
            tag = "<br>"
        out.append(f"</{open_tags[-1]}>" if closing and tag != "<br>" and open_tags else tag)
        if not closing:
            open_tags.append(name)
        elif open_tags:
            open_tags.pop()
    out.append(html[position:])
    return "".join(out)
