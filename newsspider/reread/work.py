"""All stored articles read again and compared, in as many processes as there are cores."""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Literal, Self

from newsspider.archive.reader import RawArchive
from newsspider.errors import NewsspiderError, RawArchiveError
from newsspider.reread.answers import NotKept
from newsspider.reread.reader import Profiles, Rereader
from newsspider.store import Archive
from newsspider.store.articles import basis
from newsspider.store.readings import changed_fields
from newsspider.store.records import Kept, Reread
from newsspider.store.rereading import is_current, is_noted, settled

Verdict = Literal[
    "unchanged", "differs", "current", "foreign", "no_record", "unreadable", "refused"
]
"""What reading an article again came to.

`foreign`: not read, because a spider of another project said what it says;
`current`: not read, because it is of the current extractor and profile; `no_record`: the raw
archive does not have it; `unreadable`: what the raw archive has is damaged; `refused`: a crawl
would not store what it reads as now. The last three stay as they are.
"""
Kind = Literal["gained", "lost", "changed"]
SHOWN = 160
"""Characters of a value in an example."""
CHUNKS_WAITING = 2
"""For each process, so that none waits for the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one field of one article differs: its values, shortened."""

    kind: Kind
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What reading one article again came to."""

    article_id: int
    verdict: Verdict
    reason: str | None = None
    """Of the last three verdicts, one line."""
    changes: dict[str, Change] = field(default_factory=dict)
    reread: Reread | None = None
    """What is to be written, should it be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a process needs to read articles again."""

    database: Path
    warc_folder: Path
    profiles_folder: Path | None = None
    only_outdated: bool = False
    """Leave out what the current extractor and profile have read."""
    is_written: bool = False
    """Results carry what is to be written."""


class Worker:
    """Reads and compares articles, in one process."""

    def __init__(self, setup: Setup) -> None:
        """Open the archive and load the profiles.

        Raises:
            ArchiveError, ProfileError: one of them cannot be used.
        """
        self.setup = setup
        self._open = ExitStack()
        self.archive = self._open.enter_context(Archive(setup.database, read_only=True))
        raw = self._open.enter_context(RawArchive(setup.warc_folder))
        self.rereader = Rereader(raw, Profiles.in_folders(setup.profiles_folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def results(self, ids: Sequence[int]) -> list[Result]:
        """Return what reading the articles *ids* again comes to; those that are gone are left out.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        return [self._result(row, kept) for row, kept in self.archive.with_answers(ids)]

    def _result(self, row: Mapping[str, Any], kept: list[Kept]) -> Result:
        article_id = row["id"]
        if row["extractor_version"] is None:
            return Result(article_id=article_id, verdict="foreign")
        if self.setup.only_outdated and is_current(dict(row), self.rereader.versions(row)):
            return Result(article_id=article_id, verdict="current")
        try:
            again = self.rereader.read(row, kept)
        except NotKept as error:
            return Result(article_id=article_id, verdict="no_record", reason=str(error))
        except RawArchiveError as error:
            return Result(article_id=article_id, verdict="unreadable", reason=str(error))
        if refusal := again.refusal:
            return Result(article_id=article_id, verdict="refused", reason=refusal)
        new = settled(dict(row), again.article)
        changes = changed_fields(dict(row), new)
        reread = None
        if self.setup.is_written and (changes or not is_noted(dict(row), new)):
            reread = Reread(article_id=article_id, basis=basis(row), article=again.article)
        return Result(
            article_id=article_id,
            verdict="differs" if changes else "unchanged",
            changes={name: _change(*both) for name, both in changes.items()},
            reread=reread,
        )


def _change(before: Any, after: Any) -> Change:
    kind: Kind = "changed"
    if not before or not after:
        kind = "lost" if before else "gained"
    return Change(kind=kind, before=_shown(before), after=_shown(after))


def _shown(value: Any) -> str:
    if not value:
        return ""
    if isinstance(value, list):
        value = ", ".join(map(_told, value[:5])) + (f" ... ({len(value)})" if value[5:] else "")
    text = " ".join(str(value)[: 4 * SHOWN].split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _told(value: Any) -> str:
    """Return an entry of a list as text: what tells it from the others."""
    if isinstance(value, dict):
        words = [value.get(key) for key in ("role", "name", "title", "url", "caption")]
        return " ".join(str(word) for word in words if word)
    return str(value)


# -- in parallel ---------------------------------------------------------------------------------


def read_all(
    chunks: Iterable[list[int]], setup: Setup, *, processes: int
) -> Iterator[list[Result]]:
    """Yield the results of every chunk of ids, as they come.

    At most CHUNKS_WAITING chunks a process are on the way, so that memory does not grow with the
    archive. The processes end with the iterator, and also when this one is killed.

    Raises:
        ArchiveError, ProfileError: as Worker. NewsspiderError: a process ended by itself.
    """
    coming = iter(chunks)
    first = list(islice(coming, 2))
    coming = chain(first, coming)
    if processes == 1 or len(first) < 2:
        # To start a process takes as long as to read a hundred pages.
        with Worker(setup) as worker:
            yield from map(worker.results, coming)
        return
    with _Crew(setup, processes) as crew:
        yield from crew.results(coming)


class _Crew:
    """Processes that read, each at the other end of a pipe."""

    def __init__(self, setup: Setup, count: int) -> None:
        self.setup = setup
        self.count = count
        self.members: dict[Connection[Any, Any], SpawnProcess] = {}

    def __enter__(self) -> Self:
        # A forked process would share SQLite's open file with this one:
        # https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_across_a_fork_
        context = multiprocessing.get_context("spawn")
        for _ in range(self.count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self.setup), daemon=True)
            process.start()
            theirs.close()
            self.members[ours] = process
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.members:
            connection.close()
        for process in self.members.values():
            process.join(timeout=5)
            if process.is_alive():
                process.kill()
                process.join()

    def results(self, chunks: Iterator[list[int]]) -> Iterator[list[Result]]:
        """Yield the results of *chunks*, in the order in which they are ready."""
        waiting = dict.fromkeys(self.members, 0)
        for connection in waiting:
            for chunk in islice(chunks, CHUNKS_WAITING):
                connection.send(chunk)
                waiting[connection] += 1
        while busy := [connection for connection, count in waiting.items() if count]:
            for ready in wait(busy):
                assert isinstance(ready, Connection)  # noqa: S101
                found = self._received(ready)
                waiting[ready] -= 1
                for chunk in islice(chunks, 1):
                    ready.send(chunk)
                    waiting[ready] += 1
                yield found

    def _received(self, connection: "Connection[Any, Any]") -> list[Result]:
        try:
            found = connection.recv()
        except (EOFError, ConnectionError) as error:
            process = self.members[connection]
            process.join(timeout=5)
            raise NewsspiderError(
                f"a reading process ended by itself, exit status {process.exitcode}"
            ) from error
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, list)  # noqa: S101
        return found


def _serve(connection: "Connection[Any, Any]", setup: Setup) -> None:
    """Answer every chunk of ids that comes through *connection* until its other end is closed."""
    # Ctrl-C goes to every process of a terminal; the first one says when it is time to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Worker(setup) as worker:
            while True:
                connection.send(worker.results(connection.recv()))
    except (EOFError, ConnectionError):
        return
    except NewsspiderError as error:
        connection.send(error)
