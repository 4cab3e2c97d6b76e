"""One page as a list of blocks: the single linear pass over the tree that everything else works
on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from newsspider.extract import hints

BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre "
    "search section "
    "summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
SKIPPED = frozenset(
    "script style template svg math iframe object embed select textarea canvas video audio head "
    "noscript applet noframes datalist xml title".split()
)
STRONG = frozenset(("b", "strong", "em", "i", "big"))
MAX_HREF = 4096
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")


def squeeze(text: str) -> str:
    """Return *text* with white space of every kind collapsed and invisible characters gone."""
    if not text.isascii() and _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


@dataclass(slots=True)
class Node:
    """An element that is no mere inline mark-up, with the stretch of blocks, links and pictures
    inside it.
    """

    element: etree._Element
    tag: str
    parent: int
    """Index of the node around it; -1 for the root."""
    names: str
    """Class and id as written, a space between them."""
    own: int
    """Roles (hints) that it claims for itself."""
    depth: int
    first: int
    """Index of its first block."""
    end: int = 0
    """Index behind its last block."""
    first_link: int = 0
    end_link: int = 0
    first_picture: int = 0
    end_picture: int = 0
    end_node: int = 0
    """Index behind its last descendant node."""


@dataclass(slots=True)
class Link:
    """An <a> or <area> with an address."""

    href: str
    node: int
    block: int
    """Index of the block that holds it, or of the block that follows when it is empty."""
    element: etree._Element
    text: str = ""
    title: str = ""
    rel: str = ""
    end_block: int = 0
    """Index behind the last block that it reaches into."""
    picture: bool = False
    own_node: int = -1
    """Index of the node for the <a> itself when it wraps blocks."""


@dataclass(slots=True)
class Picture:
    """An <img> (or a <picture> around it) at its place."""

    element: etree._Element
    node: int
    block: int
    """Index of the block that it stands before or in."""
    link: int = -1


@dataclass(slots=True)
class Part:
    """A stretch of text of one look within a block."""

    text: str
    link: int
    """Index of its link, or -1."""
    strong: bool
    names: str
    """Class and id of the innermost inline element around it."""


@dataclass(slots=True)
class Block:
    """A paragraph, heading, item, cell or line: text that no block element and no <br>
    interrupts.
    """

    position: int
    text: str
    tag: str
    """Of the innermost block element around it."""
    node: int
    parts: list[Part]
    roles: int = 0
    """Own and inherited roles (hints)."""
    size: int = 0
    """UTF-8 bytes: a Han character counts three, so sizes compare across scripts."""
    link_size: int = 0
    strong_size: int = 0
    heading: int = 0
    """1 to 6 in h1 to h6, else 0."""
    item: bool = False
    """Inside li, dd or dt."""
    cell: bool = False
    """Inside td or th."""
    after_br: bool = False
    """A <br> stands before it in the same element."""

    @property
    def link_share(self) -> float:
        """Share of its text that is link, 0 to 1."""
        return self.link_size / self.size if self.size else 0.0


@dataclass(slots=True)
class Outline:
    """What the pass over one page found; every list is in document order."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    deepest: int = 0
    """Depth of the deepest element."""

    def ancestors(self, node: int) -> Iterator[int]:
        """Yield *node* and the nodes around it, innermost first."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def text_of(self, node: int) -> str:
        """Return the text of *node*, blocks joined by a space."""
        inside = self.nodes[node]
        return " ".join(block.text for block in self.blocks[inside.first : inside.end])


class _Walk:
    """The state of the pass: open nodes, the text since the last break, open link and look."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.open: list[int] = []
        self.parts: list[Part] = []
        self.link = -1
        self.link_parts: list[str] = []
        self.strong = 0
        self.names: list[str] = []
        self.after_br = False

    def text(self, text: str) -> None:
        """Add *text* to the block that is being read; white space never begins one."""
        if not self.parts and text.isspace():
            return
        self.parts.append(
            Part(text, self.link, self.strong > 0, self.names[-1] if self.names else "")
        )
        if self.link >= 0:
            self.link_parts.append(text)

    def flush(self) -> None:
        """End the block that is being read, if it has any text."""
        if not self.parts:
            return
        parts, self.parts = self.parts, []
        text = squeeze("".join([part.text for part in parts]))
        if not text:
            return
        outline = self.outline
        node = self.open[-1] if self.open else 0
        block = Block(len(outline.blocks), text, outline.nodes[node].tag, node, parts)
        block.after_br, self.after_br = self.after_br, False
        outline.blocks.append(block)

    def enter(self, element: etree._Element, tag: str, depth: int) -> None:
        """Open a node."""
        self.flush()
        self.after_br = False
        outline = self.outline
        get = element.get
        names, own = "", 0
        name, key = get("class"), get("id")
        if name or key:
            names = f"{name or ''} {key or ''}"
            own = hints.of_names(names)
            if tag in hints.WHOLE:
                own &= hints.BODY | hints.MAIN
        own |= hints.of_element(tag, get("role"), get("style"), get("hidden") is not None)
        if get("itemprop") == "articleBody":
            own |= hints.BODY
        node = Node(
            element,
            tag,
            self.open[-1] if self.open else -1,
            names,
            own,
            depth,
            len(outline.blocks),
            first_link=len(outline.links),
            first_picture=len(outline.pictures),
        )
        self.open.append(len(outline.nodes))
        outline.nodes.append(node)

    def leave(self) -> None:
        """Close the innermost node."""
        self.flush()
        self.after_br = False
        outline = self.outline
        node = outline.nodes[self.open.pop()]
        node.end = len(outline.blocks)
        node.end_link = len(outline.links)
        node.end_picture = len(outline.pictures)
        node.end_node = len(outline.nodes)

    def enter_link(self, element: etree._Element) -> None:
        """Open a link; one inside another ends it, as browsers do."""
        if self.link >= 0:
            self.leave_link()
        href = (element.get("href") or "").strip()
        if not href or len(href) > MAX_HREF:
            return
        self.link = len(self.outline.links)
        self.link_parts = []
        self.outline.links.append(
            Link(
                href,
                self.open[-1] if self.open else 0,
                len(self.outline.blocks),
                element,
                title=squeeze(element.get("title") or ""),
                rel=(element.get("rel") or "").lower(),
            )
        )

    def leave_link(self) -> None:
        """Close the open link."""
        if self.link < 0:
            return
        link = self.outline.links[self.link]
        link.text = squeeze("".join(self.link_parts))
        link.end_block = len(self.outline.blocks) + (1 if self.parts else 0)
        self.link = -1


