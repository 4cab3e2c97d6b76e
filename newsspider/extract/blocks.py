"""One page as a list of blocks, with its boxes, links and pictures: what all else works on."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

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
