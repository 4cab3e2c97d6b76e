"""What a foreign spider must not ask for, whatever a page tells it to."""

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from newsspider.errors import BadUrl
from newsspider.spiders.resolver import LOCAL_HOSTS
from newsspider.urls import is_local_host, parse_http

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PORTS = {"http": 80, "https": 443}


class UnsafeAddress(IgnoreRequest):
    """Another scheme, another port, a private address, or credentials in the address."""


class GuardMiddleware:
    """Refuse addresses that no page of a public site has to lead to, also after a redirect.

    What `start_urls` names is allowed: a private host, and a port of its own.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self.stats = crawler.stats
        spider: Any = crawler.spider
        named = [urlsplit(str(url)) for url in getattr(spider, "start_urls", None) or ()]
        self.origins = {one.netloc for one in named}
        self.hosts = {one.hostname or "" for one in named}
        LOCAL_HOSTS.update(self.hosts)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise UnsafeAddress."""
        if reason := self.refusal(request.url):
            self.stats.inc_value("newsspider/refused/unsafe")
            raise UnsafeAddress(f"{reason}: {request.url[:300]}")

    def refusal(self, url: str) -> str | None:
        """Return why *url* is not asked for; None when it may be."""
        try:
            parts = parse_http(url)
            port = parts.port
        except (BadUrl, ValueError):
            return "neither http nor https"
        host = parts.hostname or ""
        if "@" in parts.netloc:
            return "a user name in the address"
        if is_local_host(host) and host not in self.hosts:
            return "a private address"
        is_usual = port is None or port == PORTS[parts.scheme.lower()]
        return None if is_usual or parts.netloc in self.origins else "an unusual port"
