"""An outline in the making: nodes, blocks and links are opened and closed in the order of the
page.
"""

from collections.abc import Mapping

from newsspider.extract import hints
from newsspider.extract.blocks import Block, Link, Node, Outline, Part, size_of, squeeze
from newsspider.extract.tags import PLACES

MAX_HREF = 4096
MAX_NAMES = 2048
"""Characters of class and id; what is said of them is kept at hand."""
MAX_BLOCKS = 60_000
"""Blocks of a page that are read; each costs up to two kilobytes and 40 microseconds. Half as many
rows of a table with names and numbers are within it."""
MAX_TEXT = 500_000
"""Characters of a page that are read: as many as a novel has, four times those of the Civil Code of
China. The full-text index of an archive takes up to 250 bytes for each while it is written."""
_OF_THE_WHOLE = hints.BODY | hints.MAIN
# Names of another module are looked up twice, for each of a page's thousand elements.
_ELEMENTS, _WHOLE, _of_names = hints.ELEMENTS, hints.WHOLE, hints.of_names


class Draft:
    """Open nodes, the text since the last break, the open link."""

    __slots__ = (
        "after_br",
        "blocks",
        "link",
        "link_parts",
        "links",
        "node",
        "nodes",
        "order",
        "outline",
        "parts",
        "pictures",
        "room",
    )

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the page."""
        self.outline = outline = Outline()
        self.nodes, self.blocks = outline.nodes, outline.blocks
        self.links, self.pictures = outline.links, outline.pictures
        self.order = -1
        """Place of the current element among all; -1 where nobody counts."""
        self.node = -1
        self.parts: list[Part] = []
        self.link = -1
        self.link_parts: list[str] = []
        self.after_br = False
        self.room = MAX_TEXT

    def flush(self) -> None:
        """End the block that is being read, if it has any text."""
        parts, self.parts = self.parts, []
        text = squeeze(parts[0].text if len(parts) == 1 else "".join([p.text for p in parts]))
        if not text:
            return
        blocks = self.blocks
        if len(blocks) >= MAX_BLOCKS or len(text) > self.room:
            self.outline.is_cut = True
            return
        self.room -= len(text)
        at = self.node if self.node >= 0 else 0
        node = self.nodes[at]
        size = len(text) if text.isascii() else size_of(text)
        block = Block(
            len(blocks),
            text,
            node.tag,
            at,
            parts,
            node.roles,
            size,
            node.heading,
            node.item,
            node.cell,
            self.after_br,
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
        blocks.append(block)

    def enter(self, tag: str, attributes: Mapping[str, str], telling: bool) -> None:
        """Open a node; *telling* when an attribute other than its names may speak of its role."""
        if self.parts:
            self.flush()
        self.after_br = False
        nodes = self.nodes
        own = _ELEMENTS.get(tag, 0)
        names = ""
        if attributes:
            if telling:
                own |= hints.of_attributes(attributes)
            if names := names_of(attributes):
                named = _of_names(names)
                own |= named & _OF_THE_WHOLE if tag in _WHOLE else named
        up = self.node
        if up >= 0:
            around = nodes[up]
            roles = own | around.roles
            heading, item, cell = around.heading, around.item, around.cell
        else:
            roles, heading, item, cell = own, 0, False, False
        if tag in PLACES:
            level, is_item, is_cell = PLACES[tag]
            heading, item, cell = level or heading, item or is_item, cell or is_cell
        self.node = len(nodes)
        nodes.append(
            Node(
                self.order,
                tag,
                attributes,
                up,
                names,
                own,
                len(self.blocks),
                len(self.links),
                len(self.pictures),
                roles,
                heading,
                item,
                cell,
            )
        )

    def leave(self) -> None:
        """Close the innermost node."""
        if self.parts:
            self.flush()
        self.after_br = False
        nodes = self.nodes
        at = self.node
        node = nodes[at]
        self.node = node.parent
        node.end = end = len(self.blocks)
        node.end_link = end_link = len(self.links)
        node.end_picture = end_picture = len(self.pictures)
        node.end_node = end_node = len(nodes)
        if (
            end_node == at + 1
            and node.first == end
            and node.first_link == end_link
            and node.first_picture == end_picture
            and at
        ):
            marks = self.outline.marks
            if not (marks and marks[-1].node == at):
                # An empty box parts the text around it, and is nothing else.
                nodes.pop()

    def enter_link(self, attributes: Mapping[str, str]) -> None:
        """Open a link; one inside another ends it, as browsers do."""
        if self.link >= 0:
            self.leave_link()
        href = (attributes.get("href") or "").strip()
        if not href or len(href) > MAX_HREF:
            return
        title = attributes.get("title")
        links = self.links
        self.link = len(links)
        self.link_parts = []
        links.append(
            Link(
                href,
                self.node if self.node >= 0 else 0,
                len(self.blocks),
                title=squeeze(title) if title else "",
                rel=(attributes.get("rel") or "").lower(),
            )
        )

    def leave_link(self) -> None:
        """Close the open link."""
        if self.link < 0:
            return
        link = self.links[self.link]
        parts = self.link_parts
        link.text = squeeze(parts[0] if len(parts) == 1 else "".join(parts)) if parts else ""
        link.end_block = len(self.blocks) + (1 if self.parts else 0)
        self.link = -1


def names_of(attributes: Mapping[str, str]) -> str:
    """Return class and id, a space between them; "" without either, and where nobody wrote them."""
    name, key = attributes.get("class"), attributes.get("id")
    if key:
        name = f"{name} {key}" if name else key
    elif not name:
        return ""
    return name if len(name) < MAX_NAMES else ""


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
