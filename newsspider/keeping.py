"""The downloader middleware that keeps every answer as it was sent, before anything reads it."""

import hashlib
from contextlib import ExitStack
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response

from newsspider import __version__
from newsspider.archive import manifests
from newsspider.archive.framing import Headers as Lines
from newsspider.archive.reader import RawArchive, folder_of
from newsspider.archive.repair import finish, locked
from newsspider.archive.warcfile import FinishedFile
from newsspider.archive.writer import (
    LEAST_REVISIT_BYTES,
    Archived,
    Exchange,
    Original,
    WarcWriter,
    digest_text,
    http_head,
    original_of,
    readable_name,
)
from newsspider.errors import RawArchiveError
from newsspider.store.ledger import Ledger
from newsspider.store.records import Payload
from newsspider.store.sealing import Manifest
from newsspider.urls import canonical_or_none

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REASONS = {status.value: status.phrase for status in HTTPStatus}
# Why Scrapy hands on a body that is not whole.
TRUNCATED = {"dataloss": "disconnect", "partial": "unspecified", "download_stopped": "length"}


class RunArchive:
    """The raw archive as one run writes it; the ledger waits for it."""

    def __init__(
        self, ledger: Ledger, raw: RawArchive, *, max_bytes: int, all_requests: bool
    ) -> None:
        """Mend what killed runs left, and be ready to write.

        Raises:
            RawArchiveError: the folder cannot be written, or a prune goes on.
        """
        self.ledger = ledger
        self.raw = raw
        self.index = ledger.archive.raw
        self._lock = ExitStack()
        try:
            self._lock.enter_context(locked(raw.folder, alone=False))
        except BlockingIOError as error:
            raise RawArchiveError(f"{raw.folder} is being pruned: try again later") from error
        for name in self.index.unfinished():
            if found := finish(raw.folder, name):
                self._finished(found)
            elif not (raw.folder / name).with_name(f"{name}.open").exists():
                self.index.forget_file(name)
        started = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        self.writer = WarcWriter(
            raw,
            f"{readable_name(ledger.site)}-{started}-r{ledger.run_id or 0}",
            max_bytes=max_bytes,
            software=f"newsspider/{__version__}",
            all_requests=all_requests,
            on_new_file=lambda name: self.index.begin_file(name, ledger.run_id),
            on_finished=self._finished,
        )

    def keep(self, exchange: Exchange) -> tuple[Archived, bool]:
        """Write *exchange*; return where it is, and whether its body was kept before.

        Raises:
            RawArchiveError: it cannot be written.
        """
        digest = hashlib.sha256(exchange.body).digest()
        original = self._original(exchange, digest)
        kept = self.writer.write(exchange, digest, original)
        if original is None and len(exchange.body) >= LEAST_REVISIT_BYTES:
            self.ledger.add_payload(
                Payload(digest=digest, warc_file=kept.warc_file, warc_offset=kept.offset)
            )
        return kept, original is not None

    def _original(self, exchange: Exchange, digest: bytes) -> Original | None:
        """Return the response that holds the body of *exchange* already, if it is still there."""
        if exchange.truncated:
            return None
        if exchange.status == 304:
            url = canonical_or_none(exchange.url)
            place = self.index.last_answer(url) if url else None
        elif len(exchange.body) >= LEAST_REVISIT_BYTES:
            place = self.ledger.place_of(digest)
        else:
            return None
        if place is None:
            return None
        try:
            found = original_of(self.raw.frame(*place), place)
        except RawArchiveError:
            # Damaged or gone: the body is kept once more.
            return None
        if found and exchange.status != 304 and found.digest != digest_text(digest):
            return None
        return found

    def sync(self) -> None:
        """Return when every record is on the disk."""
        self.writer.sync()

    def close(self) -> None:
        """Finish the file that is being written, and let others prune."""
        try:
            self.writer.close()
        finally:
            self.raw.close()
            self._lock.close()

    def publish(self, manifest: Manifest) -> None:
        """Keep a copy of *manifest* beside the files."""
        manifests.publish(self.raw.folder, manifest.number, manifest.sha256, manifest.document)

    def _finished(self, file: FinishedFile) -> None:
        self.index.end_file(
            file.name, size_bytes=file.size_bytes, sha256=file.sha256, records=file.records
        )


class KeepRawMiddleware:
    """Write every answer into the raw archive: robots.txt, redirects, feeds and errors, too.

    Nearest the wire, so that bodies are still compressed and no redirect is lost. Where the answer
    is kept goes along as `request.meta["archived"]`, by address.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.run: RunArchive | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        settings = crawler.settings
        if not (settings.getbool("NEWSSPIDER_WARC") and settings.get("NEWSSPIDER_DB")):
            raise NotConfigured("no raw archive is wanted")
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* once it is kept.

        Raises:
            RawArchiveError: it could not be: then nobody may read it, and the crawl ends.
        """
        ledger = getattr(self.crawler.spider, "ledger", None)
        if not isinstance(ledger, Ledger):
            return response
        try:
            run = self.run or self._begin(ledger)
            kept, is_known = run.keep(exchange_of(request, response))
        except RawArchiveError as error:
            if ledger.on_error:
                ledger.on_error(error)
            raise
        self.crawler.stats.inc_value("newsspider/raw/kept")
        if is_known:
            self.crawler.stats.inc_value("newsspider/raw/revisits")
        request.meta.setdefault("archived", {})[request.url] = kept
        return response

    def _begin(self, ledger: Ledger) -> RunArchive:
        settings = self.crawler.settings
        folder = folder_of(ledger.path, settings.get("NEWSSPIDER_WARC_DIR"))
        self.run = RunArchive(
            ledger,
            RawArchive(folder),
            max_bytes=settings.getint("NEWSSPIDER_WARC_MAX_BYTES", 1_000_000_000),
            all_requests=settings.getbool("NEWSSPIDER_WARC_ALL_REQUESTS"),
        )
        ledger.raw = self.run
        return self.run


def exchange_of(request: Request, response: Response) -> Exchange:
    """Return what went over the wire for *request* and *response*, as far as Scrapy tells.

    It spells the names of headers its own way, puts those of one name together and keeps no reason
    phrase. What stood for the connection alone (Connection, Transfer-Encoding) is gone with it.
    An answer that comes out of another archive keeps its time (`captured_at` in the request's
    meta), and no request is made up for it.
    """
    captured_at = request.meta.get("captured_at")
    protocol = response.protocol or "HTTP/1.1"
    first = f"{protocol} {response.status} {REASONS.get(response.status, 'Unknown')}"
    flags = [TRUNCATED[flag] for flag in response.flags if flag in TRUNCATED]
    return Exchange(
        url=request.url,
        fetched_at=captured_at or datetime.now(UTC),
        status=response.status,
        answer_head=http_head(first, lines_of(response.headers)),
        body=response.body,
        request_head=b"" if captured_at else _request_head(request),
        ip_address=str(response.ip_address or ""),
        truncated=flags[0] if flags else "",
    )


def lines_of(headers: Headers) -> Lines:
    """Return *headers* as pairs, one for each line."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )


def _request_head(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    host = () if b"Host" in request.headers else (("Host", parts.netloc.rpartition("@")[2]),)
    return http_head(f"{request.method} {target} HTTP/1.1", (*host, *lines_of(request.headers)))
