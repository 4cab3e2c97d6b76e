"""What a crawl costs beside a bare default Scrapy spider that only fetches the same pages.

    python benchmarks/crawl.py --url http://127.0.0.1:8900/ [--runs 3]

The site must be one's own: it is crawled without brakes. newsspider crawls it into a fresh archive,
once more without a raw archive;
then a spider with Scrapy's default settings asks for exactly the addresses that were fetched and
yields each address. Both run as processes of their own, in turn; CPU is the operating system's
account of each, start-up included. Prints the medians and the ratio pair by pair.
"""

import argparse
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    handle_httpstatus_list = [301, 302, 304, 404]
    async def start(self):
        for line in open(sys.argv[1]):
            yield scrapy.Request(line.strip(), callback=self.parse)
    def parse(self, response):
        yield {"url": response.url}

process = CrawlerProcess({"LOG_LEVEL": "ERROR", **dict(p.split("=", 1) for p in sys.argv[2:])})
process.crawl(Bare)
process.start()
"""
TUNED = ("CONCURRENT_ITEMS=4", "CONCURRENT_REQUESTS=16", "CONCURRENT_REQUESTS_PER_DOMAIN=16")


def measured(command: list[str]) -> tuple[float, float, str]:
    """Run *command*; return its CPU and wall seconds and what it printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}: {done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, done.stdout


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("-s", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    args = parser.parse_args()
    names = ("newsspider", "no raw", "bare", "bare tuned")
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    pages = articles = 0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        for number in range(args.runs):
            db, urls = Path(folder) / f"{number}.db", Path(folder) / f"{number}.txt"
            crawl = [sys.executable, "-m", "newsspider", "crawl", args.url, "--delay", "0"]
            extra = [word for setting in args.settings for word in ("-s", setting)]
            cpu, wall, out = measured([*crawl, "--db", str(db), "--json", *extra])
            counts = json.loads(out)[0]["counts"]
            articles = counts.get("new", 0)
            connection = sqlite3.connect(db)
            fetched = [row[0] for row in connection.execute("select distinct url from fetches")]
            connection.close()
            urls.write_text("\n".join(fetched), encoding="utf-8")
            pages = len(fetched)
            rows["newsspider"].append((cpu, wall))
            without = ["--db", f"{db}.without", "--no-warc", *extra]
            rows["no raw"].append(measured([*crawl, *without])[:2])
            bare = [sys.executable, str(Path(folder) / "bare.py"), str(urls)]
            rows["bare"].append(measured(bare)[:2])
            rows["bare tuned"].append(measured([*bare, *TUNED])[:2])
    print(f"{pages} addresses, {articles} articles, {args.runs} runs; medians")
    print(f"{'':12} {'CPU s':>8} {'ms/page':>8} {'pages/s':>8} {'CPU / bare':>11}")
    pairs = zip(rows["newsspider"], rows["no raw"], rows["bare"], strict=True)
    raw = statistics.median((n[0] - w[0]) / b[0] for n, w, b in pairs)
    print(f"the raw archive costs {raw:.2f} times the bare spider")
    for name, runs in rows.items():
        cpu = statistics.median(r[0] for r in runs)
        wall = statistics.median(r[1] for r in runs)
        ratio = statistics.median(r[0] / b[0] for r, b in zip(runs, rows["bare"], strict=True))
        print(f"{name:12} {cpu:8.2f} {cpu / pages * 1e3:8.2f} {pages / wall:8.0f} {ratio:11.2f}")


if __name__ == "__main__":
    main()
