"""Where the raw archive keeps what a response was made from; see keeping.KeepRawMiddleware."""

from dataclasses import replace
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response

from newsspider.archive.writer import Archived
from newsspider.extract import Reading


def archived(request: Request | None, url: str | None = None) -> Archived | None:
    """Return where the answer to *request* is kept, or to *url*, an address that led to it."""
    if request is None:
        return None
    kept: dict[str, Archived] = request.meta.get("archived", {})
    return kept.get(url or request.url)


def moment_of(response: Response) -> datetime:
    """Return when *response* came, aware: now, unless the raw archive says it."""
    kept = archived(response.request)
    return kept.fetched_at if kept else datetime.now(UTC)


def with_record(reading: Reading, response: Response) -> Reading:
    """Return *reading*, its article naming the record of *response*."""
    kept = archived(response.request)
    if kept is None:
        return reading
    return replace(reading, article=replace(reading.article, warc_record_id=kept.record_id))
