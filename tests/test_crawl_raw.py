"""Answers that are no sound HTTP, or have no end: each costs its address, never the crawl."""

import gzip
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import zlib
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


def page(name: str) -> bytes:
    return article_page(f"第{name}座水库今天完成汛前检查")


def sent_to(place: str) -> bytes:
    return answer(b"", f"Location: {place}", status="302 Found")


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, f"Content-Encoding: {coding}")


def bomb(wbits: int) -> bytes:
    """Return 200 MB of nothing, deflated to 200 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()


CODECS = "zip rot13 idna unicode_escape punycode undefined hex bz2 uu utf-7 utf-32 ../../x".split()
# What holds an article all the same.
READ: dict[str, Play | bytes] = {
    "/gzip-and-more.html": coded(gzip.compress(page("一")) + b"garbage" * 99, "gzip"),
    "/gzip-in-two.html": coded(
        gzip.compress(page("二")[:900]) + gzip.compress(page("二")[900:]), "gzip"
    ),
    "/gzip-twice.html": coded(gzip.compress(gzip.compress(page("三"))), "gzip, gzip"),
    "/raw-deflate.html": coded(zlib.compress(page("四"))[2:-4], "deflate"),
    "/http-1.7.html": answer(page("五")).replace(b"HTTP/1.1", b"HTTP/1.7", 1),
    "/long-type.html": answer(page("六"), kind=f"text/html; charset={'x' * 10_000}"),
    "/long-etag.html": answer(page("七"), f"ETag: {'x' * 50_000}", "Last-Modified: 99 Foo 99999"),
    "/late-date.html": answer(page("八").replace(b"2024-05-06", b"9999-12-31")),
    "/odd-base.html": answer(page("九").replace(b"</head>", b"<base href='http://[::1'></head>")),
    "/deep-json.html": answer(
        page("十").replace(
            b"</head>", b"<script type='application/ld+json'>" + b"[" * 99_999 + b"</script>"
        )
    ),
    "/refresh-self.html": answer(b"<meta http-equiv=refresh content=0>" + page("十一")),
    **{
        f"/charset-{n}.html": answer(page(f"百{n}"), kind=f"text/html; charset={codec}")
        for n, codec in enumerate(CODECS)
        if codec != "idna"
    },
}
ENTITIES = b"".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">'.encode() for n in range(1, 12))
# What holds none, or cannot be read.
LEFT: dict[str, Play | bytes] = {
    **{
        f"/to-{n}.html": sent_to(place)
        for n, place in enumerate(
            (
                *("http://user:pw@127.0.0.1/a/1.html", "http://xn--.com/", "//other.example/x"),
                *("http://127.0.0.1:99999999/", "http://[::1/", "javascript:alert(1)", "data:,x"),
                *(
                    "file:///etc/passwd",
                    "/../../etc/passwd",
                    "/a/\x01\x7f.html",
                    f"/{'x' * 5000}",
                    "",
                ),
                *("/a/%0d%0aX:y", "http://\xe4\xbe\x8b.\xe6\xb5\x8b/", "\\\\other.example\\x"),
            )
        )
    },
    "/gzip-bomb.html": coded(bomb(31), "gzip"),
    "/deflate-bomb.html": coded(bomb(15), "deflate"),
    "/not-gzip.html": coded(page("甲"), "gzip"),
    "/many-codings.html": coded(page("乙"), ", ".join(["gzip"] * 2000)),
    "/short.html": answer(page("丙"), "Content-Length: 99999"),
    "/minus.html": answer(page("丁"), "Content-Length: -5"),
    "/two-lengths.html": answer(page("戊"), "Content-Length: 10", "Content-Length: 20"),
    "/digits.html": answer(page("己"), f"Content-Length: {'9' * 5000}"),
    "/minus-chunk.html": answer(b"-5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "/http-0.9.html": page("庚"),
    "/http-2.html": b"HTTP/2 200 OK\r\n\r\n" + page("辛"),
    "/status.html": answer(page("壬"), status="99999999999 Odd"),
    "/refresh-1.html": answer(b"<meta http-equiv=refresh content='0;url=/refresh-2.html'>"),
    "/refresh-2.html": answer(b"<meta http-equiv=refresh content='0;url=/refresh-1.html'>"),
    "/refresh-odd.html": answer(b"<meta http-equiv=refresh content='0;url=http://[::1'>"),
    "/entities.xml": answer(
        b"<!DOCTYPE rss ["
        + ENTITIES
        + b"]><rss><channel><item><title>&e11;</title></item></channel></rss>",
        kind="text/xml",
    ),
    "/entities.html": answer(b"<!DOCTYPE html [" + ENTITIES + b"]><html><p>&e11;</p></html>"),
}


def test_hostile_answers_cost_their_address_alone(tmp_path: Path) -> None:
    done = crawl(tmp_path, {**READ, **LEFT})
    assert done.exit in (0, 3), done.stderr
    assert done.articles == GOOD.keys() | READ.keys()
    assert done.peak_mb < PEAK_MB
    assert done.counts["seconds"] < 30
    assert max(done.server.hits.values()) <= 3


def test_pages_of_megabytes_cost_little_memory(tmp_path: Path) -> None:
    def large(piece: str, count: int) -> Play:
        return lambda: answer(f"<h1>第一座水库</h1><div>{piece * count}</div>".encode())

    done = crawl(
        tmp_path,
        {
            "/links.html": large("<li><a href=/x.html>第一座水库完成检查</a></li>", 150_000),
            "/text.html": large("字", 5_000_000),
            "/cells.html": large("<tr><td>第一格<td>1", 150_000),
            "/breaks.html": large("字<br>", 1_500_000),
        },
        *("-s", "DOWNLOAD_TIMEOUT=30"),
    )
    assert done.exit == 0, done.stderr
    assert done.articles == GOOD.keys()
    assert done.counts["page_cut"] == 4
    assert done.peak_mb < PEAK_MB


def test_a_page_whose_original_is_none_is_kept(tmp_path: Path) -> None:
    """Every original is named on the front page, too: it may have been asked for before."""

    def twin_of(path: str, name: str) -> bytes:
        head = f"<link rel=canonical href='{path}'>"
        text = f"第{name}段很不一样的文字，市水利局昨天完成了检查，值班表已经排好。"
        return answer(article_page(f"第{name}座水库今天完成汛前检查", head=head, text=text))

    originals: dict[str, Play | bytes] = {
        "/o/error.html": answer(b"x", status="500 X"),
        "/o/none.html": answer(b"x", status="404 X"),
        "/o/closed.html": b"",
        "/o/home.html": sent_to("/"),
        "/o/out.html": sent_to("http://other.example/"),
        "/o/circle.html": sent_to("/o/circle.html"),
        "/o/back.html": sent_to("/t/back.html"),
    }
    twins = {f"/t/{path[3:]}": twin_of(path, f"百{n}") for n, path in enumerate(originals)}
    more = {
        # Each calls the other its original: one of them is kept.
        "/t/1.html": twin_of("/t/2.html", "千一"),
        "/t/2.html": twin_of("/t/1.html", "千二"),
        # The original is another article that is read: the copy is not.
        "/t/copy.html": twin_of("/o/moved.html", "千三"),
        "/o/moved.html": sent_to("/a/1.html"),
    }
    for folder, pages in (
        ("before", {**originals, **twins, **more}),
        ("behind", {**more, **twins, **originals}),
    ):
        (tmp_path / folder).mkdir()
        done = crawl(tmp_path / folder, pages, "-s", "RETRY_TIMES=0")
        kept = done.articles - GOOD.keys()
        assert len(kept & {"/t/1.html", "/t/2.html"}) == 1
        assert kept - {"/t/1.html", "/t/2.html"} == set(originals)
        assert done.server.hits.total() <= len(pages) + len(GOOD) + 6
