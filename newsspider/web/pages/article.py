"""One article, two of its readings compared, and the way from an address to it."""

from collections.abc import Sequence
from typing import Any

from newsspider.errors import UsageError
from newsspider.store.room import ReadingRoom
from newsspider.web.answer import Page, Redirect
from newsspider.web.citations import bibtex, gbt7714
from newsspider.web.request import PageRequest, path_of

UNSHOWN = frozenset(("body", "body_html", "provenance", "confidence"))
"""Fields that the list of provenances shows no value of: too long, or about the reading itself."""


def article(room: ReadingRoom, request: PageRequest) -> Page:
    """Return the page of an article.

    Raises:
        NotFound: there is none of that id.
    """
    data = room.article(request.names["id"])
    shown = {
        "gbt7714": gbt7714(data),
        "bibtex": bibtex(data),
        "unshown": UNSHOWN,
        "titles": {copy["id"]: copy["site"] for copy in data["copies"]},
    }
    return Page(template="article.html", data=data, shown=shown)


def lookup(room: ReadingRoom, request: PageRequest) -> Redirect:
    """Return the way to the article that the option `url`, any address of it, led to.

    Raises:
        NotFound: nothing is stored under it.
        UsageError: there is no such option.
    """
    url = request.get("url")
    if url is None:
        raise UsageError("/article?url=ADDRESS leads to an article, so does /article/ID")
    path = path_of("article", room.get(url)["id"])
    return Redirect(location=f"{path}.json" if request.as_json else path)


def diff(room: ReadingRoom, request: PageRequest) -> Page:
    """Return two readings of an article side by side: `old` and `new`, by default the last two.

    Raises:
        NotFound: there is no such article or reading.
    """
    article_id = request.names["id"]
    history = room.history(article_id)
    last = len(history["readings"])
    new = request.number("new", last, most=last)
    old = request.number("old", max(new - 1, 1), most=last)
    found = room.diff(article_id, old, new)
    data = found | {"title": history["title"], "readings": history["readings"]}
    return Page(template="diff.html", data=data, shown={"rows": _rows(found["body"])})


def _rows(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the paragraphs that differ, with how many unchanged ones stand before each."""
    rows, before, after = [], 0, 0
    for line in lines:
        number, last = (
            (line["after"], after) if line["before"] is None else (line["before"], before)
        )
        skipped = max(0, number - last - 1)
        before += skipped + (line["before"] is not None)
        after += skipped + (line["after"] is not None)
        rows.append(line | {"skipped": skipped})
    return rows
