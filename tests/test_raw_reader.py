"""Reading the raw archive: files that warcio wrote, odd ones, and damaged ones."""

import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsspider.archive.framing import scan
from newsspider.archive.reader import RawArchive, folder_of
from newsspider.archive.records import RawResponse, dechunked
from newsspider.errors import DamagedRecord, MissingRecord, RawArchiveError, SeveralRecords

URL = "http://news.example/a.html"
PAGE = "<html><body>共建家园</body></html>".encode()


def written(path: Path, build: Callable[[Any], object], *, gz: bool = True) -> Path:
    """Make a WARC file with warcio: *build* is given the writer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        build(WARCWriter(file, gzip=gz, warc_version="1.1"))
    return path


def answer(
    writer: Any,
    url: str = URL,
    body: bytes = PAGE,
    *,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
    status: str = "200 OK",
    protocol: str = "HTTP/1.1",
    warc: dict[str, str] | None = None,
    kind: str = "response",
) -> Any:
    """Write one record and return it."""
    head = StatusAndHeaders(status, list(headers), protocol=protocol)
    stated = {"WARC-Date": "2024-05-06T07:08:09.123456Z", **(warc or {})}
    # Without a length warcio leaves a temporary file to the garbage collector.
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=head,
        warc_headers_dict=stated,
    )
    writer.write_record(record)
    return record


def responses(path: Path, told: list[str] | None = None) -> list[RawResponse]:
    with RawArchive(path.parent) as raw:
        return list(raw.records(path, None if told is None else told.append))


@pytest.mark.parametrize("gz", [True, False], ids=["gzip", "plain"])
def test_a_whole_file_and_each_record_by_its_place(tmp_path: Path, gz: bool) -> None:
    urls = [f"{URL}?{n}" for n in range(5)]
    path = written(
        tmp_path / ("a.warc.gz" if gz else "a.warc"),
        lambda w: [answer(w, url, PAGE * n) for n, url in enumerate(urls, 1)],
        gz=gz,
    )
    found = responses(path)
    assert [r.url for r in found] == urls
    assert [r.body for r in found] == [PAGE * n for n in range(1, 6)]
    with RawArchive(tmp_path) as raw:
        assert [raw.read(r.warc_file, r.offset) for r in found] == found
        assert raw.files() == [path]


def test_fields_of_an_answer(tmp_path: Path) -> None:
    headers = (("Set-Cookie", "a=1"), ("X", "y"), ("set-cookie", "b=é"))
    path = written(
        tmp_path / "a.warc.gz",
        lambda w: answer(w, headers=headers, status="404 Not Found", protocol="HTTP/1.0"),
    )
    (one,) = responses(path)
    assert one.fetched_at == datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
    assert (one.status, one.reason) == (404, "Not Found")
    assert [name for name, _ in one.headers] == ["Set-Cookie", "X", "set-cookie"]
    assert one.get("x") == "y"
    assert one.content_type is None
    assert one.record_id.startswith("urn:uuid:")
    assert one.payload_digest.startswith("sha1:")
    assert (one.warc_file, one.offset, one.truncated, one.is_revisit) == (
        "a.warc.gz",
        0,
        False,
        False,
    )


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return squeezer.compress(data) + squeezer.flush()


# Without a time: cases have the same names in every process that collects them.
@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("GZIP", gzip.compress(PAGE, mtime=0) + b"\0\0padding"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
        ("identity", PAGE),
    ],
)
def test_content_out_of_its_coding(tmp_path: Path, coding: str, body: bytes) -> None:
    path = written(
        tmp_path / "a.warc.gz",
        lambda w: answer(w, body=body, headers=(("Content-Encoding", coding),)),
    )
    (one,) = responses(path)
    assert one.body == body
    assert one.content() == PAGE


def test_content_stops_at_the_limit_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    bodies = [("gzip", bomb), ("br", PAGE), ("gzip", PAGE), ("gzip", gzip.compress(PAGE)[:-12])]
    path = written(
        tmp_path / "a.warc.gz",
        lambda w: [
            answer(w, body=body, headers=(("Content-Encoding", coding),)) for coding, body in bodies
        ],
    )
    first, brotli, lie, cut = responses(path)
    assert len(first.content(1_000_000)) == 1_000_000
    for one in (brotli, lie):
        with pytest.raises(DamagedRecord, match=r"a\.warc\.gz, byte \d+: .*(not known|no gzip)"):
            one.content()
    assert PAGE.startswith(cut.content()) and cut.content()


def test_chunks_left_in_a_body(tmp_path: Path) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    headers = (("Transfer-Encoding", "chunked"),)
    path = written(
        tmp_path / "a.warc.gz",
        lambda w: [answer(w, body=b, headers=headers) for b in (chunked, PAGE, chunked[:-12])],
    )
    whole, already, cut = responses(path)
    assert (whole.body, whole.truncated) == (PAGE, False)
    assert (already.body, already.truncated) == (PAGE, False)
    assert cut.truncated and PAGE.startswith(cut.body)


@given(st.binary(max_size=200))
def test_no_body_upsets_the_chunk_reader(body: bytes) -> None:
    found, is_whole = dechunked(body)
    assert len(found) <= len(body)
    chunks = b"".join(b"%X;x=y\r\n%s\r\n" % (len(p), p) for p in (body[:7], body[7:]) if p)
    assert dechunked(chunks + b"0\r\n\r\n") == (body, True)
    assert is_whole or found != body


def revisit(writer: Any, original: Any, *, profile: str, status: str, hints: bool = False) -> None:
    headers = original.rec_headers
    stated = {
        "WARC-Profile": f"http://netpreserve.org/warc/1.1/revisit/{profile}",
        "WARC-Refers-To": headers.get_header("WARC-Record-ID"),
        "WARC-Payload-Digest": headers.get_header("WARC-Payload-Digest"),
        "WARC-Date": "2024-06-01T00:00:00Z",
    }
    if hints:
        stated |= {"WARC-Refers-To-Filename": "a.warc.gz", "WARC-Refers-To-File-Offset": "0"}
    answer(writer, body=b"", status=status, warc=stated, kind="revisit")


@pytest.mark.parametrize("hints", [True, False], ids=["place stated", "looked for"])
@pytest.mark.parametrize(
    ("profile", "status"),
    [("identical-payload-digest", "200 OK"), ("server-not-modified", "304 Not Modified")],
)
def test_a_revisit_has_the_body_it_refers_to(
    tmp_path: Path, profile: str, status: str, hints: bool
) -> None:
    originals: list[Any] = []
    written(tmp_path / "a.warc.gz", lambda w: originals.append(answer(w)))
    path = written(
        tmp_path / "b.warc.gz",
        lambda w: revisit(w, originals[0], profile=profile, status=status, hints=hints),
    )
    (one,) = responses(path)
    assert (one.status, one.body, one.is_revisit) == (200, PAGE, True)
    assert one.fetched_at == datetime(2024, 6, 1, tzinfo=UTC)
    assert one.warc_file == "b.warc.gz"


def test_a_revisit_of_nothing(tmp_path: Path) -> None:
    originals: list[Any] = []
    written(tmp_path / "elsewhere" / "x.warc.gz", lambda w: originals.append(answer(w)))
    path = written(
        tmp_path / "warc" / "b.warc.gz",
        lambda w: revisit(w, originals[0], profile="identical-payload-digest", status="200 OK"),
    )
    told: list[str] = []
    assert responses(path, told) == []
    assert "is in no file" in told[0]


def test_a_moved_original_is_found_by_the_database(tmp_path: Path) -> None:
    originals: list[Any] = []
    written(tmp_path / "a.warc.gz", lambda w: originals.append(answer(w)))
    path = written(
        tmp_path / "b.warc.gz",
        lambda w: revisit(w, originals[0], profile="identical-payload-digest", status="200 OK"),
    )
    (tmp_path / "a.warc.gz").rename(tmp_path / "moved.warc.gz")
    digest = originals[0].rec_headers.get_header("WARC-Payload-Digest")
    known = {digest: ("moved.warc.gz", 0)}
    with RawArchive(tmp_path, locate=known.get) as raw:
        assert [r.body for r in raw.records(path)] == [PAGE]
        # The whole folder was not read for it.
        assert raw._by_id is None


def three(tmp_path: Path) -> tuple[Path, list[RawResponse]]:
    path = written(
        tmp_path / "a.warc.gz",
        lambda w: [answer(w, f"{URL}?{n}", PAGE * (n + 1)) for n in range(3)],
    )
    return path, responses(path)


def test_every_cut_leaves_the_records_before_it(tmp_path: Path) -> None:
    path, whole = three(tmp_path)
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        told: list[str] = []
        ends = [*(r.offset for r in whole[1:]), len(data)]
        kept = sum(end <= size for end in ends)
        assert responses(path, told) == whole[:kept]
        assert len(told) == (size not in (0, *ends))


def test_every_flipped_bit_costs_one_record_and_is_told(tmp_path: Path) -> None:
    path, whole = three(tmp_path)
    data = path.read_bytes()
    start, end = whole[1].offset, whole[2].offset
    silent = 0
    for at in range(start, end):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])
        told: list[str] = []
        found = responses(path, told)
        if not told:
            # Some bits say nothing: the time in the gzip head, what fills up the last byte.
            assert found == whole
            silent += 1
            continue
        assert found == [whole[0], whole[2]], at
        assert len(told) == 1 and "a.warc.gz" in told[0]
    assert silent < 10


def test_one_gzip_member_for_all_is_told_apart(tmp_path: Path) -> None:
    plain = written(
        tmp_path / "a.warc",
        lambda w: [answer(w) for _ in range(3)],
        gz=False,
    )
    path = tmp_path / "b.warc.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(SeveralRecords):
        responses(path)


@pytest.mark.parametrize(
    "name", ["../a.warc.gz", "/etc/passwd", "", "x/../../a", "a\0b", "missing.warc.gz"]
)
def test_names_that_are_no_file_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"x")
    with RawArchive(tmp_path / "warc") as raw, pytest.raises(MissingRecord):
        raw.read(name, 0)


def test_a_place_that_is_none(tmp_path: Path) -> None:
    path, _ = three(tmp_path)
    with RawArchive(tmp_path) as raw:
        with pytest.raises(MissingRecord, match=r"a\.warc\.gz ends before"):
            raw.read(path.name, path.stat().st_size)
        with pytest.raises(DamagedRecord, match=r"a\.warc\.gz: no record begins at byte 7"):
            raw.read(path.name, 7)
        with pytest.raises(RawArchiveError, match="nowhere"):
            list(raw.records(tmp_path / "nowhere.warc.gz"))


def test_a_file_is_read_while_it_is_written(tmp_path: Path) -> None:
    path, whole = three(tmp_path)
    path.rename(tmp_path / "a.warc.gz.open")
    with RawArchive(tmp_path) as raw:
        assert raw.read("a.warc.gz", whole[2].offset) == whole[2]
        assert [raw.name_of(p) for p in raw.files()] == ["a.warc.gz"]


def test_the_folder_lies_beside_the_database(tmp_path: Path) -> None:
    assert folder_of(tmp_path / "archive.db") == tmp_path / "warc"
    assert folder_of(tmp_path / "archive.db", "/elsewhere") == Path("/elsewhere")


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_upset_the_scan(data: bytes, gz: bool) -> None:
    told: list[str] = []
    whole = b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
    noise = data + (gzip.compress(whole) if gz else b"\n" + whole)
    frames = list(scan(io.BytesIO(noise), told.append))
    assert frames == [] or b"abc" in (frame.block for frame in frames)
    assert len(told) <= len(data) + 1
