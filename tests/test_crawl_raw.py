"""Answers that are no sound HTTP, or have no end: each costs its address, never the crawl."""

import itertools
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, article_page, list_page
from raw_server import Play, RawServer, answer, playing

GOOD = {f"/a/{n}.html": f"第{n}座水库今天完成汛前检查" for n in range(20)}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PEAK_MB = 250
MEASURED = (
    "import resource, subprocess, sys;"
    "done = subprocess.run(sys.argv[1:]);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr);"
    "sys.exit(done.returncode)"
)


@dataclass(kw_only=True)
class Crawled:
    """What a crawl of a site with hostile pages came to."""

    server: RawServer
    exit: int
    counts: dict[str, float]
    peak_mb: float
    stderr: str
    articles: set[str]
    errors: dict[str, str]


def crawl(folder: Path, plays: dict[str, Play | bytes], *options: str) -> Crawled:
    """Crawl twenty sound articles and *plays*, all of them named on the front page."""
    site = {path: answer(article_page(title)) for path, title in GOOD.items()}
    names = {path: f"水库汛前检查的新进展 {n}" for n, path in enumerate(plays)}
    front = answer(list_page("要闻", {**names, **GOOD}))
    db = folder / "a.db"
    with playing({"/": front, **site, **plays}) as server:
        done = subprocess.run(
            [
                *(sys.executable, "-c", MEASURED, sys.executable, "-m", "newsspider", "crawl"),
                *(server.url + "/", "--db", str(db), "--delay", "0", "--json"),
                *("-s", "DOWNLOAD_TIMEOUT=5", *options),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    assert "Traceback" not in done.stderr, done.stderr
    connection = sqlite3.connect(db)
    try:
        rows = connection.execute("select url from articles").fetchall()
        errors = connection.execute("select url, error from urls where error is not null")
        found = {urlsplit(url).path: error for url, error in errors}
    finally:
        connection.close()
    return Crawled(
        server=server,
        exit=done.returncode,
        counts=json.loads(done.stdout)[0]["counts"],
        peak_mb=int(done.stderr.strip().splitlines()[-1]) / 1024,
        stderr=done.stderr,
        articles={urlsplit(row[0]).path for row in rows},
        errors=found,
    )


def forever(piece: bytes, *, first: bytes = b"") -> Play:
    """Return a play that sends *first*, then *piece* until nobody takes it any more."""

    def play() -> Iterator[bytes]:
        yield first
        yield from itertools.repeat(piece * max(1, 65536 // len(piece)))

    return play


HEADS: dict[str, Play | bytes] = {
    "/headers.html": forever(b"X-More: of this\r\n", first=OK),
    "/names.html": forever(b"a:\n", first=OK),
    "/no-colon.html": forever(b"nothing\r\n", first=OK),
    "/one-header.html": forever(b"x", first=OK + b"X-Long: "),
    "/folded.html": forever(b" folded\r\n", first=OK + b"X-Long: a\r\n"),
    "/status.html": forever(b"x", first=b"HTTP/1.1 200 "),
    "/continue.html": forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "/hints.html": forever(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "/cookies.html": answer(
        article_page("甲"), *(f"Set-Cookie: c{n}={n}; Path=/; HttpOnly" for n in range(10_000))
    ),
}
BODIES: dict[str, Play | bytes] = {
    "/extension.html": forever(b"x", first=OK + b"Transfer-Encoding: chunked\r\n\r\n5;"),
    "/trailers.html": forever(
        b"X-More: of this\r\n", first=OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    ),
}


def test_headers_without_end_cost_their_address_alone(tmp_path: Path) -> None:
    done = crawl(tmp_path, {**HEADS, **BODIES})
    assert done.exit in (0, 3), done.stderr
    assert done.articles == GOOD.keys()
    assert {path: done.errors[path] for path in HEADS} == dict.fromkeys(
        HEADS, "the headers are too large"
    )
    assert BODIES.keys() <= done.errors.keys()
    # Nothing of it is asked for twice in a run.
    assert {path: done.server.hits[path] for path in HEADS} == dict.fromkeys(HEADS, 1)
    assert done.peak_mb < PEAK_MB
    assert done.counts["seconds"] < 10


@pytest.mark.parametrize("size", [4_000, 60_000])
def test_long_headers_are_taken(tmp_path: Path, size: int) -> None:
    page = answer(
        article_page("一座水库今天完成汛前检查"), f"Content-Security-Policy: {'x' * size}"
    )
    done = crawl(tmp_path, {"/long.html": page})
    assert done.exit == 0, done.stderr
    assert done.articles == {*GOOD, "/long.html"}
