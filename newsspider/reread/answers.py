"""Which archived answers a stored article was read from, page by page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from newsspider.archive.reader import RawArchive
from newsspider.archive.records import RawResponse
from newsspider.errors import MissingRecord, RawArchiveError
from newsspider.store.records import Kept
from newsspider.urls import canonical_or_none

Row = Mapping[str, Any]

SAME_VISIT = timedelta(hours=1)
"""Between the record of an answer and the moment at which its article was read."""
MOST_REDIRECTS = 5


class NotKept(MissingRecord):
    """The raw archive has no answer, or not every page, of an article."""


def answers_of(row: Row, kept: Sequence[Kept], raw: RawArchive) -> list[RawResponse]:
    """Return the answers that the reading in *row* was made from, one a page, in order.

    Where its own record is not there (a crawl without raw archive, a prune), the last answer stands
    for it: had that said something else, it would have replaced the reading.

    Raises:
        NotKept: there is none, or not of every page.
        RawArchiveError: a file is missing or damaged.
    """
    fetched = [one for one in kept if one.http_status == 200]
    if not fetched:
        raise NotKept("the raw archive has no answer of it")
    addresses = _addresses(row)
    first = _first(row, fetched, addresses, raw)
    if len(row["page_urls"]) < 2:
        return [first[1]]
    rest = [raw_page(url, kept, first[0], raw) for url in row["page_urls"][1:]]
    return [first[1], *rest]


def last_answers(row: Row, kept: Sequence[Kept], used: Sequence[RawResponse]) -> list[Kept]:
    """Return the last answers of the pages of *row*, when they came after those that were *used*.

    Related lists move without an edit: those of the row come from the last visit.
    """
    places = {(one.warc_file, one.offset) for one in used}
    last: dict[str, Kept] = {}
    for one in kept:
        if one.http_status == 200:
            last[one.url] = one
    pages = [url for one in used if (url := canonical_or_none(one.url))]
    if len(pages) == 1 and row["url"] in last and row["url"] != pages[0]:
        # The article may be fetched at its own address by now.
        pages = [max((u for u in (pages[0], row["url"]) if u in last), key=lambda u: _age(last[u]))]
    found = [last[url] for url in pages if url in last]
    if len(found) < len(used) or all((o.warc_file, o.warc_offset) in places for o in found):
        return []
    return found


def _age(one: Kept) -> datetime:
    return one.fetched_at


def _addresses(row: Row) -> set[str]:
    """Return the addresses under which the first page of *row* may have been fetched."""
    pages = row["page_urls"][:1]
    asked = [row["url"], row["requested_url"], *pages]
    return {url for url in map(canonical_or_none, asked) if url}


def _first(
    row: Row, fetched: Sequence[Kept], addresses: set[str], raw: RawArchive
) -> tuple[Kept, RawResponse]:
    """Return the first page of *row*: its own record, else the last answer of its address."""
    moment = datetime.fromisoformat(row["fetched_at"])
    trouble: RawArchiveError | None = None
    if wanted := row["warc_record_id"]:
        near = [one for one in fetched if abs(one.fetched_at - moment) <= SAME_VISIT]
        near.sort(key=lambda one: (one.url not in addresses, abs(one.fetched_at - moment)))
        for one in near:
            try:
                answer = raw.read(one.warc_file, one.warc_offset)
            except RawArchiveError as error:
                trouble = trouble or error
                continue
            if answer.record_id == wanted:
                return one, answer
    own = [one for one in fetched if one.url in addresses and one.fetched_at >= moment - SAME_VISIT]
    for one in reversed(own):
        try:
            return one, raw.read(one.warc_file, one.warc_offset)
        except RawArchiveError as error:
            trouble = trouble or error
    raise trouble or NotKept("the raw archive has no answer of its reading")


def raw_page(url: str, kept: Sequence[Kept], beside: Kept, raw: RawArchive) -> RawResponse:
    """Return the answer of *url* in the visit that *beside* belongs to, redirects followed.

    Raises:
        NotKept: there is none.
        RawArchiveError: a file is missing or damaged.
    """
    wanted = canonical_or_none(url)
    for _ in range(MOST_REDIRECTS):
        found = [one for one in kept if one.url == wanted]
        if not found:
            break
        found.sort(
            key=lambda one: (one.run_id != beside.run_id, abs(one.fetched_at - beside.fetched_at))
        )
        answer = raw.read(found[0].warc_file, found[0].warc_offset)
        if found[0].http_status == 200:
            return answer
        wanted = canonical_or_none(answer.get("Location"), answer.url)
    raise NotKept(f"the raw archive has no answer of its page {url}")
