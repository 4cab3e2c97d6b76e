"""One answer as the raw archive holds it."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from newsspider.archive.framing import Frame, Headers, header, parse_head, split_head
from newsspider.errors import DamagedRecord

MAX_CONTENT_BYTES = 64 * 1024 * 1024
"""What a body may decode to; a compression bomb ends there."""
WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""Window sizes to try for a content coding; "deflate" is sent with and without its zlib header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """An answer as it was sent, and where it is kept.

    For a revisit, `url`, `fetched_at` and `record_id` are its own, the body is that of the answer
    that it refers to; so are status and headers where the server only said 304.
    """

    url: str
    fetched_at: datetime
    """Aware."""
    status: int
    reason: str
    headers: Headers
    """In the order of the file, duplicates kept; latin-1, so that no byte is lost."""
    body: bytes
    """Without chunks (Transfer-Encoding), still in its content coding."""
    record_id: str
    """`urn:uuid:...`"""
    warc_file: str
    """Name of the file within the folder of the raw archive."""
    offset: int
    payload_digest: str = ""
    """As in the file, `sha256:...` where newsspider wrote it; "" without one."""
    truncated: bool = False
    """The body is not whole."""
    is_revisit: bool = False

    def get(self, name: str) -> str:
        """Return the first value of the header *name*; "" without one."""
        return header(self.headers, name)

    @property
    def content_type(self) -> str | None:
        """Return the header Content-Type; None without one."""
        return self.get("Content-Type") or None

    def content(self, limit: int = MAX_CONTENT_BYTES) -> bytes:
        """Return the body out of its content coding, gzip or deflate, at most *limit* bytes of it.

        A body that ends too early gives what it holds.

        Raises:
            DamagedRecord: it is in another coding, or not in the one that its header names.
        """
        body = self.body
        codings = [c.strip().lower() for c in self.get("Content-Encoding").split(",")]
        for coding in reversed([c for c in codings if c not in ("", "identity")]):
            body = self._decoded(body, coding, limit)
        return body[:limit]

    def _decoded(self, body: bytes, coding: str, limit: int) -> bytes:
        reason = f"content coding {coding!r} is not known"
        for window in WINDOWS.get(coding, ()):
            try:
                return _inflated(body, window, limit)
            except zlib.error as error:
                reason = f"no {coding} as its header says: {error}"
        raise DamagedRecord(f"{self.warc_file}, byte {self.offset}: {self.url}: {reason}")


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    """Return *body* decompressed, member after member, up to *limit* bytes.

    Raises:
        zlib.error: nothing of it could be read.
    """
    parts: list[bytes] = []
    room = limit
    while body and room > 0:
        inflater = zlib.decompressobj(window)
        try:
            parts.append(inflater.decompress(body, room))
        except zlib.error:
            if not parts:
                raise
            # Padding after the last member.
            break
        room -= len(parts[-1])
        body = inflater.unused_data
    return b"".join(parts)


def moment(frame: Frame) -> datetime:
    """Return when *frame* was captured, aware.

    Raises:
        DamagedRecord: its WARC-Date is none.
    """
    try:
        found = datetime.fromisoformat(frame.get("WARC-Date"))
    except ValueError as error:
        raise DamagedRecord(f"the record at byte {frame.offset} has no date") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def response_of(frame: Frame, warc_file: str, original: Frame | None = None) -> RawResponse:
    """Return the answer in *frame*, a response, or a revisit of the response *original*.

    Raises:
        DamagedRecord: there is no HTTP answer in it.
    """
    status, reason, headers, body = _message(frame)
    if original is not None:
        of_original = _message(original)
        body = of_original[3]
        if status in (304, 0):
            status, reason, headers = of_original[:3]
    source = original or frame
    is_cut = bool(source.get("WARC-Truncated"))
    if "chunked" in header(headers, "Transfer-Encoding").lower():
        body, is_whole = dechunked(body)
        is_cut = is_cut or not is_whole
    return RawResponse(
        url=frame.target,
        fetched_at=moment(frame),
        status=status,
        reason=reason,
        headers=headers,
        body=body,
        record_id=frame.record_id,
        warc_file=warc_file,
        offset=frame.offset,
        payload_digest=source.get("WARC-Payload-Digest"),
        truncated=is_cut,
        is_revisit=original is not None,
    )


def _message(frame: Frame) -> tuple[int, str, Headers, bytes]:
    """Return status, reason, headers and body of the HTTP answer in *frame*.

    A revisit need not repeat the answer's head: its status is then 0.
    """
    if not frame.block and frame.get("WARC-Type") == "revisit":
        return 0, "", (), b""
    head, start = split_head(frame.block) or (frame.block.rstrip(b"\r\n"), len(frame.block))
    first, headers = parse_head(head)
    words = first.split(None, 2)
    if not first.startswith("HTTP/") or len(words) < 2 or not words[1].isdigit():
        raise DamagedRecord(f"the record at byte {frame.offset} holds no HTTP answer")
    return int(words[1][:3]), words[2] if len(words) > 2 else "", headers, frame.block[start:]


def dechunked(body: bytes) -> tuple[bytes, bool]:
    """Return *body* without its chunks, and whether its last one is there.

    A body that does not begin with a chunk is taken as it is: many archives keep the header of
    bodies that they have dechunked. https://www.rfc-editor.org/rfc/rfc9112#section-7.1

    >>> dechunked(b"3\\r\\nabc\\r\\n0\\r\\n\\r\\n"), dechunked(b"<p>"), dechunked(b"9\\r\\nab")
    ((b'abc', True), (b'<p>', True), (b'ab', False))
    """
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 256)
        digits = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
            return (b"".join(parts), False) if parts else (body, True)
        size = int(digits, 16)
        if size == 0:
            return b"".join(parts), True
        parts.append(body[end + 2 : end + 2 + size])
        if len(parts[-1]) < size:
            return b"".join(parts), False
        at = end + 2 + size + 2
