"""One page as a list of blocks: the single linear pass over the tree that everything else works
on.
"""

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
_ITEMS = frozenset(("li", "dd", "dt"))
_CELLS = frozenset(("td", "th"))
_PLACES = _ITEMS | _CELLS | frozenset(HEADINGS)
# What an element is taken for; plain ones leave nothing to undo at their end.
_PLAIN, _INLINE, _NODE, _LINK, _LINK_NODE, _BREAK, _PICTURE, _AREA, _STRONG, _SKIP = range(10)
_KINDS: dict[str, int] = {
    **dict.fromkeys(BLOCK_TAGS, _NODE),
    **dict.fromkeys(SKIPPED, _SKIP),
    **dict.fromkeys(STRONG, _STRONG),
    "a": _LINK,
    "br": _BREAK,
    "img": _PICTURE,
    "amp-img": _PICTURE,
    "area": _AREA,
}
MAX_HREF = 4096
_INVISIBLE = "\u200b\u200c\u2060\ufeff\u00ad"


def squeeze(text: str) -> str:
    """Return *text* with white space of every kind collapsed and invisible characters gone."""
    if not text.isascii():
        for character in _INVISIBLE:
            if character in text:
                text = text.replace(character, "")
    return " ".join(text.split())


def size_of(text: str) -> int:
    """Return how many bytes *text* takes as UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


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
    roles: int = 0
    """Own and inherited roles."""
    heading: int = 0
    """1 to 6 in h1 to h6, else 0."""
    item: bool = False
    """Inside li, dd or dt."""
    cell: bool = False
    """Inside td or th."""


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
    link_share: float = 0.0
    """Share of its text that is link, 0 to 1."""
    running: float = -1.0
    """What claims.prose says of it; below 0 until it is asked."""


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

    __slots__ = ("after_br", "link", "link_parts", "names", "node", "outline", "parts", "strong")

    def __init__(self) -> None:
        self.outline = Outline()
        self.node = -1
        self.parts: list[Part] = []
        self.link = -1
        self.link_parts: list[str] = []
        self.strong = 0
        self.names = [""]
        self.after_br = False

    def text(self, text: str) -> None:
        """Add *text* to the block that is being read; white space never begins one."""
        if not self.parts and text.isspace():
            return
        self.parts.append(Part(text, self.link, self.strong > 0, self.names[-1]))
        if self.link >= 0:
            self.link_parts.append(text)

    def flush(self) -> None:
        """End the block that is being read, if it has any text."""
        parts, self.parts = self.parts, []
        text = squeeze(parts[0].text if len(parts) == 1 else "".join([p.text for p in parts]))
        if not text:
            return
        outline = self.outline
        at = self.node if self.node >= 0 else 0
        node = outline.nodes[at]
        size = size_of(text)
        block = Block(
            len(outline.blocks),
            text,
            node.tag,
            at,
            parts,
            node.roles,
            size,
            heading=node.heading,
            item=node.item,
            cell=node.cell,
            after_br=self.after_br,
        )
        self.after_br = False
        if len(parts) > 1:
            _weigh(block, size)
        elif parts[0].link >= 0:
            block.link_size, block.link_share = size, 1.0
            if parts[0].strong:
                block.strong_size = size
        elif parts[0].strong:
            block.strong_size = size
        outline.blocks.append(block)

    def enter(self, element: etree._Element, tag: str, depth: int) -> None:
        """Open a node."""
        if self.parts:
            self.flush()
        self.after_br = False
        outline = self.outline
        names, own = _claims_of(element, tag)
        up = self.node
        node = Node(
            element,
            tag,
            up,
            names,
            own,
            depth,
            len(outline.blocks),
            first_link=len(outline.links),
            first_picture=len(outline.pictures),
        )
        if up >= 0:
            around = outline.nodes[up]
            node.roles, node.heading = own | around.roles, around.heading
            node.item, node.cell = around.item, around.cell
        else:
            node.roles = own
        if tag in _PLACES:
            node.heading = HEADINGS.get(tag, node.heading)
            node.item = node.item or tag in _ITEMS
            node.cell = node.cell or tag in _CELLS
        self.node = len(outline.nodes)
        outline.nodes.append(node)

    def pause(self) -> None:
        """End the block that is being read, as a box does that opens and closes."""
        if self.parts:
            self.flush()
        self.after_br = False

    def leave(self) -> None:
        """Close the innermost node."""
        if self.parts:
            self.flush()
        self.after_br = False
        outline = self.outline
        node = outline.nodes[self.node]
        node.end = len(outline.blocks)
        node.end_link = len(outline.links)
        node.end_picture = len(outline.pictures)
        node.end_node = len(outline.nodes)
        self.node = node.parent

    def enter_link(self, element: etree._Element) -> None:
        """Open a link; one inside another ends it, as browsers do."""
        if self.link >= 0:
            self.leave_link()
        href = (element.get("href") or "").strip()
        if not href or len(href) > MAX_HREF:
            return
        title = element.get("title")
        links = self.outline.links
        self.link = len(links)
        self.link_parts = []
        links.append(
            Link(
                href,
                self.node if self.node >= 0 else 0,
                len(self.outline.blocks),
                element,
                title=squeeze(title) if title else "",
                rel=(element.get("rel") or "").lower(),
            )
        )

    def leave_link(self) -> None:
        """Close the open link."""
        if self.link < 0:
            return
        link = self.outline.links[self.link]
        parts = self.link_parts
        link.text = squeeze(parts[0] if len(parts) == 1 else "".join(parts)) if parts else ""
        link.end_block = len(self.outline.blocks) + (1 if self.parts else 0)
        self.link = -1


def _claims_of(element: etree._Element, tag: str) -> tuple[str, int]:
    """Return class and id of an element, and the roles that it claims for itself."""
    own = hints.ELEMENTS.get(tag, 0)
    name = key = ""
    for attribute, value in element.items():
        if attribute == "class":
            name = value
        elif attribute == "id":
            key = value
        elif attribute in hints.TELLING:
            own |= hints.of_attribute(attribute, value)
    if not (name or key):
        return "", own
    names = f"{name} {key}"
    named = hints.of_names(names)
    if tag in hints.WHOLE:
        named &= hints.BODY | hints.MAIN
    return names, own | named


def _weigh(block: Block, size: int) -> None:
    """Fill in how much of a block's text is link, and how much is strong."""
    linked = strong = 0
    for part in block.parts:
        if part.link >= 0 or part.strong:
            bytes_ = size_of(part.text.strip())
            if part.link >= 0:
                linked += bytes_
            if part.strong:
                strong += bytes_
    if linked:
        block.link_size = min(linked, size)
        block.link_share = block.link_size / size
    block.strong_size = min(strong, size)


