"""Crawls whose raw archive is looked at, and what its files say."""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from conftest import Answer, article_page, list_page
from warcio.checker import Checker

from newsspider.archive.framing import Frame
from newsspider.archive.reader import RawArchive
from newsspider.archive.records import RawResponse
from newsspider.store import Archive

NUMBERS = range(1, 7)
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
<item><title>A</title><link>/a/1.html</link></item></channel></rss>"""


def site_answers() -> dict[str, Answer | bytes]:
    """Return a small site: a list, articles plain and packed, a redirect, a feed, what is gone."""
    links = {f"/a/{n}.html": f"第{n}条新闻的标题写得足够长" for n in NUMBERS}
    feed = b'<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>'
    listed = {**links, "/old.html": "旧地址的新闻也在这里", "/gone.html": "没有了"}
    pages: dict[str, Answer | bytes] = {
        "/": list_page("首页", listed).replace(b"</head>", feed),
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /x/\n"),
        "/feed.xml": (200, {"Content-Type": "application/rss+xml"}, FEED),
        "/old.html": (302, {"Location": "/a/7.html"}, b"moved"),
        "/a/7.html": article_page("第7条新闻的标题写得足够长"),
    }
    for n in NUMBERS:
        page = article_page(
            f"第{n}条新闻的标题写得足够长", text=f"这是第{n}篇的正文，说的是水库检查。" * 3
        )
        headers = {"ETag": f'"{n}"', "X-Trace": "ä"}
        if n % 2:
            pages[f"/a/{n}.html"] = (
                200,
                {**headers, "Content-Encoding": "gzip"},
                gzip.compress(page),
            )
        else:
            pages[f"/a/{n}.html"] = (200, headers, page)
    return pages


def frames_of(folder: Path) -> list[tuple[str, Frame]]:
    """Return every record of every file, with the name of its file; damage fails."""
    damage: list[str] = []
    with RawArchive(folder) as raw:
        found = [
            (raw.name_of(path), frame)
            for path in raw.files()
            for frame in raw.frames(path, damage.append)
        ]
    assert damage == []
    return found


def answers_of(folder: Path) -> list[RawResponse]:
    """Return every answer of every file."""
    with RawArchive(folder) as raw:
        return [answer for path in raw.files() for answer in raw.records(path)]


def check_with_warcio(folder: Path) -> None:
    """Fail unless `warcio check` finds nothing in any file."""
    inputs = [str(path) for path in sorted(folder.glob("*.warc.gz"))]
    assert inputs
    assert Checker(SimpleNamespace(inputs=inputs, verbose=False)).process_all() == 0


def query(db: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of *sql*."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, values).fetchall()


@contextmanager
def raw_of(db: Path, folder: Path | None = None) -> Iterator[RawArchive]:
    """Open the raw archive of *db* as every command does."""
    with (
        Archive(db, read_only=True) as archive,
        RawArchive(folder or db.parent / "warc", locate=archive.raw.place_of) as raw,
    ):
        yield raw


def every_row_leads_somewhere(db: Path, folder: Path | None = None) -> int:
    """Fail unless each fetch that names a record finds an answer of its status; return how many."""
    rows = query(
        db, "select url, http_status, warc_file, warc_offset from fetches where warc_file not null"
    )
    with raw_of(db, folder) as raw:
        for url, status, name, offset in rows:
            answer = raw.read(name, offset)
            assert answer.url == url
            assert status in (answer.status, 304, 302, None)
    return len(rows)


Run = Callable[..., Any]
