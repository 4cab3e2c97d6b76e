"""Pages that scripts fill: what a browser shows is read, and it reaches nothing by itself."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PARAGRAPH, LoopbackSite, list_page

from newsspider import Archive
from newsspider.rendering import MissingBrowser, find_browser

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]
TITLE = "三座水库完成汛前检查"
SHELL = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>例子新闻网</title></head>
<body><div id=app></div><script src="/app.js"></script>{more}</body></html>"""
APP = """
fetch("/api" + location.pathname).then(answer => answer.json()).then(one => {
  document.title = one.title + "_例子新闻网";
  document.getElementById("app").innerHTML = "<h1>" + one.title + "</h1><div class=info>"
    + "来源：江城日报　时间：2024-05-06 07:08:09</div><div class=content>"
    + one.body.map(text => "<p>　　" + text + "</p>").join("") + "</div>";
});
"""


@pytest.fixture
def browser() -> None:
    """Skip where there is no browser."""
    try:
        find_browser()
    except MissingBrowser as error:
        pytest.skip(str(error))


def shell(more: str = "") -> bytes:
    return SHELL.format(more=more).encode()


def portal(loopback: Serve, **more: str) -> LoopbackSite:
    """Serve two articles whose text comes by script; *more* stands in the first one's page."""
    body = [f"{PARAGRAPH}第{n}段说明情况。" for n in range(1, 6)]
    site = loopback({"/": list_page("要闻", {f"/{n}.html": f"{TITLE}之{n}" for n in (1, 2)})})
    site.answers["/app.js"] = (200, {"Content-Type": "text/javascript"}, APP.encode())
    for n in (1, 2):
        site.answers[f"/{n}.html"] = shell(more.get("more", "") if n == 1 else "")
        answer = json.dumps({"title": f"{TITLE}之{n}", "body": body}).encode()
        site.answers[f"/api/{n}.html"] = (200, {"Content-Type": "application/json"}, answer)
    return site


def rows_of(folder: Path) -> dict[str, Any]:
    with Archive(folder / "data/archive.db", read_only=True) as archive:
        return {row["url"].rpartition("/")[2]: row for row in archive.rows()}


def crawl(newsspider: Run, site: LoopbackSite, *options: str) -> dict[str, Any]:
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--json", *options)
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)[0]["counts"]
    return counts


@pytest.mark.usefixtures("browser")
def test_text_that_comes_by_script_is_read(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = portal(loopback)
    counts = crawl(newsspider, site, "--javascript")
    rows = rows_of(tmp_path)
    assert {row["title"] for row in rows.values()} == {f"{TITLE}之1", f"{TITLE}之2"}
    assert all(row["source"] == "江城日报" for row in rows.values())
    assert all("第5段说明情况" in row["body"] for row in rows.values())
    assert all(row["provenance"]["page"] == "javascript" for row in rows.values())
    assert counts["rendered"] == 3
    # The script is the same on every page and asked for once.
    assert site.hits["/app.js"] == 1
    assert site.headers["/api/1.html"]["user-agent"].startswith("newsspider/")
    again = crawl(newsspider, site, "--javascript", "--revisit", "all")
    assert again["unchanged"] == 2


@pytest.mark.usefixtures("browser")
def test_a_profile_asks_for_it(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = portal(loopback)
    (tmp_path / "sites").mkdir()
    text = f'home = "{site.url}/"\njavascript = true\n'
    (tmp_path / "sites/example.toml").write_text(text, encoding="utf-8")
    done = newsspider("crawl", "example", "--delay", "0")
    assert done.returncode == 0, done.stderr
    assert set(rows_of(tmp_path)) == {"1.html", "2.html"}


def test_without_it_such_pages_are_no_articles(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = portal(loopback)
    crawl(newsspider, site)
    assert rows_of(tmp_path) == {}
    assert site.hits["/app.js"] == 0


HOSTILE = {
    "script": "<script src='{there}/x.js'></script>",
    "fetch": "<script>fetch('{there}/fetch', {{mode: 'no-cors'}})</script>",
    "by redirect": "<script>fetch('/away')</script>",
    "picture": "<img src='{there}/x.png'><img src='/own.png'>",
    "frame": "<iframe src='{there}/frame'></iframe>",
    "navigation": "<script>location = '{there}/away'</script>",
    "popup": "<script>open('{there}/popup')</script>",
    "form": "<form id=f method=post action='{there}/form'></form><script>f.submit()</script>",
    "beacon": "<script>navigator.sendBeacon('{there}/beacon', 'x')</script>",
    "socket": "<script>new WebSocket('ws://{host}/socket')</script>",
    "events": "<script>new EventSource('{there}/events')</script>",
    "preload": "<link rel=prefetch href='{there}/pre'><link rel=preconnect href='{there}'>",
    "worker": "<script>navigator.serviceWorker.register('/sw.js')</script>",
    "file": "<script>fetch('file:///etc/passwd').then(a => a.text()).then(t => "
    "document.body.append(t))</script>",
    "download": "<a id=d href='/own.bin' download>x</a><script>d.click()</script>",
    "robots": "<script>fetch('/private/x')</script>",
}


@pytest.mark.usefixtures("browser")
def test_a_page_reaches_nothing_but_what_the_crawl_may_ask_for(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    other = loopback({})
    host = other.url.partition("//")[2]
    more = "".join(one.format(there=other.url, host=host) for one in HOSTILE.values())
    site = portal(loopback, more=more)
    site.answers["/robots.txt"] = b"User-agent: *\nDisallow: /private/\n"
    site.answers["/away"] = (302, {"Location": f"{other.url}/redirected"}, b"")
    crawl(newsspider, site, "--javascript")
    assert not other.hits
    assert not {"/own.png", "/own.bin", "/sw.js", "/private/x"} & set(site.hits)
    assert site.hits["/away"] >= 1
    assert "2.html" in rows_of(tmp_path)
    assert not any("root:" in row["body"] for row in rows_of(tmp_path).values())


@pytest.mark.usefixtures("browser")
def test_a_script_without_end_is_cut_off(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = portal(loopback, more="<script>for (;;) {}</script>")
    counts = crawl(newsspider, site, "--javascript", "-s", "NEWSSPIDER_RENDER_TIMEOUT_S=10")
    assert counts["not_rendered"] >= 1
    assert "2.html" in rows_of(tmp_path)


def test_a_missing_browser_is_said_in_one_line(newsspider: Run, loopback: Serve) -> None:
    site = loopback({"/": b""})
    done = newsspider(
        *("crawl", site.url + "/", "--javascript", "--delay", "0"),
        *("-s", "NEWSSPIDER_BROWSER=/no/such/browser"),
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "browser" in done.stderr
    assert not site.hits
