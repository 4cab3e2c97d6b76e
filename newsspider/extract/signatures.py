"""Who signed an article of a Western page: links to an author's own page, `By` lines, boxes named
for the author, a name that stands alone beside the date.
"""

import re

from newsspider.extract import credits as printed
from newsspider.extract import hints
from newsspider.extract.blocks import Block, Outline, Part, squeeze
from newsspider.extract.bylines import OUTLETS, is_western_name, western_names
from newsspider.extract.scene import Scene

ABOVE, BELOW, BEHIND = 8, 14, 8
"""Blocks above the headline, below it, and behind the text that are looked at."""
MAX_LINE_BYTES = 240
MAX_NAME_LENGTH = 40
BESIDE_DATE = "heuristic:beside-date"
"""Provenance of a name that nothing but its place tells to be the author's."""

_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore|contributors?|contributor|columnists?|writers?|"
    r"journalists?|journalistes?|reporters?|staff|by|bio|profiles?|redaktion|redakteur(?:e|in)?|"
    r"people|person|team|firma|signatura|skribent|toimittajat|yazarlar?|muhabir)"
    r"(?:/(?:@|[\w%-])[\w%.~-]*){1,2}/?(?:[?#]|$)|[?&]author=|substack\.com/@",
    re.I,
)
_SIGNED = re.compile(
    r"^\W{0,3}(?:(?:story|words|text|written|reported|reporting|posted|published|article|analysis|"
    r"review|interview)\s+)?by\b(?!\s+the\s)|^\W{0,3}(?:von|par|por|di|door|av|af|przez)\s+(?=[^\W\d_])|"
    r"^\W{0,3}(?:author|autor(?:in|es|a)?|auteur|autore|written by|texte?|texto|testo|tekst)\s*:",
    re.I,
)
_NAMED = re.compile(
    r"(?<![a-z])(?:by-?lines?|authors?|article-?authors?|post-?authors?|author-?(?:name|link|title)|"
    r"writers?|autor(?:en|es|e)?|auteurs?|redakteur|verfasser|vcard|contributors?)(?![a-z])",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_NAME = re.compile(
    r"\b(?:posted|published|updated|browse|share|articles?|read|google|scholar|home|about|contact|"
    r"view|all|more|our|your|topics?|categor(?:y|ies)|news|guides?|reviews?|tips|blog|open|full|stories|"
    r"ort|licensed|press|release|on|in|estate|world|business|health|life|technology|market(?:s|ing)?)\b",
    re.I,
)
_DATED = re.compile(r"(?:19|20)\d\d|\bmin(?:ute)?s? (?:read|de lectura)|\bago\b", re.I)
_FOREIGN = hints.COMMENT | hints.AD | hints.PROMO | hints.SHARE


def signed_by(scene: Scene) -> tuple[list[str], str]:
    """Return the persons who signed the article, as the page prints them, with what told so; [] and
    "" when nothing does.
    """
    for block in _places(scene):
        if names := _linked(scene, block):
            return names, "heuristic:author-link"
        if names := _printed(scene, block):
            return names, "byline"
    if name := _beside_the_date(scene):
        return [name], BESIDE_DATE
    return [], ""


def _places(scene: Scene) -> list[Block]:
    """Return the short lines where signatures stand: below the headline, above it, behind the
    text.
    """
    blocks = scene.outline.blocks
    first, last = scene.body_span
    title = scene.title_block
    start = title if title >= 0 else max(0, first - BELOW)
    below = range(start + 1, max(min(start + 1 + BELOW, first + 4), min(first + 2, last)))
    above = range(start - 1, max(-1, start - 1 - ABOVE), -1) if title >= 0 else range(0)
    behind = range(max(last - 2, first), min(last + BEHIND, len(blocks)))
    order = dict.fromkeys([*below, *above, *behind])
    return [
        blocks[at]
        for at in order
        if 0 <= at < len(blocks)
        and blocks[at].size <= MAX_LINE_BYTES
        and at != title
        and not scene.roles[blocks[at].node] & _FOREIGN
        and not (scene.listed[at] and (blocks[at].item or not start < at < first))
    ]


def _linked(scene: Scene, block: Block) -> list[str]:
    """Return the names that links to pages of authors carry; a link inside prose cites somebody."""
    if block.size > MAX_LINE_BYTES or block.text[-1] in ".!?":
        return []
    names: list[str] = []
    for part in block.parts:
        if part.link < 0:
            continue
        link = scene.outline.links[part.link]
        if "author" in link.rel.split() or _AUTHOR_PAGE.search(link.href):
            names += _names(squeeze(part.text))
    return list(dict.fromkeys(names))


def _printed(scene: Scene, block: Block) -> list[str]:
    """Return the names of a line that a word opens, or a class names, as a signature."""
    text = squeeze(" ".join(part.text for part in block.parts))
    if _SIGNED.match(text):
        return _authors(scene, text)
    if _named(scene.outline, block.node) and block.size <= MAX_LINE_BYTES // 2:
        return _authors(scene, text)
    named = [part for part in block.parts if part.names and _is_named(part)]
    for part in named:
        if names := _authors(scene, squeeze(part.text)):
            return names
    return []


def _is_named(part: Part) -> bool:
    return bool(_NAMED.search(_CAMEL.sub("-", part.names)))


def _named(outline: Outline, at: int) -> bool:
    """Tell whether the box of a line, or the one around it, is named for the author."""
    node = outline.nodes[at]
    if _NAMED.search(_CAMEL.sub("-", node.names)):
        return True
    around = outline.nodes[node.parent] if node.parent >= 0 else node
    return around.end - around.first <= 3 and bool(_NAMED.search(_CAMEL.sub("-", around.names)))


def _authors(scene: Scene, text: str) -> list[str]:
    """Return the authors of a signature."""
    if not _SIGNED.match(text):
        text = f"By {text}"
    return printed.authors_of(printed.parse_byline(text, scene.language))


def _names(text: str) -> list[str]:
    """Return the persons that the text of a link to an author's page names."""
    if _NO_NAME.search(text):
        return []
    if names := western_names(re.sub(r"^\W*(?:by|von|par|por|di)\s+", "", text, flags=re.I)):
        return names
    words = text.split()
    if words[-1:] and words[-1].lower() in OUTLETS:
        return []
    whole = 1 < len(words) <= 4 and len(text) <= MAX_NAME_LENGTH and text[:1].isupper()
    return printed.split_names(text) if whole and not any(map(str.isdigit, text)) else []


def _beside_the_date(scene: Scene) -> str | None:
    """Return the name that stands alone between headline and text, next to a line with a date."""
    first, _ = scene.body_span
    title = scene.title_block
    blocks = scene.outline.blocks
    if title < 0 or first <= title:
        return None
    for at in range(title + 1, min(title + 6, first + 1, len(blocks))):
        text = blocks[at].text
        if not 5 <= len(text) <= MAX_NAME_LENGTH or not 2 <= len(text.split()) <= 3:
            continue
        near = [blocks[i].text for i in (at - 1, at + 1) if title < i < len(blocks)]
        dated = any(len(line) <= 60 and _DATED.search(line) for line in near)
        if dated and is_western_name(text) and not _NO_NAME.search(text):
            return text
    return None
