"""Packages of archived pages to hand over: WACZ 1.1.1, a zip file with WARC files and their index.

https://specs.webrecorder.net/wacz/1.1.1/. Records go in as they stand, byte by byte.
"""

import gzip
import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import IO, BinaryIO, Self

from newsspider.archive.cdxj import in_order, line_of, write_index
from newsspider.archive.framing import PLAIN_MAGIC, Frame
from newsspider.archive.reader import OPEN_SUFFIX, Place, RawArchive
from newsspider.archive.writer import iso_date, record_bytes
from newsspider.errors import RawArchiveError

VERSION = "1.1.1"
SELECTION = "selection.warc.gz"
COPIED_BYTES = 1024 * 1024
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaczPage:
    """An article of the package: what a reader of it is shown to choose from."""

    article_id: int
    title: str
    places: tuple[Place, ...]
    """Its archived answers, the last one, which is shown, at the end."""


class _Package:
    """A zip file that is being written, and the digests of what is in it."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._moment = datetime.now(UTC).timetuple()[:6]
        self.resources: list[dict[str, str | int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @contextmanager
    def file(self, path: str, *, is_listed: bool = True) -> Iterator["_Hashing"]:
        """Open a file of the package, stored as it is: WARC files and indexes are compressed."""
        info = zipfile.ZipInfo(path, self._moment)
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            hashing = _Hashing(file)
            yield hashing
        if is_listed:
            self.resources.append(
                {
                    "name": path.rpartition("/")[2],
                    "path": path,
                    "hash": f"sha256:{hashing.digest.hexdigest()}",
                    "bytes": hashing.size,
                }
            )

    def add(self, path: str, data: bytes, *, is_listed: bool = True) -> None:
        """Add a whole file."""
        with self.file(path, is_listed=is_listed) as out:
            out.write(data)


class _Hashing:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write *data*."""
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)


def write_wacz(
    out: BinaryIO,
    raw: RawArchive,
    pages: Iterable[WaczPage],
    *,
    is_whole: bool,
    title: str,
    software: str,
    tell: Tell,
) -> int:
    """Write a package of *pages* to *out*, with all of the raw archive or what they need of it.

    Of a whole archive every finished file goes in as it is. Of a selection every answer of the
    pages does, with its request where that is kept, and what a revisit refers to. What cannot be
    read is told and left out. Returns the number of pages.

    Raises:
        RawArchiveError: there is nothing to put into it.
        OSError: *out* cannot be written.
    """
    with _Package(out) as package:
        listed = list(_listed(pages, raw, tell)) if not is_whole else None
        lines = _whole(package, raw, tell) if listed is None else _selection(package, raw, listed)
        index = in_order(lines)
        first = next(index, None)
        if first is None:
            raise RawArchiveError(f"nothing of this is in the raw archive at {raw.folder}")
        with package.file("indexes/index.cdx.gz") as file:
            idx = write_index(chain((first,), index), file, "index.cdx.gz")
        package.add("indexes/index.idx", idx)
        shown = listed if listed is not None else _listed(pages, raw, tell)
        count = _pages(package, shown)
        _describe(package, title, software)
    return count


# -- records -------------------------------------------------------------------------------------
def _whole(package: _Package, raw: RawArchive, tell: Tell) -> Iterator[str]:
    """Copy every finished file and yield the lines of its records."""
    for path in raw.files():
        if path.name.endswith(OPEN_SUFFIX):
            tell(f"{path} is being written and is left out")
            continue
        # Folders of the raw archive are no folders of the package: names would have to be unique.
        name = raw.name_of(path).replace("/", "-")
        with path.open("rb") as source, package.file(f"archive/{name}") as target:
            while data := source.read(COPIED_BYTES):
                target.write(data)
        for frame in raw.frames(path, tell):
            if line := line_of(frame, name, frame.offset, frame.length):
                yield line


def _selection(package: _Package, raw: RawArchive, pages: Iterable["_Listed"]) -> Iterator[str]:
    """Copy what *pages* need into one file and yield the lines of its records."""
    wanted = sorted({place for page in pages for place in page.needed})
    lines: list[str] = []
    with package.file(f"archive/{SELECTION}") as out:
        out.write(_warcinfo())
        for name, offset in wanted:
            frame = raw.frame(name, offset)
            data = _record(raw, name, frame)
            if line := line_of(frame, SELECTION, out.size, len(data)):
                lines.append(line)
            out.write(data)
            if request := _request_after(raw, name, frame):
                out.write(_record(raw, name, request))
    yield from lines


def _record(raw: RawArchive, name: str, frame: Frame) -> bytes:
    """Return the record *frame* as it stands in its file; of a plain file, compressed."""
    with raw.path_of(name).open("rb") as file:
        file.seek(frame.offset)
        data = file.read(frame.length)
    return gzip.compress(data, mtime=0) if data.startswith(PLAIN_MAGIC) else data


def _request_after(raw: RawArchive, name: str, frame: Frame) -> Frame | None:
    """Return the request of the answer *frame* where it stands behind it."""
    try:
        following = raw.frame(name, frame.offset + frame.length)
    except RawArchiveError:
        return None
    is_its = frame.record_id in following.get("WARC-Concurrent-To")
    return following if is_its and following.get("WARC-Type") == "request" else None


def _warcinfo() -> bytes:
    headers = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        ("WARC-Date", iso_date(datetime.now(UTC))),
        ("WARC-Filename", SELECTION),
    ]
    block = b"description: records copied from other files\r\n"
    return record_bytes(headers, block, "application/warc-fields")


# -- pages ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Listed:
    """A page with the address and time of the answer that shows it."""

    article_id: int
    title: str
    url: str
    moment: str
    needed: tuple[Place, ...]


def _listed(pages: Iterable[WaczPage], raw: RawArchive, tell: Tell) -> Iterator[_Listed]:
    """Yield *pages* that can be shown; what is missing of them is told."""
    for page in pages:
        shown: Frame | None = None
        needed: list[Place] = []
        for place in page.places:
            try:
                frame = raw.frame(*place)
                original = _original(raw, frame)
            except RawArchiveError as error:
                tell(f"article {page.article_id}: {error}")
                continue
            needed += [place, *original]
            shown = frame
        if shown is None:
            tell(f"article {page.article_id} is not in the raw archive and is left out")
            continue
        moment = shown.get("WARC-Date")
        yield _Listed(page.article_id, page.title, shown.target, moment, tuple(needed))


def _original(raw: RawArchive, frame: Frame) -> tuple[Place, ...]:
    """Return the place of what a revisit refers to."""
    if frame.get("WARC-Type") != "revisit":
        return ()
    found, name = raw.original_of(frame)
    return ((name, found.offset),)


def _pages(package: _Package, pages: Iterable[_Listed]) -> int:
    count = 0
    with package.file("pages/pages.jsonl") as out:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        out.write(_line(head))
        for page in pages:
            count += 1
            said = {"id": str(page.article_id), "url": page.url, "ts": page.moment}
            out.write(_line(said | {"title": page.title}))
    return count


def _line(value: dict[str, str]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _describe(package: _Package, title: str, software: str) -> None:
    """Add what the package says of itself, with the digests of all that is in it."""
    described = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "software": software,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": package.resources,
    }
    data = json.dumps(described, ensure_ascii=False, indent=2).encode()
    package.add("datapackage.json", data, is_listed=False)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    package.add("datapackage-digest.json", json.dumps(digest, indent=2).encode(), is_listed=False)
