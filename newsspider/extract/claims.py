"""Which claimed roles hold: a box named 'comments' that carries most of a page's text is the
page.
"""

from itertools import accumulate

from newsspider.extract import hints, words
from newsspider.extract.blocks import Block, Outline

DOMINANT = 0.5
"""Share of a page's prose from which a box cannot be mere boilerplate."""
DOMINANT_COMMENTS = 0.85
"""Reader comments do outweigh short articles."""
NEAR, FAR = 8, 60
"""Blocks below the headline in which a text begins, and behind which it has mostly ended."""
WIDE = 0.75
"""Share of a page's blocks that a box holds which is the page rather than an article."""
CLOSE, APART, DISTANT = 3.0, 0.2, 0.6
"""Weight of the prose right below the headline that nothing claims for anything else; outside its
box, or above it; far below it.
"""
MIN_PROSE_BYTES = 45
MAX_PROSE_BYTES = 3000

_AGAINST = ~(hints.BODY | hints.MAIN | hints.LEAD | hints.QUOTE)
"""Roles of what is no text of an article."""
_REFUTABLE = ~(hints.BODY | hints.MAIN | hints.COMMENT)


def prose(block: Block) -> float:
    """Return how much running text a block holds: bytes outside links, none for labels and
    headings.
    """
    if block.running < 0:
        block.running = _running(block)
    return block.running


def _running(block: Block) -> float:
    plain = block.size - block.link_size
    if block.size < MIN_PROSE_BYTES or block.link_share > 0.6 or block.heading:
        return 0.0
    if not words.SENTENCE.search(block.text):
        return min(plain, MAX_PROSE_BYTES) * 0.2
    return float(min(plain, MAX_PROSE_BYTES))


def effective(outline: Outline, listed: bytearray, title_block: int = -1) -> list[int]:
    """Return the roles of each node, inherited and with refuted claims left out.

    *listed* marks the blocks of lists of links: they are no prose. A claim is refuted when most of
    the page's prose lies inside it, or inside all the boxes of the same name: a class that every
    paragraph of an article carries is style. Prose counts for more, the nearer it is to the
    headline, which is *title_block* (-1 where it is not known): an article of one paragraph has
    fewer words than the notices around it.
    """
    weights = _weights(outline, listed, title_block)
    sums = [0.0, *accumulate(weights)]
    total = sums[-1] or 1.0
    nodes = outline.nodes
    claiming = [index for index, node in enumerate(nodes) if node.own]
    shares = _shares_by_name(outline, claiming, sums, total)
    left: dict[int, int] = {}
    for index in claiming:
        node = nodes[index]
        own = node.own
        if own & ~(hints.BODY | hints.MAIN):
            share = max((sums[node.end] - sums[node.first]) / total, shares.get(node.names, 0.0))
            if share > DOMINANT:
                own &= ~_REFUTABLE
            if share > DOMINANT_COMMENTS:
                own &= ~hints.COMMENT
            if own != node.own:
                left[index] = own
    roles = [node.roles for node in nodes]
    if left:
        for index, node in enumerate(nodes):
            own = left.get(index, node.own)
            roles[index] = own | (roles[node.parent] if node.parent >= 0 else 0)
    mask = _believable(outline, roles, weights, total)
    return roles if mask == -1 else [role & mask for role in roles]


def _weights(outline: Outline, listed: bytearray, title_block: int) -> list[float]:
    """Return how much the prose of each block counts."""
    blocks = outline.blocks
    # Below a text of one paragraph the imprint has more words than that.
    weights = [
        0.0
        if listed[b.position] or (b.roles & hints.FOOTER and words.IMPRINT.holds(b.text))
        else prose(b)
        for b in blocks
    ]
    if title_block < 0:
        return weights
    around = outline.nodes[0]
    for at in outline.ancestors(blocks[title_block].node):
        node = outline.nodes[at]
        if node.end - node.first > WIDE * len(blocks):
            break
        around = node
    for at, weight in enumerate(weights):
        if not weight:
            continue
        if not around.first <= at < around.end:
            weight *= APART
        if at < title_block:
            weight *= APART
        elif at <= title_block + NEAR:
            weight *= 1.0 if blocks[at].roles & _AGAINST else CLOSE
        elif at > title_block + FAR:
            weight *= max(DISTANT, 1 - (at - title_block - FAR) / (2 * FAR))
        weights[at] = weight
    return weights


def _believable(outline: Outline, roles: list[int], weights: list[float], total: float) -> int:
    """Return the roles that do not, box by box, claim most of the prose, as bits."""
    weight_of: dict[int, float] = {}
    for block in outline.blocks:
        if weight := weights[block.position]:
            role = roles[block.node]
            weight_of[role] = weight_of.get(role, 0.0) + weight
    mask = -1
    for bit in range(hints.GALLERY.bit_length()):
        flag = 1 << bit
        share = sum(weight for role, weight in weight_of.items() if role & flag) / total
        limit = DOMINANT_COMMENTS if flag & (hints.COMMENT | hints.HIDDEN) else DOMINANT
        if share > limit and not flag & (hints.BODY | hints.MAIN):
            mask &= ~flag
    return mask


def _shares_by_name(
    outline: Outline, claiming: list[int], sums: list[float], total: float
) -> dict[str, float]:
    """Return for each class-and-id string the share of all prose that lies inside boxes so
    named.
    """
    shares: dict[str, float] = {}
    ends: dict[str, int] = {}
    for index in claiming:
        node = outline.nodes[index]
        # One inside another of the same name is counted with it.
        if node.names in ("", " ") or index < ends.get(node.names, 0):
            continue
        ends[node.names] = node.end_node
        inside = sums[node.end] - sums[node.first]
        shares[node.names] = shares.get(node.names, 0.0) + inside / total
    return shares
