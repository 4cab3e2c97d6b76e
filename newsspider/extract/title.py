"""The headline: what the page shows as one, with title, og:title and JSON-LD as witnesses."""

import re
import unicodedata
from dataclasses import dataclass

from newsspider.extract import hints, words
from newsspider.extract.blocks import Block, Outline
from newsspider.extract.claims import prose
from newsspider.extract.metadata import Head

MAX_TITLE_BYTES = 600
BELOW = 0.3
"""Share of the page's prose above which a line is no headline any more."""

_SEPARATOR = re.compile(r"\s*[|｜_»«•·–—]+\s*|\s+[-:/\\~>]+\s+|--+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fffA-Za-z])|\s+::\s+")
_TITLE_NAMES = re.compile(r"(?<![a-z])(?:title|headline|tit|biaoti|bt|h1|headtitle|arttitle|article-?title|entry-?title|post-?title)(?![a-z])|title|headline", re.I)
_NOT_TITLE_NAMES = re.compile(r"sub-?title|site-?title|blog-?title|otitle|kicker|widget|section-?title|block-?title|logo|box-?title", re.I)
_QUOTES = str.maketrans({c: "'" for c in "\"‘’‚‛“”„‟«»‹›`´「」『』＂"} | {c: "-" for c in "‐‑‒–—―−"})
_BADGE = re.compile(r"^\s*[\[【(（]?(?:原创|原創|转载|转|图文|视频|专题|快讯|置顶)[\]】)）]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline, what gave it, and the block that shows it (-1: none does)."""

    text: str
    by: str
    block: int = -1


def key_of(text: str) -> str:
    """Return what two spellings of one headline share."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return re.sub(r"[\s'.…·,，:：\-_|!?！？]+", "", text)


def segments(title: str) -> list[str]:
    """Return the parts of a <title> between its separators.

    >>> segments("强降雨来袭_国内_渤海网")
    ['强降雨来袭', '国内', '渤海网']
    """
    return [part for part in (p.strip() for p in _SEPARATOR.split(title)) if part]


def site_names(head: Head) -> set[str]:
    """Return the keys of the names that the site goes by on this page."""
    names = set()
    for text in (
        head.meta("og:site_name", "application-name", "sitename", "al:ios:app_name"),
        head.text("publisher"),
    ):
        if text:
            names.add(key_of(text))
    return names - {""}


def find_title(outline: Outline, head: Head, roles: list[int], listed: bytearray) -> Headline | None:
    """Return the headline of the page; None when nothing on it can be one."""
    witnesses = _Witnesses(head)
    best: tuple[float, Block] | None = None
    running = 0.0
    total = sum(prose(block) for block in outline.blocks) or 1.0
    for block in outline.blocks:
        running += prose(block)
        if block.size > MAX_TITLE_BYTES or (listed[block.position] and not block.heading):
            continue
        score = _score(block, outline, roles, witnesses)
        if running > BELOW * total:
            score -= 4.0
        if score > 3.0 and (best is None or score > best[0]):
            best = (score, block)
    if best is not None:
        block = best[1]
        return Headline(text=shown(block.text), by=_tag_of(outline, block), block=block.position)
    for by, text in (
        ("meta:articletitle", head.meta("articletitle")),
        ("json-ld", head.text("headline")),
        ("meta:og:title", head.meta("og:title", "twitter:title")),
        ("title", head.title),
    ):
        if text and (cut := without_site(text, witnesses.sites)):
            return Headline(text=cut, by=by)
    return None


def shown(text: str) -> str:
    """Return a headline as shown, less the badge before it."""
    return _BADGE.sub("", text).strip() or text


def without_site(title: str, sites: set[str]) -> str:
    """Return a <title> or og:title without the names of site and sections around it: its longest part."""
    parts = [part for part in segments(title) if key_of(part) not in sites]
    if not parts:
        return ""
    longest = max(parts, key=lambda part: len(part.encode()))
    first = title.find(longest)
    return title[first : first + len(longest)]


class _Witnesses:
    """What the head says the headline is, as keys."""

    def __init__(self, head: Head) -> None:
        self.sites = site_names(head)
        self.title = key_of(head.title)
        self.parts = {key_of(part) for part in segments(head.title)} - {""}
        stated = (
            head.meta("og:title"),
            head.meta("twitter:title"),
            head.meta("articletitle", "headline", "dc.title", "title"),
            head.text("headline"),
        )
        self.stated = {key_of(text) for text in stated if text} - {""}

    def agreement(self, key: str) -> float:
        """Return 0 to 8: how well *key* agrees with what the head says."""
        score = 0.0
        if key in self.stated:
            score += 4.0
        elif any(key in one or one in key for one in self.stated):
            score += 4.0 * max(
                min(len(key), len(one)) / max(len(key), len(one))
                for one in self.stated
                if key in one or one in key
            )
        if key == self.title or key in self.parts:
            score += 3.0
        elif self.title and (key in self.title or self.title in key):
            score += 3.0 * min(len(key), len(self.title)) / max(len(key), len(self.title))
        return score


_BY_LEVEL = (0.0, 4.0, 2.0, 1.5, 1.0, 0.5, 0.3)


def _score(block: Block, outline: Outline, roles: list[int], witnesses: _Witnesses) -> float:
    """Return how likely *block* is the headline; above 3 it may be."""
    names = outline.nodes[block.node].names
    named = bool(names) and bool(_TITLE_NAMES.search(names)) and not _NOT_TITLE_NAMES.search(names)
    if not block.heading and not named and block.size > 300:
        return 0.0
    score = _BY_LEVEL[block.heading] + (1.5 if named else 0.0)
    if outline.nodes[block.node].element.get("itemprop") == "headline":
        score += 3.0
    key = key_of(block.text)
    if not key:
        return 0.0
    agreement = witnesses.agreement(key)
    if not score and agreement < 2.5:
        return 0.0
    score += agreement
    if key in witnesses.sites:
        score -= 8.0
    if block.size < 12:
        score -= 2.0
    role = roles[block.node]
    if role & (hints.NAV | hints.FOOTER | hints.COMMENT | hints.RELATED | hints.PROMO | hints.AD):
        score -= 4.0
    if role & (hints.ASIDE | hints.HIDDEN):
        score -= 2.0
    if block.link_share > 0.9:
        score -= 1.5
    if words.LIST_HEADING.search(block.text) and block.size < 40 and agreement < 3:
        score -= 2.0
    # The first of two equals: pages repeat their headline further down.
    return score - min(block.position, 400) * 0.002


def _tag_of(outline: Outline, block: Block) -> str:
    if block.heading:
        return f"h{block.heading}"
    return f"heuristic:{block.tag}"
