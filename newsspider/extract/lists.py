"""Lists of links to articles: found by their shape, told from navigation by what they link to."""

import re
from dataclasses import dataclass, field

from newsspider.extract import hints, words
from newsspider.extract.blocks import Block, Link, Outline, size_of

MIN_TITLE_BYTES = 15
"""A link text below five Han characters (three bytes each) names a section, not an article."""
MAX_TEASER_BYTES = 900
"""Text beside the link of one item; more is prose with a link in it."""
MIN_TEXT_BYTES = 100
"""A paragraph, where it stands above a link; the notes above titles are shorter."""
MAX_HEADING_BYTES = 90

_NO_PAGE = re.compile(r"^(?:javascript:|mailto:|tel:|#|data:|about:)", re.I)
_ARTICLE_PATH = re.compile(
    r"\d{4,}|\.s?html?(?:$|[?#])|[a-z0-9]+-[a-z0-9]+-[a-z0-9]+|[?&](?:id|aid|p|article)=\w+|"
    r"/\d+(?:$|[/?#])|/(?=[a-z_-]*\d)[a-z0-9_-]{6,}/?(?:$|[?#])",
    re.I,
)
_NO_ARTICLE_PATH = re.compile(
    r"/(?:tags?|authors?|users?|search|topics?|category|categories|labels?)/", re.I
)
_LABEL = re.compile(r"[\W\d_]*")
_ORIGIN = re.compile(r"(?:https?:)?//[^/?#]*")


@dataclass(slots=True)
class Item:
    """One entry: the link that carries its title, and the stretch of blocks that is about it."""

    link: Link
    node: int
    """The node around it; -1 when the entry is a mere link among others."""
    first: int
    end: int


@dataclass(slots=True)
class LinkList:
    """Entries of one shape under one parent."""

    container: int
    items: list[Item] = field(default_factory=list)
    heading: str | None = None
    heading_block: int = -1
    navigates: bool | None = None
    """What is_navigation says; None until it is asked."""

    @property
    def first(self) -> int:
        """Index of its first block, heading excluded."""
        return self.items[0].first

    @property
    def end(self) -> int:
        """Index behind its last block."""
        return self.items[-1].end


def is_page_link(link: Link) -> bool:
    """Tell whether *link* may lead to another page."""
    return not _NO_PAGE.match(link.href)


def looks_like_article(href: str) -> bool:
    """Tell whether an address is made like those of articles: a number, a date, a slug, an .html
    file.
    """
    origin = _ORIGIN.match(href)
    path = href[origin.end() :] if origin else href
    return len(path) > 6 and bool(_ARTICLE_PATH.search(path)) and not _NO_ARTICLE_PATH.search(path)


def title_of(link: Link) -> str:
    """Return the text that a link shows, or its title attribute when that is the uncut form or all
    there is.
    """
    text, title = link.text, link.title
    if not title:
        return text
    if not text:
        return title
    stem = text.rstrip(".… ")
    if title and len(title) > len(stem) and stem != text and title.startswith(stem):
        return title
    return text


def link_lists(outline: Outline) -> list[LinkList]:
    """Return every list of links on the page with at least two entries, in page order, navigation
    included.
    """
    long = [
        (index, link)
        for index, link in enumerate(outline.links)
        if size_of(title_of(link)) >= MIN_TITLE_BYTES and is_page_link(link)
    ]
    found: list[LinkList] = []
    current: LinkList | None = None
    last_href = ""
    for (index, link), (before, after) in zip(long, _strangers(long), strict=True):
        root = _item_root(outline, index, link, before, after)
        container = outline.nodes[root].parent if root >= 0 else link.node
        item = _item(outline, link, root)
        if current and current.container == container and not _breaks(outline, current, item):
            if link.href == last_href:
                _merge(current.items[-1], item)
                continue
        else:
            current = LinkList(container)
            found.append(current)
        current.items.append(item)
        last_href = link.href
    return [one for one in found if _is_list(outline, one)]


def _strangers(long: list[tuple[int, Link]]) -> list[tuple[int, int]]:
    """Return for each long link the indexes of the nearest long links before and behind with
    another address.
    """
    before: list[int] = []
    after: list[int] = []
    for forward in (True, False):
        seen = long if forward else long[::-1]
        out = before if forward else after
        edge = -1 if forward else 1 << 60
        previous: tuple[int, str] | None = None
        for index, link in seen:
            if previous and previous[1] != link.href:
                edge = previous[0]
            out.append(edge)
            previous = (index, link.href)
    return list(zip(before, after[::-1], strict=True))


def _item_root(outline: Outline, index: int, link: Link, before: int, after: int) -> int:
    """Return the widest node around *link* that holds no other entry's link; -1 when the nearest
    does.
    """
    root = -1
    nodes = outline.nodes
    at = link.own_node if link.own_node >= 0 else link.node
    while at > 0:
        node = nodes[at]
        if node.first_link <= before or node.end_link > after:
            break
        if at != link.own_node and not (node.first_link <= index < node.end_link):
            break
        root = at
        at = node.parent
    return root


