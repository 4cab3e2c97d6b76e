"""WARC files of others, as Common Crawl's news has them, read as if they were crawled."""

import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import article_page, list_page
from raw_runs import Run, answers_of, check_with_warcio, every_row_leads_somewhere, query
from test_raw_reader import answer, written

from newsspider.archive.foreign import opened

HOSTS = ("www.a-news.cn", "b-daily.com.cn", "www.c-post.cn")


def page(host: str, n: int) -> tuple[str, bytes]:
    body = article_page(
        f"{host}第{n}条新闻的标题", text=f"{host}第{n}篇的正文，说的是水库检查。" * 3
    )
    return f"http://{host}/2024/0506/{n}.html", body


def odd(writer: Any, host: str, n: int) -> None:
    """Write a page in one of the ways that such files have."""
    url, body = page(host, n)
    warc = {"WARC-Date": f"2024-05-06T07:00:{n:02}Z"}
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"), ("Odd Name", "x:y"))
    protocol = "HTTP/1.1"
    match n % 6:
        case 0:
            protocol = "HTTP/1.0"
        case 1:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            headers = (*headers, ("Transfer-Encoding", "chunked"))
        case 2:
            body = body[: len(body) - 40]
            warc["WARC-Truncated"] = "length"
        case 3:
            # Decoded, but with the header of the coding, and the length before.
            headers = (*headers, ("Content-Encoding", "gzip"), ("Content-Length", "77"))
        case 4:
            body = gzip.compress(body)
            headers = (*headers, ("Content-Encoding", "gzip"))
    answer(writer, url, body, headers=headers, protocol=protocol, warc=warc)
    if n % 4 == 0:
        answer(writer, url, body, headers=headers, protocol=protocol, warc=warc)


def news(path: Path, *, gz: bool = True, hosts: tuple[str, ...] = HOSTS) -> Path:
    def build(writer: Any) -> None:
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "x"}))
        for host in hosts:
            for n in range(12):
                odd(writer, host, n)
            answer(writer, f"http://{host}/robots.txt", b"Disallow: /", headers=())
            answer(writer, f"dns:{host}", b"x", headers=())
        answer(writer, "http://[::bad/x.html", b"<p>x")

    return written(path, build, gz=gz)


@pytest.mark.parametrize("kind", ["gzip", "plain", "one member"])
def test_one_article_a_page(newsspider: Run, tmp_path: Path, kind: str) -> None:
    path = news(tmp_path / "CC-NEWS-1.warc.gz", gz=kind == "gzip")
    if kind == "one member":
        path.write_bytes(gzip.compress(path.read_bytes()))
    done = newsspider("crawl", "--warc-in", path, "--db", "a.db", "--json")
    assert done.returncode == 0, done.stderr
    db = tmp_path / "a.db"
    stored = query(db, "select url, title, site, fetched_at, http_status from articles")
    assert Counter(row[0] for row in stored) == Counter(
        page(host, n)[0] for host in HOSTS for n in range(12)
    )
    assert {row[2] for row in stored} == {"a-news.cn", "b-daily.com.cn", "c-post.cn"}
    for url, title, _, fetched_at, status in stored:
        n = int(url.rpartition("/")[2].partition(".")[0])
        assert title.endswith(f"第{n}条新闻的标题")
        assert fetched_at.startswith(f"2024-05-06T07:00:{n:02}")
        assert status == 200
    # Kept like any other answer, with the time of the capture.
    every_row_leads_somewhere(db)
    check_with_warcio(tmp_path / "warc")
    assert {a.fetched_at.year for a in answers_of(tmp_path / "warc")} == {2024}
    assert any(a.truncated for a in answers_of(tmp_path / "warc"))
    assert {run["exit"] for run in json.loads(done.stdout)} == {0}
    # A second time there is nothing new in it.
    before = query(db, "select count(*), max(last_seen) from articles")
    again = newsspider("crawl", "--warc-in", path, "--db", "a.db", "--json")
    assert again.returncode == 0, again.stderr
    assert query(db, "select count(*), max(last_seen) from articles") == before
    assert newsspider("verify", "--db", "a.db").returncode == 0


