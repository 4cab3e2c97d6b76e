"""The store: one SQLite file that plain `sqlite3` reads. `Archive` is its only door."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from newsspider.errors import UsageError
from newsspider.store import queries, statistics, writing
from newsspider.store.connection import open_archive, speaking_of, transaction
from newsspider.store.queries import Choice
from newsspider.store.records import Batch, RunEnd, Saved, Visit

__all__ = ["Archive"]

Found = TypeVar("Found")


class Archive:
    """An archive of articles in one SQLite file, for one thread.

    Readers never wait for a writer nor a writer for readers; two writers take turns, a batch each.
    Every method raises ArchiveError, one line that names the file, when that cannot be read or
    written.
    """

    def __init__(
        self,
        path: str | Path = "data/archive.db",
        *,
        create: bool = False,
        read_only: bool = False,
    ) -> None:
        """Open the archive at *path*; *create* makes it, and its folder, when it is missing.

        Raises:
            NotAnArchive: no SQLite database, or one that newsspider did not make.
            NewerSchema: written by a newer newsspider.
            ArchiveError: missing, a directory, no permission, locked, damaged.
        """
        self.path = Path(path)
        self._db: sqlite3.Connection = open_archive(self.path, create=create, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        self._db.close()

    def begin_run(
        self,
        site: str,
        *,
        started: datetime,
        targets: Iterable[str] = (),
        options: Mapping[str, Any] | None = None,
    ) -> int:
        """Record that a crawl of *site* starts and return the id of the run."""
        with speaking_of(self.path):
            return writing.begin_run(
                self._db, site, started=started, targets=targets, options=options or {}
            )

    def end_run(self, run_id: int, end: RunEnd) -> None:
        """Record how a run ended.

        Raises:
            NotFound: no such run.
        """
        with speaking_of(self.path):
            writing.end_run(self._db, run_id, end)

    def write(self, batch: Batch, *, run_id: int | None = None) -> list[Saved]:
        """Write all of *batch*, or nothing, and return what became of each article, in their order.

        Raises:
            NotFound: no such run.
        """
        with speaking_of(self.path), transaction(self._db):
            return writing.save_batch(self._db, batch, run_id=run_id)

    def search(
        self,
        text: str,
        *,
        site: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        status: str | None = None,
        limit: int = 20,
    ) -> list[dict[str, Any]]:
        """Return articles that hold every word of *text*, best first.

        Rows have id, url, title, site, date_published, snippet (plain text around the first hit)
        and status. Han characters that stand together are one word, whatever its length; upper and
        lower case, full and half width are the same. *since* and *until* (itself included) are on
        the portal's own clock.

        Raises:
            UsageError: *text* holds no letter, digit or Han character, or an option makes no sense.
        """
        if limit < 1:
            raise UsageError(f"limit is at least 1, not {limit}")
        choice = Choice(site=site, since=since, until=until, status=status)
        with speaking_of(self.path):
            return queries.search(self._db, text, choice, limit=limit)

    def get(self, key: int | str) -> dict[str, Any]:
        """Return one article by its id, or by any URL that led to it, every field under its name.

        Besides the fields of Article: id, status, revision, story_id, first_seen, last_seen.

        Raises:
            NotFound: nothing is stored under *key*.
        """
        with speaking_of(self.path):
            return queries.find(self._db, key)

    def rows(
        self,
        *,
        site: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        status: str | None = None,
        after: int = 0,
    ) -> Iterator[dict[str, Any]]:
        """Yield articles as `get` returns them, by id, those above *after*, memory constant."""
        choice = Choice(site=site, since=since, until=until, status=status)
        choice.where()
        return self._told(queries.rows(self._db, choice, after=after))

    def stats(self) -> dict[str, Any]:
        """Return what is in the archive, in numbers; `coverage` is in percent of the articles."""
        with speaking_of(self.path):
            return statistics.stats(self._db)

    def runs(self, limit: int = 20) -> list[dict[str, Any]]:
        """Return the last *limit* runs, latest first; one not `finished` goes on or was killed."""
        with speaking_of(self.path):
            return queries.runs(self._db, limit)

    def visits(self, urls: Iterable[str]) -> dict[str, Visit]:
        """Return the crawl's state of those canonical *urls* that are known."""
        with speaking_of(self.path):
            return queries.visits(self._db, urls)

    def due(self, site: str, *, now: datetime, revisit: str = "due") -> Iterator[Visit]:
        """Yield the addresses of *site* to ask for now: lists and feeds, then newest first.

        Addresses never answered always come. Known articles come with *revisit* `due` when
        their next visit has come, with `all` when they are live, with `none` not at all.

        Raises:
            UsageError: *revisit* is something else.
        """
        return self._told(queries.due(self._db, site, now=now, revisit=revisit))

    def _told(self, found: Iterator[Found]) -> Iterator[Found]:
        with speaking_of(self.path):
            yield from found
