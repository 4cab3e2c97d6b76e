"""A server that sends what it is told to, byte by byte: no answer need be sound HTTP."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

Sent = bytes | Iterable[bytes]
Play = Callable[[], Sent]
"""Returns what is sent as an answer, all at once or piece by piece, perhaps without end."""


def answer(
    body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8"
) -> bytes:
    """Return a sound answer that ends its connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    if not any(line.lower().startswith(("content-length", "transfer-")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "Connection: close", "", "")).encode("latin-1") + body


class RawServer:
    """Plays to each path what stands in `plays`; another one is a 404. One thread a connection."""

    def __init__(self, plays: Mapping[str, Play | bytes]) -> None:
        self.plays = dict(plays)
        self.hits: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        """Bytes that were taken, by path."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_open = True
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while self._is_open:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := connection.recv(65536)):
                    return
                head += more
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.hits[path] += 1
            play = self.plays.get(path, answer(b"none", status="404 Not Found"))
            sent = play() if callable(play) else play
            for piece in (sent,) if isinstance(sent, bytes) else sent:
                connection.sendall(piece)
                self.sent[path] += len(piece)
            # What is still on its way is not to be lost with a reset.
            connection.shutdown(socket.SHUT_WR)
            time.sleep(0.05)

    def close(self) -> None:
        self._is_open = False
        self._listener.close()


@contextlib.contextmanager
def playing(plays: Mapping[str, Play | bytes]) -> Iterator[RawServer]:
    """Serve *plays* for the time of the block."""
    server = RawServer(plays)
    try:
        yield server
    finally:
        server.close()
