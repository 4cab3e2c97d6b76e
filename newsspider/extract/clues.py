"""Times that stand where no reader looks: attributes of elements, JSON-LD of other kinds, scripts.

They are asked last. What is inside lists, comments and navigation is another article's.
"""

import datetime as dt
import re

from newsspider.dates import When, parse_machine
from newsspider.extract import hints
from newsspider.extract.metadata import as_text, types_of
from newsspider.extract.scene import Scene

MAX_MARKED = 40
"""Elements with a machine-readable time that are looked at; a page with more is a list."""
MAX_SCRIPT = 300_000
"""Characters of one script that are searched."""
FOREIGN = (
    hints.COMMENT | hints.RELATED | hints.NAV | hints.FOOTER | hints.AD | hints.BIO | hints.PROMO
)
_NEVER = hints.COMMENT | hints.AD
MAX_TEXTS = 8
"""Texts of an element that are joined: a time is in one or two."""

_UPDATED = re.compile(r"modif|updat|revis|aktualis|changed", re.I)
_OTHER_KINDS = frozenset(
    "WebPage ItemPage Recipe HowTo VideoObject MediaObject CreativeWork Book".split()
)
_IN_SCRIPT = re.compile(
    r"(?<![\w-])\\?[\"']?(?:datePublished|date_?published|publishedAt|published_?(?:at|on|date|time)|"
    r"publish_?(?:date|time|at)|publishedDate|publicationDate|first_?published(?:_?at|_?date)?|first_?publication_?date|"
    r"pub_?(?:date|time)|createTime|create_time|dc:date)\\?[\"']?\s{0,3}[:=]\s{0,3}(?:new Date\()?"
    r"\\?[\"']([^\"'\\<>]{8,40})\\?[\"']|"
    r"(?<![\w-])(?:show|print|write|format)_?date\(\s{0,3}[\"']([^\"'\\<>]{8,40})[\"']|"
    r"(?<![\w-])var\s{1,3}ct\s{0,3}=\s{0,3}[\"'](\d{10})[\"']",
    re.I,
)


_COUNTER = re.compile(r"var\s{1,3}ct\b")
_DATE_WORDS = (
    "publi pubdate pub_date pubtime pub_time createtime create_time dc:date showdate( show_date( "
    "printdate( print_date( writedate( write_date( formatdate( format_date("
).split()


def _may_date(script: str) -> bool:
    """Tell, at a fiftieth of the price of a search, whether a script can name a time."""
    low = script.lower()
    return True in [word in low for word in _DATE_WORDS] or bool(_COUNTER.search(low))


def marked(scene: Scene) -> list[tuple[When, bool]]:
    """Return the times that elements of the article carry in an attribute, the most telling first;
    True marks the time of a change.
    """
    outline = scene.outline
    if len(outline.marks) > MAX_MARKED:
        return []
    last = scene.body_span[1]
    found: list[tuple[int, int, When, bool]] = []
    for order, mark in enumerate(outline.marks):
        said, at = mark.attributes, mark.node
        inside = "".join(mark.parts[:MAX_TEXTS])[:80]
        attributes = (said.get(name) for name in ("datetime", "content", "title"))
        when = parse_machine(next(filter(None, attributes), inside), scene.zone)
        if when is None:
            continue
        first = outline.nodes[at].first
        # Between headline and text the names of boxes count for little.
        beside = scene.title_block < first < scene.body_span[0]
        if scene.roles[at] & (_NEVER if beside else FOREIGN):
            continue
        if not beside and first < len(scene.listed) - 1 and scene.listed[first]:
            continue
        names = f"{said.get('class') or ''} {said.get('itemprop') or ''}"
        changed = bool(_UPDATED.search(names) or _UPDATED.search(inside))
        stated = "publish" in names.lower()
        rank = 0 if stated and first <= last else 1 if first <= last else 2
        found.append((rank, order, when, changed))
    return [(when, changed) for _, _, when, changed in sorted(found, key=lambda one: one[:2])]


def stated_elsewhere(scene: Scene) -> When | None:
    """Return the time that JSON-LD states of the page rather than of an article, else the first
    one that a script calls that of publication; None when none does.
    """
    for one in scene.head.objects[:60]:
        if _OTHER_KINDS.intersection(types_of(one)):
            text = as_text(one.get("datePublished") or one.get("dateCreated"))
            if text and (when := parse_machine(text, scene.zone)):
                return when
    for element in scene.outline.stated:
        if element.tag != "script" or not _may_date(element.text[:MAX_SCRIPT]):
            continue
        for found in _IN_SCRIPT.finditer(element.text[:MAX_SCRIPT]):
            text = found[1] or found[2] or found[3]
            if (when := parse_machine(text, scene.zone)) and _credible(when):
                return when
    return None


def _credible(when: When) -> bool:
    """Tell whether a number in a script can be the time of an article at all."""
    return when.moment > dt.datetime(1995, 1, 1, tzinfo=dt.UTC)
