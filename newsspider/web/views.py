"""From a path to an answer: which page it is, in which language, and what errors look like."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl

from newsspider.errors import ArchiveError, NotFound, RawArchiveError, UsageError
from newsspider.store.room import ReadingRoom
from newsspider.web.answer import Answer, Document, Page, Redirect, View
from newsspider.web.guard import PAGE_POLICY
from newsspider.web.pages import ROUTES
from newsspider.web.rendering import html_of, json_of
from newsspider.web.request import (
    LANGUAGES,
    LONGEST,
    MOST_OPTIONS,
    SETTINGS,
    THEMES,
    PageRequest,
    decoded,
    language_of,
)

REMEMBERED_S = 365 * 24 * 3600
PATTERNS = [(re.compile(pattern), view) for pattern, view in ROUTES.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    cookies: Mapping[str, str] = field(default_factory=dict)
    """To be remembered for REMEMBERED_S."""


class Desk:
    """Answers requests for pages out of one archive; each thread reads through its own door."""

    def __init__(self, path: Path) -> None:
        """Take the archive at *path*; it is opened when a thread first needs it."""
        self.path = path
        self._doors = threading.local()

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply | None:
        """Return the answer to a GET of *path*, percent-encoded; None when it is no page here."""
        found = _route(path)
        if found is None:
            return None
        view, names, bare, as_json = found
        options = dict(reversed(_options(query)))
        cookies = _cookies(headers.get("cookie", ""))
        accepted = headers.get("accept-language", "")
        theme = next((c for c in (options.get("theme"), cookies.get("theme")) if c in THEMES), None)
        request = PageRequest(
            path=bare,
            names=names,
            options=options,
            language=language_of(options.get("lang"), cookies.get("lang"), accepted),
            theme=theme or THEMES[0],
            today=datetime.now(UTC).date(),
            as_json=as_json,
        )
        try:
            answer = view(self._room(), request)
        except (NotFound, UsageError, ArchiveError) as error:
            answer = error_page(error)
        return _reply(answer, request)

    def _room(self) -> ReadingRoom:
        room: ReadingRoom | None = getattr(self._doors, "room", None)
        if room is None:
            room = self._doors.room = ReadingRoom(self.path)
        return room


def error_page(error: Exception) -> Page:
    """Return what a reader sees of *error*."""
    status, told = 500, "failed"
    if isinstance(error, NotFound | RawArchiveError):
        status, told = 404, "not_found"
    elif isinstance(error, UsageError):
        status, told = 400, "bad_request"
    return Page(
        template="error.html", data={"error": str(error)}, shown={"told": told}, status=status
    )


def strange(status: int, message: str, path: str, headers: Mapping[str, str]) -> Reply:
    """Return the page for an error outside of these pages, in the language of the reader."""
    cookies = _cookies(headers.get("cookie", ""))
    request = PageRequest(
        path="/",
        names={},
        language=language_of(None, cookies.get("lang"), headers.get("accept-language", "")),
        theme=cookies["theme"] if cookies.get("theme") in THEMES else THEMES[0],
        today=datetime.now(UTC).date(),
        as_json=path.endswith(".json"),
    )
    told = {404: "not_found", 500: "failed"}.get(status, "bad_request")
    page = Page(template="error.html", data={"error": message}, shown={"told": told}, status=status)
    return _reply(page, request)


def _route(path: str) -> tuple[View, dict[str, str], str, bool] | None:
    """Return who answers *path*, what it names, the path without .json, and whether that stood."""
    bare, as_json = path.removesuffix(".json"), path.endswith(".json")
    for pattern, view in PATTERNS:
        if match := pattern.fullmatch(bare):
            names = {name: decoded(text) for name, text in match.groupdict().items()}
            return view, names, bare, as_json
    return None


def _options(query: str) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(query[: 20 * LONGEST], max_num_fields=MOST_OPTIONS, errors="replace")
    except ValueError:
        return []
    return [(name, text) for name, value in pairs if (text := value[:LONGEST].strip())]


def _cookies(header: str) -> dict[str, str]:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header[: 4 * LONGEST])
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in cookies.items()}


def _reply(answer: Answer, request: PageRequest) -> Reply:
    headers = {
        "content-security-policy": PAGE_POLICY,
        "cache-control": "private, no-cache",
        "vary": "Accept-Language",
    }
    if isinstance(answer, Redirect):
        return Reply(status=303, body=b"", headers=headers | {"location": answer.location})
    if isinstance(answer, Document):
        headers |= {
            "content-security-policy": answer.policy,
            "content-type": f"{answer.content_type}; charset=utf-8",
        }
        return Reply(status=200, body=answer.text.encode("utf-8", "replace"), headers=headers)
    if request.as_json:
        headers["content-type"] = "application/json; charset=utf-8"
        body = json_of(answer)
    else:
        headers["content-type"] = "text/html; charset=utf-8"
        body = html_of(answer, request)
    chosen = {"lang": LANGUAGES, "theme": THEMES}
    cookies = {
        name: value
        for name in SETTINGS
        if (value := request.options.get(name)) in chosen[name] and value is not None
    }
    return Reply(
        status=answer.status,
        body=body.encode("utf-8", "replace"),
        headers=headers,
        cookies=cookies,
    )
