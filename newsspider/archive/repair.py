"""What a killed run left of its file: the torn tail is cut, the file gets its name."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsspider.archive.framing import scan
from newsspider.archive.reader import OPEN_SUFFIX
from newsspider.archive.warcfile import FinishedFile
from newsspider.errors import RawArchiveError

logger = logging.getLogger(__name__)

TORN_SUFFIX = ".torn"
"""A file without any whole record has it after its name; no reader looks at it."""
LOCK = ".lock"
CHUNK_BYTES = 1024 * 1024


@contextmanager
def locked(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the lock of the raw archive in *folder*: many may write to it, or one may prune.

    Raises:
        BlockingIOError: others hold it.
        RawArchiveError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fd = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise RawArchiveError(f"cannot write {folder}: {error.strerror or error}") from error
    try:
        fcntl.flock(fd, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        yield
    finally:
        os.close(fd)


def finish(folder: Path, name: str) -> FinishedFile | None:
    """Finish the file *name* of a run that was killed; None when there is nothing to finish.

    Then it is not there, a run still writes it, or it holds no whole record and is set aside.

    Raises:
        RawArchiveError: it cannot be read or written.
    """
    final = folder / name
    path = final.with_name(name + OPEN_SUFFIX)
    try:
        if not path.exists():
            # Killed between the new name and the row that says so.
            return described(final) if final.exists() else None
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            end = 0
            # Damage before the last whole record is not for cutting: `verify` names it.
            for frame in scan(file, lambda _: None):
                end = frame.offset + frame.length
            size = path.stat().st_size
            if end == 0:
                path.rename(final.with_name(name + TORN_SUFFIX))
                logger.warning("%s holds no whole record: set aside", path)
                return None
            if end < size:
                file.truncate(end)
                logger.warning("%s: %d bytes of a torn record cut off", path, size - end)
            os.fsync(file.fileno())
            path.rename(final)
    except OSError as error:
        raise RawArchiveError(f"cannot mend {path}: {error.strerror or error}") from error
    logger.warning("%s: finished, its run was killed", final)
    return described(final)


def described(path: Path) -> FinishedFile:
    """Return what the file at *path* is; reads all of it."""
    with path.open("rb") as file:
        records = sum(1 for _ in scan(file, lambda _: None))
    return FinishedFile(
        name=path.name,
        size_bytes=path.stat().st_size,
        sha256=digest_of(path),
        records=records,
    )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of the file at *path*."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(CHUNK_BYTES):
            digest.update(data)
    return digest.hexdigest()
