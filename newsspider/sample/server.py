"""The sample portal over HTTP, on loopback only."""

import threading
from collections import Counter
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from newsspider.sample.site import DISALLOWED, Resource, Site
from newsspider.sample.truth import Changes, TrueArticle, TrueListPage

HOST = "127.0.0.1"
DESIGN_PATH = "/a/chanye/2024/0319/2001.html"


class SamplePortal:
    """A news portal on 127.0.0.1; use it as a context manager, or start and stop it.

        with SamplePortal() as portal:
            crawl(portal.base_url)
            portal.advance()

    *port* 0 takes a free one. Everything it serves is the same on every run, but for the port.
    """

    def __init__(self, port: int = 0) -> None:
        self._wanted_port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._hits: Counter[str] = Counter()

    def start(self) -> Self:
        """Listen, and answer in a thread of its own.

        Raises:
            OSError: the port is taken.
        """
        self._server = _Server((HOST, self._wanted_port), self)
        self._site = Site(self.base_url, visit=1)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="sample-portal",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; nothing happens when it does not."""
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a slash at the end.

        Raises:
            RuntimeError: the portal is not started.
        """
        if self._server is None:
            raise RuntimeError("the sample portal is not started")
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def design_url(self) -> str:
        """The article whose page has an empty editor, a repeated title and a list 大家都爱看."""
        return self.base_url + DESIGN_PATH

    @property
    def visit(self) -> int:
        """1, and 2 after advance()."""
        return self._site.visit

    @property
    def hits(self) -> Counter[str]:
        """Requests so far by path, query included as it was sent."""
        with self._lock:
            return Counter(self._hits)

    @property
    def disallowed_hits(self) -> int:
        """Requests so far for what robots.txt disallows."""
        return sum(count for path, count in self.hits.items() if path.startswith(DISALLOWED))

    def advance(self) -> Changes:
        """Let a day pass, and return what it brought; a second call brings nothing."""
        if self.visit == 2:
            return Changes()
        earlier, self._site = self._site, Site(self.base_url, visit=2)
        return self._site.changes_since(earlier)

    def truth(self) -> tuple[TrueArticle, ...]:
        """Return every article as its pages state it now, newest first, gone ones included."""
        return self._site.truth()

    def list_pages(self) -> tuple[TrueListPage, ...]:
        """Return what the pages of the sections list on the current visit."""
        return self._site.list_pages()

    def answer(self, target: str) -> Resource:
        """Return the answer to a request for *target*, and count the request."""
        with self._lock:
            self._hits[target] += 1
        return self._site.answer(target)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], portal: SamplePortal) -> None:
        self.portal = portal
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sample-portal"
    sys_version = ""
    timeout = 30
    # Head and body leave in one packet: of two small writes the second waits 40 ms (delayed ACK).
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def _reply(self, *, with_body: bool) -> None:
        resource = self.server.portal.answer(self.path)
        fresh = self._is_known(resource)
        body = b"" if fresh else resource.body
        self.send_response(304 if fresh else resource.status)
        if resource.etag:
            self.send_header("ETag", resource.etag)
        if resource.last_modified:
            moment = resource.last_modified.astimezone(UTC)
            self.send_header("Last-Modified", format_datetime(moment, usegmt=True))
        if resource.location:
            self.send_header("Location", resource.location)
        if not fresh:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _is_known(self, resource: Resource) -> bool:
        """Tell whether the client has this answer; an ETag rules over a date (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return resource.etag is not None and (resource.etag in known or known == ["*"])
        since = self.headers.get("If-Modified-Since")
        if since is None or resource.last_modified is None:
            return False
        try:
            return resource.last_modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # malformed, or without a zone
            return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
