"""Indexes of WARC files as CDXJ: one line a response, sorted by address and time, compressed.

The key of a line is the SURT form of the address, host turned round, as the Internet Archive's
tools make it; https://specs.webrecorder.net/cdxj/0.1.0/ and, for the compressed form,
https://pywb.readthedocs.io/en/latest/manual/indexing.html#zipnum-sharded-cdx.
"""

import hashlib
import heapq
import json
import posixpath
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Protocol, TextIO
from urllib.parse import quote, urlsplit

from newsspider.archive.framing import Frame, header, parse_head, split_head


class Writable(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> int:
        """Write *data*."""


LINES_SORTED = 50_000
"""Lines that are sorted in memory; more go through temporary files."""
LINES_A_BLOCK = 1024
INDEXED = frozenset(("response", "revisit", "resource"))
DEFAULT_PORTS = {"http": 80, "https": 443}
WWW = re.compile(r"^www\d*\.")
SESSION = re.compile(
    r"(?:^|(?<=&))(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24})"
    r"(?:&|$)"
)
KEPT = "%/:=&?~+!$,;'@()*[]"


def surt(url: str) -> str:
    """Return the key under which *url* stands in an index.

    >>> surt("http://www.Example.com:80/A/?b=2&a=1"), surt("https://news.example.cn/")
    ('com,example)/a?a=1&b=2', 'cn,example,news)/')
    """
    try:
        parts = urlsplit(url)
        host, port = WWW.sub("", parts.hostname or ""), parts.port
    except ValueError:
        return quote(url.lower(), safe=KEPT)
    if ":" not in host:
        host = ",".join(reversed(host.split(".")))
    if port and port != DEFAULT_PORTS.get(parts.scheme):
        host += f":{port}"
    path = posixpath.normpath(re.sub("/+", "/", f"/{parts.path}").lower())
    query = SESSION.sub("", parts.query.lower()).rstrip("&")
    query = "&".join(sorted(query.split("&"))) if query else ""
    return quote(f"{host}){path}{'?' if query else ''}{query}", safe=KEPT)


def line_of(frame: Frame, filename: str, offset: int, length: int) -> str | None:
    """Return the line of the record *frame*, which stands at *offset* of *filename*; None for a
    record that is not looked up.
    """
    kind = frame.get("WARC-Type")
    moment = re.sub(r"\D", "", frame.get("WARC-Date"))[:14]
    if kind not in INDEXED or len(moment) != 14:
        return None
    split = split_head(frame.block)
    first, headers = parse_head(split[0] if split else frame.block)
    words = first.split(None, 2)
    found = {
        "url": frame.target,
        "mime": "warc/revisit" if kind == "revisit" else _mime(header(headers, "Content-Type")),
        "status": words[1] if len(words) > 1 else "",
        "digest": frame.get("WARC-Payload-Digest"),
        "length": str(length),
        "offset": str(offset),
        "filename": filename,
    }
    values = json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=True)
    return f"{surt(frame.target)} {moment} {values}\n"


def _mime(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower() or "unk"


def in_order(lines: Iterable[str]) -> Iterator[str]:
    """Yield *lines* of ASCII sorted, whatever their number; memory stays bounded."""
    coming = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[str]] = []
        while run := sorted(islice(coming, LINES_SORTED)):
            if len(run) < LINES_SORTED:
                runs.append(run)
                continue
            file: TextIO = files.enter_context(
                tempfile.TemporaryFile("w+", encoding="ascii", newline="\n")
            )
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs)


def write_index(lines: Iterable[str], out: Writable, name: str) -> bytes:
    """Write sorted *lines* in gzip members to *out*, a file called *name*; return its own index."""
    index = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"]
    coming = iter(lines)
    offset = 0
    while block := list(islice(coming, LINES_A_BLOCK)):
        squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = squeezer.compress("".join(block).encode("ascii")) + squeezer.flush()
        out.write(data)
        key, moment, _ = block[0].split(" ", 2)
        place = {
            "offset": offset,
            "length": len(data),
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "filename": name,
        }
        index.append(f"{key} {moment} {json.dumps(place)}\n")
        offset += len(data)
    return "".join(index).encode("ascii")
