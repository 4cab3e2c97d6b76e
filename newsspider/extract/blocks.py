"""One page as a list of blocks, with its boxes, links and pictures: what all else works on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_INVISIBLE = "\u200b\u200c\u2060\ufeff\u00ad"


def squeeze(text: str) -> str:
    """Return *text* with white space of every kind collapsed and invisible characters gone."""
    text = text.strip()
    # All white space but the space, and all that is invisible, does not print.
    if "  " not in text and text.isprintable():
        return text
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

    order: int
    """How many elements begin before it in the page."""
    tag: str
    attributes: Mapping[str, str]
    parent: int
    """Index of the node around it; -1 for the root."""
    names: str
    """Class and id as written, a space between them."""
    own: int
    """Roles (hints) that it claims for itself."""
    first: int
    """Index of its first block."""
    first_link: int
    first_picture: int
    roles: int
    """Own and inherited roles."""
    heading: int
    """1 to 6 in h1 to h6, else 0."""
    item: bool
    """Inside li, dd or dt."""
    cell: bool
    """Inside td or th."""
    end: int = 0
    """Index behind its last block."""
    end_link: int = 0
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

    order: int
    """How many elements begin before it in the page."""
    attributes: Mapping[str, str]
    node: int
    block: int
    """Index of the block that it stands before or in."""
    link: int = -1


class Part(NamedTuple):
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
    roles: int
    """Own and inherited roles (hints)."""
    size: int
    """UTF-8 bytes: a Han character counts three, so sizes compare across scripts."""
    heading: int = 0
    """1 to 6 in h1 to h6, else 0."""
    item: bool = False
    """Inside li, dd or dt."""
    cell: bool = False
    """Inside td or th."""
    after_br: bool = False
    """A <br> stands before it in the same element."""
    link_size: int = 0
    strong_size: int = 0
    link_share: float = 0.0
    """Share of its text that is link, 0 to 1."""
    running: float = -1.0
    """What claims.prose says of it; below 0 until it is asked."""


@dataclass(slots=True)
class Stated:
    """An element that speaks to machines: meta, link, base, title, script."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class Mark:
    """An element with a time for machines in an attribute."""

    attributes: Mapping[str, str]
    node: int
    """Index of the node that it is, or stands in."""
    parts: list[str] = field(default_factory=list)
    """Its text."""


@dataclass(slots=True)
class Outline:
    """What the pass over one page found; every list is in document order."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    is_cut: bool = False
    """The page has more than is read of any."""

    def ancestors(self, node: int) -> Iterator[int]:
        """Yield *node* and the nodes around it, innermost first."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def text_of(self, node: int) -> str:
        """Return the text of *node*, blocks joined by a space."""
        inside = self.nodes[node]
        return " ".join(block.text for block in self.blocks[inside.first : inside.end])
