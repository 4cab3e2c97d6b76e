"""What stands before every page: who may ask, how, and what a browser may do with the answer."""

import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the pages of the reading room: nothing inline, nothing from elsewhere."""
DATASETTE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For Datasette's own pages: their inline scripts carry the nonce, what a page says cannot; their
templates set colours in style attributes, which take no nonce."""
RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""For a page as a portal served it: no script, no form, nothing loaded, an origin of its own."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
METHODS = ("GET", "HEAD")
NONCE = "newsspider_nonce"
"""Key of a request's nonce in its scope."""


def is_loopback(host: str) -> bool:
    """Tell whether *host*, a name or an address to listen on, can be reached from here alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def guarded(app: App, *, host: str, allowed: Iterable[str] = ()) -> App:
    """Return *app* behind a guard: GET and HEAD alone, known names of the host, safe headers.

    On a loopback *host* a request must name it, or one of *allowed*: a page of the web that points
    its own name at this machine would read the archive otherwise. On any other *host* names are
    only checked when some are *allowed*.
    """
    names = {name.lower() for name in allowed}
    if is_loopback(host) or names:
        names |= {*LOOPBACK_NAMES, host.lower(), f"[{host.strip('[]').lower()}]"}

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(message.get("headers", ()), nonce)}
            await send(message)

        if scope["method"] not in METHODS:
            await _refuse(send_safely, 405, "only GET and HEAD\n", [(b"allow", b"GET, HEAD")])
        elif names and _host_of(scope) not in names:
            await _refuse(send_safely, 421, "this server does not answer under that name\n", [])
        else:
            # The server leaves out the body of an answer to HEAD.
            await app({**scope, "method": "GET", NONCE: nonce}, receive, send_safely)

    return guard


def _host_of(scope: Scope) -> str:
    """Return the name in the Host header without its port, "" when there is none or several."""
    found = [value for name, value in scope["headers"] if name == b"host"]
    if len(found) != 1:
        return ""
    return re.sub(r":\d*$", "", found[0].decode("latin-1")).lower()


def _headers(given: Iterable[tuple[bytes, bytes]], nonce: str) -> list[tuple[bytes, bytes]]:
    headers = [(bytes(name).lower(), bytes(value)) for name, value in given]
    present = {name for name, _ in headers}
    policy = {"content-security-policy": DATASETTE_POLICY.format(nonce=nonce)}
    for name, value in (HEADERS | policy).items():
        if name.encode() not in present:
            headers.append((name.encode(), value.encode()))
    return headers


async def _refuse(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