def _item(outline: Outline, link: Link, root: int) -> Item:
    if root < 0:
        return Item(link, -1, link.block, max(link.end_block, link.block))
    node = outline.nodes[root]
    return Item(link, root, node.first, node.end)


def _merge(item: Item, again: Item) -> None:
    """Join a second link of one entry (a picture, a 更多) to it."""
    item.end = max(item.end, again.end)
    if len(title_of(item.link)) < len(title_of(again.link)) and not item.link.text:
        item.link = again.link


def _breaks(outline: Outline, current: LinkList, item: Item) -> bool:
    """Tell whether a heading, or prose, stands between the list so far and *item*."""
    between = outline.blocks[current.end : item.first]
    return any(
        block.heading or (block.size > 120 and block.link_share < 0.3) or len(between) > 6
        for block in between
    )


def _is_list(outline: Outline, one: LinkList) -> bool:
    """Tell whether the entries are links with at most a teaser each, rather than prose with
    links.
    """
    good = 0
    for item in one.items:
        carrier = _carrier(outline, item)
        if carrier is None:
            good += bool(item.link.picture or item.link.title)
            continue
        rest = carrier.size - size_of(item.link.text)
        beside = sum(b.size - b.link_size for b in outline.blocks[item.first : item.end])
        teased = beside <= MAX_TEASER_BYTES and not _follows_text(outline, item)
        good += teased and (rest <= 45 or carrier.link_share > 0.6)
    if len(one.items) == 1:
        return bool(good)
    return good >= 2 and good >= 0.7 * len(one.items)


def _follows_text(outline: Outline, item: Item) -> bool:
    """Tell whether running text stands above the link: teasers follow their titles."""
    return any(
        b.size >= MIN_TEXT_BYTES and b.link_share < 0.3 and words.SENTENCE.search(b.text)
        for b in outline.blocks[item.first : item.link.block]
    )


def _carrier(outline: Outline, item: Item) -> Block | None:
    """Return the block that holds the text of the item's link."""
    for block in outline.blocks[item.link.block : max(item.link.end_block, item.link.block + 1)]:
        if block.link_size:
            return block
    return None


def with_headings(outline: Outline, lists: list[LinkList]) -> list[LinkList]:
    """Give each list the heading that stands above it, and return those that have two entries or a
    heading.
    """
    taken = marked(outline, lists)
    for one in lists:
        block = _heading_above(outline, one, taken)
        if block is not None:
            one.heading, one.heading_block = block.text.strip(" :：|>»"), block.position
    return [
        one
        for one in lists
        if len(one.items) > 1 or (one.heading and words.READ_ON.search(one.heading))
    ]


def marked(outline: Outline, lists: list[LinkList]) -> bytearray:
    """Return 1 for each block inside an entry of *lists*, 0 for the others."""
    out = bytearray(len(outline.blocks) + 1)
    for one in lists:
        for item in one.items:
            out[item.first : item.end] = b"\x01" * max(0, item.end - item.first)
    return out


def covers(one: LinkList, position: int) -> bool:
    """Tell whether a block stands inside an entry of *one*."""
    return any(item.first <= position < item.end for item in one.items)


def _heading_above(outline: Outline, one: LinkList, taken: bytearray) -> Block | None:
    """Return the heading of *one*: the nearest short line before it that belongs to the same
    box.
    """
    nodes = outline.nodes
    box = one.container
    for _ in range(3):
        if nodes[box].parent <= 0:
            break
        box = nodes[box].parent
    best: Block | None = None
    position = one.first - 1
    lowest = max(nodes[box].first, one.first - 4)
    while position >= lowest:
        block = outline.blocks[position]
        if taken[position] or block.size > MAX_HEADING_BYTES:
            break
        if block.heading or words.LIST_HEADING.holds(block.text):
            return block
        if (
            best is None
            and not words.SENTENCE.search(block.text)
            and not _LABEL.fullmatch(block.text)
        ):
            best = block
        position -= 1
    if best is not None and best.position >= nodes[nodes[one.container].parent].first:
        return best
    return None


def is_navigation(one: LinkList, roles: list[int]) -> bool:
    """Tell whether a list leads around the site rather than to articles. *roles* are the effective
    ones by node.
    """
    if one.navigates is None:
        one.navigates = _navigates(one, roles)
    return one.navigates


def _navigates(one: LinkList, roles: list[int]) -> bool:
    at = roles[one.container]
    if at & (hints.NAV | hints.FOOTER | hints.TAGS | hints.PAGER | hints.SHARE | hints.FORM):
        return True
    titles = [title_of(item.link) for item in one.items]
    average = sum(map(size_of, titles)) / len(titles)
    if average < 24:
        return True
    like = sum(looks_like_article(item.link.href) for item in one.items)
    return like * 2 < len(one.items)
