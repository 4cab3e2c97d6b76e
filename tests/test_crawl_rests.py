"""Addresses that give no page rest longer each time; a redirect is taken down, wherever it ends."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, article_page, list_page
from month_of_crawls import let_a_day_pass
from raw_server import Play, answer, playing

TITLES = {f"/a/{n}.html": f"第{n}座水库今天完成汛前检查" for n in range(20)}


def error(status: str) -> bytes:
    return answer(b"<h1>x</h1>", status=status)


def sent_to(place: str) -> bytes:
    return answer(b"", f"Location: {place}", status="302 Found")


def site_of(more: dict[str, Play | bytes]) -> dict[str, Play | bytes]:
    """Return twenty articles and *more*, all named on the front page."""
    named = {path: f"水库汛前检查的新进展情况 {path}" for path in more}
    pages = {path: answer(article_page(title)) for path, title in TITLES.items()}
    return {"/": answer(list_page("要闻", {**named, **TITLES})), **pages, **more}


def crawl(db: Path, url: str, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "newsspider", "crawl", url + "/", "--db", str(db)),
            *("--delay", "0", "--json", "-s", "RETRY_TIMES=0", *options),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    row: dict[str, Any] = json.loads(done.stdout)[0]
    return row


NO_ANSWER = {
    "/d/500.html": error("500 X"),
    "/d/503.html": error("503 X"),
    "/d/429.html": error("429 X"),
    "/d/closed.html": b"",
    "/d/garbage.html": b"\0\xff garbage\r\n\r\n",
    "/d/large.html": answer(b"", "Content-Length: 99999999"),
}
NO_PAGE = {
    "/d/404.html": error("404 X"),
    "/d/410.html": error("410 X"),
    "/d/403.html": error("403 X"),
}
SENT_ON = {
    "/d/out.html": sent_to("http://other.example/x"),
    "/d/port.html": sent_to("http://127.0.0.1:1/"),
    "/d/refresh.html": answer(b'<meta http-equiv="refresh" content="0;url=http://other.cn/y">'),
    "/d/known.html": sent_to("/a/1.html"),
    "/d/home.html": sent_to("/"),
    "/d/itself.html": sent_to("/d/itself.html"),
    "/d/one.html": sent_to("/d/other.html"),
    "/d/other.html": sent_to("/d/one.html"),
    "/d/none.html": sent_to("/x/404.html"),
    **{f"/d/far-{n}.html": sent_to(f"/d/far-{n + 1}.html") for n in range(8)},
}


def test_what_gives_no_page_is_asked_for_less_and_less(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    days: list[Counter[str]] = []
    with playing(site_of({**NO_ANSWER, **NO_PAGE, **SENT_ON})) as server:
        for _ in range(9):
            server.hits.clear()
            crawl(db, server.url)
            days.append(server.hits.copy())
            let_a_day_pass(db)
    for paths, wanted in (
        # none, then 1, 2, 4, 8, 16, 32, 64 hours
        (NO_ANSWER, [1, 1, 1, 1, 1, 1, 1, 0, 1]),
        # 1, 2, 4, 8 days
        (NO_PAGE, [1, 1, 0, 1, 0, 0, 0, 1, 0]),
        (SENT_ON, [1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ):
        found = {path: [day[path] for day in days] for path in paths}
        assert found == dict.fromkeys(paths, wanted)
    assert all(sum(day.values()) <= 20 for day in days[1:])


def test_an_answer_ends_the_rest(tmp_path: Path) -> None:
    db, page = tmp_path / "a.db", answer(article_page("第一百座水库今天完成汛前检查"))
    hits = []
    with playing(site_of({"/d/1.html": error("503 X")})) as server:
        for day in range(9):
            server.plays["/d/1.html"] = page if day == 5 else error("503 X")
            server.hits.clear()
            crawl(db, server.url, *(["--revisit", "all"] if day == 6 else []))
            hits.append(server.hits["/d/1.html"])
            let_a_day_pass(db)
    # Read on the sixth day; it fails again on the seventh, and is looked at on the next ones.
    assert hits == [1] * 9


def test_an_article_that_fails_is_looked_at_soon(tmp_path: Path) -> None:
    db, path = tmp_path / "a.db", "/a/7.html"
    with playing(site_of({})) as server:
        crawl(db, server.url)
        let_a_day_pass(db)
        server.plays[path] = error("500 X")
        crawl(db, server.url, "--revisit", "all")
        server.hits.clear()
        let_a_day_pass(db)
        crawl(db, server.url)
        assert server.hits[path] == 1
        server.plays[path] = error("404 X")
        let_a_day_pass(db)
        assert crawl(db, server.url)["counts"].get("not_modified", 0) == 0
    rows = sqlite3.connect(db).execute("select url, status from articles where status = 'gone'")
    assert [url.partition("//")[2].partition("/")[2] for url, _ in rows] == [path[1:]]


@pytest.mark.parametrize("how", ["status", "meta refresh"])
def test_another_spelling_of_a_page_is_asked_for(tmp_path: Path, how: str) -> None:
    """To the duplicate filter /index.html is the front page that led there; to the server not."""

    def leading(place: str) -> bytes:
        refresh = f'<meta http-equiv="refresh" content="0;url={place}">'
        return sent_to(place) if how == "status" else answer(refresh.encode())

    site = site_of({"/s/": leading("/s/index.html"), "/b/1.html": leading("/b/1.html?utm_id=2")})
    site |= {"/": leading("/index.html"), "/index.html": site["/"]}
    site |= {"/b/1.html?utm_id=2": answer(article_page("第一百座水库今天完成汛前检查"))}
    site |= {
        "/s/index.html": answer(list_page("专题", {"/c/1.html": "第二百座水库今天完成汛前检查"}))
    }
    site |= {"/c/1.html": answer(article_page("第二百座水库今天完成汛前检查"))}
    site |= {"/b/2.html": leading("/b/2.html?utm_id=3")}
    site |= {"/b/2.html?utm_id=3": leading("/b/2.html")}
    with playing(site) as server:
        row = crawl(tmp_path / "a.db", server.url)
        assert row["counts"]["new"] == 22
        assert row["exit"] == 0
        assert max(server.hits.values()) <= 6
