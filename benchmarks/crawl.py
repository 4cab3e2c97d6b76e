"""What a crawl costs beside a bare default Scrapy spider that only fetches the same pages.

    python benchmarks/crawl.py --url http://127.0.0.1:8901/ [--runs 3] [--profile]
    python benchmarks/crawl.py --url http://127.0.0.1:8901/ --peers PYTHON

The site must be one's own: it is crawled without brakes. newsspider crawls it into a fresh archive,
once more without a raw archive;
then a spider with Scrapy's default settings asks for exactly the addresses that were fetched and
yields each address. Each runs as a process of its own, in turn; CPU is the operating system's
account of each, start-up included. Prints the medians and the ratio pair by pair. "without text" is
newsspider with an empty full-text index.

--profile adds where newsspider's time goes (split.py). --peers names a Python with trafilatura,
news-please and newspaper4k, which then fetch and extract --peer-pages of the stored articles, from
their addresses: what their spiders spend on finding them is not counted. --named-url is the home
page of the same site under a name (portal.py --name), for trafilatura's own spider, which visits as
many pages, its pauses left out.
"""

import argparse
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
WITHOUT_TEXT = """
from newsspider.cli import main
from newsspider.store import fulltext
fulltext.index_columns = lambda reading: ("",) * 5
main()
"""
# Each prints how many of the articles came out with text.
PEERS = {
    "trafilatura": """
import sys
from trafilatura import bare_extraction, fetch_url
from trafilatura.settings import DEFAULT_CONFIG
DEFAULT_CONFIG["DEFAULT"]["SSRF_PROTECTION"] = "off"  # else no page of this machine
found = 0
for line in open(sys.argv[1]):
    page = fetch_url(line.strip())
    read = bare_extraction(page, with_metadata=True) if page else None
    found += bool(read and read.text)
print(found)
""",
    "news-please": """
import sys
from newsplease import NewsPlease
print(sum(bool(NewsPlease.from_url(line.strip()).maintext) for line in open(sys.argv[1])))
""",
    "newspaper4k": """
import sys
import newspaper
print(sum(bool(newspaper.article(line.strip(), language="zh").text) for line in open(sys.argv[1])))
""",
}
# It follows links alone, one page after the other, and takes no bare address.
SPIDER = """
import socket
import sys
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **options: real("127.0.0.1", *rest, **options)
from trafilatura import spider
from trafilatura.settings import DEFAULT_CONFIG
DEFAULT_CONFIG["DEFAULT"]["SSRF_PROTECTION"] = "off"
spider.sleep = lambda seconds: None
spider.focused_crawler(sys.argv[1], max_seen_urls=int(sys.argv[2]), max_known_urls=10**6)
print(sys.argv[2])
"""
TUNED = ("CONCURRENT_ITEMS=4", "CONCURRENT_REQUESTS=16", "CONCURRENT_REQUESTS_PER_DOMAIN=16")


def measured(
    command: list[str], environment: dict[str, str] | None = None
) -> tuple[float, float, str]:
    """Run *command*; return its CPU and wall seconds and what it printed.

    Raises:
        CalledProcessError: it did not end well.
    """
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, done.stdout


def ask(db: Path, sql: str) -> list[str]:
    """Return the first column of what *sql* finds."""
    connection = sqlite3.connect(db)
    try:
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


def peers(python: str, articles: list[str], folder: Path, named_url: str | None) -> None:
    """Print what other programs spend on fetching and reading *articles*, and finding as many."""
    urls = folder / "articles.txt"
    urls.write_text("\n".join(articles), encoding="utf-8")
    commands = {name: [python, "-c", code, str(urls)] for name, code in PEERS.items()}
    if named_url:
        commands["its spider"] = [python, "-c", SPIDER, named_url, str(len(articles))]
    for name, command in commands.items():
        try:
            cpu, wall, out = measured(command)
        except subprocess.CalledProcessError as error:
            print(f"{name:12} did not run: {error.stderr.strip().splitlines()[-1:]}")
            continue
        each, rate = cpu / len(articles) * 1e3, len(articles) / wall
        found = out.split()[-1]
        print(f"{name:12} {cpu:8.2f} {each:8.2f} {rate:8.0f}   ({found} of {len(articles)} pages)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("-s", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--profile", action="store_true", help="add where the time goes")
    parser.add_argument("--peers", metavar="PYTHON", help="with the programs named above")
    parser.add_argument("--named-url", help="the site under a host name, for trafilatura's spider")
    parser.add_argument("--peer-pages", type=int, default=100)
    args = parser.parse_args()
    python = sys.executable
    rows: dict[str, list[tuple[float, float]]] = {}
    fetched: list[str] = []
    articles: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "bare.py").write_text(BARE, encoding="utf-8")
        (folder / "text.py").write_text(WITHOUT_TEXT, encoding="utf-8")
        bare = [python, str(folder / "bare.py"), str(folder / "urls.txt")]
        crawl = ["crawl", args.url, "--delay", "0", "--json"]
        crawl += [word for setting in args.settings for word in ("-s", setting)]
        for number in range(args.runs):
            db, other = folder / f"{number}.db", folder / f"{number}-text.db"
            steps = {"newsspider": [python, "-m", "newsspider", *crawl, "--db", str(db)]}
            steps["without text"] = [python, str(folder / "text.py"), *crawl, "--db", str(other)]
            bald = ["--no-warc", "--db", str(folder / f"{number}-raw.db")]
            steps["no raw"] = [python, "-m", "newsspider", *crawl, *bald]
            steps |= {"bare": bare, "bare tuned": [*bare, *TUNED]}
            for name, command in steps.items():
                rows.setdefault(name, []).append(measured(command)[:2])
                if name == "newsspider":
                    fetched = ask(db, "select distinct url from fetches")
                    articles = ask(db, "select url from articles order by url")
                    (folder / "urls.txt").write_text("\n".join(fetched), encoding="utf-8")
        show(rows, len(fetched), len(articles))
        if args.peers:
            peers(args.peers, articles[: args.peer_pages], folder, args.named_url)
        if args.profile:
            split = [python, str(Path(__file__).with_name("split.py")), *crawl]
            split += ["--db", str(folder / "p.db")]
            subprocess.run(split, stdout=subprocess.DEVNULL, check=True)


def show(rows: dict[str, list[tuple[float, float]]], pages: int, articles: int) -> None:
    """Print the medians, each run beside the bare spider of the same round."""
    print(f"{pages} addresses, {articles} articles, {len(rows['bare'])} runs; medians")
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
