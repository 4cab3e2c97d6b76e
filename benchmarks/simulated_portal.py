"""A crawl of a simulated portal against the portal's own account of what it published.

    python benchmarks/simulated_portal.py --portal FOLDER [--seeds 1,2,3] [--articles 1000]
    python benchmarks/simulated_portal.py --portal FOLDER --seeds 1 --kills 20

FOLDER holds portal.py, a server on loopback that writes a manifest of its articles, edits,
deletions and traps. For each seed: a first crawl; a day passes; a crawl of what is due; one with
--revisit all. --days lets further days pass, each crawled with --revisit all. --kills ends the
first crawl with SIGKILL so many times before it may finish, and compares what came of it with an
undisturbed one, article by article. Exit status 1 when something is not as it should be.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsspider import Archive

RECALL = 0.995
REQUESTS_AN_ARTICLE = 1.4
SECOND_DAY_SHARE = 0.2
PEAK_MB = 250
TRAP = "/f/"
# What the manifest says of traps whose page is an article, to be kept once.
HOLDS_AN_ARTICLE = (
    "then the article",
    "extract the rest",
    "decode",
    "see the same page behind the ids",
)
# Whole stories too, whatever else they are there for; one with a hostile title may be refused.
MAY_HOLD_ONE = ("stored as data, never run or rendered raw", "no stack overflow", "bounded time")
# What of an article must be the same whether its crawl was killed or not.
SAME = (
    "url title body body_html date_published date_modified source authors editors credits section"
    " language images related keywords page_urls status revision"
).split()


@dataclass(kw_only=True)
class Portal:
    """One running portal.py."""

    base: str
    manifest: Path

    def control(self, name: str) -> dict[str, Any]:
        """Return the answer to a control request."""
        with urllib.request.urlopen(f"{self.base}/__control/{name}") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def truth(self) -> dict[str, Any]:
        """Return the manifest as it stands."""
        found: dict[str, Any] = json.loads(self.manifest.read_text(encoding="utf-8"))
        return found


@contextmanager
def serving(
    folder: Path, scratch: Path, *, seed: int, articles: int, faults: bool
) -> Iterator[Portal]:
    """Run a portal for the time of the block."""
    manifest = scratch / f"truth-{seed}.json"
    command = [sys.executable, str(folder / "portal.py"), "--articles", str(articles)]
    command += ["--seed", str(seed), "--manifest", str(manifest)]
    process = subprocess.Popen(
        [*command, *(["--faults"] if faults else [])], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield Portal(base=process.stdout.readline().strip(), manifest=manifest)
    finally:
        process.terminate()
        process.wait(timeout=20)


def command_of(portal: Portal, db: Path, *options: str) -> list[str]:
    """Return the command of one crawl."""
    command = [sys.executable, "-m", "newsspider", "crawl", portal.base + "/", "--db", str(db)]
    return [*command, "--delay", "0", "--json", "-s", "DOWNLOAD_TIMEOUT=5", *options]


def crawl(portal: Portal, db: Path, *options: str) -> dict[str, Any]:
    """Crawl to the end; return the run's counts, `exit`, and `requests`, `stats` of the portal."""
    portal.control("reset-stats")
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command_of(portal, db, *options), stdout=out, stderr=errors)
        # Of this process alone: what its parent knows of its children is the largest of them all.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 3, 4):
            sys.exit(f"the crawl ended with {process.returncode}: {errors.read()[-2000:]}")
        counts: dict[str, Any] = json.load(out)[0]["counts"]
    stats = portal.control("stats")
    useful = sum(n for kind, n in stats["requests"].items() if not kind.startswith("trap"))
    counts |= {"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    return {**counts, "exit": process.returncode, "requests": useful, "stats": stats}


def rows_of(db: Path, columns: str = "url, status, revision") -> list[sqlite3.Row]:
    """Return every stored article."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(f"select id, {columns} from articles order by id").fetchall()
    finally:
        connection.close()


def path_of(url: str) -> str:
    """Return *url* less its origin, as the manifest writes addresses."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@dataclass(kw_only=True)
class Verdict:
    """What of one seed was measured, and what was not as it should be."""

    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def check(self, name: str, found: Any, *, fine: bool) -> None:
        """Note a figure; *fine* tells whether it is as it should be."""
        self.figures[name] = found
        if not fine:
            self.faults.append(f"{name}: {found}")

    def none(self, name: str, found: Mapping[str, Any] | set[str] | list[str]) -> None:
        """Note that *found* should be empty."""
        self.figures[name] = len(found)
        if found:
            self.faults.append(f"{name}: {', '.join(sorted(map(str, found))[:8])}")


def judge_stock(verdict: Verdict, truth: dict[str, Any], db: Path, *, day: str = "") -> None:
    """Compare what is stored with what the portal has."""
    stored = Counter(path_of(row["url"]) for row in rows_of(db) if row["status"] == "live")
    owners = {}
    for article in truth["articles"]:
        ways = [article["url"], *article["pages"], *(a["url"] for a in article["aliases"])]
        owners |= dict.fromkeys(ways, article["url"])
    live = {a["url"] for a in truth["articles"] if a["status"] == "live"}
    ours = {path for path in stored if not path.startswith(TRAP)}
    found = Counter(owners[path] for path in ours if path in owners)
    recall = len(live & found.keys()) / len(live)
    verdict.check(f"recall{day}", round(recall, 4), fine=recall >= RECALL)
    verdict.figures[f"missed{day}"] = sorted(live - found.keys())[:5]
    verdict.none(f"stored twice{day}", {path: n for path, n in found.items() if n > 1})
    verdict.none(f"stored, but no live article{day}", ours - live)
    expected = {trap["url"]: trap["expect"] for trap in truth["traps"]}
    trapped = {path for path in stored if path.startswith(TRAP)}
    must = {url for url, said in expected.items() if said.endswith(HOLDS_AN_ARTICLE)}
    may = {url for url, said in expected.items() if said in MAY_HOLD_ONE}
    verdict.none(f"trap articles missed{day}", must - trapped)
    verdict.none(f"trap pages stored{day}", trapped - must - may)


def judge_fields(verdict: Verdict, truth: dict[str, Any], db: Path, *, day: str = "") -> None:
    """Compare title, text, source, times and people of each live article with what was published.

    People are noted alone: the portal names some in its texts that its account leaves out.
    """
    columns = "url, title, body, source, editors, authors, date_published"
    rows = {path_of(row["url"]): row for row in rows_of(db, columns)}
    unlike: dict[str, set[str]] = {}
    for article in truth["articles"]:
        row = rows.get(article["url"])
        if row is None or article["status"] != "live":
            continue
        printed = article["published"].replace(" ", "T")
        size = {"day": 10, "minute": 16}.get(article["precision"], 19)
        same = {
            "titles": plain(row["title"]) == plain(article["title"]),
            "texts": plain(row["body"]) == plain(article["body"]),
            "sources": plain(row["source"]) == plain(article["source"]),
            "times": (row["date_published"] or "")[:size] == printed[:size],
            "editors": "".join(json.loads(row["editors"])) == (article["editor"] or ""),
            "authors": json.loads(row["authors"]) == article["authors"],
        }
        for name, is_same in same.items():
            if not is_same:
                unlike.setdefault(name, set()).add(article["url"])
    for name in ("titles", "texts", "sources", "times", "editors"):
        verdict.none(f"{name} not as published{day}", unlike.get(name, set()))
    verdict.figures[f"authors not as accounted{day}"] = len(unlike.get("authors", ()))


def plain(text: str | None) -> str:
    """Return *text* without white space."""
    return "".join((text or "").split())


def judge_manners(verdict: Verdict, run: dict[str, Any], name: str) -> None:
    """Note what was asked for that should not have been."""
    stats = run["stats"]
    verdict.check(f"{name}: disallowed", stats["disallowed"], fine=not stats["disallowed"])
    hits = sum(stats["ssrf_hits"].values())
    verdict.check(f"{name}: probe hits", hits, fine=not hits)
    # A run of few requests meets all the traps that fail each time: the alarm (3) is right then.
    verdict.check(f"{name}: exit", run["exit"], fine=run["exit"] in (0, 3))
    verdict.figures[f"{name}: s"] = round(run["seconds"], 1)
    verdict.figures[f"{name}: CPU s"] = round(run["cpu_s"], 1)
    peak_mb = round(run["peak_mb"])
    verdict.check(f"{name}: peak MB", peak_mb, fine=peak_mb <= PEAK_MB)


def first_crawl(verdict: Verdict, portal: Portal, db: Path) -> int:
    """Crawl a portal never seen before; return the number of requests."""
    run = crawl(portal, db)
    truth = portal.truth()
    live = sum(a["status"] == "live" for a in truth["articles"])
    each = run["requests"] / live
    verdict.check("requests an article", round(each, 3), fine=each <= REQUESTS_AN_ARTICLE)
    judge_manners(verdict, run, "first")
    judge_stock(verdict, truth, db)
    judge_fields(verdict, truth, db)
    return int(run["requests"])


def next_day(verdict: Verdict, portal: Portal, db: Path, first: int) -> None:
    """Let a day pass; crawl what is due, then everything known."""
    before = {path_of(row["url"]): row["revision"] for row in rows_of(db)}
    change = portal.control("advance")
    truth = portal.truth()
    day = f" on day {truth['t']}"
    url_of = {a["id"]: a["url"] for a in truth["articles"]}
    new, edited, deleted = ({url_of[i] for i in change[k]} for k in ("new", "edited", "deleted"))
    run = crawl(portal, db)
    judge_manners(verdict, run, f"due{day}")
    stored = {path_of(row["url"]) for row in rows_of(db)}
    verdict.none(f"new ones not found{day}", new - stored)
    share = run["requests"] / first
    verdict.check(f"requests{day} / first", round(share, 3), fine=share <= SECOND_DAY_SHARE)
    run = crawl(portal, db, "--revisit", "all")
    judge_manners(verdict, run, f"all{day}")
    judge_stock(verdict, truth, db, day=day)
    judge_fields(verdict, truth, db, day=day)
    rows = {path_of(row["url"]): row for row in rows_of(db)}
    changed = {p for p, n in before.items() if rows[p]["revision"] > n}
    wanted = edited & before.keys()
    verdict.check(
        f"edits{day}", f"{len(wanted & changed)} of {len(wanted)}", fine=wanted <= changed
    )
    verdict.none(f"edits invented{day}", changed - wanted)
    gone = {p for p in before if rows[p]["status"] != "live"}
    ever = {a["url"] for a in truth["articles"] if a["status"] == "deleted"} & before.keys()
    verdict.check(f"gone{day}", f"{len(ever & gone)} of {len(ever)}", fine=deleted <= gone >= ever)
    verdict.none(f"deletions invented{day}", gone - ever)
    verdict.figures[f"304s{day}"] = run["stats"]["not_modified"]


def content(db: Path, base: str) -> dict[str, dict[str, Any]]:
    """Return what an archive holds of each article, its server's address taken out."""
    with Archive(db, read_only=True) as archive:
        rows = [
            json.loads(json.dumps({name: row[name] for name in SAME}).replace(base, ""))
            for row in archive.rows()
        ]
    return {row["url"]: row for row in rows}


def killed_crawl(portal: Portal, db: Path, kills: int, dice: random.Random, wall_s: float) -> int:
    """Crawl until it ends by itself after *kills* SIGKILLs at random moments; return the kills."""
    done = 0
    while True:
        process = subprocess.Popen(
            command_of(portal, db), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            # Sooner than an undisturbed crawl takes, so that most kills meet one at work.
            limit = 1 + wall_s * dice.uniform(0.02, 0.2) if done < kills else 1200
            _, stderr = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            done += 1
            continue
        if process.returncode != 0:
            sys.exit(f"the crawl after {done} kills ended with {process.returncode}: {stderr}")
        if done >= kills:
            return done
        # It was through before its time: what is left of the kills meets crawls of known pages.
        kills -= 1


def judge_kills(verdict: Verdict, folder: Path, scratch: Path, args: argparse.Namespace) -> None:
    """Kill crawls at random moments and compare the archive with an undisturbed one's."""
    seed = int(args.seeds.split(",")[0])
    options = {"seed": seed, "articles": args.articles, "faults": args.faults}
    whole, hurt = scratch / "whole.db", scratch / "hurt.db"
    with serving(folder, scratch, **options) as portal:
        started = time.monotonic()
        crawl(portal, whole)
        wall_s = time.monotonic() - started
        undisturbed = content(whole, portal.base)
    with serving(folder, scratch, **options) as portal:
        verdict.figures["kills"] = killed_crawl(
            portal, hurt, args.kills, random.Random(seed), wall_s
        )
        disturbed = content(hurt, portal.base)
    verdict.figures["articles compared"] = len(undisturbed)
    verdict.none("missing after kills", undisturbed.keys() - disturbed.keys())
    verdict.none("too many after kills", disturbed.keys() - undisturbed.keys())
    differing = {
        f"{url} ({', '.join(k for k in SAME if undisturbed[url][k] != disturbed[url][k])})"
        for url in undisturbed.keys() & disturbed.keys()
        if undisturbed[url] != disturbed[url]
    }
    verdict.none("differing after kills", differing)


def judge_seed(folder: Path, scratch: Path, seed: int, args: argparse.Namespace) -> Verdict:
    """Crawl one portal over its days."""
    verdict = Verdict()
    db = scratch / f"{seed}.db"
    with serving(folder, scratch, seed=seed, articles=args.articles, faults=args.faults) as portal:
        first = first_crawl(verdict, portal, db)
        for _ in range(args.days):
            next_day(verdict, portal, db, first)
    return verdict


def main() -> None:
    """Measure, print, exit with 1 when a wanted figure is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--portal", type=Path, required=True, help="folder of portal.py")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--no-faults", dest="faults", action="store_false", help="without traps")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="leave the archives there, in place of older ones",
    )
    args = parser.parse_args()
    failed = False
    with ExitStack() as stack:
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            for old in args.keep.glob("*.db*"):
                old.unlink()
        scratch = args.keep or stack.enter_context(tempfile.TemporaryDirectory())
        verdicts: dict[str, Verdict] = {}
        if args.kills:
            verdicts["kills"] = Verdict()
            judge_kills(verdicts["kills"], args.portal, Path(scratch), args)
        else:
            for seed in map(int, args.seeds.split(",")):
                verdicts[f"seed {seed}"] = judge_seed(args.portal, Path(scratch), seed, args)
        for name, verdict in verdicts.items():
            print(name, json.dumps(verdict.figures, ensure_ascii=False, indent=1))
            for fault in verdict.faults:
                print("  NOT AS WANTED:", fault)
            failed = failed or bool(verdict.faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
