"""The memory of long crawls: some 20,000 articles over five simulated days.

    python benchmarks/soak.py --portal FOLDER [--articles 18500] [--days 5]

FOLDER holds portal.py, a server on loopback. The first day's crawl meets a portal never seen, each
further day's what is new, and the last one everything known again. Prints for each crawl the
resident memory after its first thousand pages, its largest afterwards, and the growth, which is to
stay under 50 MB. Exit status 1 when it does not, or when articles are missed.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from simulated_portal import Portal, Verdict, command_of, judge_stock, serving

GROWTH_MB = 50.0
FIRST_PAGES = 1000
EVERY_S = 1.0


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process, 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0]) / 1024 if sizes else 0.0


def watched(portal: Portal, db: Path, name: str, *options: str) -> float:
    """Crawl, print one line, and return how much memory grew after the first thousand pages."""
    portal.control("reset-stats")
    started = time.monotonic()
    # The machine may be busy: no page here is slow by design.
    command = command_of(portal, db, "-s", "DOWNLOAD_TIMEOUT=30", *options)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    settled = largest = 0.0
    pages = 0
    while process.poll() is None:
        time.sleep(EVERY_S)
        now = resident_mb(process.pid)
        pages = portal.control("stats")["total"]
        if pages < FIRST_PAGES:
            settled = now or settled
        largest = max(largest, now)
    if process.returncode:
        sys.exit(f"the crawl ended with {process.returncode}")
    growth = max(0.0, largest - settled)
    print(
        f"{name}: {pages} pages in {time.monotonic() - started:.0f} s, {settled:.0f} MB after"
        f" {FIRST_PAGES}, {largest:.0f} MB at most, growth {growth:.0f} MB",
        flush=True,
    )
    return growth


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--portal", type=Path, required=True, help="folder of portal.py")
    parser.add_argument("--articles", type=int, default=18_500)
    parser.add_argument("--days", type=int, default=5)
    args = parser.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        db = scratch / "soak.db"
        with serving(args.portal, scratch, seed=1, articles=args.articles, faults=False) as portal:
            growths = [watched(portal, db, "day 1")]
            for day in range(2, args.days + 1):
                portal.control("advance")
                growths.append(watched(portal, db, f"day {day}"))
            growths.append(watched(portal, db, f"day {args.days}, all", "--revisit", "all"))
            judge_stock(verdict, portal.truth(), db)
    print(verdict.figures)
    verdict.check("growth in MB", round(max(growths)), fine=max(growths) < GROWTH_MB)
    for fault in verdict.faults:
        print("NOT AS WANTED:", fault)
    sys.exit(1 if verdict.faults else 0)


if __name__ == "__main__":
    main()
