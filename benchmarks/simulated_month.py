"""Whether a redesign of a simulated portal is seen in the first run after it, and nothing before.

    python benchmarks/simulated_month.py --portal FOLDER [--days 30] [--redesign 22] [--seed 7]

FOLDER holds portal.py, a server on loopback, of which days pass one by one: new articles, edits,
deletions. It is crawled once a day through a proxy that gives it another design from the day of
the redesign on: classes and ids have other names, articles no longer print the line of their 来源;
some say it elsewhere, in their metadata or without the word. Prints the exit status and the alarms
of each day; ends with 1 unless the first day with alarms is that day, and unless the source is
missed within ten days.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from figures import tell
from simulated_portal import Portal, serving

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from month_of_crawls import let_a_day_pass

NAMES = re.compile(r"""(\b(?:class|id)=)(["']?)([^"'>]+)""")
OUTLET = re.compile(r"(?:<small>)?来源\s*[:：](?:</small>)?[^<&]*")
ASKED = ("If-None-Match", "If-Modified-Since")
TOLD = ("Content-Type", "ETag", "Last-Modified", "Location", "Retry-After")
PROFILE = """home = "{home}"
[fields]
body = ".content, td.zw, .rich, .entry-content, #cont, .TRS_Editor"
"""


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are the crawler's business."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""
        return


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)


class Proxy(ThreadingHTTPServer):
    """Passes the portal on under its own address; `is_redesigned` changes every article."""

    daemon_threads = True

    def __init__(self, portal: Portal) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream, self.is_redesigned = portal.base, False
        self.base = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def changed(self, body: bytes, content_type: str) -> bytes:
        """Return *body* with the addresses of the proxy, and in the new design when that is in."""
        if body.startswith(b"\x1f\x8b"):
            return gzip.compress(self.changed(gzip.decompress(body), content_type))
        body = body.replace(self.upstream.encode(), self.base.encode())
        if not self.is_redesigned or "html" not in content_type:
            return body
        try:
            text, encoding = body.decode(), "utf-8"
        except UnicodeDecodeError:
            text, encoding = body.decode("gb18030", "replace"), "gb18030"
        text = NAMES.sub(r"\1\2v2-\3", OUTLET.sub("", text))
        return text.encode(encoding)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Ask the portal and pass its answer on."""
        proxy = self.server
        # What a client has of the old design says nothing of the new one.
        asked = () if proxy.is_redesigned else ASKED
        headers = {name: self.headers[name] for name in asked if self.headers[name]}
        request = urllib.request.Request(proxy.upstream + self.path, headers=headers)
        try:
            answer = OPENER.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = proxy.changed(answer.read(), answer.headers.get("Content-Type", ""))
            self.send_response(answer.status or 500)
            for name in TOLD:
                value = answer.headers.get(name)
                if value and not (proxy.is_redesigned and name in ("ETag", "Last-Modified")):
                    self.send_header(name, value.replace(proxy.upstream, proxy.base))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def crawled(folder: Path) -> dict[str, Any]:
    """Crawl once; return the exit status, the counts and the alarms."""
    done = subprocess.run(
        [sys.executable, "-m", "newsspider", "crawl", "portal", "--delay", "0", "--json"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 3):
        sys.exit(f"the crawl ended with {done.returncode}: {done.stderr[-2000:]}")
    row: dict[str, Any] = json.loads(done.stdout)[0]
    return row


def main() -> None:
    """Run the month."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--portal", type=Path, required=True)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--redesign", type=int, default=22)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    seen: list[list[str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "sites").mkdir()
        with serving(
            given.portal.resolve(), folder, seed=given.seed, articles=given.articles, faults=False
        ) as portal:
            proxy = Proxy(portal)
            text = PROFILE.format(home=proxy.base + "/")
            (folder / "sites" / "portal.toml").write_text(text, encoding="utf-8")
            for day in range(given.days):
                proxy.is_redesigned = day >= given.redesign
                row = crawled(folder)
                alarms = sorted({f"{a['name']} {a['subject'] or ''}" for a in row["alarms"]})
                counts = [row["counts"].get(name, 0) for name in ("new", "changed", "gone")]
                print(f"day {day:2} exit {row['exit']} new/changed/gone {counts} {alarms}")
                seen.append(alarms if row["exit"] == 3 else [])
                portal.control("advance")
                let_a_day_pass(folder / "data" / "archive.db")
            proxy.shutdown()
    first = next((day for day, alarms in enumerate(seen) if alarms), None)
    tell("runs before the redesign", given.redesign)
    tell("alarms in them", sum(map(len, seen[: given.redesign])), "", "0")
    tell("first run with an alarm", "none" if first is None else first, "", str(given.redesign))
    missed = [day for day, alarms in enumerate(seen) if "field_vanished source" in alarms]
    days = missed[0] - given.redesign + 1 if missed else None
    tell("runs until the source is missed", "none" if days is None else days, "", "10 or less")
    sys.exit(first != given.redesign or days is None or not 0 < days <= 10)


if __name__ == "__main__":
    main()
