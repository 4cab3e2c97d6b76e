"""Feeds and sitemaps, from bytes to the addresses that they name. No network, no clock."""

import datetime as dt
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from lxml import etree

from newsspider.dates import parse_machine
from newsspider.text import collapse
from newsspider.urls import canonical_or_none

MAX_ENTRIES = 50_000
"""The most that the sitemap protocol allows in one file (https://www.sitemaps.org/protocol.html)."""
MAX_INSIDE = 10_000
"""Elements of one entry of a sitemap: a thousand pictures, five elements each, and some more."""
MAX_ENTRY_TAGS = 500
MAX_HEAD_TAGS = 10_000
MAX_FEED_TAGS = 100_000
"""Tags of an entry, before the first one, and of a feed, that are read: the parser takes 30
microseconds for each, and more the more there are. A feed has tens of entries of some twenty tags;
RSS 1.0 names all of them in its head."""
MAX_TAG_BYTES = 16_384
MAX_BYTES = 64 * 1024 * 1024
"""Of a decompressed sitemap; the protocol allows 50 MiB."""
MAX_TITLE = 500
FEED_ENTRY = re.compile(rb"(?=<(?:item|entry)[\s>])")
CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.S)
LONG_TAG = re.compile(rb"<[^<>]{%d}" % MAX_TAG_BYTES)
FEED_START = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)\b")
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.S)
SITEMAP_START = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)\b")

Kind = Literal["feed", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address that a feed or sitemap names."""

    url: str
    """As written, absolute."""
    title: str | None = None
    date: dt.datetime | None = None
    """Of publication, from a feed or a news sitemap; aware."""
    modified: dt.datetime | None = None
    """lastmod of a sitemap; aware."""
    is_sitemap: bool = False
    """The address is a further sitemap."""


def kind_of(data: bytes) -> Kind | None:
    """Return what *data*, perhaps gzipped, is by its first elements; None for anything else."""
    start = _inflated(data, 4096)[:4096]
    if SITEMAP_START.search(start):
        return "sitemap"
    return "feed" if FEED_START.search(start) else None


def read_entries(data: bytes, url: str, zone: dt.tzinfo) -> Iterator[Entry]:
    """Yield what the feed or sitemap at *url* names, in its order; a broken one as far as it goes.

    Naive times are read in *zone*. Entities are not expanded, nothing outside *data* is read.
    """
    kind = kind_of(data)
    if kind is None:
        return
    data = _inflated(data, MAX_BYTES)
    # A DOCTYPE here only ever holds entities: without it a bomb has nothing to expand.
    if b"<!ENTITY" in data[:65536]:
        data = DOCTYPE.sub(b"", data, count=1)
    yield from _sitemap(data, url, zone) if kind == "sitemap" else _feed(data, url)


def _inflated(data: bytes, limit: int) -> bytes:
    """Return *data*, unpacked when it is gzip, up to *limit* bytes."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return file.read(limit)
    except (OSError, EOFError, zlib.error):
        return b""


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _sitemap(data: bytes, url: str, zone: dt.tzinfo) -> Iterator[Entry]:
    # recover: half a sitemap is better than none; no entities: a bomb stays small.
    long = LONG_TAG.search(data)
    parser = etree.iterparse(
        io.BytesIO(data[: long.start()] if long else data),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    count = inside = 0
    try:
        for _, element in parser:
            name = _local(element.tag)
            inside += 1
            if inside > MAX_INSIDE:
                return
            if name in ("url", "sitemap"):
                if entry := _sitemap_entry(element, url, zone, is_sitemap=name == "sitemap"):
                    yield entry
                count += 1
                inside = 0
                element.clear()
            if count >= MAX_ENTRIES:
                return
    except etree.XMLSyntaxError:
        return


def _sitemap_entry(
    element: etree._Element, url: str, zone: dt.tzinfo, *, is_sitemap: bool
) -> Entry | None:
    found: dict[str, str] = {}
    for child in element.iter():
        text = (child.text or "").strip()
        if text:
            found.setdefault(_local(child.tag), text)
    address = canonical_or_none(found.get("loc"), url)
    if address is None:
        return None
    published = parse_machine(found.get("publication_date", ""), zone)
    modified = parse_machine(found.get("lastmod", ""), zone)
    return Entry(
        url=urljoin(url, found["loc"]),
        # Of a news sitemap; image sitemaps have titles of pictures.
        title=collapse(found.get("title", ""))[:MAX_TITLE] or None if published else None,
        date=published.moment if published else None,
        modified=modified.moment if modified else None,
        is_sitemap=is_sitemap,
    )


def _bounded(data: bytes) -> bytes:
    """Return of a feed what its parser can bear: no entries of very many tags, nor of long ones."""
    kept: list[bytes] = []
    room = MAX_FEED_TAGS
    for piece in FEED_ENTRY.split(data):
        bare = CDATA.sub(b"", piece)
        tags = bare.count(b"<")
        room -= tags
        if room < 0:
            break
        most = MAX_ENTRY_TAGS if kept else MAX_HEAD_TAGS
        if tags <= most and not LONG_TAG.search(bare):
            kept.append(piece)
    return b"".join(kept)


def _feed(data: bytes, url: str) -> Iterator[Entry]:
    import feedparser

    parsed = feedparser.parse(
        io.BytesIO(_bounded(data)),
        response_headers={"content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    for entry in parsed.entries:
        if canonical_or_none(entry.get("link"), url) is None:
            continue
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        try:
            date = dt.datetime(*moment[:6]).replace(tzinfo=dt.UTC) if moment else None
        except (ValueError, TypeError):
            date = None
        title = collapse(re.sub(r"<[^>]{1,200}>", "", str(entry.get("title") or "")))
        yield Entry(url=str(entry["link"]), title=title[:MAX_TITLE] or None, date=date)
