#!/usr/bin/env python3
"""Learn which blocks of a page are text of its article, and say how good that is.

    python benchmarks/train_body.py PAGES [--write]

PAGES holds the sets below: one gzipped page a file and labels.jsonl, with the text of the article
(`body`) or with lines that it has and has not (`body_with`, `body_without`). Boosted trees of
scikit-learn, which nothing else here needs, over the numbers of newsspider.extract.passages; sites
never stand in two folds of the cross-validation. News is often of one paragraph, pages with labels
seldom: the trees are tried, too, on each page with all of its article but the first paragraphs
taken off. --write puts the trees of all pages into newsspider/extract/trees.py.
"""

import argparse
import gzip
import json
import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from labelled import cut, truths
from sklearn.ensemble import HistGradientBoostingClassifier

from newsspider.extract.blocks import Block
from newsspider.extract.passages import ADD, DROP, NAMES, candidates, features
from newsspider.extract.scene import Scene
from newsspider.extract.survey import Page, Stage, survey
from newsspider.extract.title import key_of
from newsspider.urls import site_key_or_none

SETS = {"zh-gold": 3.0, "zyte": 1.5, "fundus": 1.5, "wcxb-article": 1.0, "trafilatura": 1.0}
"""How much a page of each set counts; Chinese pages are few."""
CUT_TO = (1, 3)
"""Paragraphs that are left of the article on the pages that are cut."""
CUT_WEIGHT = 0.0
"""How much a cut page counts, beside the whole one. Already at 0.05 the trees, which drop more of
what stands around short articles then, leave out last paragraphs of longer ones: in some pages of
a thousand, and text that is lost weighs more than a line too many.
"""
FOLDS = 5
TREES, LEAVES, RATE = 40, 12, 0.25
FIRST = 10
"""Trees that are asked before the others."""
PLAIN = [math.inf] * len(NAMES)
"""Numbers of the blocks that nobody asks the trees about."""
MODULE = Path(__file__).parent.parent / "newsspider" / "extract" / "trees.py"


@dataclass(slots=True, kw_only=True)
class Sample:
    """One page: its candidate blocks with their numbers, and which of them are text."""

    kind: str
    id: str
    site: str
    blocks: list[Block]
    numbers: numpy.ndarray[Any, Any]
    truth: list[float | None]
    """Share of each block that is in the article; None where the label does not tell."""
    size: int
    """Bytes of text of the article on the page, also outside the candidates."""
    weight: float


def read_scene(html: bytes, url: str | None) -> tuple[Scene, str]:
    """Return a page as the rules alone read it, and the key of its headline."""
    scene = survey(Page(html=html, url=url), Stage(), judge=False).scene
    return scene, key_of(scene.headline.text) if scene.headline else ""


def read_samples(pages: Path) -> list[Sample]:
    """Return a sample for each page on which the rules find any text, and for each cut one."""
    out = []
    for kind, weight in SETS.items():
        for line in (pages / kind / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            html = gzip.decompress((pages / kind / f"{label['id']}.html.gz").read_bytes())
            versions = [(kind, html, weight)]
            if label.get("body"):
                versions += [
                    (f"{kind} cut to {n}", short[0], CUT_WEIGHT * weight)
                    for n in CUT_TO
                    if (short := cut(html, label, n))
                ]
            for name, page, count in versions:
                if sample := read_sample(name, page, label, count):
                    out.append(sample)
    return out


def read_sample(kind: str, html: bytes, label: dict[str, Any], weight: float) -> Sample | None:
    """Return what is learnt of one page; None where the rules find no text."""
    scene, key = read_scene(html, label.get("url"))
    if not (candidate := candidates(scene, key)):
        return None
    numbers = list(features(scene, candidate))
    blocks = scene.outline.blocks
    truth = truths(blocks, label)
    return Sample(
        kind=kind,
        id=label["id"],
        site=site_key_or_none(label.get("url")) or label["id"],
        blocks=candidate,
        numbers=numpy.array([row or PLAIN for row in numbers], dtype=float),
        truth=[truth[block.position] for block in candidate],
        size=sum(b.size for b, t in zip(blocks, truth, strict=True) if t and t >= 0.5),
        weight=weight,
    )


def weights(sample: Sample) -> list[float]:
    """Return how much each block counts: by its share of the article, or of what is labelled."""
    if any(t is None for t in sample.truth) and sample.kind == "trafilatura":
        told = sum(t is not None for t in sample.truth) or 1
        shares = [0.0 if t is None else 1 / told for t in sample.truth]
    else:
        shares = [
            0.0 if t is None else min(1.0, b.size / (sample.size or 1)) + 0.004
            for b, t in zip(sample.blocks, sample.truth, strict=True)
        ]
    return [sample.weight * share for share in shares]


def learn(samples: Sequence[Sample]) -> HistGradientBoostingClassifier:
    """Return the trees that tell text from the rest in *samples*."""
    inputs = numpy.concatenate([s.numbers for s in samples])
    truth = numpy.concatenate([[(t or 0.0) >= 0.5 for t in s.truth] for s in samples])
    weight = numpy.concatenate([weights(s) for s in samples])
    used = (weight > 0) & numpy.isfinite(inputs[:, 0])
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=60,
        l2_regularization=10.0,
        max_features=0.3,
        early_stopping=False,
        random_state=1,
    )
    return model.fit(inputs[used], truth[used], sample_weight=weight[used] / weight[used].mean())


