"""Datasette with the reading room in front, on one socket. Datasette is named here alone."""

import asyncio
import functools
import logging
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.errors import NewsspiderError, UsageError
from newsspider.store.connection import open_archive
from newsspider.store.question import ask
from newsspider.web.guard import NONCE, guarded
from newsspider.web.rendering import STATIC
from newsspider.web.tables import DATABASE, SETTINGS, metadata
from newsspider.web.views import REMEMBERED_S, Desk, Reply, strange

if TYPE_CHECKING:
    from pluggy import HookimplMarker

LOG = logging.getLogger(__name__)
READERS = 4
"""Pages that are put together at once."""
BACKLOG = 128
COUNTED_S = 60.0
"""How long Datasette shows the same number of rows: to count all tables takes it 0.2 s."""
SCRIPT = re.compile(r"<script\b")


class PortTaken(NewsspiderError):
    """Something else listens on that address; or it is none of this machine's."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host* and *port*; port 0 takes a free one.

    Raises:
        PortTaken: it cannot.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PortTaken(f"cannot listen on {host} port {port}: {error.strerror}") from error


def address_of(listening: socket.socket) -> str:
    """Return the URL of the front page."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(path: Path, listening: socket.socket, *, host: str, allowed: Iterable[str]) -> None:
    """Serve the archive at *path* until a signal ends it; the archive is there and readable."""
    import uvicorn

    with ThreadPoolExecutor(READERS, thread_name_prefix="page") as readers:
        app = guarded(application(path, readers), host=host, allowed=allowed)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            # An address behind a proxy is used for nothing, so nobody is believed about one.
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        uvicorn.Server(config).run(sockets=[listening])


def application(path: Path, readers: ThreadPoolExecutor) -> Any:
    """Return Datasette over the archive at *path* with the pages of the reading room in front."""
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm

    class ReadOnly(Database):  # type: ignore[misc]
        """The archive, opened as everything here opens it."""

        _counts: dict[str, int | None]
        _counted_at_s = -COUNTED_S

        async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
            if time.monotonic() - self._counted_at_s > COUNTED_S:
                self._counts = await super().table_counts(limit)
                self._counted_at_s = time.monotonic()
            return self._counts

        def connect(self, write: bool = False) -> sqlite3.Connection:
            if write:
                raise UsageError("the archive is served for reading alone")
            return open_archive(path, create=False, read_only=True)

    # Errors have one page, and a mistyped address is no reason for a traceback.
    pm.unregister(name="datasette.handle_exception")
    pm.register(_plugin(Desk(path), readers), "newsspider")
    datasette = Datasette(
        metadata=metadata(), settings=SETTINGS, static_mounts=[("room", str(STATIC))]
    )
    datasette.add_database(ReadOnly(datasette, str(path), is_mutable=True), name=DATABASE)
    datasette.remove_database("_memory")
    return datasette.app()


def _plugin(desk: Desk, readers: ThreadPoolExecutor) -> object:
    """Return the plugin: our routes, the search box of the tables, nonces, errors."""
    import datasette

    hookimpl: HookimplMarker = datasette.hookimpl

    def sent(reply: Reply) -> Any:
        response = datasette.Response(
            reply.body,
            status=reply.status,
            headers={k: v for k, v in reply.headers.items() if k != "content-type"},
            content_type=reply.headers.get("content-type", "text/plain; charset=utf-8"),
        )
        for name, value in reply.cookies.items():
            response.set_cookie(name, value, max_age=REMEMBERED_S, httponly=True)
        return response

    async def page(request: Any) -> Any:
        loop = asyncio.get_running_loop()
        asked = functools.partial(desk.reply, request.path, request.query_string, request.headers)
        reply = await loop.run_in_executor(readers, asked)
        return sent(reply or strange(404, "404", request.path, request.headers))

    class Plugin:
        __name__ = "newsspider"

        @hookimpl
        def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
            pages = r"/$|/index(\.json)?$|/(search|article|portal|outlet)(\.json)?($|/)"
            return [(pages, page)]

        # Last, so that it is this function that the search box of a table calls.
        @hookimpl(trylast=True)
        def prepare_connection(self, conn: sqlite3.Connection) -> None:
            conn.create_function("escape_fts", 1, _match, deterministic=True)

        @hookimpl
        def prepare_jinja2_environment(self, env: Any) -> None:
            env.add_extension(_nonces())

        @hookimpl
        def extra_template_vars(self, request: Any) -> dict[str, str]:
            return {NONCE: request.scope.get(NONCE, "") if request else ""}

        @hookimpl
        def menu_links(self) -> list[dict[str, str]]:
            return [{"href": "/", "label": "Reading room"}]

        @hookimpl
        def handle_exception(self, request: Any, exception: Exception) -> Any:
            status = getattr(exception, "status", 500)
            if status == 500:
                LOG.error("%s failed", request.path, exc_info=exception)
            message = str(getattr(exception, "message", None) or exception)
            return sent(strange(status, _without_tags(message), request.path, request.headers))

    return Plugin()


def _nonces() -> Any:
    """Return the extension of Jinja that gives Datasette's scripts the nonce of the request."""
    from jinja2.ext import Extension

    class Nonces(Extension):
        """Sees templates alone: what a page of the web says comes in later, without the nonce."""

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
            return SCRIPT.sub(f'<script nonce="{{{{ {NONCE} }}}}"', source)

    return Nonces


def _match(text: str) -> str:
    """Return what the search box of a table means, in the language of `newsspider search`."""
    try:
        return ask(text).match
    except UsageError:
        return '""'


def _without_tags(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
