"""A client of the reading room for its tests, and what a page of it must never hold."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import lxml.html
from reading_room import FLIP, fill, serving_room


@dataclass(frozen=True, kw_only=True)
class Got:
    status: int
    headers: Message
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def tree(self) -> Any:
        return lxml.html.document_fromstring(self.body)

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())


class Reader:
    """A client that follows nothing and keeps no cookies."""

    def __init__(self, base: str, path: Path) -> None:
        self.base, self.path = base, path

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Got:
        quoted = urllib.parse.quote(path, safe="/?&=:%+#")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{self.base}{quoted}", method=method, headers=named)
        try:
            with OPENER.open(request, timeout=20) as answer:
                return Got(
                    status=answer.status, headers=answer.headers, body=answer.read().decode()
                )
        except urllib.error.HTTPError as error:
            with error:
                return Got(status=error.code, headers=error.headers, body=error.read().decode())


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Make an archive at *path*, hostile articles in it, and serve it."""
    fill(path)
    with serving_room(path) as base:
        yield Reader(base, path)


def inert(got: Got) -> None:
    """Check that a browser would run nothing, load nothing from elsewhere and send nothing away."""
    policy = got.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for element in got.tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"iframe", "object", "embed", "base", "style", "frame"}
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in {"style", "srcdoc", "ping", "formaction", "http-equiv"}
            if name in {"src", "action"} or element.tag == "link":
                assert name != "href" or value.startswith("/"), value
                assert name not in {"src", "action"} or re.match(r"/(?!/)", value), value
            elif name == "href":
                assert re.match(r"https?://|/(?!/)|#|(?=\?)", value), value
                if "://" in value:
                    assert "noopener" in element.get("rel", ""), value
        if element.tag == "script":
            assert element.get("src", "").startswith("/room/room.js")
            assert not (element.text or "").strip()
    for character in FLIP:
        if not character.isprintable():
            assert character not in got.body
    assert "\u202e" not in got.body
