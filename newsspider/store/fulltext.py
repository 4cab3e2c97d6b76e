"""Full text over overlapping Han pairs: what is indexed, what a hit shows. No SQL."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from newsspider.store.question import Words, site_word
from newsspider.store.readings import Reading, folded
from newsspider.text import HAN
from newsspider.variants import index_phrase, index_words, search_fold, spellings

SNIPPET_LENGTH = 120
"""Characters of a snippet, its ellipses aside."""
SNIPPET_LEAD = 30
"""Characters that stand before the first hit."""

TITLE_WEIGHT = 4
"""A word in the title says more than one in the text."""

WORD_RUN = re.compile(f"[{HAN}]+|[^\\W{HAN}]+")
HAN_CHARACTER = re.compile(f"[{HAN}]")
NOTHING = re.compile(r"(?!)")
ACCENTS = re.compile("[\u0300-\u036f]")

Marks = list[list[int]]
"""[start, end) of every hit in a text."""


def index_columns(reading: Reading) -> tuple[str, str, str, str, str]:
    """Return title, body, source, authors, site as the index takes them.

    A row leaves the index by this very text, so a change here, in variants or in text.fold needs a
    migration that fills the index anew.
    """
    authors = " ".join(reading["authors"])
    texts = (reading["title"], reading["body"], reading["source"], authors)
    title, body, source, names = (index_words(folded(text or "")) for text in texts)
    return title, body, source, names, site_word(reading["site"])


def stands_in(words: Words, columns: Mapping[str, str | None]) -> bool:
    """Tell whether the index would find *words*, the last a beginning, in *columns* by name."""
    wanted = columns if words.column is None else (words.column,)
    present = [text for name in wanted if (text := columns[name])]
    if HAN_CHARACTER.fullmatch(words.text):
        return any(form in text for text in present for form in spellings(words.text))
    phrase = f" {_plain(index_phrase(words.text)[0])}"
    return any(phrase in f" {_plain(index_words(search_fold(text)))}" for text in present)


def _plain(words: str) -> str:
    """Return *words* as the tokenizer leaves them: without punctuation and accents."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", words))
    return " ".join(WORD_RUN.findall(unicodedata.normalize("NFC", bare)))


def hits_pattern(wanted: Iterable[Words]) -> re.Pattern[str]:
    """Return a pattern of what *wanted* looks like in a text: any spelling, width and case."""
    patterns = dict.fromkeys(filter(None, map(_pattern, wanted)))
    # The longest first, so that a word is not marked by its beginning.
    return re.compile("|".join(sorted(patterns, key=len, reverse=True))) if patterns else NOTHING


def _pattern(words: Words) -> str:
    runs = WORD_RUN.findall(words.text)
    out = []
    for number, run in enumerate(runs, 1):
        letters = "".join(f"[{re.escape(spellings(character))}]" for character in run)
        if not re.match(f"[{HAN}]", run):
            end = "" if words.begins and number == len(runs) else f"(?![^\\W{HAN}])"
            letters = f"(?<![^\\W{HAN}]){letters}{end}"
        out.append(letters)
    return r"[\W_]{0,9}".join(out)


def marks(text: str, pattern: re.Pattern[str]) -> Marks:
    """Return where *pattern* stands in *text*."""
    return [list(match.span()) for match in pattern.finditer(text)]


def snippet(body: str, pattern: re.Pattern[str]) -> tuple[str, Marks]:
    """Return *body* around its first hit and where the hits stand in it.

    It is one line, with `…` where it is cut.
    """
    hit = pattern.search(body)
    start = max(0, hit.start() - SNIPPET_LEAD) if hit else 0
    end = start + SNIPPET_LENGTH
    text = " ".join(body[start:end].split())
    text = f"{'…' if start else ''}{text}{'…' if end < len(body) else ''}"
    return text, marks(text, pattern)


def ranked(texts: Sequence[tuple[str, str]], wanted: Iterable[Words]) -> list[int]:
    """Return the places of *texts*, titles and bodies, the best for *wanted* first, as bm25 does.

    https://sqlite.org/fts5.html#the_bm25_function
    """
    sizes = [len(title) + len(body) for title, body in texts]
    average = sum(sizes) / max(len(sizes), 1) or 1
    scores = [0.0] * len(texts)
    for words in wanted:
        pattern = hits_pattern((words,))
        counts = [
            TITLE_WEIGHT * len(pattern.findall(title)) + len(pattern.findall(body))
            for title, body in texts
        ]
        present = sum(map(bool, counts))
        rarity = max(math.log((len(texts) - present + 0.5) / (present + 0.5)), 1e-6)
        for place, (count, size) in enumerate(zip(counts, sizes, strict=True)):
            weight = 1.2 * (0.25 + 0.75 * size / average)
            scores[place] += rarity * count * 2.2 / (count + weight)
    # Of equals the first stays first.
    return sorted(range(len(texts)), key=lambda place: -scores[place])
