"""What WARC files of others hold: answers by address and time, so that they can be read again."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from newsspider.archive.framing import Frame
from newsspider.archive.reader import RawArchive
from newsspider.archive.records import moment
from newsspider.errors import DamagedRecord, RawArchiveError, SeveralRecords

MAX_RATIO = 200
"""How many times its size a file may unpack to: pages shrink to a tenth, bombs to a thousandth."""
CHUNK_BYTES = 1024 * 1024
ROOT = Path("/")
"""Files of others may lie anywhere."""
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Capture:
    """One answer in a file of others; ordered by time."""

    captured_at: datetime
    path: Path
    offset: int
    url: str


@dataclass(kw_only=True)
class Foreign:
    """The answers of some files."""

    captures: list[Capture] = field(default_factory=list)
    originals: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By payload digest: what revisits refer to."""
    broken: int = 0
    """Files that could not be read, or not all of them."""


def name_of(path: Path) -> str:
    """Return *path* as a name in a RawArchive of ROOT."""
    return path.relative_to(ROOT).as_posix()


@contextmanager
def opened(paths: Iterable[Path], on_damage: Told) -> Iterator[Foreign]:
    """Yield what *paths* hold; a file that cannot be read is told to *on_damage*.

    A file that is one gzip member for all its records is unpacked for as long as the context lasts.
    """
    found = Foreign()
    with TemporaryDirectory(prefix="newsspider-") as folder:
        for number, path in enumerate(paths):
            damage: list[str] = []
            try:
                _read(found, path.absolute(), damage.append)
            except SeveralRecords:
                plain = Path(folder) / f"{number}-{path.name.removesuffix('.gz')}"
                try:
                    _unpack(path, plain)
                    _read(found, plain, damage.append)
                except (RawArchiveError, OSError, EOFError, gzip.BadGzipFile) as error:
                    damage.append(f"{path}: {error}")
            except RawArchiveError as error:
                damage.append(str(error))
            found.broken += bool(damage)
            for message in damage:
                on_damage(message)
        found.captures.sort()
        yield found


def _read(found: Foreign, path: Path, on_damage: Told) -> None:
    captures: list[Capture] = []
    with RawArchive(path.parent) as raw:
        for frame in raw.frames(path, on_damage):
            if frame.get("WARC-Type") not in ("response", "revisit"):
                continue
            if not frame.target.startswith(("http://", "https://")):
                continue
            try:
                captures.append(_capture(frame, path))
            except DamagedRecord as error:
                on_damage(f"{path}: {error}")
                continue
            digest = frame.get("WARC-Payload-Digest")
            if digest and frame.get("WARC-Type") == "response":
                found.originals.setdefault(digest, (name_of(path), frame.offset))
    if not captures and path.stat().st_size:
        on_damage(f"{path}: no answers in it")
    found.captures += captures


def _capture(frame: Frame, path: Path) -> Capture:
    return Capture(captured_at=moment(frame), path=path, offset=frame.offset, url=frame.target)


def _unpack(path: Path, plain: Path) -> None:
    room = MAX_RATIO * path.stat().st_size
    with gzip.open(path) as packed, plain.open("wb") as file:
        while data := packed.read(CHUNK_BYTES):
            room -= len(data)
            if room < 0:
                raise RawArchiveError(f"{path} unpacks to more than {MAX_RATIO} times its size")
            file.write(data)
