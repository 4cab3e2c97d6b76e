"""Addresses within a page: the XPath of an element, the key path of a value in JSON-LD."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

PLAIN_TAG = re.compile(r"[A-Za-z][\w.-]*")
MAX_LEAVES = 20_000


@dataclass(frozen=True, slots=True)
class _Step:
    parent: etree._Element | None
    tag: str
    number: int
    """Among the elements of its tag around it, from 1; among all for a tag that no XPath names."""


class Paths:
    """The XPath of every element of one tree, as it was before anything was taken off it."""

    def __init__(self) -> None:
        # Keeping the elements keeps them the same objects: lxml makes them anew otherwise.
        self._steps: dict[etree._Element, _Step] = {}
        self._counts: dict[etree._Element | None, Counter[str]] = {}

    def note(self, root: etree._Element) -> None:
        """Take down where the elements of the tree of *root* stand; forget any other tree."""
        self._steps.clear()
        self._counts.clear()
        for element in root.iter(etree.Element):
            parent = element.getparent()
            counts = self._counts.setdefault(parent, Counter())
            tag = element.tag if PLAIN_TAG.fullmatch(element.tag) else "*"
            counts["*"] += 1
            if tag != "*":
                counts[tag] += 1
            self._steps[element] = _Step(parent, tag, counts[tag])

    def of(self, element: etree._Element) -> str | None:
        """Return the XPath of *element*; None when it is of no tree that was noted."""
        steps: list[str] = []
        at: etree._Element | None = element
        while at is not None:
            step = self._steps.get(at)
            if step is None:
                return None
            alone = self._counts[step.parent][step.tag] == 1
            steps.append(step.tag if alone else f"{step.tag}[{step.number}]")
            at = step.parent
        return "/" + "/".join(reversed(steps))

    def elements(self) -> Iterable[etree._Element]:
        """Return every element, in document order."""
        return self._steps


def common_ancestor(elements: Iterable[etree._Element]) -> etree._Element | None:
    """Return the innermost element that holds all of *elements*; None without any."""
    shared: list[etree._Element] | None = None
    for element in elements:
        line = [*reversed(list(element.iterancestors())), element]
        if shared is None:
            shared = line
            continue
        same = 0
        while same < min(len(shared), len(line)) and shared[same] is line[same]:
            same += 1
        shared = shared[:same]
    return shared[-1] if shared else None


def leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the key path and the text of every string and number in JSON, in its order.

    >>> list(leaves({"@graph": [{"author": {"name": "于新"}}]}))
    [('$.@graph[0].author.name', '于新')]
    """
    todo: list[tuple[str, Any]] = [("$", value)]
    for _ in range(MAX_LEAVES):
        if not todo:
            return
        path, one = todo.pop()
        if isinstance(one, dict):
            todo.extend((f"{path}.{key}", inner) for key, inner in reversed(one.items()))
        elif isinstance(one, list):
            todo.extend((f"{path}[{n}]", one[n]) for n in reversed(range(len(one))))
        elif isinstance(one, str | int | float) and not isinstance(one, bool):
            yield path, str(one)


def value_at(value: Any, path: str) -> str | None:
    """Return the text at a key *path* of `leaves`; None when nothing is there.

    >>> value_at({"@graph": [{"name": "于新"}]}, "$.@graph[0].name")
    '于新'
    """
    return next((text for at, text in leaves(value) if at == path), None)
