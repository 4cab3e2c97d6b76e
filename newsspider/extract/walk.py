"""The pass over the tree: from elements to an Outline, in time linear in their number."""

from lxml import etree

from newsspider.extract import hints
from newsspider.extract.blocks import Block, Link, Node, Outline, Part, Picture, size_of, squeeze

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
    # The stubs say bytes, too: the parser gives text alone.
    attributes: list[tuple[str, str]] = element.items()  # type: ignore[assignment]
    for attribute, value in attributes:
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
                if not text and not len(element) and kinds:
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
