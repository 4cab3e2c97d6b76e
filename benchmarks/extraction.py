"""What extraction is worth and what it costs, beside the peers that are installed.

    python benchmarks/extraction.py --bench DIR [--pages DIR] [--sets zh-gold,fundus]
                                    [--peers trafilatura,gne] [--python PEERS/bin/python ...]
                                    [--json FILE]
    python benchmarks/extraction.py --only linearity

*--bench* is a folder with `extract_bench.py`, *--pages* (or NEWSSPIDER_PAGES) one with a folder of
saved pages and a `labels.jsonl` for each set. A peer is run by the first interpreter that can
import it. Prints the table of every set, then the cost as a multiple of parsing with lxml in the
same run, then how the cost grows with the size of a page.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from newsspider.extract import extract

FLOOR = "floor-lxml"
OWN = "newsspider"
SIZES_KB = (10, 30, 100, 300, 1_000, 3_000, 10_000)
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = arguments()
    if options.only != "linearity":
        report = measured(options)
        print_costs(report)
        if options.json:
            options.json.write_text(json.dumps(report, indent=1, sort_keys=True) + "\n")
    if options.only != "sets":
        print_linearity()


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--bench", type=Path, help="folder of extract_bench.py")
    parser.add_argument(
        "--pages", type=Path, default=os.environ.get("NEWSSPIDER_PAGES"), help="folder of the sets"
    )
    parser.add_argument("--sets", help="comma-separated; default: all")
    parser.add_argument("--peers", default="trafilatura", help="comma-separated, as the bench has")
    parser.add_argument("--python", action="append", default=[], help="interpreter with peers")
    parser.add_argument("--only", choices=("sets", "linearity"))
    parser.add_argument("--json", type=Path, help="write the bench's report here")
    options = parser.parse_args()
    if options.only != "linearity" and not (options.bench and options.pages):
        parser.error("--bench and --pages (or NEWSSPIDER_PAGES) are needed to measure the sets")
    return options


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Return the bench's report on newsspider, the peers and the floor; its tables are printed."""
    extractors = [OWN, *filter(None, options.peers.split(",")), FLOOR]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [
            *(sys.executable, options.bench / "extract_bench.py", options.pages),
            *("--extractors", ",".join(extractors), "--json", out),
            *("--path", ROOT, "--python", sys.executable),
            *(part for python in options.python for part in ("--python", python)),
            *(("--sets", options.sets) if options.sets else ()),
        ]
        subprocess.run([str(part) for part in command], check=True)
        report: dict[str, Any] = json.loads(out.read_text())
    return report


def print_costs(report: dict[str, Any]) -> None:
    """Print CPU of each extractor as a multiple of parsing alone."""
    print("\n### CPU as a multiple of parsing with lxml in the same run (mean, p95 to p95)\n")
    print("| set | extractor | ms mean | of floor | ms p95 | of floor |")
    print("|---|---|---:|---:|---:|---:|")
    for name, rows in report["sets"].items():
        floor = rows.get(FLOOR, {}).get("cpu_ms")
        for extractor, row in rows.items():
            if extractor == FLOOR or not floor:
                continue
            cpu = row["cpu_ms"]
            mean, p95 = cpu["mean"] / floor["mean"], cpu["p95"] / floor["p95"]
            print(
                f"| {name} | {extractor} | {cpu['mean']:.1f} | {mean:.1f} x "
                f"| {cpu['p95']:.1f} | {p95:.1f} x |"
            )


def print_linearity() -> None:
    """Print the CPU of pages of growing size: the time of a kilobyte stays the same."""
    print("\n### CPU by size of the page\n")
    print("| page kB | ms | ms for 100 kB |")
    print("|---:|---:|---:|")
    extract(page_of(10), "http://news.example.cn/a/20240102_1.html")
    for size_kb in SIZES_KB:
        page = page_of(size_kb)
        start = time.process_time()
        article = extract(page, "http://news.example.cn/a/20240102_1.html")
        spent_ms = 1000 * (time.process_time() - start)
        if "error" in article.provenance:
            sys.exit(f"page of {size_kb} kB: {article.provenance['error']}")
        print(f"| {len(page) / 1000:.0f} | {spent_ms:.1f} | {spent_ms / len(page) * 1e5:.1f} |")


def page_of(size_kb: int) -> bytes:
    """Return a news page of about that size: half of it text, half of it lists of links."""
    paragraph = "<p>　　市水利局昨天完成了{}座水库的汛前检查，闸门、备用电源和水位计逐一试过。</p>"
    entry = "<li><a href='/a/{0}.html'>第{0}号水库汛前检查全部完成</a><span>2024-01-02</span></li>"
    count = size_kb * 1000 // (len(paragraph.encode()) + len(entry.encode()) + 8)
    text = "".join(paragraph.format(n) for n in range(count))
    links = "".join(entry.format(n) for n in range(count))
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>水库检查完成_江城网</title></head>"
        "<body><h1>水库检查完成</h1><div class='info'>来源：江城日报　2024-01-02 10:00</div>"
        f"<div class='content'>{text}</div><h3>相关阅读</h3><ul>{links}</ul></body></html>"
    ).encode()


if __name__ == "__main__":
    main()
