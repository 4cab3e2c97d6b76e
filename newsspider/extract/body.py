"""Which blocks are the text of the article: one region of the tree, less what does not belong to
it.
"""

import re
from dataclasses import dataclass, field
from itertools import accumulate

from newsspider.extract import hints, words
from newsspider.extract.blocks import Block, Outline
from newsspider.extract.claims import prose
from newsspider.extract.title import has_key

HEADING_VALUE = 10.0
LABEL_COST = 12.0
LINK_COST = 40.0
NEARLY = 0.75
"""Share of the best region's value from which a smaller one inside it is taken instead."""

MAX_OPENING_BLOCKS = 30
"""How far below the headline the text may start for what lies between to be its standfirst."""
MIN_LEAD_BYTES = 50
MAX_CAPTION_BYTES = 700
MAX_CLOSING_BLOCKS = 60
MAX_SHORT_CAPTION_BYTES = 150
MAX_LABEL_LENGTH = 500
"""Characters; a longer line is text, whatever it lacks in punctuation."""

_CELLS = frozenset(("td", "th"))
_DROPPED = (
    hints.NAV
    | hints.FOOTER
    | hints.COMMENT
    | hints.RELATED
    | hints.SHARE
    | hints.AD
    | hints.PAGER
    | hints.TAGS
    | hints.PROMO
    | hints.BIO
    | hints.FORM
    | hints.ASIDE
    | hints.HIDDEN
)


@dataclass(slots=True)
class Body:
    """The chosen region and the blocks of it that are the article's text."""

    node: int
    blocks: list[Block] = field(default_factory=list)
    prose: float = 0.0
    """Bytes of running text in the blocks."""


def value(block: Block, role: int, listed: bool) -> float:
    """Return what a block adds to the region that holds it; negative: it tells against the
    region.
    """
    if listed or role & hints.BOILERPLATE:
        return -1.0
    if role & (hints.FORM | hints.ASIDE | hints.HEADER) and not role & hints.LEAD:
        return -2.0
    if role & hints.CAPTION and is_caption(block, role):
        return -2.0
    if role & hints.META and block.size < 200:
        return -2.0
    if block.heading:
        return HEADING_VALUE
    if block.link_share > 0.6:
        return -LINK_COST
    running = prose(block)
    if running:
        return running
    return 0.0 if block.item or block.cell else -LABEL_COST


def choose_region(outline: Outline, roles: list[int], listed: bytearray) -> int:
    """Return the node whose blocks are worth most together, the smallest of about equals."""
    sums = [
        0.0,
        *accumulate(value(b, roles[b.node], bool(listed[b.position])) for b in outline.blocks),
    ]
    best, most = 0, float("-inf")
    worth: list[float] = []
    for index, node in enumerate(outline.nodes):
        total = sums[node.end] - sums[node.first]
        if node.own & hints.BODY:
            total *= 1.3 if total > 0 else 1.0
        elif node.own & hints.MAIN or node.tag == "article":
            total *= 1.1 if total > 0 else 1.0
        worth.append(total)
        if total > most:
            best, most = index, total
    if most <= 0:
        # Nothing but claims against it: the running text decides alone.
        sums = [0.0, *accumulate(0.0 if listed[b.position] else prose(b) for b in outline.blocks)]
        worth = [sums[node.end] - sums[node.first] for node in outline.nodes]
        most = max(worth, default=0.0)
        best = worth.index(most) if worth else 0
    return _core(outline, worth, best)


def _core(outline: Outline, worth: list[float], region: int) -> int:
    """Return the box inside *region* that holds nearly all of its worth: what lies around it is
    another matter.
    """
    while True:
        nodes = outline.nodes
        inner, most = -1, 0.0
        child = region + 1
        while child < nodes[region].end_node:
            if worth[child] > most:
                inner, most = child, worth[child]
            child = nodes[child].end_node
        if inner < 0 or most < worth[region] * NEARLY:
            return region
        region = inner


def find_body(
    outline: Outline, roles: list[int], listed: bytearray, title_block: int, title_key: str
) -> Body:
    """Return the article's text as blocks; an empty Body where the page has none."""
    region = choose_region(outline, roles, listed)
    node = outline.nodes[region]
    first = node.first
    if first <= title_block < node.end:
        first = title_block + 1
    pictured = below_pictures(outline)
    kept = [
        block
        for block in outline.blocks[first : node.end]
        if _belongs(block, roles[block.node], bool(listed[block.position]), title_key)
        and not (block.position in pictured and reads_as_caption(outline, block))
    ]
    kept = _trimmed(kept)
    if kept:
        kept = _opening(outline, roles, listed, title_block, kept[0].position, pictured) + kept
    if not kept and title_block >= 0:
        kept = _below(outline, roles, listed, title_block, title_key, pictured)
        region = outline.nodes[kept[0].node].parent if kept else region
    return Body(max(region, 0), kept, sum(prose(block) for block in kept))


