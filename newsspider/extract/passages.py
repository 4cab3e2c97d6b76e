"""What is known of one block beside the body that the rules chose: numbers for a second opinion.

benchmarks/train_body.py learns from them which blocks are text of the article; trees.py is what it
learnt, and judged() asks it.
"""

import math
from collections.abc import Iterator
from itertools import accumulate

from newsspider.extract import hints, trees, words
from newsspider.extract.blocks import Block
from newsspider.extract.body import (
    Body,
    below_pictures,
    is_caption,
    is_notice,
    reads_as_caption,
    stays,
)
from newsspider.extract.claims import prose
from newsspider.extract.scene import Scene
from newsspider.extract.title import has_key, key_of

NAMES = tuple(
    (
        "kept inside core same_shape region_size region_share down up box_prose box_links "
        "box_blocks branch_links branch_blocks branch_prose branch_anchors kept_before "
        "prose_before from_title from_first from_last size words link strong heading item "
        "cell after_break tag ends in_description repeated since_heading listed list_heading "
        "service photo_credit caption captioned form footer promotion meta body aside dropped "
        "next_core next_kept next_size next_link before_kept before_size before_link"
    ).split()
)
"""What the numbers of features() are, in their order."""

PLAIN_BYTES = 100
ALIKE = 0.8
"""Share of the body's prose that has the look of a paragraph which no neighbour vouches for."""
MIN_BYTES = 20
"""A shorter line above the text is a label."""
NEAR = 20
"""Blocks around the start of the text in which its description is looked for."""
FAR = 60
"""Distances in blocks are counted up to here."""
ADD, DROP = 0.4, -0.4
"""Scores (log odds) above which a block is added to what the rules chose, up to which one of theirs
is dropped.
"""
CERTAIN = 2.0
"""A score of the first trees beyond this stands."""
_TAGS = {
    tag: number
    for number, tag in enumerate(
        "p div section article blockquote pre li dd dt td th figcaption".split(), start=1
    )
}
_CAPTIONS = hints.CAPTION | hints.GALLERY
_PROMOTION = hints.PROMO | hints.AD | hints.SHARE
_UNLIKELY = hints.BOILERPLATE | hints.FORM
_DROPPED = hints.NAV | hints.COMMENT | hints.RELATED | hints.PAGER | hints.TAGS | hints.HIDDEN
_DOUBTFUL = ~(hints.BODY | hints.MAIN | hints.LEAD | hints.QUOTE | hints.HEADER)


class _Page:
    """Sums over the page and its body, for the numbers of each block."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.outline = scene.outline
        blocks = self.outline.blocks
        nodes = self.outline.nodes
        self.kept = bytearray(len(blocks) + 1)
        for block in scene.body.blocks:
            self.kept[block.position] = 1
        self.region = nodes[scene.body.node]
        listed = scene.listed
        self.prose = [0.0, *accumulate(0.0 if listed[b.position] else prose(b) for b in blocks)]
        self.sizes = [0, *accumulate(b.size for b in blocks)]
        self.linked = [0, *accumulate(b.link_size for b in blocks)]
        inside = [prose(b) if self.kept[b.position] else 0.0 for b in blocks]
        self.inside = [0.0, *accumulate(inside)]
        self.total = self.prose[-1] or 1.0
        self.total_inside = self.inside[-1] or 1.0
        self.by_box: dict[int, float] = {}
        self.by_shape: dict[tuple[str, str, str], float] = {}
        for block in scene.body.blocks:
            box, weight = self.box_of(block), inside[block.position]
            shape = self.shape_of(block)
            self.by_box[box] = self.by_box.get(box, 0.0) + weight
            self.by_shape[shape] = self.by_shape.get(shape, 0.0) + weight
        core = max(self.by_box, key=self.by_box.__getitem__, default=scene.body.node)
        self.levels = {at: level for level, at in enumerate(self.outline.ancestors(core))}
        self.first, last = scene.body_span
        self.last = last - 1
        self.pictured = below_pictures(self.outline)
        description = scene.head.meta("og:description", "description", "twitter:description")
        self.description = key_of(description or "")
        self.boxes: dict[int, tuple[float, float, float]] = {}
        self.branches: dict[int, tuple[float, ...]] = {}
        region_prose = self.prose[self.region.end] - self.prose[self.region.first]
        self.region_size = math.log2(1 + region_prose)
        self.region_share = region_prose / self.total

    def box_of(self, block: Block) -> int:
        """Return the node whose paragraphs the block is one of."""
        node = self.outline.nodes[block.node]
        whole = node.tag in ("div", "section", "article", "td") and node.end - node.first > 1
        return block.node if whole else node.parent

    def shape_of(self, block: Block) -> tuple[str, str, str]:
        """Return what blocks of one look share: element, its names, the names around it."""
        node = self.outline.nodes[block.node]
        around = self.outline.nodes[node.parent].names if node.parent >= 0 else ""
        return node.tag, node.names, around

    def box(self, at: int) -> tuple[float, float, float]:
        """Return share of the page's prose, share of links, and number of blocks of a node."""
        if at not in self.boxes:
            node = self.outline.nodes[at]
            size = self.sizes[node.end] - self.sizes[node.first]
            self.boxes[at] = (
                (self.prose[node.end] - self.prose[node.first]) / self.total,
                (self.linked[node.end] - self.linked[node.first]) / (size or 1),
                math.log2(1 + node.end - node.first),
            )
        return self.boxes[at]

    def branch(self, at: int) -> tuple[float, ...]:
        """Return how a node lies to the core: levels down from the node around both, levels up to
        it, then prose, links, blocks and anchors of the widest box around it without the core.
        """
        if at in self.branches:
            return self.branches[at]
        nodes = self.outline.nodes
        top, above, down = at, at, 0
        while above >= 0 and above not in self.levels:
            top, above = above, nodes[above].parent
            down += 1
        node = nodes[top]
        anchors = math.log2(1 + node.end_link - node.first_link)
        found = (min(down, 12), min(self.levels.get(above, 15), 15), *self.box(top), anchors)
        self.branches[at] = found
        return found