def _wraps_blocks(element: etree._Element) -> bool:
    """Tell whether an inline element holds block elements: cards are often one big <a>."""
    return any(child.tag in BLOCK_TAGS for child in element)


def outline_of(root: etree._Element) -> Outline:
    """Return the blocks, links, pictures and nodes below *root*, in time linear in its size."""
    walk = _Walk()
    # What each open element was taken for, so that its end undoes just that.
    kinds: list[str] = []
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        if event == "start":
            kind = _start(walk, element, len(kinds))
            kinds.append(kind)
            if kind == "skip":
                steps.skip_subtree()
            if len(kinds) > walk.outline.deepest:
                walk.outline.deepest = len(kinds)
        else:
            kind = kinds.pop()
            if kind:
                _end(walk, kind)
            if element.tail and kinds:
                walk.text(element.tail)
    _finish(walk.outline)
    return walk.outline


def _start(walk: _Walk, element: etree._Element, depth: int) -> str:
    """Take in the start of *element*; return what it was taken for."""
    tag = element.tag
    if not isinstance(tag, str) or tag in SKIPPED:
        return "skip"
    kind = ""
    if tag in BLOCK_TAGS:
        walk.enter(element, tag, depth)
        kind = "node"
    elif tag == "a":
        kind = "link"
        if _wraps_blocks(element):
            walk.enter(element, tag, depth)
            kind = "link node"
        walk.enter_link(element)
        if kind == "link node" and walk.link >= 0:
            walk.outline.links[walk.link].own_node = walk.open[-1]
    elif tag == "br":
        walk.flush()
        walk.after_br = True
    elif tag in ("img", "amp-img"):
        walk.outline.pictures.append(
            Picture(element, walk.open[-1] if walk.open else 0, len(walk.outline.blocks), walk.link)
        )
        if walk.link >= 0:
            walk.outline.links[walk.link].picture = True
    elif tag == "area":
        walk.enter_link(element)
        walk.leave_link()
    elif tag in STRONG:
        walk.strong += 1
        kind = "strong"
    else:
        name, key = element.get("class"), element.get("id")
        if name or key:
            walk.names.append(f"{name or ''} {key or ''}")
            kind = "names"
    if element.text:
        walk.text(element.text)
    return kind


def _end(walk: _Walk, kind: str) -> None:
    """Take in the end of an element that was taken for *kind*."""
    if kind == "node":
        walk.leave()
    elif kind == "link":
        walk.leave_link()
    elif kind == "link node":
        walk.leave()
        walk.leave_link()
    elif kind == "strong":
        walk.strong -= 1
    elif kind == "names":
        walk.names.pop()


def _finish(outline: Outline) -> None:
    """Fill in what is known only after the pass: inherited roles, sizes, list and cell
    membership.
    """
    inherited: list[int] = []
    item_of: list[bool] = []
    cell_of: list[bool] = []
    heading_of: list[int] = []
    for node in outline.nodes:
        up = node.parent
        inherited.append(node.own | (inherited[up] if up >= 0 else 0))
        item_of.append(node.tag in ("li", "dd", "dt") or (up >= 0 and item_of[up]))
        cell_of.append(node.tag in ("td", "th") or (up >= 0 and cell_of[up]))
        heading_of.append(HEADINGS.get(node.tag, 0) or (heading_of[up] if up >= 0 else 0))
    for block in outline.blocks:
        at = block.node
        block.roles = inherited[at]
        block.item, block.cell, block.heading = item_of[at], cell_of[at], heading_of[at]
        block.size = len(block.text.encode("utf-8", "replace"))
        if len(block.parts) == 1:
            part = block.parts[0]
            block.link_size = block.size if part.link >= 0 else 0
            block.strong_size = block.size if part.strong else 0
            continue
        for part in block.parts:
            if part.link >= 0 or part.strong:
                size = len(part.text.strip().encode("utf-8", "replace"))
                if part.link >= 0:
                    block.link_size += size
                if part.strong:
                    block.strong_size += size
        block.link_size = min(block.link_size, block.size)
        block.strong_size = min(block.strong_size, block.size)
