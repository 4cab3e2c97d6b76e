"""One file of the raw archive while it is written: whole records, one name, one lock."""

import errno
import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from newsspider.archive.reader import OPEN_SUFFIX
from newsspider.errors import RawArchiveError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFile:
    """A file of the raw archive that nothing is added to any more."""

    name: str
    size_bytes: int
    sha256: str
    records: int


class WarcFile:
    """One file that is being written: `NAME.open`, locked, until `finish` gives it its name.

    The lock tells a later run whether the writer still lives.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Raise RawArchiveError when the file cannot be made, or is there."""
        self.name = name
        self.size_bytes = self.records = 0
        self._final = folder / name
        self._path = self._final.with_name(name + OPEN_SUFFIX)
        self._sha256 = hashlib.sha256()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            self._fd = os.open(self._path, flags, 0o644)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sync_folder(folder)
        except OSError as error:
            raise _told(self._path, error) from error
        self._synced = 0

    def append(self, data: bytes, records: int) -> int:
        """Add *data*, which holds so many *records*, and return where it begins.

        Raises:
            RawArchiveError: it cannot be written; the file is as it was before.
        """
        offset = self.size_bytes
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            # Half a record would be taken for damage.
            os.ftruncate(self._fd, offset)
            os.lseek(self._fd, offset, os.SEEK_SET)
            raise _told(self._path, error) from error
        self._sha256.update(data)
        self.size_bytes += len(data)
        self.records += records
        return offset

    def sync(self) -> None:
        """Return when all that was added is on the disk.

        Raises:
            RawArchiveError: the system could not write it.
        """
        if self._synced == self.size_bytes:
            return
        try:
            os.fdatasync(self._fd)
        except OSError as error:
            raise _told(self._path, error) from error
        self._synced = self.size_bytes

    def finish(self) -> FinishedFile:
        """Give the file its name, and return what it is."""
        try:
            self.sync()
            self._path.rename(self._final)
            _sync_folder(self._final.parent)
        except OSError as error:
            raise _told(self._final, error) from error
        finally:
            os.close(self._fd)
        return FinishedFile(
            name=self.name,
            size_bytes=self.size_bytes,
            sha256=self._sha256.hexdigest(),
            records=self.records,
        )


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _told(path: Path, error: OSError) -> RawArchiveError:
    if error.errno in FULL:
        return RawArchiveError(f"no space left to write {path}")
    return RawArchiveError(f"cannot write {path}: {error.strerror or error}")
