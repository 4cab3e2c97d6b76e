#!/usr/bin/env python3
"""How well the text of short articles is found: pages cut to their first paragraphs.

    python benchmarks/short_articles.py PAGES [--sets zyte,fundus] [--peer PYTHON]

News is often of one paragraph, and the notices around it are longer than it is; pages with labels
are seldom so short. Every labelled page of PAGES whose text stands in elements of its own is read
with all of its article but the first one, two and three paragraphs taken off. Printed are
precision, recall and F1 of runs of four words (each Han character one), the mean over pages, and
on how many pages less than half of the text was found. --peer names a Python with trafilatura,
which then reads the same pages. newsspider's trees have learnt from pages cut in this way
(train_body.py, which prints figures by cross-validation, too).
"""

import argparse
import gzip
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from labelled import SHINGLE, cut, tokens

from newsspider import extract

SETS = "zh-gold,zyte,fundus,wcxb-article"
CUT_TO = (1, 2, 3)
UTF_8 = "text/html; charset=utf-8"
# Reads one JSON line a page, prints one a text.
PEER = """
import json
import sys
from trafilatura import bare_extraction
for line in sys.stdin:
    page = json.loads(line)
    read = bare_extraction(page["html"], url=page["url"], with_metadata=True)
    print(json.dumps((read.text or "") if read else ""), flush=True)
"""


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each run of words stands in *text*."""
    words = tokens(text)
    return Counter(
        tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))
    )


def scored(text: str, wanted: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of *text*."""
    found, truth = runs(text), runs(wanted)
    right = (found & truth).total()
    precision, recall = right / found.total(), right / truth.total()
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def show(name: str, paragraphs: int, scores: list[tuple[float, float, float]]) -> None:
    """Print one row."""
    means = [sum(one[column] for one in scores) / len(scores) for column in range(3)]
    lost = sum(recall < 0.5 for _, recall, _ in scores)
    cells = " ".join(f"{mean:9.3f}" for mean in means)
    print(f"{name:12} {paragraphs:10} {len(scores):6} {cells} {lost:6}", flush=True)


def main() -> None:
    """Cut, read and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--peer", metavar="PYTHON", help="one with trafilatura")
    args = parser.parse_args()
    print(f"{'':12} paragraphs  pages precision    recall        F1   lost")
    for paragraphs in CUT_TO:
        cases = []
        for name in args.sets.split(","):
            folder = args.pages / name
            for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
                label = json.loads(line)
                html = gzip.decompress((folder / f"{label['id']}.html.gz").read_bytes())
                if label.get("body") and (short := cut(html, label, paragraphs)):
                    cases.append((label.get("url"), *short))
        ours = [extract(html, url, content_type=UTF_8).body for url, html, _ in cases]
        show("newsspider", paragraphs, [scored(t, c[2]) for t, c in zip(ours, cases, strict=True)])
        if args.peer:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as given:
                for url, html, _ in cases:
                    given.write(json.dumps({"url": url, "html": html.decode()}) + "\n")
                given.seek(0)
                done = subprocess.run(
                    [args.peer, "-c", PEER], stdin=given, capture_output=True, text=True, check=True
                )
            theirs = map(json.loads, done.stdout.splitlines())
            show(
                "trafilatura",
                paragraphs,
                [scored(t, c[2]) for t, c in zip(theirs, cases, strict=True)],
            )


if __name__ == "__main__":
    main()
