"""The form of text for searching: simplified and traditional as one, Han runs cut into pairs."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from operator import add

from newsspider.text import HAN, HAN_RUN, fold

# Letters whose accents and widths a highlighted word may have: Latin, Greek, Cyrillic, full width.
SPELLED = ((0x21, 0x530), (0x1E00, 0x2000), (0xFF01, 0xFF5F))
# Han characters that Unicode keeps for older character sets only.
COMPATIBLE = ((0xF900, 0xFB00), (0x2F800, 0x2FA20))
# Split by it, every second piece is a run of Han characters.
HAN_PIECES = re.compile(f"([{HAN}]+)")
LONG = 50_000
"""Characters that are cut into words at once: each takes some 200 bytes meanwhile, and one page may
have five million."""
WORD_END = re.compile(f"[\\s{HAN}]")


@cache
def variants() -> dict[str, str]:
    """Return {variant: what it is folded to} of Chinese characters; no value is a key."""
    text = resources.files("newsspider").joinpath("han_variants.txt").read_text("utf-8")
    pairs = (pair for line in text.splitlines() if line[:1] != "#" for pair in line.split())
    return {pair[0]: pair[1] for pair in pairs}


@cache
def _table() -> tuple[frozenset[str], dict[int, str]]:
    return frozenset(variants()), str.maketrans(variants())


def every_variant() -> dict[str, str]:
    """Return {character: what it is searched as} of all Han characters that are folded."""
    twins = {character: search_fold(character) for character in map(chr, _compatible())}
    return variants() | {one: other for one, other in twins.items() if other != one}


def _compatible() -> Iterator[int]:
    for start, end in COMPATIBLE:
        yield from range(start, end)


def search_fold(text: str) -> str:
    """Return *text* as it is searched: text.fold, then one form of each Chinese character.

    >>> search_fold("頭髮ＡＢＣ")
    '头发abc'
    """
    return merged(fold(text))


def merged(folded: str) -> str:
    """Return the already *folded* text with one form of each Chinese character."""
    characters, table = _table()
    # To translate takes twice as long as to see that nothing has to be: most texts are simplified.
    return folded if characters.isdisjoint(folded) else folded.translate(table)


def index_words(folded: str) -> str:
    """Return *folded* text for the full-text index: words apart, Han runs as overlapping pairs.

    The last character of a run follows alone, so that each character begins a word, and pairs that
    stand together in the index stand together in the text.

    >>> index_words("改革开放40年 it之家，你")
    '改革 革开 开放 放 40 年 it 之家 家 ， 你'
    """
    if len(folded) <= LONG:
        return _words(folded)
    out, start = [], 0
    while start < len(folded):
        cut = WORD_END.search(folded, start + LONG)
        end = cut.end() if cut else len(folded)
        if HAN_RUN.fullmatch(folded[end - 1 : end + 1]) and end < len(folded):
            # The run goes on: its last character here begins a pair, and none alone.
            words = _words(folded[start : end + 1]).rpartition(" ")[0]
        else:
            words = _words(folded[start:end])
        out += [words] if words else []
        start = end
    return " ".join(out)


def _words(folded: str) -> str:
    words: list[str] = []
    for place, piece in enumerate(HAN_PIECES.split(folded)):
        if place % 2:
            words += map(add, piece, piece[1:])
            words.append(piece[-1])
        else:
            words += piece.split()
    return " ".join(words)


def index_phrase(folded: str) -> tuple[str, bool]:
    """Return the words that stand in the index wherever *folded* stands in a text.

    The flag tells whether the last one is only the beginning of a word: a lone Han character.

    >>> index_phrase("改革开放"), index_phrase("A股")
    (('改革 革开 开放', False), ('A 股', True))
    """
    end = len(folded)
    while end and not folded[end - 1].isalnum():
        end -= 1
    folded = folded[:end]
    words = index_words(folded)
    if not folded or not HAN_RUN.match(folded[-1]):
        return words, False
    if len(folded) > 1 and HAN_RUN.match(folded[-2]):
        # The text may go on, so the end of the run is not asked for.
        return words.rpartition(" ")[0], False
    return words, True


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for variant, kept in variants().items():
        found[kept] = found.get(kept, kept) + variant
    for start, end in (*SPELLED, *COMPATIBLE):
        for character in map(chr, range(start, end)):
            plain = "".join(
                c
                for c in unicodedata.normalize("NFD", search_fold(character))
                if not unicodedata.combining(c)
            )
            if len(plain) == 1 and plain != character:
                found[plain] = found.get(plain, plain) + character
    return found


def spellings(character: str) -> str:
    """Return the characters that are searched for as the folded *character*, itself first.

    >>> spellings("发")
    '发發髮'
    """
    return _spellings().get(character, character)
