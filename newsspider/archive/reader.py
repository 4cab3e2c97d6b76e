"""Reading the raw archive: one answer by its place, or a whole file."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from newsspider.archive.framing import Frame, read_frame, scan
from newsspider.archive.records import RawResponse, response_of
from newsspider.errors import DamagedRecord, MissingRecord, RawArchiveError

logger = logging.getLogger(__name__)

OPEN_FILES = 16
OPEN_SUFFIX = ".open"
"""A file has it after its name while a run writes it."""
FOLDER = "warc"

Place = tuple[str, int]
"""A file of the raw archive and where in it a record begins."""
Locate = Callable[[str], Place | None]
"""Returns where the response with a payload digest is kept, None when that is not known."""


def folder_of(database: Path, moved_to: str | Path | None = None) -> Path:
    """Return the folder of the raw archive of *database*: `warc` beside it, or *moved_to*."""
    return Path(moved_to) if moved_to else database.parent / FOLDER


class RawArchive:
    """The WARC files of one folder, for one thread. Names of files are relative to the folder."""

    def __init__(
        self, folder: Path, *, locate: Locate | None = None, is_searched: bool = True
    ) -> None:
        """*locate* makes a revisit's original found at once where a prune moved it.

        Unless *is_searched*, no other file is read in search of an original.
        """
        self.folder = folder
        self._locate = locate
        self._is_searched = is_searched
        self._files: OrderedDict[str, BinaryIO] = OrderedDict()
        self._by_id: dict[str, Place] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every file; the archive can still be used."""
        while self._files:
            self._files.popitem()[1].close()

    def path_of(self, warc_file: str) -> Path:
        """Return the path of the file *warc_file*, also while a run still writes it.

        Raises:
            MissingRecord: it is not there, or no name within the folder.
        """
        name = PurePosixPath(warc_file)
        if not warc_file or name.is_absolute() or ".." in name.parts or "\0" in warc_file:
            raise MissingRecord(f"no name of a file in {self.folder}: {warc_file!r}")
        path = self.folder / name
        being_written = path.with_name(path.name + OPEN_SUFFIX)
        for candidate in (path, being_written):
            if candidate.is_file():
                return candidate
        raise MissingRecord(f"{path} is not there")

    def frame(self, warc_file: str, offset: int) -> Frame:
        """Return the record at *offset* of *warc_file* as it stands there.

        Raises:
            MissingRecord, DamagedRecord, RawArchiveError: the text names the file.
        """
        file = self._open(warc_file)
        try:
            frame = read_frame(file, offset)
        except DamagedRecord as error:
            raise DamagedRecord(f"{self.folder / warc_file}: {error}") from error
        except OSError as error:
            raise RawArchiveError(f"{self.folder / warc_file}: {error.strerror}") from error
        if frame is None:
            raise MissingRecord(f"{self.folder / warc_file} ends before byte {offset}")
        return frame

    def read(self, warc_file: str, offset: int) -> RawResponse:
        """Return the answer at *offset* of *warc_file*; a revisit has the body it refers to.

        Raises:
            MissingRecord: the file, the record, or what a revisit refers to is not there.
            DamagedRecord: there is no whole answer.
        """
        return self._response(self.frame(warc_file, offset), warc_file)

    def records(
        self, path: Path, on_damage: Callable[[str], None] | None = None
    ) -> Iterator[RawResponse]:
        """Yield every answer in the file at *path*, which may lie outside the folder.

        What is damaged is told to *on_damage*, or logged, and passed over.

        Raises:
            RawArchiveError: it cannot be read, or one gzip member holds all records.
        """
        told = on_damage or logger.warning
        name = self.name_of(path)
        for frame in self.frames(path, told):
            if frame.get("WARC-Type") not in ("response", "revisit"):
                continue
            try:
                yield self._response(frame, name)
            except RawArchiveError as error:
                told(f"{path}: {error}")

    def frames(self, path: Path, on_damage: Callable[[str], None]) -> Iterator[Frame]:
        """Yield every whole record of the file at *path*; damage is told and passed over.

        Raises:
            RawArchiveError: it cannot be read, or one gzip member holds all records.
        """
        try:
            with path.open("rb") as file:
                yield from scan(file, lambda message: on_damage(f"{path}: {message}"))
        except OSError as error:
            raise RawArchiveError(f"{path}: {error.strerror or error}") from error

    def name_of(self, path: Path) -> str:
        """Return the name of the file at *path*: relative to the folder, else its last part."""
        inside = path.is_relative_to(self.folder)
        name = path.relative_to(self.folder).as_posix() if inside else path.name
        return name.removesuffix(OPEN_SUFFIX)

    def files(self) -> list[Path]:
        """Return the WARC files of the folder, those being written included, by name."""
        kinds = (".warc.gz", ".warc", f".warc.gz{OPEN_SUFFIX}")
        return sorted(path for path in self.folder.rglob("*.warc*") if path.name.endswith(kinds))

    def original_of(self, frame: Frame) -> tuple[Frame, str]:
        """Return the response that the revisit *frame* refers to, and its file.

        It is looked for where the record says, then where the database says, then in every file.

        Raises:
            MissingRecord: it is in none.
        """
        wanted = frame.get("WARC-Refers-To").strip("<>")
        digest = frame.get("WARC-Payload-Digest")
        for place in self._places(frame, wanted, digest):
            try:
                found = self.frame(*place)
            except RawArchiveError:
                continue
            is_it = found.record_id == wanted if wanted else False
            same_payload = bool(digest) and found.get("WARC-Payload-Digest") == digest
            if found.get("WARC-Type") == "response" and (is_it or same_payload):
                return found, place[0]
        raise MissingRecord(f"{frame.target}: the record {wanted or digest} is in no file")

    def _places(self, frame: Frame, wanted: str, digest: str) -> Iterator[Place]:
        offset = frame.get("WARC-Refers-To-File-Offset")
        if offset.isascii() and offset.isdigit():
            yield frame.get("WARC-Refers-To-Filename"), int(offset)
        if digest and self._locate and (place := self._locate(digest)):
            yield place
        index = self._index() if self._is_searched else {}
        yield from (index[key] for key in (wanted, digest) if key in index)

    def _index(self) -> dict[str, Place]:
        """Return the place of every response by its id and by its digest; reads every file once."""
        if self._by_id is None:
            self._by_id = {}
            for path in self.files():
                name = self.name_of(path)
                for frame in self.frames(path, logger.debug):
                    if frame.get("WARC-Type") == "response":
                        place = (name, frame.offset)
                        self._by_id.setdefault(frame.record_id, place)
                        self._by_id.setdefault(frame.get("WARC-Payload-Digest"), place)
        return self._by_id

    def _response(self, frame: Frame, warc_file: str) -> RawResponse:
        try:
            if frame.get("WARC-Type") != "revisit":
                return response_of(frame, warc_file)
            return response_of(frame, warc_file, self.original_of(frame)[0])
        except DamagedRecord as error:
            raise DamagedRecord(f"{self.folder / warc_file}: {error}") from error

    def _open(self, warc_file: str) -> BinaryIO:
        if file := self._files.get(warc_file):
            self._files.move_to_end(warc_file)
            return file
        path = self.path_of(warc_file)
        try:
            file = self._files[warc_file] = path.open("rb")
        except OSError as error:
            raise RawArchiveError(f"{path}: {error.strerror or error}") from error
        if len(self._files) > OPEN_FILES:
            self._files.popitem(last=False)[1].close()
        return file
