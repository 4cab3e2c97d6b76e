"""What one run looked like: counted while it runs, kept with it, compared with later runs."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from newsspider.health.chance import quantile
from newsspider.items import Article

WATCHED = (
    "kicker", "subtitle", "date_published", "source", "authors", "editors", "credits", "dateline",
    "section", "breadcrumbs", "keywords", "description", "images", "related",
)  # fmt: skip
"""Fields whose coverage is watched; what has no title or body is not stored at all."""
EXAMPLES = 5
"""Addresses that are kept for each thing that went wrong."""
BLOCKED = frozenset({401, 403, 407, 429, 451})
GARBLED = ("\ufffd", "锟斤拷")
"""What text that was decoded wrongly leaves behind."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What one run looked like."""

    is_comparable: bool = True
    """It crawled the whole portal and came to its end."""
    profile: str | None = None
    """Version of the profile that it read with."""
    articles: int = 0
    """Articles read, whether new or known."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """How many of these have a field."""
    missed: Mapping[str, int] = field(default_factory=dict)
    """On how many of these the profile's selectors for a field found nothing."""
    new_fields: Mapping[str, int] = field(default_factory=dict)
    """How many of the new articles have a field."""
    new_missed: Mapping[str, int] = field(default_factory=dict)
    """On how many of the new articles the profile's selectors for a field found nothing."""
    lengths: tuple[int, ...] = ()
    """Deciles of the lengths of their bodies in characters, the shortest and the longest first
    and last."""
    garbled: int = 0
    """How many of these have characters that could not be decoded."""
    sections: Mapping[str, int] = field(default_factory=dict)
    """New articles by section."""
    new: int = 0
    """New articles."""
    answers: int = 0
    """Requests that were answered or failed."""
    refused: int = 0
    """Of these: transport errors, statuses 401, 403, 407, 429, 451 and 5xx."""
    refused_again: int = 0
    """Of the refused: those whose address gave no page the last time either."""
    not_modified: int = 0
    """Of the answers: 304."""
    found: int = 0
    """Addresses met for the first time in this run that were read."""
    found_articles: int = 0
    """Of these: articles."""
    newest_age_h: float | None = None
    """Hours since the newest article of the portal was published."""

    @property
    def answered(self) -> tuple[int, int]:
        """How many requests were answered, of those for addresses that are not known to be dead."""
        return self.answers - self.refused, self.answers - self.refused_again

    def as_json(self) -> dict[str, Any]:
        """Return what a row of `runs` keeps."""
        return {**asdict(self), "lengths": list(self.lengths)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self | None:
        """Return what *stored* says; None when the run was not measured."""
        if not stored:
            return None
        known = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        return cls(**{**known, "lengths": tuple(known.get("lengths", ()))})


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run, as it is compared."""

    started: datetime
    measures: Measures
    lists: Mapping[str, int] = field(default_factory=dict)
    """How many addresses of the portal each list named."""
    alarms: frozenset[tuple[str, str]] = frozenset()
    """Name and subject of the alarms that were in force then: it shows nothing usual there."""


class Tally:
    """Counts while a run goes on."""

    def __init__(self) -> None:
        self.fields: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.new_fields: Counter[str] = Counter()
        self.new_missed: Counter[str] = Counter()
        self.sections: Counter[str] = Counter()
        self.lists: dict[str, int] = {}
        self.examples: defaultdict[str, list[str]] = defaultdict(list)
        """Addresses that show something, by what they show: `lacks:source`, `refused`."""
        self._lengths: list[tuple[int, str]] = []
        self._counts: Counter[str] = Counter()

    def article(self, article: Article, *, is_new: bool) -> None:
        """Count an article that was read and stored."""
        self._counts["articles"] += 1
        for name in WATCHED:
            if getattr(article, name):
                self.fields[name] += 1
                self.new_fields[name] += is_new
            else:
                self.example(f"lacks:{name}", article.url)
        for name in filter(None, article.provenance.get("missed", "").split(",")):
            self.missed[name] += 1
            self.new_missed[name] += is_new
            self.example(f"missed:{name}", article.url)
        if any(mark in text for mark in GARBLED for text in (article.title or "", article.body)):
            self._counts["garbled"] += 1
            self.example("garbled", article.url)
        self._lengths.append((len(article.body), article.url))
        if is_new:
            self._counts["new"] += 1
            if article.section:
                self.sections[article.section] += 1

    def answer(
        self,
        url: str,
        *,
        status: int | None,
        links: int | None = None,
        is_repeated: bool = False,
    ) -> None:
        """Count a request for *url*; *links* are what a list names, None where it is none.

        *is_repeated*: the address gave no page the last time either.
        """
        self._counts["answers"] += 1
        if status is None or status >= 500 or status in BLOCKED:
            self._counts["refused"] += 1
            self._counts["refused_again"] += is_repeated
            self.example("refused", url)
        elif status == 304:
            self._counts["not_modified"] += 1
        if links is not None:
            self.lists[url] = links

    def example(self, what: str, url: str) -> None:
        """Keep *url* as one that shows *what*, if there are not enough."""
        if len(self.examples[what]) < EXAMPLES:
            self.examples[what].append(url)

    def shortest(self) -> list[str]:
        """Return the addresses of the articles with the shortest bodies."""
        return [url for _, url in sorted(self._lengths)[:EXAMPLES]]

    def measures(self, **known: Any) -> Measures:
        """Return what was counted, and what is *known* from elsewhere."""
        lengths = [length for length, _ in self._lengths]
        deciles = tuple(round(quantile(lengths, n / 10)) for n in range(11)) if lengths else ()
        return Measures(
            fields=dict(self.fields),
            missed=dict(self.missed),
            new_fields=dict(+self.new_fields),
            new_missed=dict(+self.new_missed),
            sections=dict(self.sections),
            lengths=deciles,
            **{**self._counts, **known},
        )
