"""Downloader components by themselves: how long a site rests, and at which pace it goes on."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.statscollectors import DummyStatsCollector

from newsspider.middlewares import (
    CanonicalFingerprinter,
    RareMetaRefreshMiddleware,
    RetryAfterMiddleware,
    retry_after_s,
)

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (b"3", 3.0),
        (b" 120 ", 120.0),
        (b"Mon, 06 May 2024 07:09:09 GMT", 60.0),
        (b"Mon, 06 May 2024 07:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after(value: bytes | None, wanted: float | None) -> None:
    assert retry_after_s(value, NOW) == wanted


@pytest.mark.parametrize(("pace_s", "later_s"), [(0.0, 0.0), (1.0, 2.0), (45.0, 60.0)])
def test_answers_of_one_rest_slow_the_site_once(pace_s: float, later_s: float) -> None:
    slot = SimpleNamespace(delay=pace_s)
    downloader = SimpleNamespace(slots={"example.cn": slot})
    crawler: Any = SimpleNamespace(
        settings=Settings({"AUTOTHROTTLE_MAX_DELAY": 60.0}),
        engine=SimpleNamespace(downloader=downloader),
    )
    crawler.stats = DummyStatsCollector(cast(Any, SimpleNamespace(settings=Settings())))
    middleware = RetryAfterMiddleware(crawler)
    request = Request("http://example.cn/1", meta={"download_slot": "example.cn"})
    response = Response(request.url, status=429, headers={"Retry-After": "1"})

    async def answers() -> None:
        waiting = [middleware.process_response(request, response) for _ in range(16)]
        await asyncio.gather(*waiting)

    asyncio.run(answers())
    assert slot.delay == later_s


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.cn/1?utm_source=x", "http://a.cn/1", True),
        ("http://a.cn/1?b=2&a=1", "http://A.cn:80/1?a=1&b=2#top", True),
        ("http://a.cn/1", "http://a.cn/2", False),
        ("http://a.cn/1?id=1", "http://a.cn/1?id=2", False),
    ],
)
def test_fingerprints(one: str, other: str, same: bool) -> None:
    of = CanonicalFingerprinter().fingerprint
    assert (of(Request(one)) == of(Request(other))) is same
    assert of(Request(one)) != of(Request(one, method="POST", body=b"x"))


REFRESH = '<meta http-equiv="refresh" content="0; url=/there">'


@pytest.mark.parametrize(
    ("body", "leads_on"),
    [
        (b"<html><title>a</title>", False),
        (b'<meta http-equiv="Content-Type" content="text/html">', False),
        (REFRESH.encode(), True),
        (REFRESH.upper().replace("URL=/THERE", "url=/there").encode(), True),
        (REFRESH.encode("utf-16"), True),
        ("中".encode() * 4000 + REFRESH.encode(), True),
        (b" " * 5000 + REFRESH.encode(), False),
        (REFRESH.replace('content="0', 'content="60').encode(), False),
        (f"<script>'{REFRESH}'</script>".encode(), False),
        # The page itself is there: only who wants scripts is sent on.
        (f"<noscript>{REFRESH}</noscript><h1>a</h1>".encode(), False),
        (f"<!-- {REFRESH} -->".encode(), False),
    ],
)
def test_meta_refresh_is_followed_as_scrapy_follows_it(body: bytes, leads_on: bool) -> None:
    settings = Settings()
    settings.setmodule("newsspider.settings")
    request = Request("http://a.cn/here")
    for kind in (RareMetaRefreshMiddleware, MetaRefreshMiddleware):
        response = HtmlResponse(request.url, body=body)
        middleware = kind(settings)
        middleware.crawler = cast(Any, SimpleNamespace(spider=None))
        found = middleware.process_response(request, response)
        assert (found.url if leads_on else found) == ("http://a.cn/there" if leads_on else response)
