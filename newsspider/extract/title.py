"""The headline: what the page shows as one, with title, og:title and JSON-LD as witnesses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from newsspider.extract import hints, words
from newsspider.extract.blocks import Block, Outline
from newsspider.extract.claims import prose
from newsspider.extract.headings import ends_a_trail, links_home, names_the_site, partings
from newsspider.extract.metadata import Head
from newsspider.extract.phrases import LONG

MAX_TITLE_BYTES = 600
MAX_PLAIN_BYTES = 300
MAX_LIST_HEADING_BYTES = 40
MAX_HAN_HEADING_BYTES = 20
MIN_PREFIX = 10
"""Characters from which the start of <title> is the headline, whatever follows it."""
MIN_OVERLAP = 0.3
"""Share of words from which two headlines may be wordings of one."""
MIN_COMMON = 2
"""Words that they have in common at least."""
WORDING = 7.0
"""Agreement of an h1 with all the words of what the head states."""
TRAIL_TO_HEADLINE = 6
"""Blocks below a trail of breadcrumbs in which the headline stands."""
BELOW = 0.3
"""Share of the page's prose above which a line is no headline any more."""

_SEPARATOR = re.compile(
    r"\s*[|｜_»«•·–—]+\s*|\s+[-:/\\~>]+\s+|--+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fffA-Za-z])|"
    r"\s+::\s+"
)
_TITLE_NAMES = re.compile(
    r"(?<![a-z])(?:title|headline|tit|biaoti|bt|h1|headtitle|arttitle|article-?title|entry-?title|"
    r"post-?title)(?![a-z])|title|headline",
    re.I,
)
_NOT_TITLE_NAMES = re.compile(
    r"sub-?title|site-?title|blog-?title|otitle|kicker|widget|section-?title|block-?title|logo|"
    r"box-?title",
    re.I,
)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_UNSPOKEN = "\"'‘’‚‛“”„‟«»‹›`´「」『』＂‐‑‒–—―−-.…·,，:：_|!?！？"
_NO_KEY = dict.fromkeys(
    [*map(ord, _UNSPOKEN), *(code for code in range(0x3001) if chr(code).isspace())]
)
_BADGE = re.compile(r"^\s*[\[【(（]?(?:原创|原創|转载|转|图文|视频|专题|快讯|置顶)[\]】)）]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline, what gave it, and the block that shows it (-1: none does)."""

    text: str
    by: str
    block: int = -1
    kicker: str | None = None
    """What an element of its own sets before the headline inside the heading."""


def key_of(text: str) -> str:
    """Return what two spellings of one headline share."""
    return _key_of(text) if len(text) < LONG else _key_of.__wrapped__(text)


@lru_cache(maxsize=4_096)
def _key_of(text: str) -> str:
    if text.isascii():
        return text.translate(_NO_KEY).lower()
    return unicodedata.normalize("NFKC", text).translate(_NO_KEY).casefold()


def has_key(text: str, key: str) -> bool:
    """Tell whether key_of(text) is *key*: mostly at the price of one character."""
    first = text[:1]
    # What follows may be a mark that makes one character with it.
    plain = (first.isalnum() and text[:2].isascii()) or "\u4e00" <= first <= "\u9fff"
    if plain and first.lower() != key[:1]:
        return False
    return key_of(text) == key


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


def find_title(
    outline: Outline, head: Head, roles: list[int], listed: bytearray
) -> Headline | None:
    """Return the headline of the page; None when nothing on it can be one."""
    witnesses = _Witnesses(head)
    mains = {block.text: block for block in outline.blocks if block.heading == 1}
    only = len(mains) == 1
    trails = [one.position for one in mains.values() if ends_a_trail(one, outline)]
    # Below a trail that ends in the only h1 the h2 is the headline.
    raised = trails[0] if only and trails else len(outline.blocks)
    best: tuple[float, Block] | None = None
    running = 0.0
    total = sum(prose(block) for block in outline.blocks) or 1.0
    for block in outline.blocks:
        running += prose(block)
        if block.size > MAX_TITLE_BYTES or (listed[block.position] and not block.heading):
            continue
        score = _score(block, outline, roles, witnesses, only=only)
        below = block.heading == 2 and raised < block.position <= raised + TRAIL_TO_HEADLINE
        if below and witnesses.overlap(block.text):
            score += _BY_LEVEL[1] - _BY_LEVEL[2]
        if running > BELOW * total:
            score -= 4.0
        if score > 3.0 and (best is None or score > best[0]):
            best = (score, block)
    if best is not None:
        block = best[1]
        text, kicker = _whole(block, outline, witnesses)
        return Headline(
            text=_confirmed(text, head, witnesses.sites),
            by=_tag_of(block),
            block=block.position,
            kicker=kicker,
        )
    for by, stated in (
        ("meta:articletitle", head.meta("articletitle")),
        ("json-ld", head.text("headline")),
        ("meta:og:title", head.meta("og:title", "twitter:title")),
        ("title", head.title),
    ):
        if stated and (cut := without_site(stated, witnesses.sites)):
            return Headline(text=cut, by=by)
    return None


def _whole(block: Block, outline: Outline, witnesses: "_Witnesses") -> tuple[str, str | None]:
    """Return the headline in *block*, with the line that a colon at its end leads to, and its
    kicker.
    """
    text, kicker = _without_kicker(block, witnesses)
    following = block.position + 1
    if block.heading and text[-1] in ":：" and following < outline.nodes[block.node].end:
        return f"{text} {outline.blocks[following].text}", kicker
    return text, kicker


def _confirmed(text: str, head: Head, sites: set[str]) -> str:
    """Return the shown headline *text*; the longer form of it that og:title and JSON-LD agree on,
    or the shorter one less what stands before it, where there is one: heads set kickers apart that
    pages run into the headline.
    """
    stated, shared = head.text("headline"), head.meta("og:title")
    if not stated or not shared or stated.endswith(("...", "…")):
        return text
    stated = _less_site(stated, sites)
    key, shown_key = key_of(stated), key_of(text)
    if not key_of(shared).startswith(key) or min(len(key), len(shown_key)) < MIN_PREFIX:
        return text
    if key == shown_key or not stated[0].isalnum():
        return text
    if not (shown_key in key or shown_key.endswith(key)):
        return text
    # What a separator adds to the shown headline is the name of the site.
    return text if any(key_of(part) == shown_key for part in segments(stated)) else stated


def _less_site(stated: str, sites: set[str]) -> str:
    """Return a headline of the head less the name of the site behind a separator at its end."""
    last = segments(stated)[-1:]
    if not last or key_of(last[0]) not in sites:
        return stated
    return _SEPARATOR.sub("", stated[: stated.rfind(last[0])][::-1], count=1)[::-1] or stated


def _without_kicker(block: Block, witnesses: "_Witnesses") -> tuple[str, str | None]:
    """Return the headline in *block*, less a badge and the kicker that an element of its own holds;
    then that kicker.
    """
    ways = partings(block)
    for way in ways:
        if way.kicker:
            return way.rest, way.first
    key = key_of(block.text)
    parted = len(block.parts) > 1 and key in witnesses.written
    if parted and (key == witnesses.shared or not witnesses.shared):
        # The same words, but the head puts a colon where the page has only another colour.
        return witnesses.written[key], None
    for way in ways:
        if key_of(way.rest) in witnesses.stated:
            return way.rest, way.first
        if key_of(way.first) in witnesses.stated:
            return way.first, None
    if parted:
        return witnesses.written[key], None
    if key in witnesses.parts | witnesses.stated:
        return block.text, None
    for way in ways:
        if key_of(way.rest) in witnesses.parts:
            return way.rest, way.first
    return shown(block.text), None


def shown(text: str) -> str:
    """Return a headline as shown, less the badge before it."""
    return _BADGE.sub("", text).strip() or text


def without_site(title: str, sites: set[str]) -> str:
    """Return a <title> or og:title without the names of site and sections around it: its longest
    part.
    """
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
        parts = segments(head.title)
        self.parts = {key_of(part) for part in parts} - {""}
        self.longest = key_of(max(parts, key=len)) if parts else ""
        stated = (
            head.meta("og:title"),
            head.meta("twitter:title"),
            head.meta("articletitle", "headline", "dc.title", "title"),
            head.text("headline"),
        )
        self.written = {key_of(text): text for text in stated if text}
        """The headline as the head writes it, by key."""
        self.written.pop("", None)
        self.stated = set(self.written)
        self.shared = key_of(head.meta("og:title") or "")
        wordings = [*stated, max(parts, key=len, default="")]
        self.wordings = [set(_WORD.findall(text.casefold())) for text in wordings if text]
        self.raw = "\n".join([head.title, *(text for text in stated if text)])

    def may_say(self, block: Block) -> bool:
        """Tell, at little cost, whether a line of no rank may still be what the head says."""
        return block.size <= MAX_PLAIN_BYTES and block.text[:2] in self.raw

    def overlap(self, text: str) -> float:
        """Return 0 to 1: the share of words that *text* has in common with what the head states;
        0 where it is too little to tell.
        """
        own = set(_WORD.findall(text.casefold()))
        shares = [
            len(own & one) / max(len(own), len(one))
            for one in self.wordings
            if len(own & one) >= MIN_COMMON
        ]
        share = max(shares, default=0.0)
        return share if share >= MIN_OVERLAP else 0.0

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
        if key in (self.title, self.longest):
            score += 3.5
        elif key in self.parts:
            # Shorter than another part, it may be the name of the site or of a section.
            score += 2.5 if score < 4.0 else 3.5
        elif len(key) >= MIN_PREFIX and self.title.startswith(key):
            score += 3.2
        elif self.title and (key in self.title or self.title in key):
            score += 3.0 * min(len(key), len(self.title)) / max(len(key), len(self.title))
        return score


_FOREIGN = hints.NAV | hints.FOOTER | hints.COMMENT | hints.RELATED | hints.PROMO | hints.AD
_FAR = hints.FOOTER | hints.COMMENT
_BY_LEVEL = (0.0, 4.0, 2.0, 1.5, 1.0, 0.5, 0.3)


@lru_cache(maxsize=8192)
def _names_a_title(names: str) -> bool:
    """Tell whether class and id say that the element holds the headline."""
    low = names.lower()
    if not any(part in low for part in ("tit", "headline", "biaoti", "bt", "h1")):
        return False
    return bool(_TITLE_NAMES.search(names)) and not _NOT_TITLE_NAMES.search(names)


def _score(
    block: Block, outline: Outline, roles: list[int], witnesses: _Witnesses, *, only: bool
) -> float:
    """Return how likely *block* is the headline; above 3 it may be. *only*: the page has but one
    h1.
    """
    named = _names_a_title(outline.nodes[block.node].names)
    if not block.heading and not named and not witnesses.may_say(block):
        return 0.0
    score = _BY_LEVEL[block.heading] + (1.5 if named else 0.0)
    if outline.nodes[block.node].attributes.get("itemprop") == "headline":
        score += 3.0
    key = key_of(block.text)
    if not key:
        return 0.0
    agreement = witnesses.agreement(key)
    if block.heading and agreement < 4.0:
        agreement = max(
            [agreement, *(witnesses.agreement(key_of(way.rest)) for way in partings(block))]
        )
    if not score and agreement < 2.5:
        return 0.0
    if block.heading == 1:
        score += _as_main_heading(block, outline, witnesses, agreement, only=only)
    score += agreement
    if key in witnesses.sites and key != witnesses.title:
        score -= 8.0
    role = roles[block.node]
    if key in witnesses.parts:
        if agreement < 3.0 and (role & hints.HEADER or names_the_site(block, outline)):
            score -= 2.0
    elif block.size < 12:
        score -= 2.0
    if role & _FOREIGN:
        # The only h1 of a page is rarely what the name of a box around it says.
        score -= 1.0 if only and block.heading == 1 and not role & _FAR else 4.0
    if role & (hints.ASIDE | hints.HIDDEN):
        score -= 2.0
    if block.link_share > 0.9:
        score -= 1.5
    # Asked last, and only where it matters: it takes longer than all the rest.
    if (
        score > 3.0
        and block.size < (MAX_LIST_HEADING_BYTES if block.text.isascii() else MAX_HAN_HEADING_BYTES)
        and agreement < 3
        and words.LIST_HEADING.holds(block.text)
    ):
        score -= 2.0
    # The first of two equals: pages repeat their headline further down.
    return score - min(block.position, 400) * 0.002


def _as_main_heading(
    block: Block, outline: Outline, witnesses: _Witnesses, agreement: float, *, only: bool
) -> float:
    """Return what speaks for an h1, or against it, beside what agrees with it to the letter."""
    if ends_a_trail(block, outline):
        return -9.0
    if links_home(block, outline):
        return -5.0
    score = 0.0
    if only and agreement < 3.0:
        score += min(WORDING * witnesses.overlap(block.text), WORDING - agreement)
    if only and (key_of(block.text) not in witnesses.parts or agreement >= 3.0):
        score += 1.0
    return score


def _tag_of(block: Block) -> str:
    if block.heading:
        return f"h{block.heading}"
    return f"heuristic:{block.tag}"
