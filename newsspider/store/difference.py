"""Two texts compared for a reader: paragraphs, then sentences, then characters or words. No SQL."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from newsspider.text import HAN

Mark = Literal["=", "-", "+"]

SENTENCE = re.compile(r"(?:[^。！？!?；;….\n]|\.(?!\s))*(?:[。！？!?；;….\n]+[”’」』\"')）\s]*|\Z)")
LETTERS = re.compile(rf"\d+(?:[.,:]\d+)+|[^\W{HAN}]+|.", re.S)
"""Figures, words, and single characters: what differs is shown as a whole."""
MOST_LETTERS = 1_000
"""A sentence of more words and characters is no sentence: only its ends are compared."""
MOST_WEIGHED = 1_000_000
"""Characters read to find out which paragraph or sentence became which; for more, order decides."""
LEAST_ALIKE = 0.4
"""Share of the letters that two paragraphs or sentences have in common to be one, changed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have (=), only the old one (-), or only the new one (+)."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph that differs."""

    before: int | None
    """Its number in the old text, from 1; None when it is new."""
    after: int | None
    pieces: list[Piece]


def compare_lines(old: str, new: str) -> list[Line]:
    """Return the paragraphs that differ, in the order in which a reader meets them."""
    lines = []
    for before, after in _pairs(old.split("\n"), new.split("\n")):
        if before is None or after is None or before[1] != after[1]:
            pieces = compare_texts(before[1] if before else "", after[1] if after else "")
            lines.append(
                Line(
                    before=before[0] + 1 if before else None,
                    after=after[0] + 1 if after else None,
                    pieces=pieces,
                )
            )
    return [line for line in lines if line.pieces]


def compare_texts(old: str, new: str) -> list[Piece]:
    """Return *old* and *new* as pieces; the = and - pieces are *old*, the = and + pieces are *new*.

    >>> [piece.mark + piece.text for piece in compare_texts("3人受伤。", "5人受伤。")]
    ['-3', '+5', '=人受伤。']
    """
    pieces: list[Piece] = []
    for before, after in _pairs(_sentences(old), _sentences(new)):
        if before and after:
            pieces += _compare_sentences(before[1], after[1])
        elif before:
            pieces.append(Piece("-", before[1]))
        elif after:
            pieces.append(Piece("+", after[1]))
    return _joined(pieces)


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE.findall(text) if sentence]


Place = tuple[int, str]
Pair = tuple[Place | None, Place | None]


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Yield the elements of both in order, those that are alike together."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (((i1 + n, old[i1 + n]), (j1 + n, new[j1 + n])) for n in range(i2 - i1))
        else:
            yield from _aligned(list(enumerate(old[i1:i2], i1)), list(enumerate(new[j1:j2], j1)))


def _aligned(old: list[Place], new: list[Place]) -> Iterator[Pair]:
    """Yield elements that differ, each beside the one that it became."""
    sizes = [sum(len(text) for _, text in side) for side in (old, new)]
    is_weighed = sizes[0] * len(new) + sizes[1] * len(old) <= MOST_WEIGHED
    at = 0
    for place in old:
        match = None
        if is_weighed:
            likeness = [_likeness(place[1], other[1]) for other in new[at:]]
            if likeness and max(likeness) >= LEAST_ALIKE:
                match = at + likeness.index(max(likeness))
        elif at < len(new) and _likeness(place[1], new[at][1]) >= LEAST_ALIKE:
            match = at
        if match is None:
            yield place, None
        else:
            yield from ((None, other) for other in new[at:match])
            yield place, new[match]
            at = match + 1
    yield from ((None, other) for other in new[at:])


def _likeness(old: str, new: str) -> float:
    if 2 * min(len(old), len(new)) < LEAST_ALIKE * (len(old) + len(new)) or not old:
        return 0.0
    both = Counter(old) & Counter(new)
    return 2 * both.total() / (len(old) + len(new))


def _compare_sentences(old: str, new: str) -> list[Piece]:
    if old == new:
        return [Piece("=", old)]
    before, after = LETTERS.findall(old), LETTERS.findall(new)
    if max(len(before), len(after)) > MOST_LETTERS:
        return _compare_ends(before, after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("=", "".join(before[i1:i2])))
        else:
            pieces += [Piece("-", "".join(before[i1:i2])), Piece("+", "".join(after[j1:j2]))]
    return _smoothed(pieces)


def _compare_ends(old: list[str], new: list[str]) -> list[Piece]:
    shortest = min(len(old), len(new))
    start = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    left = shortest - start
    end = next((n for n in range(left) if old[-1 - n] != new[-1 - n]), left)
    return [
        Piece("=", "".join(old[:start])),
        Piece("-", "".join(old[start : len(old) - end])),
        Piece("+", "".join(new[start : len(new) - end])),
        Piece("=", "".join(old[len(old) - end :])),
    ]


def _smoothed(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* without single letters kept between longer changes: they are chance."""
    out: list[Piece] = []
    for number, piece in enumerate(pieces):
        inner = 1 < number < len(pieces) - 2
        if inner and piece.mark == "=" and len(piece.text) == 1:
            around = pieces[number - 2 : number] + pieces[number + 1 : number + 3]
            if min(sum(len(p.text) for p in around if p.mark == mark) for mark in "-+") > 3:
                out += [Piece("-", piece.text), Piece("+", piece.text)]
                continue
        out.append(piece)
    return out


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* with neighbours of one mark made one, what is gone before what is new."""
    out: list[Piece] = []
    gone = new = ""
    for piece in [*pieces, Piece("=", "")]:
        if piece.mark == "-":
            gone += piece.text
        elif piece.mark == "+":
            new += piece.text
        else:
            out += [p for p in (Piece("-", gone), Piece("+", new)) if p.text]
            gone = new = ""
            if out and out[-1].mark == "=":
                out[-1] = Piece("=", out[-1].text + piece.text)
            elif piece.text:
                out.append(piece)
    return out
