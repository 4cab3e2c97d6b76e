"""What extraction reaches on saved real pages may not fall: a floor a little under the measured.

Runs where NEWSSPIDER_PAGES names a folder with a folder of pages and labels.jsonl for each set.
Of the larger sets every n-th page is read.
"""

import functools
import gzip
import json
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import folder_of

from newsspider.extract import extract
from newsspider.items import Article

EVERY = {"wcxb-article": 8}
TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
Label = dict[str, Any]


@functools.cache
def read_set(folder: Path, name: str) -> list[tuple[Label, Article]]:
    """Return the labels of a set's pages, each with the article that was read."""
    lines = (folder / name / "labels.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [
        (row, extract(gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes()), url))
        for row in rows[:: EVERY.get(name, 1)]
        for url in [row.get("url")]
    ]


def f1(rows: Iterable[tuple[int, int, int]]) -> float:
    """Return F1 of common, read and labelled counts, summed over pages."""
    common, found, labelled = (sum(column) for column in zip(*rows, strict=True))
    return 2 * common / (found + labelled) if found + labelled else 0.0


def body(pages: list[tuple[Label, Article]]) -> float:
    """Return the mean F1 of runs of four words or Han characters."""
    scores = []
    for label, article in pages:
        if label.get("body"):
            gold, got = _runs(label["body"]), _runs(article.body)
            counts = ((gold & got).total(), got.total(), gold.total())
            scores.append(f1([counts]))
    return statistics.fmean(scores)


def _runs(text: str) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(text.lower())
    return Counter(zip(*(tokens[n:] for n in range(4)), strict=False))


def title(pages: list[tuple[Label, Article]]) -> float:
    """Return the share of headlines that are the labelled one, punctuation aside."""
    return statistics.fmean(
        _bare(article.title) in {_bare(t) for t in [label["title"], *_all(label.get("title_alt"))]}
        for label, article in pages
        if label.get("title")
    )


def day(pages: list[tuple[Label, Article]]) -> float:
    """Return the share of pages whose day of publication is the labelled one."""
    return statistics.fmean(
        str(article.date_published)[:10] in {str(d)[:10] for d in dates}
        for label, article in pages
        for dates in [[label.get("published"), *_all(label.get("published_alt"))]]
        if dates[0]
    )


def authors(pages: list[tuple[Label, Article]]) -> float:
    """Return F1 of the names of authors over all pages that are labelled with any or none."""
    return _names(pages, "authors", lambda article: article.authors)


def editors(pages: list[tuple[Label, Article]]) -> float:
    """Return F1 of the names of editors."""
    return _names(pages, "editor", lambda article: article.editors)


def _names(
    pages: list[tuple[Label, Article]], key: str, found: Callable[[Article], tuple[str, ...]]
) -> float:
    rows = []
    for label, article in pages:
        if key in label:
            gold, got = set(map(_bare, _all(label[key]))), set(map(_bare, found(article)))
            rows.append((len(gold & got), len(got), len(gold)))
    return f1(rows)


def _all(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _bare(text: str | None) -> str:
    return "".join(re.findall(r"[^\W_]", (text or "").lower()))


FLOORS: list[tuple[str, Callable[[list[tuple[Label, Article]]], float], float]] = [
    ("zh-gold", body, 0.975),
    ("zh-gold", title, 0.97),
    ("zh-gold", day, 0.97),
    ("zh-gold", authors, 0.89),
    ("zh-gold", editors, 0.95),
    ("fundus", body, 0.955),
    ("fundus", title, 0.78),
    ("fundus", day, 0.945),
    ("fundus", authors, 0.87),
    ("zyte", body, 0.955),
    ("wcxb-article", body, 0.92),
    ("wcxb-article", title, 0.85),
    ("wcxb-article", authors, 0.69),
]


@pytest.mark.parametrize(
    ("name", "measure", "floor"),
    [pytest.param(*row, id=f"{row[0]}-{row[1].__name__}") for row in FLOORS],
)
def test_quality_stays(
    name: str, measure: Callable[[list[tuple[Label, Article]]], float], floor: float
) -> None:
    folder = folder_of("NEWSSPIDER_PAGES")
    if not (folder / name / "labels.jsonl").exists():
        pytest.skip(f"{folder} has no set {name}")
    assert measure(read_set(folder, name)) >= floor
