"""Pages whose article is known: which blocks are its text, and shorter pages made of them."""

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lxml import etree

from newsspider.extract.blocks import Block
from newsspider.extract.survey import Page, Stage, survey

LEAST_PARAGRAPH = 60
"""Bytes; a shorter line is no paragraph to be left alone."""
SHINGLE = 4
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")


def tokens(text: str) -> list[str]:
    """Return the words of *text*, each Han character one."""
    return _TOKEN.findall(text.lower())


def truths(blocks: Sequence[Block], label: dict[str, Any]) -> list[float | None]:
    """Return for each block the share of it that the label has as text; None: not told."""
    if label.get("body"):
        found = aligned([tokens(block.text) for block in blocks], tokens(label["body"]))
        free = [*label.get("optional", []), *label.get("captions_excluded", [])]
        lines = {line.strip() for text in free for line in text.split("\n")}
        return [None if b.text in lines else t for b, t in zip(blocks, found, strict=True)]
    held = [" ".join(text.lower().split()) for text in label.get("body_with") or []]
    barred = [" ".join(text.lower().split()) for text in label.get("body_without") or []]
    out: list[float | None] = []
    for block in blocks:
        low = block.text.lower()
        has, lacks = any(t in low for t in held), any(t in low for t in barred)
        out.append(1.0 if has else 0.0 if lacks else None)
    return out


def aligned(blocks: list[list[str]], gold: list[str]) -> list[float | None]:
    """Return the share of each block that stands in *gold*, each stretch of gold taken once, in
    the order of the page; None for a block without words.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(gold) - SHINGLE + 1):
        places.setdefault(tuple(gold[at : at + SHINGLE]), []).append(at)
    shares, offers = [0.0] * len(blocks), []
    for index, words in enumerate(blocks):
        starts: Counter[int] = Counter()
        for at in range(len(words) - SHINGLE + 1):
            found = places.get(tuple(words[at : at + SHINGLE]), ())
            shares[index] += bool(found)
            starts.update(place - at for place in found[:8])
        shares[index] /= max(1, len(words) - SHINGLE + 1)
        if shares[index] >= 0.3:
            offers += [(index, start, count) for start, count in starts.most_common(3)]
    chain = _chain(offers)
    taken = {tuple(blocks[index]) for index in chain}
    for index, words in enumerate(blocks):
        if index not in chain and (shares[index] < 0.5 or tuple(words) in taken):
            shares[index] = 0.0
    _place_short(blocks, gold, chain, shares)
    return [share if words else None for share, words in zip(shares, blocks, strict=True)]


def _chain(offers: list[tuple[int, int, int]]) -> dict[int, int]:
    """Return places in the gold text by block: those in one order that cover most."""
    offers.sort(key=lambda one: (one[0], -one[1]))
    best: list[int] = []
    before: list[int] = []
    for at, (index, start, count) in enumerate(offers):
        value, link = count, -1
        for earlier in range(max(0, at - 400), at):
            fits = offers[earlier][0] < index and offers[earlier][1] <= start
            if fits and best[earlier] + count > value:
                value, link = best[earlier] + count, earlier
        best.append(value)
        before.append(link)
    at = max(range(len(offers)), key=best.__getitem__, default=-1)
    out: dict[int, int] = {}
    while at >= 0:
        out[offers[at][0]] = offers[at][1]
        at = before[at]
    return out


def _place_short(
    blocks: list[list[str]], gold: list[str], chain: dict[int, int], shares: list[float]
) -> None:
    """Give the blocks of few words their share: 1 where they stand between their neighbours."""
    order = sorted(chain)
    for index, words in enumerate(blocks):
        if not 0 < len(words) < SHINGLE or index in chain:
            continue
        at = bisect.bisect(order, index)
        low = chain[order[at - 1]] + len(blocks[order[at - 1]]) - 1 if at else None
        high = chain[order[at]] if at < len(order) else None
        if low is None and high is None:
            continue
        low = max(0, (high or 0) - 40) if low is None else low
        high = low + 40 if high is None else high
        text = f" {' '.join(gold[max(0, low) : high + 1])} "
        shares[index] = float(f" {' '.join(words)} " in text)


def cut(html: bytes, label: dict[str, Any], paragraphs: int) -> tuple[bytes, str] | None:
    """Return a page, as UTF-8, without all of its article but the first *paragraphs*, and the text
    of these; None where the text does not stand in elements of its own.
    """
    trees: list[etree._Element] = []
    scene = survey(Page(html=html, url=label.get("url")), Stage(), trees.append, judge=False).scene
    blocks, nodes = scene.outline.blocks, scene.outline.nodes
    text = [
        b for b, t in zip(blocks, truths(blocks, label), strict=True) if t is not None and t >= 0.5
    ]
    kept = [b for b in text if b.size > LEAST_PARAGRAPH and not b.heading][:paragraphs]
    if len(kept) < paragraphs or len(text) < paragraphs + 3:
        return None
    held = {b.node for b in kept}
    elements = list(trees[-1].iter("*"))
    for block in text:
        if block.node in held:
            continue
        element = elements[nodes[block.node].order]
        words = "".join(map(str, element.itertext())).split()
        if block.node == 0 or len("".join(words)) > 1.1 * len(block.text) + 20:
            return None
        _remove(element)
    html = etree.tostring(trees[-1], encoding="utf-8", method="html")
    return html, "\n".join(block.text for block in kept)


def _remove(element: etree._Element) -> None:
    """Take an element off its tree; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
