"""What reading the archive again comes to, field by field, for people and programs."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from newsspider.items import ARTICLE_FIELDS
from newsspider.reread.work import Kind, Result

KINDS: tuple[Kind, ...] = ("gained", "lost", "changed")
EXAMPLES = 3
"""Articles that are shown for each field and kind of difference."""
COUNTED = ("unchanged", "differs", "current", "foreign")
"""Verdicts of which only the number is told."""
ASIDE = ("no_record", "unreadable", "refused")
"""Verdicts that leave an article as it is and are told one by one."""
REASONS = 20
"""Different reasons that are kept for each of them; the ids are kept all."""


@dataclass(slots=True)
class Aside:
    """Articles that stay as they are, and why."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    reasons: dict[str, int] = field(default_factory=dict)
    """Reason, and the first article that it is told of."""

    def add(self, result: Result) -> None:
        """Take *result* down."""
        self.ids.append(result.article_id)
        reason = result.reason or ""
        if len(self.reasons) < REASONS:
            self.reasons.setdefault(reason, result.article_id)

    def as_json(self) -> dict[str, Any]:
        """Return count, all ids, and the reasons with an article each."""
        reasons = [{"reason": why, "article_id": first} for why, first in self.reasons.items()]
        return {"count": len(self.ids), "ids": self.ids.tolist(), "reasons": reasons}


class Report:
    """Counts of what was compared and written; its size does not grow with the articles but for
    eight bytes for each that is left aside.
    """

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.fields: dict[str, Counter[Kind]] = {}
        self.examples: dict[str, dict[Kind, list[dict[str, Any]]]] = {}
        self.aside = {name: Aside() for name in ASIDE}

    def add(self, result: Result) -> None:
        """Count *result*."""
        self.verdicts[result.verdict] += 1
        if result.verdict in self.aside:
            self.aside[result.verdict].add(result)
        for name, change in result.changes.items():
            self.fields.setdefault(name, Counter())[change.kind] += 1
            shown = self.examples.setdefault(name, {}).setdefault(change.kind, [])
            if len(shown) < EXAMPLES:
                values = {"before": change.before, "after": change.after}
                shown.append({"article_id": result.article_id, **values})

    @property
    def has_alarms(self) -> bool:
        """Tell whether something that should be readable is not."""
        return bool(self.verdicts["unreadable"] or self.verdicts["refused"])

    def as_json(self, *, dry_run: bool) -> dict[str, Any]:
        """Return the whole report as plain values."""
        return {
            "dry_run": dry_run,
            "articles": self.verdicts.total(),
            **{name: self.verdicts[name] for name in COUNTED},
            "replaced": self.written["replaced"],
            "passed": self.written["passed"],
            "fields": [
                {
                    "field": name,
                    **{kind: self.fields[name][kind] for kind in KINDS},
                    "examples": self.examples[name],
                }
                for name in ARTICLE_FIELDS
                if name in self.fields
            ],
            **{name: aside.as_json() for name, aside in self.aside.items()},
        }
