"""An archive with its raw pages, made without a network: what a crawl of some pages leaves."""

import hashlib
import io
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sample_articles import SEEN
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsspider.extract import join_pages, read
from newsspider.extract.robots import robots_of, with_robots
from newsspider.items import Article
from newsspider.profiles import Profile
from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch, Saved
from newsspider.urls import canonical

PLACE = "update fetches set warc_file = ?, warc_offset = ? where url = ? and run_id = ?"

Pages = Mapping[str, bytes]
"""Pages by address; of an article of several pages the first one names the others."""


class RawSite:
    """A database and the WARC files beside it."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "archive.db"
        self.warc = folder / "warc"
        self.warc.mkdir()
        self.visits = 0

    def visit(
        self,
        articles: Sequence[Pages],
        *,
        profile: Profile | None = None,
        is_kept: bool = True,
        headers: Sequence[tuple[str, str]] = (),
    ) -> list[Saved]:
        """Store what a crawl finds that gets the pages of *articles*, a day after the last one."""
        self.visits += 1
        at = SEEN + timedelta(days=self.visits - 1)
        name = f"visit-{self.visits}.warc.gz"
        found, fetches, places = [], [], {}
        with (self.warc / name).open("wb") as out:
            writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
            for pages in articles:
                parts = []
                for url, body in pages.items():
                    offset = out.tell()
                    record_id = _write(writer, url, body, at, headers)
                    article = _article(url, body, profile, at, headers)
                    parts.append(replace(article, warc_record_id=record_id if is_kept else None))
                    fetches.append(
                        Fetch(
                            url=canonical(url),
                            fetched_at=at,
                            kind="article",
                            http_status=200,
                            article_url=parts[0].url,
                        )
                    )
                    places[canonical(url)] = (name, offset)
                found.append(join_pages(parts))
        with Archive(self.db, create=True) as archive:
            run = archive.begin_run("example.cn", started=at)
            data = (self.warc / name).read_bytes()
            archive.raw.begin_file(name, run)
            digest = hashlib.sha256(data).hexdigest()
            archive.raw.end_file(name, size_bytes=len(data), sha256=digest, records=len(places))
            saved = archive.write(Batch(articles=tuple(found), fetches=tuple(fetches)), run_id=run)
        if is_kept:
            with closing(sqlite3.connect(self.db)) as db, db:
                for url, place in places.items():
                    values = (*place, url, run)
                    db.execute(PLACE, values)
        return saved


def _write(
    writer: WARCWriter,
    url: str,
    body: bytes,
    at: datetime,
    headers: Sequence[tuple[str, str]],
) -> str:
    head = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers], protocol="HTTP/1.1"
    )
    record = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=head,
        warc_headers_dict={"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    writer.write_record(record)
    return str(record.rec_headers.get_header("WARC-Record-ID")).strip("<>")


def _article(
    url: str,
    body: bytes,
    profile: Profile | None,
    at: datetime,
    headers: Sequence[tuple[str, str]],
) -> Article:
    reading = read(
        body,
        url,
        content_type="text/html; charset=utf-8",
        profile=profile,
        fetched_at=at,
        http_status=200,
    )
    said = [value for name, value in headers if name == "X-Robots-Tag"]
    return with_robots(reading, robots_of(said, reading)).article
