"""Whether two texts are one: fingerprints, verdicts, and what a reprint changed. No SQL.

All functions take text that `text.fold` has folded. Two texts are alike when at least half of the
shorter one stands in the other, sentence by sentence. Articles that fill one form with other
figures are told apart by those figures; what very many articles share counts for nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Literal

SHORTEST_COPY = 100
"""Characters that a text must have to be called a copy: shorter ones are notices."""
SHORTEST_UNIT = 18
"""Bytes of UTF-8 of the shortest sentence or clause that counts: six Han characters."""
SHORTEST_SHARED = 180
"""Bytes of UTF-8 that two texts must share."""
ENOUGH_SHARED = 600
"""From so many shared bytes on `LEAST_SHARE` is enough; below, a form could be all of it."""
LEAST_SHARE = 0.5
SHORT_SHARE = 0.7
SAFE_SHARE = 0.75
"""From here on changed figures are a correction, if both texts came out within `CLOSE_DAYS`."""
LEAST_EXTENT = 0.25
"""Share of the longer text that must stand in the shorter: a round-up of many is none of them."""
TOUCHED_SHARE = 0.8
"""Share of four-character runs where every sentence was touched."""
LONGEST_TOUCHED = 50_000
"""Characters of texts that are compared by their four-character runs: these take memory."""
CLOSE_DAYS = 3.0

PASSAGES_KEPT = 8
"""Smallest clause hashes of a text that are its key among all others."""
PASSAGES_ASKED = 32
"""Smallest clause hashes of a text that are looked up among those keys."""

MAX_PAIRED = 2000
"""Characters of a sentence that are looked at to pair it with its new form."""
MAX_COUNTERPARTS = 60
"""Changed sentences that are paired; of more, all count as dropped and added."""

SENTENCE_END = re.compile(r"[。!?;\n\r\u2028\u2029]+")
# Apart from the others, and each branch begins with the same character: a search for one letter.
FULL_STOP = re.compile(r"\.(?:\.*(?=\s|$)|\.{2,})")
# One character at a time, and first of all one of these: so the search skips from one to the next.
CLAUSE_END = re.compile(r"[,、:()\"“”《》〈〉「」『』【】\[\]—](?<!,(?=\d))")
UNWRITTEN = re.compile(r"[\W_]+")
FIGURE = re.compile(r"\d+(?:[.,:]\d+)*|[〇零一二三四五六七八九十百千万萬亿億两兩]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text."""

    size_bytes: int
    """Of every time that it stands in the text, together."""
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Fingerprint:
    """What a text is recognised by."""

    exact: int | None
    """Hash under which copies meet; None when the text is too short to tell."""
    sentences: dict[str, Sentence] = field(repr=False)
    """By their letters and digits, in the order of the text."""
    plain: str = field(repr=False)
    """Letters and digits alone."""
    size_bytes: int
    """Of all sentences."""

    @cached_property
    def passages(self) -> dict[int, str]:
        """Return every clause by its hash, the smallest hash first; {} of a short text."""
        clauses = {
            hash_of(clause.encode("utf-8", "replace")): clause
            for sentence in self.sentences.values()
            for clause in sentence.clauses
        }
        return {key: clauses[key] for key in sorted(clauses)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two texts are one."""

    kind: Literal["exact", "near", "touched"]
    share: float
    """Of the shorter text that stands in the longer one, 0 to 1."""


def hash_of(data: bytes) -> int:
    """Return 48 bits that are the same on every machine."""
    return int.from_bytes(blake2b(data, digest_size=6).digest(), "big")


def exact_hash(folded: str) -> int | None:
    """Return the hash of the letters and digits of a text, None when it is too short to tell."""
    return _exact(UNWRITTEN.sub("", folded))


def _exact(plain: str) -> int | None:
    if len(plain) < SHORTEST_COPY:
        return None
    data = plain.encode("utf-8", "replace")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def fingerprint(folded: str) -> Fingerprint:
    """Return the fingerprint of a folded text.

    >>> fingerprint("第一句，很短。").exact is None
    True
    """
    texts = list(_sentences(folded))
    plain = "".join([text for text, _ in texts])
    exact = _exact(plain)
    sentences: dict[str, Sentence] = {}
    total = 0
    for text, clauses in texts if exact is not None else ():
        size = _size(text)
        if size < SHORTEST_UNIT:
            continue
        total += size
        if known := sentences.get(text):
            size += known.size_bytes
        counted = tuple([clause for clause in clauses if _size(clause) >= SHORTEST_UNIT])
        sentences[text] = Sentence(size, counted)
    return Fingerprint(exact, sentences, plain, total)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _sentences(folded: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the letters and digits of every sentence, and of its clauses; "" where it has none."""
    for raw in SENTENCE_END.split(FULL_STOP.sub("\n", folded)):
        clauses = [
            part if part.isalnum() else UNWRITTEN.sub("", part) for part in CLAUSE_END.split(raw)
        ]
        yield "".join(clauses), clauses


def likeness(
    one: Fingerprint,
    other: Fingerprint,
    *,
    common: frozenset[str] = frozenset(),
    days_apart: float | None = None,
) -> Likeness | None:
    """Return how *one* and *other* are the same text, None when they are not.

    *common* are clauses that very many articles have; sentences made of them do not count.
    *days_apart* is between the publications, None when a date is unknown.
    """
    if one.exact is None or other.exact is None:
        return None
    if one.exact == other.exact:
        return Likeness("exact", 1.0)
    shared, sizes = _shared(one, other, common)
    shorter, longer = sorted(sizes)
    if shorter < SHORTEST_SHARED or shared < LEAST_EXTENT * longer:
        return _touched(one, other, days_apart)
    share = shared / shorter
    least = LEAST_SHARE if shared >= ENOUGH_SHARED else SHORT_SHARE
    if shared < SHORTEST_SHARED or share < least:
        return _touched(one, other, days_apart)
    small, large = (one, other) if sizes[0] <= sizes[1] else (other, one)
    close = days_apart is None or days_apart <= CLOSE_DAYS
    if not (share >= SAFE_SHARE and close) and _fills_one_form(small, large):
        return None
    return Likeness("near", share)


def _shared(
    one: Fingerprint, other: Fingerprint, common: frozenset[str]
) -> tuple[int, tuple[int, int]]:
    """Return the bytes of shared sentences, and of all of both, less what is *common*."""
    both = one.sentences.keys() & other.sentences.keys()
    shared = sum(min(one.sentences[k].size_bytes, other.sentences[k].size_bytes) for k in both)
    if not common:
        return shared, (one.size_bytes, other.size_bytes)
    sizes = [one.size_bytes, other.size_bytes]
    for place, text in enumerate((one, other)):
        for key, sentence in text.sentences.items():
            if sentence.clauses and common.issuperset(sentence.clauses):
                sizes[place] -= sentence.size_bytes
                if place == 0 and key in both:
                    shared -= min(sentence.size_bytes, other.sentences[key].size_bytes)
    return shared, (sizes[0], sizes[1])


def _fills_one_form(small: Fingerprint, large: Fingerprint) -> bool:
    """Tell whether the two differ as two fillings of one form do: in the figures of sentences."""
    forms = {FIGURE.sub("0", text) for text in large.sentences.keys() - small.sentences.keys()}
    alone = small.sentences.keys() - large.sentences.keys()
    filled = [text for text in alone if FIGURE.sub("0", text) in forms]
    return len(filled) >= 2 and 2 * sum(map(len, filled)) >= sum(map(len, alone))


def _touched(one: Fingerprint, other: Fingerprint, days_apart: float | None) -> Likeness | None:
    """Return the likeness of texts where an edit touched nearly every sentence.

    Letters alone cannot tell that from two fillings of one form; figures can: an edit keeps them.
    """
    if days_apart is not None and days_apart > CLOSE_DAYS:
        return None
    small, large = sorted((one, other), key=lambda text: len(text.plain))
    if len(large.plain) > LONGEST_TOUCHED or len(small.plain) < LEAST_EXTENT * len(large.plain):
        return None
    if not _same_figures(small, large):
        return None
    grams = runs_of_four(small.plain)
    share = len(grams & runs_of_four(large.plain)) / len(grams)
    return Likeness("touched", share) if share >= TOUCHED_SHARE else None


def _same_figures(small: Fingerprint, large: Fingerprint) -> bool:
    figures = {f for f in FIGURE.findall(small.plain) if len(f) > 1 or f.isascii()}
    if len(figures) < 3:
        return False
    there = set(FIGURE.findall(large.plain))
    return len(figures & there) >= 0.9 * len(figures)


def runs_of_four(plain: str) -> set[str]:
    """Return every run of four characters of *plain*."""
    return set(map("".join, zip(plain, plain[1:], plain[2:], plain[3:], strict=False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintEdits:
    """What a reprint made of the text that it took: counts of sentences and paragraphs."""

    title_changed: bool
    sentences_kept: int
    sentences_changed: int
    sentences_dropped: int
    sentences_added: int
    paragraphs_dropped: int
    paragraphs_added: int


def reprint_edits(
    original: str, copy: str, *, original_title: str = "", copy_title: str = ""
) -> ReprintEdits:
    """Return how the folded text *copy* differs from the folded text *original*.

    A paragraph counts as dropped when no sentence of it is left, not even changed.
    """
    here, there = _numbered(original), _numbered(copy)
    kept = here.keys() & there.keys()
    dropped = [text for text in here if text not in kept]
    added = [text for text in there if text not in kept]
    changed = _counterparts(dropped, added)
    left = kept | changed.keys()
    taken = kept | set(changed.values())
    return ReprintEdits(
        title_changed=UNWRITTEN.sub("", original_title) != UNWRITTEN.sub("", copy_title),
        sentences_kept=len(kept),
        sentences_changed=len(changed),
        sentences_dropped=len(dropped) - len(changed),
        sentences_added=len(added) - len(changed),
        paragraphs_dropped=len(set(here.values())) - len({here[text] for text in left}),
        paragraphs_added=len(set(there.values())) - len({there[text] for text in taken}),
    )


def _numbered(folded: str) -> dict[str, int]:
    """Return the sentences of a text, each with the number of its paragraph."""
    found: dict[str, int] = {}
    for number, paragraph in enumerate(folded.split("\n")):
        for text, _ in _sentences(paragraph):
            if _size(text) >= SHORTEST_UNIT:
                found.setdefault(text, number)
    return found


def _counterparts(dropped: list[str], added: list[str]) -> dict[str, str]:
    """Return which of *added* each of *dropped* became: at least half of its pairs are there."""
    if len(dropped) > MAX_COUNTERPARTS or len(added) > MAX_COUNTERPARTS:
        return {}
    pairs = {text: _pairs(text) for text in added}
    found: dict[str, str] = {}
    for text in dropped:
        own = _pairs(text)
        best, size = "", 0
        for other, theirs in pairs.items():
            if (same := len(own & theirs)) > size:
                best, size = other, same
        if size and 2 * size >= min(len(own), len(pairs[best])):
            found[text] = best
            del pairs[best]
    return found


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(text[:MAX_PAIRED]))