def test_broken_files_are_named_and_the_others_go_on(newsspider: Run, tmp_path: Path) -> None:
    good = news(tmp_path / "good.warc.gz", hosts=HOSTS[:1])
    torn = tmp_path / "torn.warc.gz"
    data = news(tmp_path / "x.warc.gz", hosts=HOSTS[1:2]).read_bytes()
    torn.write_bytes(data[: len(data) // 2])
    noise = tmp_path / "noise.warc.gz"
    noise.write_bytes(b"\x1f\x8b\x08 no gzip at all")
    done = newsspider("crawl", "--warc-in", torn, noise, good, "--db", "a.db")
    assert done.returncode == 3, done.stderr
    assert f"{torn}: the record at byte" in done.stderr
    assert f"{noise}: the record at byte 0 is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    counts = dict(query(tmp_path / "a.db", "select site, count(*) from articles group by site"))
    assert counts["a-news.cn"] == 12
    assert 1 <= counts["b-daily.com.cn"] < 12


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("--warc-in", "missing.warc.gz"), 2, "does not exist"),
        (("--warc-in", "a.warc.gz", "missing.warc.gz"), 2, "missing.warc.gz is none"),
        (("--warc-in", "empty.warc.gz"), 1, "nothing to read"),
        (("--warc-in", "a.warc.gz", "--section"), 2, "does not go with"),
    ],
    ids=["missing", "missing among others", "empty", "with --section"],
)
def test_what_cannot_be_read_in(
    newsspider: Run, tmp_path: Path, arguments: tuple[str, ...], status: int, told: str
) -> None:
    written(tmp_path / "a.warc.gz", answer)
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    done = newsspider("crawl", *arguments, "--db", "a.db")
    assert (done.returncode, told in done.stderr) == (status, True), done.stderr


def test_visits_of_one_page_become_its_history(newsspider: Run, tmp_path: Path) -> None:
    url = "http://www.a-news.cn/2024/0506/1.html"
    texts = {3: "第三稿改了不少字。", 1: "第一稿只有这些字。", 2: "第一稿只有这些字。"}

    def build(writer: Any) -> None:
        for day, text in texts.items():
            body = article_page("一条新闻的标题写得足够长", text=text * 9)
            warc = {"WARC-Date": f"2024-05-0{day}T00:00:00Z"}
            answer(writer, url, body, warc=warc)
        home = list_page("首页", {url: "一条新闻的标题写得足够长"})
        answer(writer, "http://www.a-news.cn/", home, warc={"WARC-Date": "2024-05-01T00:00:00Z"})

    path = written(tmp_path / "a.warc.gz", build)
    done = newsspider("crawl", "--warc-in", path, "--db", "a.db")
    assert done.returncode == 0, done.stderr
    ((revision, body, seen),) = query(
        tmp_path / "a.db", "select revision, body, last_seen from articles"
    )
    assert (revision, "第三稿" in body, seen[:10]) == (2, True, "2024-05-03")
    assert query(tmp_path / "a.db", "select kind, substr(seen_at, 1, 10) from revisions") == [
        ("edit", "2024-05-01")
    ]
    # What came before the last visit is no news.
    done = newsspider("crawl", "--warc-in", path, "--db", "a.db", "--json")
    assert json.loads(done.stdout)[0]["counts"]["older_capture"] == 4


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    record = b"WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(record * 2)
        file.write(bytes(50_000_000))
    path.write_bytes(packed.getvalue())
    told: list[str] = []
    with opened([path], told.append) as foreign:
        assert (foreign.captures, foreign.broken) == ([], 1)
    assert "times its size" in told[0]
