"""The books of one crawl: what it read and met, written in batches, under the lock of its site."""

import hashlib
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from newsspider.errors import ArchiveError, SiteLocked
from newsspider.items import Article
from newsspider.store import Archive
from newsspider.store.raw_index import Place
from newsspider.store.records import Batch, Fetch, FoundUrl, Payload, RunEnd, Saved, Visit
from newsspider.store.rereading import ReadAgain
from newsspider.store.sealing import Manifest

MAX_CHARACTERS = 1_000_000
"""Of text that wait for a commit: two hundred articles have as many as a rule."""


def lock_path(database: Path, site: str) -> Path:
    """Return the lock file of *site* beside *database*; two sites never share one."""
    digest = hashlib.sha256(site.encode()).hexdigest()[:8]
    readable = re.sub(r"[^A-Za-z0-9.-]", "_", site)
    return database.with_name(f".{database.name}.{readable}.{digest}.lock")


class RawKeeper(Protocol):
    """The side of the raw archive that the books must wait for."""

    def sync(self) -> None:
        """Return when every record is on the disk."""

    def close(self) -> None:
        """Finish the files of this run."""

    def publish(self, manifest: Manifest) -> None:
        """Keep a copy of *manifest* beside the files."""


class Ledger:
    """Collects what one run of one site finds and commits it in short transactions.

    Between two commits at most `batch_size` records or `interval_s` seconds of work are at risk;
    their addresses count as never fetched, so the next run asks for them again.
    """

    def __init__(
        self, path: Path, site: str, *, batch_size: int = 200, interval_s: float = 2.0
    ) -> None:
        """Open the archive at *path*, made when missing, and take the lock of *site*.

        Raises:
            SiteLocked: another run holds it.
            ArchiveError: the archive cannot be opened.
        """
        self.path = path
        self.site = site
        self.batch_size = batch_size
        self.interval_s = interval_s
        self.on_error: Callable[[Exception], None] | None = None
        """Told when a commit fails; what it held is kept for the next try."""
        self.read_again: ReadAgain | None = None
        """Reads the archived page of an article that other code read before."""
        self.on_written: Callable[[Batch, list[Saved]], None] | None = None
        """Told what has been committed, and what became of its articles."""
        self.outcomes: Counter[str] = Counter()
        self.run_id: int | None = None
        self._articles: list[Article] = []
        self._characters = 0
        self._found: dict[str, FoundUrl] = {}
        self._fetches: list[Fetch] = []
        self._held: dict[str, list[Fetch]] = {}
        self._payloads: dict[bytes, Payload] = {}
        self.raw: RawKeeper | None = None
        self._flushed_at = time.monotonic()
        self._is_gathering = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(lock_path(path, site), blocking=False)
            self._lock.acquire()
        except Timeout as error:
            raise SiteLocked(f"another run is crawling {site} into {path}") from error
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror or error}") from error
        try:
            self.archive = Archive(path, create=True)
        except BaseException:
            self._lock.release()
            raise

    def begin(self, *, targets: Iterable[str], options: Mapping[str, Any]) -> None:
        """Write the row of this run."""
        self.run_id = self.archive.begin_run(
            self.site, started=datetime.now(UTC), targets=list(targets), options=dict(options)
        )

    def add_article(self, article: Article) -> None:
        """Take *article* for the next commit, together with the fetches held for it."""
        self._articles.append(article)
        self._characters += len(article.body)
        self._fetches += self._held.pop(article.url, ())
        self._flush_when_full()

    def hold(self, article_url: str, fetch: Fetch) -> None:
        """Keep *fetch* back until its article is taken or released.

        An address counts as fetched only together with what it said: a run that is cut short
        between the two would leave the article out until its next visit.
        """
        self._held.setdefault(article_url, []).append(fetch)

    def release(self, article_url: str, reason: str) -> None:
        """Take the fetches held for an article that will not come: it was dropped for *reason*."""
        for fetch in self._held.pop(article_url, ()):
            self.add_fetch(replace(fetch, error=reason))

    def add_found(self, found: Iterable[FoundUrl]) -> None:
        """Take links that wait to be fetched."""
        for record in found:
            self._found.setdefault(record.url, record)
        self._flush_when_full()

    def add_fetch(self, fetch: Fetch) -> None:
        """Take one answered or failed request."""
        self._fetches.append(fetch)
        self._flush_when_full()

    def add_payload(self, payload: Payload) -> None:
        """Take where the raw archive keeps a body."""
        self._payloads[payload.digest] = payload

    def place_of(self, digest: bytes) -> Place | None:
        """Return where the raw archive keeps the body with this SHA-256."""
        if waiting := self._payloads.get(digest):
            return waiting.warc_file, waiting.warc_offset
        return self.archive.raw.place_of(digest)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit at once what is taken within the block, which must not wait for anything.

        A list counts as read only together with the links that it names: else a run that is cut
        short between the two would leave them out, since they are no news the next time.
        """
        self._is_gathering = True
        try:
            yield
        finally:
            self._is_gathering = False
        self._flush_when_full()

    def _flush_when_full(self) -> None:
        if self._is_gathering:
            return
        waiting = len(self._articles) + len(self._found) + len(self._fetches)
        if waiting >= self.batch_size or self._characters >= MAX_CHARACTERS:
            self._try_flush()

    def flush_when_due(self) -> None:
        """Commit when the oldest record may have waited for `interval_s`."""
        if time.monotonic() - self._flushed_at >= self.interval_s:
            self._try_flush()

    def _try_flush(self) -> None:
        try:
            self.flush()
        except (ArchiveError, sqlite3.Error, OSError) as error:
            if self.on_error is None:
                raise
            self.on_error(error)

    def flush(self) -> None:
        """Commit everything taken so far.

        Raises:
            ArchiveError, sqlite3.Error, OSError: nothing of it was written; it is kept.
        """
        self._flushed_at = time.monotonic()
        if not (self._articles or self._found or self._fetches or self._payloads):
            return
        if self.raw:
            # No row may name a record that a power cut could take away.
            self.raw.sync()
        batch = Batch(
            articles=tuple(self._articles),
            found=tuple(self._found.values()),
            fetches=tuple(self._fetches),
            payloads=tuple(self._payloads.values()),
        )
        saved = self.archive.write(batch, run_id=self.run_id, read_again=self.read_again)
        self.outcomes.update(s.outcome for s in saved)
        if self.on_written:
            self.on_written(batch, saved)
        self._articles.clear()
        self._characters = 0
        self._found.clear()
        self._fetches.clear()
        self._payloads.clear()

    def visits(self, urls: Iterable[str]) -> dict[str, Visit]:
        """Return the committed state of those *urls* that are known."""
        return self.archive.visits(urls)

    def due(self, *, revisit: str) -> Iterator[Visit]:
        """Return what of the site is to be asked for now."""
        return self.archive.due(self.site, now=datetime.now(UTC), revisit=revisit)

    def end(self, end: RunEnd) -> None:
        """Commit the rest, close the row of this run and seal what it wrote."""
        self.flush()
        if self.raw:
            self.raw.close()
        if self.run_id is not None:
            counts = {**end.counts, **self.outcomes}
            self.archive.end_run(self.run_id, replace(end, counts=counts))
            for manifest in self.archive.seal(self.run_id):
                if self.raw:
                    self.raw.publish(manifest)

    def close(self) -> None:
        """Close the archive and release the lock."""
        try:
            if self.raw:
                self.raw.close()
            self.archive.close()
        finally:
            self._lock.release()
