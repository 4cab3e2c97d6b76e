"""Full text over overlapping Han pairs: what is indexed, what a person's words ask. No SQL."""

import re
from dataclasses import dataclass

from newsspider.errors import UsageError
from newsspider.store.readings import Reading, cleaned
from newsspider.text import HAN, fold, han_pairs

MAX_WORDS = 64
"""A search of more words is a text, not a question."""
SNIPPET_LENGTH = 120
"""Characters of a snippet, its ellipses aside."""
SNIPPET_LEAD = 30
"""Characters that stand before the first hit."""

HAN_CHARACTER = re.compile(f"[{HAN}]")
HAN_ALONE = re.compile(f"(?<![{HAN}])[{HAN}](?![{HAN}])")
# Characters younger than the tables of SQLite's tokenizer, which takes them for white space.
UNINDEXED = re.compile("[\u4db6-\u4dbf\u9fcd-\u9fff\U0002b740-\U0003ffff]")
JOINED_WORD = re.compile(r"\w+")


def index_columns(reading: Reading) -> tuple[str, str, str, str]:
    """Return title, body, source, authors as the index takes them.

    A row leaves the index by this very text, so a change here, in text.han_pairs or in text.fold
    needs a migration that fills the index anew.
    """
    authors = " ".join(reading["authors"])
    texts = (reading["title"], reading["body"], reading["source"], authors)
    title, body, source, names = (han_pairs(fold(text or "")) for text in texts)
    return title, body, source, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person searches for, taken apart."""

    words: tuple[str, ...]
    """As typed, without punctuation: what a snippet looks for."""
    match: str | None
    """An FTS5 expression that every hit fulfils; None when nothing of it is in the index."""
    contained: tuple[str, ...]
    """Folded words that a hit must contain: the index knows pairs, not longer or shorter ones."""

    def fits(self, texts: tuple[str, ...]) -> bool:
        """Tell whether every word that the index cannot vouch for is in one of *texts*."""
        if not self.contained:
            return True
        folded = [fold(text) for text in texts]
        return all(any(word in text for text in folded) for word in self.contained)


def ask(text: str) -> Question:
    """Return the question that *text* asks: each of its words must occur; nothing in it is syntax.

    Raises:
        UsageError: it holds no letter, digit or Han character, or too many words.
    """
    words = dict.fromkeys(w for w in cleaned(text).split() if any(map(str.isalnum, fold(w))))
    if not words:
        raise UsageError(f"nothing to search for in {text[:80]!r}")
    if len(words) > MAX_WORDS:
        raise UsageError(f"a search takes at most {MAX_WORDS} words, not {len(words)}")
    folded = [fold(word) for word in words]
    phrases = dict.fromkeys(phrase for word in folded for phrase in _phrases(word))
    parts = dict.fromkeys(part for word in folded for part in JOINED_WORD.findall(word))
    return Question(
        words=tuple(part for word in words for part in JOINED_WORD.findall(word)),
        match=" ".join(f'"{phrase}"' for phrase in phrases) or None,
        contained=tuple(part for part in parts if _needs_look(part)),
    )


def _needs_look(part: str) -> bool:
    """Tell whether the index alone cannot say that *part* occurs: Han other than one pair."""
    if not HAN_CHARACTER.search(part):
        return False
    return len(part) != 2 or bool(HAN_ALONE.search(part) or UNINDEXED.search(part))


def _phrases(folded: str) -> list[str]:
    """Return the phrases that stand in the index wherever *folded* stands in a text."""
    # A lone Han character is a token of its own only where it is alone in the text, too.
    indexed = UNINDEXED.split(folded.replace('"', " "))
    pieces = [piece for part in indexed for piece in HAN_ALONE.split(part)]
    return [han_pairs(piece) for piece in pieces if any(map(str.isalnum, piece))]


def snippet(body: str, words: tuple[str, ...]) -> str:
    """Return the text of *body* around the first of *words*, one line, `…` where it is cut."""
    start = max(0, _first_hit(body, words) - SNIPPET_LEAD)
    end = start + SNIPPET_LENGTH
    text = " ".join(body[start:end].split())
    return f"{'…' if start else ''}{text}{'…' if end < len(body) else ''}"


def _first_hit(body: str, words: tuple[str, ...]) -> int:
    """Return where the first of *words* stands in *body*, 0 when it stands elsewhere."""
    hits = [at for word in words if (at := body.find(word)) >= 0]
    if not hits and len(lowered := body.casefold()) == len(body):
        hits = [at for word in words if (at := lowered.find(word.casefold())) >= 0]
    return min(hits, default=0)