def features(scene: Scene, wanted: list[Block]) -> Iterator[list[float] | None]:
    """Yield the numbers of each of the *wanted* blocks, NAMES telling which; None for a paragraph
    that is text without a doubt. The body has blocks.
    """
    page = _Page(scene)
    blocks, roles = page.outline.blocks, scene.roles
    seen: set[str] = set()
    heading = -FAR
    said = 0
    for block in wanted:
        at = block.position
        repeated = block.size > 30 and block.text in seen
        seen.add(block.text)
        if block.heading:
            heading, said = at, block.size < 120 and words.LIST_HEADING.holds(block.text)
        if not repeated and not said and _is_plain(page, block, roles[block.node]):
            yield None
            continue
        behind = blocks[at + 1] if at + 1 < len(blocks) else None
        above = blocks[at - 1] if at else None
        yield [
            *_place(page, block),
            *_look(block),
            _described(page, block),
            repeated,
            min(at - heading, 20),
            scene.listed[at],
            said and at != heading,
            words.SERVICE.holds(block.text),
            block.size < 500 and words.PHOTO_CREDIT.holds(block.text),
            *_claimed(page, block, roles[block.node]),
            page.by_box.get(page.box_of(behind), 0.0) / page.total_inside if behind else -1.0,
            page.kept[at + 1],
            behind.size if behind else -1.0,
            behind.link_share if behind else -1.0,
            page.kept[at - 1] if at else 0,
            above.size if above else -1.0,
            above.link_share if above else -1.0,
        ]


def _is_plain(page: _Page, block: Block, role: int) -> bool:
    """Tell whether a paragraph among others of the body has nothing that speaks against it."""
    at = block.position
    return (
        page.kept[at] == 1
        and (page.kept[at + 1] == 1 or _looks_like_the_rest(page, block))
        and block.size >= PLAIN_BYTES
        and block.link_share < 0.3
        and not (role | block.roles) & _DOUBTFUL
        and page.by_box.get(page.box_of(block), 0.0) > 0.3 * page.total_inside
        and at not in page.pictured
        and not words.SERVICE.holds(block.text)
    )


def _looks_like_the_rest(page: _Page, block: Block) -> bool:
    """Tell whether most of the body has the look of this paragraph."""
    return page.by_shape.get(page.shape_of(block), 0.0) > ALIKE * page.total_inside


def _place(page: _Page, block: Block) -> tuple[float, ...]:
    """Return where a block stands: kept ... from_last of NAMES."""
    at = block.position
    title = page.scene.title_block
    box = page.box_of(block)
    down, up, prose_share, link_share, count, anchors = page.branch(block.node)
    return (
        page.kept[at],
        page.region.first <= at < page.region.end,
        page.by_box.get(box, 0.0) / page.total_inside,
        page.by_shape.get(page.shape_of(block), 0.0) / page.total_inside,
        page.region_size,
        page.region_share,
        down,
        up,
        *page.box(box),
        link_share,
        count,
        prose_share,
        anchors,
        page.inside[at] / page.total_inside,
        page.prose[at] / page.total,
        max(-FAR, min(FAR, at - title)) if title >= 0 else -FAR - 1,
        max(-FAR, min(FAR, at - page.first)),
        max(-FAR, min(FAR, at - page.last)),
    )


