"""Why one article says what it says: what gave each field, where it stands, whether it holds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsspider.errors import UsageError
from newsspider.extract import page as parsing
from newsspider.extract.finder import Place, bare, text_at
from newsspider.extract.places import find_places
from newsspider.items import ARTICLE_FIELDS, as_json
from newsspider.reread.reader import Again, ReadPage, Rereader
from newsspider.store.records import Kept
from newsspider.store.rereading import settled
from newsspider.text import decode

Row = Mapping[str, Any]

GIVEN = {
    "url": "the address of the answer, or the one that the page declares",
    "requested_url": "asked for by the crawl",
    "site": "the crawl's name of the site",
    "page_urls": "the pages that the crawl joined",
    "fetched_at": "the crawl's clock",
    "http_status": "the answer's status line",
    "warc_record_id": "the raw archive",
    "body_sha256": "computed from body",
    "confidence": "computed from the whole page",
    "provenance": "noted while the page was read",
    "extractor_version": "this program",
    "profile_version": "the profile's file",
}
"""What gives the fields that no text on the page does."""
JOINED = frozenset(("body", "body_html", "credits", "authors", "editors", "images", "related"))
"""Fields of an article of several pages that each page adds to."""
FROM = {"authors": "credits", "editors": "credits", "body_html": "body", "source_url": "source"}
FROM |= {f"date_published_{part}": "date_published" for part in ("raw", "precision")}
FROM |= {"date_modified_precision": "date_modified"}
"""Fields that another one's provenance speaks for where they have none of their own."""
NEVER_COMPARED = frozenset(("site", "page_urls"))


def explain(
    row: Row, kept: Sequence[Kept], rereader: Rereader, *, field: str | None = None
) -> dict[str, Any]:
    """Return why the article in *row* says what it says, of one *field* or of all with a value.

    Keys: id, url, title, records, fields. A record has page, record, warc_file, warc_offset. A
    field has field, value, by, places, reads (`same` or `differs`) and, where it differs, `now`.
    A place has xpath, attribute, key, text, record, and holds: whether the value stands there,
    looked up on the stored bytes alone; None for a value that is no text.

    Raises:
        UsageError: there is no such field.
        NotKept, RawArchiveError: the page cannot be read again.
    """
    if field is not None and field not in ARTICLE_FIELDS:
        raise UsageError(f"no field {field!r}; there are {', '.join(ARTICLE_FIELDS)}")
    again = rereader.read(row, kept)
    now = settled(dict(row), again.article)
    sought = _Places(again)
    names = [field] if field else [name for name in ARTICLE_FIELDS if row[name]]
    return {
        "id": row["id"],
        "url": row["url"],
        "title": row["title"],
        "records": [
            {
                "page": one.answer.url,
                "record": one.answer.record_id,
                "warc_file": one.answer.warc_file,
                "warc_offset": one.answer.offset,
            }
            for one in (*again.pages, *again.related_pages)
        ],
        "fields": [_explained(name, row, now, sought) for name in names],
    }


def _explained(name: str, row: Row, now: Row, sought: "_Places") -> dict[str, Any]:
    is_same = name in NEVER_COMPARED or row[name] == now[name]
    found: dict[str, Any] = {
        "field": name,
        "value": row[name],
        "by": provenance_of(name, row),
        "places": sought.of(name, row[name]) if row[name] else [],
        "reads": "same" if is_same else "differs",
    }
    return found if is_same else found | {"now": now[name]}


def provenance_of(name: str, row: Row) -> str | None:
    """Return what gave field *name* of *row*, None when it has no value."""
    if not row[name]:
        return None
    provenance = row["provenance"]
    by = provenance.get(name) or GIVEN.get(name) or provenance.get(FROM.get(name, ""))
    return str(by) if by else "computed from other fields"


class _Places:
    """The places of every field on the pages of one article."""

    def __init__(self, again: Again) -> None:
        self.pages = [_Searched(page) for page in again.pages]
        self.related_pages = [_Searched(page) for page in again.related_pages]

    def of(self, name: str, value: Any) -> list[dict[str, Any]]:
        """Return the places of field *name*; of the first page that has its *value* where pages do
        not add to it.
        """
        pages = self.related_pages if name == "related" and self.related_pages else self.pages
        if name not in JOINED:
            pages = [page for page in pages if page.values[name] == value][:1] or pages[:1]
        return [place for page in pages for place in page.told(name)]


class _Searched:
    """One page, its values and where they stand."""

    def __init__(self, page: ReadPage) -> None:
        self.page = page
        self.values = as_json(page.article)
        self.places = find_places(page.given, page.article)
        self.root = _root(page)

    def told(self, name: str) -> list[dict[str, Any]]:
        """Return the places of field *name* as plain values, each checked."""
        return [
            {
                "xpath": place.xpath,
                "attribute": place.attribute,
                "key": place.key,
                "text": place.text,
                "record": self.page.answer.record_id,
                "holds": self._holds(name, place),
            }
            for place in self.places.get(name, ())
        ]

    def _holds(self, name: str, place: Place) -> bool | None:
        """Tell whether what is at *place*, in a tree of its own, has the text of field *name*."""
        found = text_at(self.root, place)
        texts = list(_texts(name, self.values))
        if found is None or not texts:
            # No such place in the bytes, or a value that is no text.
            return False if found is None else None
        there = bare(found)
        return any(bare(text) in there for text in texts)


def _root(page: ReadPage) -> Any:
    """Return the tree of the stored bytes, parsed as extraction parses them and nothing more."""
    html = page.given.html
    data = html if isinstance(html, bytes) else html.encode()
    text = decode(data, page.given.content_type).text
    return parsing.parse(parsing.clean(text.encode("utf-8", "replace")))


def _texts(name: str, values: Row) -> Iterable[str]:
    """Yield texts of which at least one stands at every place of field *name*."""
    value = values[name]
    if name in ("date_published", "date_published_raw", "date_published_precision"):
        raw = values["date_published_raw"]
        # Metadata writes the same day in another way.
        yield from (raw, *_days(values["date_published"])) if raw else ()
    elif name == "body":
        yield from value.split("\n")
    elif name in ("authors", "editors", "keywords"):
        yield from value
        # A name is cleaned of what a line has beside it.
        yield from (credit["raw"] for credit in values["credits"] if credit["name"] in value)
    elif name == "credits":
        yield from (credit["raw"] or credit["name"] for credit in value)
    elif name == "breadcrumbs":
        yield from (crumb["name"] for crumb in value)
    elif name in ("title", "kicker", "subtitle", "source", "section", "dateline", "description"):
        yield value


def _days(moment: str | None) -> list[str]:
    return [moment[:10], moment[:10].replace("-", "")] if moment else []
