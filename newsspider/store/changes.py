"""What kind of change an edit is: classes of the differences between two readings. No SQL."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

CLASSES = (
    "title",
    "wording",
    "number",
    "date",
    "source",
    "credit",
    "section",
    "picture",
    "paragraph removed",
    "paragraph added",
    "field vanished",
    "punctuation only",
)
"""Every class, in the order in which a revision names them.

`title` is headline, 引题 or 副题; `number` a figure in the body, `date` the time of publication;
`credit` a person, a role or the dateline; `picture` what is written below one; `field vanished`
something that was stated and is not any more; `punctuation only` stands alone: marks, white space
and the borders of paragraphs.
"""

FIELD_CLASSES = {
    "title": "title",
    "kicker": "title",
    "subtitle": "title",
    "date_published": "date",
    "source": "source",
    "authors": "credit",
    "editors": "credit",
    "credits": "credit",
    "dateline": "credit",
    "section": "section",
    "images": "picture",
}
"""Class of a change of each field but the body."""

ALIKE = 0.5
"""Share of the shorter of two paragraphs that makes one of them the other's new form."""
MOST_LOOKED_AT = 30
"""Paragraphs that may be the new form of one that is gone: the next ones in a changed place."""
MOST_TOKENS = 3000
"""Of longer paragraphs and texts only what they hold is compared, not its order."""

TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]|[^\w\s]|_")
LATIN_WORD = re.compile(r"[^\W\d_\u2e80-\U0003ffff]+")
HAN_FIGURES = frozenset("〇零一二三四五六七八九十百千万萬亿億两兩半")
UNWRITTEN = re.compile(r"[\W_]+")


def classes(changes: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return the classes of an edit, given as {field: (old, new)}, in the order of CLASSES.

    Fields that state nothing to a reader have no class; [] when there is no other.
    """
    found: set[str] = set()
    marks = False
    for name, (old, new) in changes.items():
        if name == "body":
            here = body_classes(old or "", new or "")
        elif name in FIELD_CLASSES:
            here = _field_classes(name, old, new)
        else:
            continue
        if name == "dateline" and "body" in changes and here == {"credit"}:
            # A dateline is part of the body, whose classes say what changed in it.
            continue
        marks = marks or not here
        found |= here
    if marks and not found:
        found.add("punctuation only")
    return [name for name in CLASSES if name in found]


def _field_classes(name: str, old: Any, new: Any) -> set[str]:
    """Return the class of one field; empty when only punctuation differs."""
    if name == "credits":
        old, new = ([c for c in items or () if c["name"]] for items in (old, new))
        if old and {c["role"] for c in old} - {c["role"] for c in new}:
            return {"field vanished"}
    elif name == "images":
        old, new = ([(i["caption"], i["credit"]) for i in images or ()] for images in (old, new))
    elif old and not new:
        return {"field vanished"}
    if name != "date_published" and isinstance(old, str) and isinstance(new, str):
        same = UNWRITTEN.sub("", old) == UNWRITTEN.sub("", new)
        return set() if same else {FIELD_CLASSES[name]}
    return {FIELD_CLASSES[name]}


# -- the body ------------------------------------------------------------------------------------


def body_classes(old: str, new: str) -> set[str]:
    """Return the classes of a change of the text; empty when only punctuation differs."""
    if old.strip() and not new.strip():
        return {"field vanished"}
    if UNWRITTEN.sub("", old) == UNWRITTEN.sub("", new):
        return set()
    before, after = _without_ends(_paragraphs(old), _paragraphs(new))
    found: set[str] = set()
    for one, other in _pairs(before, after):
        if other is None:
            found.add("paragraph removed")
        elif one is None:
            found.add("paragraph added")
        else:
            found |= _text_classes(one, other)
    return found


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs that hold a letter or digit, white space taken out at their ends."""
    return [line.strip() for line in text.split("\n") if UNWRITTEN.sub("", line)]


def _without_ends(one: Sequence[Any], other: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return both less what they begin and end with alike."""
    start, least = 0, min(len(one), len(other))
    while start < least and one[start] == other[start]:
        start += 1
    end = 0
    while end < least - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return list(one[start : len(one) - end]), list(other[start : len(other) - end])


def _pairs(
    before: list[str], after: list[str]
) -> Iterator[tuple[str, None] | tuple[None, str] | tuple[str, str]]:
    """Yield paragraphs that became others, that went (other None) and that came (one None)."""
    if len(before) + len(after) > MOST_TOKENS:
        gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
        yield from _matched(list(gone)[:100], list(come)[:100])
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _matched(before[a:b], after[c:d])


def _matched(
    gone: list[str], come: list[str]
) -> Iterator[tuple[str, None] | tuple[None, str] | tuple[str, str]]:
    """Pair the paragraphs of a changed place, in their order, by how much of them is the same."""
    left = list(come)
    bags = {text: _bag(text) for text in (*gone, *come)}
    for one in gone:
        best, share = None, ALIKE
        for other in left[:MOST_LOOKED_AT]:
            size = min(bags[one].total(), bags[other].total())
            same = (bags[one] & bags[other]).total() / size if size else 0.0
            if same > share:
                best, share = other, same
        if best is None:
            yield one, None
        else:
            left.remove(best)
            yield one, best
    for other in left:
        yield None, other


def _bag(text: str) -> Counter[str]:
    plain = UNWRITTEN.sub("", text)
    return Counter(map("".join, pairwise(plain))) if len(plain) > 1 else Counter(plain)


def _text_classes(old: str, new: str) -> set[str]:
    """Return wording, number or both for two forms of one paragraph; empty for punctuation."""
    before, after = _without_ends(_tokens(old), _tokens(new))
    if len(before) + len(after) > MOST_TOKENS:
        gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
        return _span_classes(gone.elements(), come.elements())
    found: set[str] = set()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found |= _span_classes(before[a:b], after[c:d])
    return found


def _tokens(text: str) -> list[str]:
    """Return figures, Latin words, single characters of other scripts and marks."""
    tokens: list[str] = []
    place = 0
    for match in LATIN_WORD.finditer(text):
        tokens += TOKEN.findall(text, place, match.start())
        tokens.append(match[0])
        place = match.end()
    return tokens + TOKEN.findall(text, place)


def _span_classes(gone: Iterable[str], come: Iterable[str]) -> set[str]:
    """Return the classes of a place where the tokens *gone* became *come*."""
    before, after = _written(gone), _written(come)
    if before == after:
        return set()
    digits = all(token[0].isdigit() for token in before + after)
    # 一 is a word as often as a figure: it is one where figures stand on both sides.
    figures = bool(before and after) and all(
        token[0].isdigit() or token in HAN_FIGURES for token in before + after
    )
    return {"number"} if digits or figures else {"wording"}


def _written(tokens: Iterable[str]) -> list[str]:
    return [token for token in tokens if UNWRITTEN.sub("", token)]
