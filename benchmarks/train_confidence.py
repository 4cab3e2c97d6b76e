#!/usr/bin/env python3
"""Learn the weights of newsspider.extract.confidence, and say how good they are.

    python benchmarks/train_confidence.py PAGES [--write]

PAGES holds the sets zh-gold, fundus, zyte, wcxb-article (articles) and not-article (others): one
gzipped page a file and labels.jsonl. A logistic regression with an L2 penalty, solved by Newton's
method in plain Python; sites never stand in two folds of the cross-validation. --write puts the
weights of all pages into newsspider/extract/weights.py. Every set counts the same per page.
"""

import argparse
import bisect
import gzip
import json
import math
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newsspider.extract.confidence import is_missing_notice, signals
from newsspider.extract.origin import find_origin
from newsspider.extract.survey import Page, Stage, survey
from newsspider.extract.times import find_times
from newsspider.urls import site_key_or_none

ARTICLES = ("zh-gold", "fundus", "zyte", "wcxb-article")
OTHERS = "not-article"
FOLDS = 5
PENALTY = 2.0
ROUNDS = 12
TARGET_KEPT = 0.98
MODULE = Path(__file__).parent.parent / "newsspider" / "extract" / "weights.py"
HEAD = '''"""What each signal weighs; benchmarks/train_confidence.py made it."""

WEIGHTS: dict[str, float] = {
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page: its signals, whether it is an article, its site and its kind."""

    found: dict[str, float]
    article: bool
    site: str
    kind: str


def read_samples(pages: Path) -> list[Sample]:
    """Return a sample for each page with text; the others need no weights."""
    out = []
    for name in (*ARTICLES, OTHERS):
        for line in (pages / name / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            html = gzip.decompress((pages / name / f"{label['id']}.html.gz").read_bytes())
            scene = survey(Page(html=html, url=label.get("url")), Stage()).scene
            title = scene.headline.text if scene.headline else ""
            text = "\n".join(block.text for block in scene.body.blocks)
            if not text or is_missing_notice(f"{title} {scene.head.title}", text):
                print(f"no text: {name} {label['id']}")
                continue
            found = signals(scene, find_times(scene), find_origin(scene))
            out.append(
                Sample(
                    found=found,
                    article=name != OTHERS,
                    site=site_key_or_none(label.get("url")) or label["id"],
                    kind=label.get("page_type") or name,
                )
            )
    return out


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return x of matrix x = right, by elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            if factor:
                rows[below] = [b - factor * a for a, b in zip(rows[at], rows[below], strict=True)]
    out = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][i] * out[i] for i in range(at + 1, size))
        out[at] = (rows[at][size] - known) / rows[at][at]
    return out


def learn(samples: Sequence[Sample], names: Sequence[str]) -> list[float]:
    """Return the weights of *names*, the bias first."""
    inputs = [[1.0, *(s.found[name] for name in names)] for s in samples]
    weights = [0.0] * (len(names) + 1)
    # Articles are more numerous by far; half of the say goes to the others.
    articles = sum(s.article for s in samples)
    others = len(samples) - articles
    share = {True: len(samples) / (2 * articles), False: len(samples) / (2 * others)}
    for _ in range(ROUNDS):
        size = len(weights)
        gradient = [PENALTY * w if i else 0.0 for i, w in enumerate(weights)]
        hessian = [[PENALTY if i == j and i else 0.0 for j in range(size)] for i in range(size)]
        for sample, row in zip(samples, inputs, strict=True):
            chance = sigmoid(sum(w * x for w, x in zip(weights, row, strict=True)))
            slope = share[sample.article] * (chance - sample.article)
            curve = share[sample.article] * max(chance * (1 - chance), 1e-6)
            present = [i for i, x in enumerate(row) if x]
            for i in present:
                gradient[i] += slope * row[i]
                scaled, line = curve * row[i], hessian[i]
                for j in present:
                    line[j] += scaled * row[j]
        step = solve(hessian, gradient)
        weights = [w - s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return weights


def sigmoid(score: float) -> float:
    """Return the logistic function of *score*."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def score_of(sample: Sample, weights: Sequence[float], names: Sequence[str]) -> float:
    """Return the score of a page; 0 is the watershed."""
    return weights[0] + sum(w * sample.found[n] for w, n in zip(weights[1:], names, strict=True))


def cross_validated(samples: Sequence[Sample], names: Sequence[str]) -> list[float]:
    """Return a score for each sample from weights that never saw its site."""
    out = [0.0] * len(samples)
    for fold in range(FOLDS):
        held = [zlib.crc32(s.site.encode()) % FOLDS == fold for s in samples]
        weights = learn([s for s, out_ in zip(samples, held, strict=True) if not out_], names)
        for at, sample in enumerate(samples):
            if held[at]:
                out[at] = score_of(sample, weights, names)
    return out


def report(samples: Sequence[Sample], scores: Sequence[float], shift: float) -> None:
    """Print the area under the curve and the share at or above the watershed by kind."""
    good = [score for s, score in zip(samples, scores, strict=True) if s.article]
    bad = sorted(score for s, score in zip(samples, scores, strict=True) if not s.article)
    below = sum((bisect.bisect_left(bad, g) + bisect.bisect_right(bad, g)) / 2 for g in good)
    print(f"AUC {below / (len(good) * len(bad)):.4f}")
    kinds: dict[str, list[bool]] = defaultdict(list)
    for sample, score in zip(samples, scores, strict=True):
        kinds[sample.kind].append(score + shift >= 0)
    for kind, passed in sorted(kinds.items()):
        share = sum(passed) / len(passed)
        print(f"{kind:16} {len(passed):5} pages, {share:6.1%} taken for articles")


def main() -> None:
    """Train, report, and write the module where asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument(
        "--write", action="store_true", help="replace newsspider/extract/weights.py"
    )
    arguments = parser.parse_args()
    samples = read_samples(arguments.pages)
    names = sorted(samples[0].found)
    scores = cross_validated(samples, names)
    kept = sorted(score for s, score in zip(samples, scores, strict=True) if s.article)
    shift = -kept[int((1 - TARGET_KEPT) * len(kept))]
    print("cross-validated, the watershed set to keep most articles:")
    report(samples, scores, shift)
    weights = learn(samples, names)
    weights[0] += shift
    print("on the pages that it learnt from:")
    report(samples, [score_of(s, weights, names) for s in samples], 0.0)
    if arguments.write:
        lines = [f'    "{n}": {w:.2f},\n' for n, w in zip(["bias", *names], weights, strict=True)]
        MODULE.write_text(HEAD + "".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
