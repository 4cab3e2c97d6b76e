"""What a portal takes down, moves or loses for a while, as crawls over real HTTP see it."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Answer, LoopbackSite, article_page, list_page

from newsspider import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]

TITLES = {f"/a/{n}.html": f"第{n}座水库完成汛前安全检查" for n in range(1, 5)}
TEXTS = {
    path: f"记者从市水利局获悉，{title}，值班表已经排好，闸门逐一试过。"
    for path, title in TITLES.items()
}
EXCUSE = (
    '<html><head><meta charset="utf-8"><title>提示信息</title></head><body>'
    "<h1>抱歉，您访问的文章不存在或已被删除</h1><p>5秒后返回首页</p></body></html>"
).encode()


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """Every stored article by its path."""
    with Archive(folder / "data/archive.db", read_only=True) as archive:
        return {urlsplit(row["url"]).path: row for row in archive.rows()}


def crawl(newsspider: Run, site: LoopbackSite, *options: str) -> int:
    """Crawl *site* without brakes; return the exit status."""
    done = newsspider("crawl", site.url + "/", "--delay", "0", "-s", "RETRY_TIMES=0", *options)
    assert "Traceback" not in done.stderr
    return done.returncode


@pytest.fixture
def site(newsspider: Run, loopback: Serve) -> LoopbackSite:
    """Four articles, crawled once."""
    made = loopback({p: article_page(t, text=TEXTS[p]) for p, t in TITLES.items()})
    made.answers["/"] = list_page("要闻", TITLES)
    assert crawl(newsspider, made) == 0
    # The archive tells moments apart by the second.
    time.sleep(1)
    return made


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b"<h1>404</h1>"),
        (410, {}, b""),
        (200, {}, EXCUSE),
        (302, {"Location": "/"}, b""),
        (302, {"Location": "/missing.html"}, b""),
    ],
    ids=["404", "410", "soft 404", "sent home", "sent to a 404"],
)
def test_a_removed_article_is_gone_and_kept(
    newsspider: Run, site: LoopbackSite, tmp_path: Path, answer: Answer
) -> None:
    site.answers["/a/2.html"] = answer
    assert crawl(newsspider, site, "--revisit", "all") == 0
    found = rows(tmp_path)
    assert {path: row["status"] for path, row in found.items()} == {
        path: "gone" if path == "/a/2.html" else "live" for path in TITLES
    }
    assert TEXTS["/a/2.html"] in found["/a/2.html"]["body"]


def test_an_article_that_comes_back_is_live_again(
    newsspider: Run, site: LoopbackSite, tmp_path: Path
) -> None:
    page = site.answers["/a/2.html"]
    site.answers["/a/2.html"] = (404, {}, b"")
    assert crawl(newsspider, site, "--revisit", "all") == 0
    assert rows(tmp_path)["/a/2.html"]["status"] == "gone"
    site.answers["/a/2.html"] = page
    urls = tmp_path / "urls.txt"
    urls.write_text(f"{site.url}/a/2.html\n", encoding="utf-8")
    assert newsspider("crawl", "--urls", urls, "--delay", "0").returncode == 0
    row = rows(tmp_path)["/a/2.html"]
    assert (row["status"], row["revision"]) == ("live", 1)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_outage_takes_nothing_down(
    newsspider: Run, site: LoopbackSite, tmp_path: Path, status: int
) -> None:
    for path in ("/", *TITLES):
        site.answers[path] = (status, {}, b"<h1>error</h1>")
    crawl(newsspider, site, "--revisit", "all")
    assert {row["status"] for row in rows(tmp_path).values()} == {"live"}


def test_a_moved_article_is_found_under_both_addresses(
    newsspider: Run, site: LoopbackSite, tmp_path: Path
) -> None:
    site.answers["/new/2.html"] = site.answers["/a/2.html"]
    site.answers["/a/2.html"] = (301, {"Location": "/new/2.html"}, b"")
    assert crawl(newsspider, site, "--revisit", "all") == 0
    found = rows(tmp_path)
    assert found["/a/2.html"]["status"] == "moved"
    assert found["/new/2.html"]["status"] == "live"
    assert found["/new/2.html"]["title"] == TITLES["/a/2.html"]
