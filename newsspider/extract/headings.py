"""Headings looked at one by one: the kicker that one holds, and the places where one is none of the
article's.
"""

import re
from dataclasses import dataclass

from newsspider.extract.blocks import Block, Outline, squeeze

MAX_PARTS = 8
MAX_KICKER_LENGTH = 80
"""Characters; what is longer says more than a kicker does."""
MAX_TRAIL_DEPTH = 4
"""Boxes around a heading that may be the trail of breadcrumbs it ends."""

_KICKER_NAMES = re.compile(
    r"kicker|overline|eyebrow|dachzeile|spitzmarke|topline|(?<![a-z])(?:roofline|uptitle|"
    r"supertitle|surtitre|pre-?title|pre-?headline|antetitulo|occhiello|yinti|jianti|shoulder)"
    r"(?![a-z])",
    re.I,
)
_TRAIL_NAMES = re.compile(r"crumb|breadbar", re.I)
_SITE_NAMES = re.compile(
    r"(?:site|blog|brand)-?_?(?:name|title|logo)|(?<![a-z])(?:logo|masthead)(?![a-z])", re.I
)
_HOME = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?(?:(?:index|default)\.\w{2,5})?(?:#.*)?", re.I)
_EDGES = "-–—:：|·/ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """One way to part a heading between its inline elements."""

    first: str
    rest: str
    kicker: bool
    """A class name calls the first part a kicker."""


def partings(block: Block) -> list[Parting]:
    """Return the ways to part a heading between its inline elements, the shortest first part
    first.
    """
    if len(block.parts) < 2:
        return []
    ways = []
    named = False
    for cut in range(1, min(len(block.parts), MAX_PARTS)):
        named = named or bool(_KICKER_NAMES.search(block.parts[cut - 1].names))
        first = squeeze("".join(part.text for part in block.parts[:cut])).strip(_EDGES)
        rest = squeeze("".join(part.text for part in block.parts[cut:])).lstrip(_EDGES)
        if first and rest:
            kicker = named and len(first) <= MAX_KICKER_LENGTH
            kicker = kicker and not _KICKER_NAMES.search(block.parts[cut].names)
            ways.append(Parting(first=first, rest=rest, kicker=kicker))
    return ways


def ends_a_trail(block: Block, outline: Outline) -> bool:
    """Tell whether a heading is the last step of a trail of breadcrumbs, where search engines look
    for one and readers see another above the text.
    """
    for depth, at in enumerate(outline.ancestors(block.node)):
        node = outline.nodes[at]
        if depth > MAX_TRAIL_DEPTH or node.tag in ("article", "main", "body"):
            return False
        before = outline.blocks[node.first : block.position]
        steps = sum(step.link_share > 0.9 for step in before)
        last = node.end - block.position <= 2
        if _TRAIL_NAMES.search(node.names) and last and (steps or depth < 2):
            return True
        if node.tag in ("ol", "ul"):
            return bool(before) and steps == len(before)
    return False


def names_the_site(block: Block, outline: Outline) -> bool:
    """Tell whether the class of a heading, or of the box around it, calls it the site's name."""
    around = list(outline.ancestors(block.node))[:2]
    return any(_SITE_NAMES.search(outline.nodes[at].names) for at in around)


def links_home(block: Block, outline: Outline) -> bool:
    """Tell whether a heading is nothing but a link to the home page: the name of the site."""
    if block.link_share <= 0.9:
        return False
    links = {part.link for part in block.parts if part.link >= 0}
    return all(_HOME.fullmatch(outline.links[link].href.strip()) for link in links)
