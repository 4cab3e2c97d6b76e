"""The store: one SQLite file that plain `sqlite3` reads. `Archive` is its only door."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from newsspider.items import Article
from newsspider.store import backup as copying
from newsspider.store import history as histories
from newsspider.store import queries, rereading, sealing, statistics, writing
from newsspider.store import restore as restoring
from newsspider.store import verify as verifying
from newsspider.store.articles import Readings
from newsspider.store.backup import Progress
from newsspider.store.choice import Choice
from newsspider.store.connection import open_archive, speaking_of, transaction
from newsspider.store.documents import ROW_KEYS
from newsspider.store.documents import documents as articles_as_json
from newsspider.store.raw_index import RawIndex
from newsspider.store.records import Batch, Kept, Reread, RunEnd, Saved, Visit
from newsspider.store.rereading import ReadAgain
from newsspider.store.sealing import Manifest
from newsspider.store.search import search as find_articles
from newsspider.store.watching import Watch

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
        self.raw = RawIndex(self._db, self.path)
        """What the database knows of the raw archive."""

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

    def write(
        self, batch: Batch, *, run_id: int | None = None, read_again: ReadAgain | None = None
    ) -> list[Saved]:
        """Write all of *batch*, or nothing, and return what became of each article, in their order.

        A stored article that another extractor or profile read is first replaced by what
        *read_again* makes of its archived page, so that an edit is told from a better reading.

        Raises:
            NotFound: no such run.
        """
        with speaking_of(self.path):
            again: Readings = {}
            if read_again:
                again = rereading.read_batch_again(self._db, batch.articles, read_again)
            with transaction(self._db):
                return writing.save_batch(self._db, batch, run_id=run_id, again=again)

    def ids(
        self, *, site: str | None = None, since: str | date | None = None
    ) -> Iterator[list[int]]:
        """Yield the ids of articles, a few dozen at a time.

        Raises:
            UsageError: *since* is no date.
        """
        return self._told(rereading.ids(self._db, Choice(site=site, since=since)))

    def with_answers(self, ids: Sequence[int]) -> list[tuple[dict[str, Any], list[Kept]]]:
        """Return the articles *ids* as `get` does, each with what the raw archive keeps of it."""
        with speaking_of(self.path):
            return rereading.rows(self._db, ids)

    def replace_readings(self, batch: Sequence[Reread]) -> dict[str, int]:
        """Write articles that were read again from their archived pages, all or none of them.

        Returns how many were `replaced`, the old reading kept, read the `same`, or were `passed`
        over because another process wrote them meanwhile.
        """
        with speaking_of(self.path), transaction(self._db):
            return rereading.replace_all(self._db, batch, now=datetime.now(UTC))

    def seal(self, run_id: int | None = None, *, removed: Sequence[str] = ()) -> list[Manifest]:
        """Write a manifest of all rows and files that none names yet, and return it in a list.

        *removed* are files of the raw archive that a prune took away.
        """
        with speaking_of(self.path):
            return sealing.seal(self._db, run_id, removed)

    def manifests(self) -> Iterator[Manifest]:
        """Yield every manifest, the first one first."""
        return self._told(sealing.manifests(self._db))

    def search(
        self,
        text: str,
        *,
        site: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        status: str | None = None,
        order: str = "best",
        limit: int = 20,
    ) -> list[dict[str, Any]]:
        """Return articles that answer *text*, `best` or `newest` first.

        *text* holds words, "phrases", AND, OR, NOT (or -word), brackets and site:, source:,
        author:, title:, since:, until:. Han characters that stand together are one word, whatever
        its length; simplified and traditional, upper and lower case, full and half width are the
        same. *since* and *until* (itself included) are on the portal's own clock.

        Rows have id, url, title, site, date_published, snippet (plain text around the first hit),
        marks ([start, end) of each hit in it), status, and ranked_within: None, or among how many
        of the newest hits the best were looked for, because there are too many.

        Raises:
            UsageError: *text* is no question, which it says where, or an option makes no sense.
        """
        choice = Choice(site=site, since=since, until=until, status=status, query=text)
        with speaking_of(self.path):
            return find_articles(self._db, choice, order=order, limit=limit)

    def get(self, key: int | str) -> dict[str, Any]:
        """Return one article by its id, or by any URL that led to it, every field under its name.

        Besides the fields of Article: id, status, revision, story_id, first_seen, last_seen.

        Raises:
            NotFound: nothing is stored under *key*.
        """
        with speaking_of(self.path):
            return queries.find(self._db, key)

    def documents(
        self,
        *,
        fields: Sequence[str] = ROW_KEYS,
        site: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        status: str | None = None,
        query: str | None = None,
        only: Iterable[int | str] = (),
        after: int = 0,
    ) -> Iterator[str]:
        """Yield articles by id, those above *after*, each a JSON object on one line.

        *query* is a search as `search` takes it; *only* are ids or URLs, as `get` takes them.
        *fields* are those of `get`, and `revisions`, `absences` and `urls`, which `restore` needs
        to lose nothing: rows of these tables. The memory that it takes is constant.

        Raises:
            UsageError: *query*, a field or an option makes no sense.
            NotFound: nothing is stored under one of *only*.
        """
        with speaking_of(self.path):
            ids = tuple(queries.find(self._db, key)["id"] for key in only) or None
        choice = Choice(site=site, since=since, until=until, status=status, query=query, ids=ids)
        choice.where()
        return self._told(articles_as_json(self._db, choice, keys=fields, after=after))

    def rows(self, **choice: Any) -> Iterator[dict[str, Any]]:
        """Yield articles as `get` returns them, chosen as `documents` does."""
        return map(json.loads, self.documents(**choice))

    def restore(self, lines: Iterable[bytes]) -> dict[str, int]:
        """Write the articles of an export and return how many were `new` and how many `known`.

        Ids and stories are kept as far as no other article has them; an article whose URL is known
        stays as it is, so that restoring twice changes nothing.

        Raises:
            BadLine: a line is no article; what stands before it has been written.
        """
        with speaking_of(self.path):
            return restoring.restore(self._db, lines)

    def history(self, key: int | str) -> dict[str, Any]:
        """Return `id`, `url`, `title`, `status` of an article, its `readings` and its `absences`.

        Raises:
            NotFound: nothing is stored under *key*.
        """
        with speaking_of(self.path):
            return histories.history(self._db, key)

    def diff(
        self, key: int | str, old: int | None = None, new: int | None = None
    ) -> dict[str, Any]:
        """Return how reading *new* of an article differs from *old*, as numbered in `history`.

        *new* is the current reading when it is None, *old* the one before *new*.

        Raises:
            NotFound: nothing is stored under *key*, or there is no such reading.
        """
        with speaking_of(self.path):
            return histories.diff(self._db, key, old, new)

    def verify(self) -> Iterator[dict[str, Any]]:
        """Yield what is wrong: `check`, `article_id`, `message`. Reads the whole archive."""
        return self._told(verifying.verify(self._db))

    def rebuild_index(self) -> int:
        """Fill the full-text index anew and return the number of articles."""
        with speaking_of(self.path):
            return verifying.rebuild_index(self._db)

    def backup(
        self, target: str | Path, *, force: bool = False, progress: Progress | None = None
    ) -> int:
        """Copy the archive to *target*, also while a crawl writes, and return its size in bytes.

        Raises:
            ArchiveError: *target* exists and not *force*, cannot be written, or came out damaged.
        """
        with speaking_of(self.path):
            return copying.backup(self._db, Path(target), force=force, progress=progress)

    def stats(self) -> dict[str, Any]:
        """Return what is in the archive, in numbers; `coverage` is in percent of the articles."""
        with speaking_of(self.path):
            return statistics.stats(self._db)

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """Give access to how portals fare: measures, alarms, notices."""
        with speaking_of(self.path):
            yield Watch(self._db, self.path)

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

    def same_text(self, article: Article) -> str | None:
        """Return the address of another article of its site with the title and text of *article*.

        None also for a text that is too short to tell.
        """
        with speaking_of(self.path):
            return queries.same_text(self._db, article)

    def _told(self, found: Iterator[Found]) -> Iterator[Found]:
        with speaking_of(self.path):
            yield from found