def _look(block: Block) -> tuple[float, ...]:
    """Return what a block is made of: size ... ends of NAMES."""
    end = block.text[-1]
    return (
        block.size,
        block.text.count(" "),
        block.link_share,
        block.strong_size / (block.size or 1),
        block.heading,
        block.item,
        block.cell,
        block.after_br,
        _TAGS.get(block.tag, 0),
        1 if end in '.!?。！？!?…"”」' else 2 if end in ":：" else 0,
    )


def _described(page: _Page, block: Block) -> float:
    """Return 2 for the description that the head gives, 1 for a part of it or more than it."""
    near = abs(block.position - page.first) < NEAR
    if not near or not 40 < block.size < 700 or not page.description:
        return 0
    key = key_of(block.text)
    if key == page.description:
        return 2
    return int(key in page.description or page.description[:80] in key)


def _claimed(page: _Page, block: Block, role: int) -> tuple[float, ...]:
    """Return what the names around a block claim: caption ... dropped of NAMES."""
    captioned = block.position in page.pictured and reads_as_caption(page.outline, block)
    return (
        bool(block.roles & _CAPTIONS),
        captioned,
        bool(role & hints.FORM),
        bool(role & hints.FOOTER),
        bool(role & _PROMOTION),
        bool(role & hints.META),
        bool(role & hints.BODY),
        bool(role & hints.ASIDE),
        bool(role & _DROPPED),
    )


def candidates(scene: Scene, title_key: str) -> list[Block]:
    """Return the blocks that may be text of the article at all: what the rules chose, what stands
    beside it, and running text anywhere. Never what is named otherwise: related lists, lists behind
    the text, advertisements, captions, notices, the headline.
    """
    if not scene.body.blocks:
        return []
    kept = {block.position for block in scene.body.blocks}
    related = _related(scene)
    pictured = below_pictures(scene.outline)
    return [
        block
        for block in _standing_near(scene)
        if block.position in kept
        or (
            not related[block.position]
            and not is_notice(block)
            and not (block.position in pictured and reads_as_caption(scene.outline, block))
            and not (block.size < 600 and has_key(block.text, title_key))
        )
    ]


def _standing_near(scene: Scene) -> Iterator[Block]:
    """Yield the blocks that may be text by their place and their role."""
    node = scene.outline.nodes[scene.body.node]
    first, behind = scene.body_span
    title, listed, roles = scene.title_block, scene.listed, scene.roles
    kept = {block.position for block in scene.body.blocks}
    for block in scene.outline.blocks:
        at = block.position
        role = roles[block.node]
        if at in kept:
            yield block
            continue
        apart = role & hints.ASIDE and not node.first <= at < node.end
        if role & hints.AD or apart or (role & hints.FOOTER and words.IMPRINT.holds(block.text)):
            continue
        if (listed[at] or not prose(block)) and not (
            node.first <= at < node.end and not role & _UNLIKELY
        ):
            continue
        label = at < first and block.size < MIN_BYTES
        caption = role & hints.CAPTION and is_caption(block, role)
        if not (label or caption or at == title or (listed[at] and at >= behind)):
            yield block


def _related(scene: Scene) -> bytearray:
    """Return 1 for each block of a list whose heading says that it leads to other articles."""
    out = bytearray(len(scene.outline.blocks) + 1)
    for one in scene.lists:
        if one.heading and words.LIST_HEADING.holds(one.heading):
            for item in one.items:
                out[item.first : item.end] = b"\x01" * max(0, item.end - item.first)
    return out


def score(numbers: list[float]) -> float:
    """Return the log odds that a block of these *numbers* is text of the article; the first trees
    tell alone where they leave no doubt.
    """
    total = trees.first(numbers)
    return trees.others(numbers, total) if -CERTAIN < total < CERTAIN else total


def judged(scene: Scene, title_key: str) -> Body:
    """Return the body that the rules chose, less the blocks that are hardly text of the article,
    with those that surely are.
    """
    wanted = candidates(scene, title_key)
    ruled = {block.position for block in scene.body.blocks}
    blocks = [
        block
        for block, numbers in zip(wanted, features(scene, wanted), strict=True)
        if numbers is None
        or (block.position in ruled and stays(block))
        or score(numbers) > (DROP if block.position in ruled else ADD)
    ]
    while blocks and words.EDITOR_LINE.match(blocks[-1].text):
        blocks.pop()
    if not blocks:
        return scene.body
    return Body(scene.body.node, blocks, sum(prose(block) for block in blocks))