def cross_validated(samples: Sequence[Sample]) -> list[numpy.ndarray[Any, Any]]:
    """Return for each sample the scores of its blocks, from trees that never saw its site."""
    out: list[numpy.ndarray[Any, Any]] = [numpy.zeros(0)] * len(samples)
    for fold in range(FOLDS):
        held = [zlib.crc32(s.site.encode()) % FOLDS == fold for s in samples]
        model = learn([s for s, kept in zip(samples, held, strict=True) if not kept])
        for at, sample in enumerate(samples):
            if held[at]:
                out[at] = model.decision_function(sample.numbers)
    return out


def chosen(sample: Sample, scores: Sequence[float]) -> list[bool]:
    """Return which blocks the article keeps at these scores, as passages.judged does."""
    kept = sample.numbers[:, NAMES.index("kept")]
    return [
        bool(math.isinf(k) or s > (DROP if k else ADD)) for s, k in zip(scores, kept, strict=True)
    ]


def report(samples: Sequence[Sample], keeps: Sequence[Sequence[bool]]) -> None:
    """Print precision, recall and their mean by set, in bytes of blocks, averaged over pages."""
    for kind in dict.fromkeys(sample.kind for sample in samples):
        pairs = []
        for sample, keep in zip(samples, keeps, strict=True):
            if sample.kind != kind or not sample.size:
                continue
            told = [
                (block.size, t >= 0.5, k)
                for block, t, k in zip(sample.blocks, sample.truth, keep, strict=True)
                if t is not None
            ]
            right = sum(size for size, text, k in told if text and k)
            pairs.append((right / (sum(s for s, _, k in told if k) or 1), right / sample.size))
        precision = sum(p for p, _ in pairs) / len(pairs)
        recall = sum(r for _, r in pairs) / len(pairs)
        mean = 2 * precision * recall / (precision + recall)
        print(f"{kind:24} precision {precision:.4f} recall {recall:.4f} F1 {mean:.4f}")


def written(model: HistGradientBoostingClassifier) -> str:
    """Return the source of trees.py: its two functions, with new sums."""
    sums = [f"+ {_expression(tree.nodes, 0)}" for (tree,) in model._predictors]
    bias = f"{float(model._baseline_prediction.ravel()[0]):.3f}"
    bodies = iter(([bias, *sums[:FIRST]], ["total", *sums[FIRST:]]))
    return re.sub(
        r"(?<=return \(\n).*?(?=^    \))",
        lambda _: "".join(f"        {line}\n" for line in next(bodies)),
        MODULE.read_text(encoding="utf-8"),
        flags=re.S | re.M,
    )


def _expression(nodes: Any, at: int) -> str:
    """Return one tree, from the node *at* on, as an expression of the numbers n."""
    node = nodes[at]
    if node["is_leaf"]:
        return f"{node['value']:.3f}"
    low, high = (_expression(nodes, node[way]) for way in ("left", "right"))
    return f"({low} if n[{node['feature_idx']}] <= {float(node['num_threshold']):.5g} else {high})"


def main() -> None:
    """Train, report, and write the module where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true", help="replace newsspider/extract/trees.py")
    arguments = parser.parse_args()
    samples = read_samples(arguments.pages)
    print("the rules alone:")
    report(samples, [s.numbers[:, NAMES.index("kept")] > 0 for s in samples])
    print("cross-validated by site:")
    scores = cross_validated(samples)
    report(samples, [chosen(s, found) for s, found in zip(samples, scores, strict=True)])
    model = learn(samples)
    print("on the pages that it learnt from:")
    report(samples, [chosen(s, model.decision_function(s.numbers)) for s in samples])
    if arguments.write:
        MODULE.write_text(written(model), encoding="utf-8")


if __name__ == "__main__":
    main()
