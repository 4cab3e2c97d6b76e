"""Related lists and list pages as items: title in full, address, teaser, time, heading and kind of
the list.
"""

import re

from newsspider.dates import When, find_printed, parse_printed
from newsspider.extract import hints, words
from newsspider.extract.blocks import Link, Outline, squeeze
from newsspider.extract.lists import Item, LinkList, is_navigation, title_of
from newsspider.extract.scene import Scene
from newsspider.extract.title import key_of
from newsspider.items import ListKind, RelatedItem
from newsspider.urls import canonical_or_none

_EDGE = re.compile(r"^[\s·•●■◆▪►>\-—|:：]+|[\s|\-—:：(（\[【]+$")
_MORE_TAIL = re.compile(
    r"[\[【(（<《]?(?:更多|查看更多|详细|详情|阅读全文|全文|read more|more)[\]】)）>》»›]*\s*$",
    re.I,
)
MIN_SUMMARY_BYTES = 30
MAX_TIME_WORDS = 6
_FOREIGN = hints.COMMENT | hints.AD | hints.SHARE


def kind_of(heading: str | None) -> ListKind:
    """Return what a list is by its heading; lists without a telling one are related."""
    if heading:
        if words.RELATED.search(heading):
            return "related"
        if words.POPULAR.search(heading):
            return "popular"
        if words.LATEST.search(heading):
            return "latest"
        if words.RECOMMENDED.search(heading):
            return "recommended"
    return "related"


def related_items(scene: Scene) -> tuple[RelatedItem, ...]:
    """Return the items of every list of links to other articles on the page: page order, none twice
    in a list.
    """
    own = {scene.url, scene.canonical} - {"", None}
    title = key_of(scene.headline.text) if scene.headline else ""
    out: list[RelatedItem] = []
    shown: set[str] = set()
    # A hidden copy of a list that is shown is no second list.
    ordered = sorted(scene.lists, key=lambda one: bool(scene.roles[one.container] & hints.HIDDEN))
    found: dict[int, list[RelatedItem]] = {}
    for one in ordered:
        if is_navigation(one, scene.roles) or _is_foreign(scene, one):
            continue
        items = [
            item
            for item in items_of(scene, one)
            if item.url not in own and not (item.url is None and key_of(item.title) == title)
        ]
        alone = len(items) < 2 and not (one.heading and words.READ_ON.search(one.heading))
        hidden = bool(scene.roles[one.container] & hints.HIDDEN)
        if alone or (hidden and all((item.url or item.title) in shown for item in items)):
            continue
        shown.update(item.url or item.title for item in items)
        found[one.first] = items
    for first in sorted(found):
        out.extend(found[first])
    return tuple(out)


def _is_foreign(scene: Scene, one: LinkList) -> bool:
    """Tell whether a list is of comments, advertisements or services rather than of articles."""
    role = scene.roles[one.container]
    if role & hints.COMMENT and one.heading and words.LIST_HEADING.holds(one.heading):
        role &= ~hints.COMMENT
    return bool(role & _FOREIGN) or bool(one.heading and words.NO_ARTICLES.search(one.heading))


def items_of(scene: Scene, one: LinkList) -> list[RelatedItem]:
    """Return the entries of one list, positions from 1, no address twice."""
    kind = kind_of(one.heading)
    seen: set[str] = set()
    out: list[RelatedItem] = []
    for entry in one.items:
        if words.NEIGHBOUR.match(_text_before(scene.outline, entry) or entry.link.text):
            continue
        url = canonical_or_none(entry.link.href, scene.base)
        if (url or entry.link.href) in seen:
            continue
        seen.add(url or entry.link.href)
        title, summary, when = _read(scene, entry)
        if not title:
            continue
        out.append(
            RelatedItem(
                list_heading=one.heading,
                kind=kind,
                position=len(out) + 1,
                title=title,
                url=url,
                summary=summary,
                date_published=when.moment if when else None,
                date_published_precision=when.precision if when else None,
            )
        )
    return out


def _text_before(outline: Outline, entry: Item) -> str:
    """Return the text that stands in front of the entry's link in its block, such as 上一篇：."""
    for block in outline.blocks[entry.link.block : entry.link.block + 1]:
        at = block.text.find(entry.link.text)
        return block.text[:at] + entry.link.text if at > 0 else ""
    return ""


def _read(scene: Scene, entry: Item) -> tuple[str, str | None, When | None]:
    """Return title, teaser and time of an entry."""
    link = entry.link
    title = _title(scene, link)
    rest: list[str] = []
    when: When | None = None
    shown = key_of(link.text)
    for block in scene.outline.blocks[entry.first : entry.end]:
        text = block.text
        if not link.text or text != link.text:
            pieces = squeeze(
                " ".join(p.text for p in block.parts if p.link < 0 or link.own_node >= 0)
            )
        else:
            pieces = ""
        if not pieces or key_of(pieces) in (shown, key_of(title)):
            continue
        times = find_printed(pieces, zone=scene.zone, now=scene.now, language=scene.language)
        if times and len(pieces) <= len(times[0].raw) + 16:
            when = when or times[0]
            continue
        rest.append(pieces)
    if when is None:
        title, when = _time_inside(scene, link, title)
    summary = _MORE_TAIL.sub("", squeeze(" ".join(rest))).strip(" |·")
    summary = summary if len(summary.encode()) >= MIN_SUMMARY_BYTES else ""
    return title, summary or None, when


def _title(scene: Scene, link: Link) -> str:
    """Return the title that an entry's link carries: of a card the heading in it, else its first
    line.
    """
    if link.own_node >= 0 and link.end_block - link.block > 1:
        blocks = scene.outline.blocks[link.block : link.end_block]
        heading = next((b for b in blocks if b.heading), None) or next(
            (b for b in blocks if b.size >= 15), None
        )
        if heading is not None:
            return _EDGE.sub("", heading.text)
    return _EDGE.sub("", title_of(link))


def _time_inside(scene: Scene, link: Link, title: str) -> tuple[str, When | None]:
    """Return a title without the time that stands in an element of its own inside the link, and
    that time.
    """
    parts = [
        squeeze(part.text)
        for block in scene.outline.blocks[link.block : link.end_block]
        for part in block.parts
        if part.link >= 0 and scene.outline.links[part.link] is link
    ]
    for part in parts if len(parts) > 1 else ():
        if part.count(" ") > MAX_TIME_WORDS:
            continue
        when = parse_printed(
            part.strip("[]()（）【】 "), zone=scene.zone, now=scene.now, language=scene.language
        )
        if when is None:
            continue
        if title.startswith(part) or title.endswith(part):
            rest = title.removeprefix(part) if title.startswith(part) else title.removesuffix(part)
            title = _EDGE.sub("", rest) or title
        return title, when
    return title, None
