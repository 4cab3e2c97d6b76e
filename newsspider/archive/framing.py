"""Where records begin and end in a WARC file, plain or gzip, and what to do where it is damaged.

ISO 28500:2017, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.
warcio reads such files too, but takes a member whose checksum is wrong for a short one; an archive
has to notice.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from newsspider.errors import DamagedRecord, SeveralRecords

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order of the file, duplicates kept; latin-1, so that no byte is lost."""

GZIP_MAGIC = b"\x1f\x8b\x08"
PLAIN_MAGIC = b"WARC/"
MAX_RECORD_BYTES = 256 * 1024 * 1024
"""A longer record is told and passed over: no page is that long."""
MAX_HEAD_BYTES = 256 * 1024
CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One record as it stands in a file."""

    offset: int
    length: int
    """Bytes that it takes in the file, the blank lines after it included."""
    headers: Headers
    """Of the record, not of the message in it."""
    block: bytes

    def get(self, name: str) -> str:
        """Return the value of the header *name*; "" without one."""
        return header(self.headers, name)

    @property
    def record_id(self) -> str:
        """Return the id as `urn:uuid:...`."""
        return self.get("WARC-Record-ID").strip("<>")

    @property
    def target(self) -> str:
        """Return the address; some writers put it in angle brackets, against the grammar."""
        return self.get("WARC-Target-URI").strip("<>")


def header(headers: Headers, name: str) -> str:
    """Return the first value of *name*, whatever its case; "" without one."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def parse_head(head: bytes) -> tuple[str, Headers]:
    """Return the first line and the headers of *head*; folded lines are joined.

    >>> parse_head(b"WARC/1.1\\r\\nA: 1\\r\\n\\t2\\r\\na:3")
    ('WARC/1.1', (('A', '1 2'), ('a', '3')))
    """
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}".strip())
        elif line.strip():
            name, _, value = line.partition(":")
            headers.append((name.strip(), value.strip()))
    return first, tuple(headers)


def split_head(data: bytes) -> tuple[bytes, int] | None:
    """Return the head of *data* and where its body begins; None where no blank line ends it."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    if not ends:
        return None
    at, width = min(ends)
    return data[:at], at + width


def read_frame(file: BinaryIO, offset: int) -> Frame | None:
    """Return the record that begins at *offset*; None at the end of the file.

    Raises:
        DamagedRecord: there is no whole record there.
        SeveralRecords: the gzip member holds more than one.
    """
    file.seek(offset)
    start = file.read(len(PLAIN_MAGIC))
    if not start:
        return None
    if start.startswith(GZIP_MAGIC):
        return _compressed(file, offset)
    if start == PLAIN_MAGIC:
        return _plain(file, offset)
    raise DamagedRecord(f"no record begins at byte {offset}")


def _record(data: bytes, offset: int, length: int, *, is_cut: bool) -> Frame:
    """Return the record that *data* begins with; *data* may be cut at MAX_RECORD_BYTES."""
    following = offset + length
    split = split_head(data[:MAX_HEAD_BYTES])
    first, headers = parse_head(split[0]) if split else ("", ())
    size = header(headers, "Content-Length")
    if split is None or not first.startswith("WARC/") or not (size.isascii() and size.isdigit()):
        raise DamagedRecord(f"the record at byte {offset} has no head", following=following)
    end = split[1] + int(size)
    if len(data) < end:
        raise DamagedRecord(
            f"the record at byte {offset} is {'too long' if is_cut else 'cut short'}",
            following=following,
        )
    if data[end : end + 64].strip(b"\r\n"):
        raise SeveralRecords("one gzip member holds several records")
    return Frame(offset=offset, length=length, headers=headers, block=data[split[1] : end])


def _compressed(file: BinaryIO, offset: int) -> Frame:
    file.seek(offset)
    inflater = zlib.decompressobj(31)
    parts: list[bytes] = []
    size = read = 0
    try:
        while not inflater.eof:
            if not (data := file.read(CHUNK_BYTES)):
                raise DamagedRecord(f"the record at byte {offset} is cut short")
            read += len(data)
            while data and not inflater.eof:
                # In steps, so that a bomb never takes more memory than it may.
                part = inflater.decompress(data, 16 * CHUNK_BYTES)
                data = inflater.unconsumed_tail
                size += len(part)
                if size - len(part) < MAX_RECORD_BYTES:
                    parts.append(part)
    except zlib.error as error:
        raise DamagedRecord(f"the record at byte {offset} is damaged: {error}") from error
    length = read - len(inflater.unused_data)
    return _record(b"".join(parts), offset, length, is_cut=size >= MAX_RECORD_BYTES)


def _plain(file: BinaryIO, offset: int) -> Frame:
    file.seek(offset)
    head = file.read(CHUNK_BYTES)
    while (split := split_head(head)) is None and len(head) < MAX_HEAD_BYTES:
        if not (more := file.read(CHUNK_BYTES)):
            break
        head += more
    headers = parse_head(split[0])[1] if split else ()
    size = header(headers, "Content-Length")
    if split is None or not (size.isascii() and size.isdigit()):
        raise DamagedRecord(f"the record at byte {offset} has no head")
    end = split[1] + int(size)
    if int(size) > MAX_RECORD_BYTES:
        raise DamagedRecord(f"the record at byte {offset} is too long", following=offset + end + 4)
    file.seek(offset)
    data = file.read(end)
    gap = file.read(4)
    blank = len(gap) - len(gap.lstrip(b"\r\n"))
    return _record(data, offset, end + blank, is_cut=False)


def scan(file: BinaryIO, on_damage: Callable[[str], None]) -> Iterator[Frame]:
    """Yield every whole record of *file*; what stands between them is told to *on_damage*.

    Raises:
        SeveralRecords: one gzip member holds several records.
    """
    offset = 0
    is_told = False
    while True:
        try:
            frame = read_frame(file, offset)
        except DamagedRecord as error:
            if not is_told:
                on_damage(str(error))
            # What merely looks like a beginning within the damage is no further damage.
            is_told = True
            found = error.following or _next_start(file, offset + 1)
            if found is None:
                return
            offset = found
            continue
        if frame is None:
            return
        yield frame
        is_told = False
        offset += frame.length


def _next_start(file: BinaryIO, offset: int) -> int | None:
    """Return where the next record may begin, from *offset* on; None when nothing looks so."""
    held = b""
    while True:
        file.seek(offset + len(held))
        data = held + file.read(16 * CHUNK_BYTES)
        if len(data) <= len(held):
            return None
        places = [at for mark in (GZIP_MAGIC, b"\nWARC/1.") if (at := data.find(mark)) >= 0]
        if places:
            at = min(places)
            return offset + at + (data[at : at + 1] == b"\n")
        keep = min(len(data), 8)
        offset, held = offset + len(data) - keep, data[-keep:]