def _wraps_blocks(element: etree._Element) -> bool:
    """Tell whether an inline element holds block elements: cards are often one big <a>."""
    return any(child.tag in BLOCK_TAGS for child in element) if len(element) else False


def outline_of(root: etree._Element) -> Outline:
    """Return the blocks, links, pictures and nodes below *root*, in time linear in its size."""
    walk = _Walk()
    # What each open element was taken for, so that its end undoes just that.
    kinds: list[int] = []
    deepest = 0
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        if event == "start":
            tag = element.tag
            kind = _KINDS.get(tag, _INLINE)
            text = element.text
            if kind == _NODE:
                if not text and not len(element):
                    # An empty box parts the text around it, and is nothing else.
                    walk.pause()
                    kind = _PLAIN
                else:
                    walk.enter(element, tag, len(kinds))
            elif kind != _SKIP:
                kind = _start(walk, element, kind, len(kinds))
            kinds.append(kind)
            if len(kinds) > deepest:
                deepest = len(kinds)
            if kind == _SKIP:
                steps.skip_subtree()
                continue
        else:
            kind = kinds.pop()
            if kind == _NODE:
                walk.leave()
            elif kind:
                _end(walk, kind)
            text = element.tail if kinds else None
        if text:
            walk.text(text)
    walk.outline.deepest = deepest
    return walk.outline


def _start(walk: _Walk, element: etree._Element, kind: int, depth: int) -> int:
    """Take in the start of an element that is no box; return what it was taken for."""
    if kind == _LINK:
        if _wraps_blocks(element):
            kind = _LINK_NODE
            walk.enter(element, "a", depth)
        walk.enter_link(element)
        if kind == _LINK_NODE and walk.link >= 0:
            walk.outline.links[walk.link].own_node = walk.node
    elif kind == _BREAK:
        if walk.parts:
            walk.flush()
        walk.after_br = True
        kind = _PLAIN
    elif kind == _PICTURE:
        pictures, blocks = walk.outline.pictures, walk.outline.blocks
        pictures.append(Picture(element, max(walk.node, 0), len(blocks), walk.link))
        if walk.link >= 0:
            walk.outline.links[walk.link].picture = True
        kind = _PLAIN
    elif kind == _AREA:
        walk.enter_link(element)
        walk.leave_link()
        kind = _PLAIN
    elif kind == _STRONG:
        walk.strong += 1
    elif not isinstance(element.tag, str):
        kind = _SKIP
    else:
        name, key = element.get("class"), element.get("id")
        if not (name or key):
            return _PLAIN
        walk.names.append(f"{name or ''} {key or ''}")
    return kind


def _end(walk: _Walk, kind: int) -> None:
    """Take in the end of an element that was taken for *kind*."""
    if kind == _INLINE:
        walk.names.pop()
    elif kind == _LINK:
        walk.leave_link()
    elif kind == _STRONG:
        walk.strong -= 1
    elif kind == _LINK_NODE:
        walk.leave()
        walk.leave_link()
