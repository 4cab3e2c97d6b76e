"""Patterns of the vocabulary: compiled when first used, searched where they can occur at all."""

import re
from collections.abc import Sequence
from functools import lru_cache

LONG = 2_000
"""Characters of a text that is not remembered: it may have half a million, and comes but once."""
MEMORY = 1_024
"""Texts about which a pattern remembers whether it was found in them: the rules ask again about the
same line, and the pages of a site repeat their furniture.
"""


class Phrases:
    """A pattern, blind to case, that is looked for only in texts with a word that it needs.

    *needs* are lower-case words, a bar between them; every match holds one of them. Looking for
    them takes a fiftieth of the time that the pattern takes.
    """

    __slots__ = ("_compiled", "_needs", "_plain_needs", "_source", "holds")

    def __init__(self, source: str, *, needs: str = "") -> None:
        self._source = source
        self._needs = tuple(needs.split("|")) if needs else ()
        self._plain_needs = tuple(word for word in self._needs if word.isascii())
        self._compiled: re.Pattern[str] | None = None
        remembered = lru_cache(maxsize=MEMORY)(self._holds)

        def holds(text: str) -> bool:
            return remembered(text) if len(text) < LONG else self._holds(text)

        self.holds = holds
        """Tell whether a text holds a match."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern itself."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, re.I)
        return self._compiled

    def may_occur(self, text: str) -> bool:
        """Tell at little cost whether *text* holds a word that the pattern needs."""
        if not self._needs:
            return True
        low = text.lower()
        needs = self._plain_needs if text.isascii() else self._needs
        # A generator would take longer than the search for the words.
        return True in [word in low for word in needs]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match anywhere in *text*; None without one."""
        return self.pattern.search(text) if self.may_occur(text) else None

    def _holds(self, text: str) -> bool:
        return self.search(text) is not None

    def held_by(self, texts: Sequence[str]) -> int:
        """Return how many of *texts* hold a match; words that none of them has are looked for
        once.
        """
        lows = [text.lower() for text in texts]
        together = "\n".join(lows)
        needs = [word for word in self._needs if word in together]
        if self._needs and not needs:
            return 0
        search = self.pattern.search
        return sum(
            search(text) is not None
            for text, low in zip(texts, lows, strict=True)
            if not needs or True in [word in low for word in needs]
        )

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of *text*; None without one."""
        return self.pattern.match(text) if self.may_occur(text) else None
