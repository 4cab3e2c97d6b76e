"""Writing the raw archive: WARC/1.1, one gzip member a record, one new file a run.

A record is in the file before `write` returns, so a row that names it can be committed afterwards.
The lines are put together here, since that costs a third of what a general writer does.
"""

import re
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from newsspider.archive.framing import Frame, Headers
from newsspider.archive.reader import OPEN_SUFFIX, Place, RawArchive
from newsspider.archive.warcfile import FinishedFile, WarcFile

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
LEVEL = 6
"""Of zlib: 9 costs half as much again for one percent, 3 saves a third and costs a tenth."""
LEAST_REVISIT_BYTES = 512
"""A shorter body is kept again: a revisit would not be smaller."""
MOST_REQUESTS = 100
"""Different requests of a file that are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, as bytes that went over the wire."""

    url: str
    fetched_at: datetime
    status: int
    answer_head: bytes
    """Status line and headers, with the blank line."""
    body: bytes
    """Without chunks, in its content coding."""
    request_head: bytes = b""
    """Empty: no request is kept."""
    ip_address: str = ""
    truncated: str = ""
    """Why the body is not whole: length, time, disconnect, unspecified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """Where an answer is kept."""

    record_id: str
    warc_file: str
    offset: int
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The response that a revisit refers to."""

    record_id: str
    target: str
    date: str
    place: Place
    digest: str


def readable_name(text: str) -> str:
    """Return *text* as part of a file name.

    >>> readable_name("127.0.0.1:80/新闻")
    '127.0.0.1_80___'
    """
    return re.sub(r"[^A-Za-z0-9.-]", "_", text).strip(".")[:60]


def digest_text(digest: bytes) -> str:
    """Return SHA-256 *digest* as a WARC header has it."""
    return f"sha256:{digest.hex()}"


def iso_date(moment: datetime) -> str:
    """Return *moment* as a WARC-Date.

    >>> iso_date(datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC))
    '2024-05-06T07:08:09.123Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def original_of(frame: Frame, place: Place) -> Original | None:
    """Return what a revisit says of *frame* at *place*; of a revisit, what that refers to."""
    if frame.get("WARC-Type") == "response":
        return Original(
            record_id=frame.record_id,
            target=frame.target,
            date=frame.get("WARC-Date"),
            place=place,
            digest=frame.get("WARC-Payload-Digest"),
        )
    offset = frame.get("WARC-Refers-To-File-Offset")
    if not offset.isdigit():
        return None
    return Original(
        record_id=frame.get("WARC-Refers-To").strip("<>"),
        target=frame.get("WARC-Refers-To-Target-URI"),
        date=frame.get("WARC-Refers-To-Date"),
        place=(frame.get("WARC-Refers-To-Filename"), int(offset)),
        digest=frame.get("WARC-Payload-Digest"),
    )


def record_bytes(headers: list[tuple[str, str]], block: bytes, content_type: str) -> bytes:
    """Return a whole WARC/1.1 record, as one gzip member."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = (
        f"WARC/1.1\r\n{lines}Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return b"".join(
        (
            squeezer.compress(head.encode("latin-1", "replace")),
            squeezer.compress(block),
            squeezer.compress(b"\r\n\r\n"),
            squeezer.flush(),
        )
    )