def _below(
    outline: Outline,
    roles: list[int],
    listed: bytearray,
    title_block: int,
    title_key: str,
    pictured: set[int],
) -> list[Block]:
    """Return the running text that comes first below the headline, whatever it stands in."""
    found: list[Block] = []
    for block in outline.blocks[title_block + 1 : title_block + 1 + MAX_OPENING_BLOCKS]:
        role = roles[block.node] & ~(hints.RELATED | hints.COMMENT | hints.HEADER)
        told = prose(block) > 0 and (words.SENTENCE.search(block.text) or role & hints.LEAD)
        own = told and _belongs(block, role, bool(listed[block.position]), title_key)
        if own and not (block.position in pictured and reads_as_caption(outline, block)):
            found.append(block)
        elif found:
            break
    return found


def body_in(
    outline: Outline, roles: list[int], listed: bytearray, inside: list[int], title_key: str
) -> Body:
    """Return the text of the nodes *inside*, which a profile chose: less lists, notices and the
    headline.
    """
    kept: list[Block] = []
    pictured = below_pictures(outline)
    for index in inside:
        node = outline.nodes[index]
        kept += [
            block
            for block in outline.blocks[node.first : node.end]
            if (not kept or block.position > kept[-1].position)
            and _belongs(block, roles[block.node], bool(listed[block.position]), title_key)
            and not (block.position in pictured and reads_as_caption(outline, block))
        ]
    while kept and words.EDITOR_LINE.match(kept[-1].text):
        kept.pop()
    return Body(inside[0] if inside else 0, kept, sum(prose(block) for block in kept))


def text_of(outline: Outline, blocks: list[Block]) -> str:
    """Return *blocks* as plain text, a paragraph a line; the cells of a table's row share one, tabs
    between.
    """
    lines: list[str] = []
    row_before = -1
    for block in blocks:
        row = _row_of(outline, block) if block.cell else -1
        if row >= 0 and row == row_before:
            lines[-1] += "\t" + block.text
        else:
            lines.append(block.text)
        row_before = row
    return "\n".join(lines)


def _row_of(outline: Outline, block: Block) -> int:
    """Return the table row whose cell *block* fills alone; -1 for text in a layout cell."""
    for at in outline.ancestors(block.node):
        node = outline.nodes[at]
        if node.tag in ("td", "th"):
            parent = node.parent
            alone = node.end - node.first == 1 and parent >= 0
            return parent if alone and outline.nodes[parent].tag == "tr" else -1
    return -1


def _belongs(block: Block, role: int, listed: bool, title_key: str) -> bool:
    """Tell whether a block inside the region is text of the article."""
    if listed or role & _DROPPED or (role & hints.CAPTION and is_caption(block, role)):
        return False
    if role & hints.META and not words.SENTENCE.search(block.text):
        return False
    if role & hints.HEADER and not role & hints.LEAD and not prose(block):
        return False
    if is_notice(block):
        return False
    if block.link_share > 0.9 and not block.heading and not block.cell and block.size > 12:
        return False
    return not (block.size < 600 and has_key(block.text, title_key))


def is_caption(block: Block, role: int) -> bool:
    """Tell whether a block in a figure is its caption: tables, lists and quotations stand in
    figures too.
    """
    in_place = block.tag in _CELLS or block.item or block.heading or block.tag == "pre"
    return not (in_place or role & hints.QUOTE)


def below_pictures(outline: Outline) -> set[int]:
    """Return the positions of the blocks that come next after a picture."""
    return {picture.block for picture in outline.pictures}


def reads_as_caption(outline: Outline, block: Block) -> bool:
    """Tell whether a line right below a picture is its caption, though nothing names it so."""
    if block.heading or block.item or block.tag in _CELLS or block.size > MAX_CAPTION_BYTES:
        return False
    if words.PHOTO_CREDIT.holds(block.text):
        return True
    named = [hints.of_names(part.names) for part in block.parts if part.text.strip()]
    if all(roles & hints.CAPTION for roles in named):
        return True
    if block.size > MAX_SHORT_CAPTION_BYTES or block.strong_size > block.size / 2:
        return False
    if block.text[-1:] in "。！？!?…":
        return False
    look = outline.nodes[block.node].attributes
    centred = look.get("align") == "center" or "center" in (look.get("style") or "")
    return centred or outline.nodes[block.node].tag == "center" or block.after_br


