"""From bytes to a tree: decoded, cleaned, parsed once, with no text lost to broken or hostile
markup.
"""

import re

from lxml import etree

MAX_DEPTH = 250
"""Levels that a flattened page keeps; libxml2 drops whatever lies below its own limit of 2,048."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A second root arises behind a stray </html>, and iteration from the first never sees it.
_STRAY_END = re.compile(r"</\s*(?:body|html)\s*>", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)\b[^<>]*?(/?)>")
_RAW_TEXT = re.compile(r"<(script|style|textarea|noscript)\b.*?</\1\s*>", re.I | re.S)
_LEAVES = frozenset(("p", "a", "h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr keygen basefont".split()
)
EMPTY_PAGE = b"<html><body></body></html>"


def clean(html: str) -> str:
    """Return *html* without control characters, XML declaration and early ends of the document."""
    html = _CONTROL.sub("", html)
    html = _DECLARATION.sub("", html, count=1)
    return _STRAY_END.sub("", html)


def parse(html: str) -> etree._Element:
    """Return the root of *html*, whatever it holds; an empty page has an empty body.

    Comments are gone and the text around them is joined. Nothing is fetched.
    """
    # A parser keeps state of the last document: one each call is thread-safe and costs 10 µs.
    parser = etree.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        collect_ids=False,
    )
    data = html.encode("utf-8", "replace")
    root = etree.fromstring(data, parser) if data.strip() else None
    if root is None:
        root = etree.fromstring(EMPTY_PAGE, parser)
    return root


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
