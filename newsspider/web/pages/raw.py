"""The page that an article was read from, as the portal served it, in a sandbox."""

from newsspider.archive.reader import RawArchive, folder_of
from newsspider.store.room import ReadingRoom
from newsspider.text import decode
from newsspider.web.answer import Document, Page
from newsspider.web.guard import RAW_POLICY
from newsspider.web.request import PageRequest


def frame(room: ReadingRoom, request: PageRequest) -> Page:
    """Return our page around the raw one.

    Raises:
        NotFound: the raw archive has none.
    """
    article = room.get(request.names["id"])
    warc_file, offset = room.raw_place(article["id"])
    data = {name: article[name] for name in ("id", "url", "title")}
    return Page(template="raw.html", data=data | {"warc_file": warc_file, "warc_offset": offset})


def page(room: ReadingRoom, request: PageRequest) -> Document:
    """Return the raw page as text in UTF-8: HTML, or plain text for anything else.

    Raises:
        NotFound: the raw archive has none.
        RawArchiveError: its record is missing or damaged.
    """
    warc_file, offset = room.raw_place(int(request.names["id"]))
    with RawArchive(folder_of(room.path)) as archive:
        answer = archive.read(warc_file, offset)
        text = decode(answer.content(), answer.content_type).text
    kind = (answer.content_type or "").partition(";")[0].strip().lower()
    is_html = kind in ("text/html", "application/xhtml+xml", "")
    return Document(
        text=text, content_type="text/html" if is_html else "text/plain", policy=RAW_POLICY
    )
