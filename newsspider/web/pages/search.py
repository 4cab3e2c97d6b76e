"""Searching, and turning over what a portal, a source or a day has."""

from typing import Any

from newsspider.errors import UsageError
from newsspider.store.facets import FACETS, LOOKED_AT
from newsspider.store.room import Asked, ReadingRoom
from newsspider.web.answer import Page
from newsspider.web.request import PageRequest

PAGE_SIZE = 20
PAGES = LOOKED_AT // PAGE_SIZE
CHOICES = ("q", "site", "source", "author", "section", "since", "until", "status")
"""Options that choose articles; without any of them the page explains how to search."""


def search(room: ReadingRoom, request: PageRequest) -> Page:
    """Return the page of a search; what it cannot read it says in place, with status 400."""
    number = request.number("page", 1, most=PAGES)
    asked = _asked(request, number)
    data: dict[str, Any] = {
        "query": {name: request.get(name) or "" for name in (*CHOICES, "month")},
        "order": asked.order,
        "page": number,
        "error": None,
        "found": None,
    }
    if any(request.get(name) for name in (*CHOICES, "month")):
        try:
            data["found"] = room.find(asked)
        except UsageError as error:
            data["error"] = str(error)
    found = data["found"]
    shown = {
        "sites": room.sites(),
        "facets": FACETS,
        "pages": max(1, -(-found["count"] // PAGE_SIZE)) if found else 1,
        "chosen": [name for name in FACETS if request.get(name)],
        "looked_at": LOOKED_AT,
    }
    return Page(
        template="search.html", data=data, shown=shown, status=400 if data["error"] else 200
    )


def _asked(request: PageRequest, page: int) -> Asked:
    month = request.get("month")
    text = request.get("q") or ""
    return Asked(
        text=text,
        site=request.get("site"),
        source=request.get("source"),
        author=request.get("author"),
        section=request.get("section"),
        since=max(filter(None, (request.get("since"), month)), default=None),
        until=min(filter(None, (request.get("until"), month)), default=None),
        status=request.get("status"),
        order=request.get("order") or ("best" if text else "newest"),
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