def http_head(first: str, headers: Headers) -> bytes:
    """Return *first* line and *headers* as the head of an HTTP message.

    A line break within a value would begin a line of its own: it becomes a space.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        clean = ((re.sub(r"[\r\n]+", " ", n), re.sub(r"[\r\n]+", " ", v)) for n, v in headers)
        lines = "".join(f"{name}: {value}\r\n" for name, value in clean)
    return f"{first}\r\n{lines}\r\n".encode("latin-1", "replace")


class WarcWriter:
    """Writes the files of one run: the next one when one is full, none when nothing was fetched."""

    def __init__(
        self,
        raw: RawArchive,
        prefix: str,
        *,
        max_bytes: int,
        software: str,
        all_requests: bool = False,
        on_new_file: Callable[[str], None],
        on_finished: Callable[[FinishedFile], None],
    ) -> None:
        """*prefix* begins every name; the callbacks are told each file before and after.

        Unless *all_requests*, a request whose headers stand in the file already is not kept.
        """
        self.raw = raw
        self.prefix = prefix
        self.max_bytes = max_bytes
        self.software = software
        self._on_new_file = on_new_file
        self._on_finished = on_finished
        self._all_requests = all_requests
        self._asked: set[bytes] = set()
        self._file: WarcFile | None = None
        self._serial = 0

    def write(self, exchange: Exchange, digest: bytes, original: Original | None) -> Archived:
        """Keep *exchange*, as a revisit of *original* where there is one.

        *digest* is the SHA-256 of the body.

        Raises:
            RawArchiveError: it cannot be written.
        """
        file = self._open()
        record_id = f"urn:uuid:{uuid.uuid4()}"
        headers = [
            ("WARC-Type", "revisit" if original else "response"),
            ("WARC-Record-ID", f"<{record_id}>"),
            ("WARC-Date", iso_date(exchange.fetched_at)),
            ("WARC-Target-URI", exchange.url),
        ]
        if exchange.ip_address:
            headers.append(("WARC-IP-Address", exchange.ip_address))
        block = exchange.answer_head
        is_not_modified = original is not None and exchange.status == 304
        if is_not_modified:
            # With a head of its own, replay tools would show the 304 instead of the page.
            block = b""
        if original:
            headers += _reference(original, exchange.status)
        else:
            headers.append(("WARC-Payload-Digest", digest_text(digest)))
            block += exchange.body
        if exchange.truncated:
            headers.append(("WARC-Truncated", exchange.truncated))
        data = record_bytes(headers, block, "application/http;msgtype=response")
        records = 1
        if is_not_modified:
            data += _beside(exchange, "metadata", record_id, exchange.answer_head)
            records += 1
        if self._is_telling(exchange.request_head):
            data += _beside(exchange, "request", record_id, exchange.request_head)
            records += 1
        offset = file.append(data, records)
        return Archived(
            record_id=record_id,
            warc_file=file.name,
            offset=offset,
            fetched_at=exchange.fetched_at,
        )

    def _is_telling(self, request_head: bytes) -> bool:
        """Tell whether a request is to be kept.

        All of a crawl's requests are alike but for address and Referer, and each would take a fifth
        of what a short article takes.
        """
        if self._all_requests or not request_head:
            return bool(request_head)
        lines = request_head.split(b"\r\n")[1:]
        alike = b"\n".join(line for line in lines if not line.startswith(b"Referer:"))
        if alike in self._asked:
            return False
        if len(self._asked) >= MOST_REQUESTS:
            # Validators make each request its own: none of these comes again.
            self._asked.clear()
        self._asked.add(alike)
        return True

    def _open(self) -> WarcFile:
        if self._file and self._file.size_bytes >= self.max_bytes:
            self._finish()
        if self._file is None:
            name = self._next_name()
            self._on_new_file(name)
            self._file = WarcFile(self.raw.folder, name)
            self._asked.clear()
            self._file.append(self._warcinfo(name), 1)
        return self._file

    def _next_name(self) -> str:
        while True:
            self._serial += 1
            name = f"{self.prefix}-{self._serial:05}.warc.gz"
            if not any((self.raw.folder / f"{name}{end}").exists() for end in ("", OPEN_SUFFIX)):
                return name

    def _warcinfo(self, name: str) -> bytes:
        headers = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
            ("WARC-Date", iso_date(datetime.now(UTC))),
            ("WARC-Filename", name),
        ]
        standard = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
        block = f"software: {self.software}\r\nformat: WARC File Format 1.1\r\n"
        block += f"conformsTo: {standard}\r\n"
        return record_bytes(headers, block.encode(), "application/warc-fields")

    def sync(self) -> None:
        """Return when every record is on the disk; raise RawArchiveError when it cannot be."""
        if self._file:
            self._file.sync()

    def close(self) -> None:
        """Finish the file that is being written."""
        if self._file:
            self._finish()

    def _finish(self) -> None:
        file, self._file = self._file, None
        if file:
            self._on_finished(file.finish())


def _beside(exchange: Exchange, kind: str, answer_id: str, block: bytes) -> bytes:
    """Return a record that belongs to the answer *answer_id*: its request, or the head of a 304."""
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        ("WARC-Date", iso_date(exchange.fetched_at)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Concurrent-To", f"<{answer_id}>"),
    ]
    what = "request" if kind == "request" else "response"
    return record_bytes(headers, block, f"application/http;msgtype={what}")


def _reference(original: Original, status: int) -> list[tuple[str, str]]:
    """Return the headers by which a revisit names *original*.

    The last two are an extension that Heritrix began; they make it found at once.
    """
    found = [
        ("WARC-Profile", NOT_MODIFIED if status == 304 else SAME_PAYLOAD),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.target),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Refers-To-Filename", original.place[0]),
        ("WARC-Refers-To-File-Offset", str(original.place[1])),
    ]
    return [*found, ("WARC-Payload-Digest", original.digest)] if original.digest else found
