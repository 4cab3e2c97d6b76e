"""The pass over a page: from the events of the parser to an Outline, in time linear in their
number.

No tree is built: its elements would cost as much as all that is read from them.
"""

from collections.abc import Mapping

from lxml import etree

from newsspider.extract import hints
from newsspider.extract.blocks import Mark, Outline, Part, Picture, Stated
from newsspider.extract.draft import Draft, names_of
from newsspider.extract.tags import (
    AREA,
    BREAK,
    EMPHASIS,
    INLINE,
    KINDS,
    LINK,
    LINK_NODE,
    NODE,
    PICTURE,
    PLAIN,
    ROOT,
    SAYS,
    SKIP,
    STATED,
)

DEEP = 2_000
"""Open elements from which an end without a start would take the parser too long to place."""
MAX_MARKS = 64
MAX_STATED = 10_000
"""Elements that speak to machines; of 2,091 pages of the web the fullest has some hundreds."""
_TELLING = hints.TELLING | {"datetime", "property"}
_new_part = tuple.__new__
_TIMES = frozenset(("time", "relative-time"))
_DATES = frozenset(("datePublished", "dateCreated", "dateModified"))


class TooDeep(Exception):
    """More elements are open than the parser can bear."""


class Walk(Draft):
    """A target of the parser: the draft of the outline, and what the open elements were taken
    for.
    """

    __slots__ = ("anchors", "buffer", "data", "kinds", "marking", "names", "skipping", "strong")

    def __init__(self) -> None:
        self.buffer: list[str] = []
        """Text since the last tag, in the pieces that the parser gives."""
        self.data = self.buffer.append
        super().__init__()

    def reset(self) -> None:
        """Forget the page."""
        super().reset()
        self.buffer.clear()
        self.kinds: list[int] = []
        """What each open element was taken for, so that its end undoes just that."""
        self.skipping = 0
        """Open elements from the outermost one whose text is none."""
        self.anchors: list[_Anchor] = []
        self.marking: list[tuple[int, Mark]] = []
        self.strong = 0
        self.names = [""]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in the start of an element."""
        if self.skipping:
            self._start_skipped(tag, attributes)
            return
        if buffer := self.buffer:
            # Most of what stands between tags is white space.
            if self.parts or len(buffer) > 1 or not buffer[0].isspace():
                self._take()
            else:
                buffer.clear()
        kind = KINDS.get(tag, INLINE)
        kinds = self.kinds
        # Few elements have such an attribute, and to ask for each takes longer.
        telling = bool(attributes) and not _TELLING.isdisjoint(attributes)
        if kind == NODE:
            if self.anchors:
                self._wrap()
            self.enter(tag, attributes, telling)
        elif kind == INLINE:
            if attributes and (names := names_of(attributes)):
                self.names.append(names)
            else:
                kind = PLAIN
        elif kind == LINK:
            self.anchors.append(_Anchor(self, attributes))
            self.enter_link(attributes)
        else:
            kind = self._start_other(tag, attributes, kind)
        if telling:
            self._mark(tag, attributes)
        kinds.append(kind)
        if len(kinds) > DEEP:
            raise TooDeep

    def _start_skipped(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in the start of an element inside one whose text is none."""
        self.buffer.clear()
        self.skipping += 1
        if self.skipping > DEEP:
            raise TooDeep
        if KINDS.get(tag, INLINE) >= STATED:
            self._state(tag, attributes)
        if attributes and not _TELLING.isdisjoint(attributes):
            self._mark(tag, attributes)

    def _start_other(self, tag: str, attributes: Mapping[str, str], kind: int) -> int:
        """Take in the start of one of the rarer elements; return what it was taken for."""
        if kind == BREAK:
            if self.parts:
                self.flush()
            self.after_br = True
        elif kind == EMPHASIS:
            self.strong += 1
            return kind
        elif kind == PICTURE:
            pictures, blocks = self.outline.pictures, self.outline.blocks
            pictures.append(
                Picture(self.order, attributes, max(self.node, 0), len(blocks), self.link)
            )
            if self.link >= 0:
                self.outline.links[self.link].picture = True
        elif kind == AREA:
            self.enter_link(attributes)
            self.leave_link()
        elif kind == ROOT:
            # What stands behind a stray </html> is given a root of its own.
            if not self.outline.nodes:
                self.enter(tag, attributes, telling=True)
        elif kind == STATED:
            self._state(tag, attributes)
        else:
            if kind == SAYS:
                self._state(tag, attributes)
            self.skipping = 1
            return SKIP
        return PLAIN

    def end(self, tag: str) -> None:
        """Take in the end of an element."""
        if self.skipping:
            if self.buffer:
                if tag == "script" or tag == "title":
                    self.outline.stated[-1].text = "".join(self.buffer)
                self.buffer.clear()
            self.skipping -= 1
            if self.skipping:
                return
        elif self.buffer:
            self._take()
        kind = self.kinds.pop()
        if kind == PLAIN:
            pass
        elif kind == NODE:
            self.leave()
        elif kind == INLINE:
            self.names.pop()
        elif kind == LINK:
            self.anchors.pop()
            self.leave_link()
        elif kind == EMPHASIS:
            self.strong -= 1
        elif kind == LINK_NODE:
            self.anchors.pop()
            self.leave()
            self.leave_link()
        if self.marking and self.marking[-1][0] >= len(self.kinds):
            self.marking.pop()

    def close(self) -> Outline:
        """Return the outline; an empty page has a root with nothing in it."""
        if not self.outline.nodes:
            self.start("html", {})
        if self.buffer:
            self._take()
        while self.node >= 0:
            self.leave()
        return self.outline

    def _take(self) -> None:
        """Add the text before a tag to the block that is being read; white space never begins
        one.
        """
        buffer = self.buffer
        text = buffer[0] if len(buffer) == 1 else "".join(buffer)
        buffer.clear()
        if not self.parts and text.isspace():
            return
        if self.marking:
            for _, mark in self.marking:
                mark.parts.append(text)
        link = self.link
        self.parts.append(_new_part(Part, (text, link, self.strong > 0, self.names[-1])))
        if link >= 0:
            self.link_parts.append(text)

    def _state(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep an element that speaks to machines; its text, if any, comes with its end."""
        stated = self.outline.stated
        if len(stated) >= MAX_STATED:
            self.outline.is_cut = True
            stated.pop()
        stated.append(Stated(tag, attributes))

    def _mark(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep an element that carries a time for machines."""
        told = attributes.get("property", "")
        if not (
            (tag in _TIMES and "datetime" in attributes)
            or attributes.get("itemprop") in _DATES
            or told == "datePublished"
            or told.startswith("dc:date")
        ):
            return
        if len(self.outline.marks) < MAX_MARKS:
            mark = Mark(attributes, max(self.node, 0))
            self.outline.marks.append(mark)
            if not self.skipping:
                self.marking.append((len(self.kinds), mark))

    def _wrap(self) -> None:
        """Make a node of the open <a>, which turns out to hold a block; one right inside makes it a
        card.
        """
        anchor = self.anchors[-1]
        if self.kinds[anchor.depth] == LINK:
            self._enter_anchor(anchor)
        if anchor.depth == len(self.kinds) - 1 and self.link >= 0:
            self.outline.links[self.link].own_node = anchor.node

    def _enter_anchor(self, anchor: "_Anchor") -> None:
        """Open the node of an <a>, as of where that began."""
        outline = self.outline
        inside = self.parts[anchor.parts :]
        del self.parts[anchor.parts :]
        order, self.order = self.order, anchor.order
        self.enter("a", anchor.attributes, telling=True)
        self.order = order
        self.parts = inside
        self.kinds[anchor.depth] = LINK_NODE
        anchor.node = self.node
        blocks = len(outline.blocks)
        node = outline.nodes[self.node]
        node.first_link = anchor.links
        node.first_picture = anchor.pictures
        for picture in outline.pictures[anchor.pictures :]:
            picture.node, picture.block = self.node, blocks
        for link in outline.links[anchor.links :]:
            link.node, link.block = self.node, blocks


class _Anchor:
    """Where an open <a> began."""

    __slots__ = ("attributes", "depth", "links", "node", "order", "parts", "pictures")

    def __init__(self, walk: Walk, attributes: Mapping[str, str]) -> None:
        outline = walk.outline
        self.attributes = attributes
        self.order = walk.order
        self.parts = len(walk.parts)
        self.depth = len(walk.kinds)
        self.node = -1
        self.links = len(outline.links)
        self.pictures = len(outline.pictures)


def replay(root: etree._Element, walk: Walk) -> Outline:
    """Return what *walk* makes of a tree: the parser's events, once more."""
    start, data, end = walk.start, walk.data, walk.end
    walk.order = -1
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            walk.order += 1
            # The stubs say bytes, too: the parser gives text alone.
            attributes: dict[str, str] = dict(element.attrib)
            start(element.tag, attributes)
            text = element.text
        else:
            end(element.tag)
            text = element.tail if element is not root else None
        if text:
            data(text)
    return walk.close()
