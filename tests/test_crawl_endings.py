"""How a crawl ends: exit statuses, one clear line, nothing lost when it is cut short."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, LoopbackSite, article_page, list_page
from filelock import FileLock

from newsspider import Archive
from newsspider.cli.config import read_config
from newsspider.errors import UsageError
from newsspider.sample import SamplePortal
from newsspider.store.ledger import lock_path
from newsspider.urls import site_key

Run = Callable[..., subprocess.CompletedProcess[str]]


def assert_one_line(done: subprocess.CompletedProcess[str], status: int, words: str) -> None:
    """Check the exit status and that stderr says *words* in one line without a traceback."""
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3  # click adds two lines of usage


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("nobody", 2, "no profile 'nobody'"),
        ("http://", 2, "without a host"),
        ("http://[::1", 2, "malformed URL"),
        ("http://127.0.0.1:99999/", 2, "malformed URL"),
        ("file:///etc/passwd", 2, "not an http"),
        ("ftp://example.cn/", 2, "not an http"),
        ("javascript://x/%0aalert(1)", 2, "not an http"),
        ("http://user:pw@127.0.0.1/", 2, "user name"),
        ("http://127.0.0.1:1/", 4, "nothing fetched"),
        ("http://nowhere.invalid/", 2, "no contact"),
        ("https://news.example.cn/", 2, "no contact"),
    ],
)
def test_bad_targets(newsspider: Run, tmp_path: Path, target: str, status: int, words: str) -> None:
    done = newsspider("crawl", target, "--delay", 0, "--db", tmp_path / "a.db")
    assert_one_line(done, status, words)


def test_an_unknown_host_fetches_nothing(newsspider: Run, tmp_path: Path) -> None:
    done = newsspider("crawl", "http://nowhere.invalid/", "--contact", "a@example.cn", "--delay", 0)
    assert_one_line(done, 4, "nothing fetched")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--delay", "-1", "Invalid value"),
        ("--revisit", "sometimes", "Invalid value"),
        ("--profiles", "missing", "Invalid value"),
        ("-s", "NAME", "NAME=VALUE"),
        ("--contact", "me", "contact is a mail address"),
    ],
)
def test_bad_options(newsspider: Run, option: str, value: str, words: str) -> None:
    done = newsspider("crawl", "http://127.0.0.1:1/", option, value)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_archive_is_left_alone(newsspider: Run, tmp_path: Path) -> None:
    for name, data in (("text.db", b"hello, this is a text file of mine\n" * 99), ("dir.db", None)):
        path = tmp_path / name
        if data is None:
            path.mkdir()
        else:
            path.write_bytes(data)
        done = newsspider("crawl", "http://127.0.0.1:1/", "--db", path)
        assert_one_line(done, 1, str(path))
        assert data is None or path.read_bytes() == data


def test_a_newer_archive_is_refused(newsspider: Run, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    Archive(db, create=True).close()
    with sqlite3.connect(db) as connection:
        connection.execute("pragma user_version = 999")
    connection.close()
    before = db.read_bytes()
    assert_one_line(newsspider("crawl", "http://127.0.0.1:1/", "--db", db), 1, "newer")
    assert db.read_bytes() == before


def test_one_run_a_site(
    newsspider: Run, tmp_path: Path, loopback: Callable[..., LoopbackSite]
) -> None:
    site, db = loopback({"/": article_page("防汛检查全部完成")}), tmp_path / "a.db"
    with FileLock(lock_path(db, site_key(site.url))):
        done = newsspider("crawl", site.url + "/", "--db", db, "--delay", 0)
        assert_one_line(done, 75, "another run")
    assert not site.hits
    assert newsspider("crawl", site.url + "/", "--db", db, "--delay", 0).returncode == 0


@pytest.mark.parametrize(("status", "wanted"), [(500, 4), (503, 4), (404, 0), (403, 0)])
def test_failures_and_answers(
    newsspider: Run, loopback: Callable[..., LoopbackSite], status: int, wanted: int
) -> None:
    site = loopback({"/": (status, {}, b"<h1>error</h1>")})
    done = newsspider("crawl", site.url + "/", "--delay", 0, "-s", "RETRY_TIMES=0")
    assert done.returncode == wanted, done.stderr


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00" * 4000,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40,
        b"<html>" * 9000,
        b"\xfe\xff<",
    ],
    ids=["empty", "nul", "jpeg", "tags", "half utf-16"],
)
def test_a_broken_front_page_ends_in_good_order(
    newsspider: Run, loopback: Callable[..., LoopbackSite], page: bytes
) -> None:
    done = newsspider("crawl", loopback({"/": page}).url + "/", "--delay", 0)
    assert_one_line(done, 0, "0 new")


def crawling(db: Path, url: str) -> subprocess.Popen[bytes]:
    """Start a crawl of its own that takes some seconds."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "newsspider", "crawl", url, "--db", str(db), "--delay", "0"),
            *("-s", "NEWSSPIDER_FLUSH_INTERVAL_S=0.2", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1"),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


ARTICLES = "select count(*) from articles"


def wait_for(db: Path, sql: str, least: int) -> None:
    """Wait until *sql* counts *least* committed rows in *db*."""
    for _ in range(400):
        time.sleep(0.05)
        if db.exists() and count(db, sql) >= least:
            return
    raise AssertionError("the crawl stored nothing in time")


def count(db: Path, sql: str = ARTICLES) -> int:
    """How many articles are committed in *db*; 0 before its tables are there."""
    connection = sqlite3.connect(db, timeout=10)
    try:
        return int(connection.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_a_run_killed_between_two_pages_of_a_list_goes_on(
    newsspider: Run, tmp_path: Path, loopback: Callable[..., LoopbackSite]
) -> None:
    db = tmp_path / "a.db"
    titles = {f"/a/{n}.html": f"第{n}座水库今天完成汛前检查" for n in range(12)}
    pages = [dict(list(titles.items())[start : start + 6]) for start in (0, 6)]
    pager = '<div class=page><a href="/index_2.html">2</a> <a href="/index_2.html">下一页</a></div>'
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers |= {"/": list_page("要闻", pages[0]) + pager.encode()}
    site.answers |= {"/index_2.html": list_page("要闻", pages[1])}
    site.delay_s = 0.5
    process = crawling(db, site.url + "/")
    for _ in range(400):
        if site.hits["/index_2.html"]:
            break
        time.sleep(0.05)
    # By now what the first page named is in the archive, and the second one is on its way.
    wait_for(db, "select count(*) from urls where url like '%/a/%'", 6)
    process.kill()
    process.communicate()
    site.delay_s = 0.0
    assert newsspider("crawl", site.url + "/", "--db", db, "--delay", 0).returncode == 0
    assert count(db) == 12


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_run_cut_short_goes_on(
    newsspider: Run, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    db = tmp_path / "a.db"
    with SamplePortal() as portal:
        live = {a.url for a in portal.truth() if a.status == "live"}
        process = crawling(db, portal.base_url + "/")
        wait_for(db, ARTICLES, 5)
        process.send_signal(number)
        stderr = process.communicate(timeout=30)[1].decode()
        assert process.returncode == status, stderr
        assert "Traceback" not in stderr
        kept = count(db)
        assert kept >= 5
        assert kept < len(live), "the crawl was over before it was cut short"
        done = newsspider("crawl", portal.base_url + "/", "--db", db, "--delay", 0)
        assert done.returncode == 0, done.stderr
    with Archive(db, read_only=True) as archive:
        assert {row["url"] for row in archive.rows()} == live


def test_a_full_disk_stops_the_crawl_and_keeps_the_archive(
    newsspider: Run, tmp_path: Path, loopback: Callable[..., LoopbackSite]
) -> None:
    titles = {f"/{n}.html": f"第{n}座水库完成汛前安全检查" for n in range(40)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers["/"] = list_page("要闻", titles)
    db = tmp_path / "a.db"
    script = (
        "import resource, runpy, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (260_000, 260_000));"
        "sys.argv = ['newsspider', *sys.argv[1:]];"
        "runpy.run_module('newsspider', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "crawl", site.url + "/", "--db", str(db), "--delay", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert str(db) in done.stderr
    done = newsspider("crawl", site.url + "/", "--db", db, "--delay", 0)
    assert done.returncode == 0, done.stderr
    assert count(db) == len(titles)


@pytest.mark.parametrize(
    # Two lengths of one body are no HTTP: that is as good as no answer.
    "answer",
    [(503, {}, b""), (200, {"Content-Length": "99"}, b"")],
    ids=["errors", "no-answer"],
)
def test_a_site_that_stops_answering_ends_the_crawl(
    newsspider: Run,
    tmp_path: Path,
    loopback: Callable[..., LoopbackSite],
    answer: tuple[int, dict[str, str], bytes],
) -> None:
    titles = {f"/{n}.html": f"第{n}座水库完成汛前安全检查" for n in range(60)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers["/"] = list_page("要闻", titles)
    whole = dict(site.answers)
    site.answers.update(dict.fromkeys(list(titles)[10:], answer))
    once = ("--delay", "0", "-s", "RETRY_TIMES=0", "-s", "NEWSSPIDER_MAX_FAILURES_IN_A_ROW=8")
    done = newsspider("crawl", site.url + "/", *once)
    assert done.returncode == 4, done.stderr
    assert sum(site.hits[path] for path in list(titles)[10:]) < 40
    site.answers = whole
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--db", "data/archive.db")
    assert done.returncode == 0, done.stderr
    assert count(tmp_path / "data/archive.db") == len(titles)


def test_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSSPIDER_CONTACT", raising=False)
    path = tmp_path / "newsspider.toml"
    assert read_config(path).contact == ""
    path.write_text('contact = "a@example.cn"\n', encoding="utf-8")
    assert read_config(path).contact == "a@example.cn"
    monkeypatch.setenv("NEWSSPIDER_CONTACT", "https://example.cn/bot")
    assert read_config(path).contact == "https://example.cn/bot"
    for bad in ("contact = 3", "contcat = 'x'", "contact = ", 'contact = "two words"'):
        monkeypatch.delenv("NEWSSPIDER_CONTACT", raising=False)
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(UsageError):
            read_config(path)