def is_notice(block: Block) -> bool:
    """Tell whether a line is the site's own: a label, an invitation, a pointer to another
    article.
    """
    if block.size <= 60 and words.NOTICE.match(block.text):
        return True
    if block.link_size and block.size <= 150 and words.PAGER.fullmatch(block.text):
        return True
    if block.link_size and block.size <= 400 and words.NOTICE_START.match(block.text):
        return True
    if block.size <= 400 and not block.heading and words.PHOTO_CREDIT.holds(block.text[-60:]):
        return block.size <= 250 and bool(_CREDIT_END.search(block.text))
    return block.size <= 500 and words.SERVICE.holds(block.text)


_CREDIT_END = re.compile(
    r"\((?:image|photo|picture|foto|bild)s?\s*:[^)]*\)\s*$|^\W*©|^(?:photo|image|foto|bild|quelle|"
    r"credit)s?\s*:",
    re.I,
)


def _opening(
    outline: Outline,
    roles: list[int],
    listed: bytearray,
    title_block: int,
    first: int,
    pictured: set[int],
) -> list[Block]:
    """Return the standfirst: running text between the headline and the region that the rest is
    in.
    """
    if title_block < 0 or not 0 < first - title_block <= MAX_OPENING_BLOCKS:
        return []
    return [
        block
        for block in outline.blocks[title_block + 1 : first]
        if not listed[block.position]
        and _leads(outline, block, roles[block.node])
        and not is_notice(block)
        and not (block.position in pictured and reads_as_caption(outline, block))
    ]


def _leads(outline: Outline, block: Block, role: int) -> bool:
    """Tell whether a block below the headline is part of a standfirst."""
    if _SUBTITLE_NAMES.search(outline.nodes[block.node].names):
        return False
    if (
        role & _DROPPED & ~(hints.ASIDE | hints.FORM)
        or block.link_share > 0.5
        or block.size < MIN_LEAD_BYTES
    ):
        return False
    if role & hints.CAPTION:
        return False
    if role & hints.META and not role & hints.LEAD:
        return False
    return bool(role & hints.LEAD) or (
        block.size >= 100 and bool(words.SENTENCE.search(block.text))
    )


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Return *blocks* less the labels before the first and behind the last running text.

    A short sentence, a bracketed byline and a table stay at the end; a line of editors goes.
    """
    first, last = 0, len(blocks)
    while first < last and not _is_text(blocks[first]):
        first += 1
    while last > first and not _is_text(blocks[last - 1]):
        last -= 1
    limit = min(last + MAX_CLOSING_BLOCKS, len(blocks))
    # A page of several may begin with the heading that the one before had no room for.
    if 0 < first < last and _opens_section(blocks[first - 1]):
        first -= 1
    while first < last < limit and _closes(blocks[last]):
        last += 1
    # A page of several may end with the heading of what the next one holds.
    if first < last < limit and _opens_section(blocks[last]):
        last += 1
    while last > first and words.EDITOR_LINE.match(blocks[last - 1].text):
        last -= 1
    return blocks[first:last]


def stays(block: Block) -> bool:
    """Tell whether a short line is text by its form: a numbered sub-heading, a byline in
    brackets.
    """
    return _opens_section(block) or bool(_BRACKETED.fullmatch(block.text))


def _opens_section(block: Block) -> bool:
    """Tell whether a line is a numbered sub-heading, such as 三、交通和旅游."""
    return bool(_NUMBERED.match(block.text)) and not block.link_size


_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[.、．])\s*\S"
)


def _closes(block: Block) -> bool:
    """Tell whether a short line behind the running text is the end of it rather than a label."""
    if block.tag in _CELLS:
        return True
    if block.heading or block.link_share > 0.5 or words.EDITOR_LINE.match(block.text):
        return False
    return block.text[-1] in "。！？!?." or bool(_BRACKETED.fullmatch(block.text))


# 副题 is a field of its own; what others call subtitle is their standfirst.
_SUBTITLE_NAMES = re.compile(r"futi|fubiaoti|(?<!entry-)(?<!article-)sub-?title(?![a-z])", re.I)
_BRACKETED = re.compile(r"[（(【\[][^（()）]{2,60}[）)】\]]")


def _is_text(block: Block) -> bool:
    return prose(block) > 0 and (
        bool(words.SENTENCE.search(block.text)) or _is_long_line(block.text)
    )


def _is_long_line(text: str) -> bool:
    """Tell whether a line without punctuation is so long that it is no label; one word is none."""
    return len(text) > MAX_LABEL_LENGTH and (" " in text or not text.isascii())
