"""The download handler: Scrapy's, but what stands before a body is bounded, too.

DOWNLOAD_MAXSIZE counts bodies alone: a server may send headers, or answers "100 Continue", until
the time is up and the memory full.
"""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, ResponseFailed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.iweb import IResponse

MAX_HEAD_BYTES = 256 * 1024
"""Status line and headers of an answer, with those of the 1xx before it; as much as Chromium takes
(kMaxHeaderBufSize of net/http/http_stream_parser.h)."""
MAX_LINE_BYTES = 64 * 1024
"""One line of these; as much as Python's own client takes (_MAXLINE of http.client)."""
TOO_LARGE = "the headers are too large"


class HeadTooLarge(Exception):
    """There is more before the body of an answer than any server of pages needs."""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Gives up an answer whose headers do not end."""

    _head_bytes = 0

    def request(self, request: "TxRequest") -> "Deferred[IResponse]":
        self._head_bytes = 0
        answer = super().request(request)
        if self._parser is not None:
            # Without a word of its own the parser would close the connection: nobody knew why.
            self._parser.MAX_LENGTH = MAX_HEAD_BYTES
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        parser = self._parser
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if parser is None or parser is not self._parser or parser.state not in (STATUS, HEADER):
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES or len(parser._buffer) > MAX_LINE_BYTES:
            # To lose the connection is not enough: with TLS it is read on until the server agrees.
            self.transport.abortConnection()  # type: ignore[union-attr]
            self._disconnectParser(Failure(HeadTooLarge()))  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _: "IAddress | None") -> _Protocol:  # noqa: N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler of HTTP/1.1; an answer with endless headers is refused, and not asked for
    again in this run.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        """Return the answer to *request*.

        Raises:
            DownloadCancelledError: what stands before its body is too large.
        """
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            cause = error.__cause__
            if not isinstance(cause, ResponseFailed):
                raise
            if any(reason.check(HeadTooLarge) for reason in cause.reasons):
                raise DownloadCancelledError(TOO_LARGE) from error
            # Its own words are those of a list of Failures.
            words = "; ".join(reason.getErrorMessage() for reason in cause.reasons)
            raise DownloadFailedError(f"no sound answer: {words}") from error
