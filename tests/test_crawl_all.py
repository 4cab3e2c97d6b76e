"""All portals side by side: bounded, apart from each other, each once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, LoopbackSite, article_page, list_page
from filelock import FileLock

from newsspider.cli.fleet import exit_status
from newsspider.errors import ProfileError
from newsspider.plan import is_due
from newsspider.profiles import available, load
from newsspider.store.ledger import lock_path

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]
NOW = datetime(2026, 3, 2, 6, 17, tzinfo=UTC)


def portal(
    serve: Serve, folder: Path, name: str, *, count: int = 2, extra: str = ""
) -> LoopbackSite:
    """Serve a small portal and write its profile into *folder*/sites."""
    titles = {f"/{n}.html": f"{name}的第{n}座水库完成汛前安全检查" for n in range(1, count + 1)}
    site = serve({path: article_page(title) for path, title in titles.items()})
    site.answers["/"] = list_page("要闻", titles)
    (folder / "sites").mkdir(exist_ok=True)
    text = f'home = "{site.url}/"\n{extra}'
    (folder / "sites" / f"{name}.toml").write_text(text, encoding="utf-8")
    return site


def runs_of(db: Path) -> list[tuple[str, int | None]]:
    connection = sqlite3.connect(db)
    try:
        return [
            tuple(row) for row in connection.execute("select site, exit from runs order by site")
        ]
    finally:
        connection.close()


def test_every_portal_is_crawled_whatever_the_others_do(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    for name in ("bohai", "gezhou"):
        portal(loopback, tmp_path, name)
    down = portal(loopback, tmp_path, "down")
    down.close()
    (tmp_path / "sites" / "wrong.toml").write_text("titel = 1", encoding="utf-8")
    held = portal(loopback, tmp_path, "held")
    db = tmp_path / "data" / "archive.db"
    db.parent.mkdir()
    with FileLock(lock_path(db, "held")):
        done = newsspider(
            *("crawl", "--all", "--jobs", 2, "--delay", 0, "--json", "-s", "RETRY_TIMES=0")
        )
    assert done.returncode == 2, done.stderr
    rows = {row["site"]: row for row in json.loads(done.stdout)}
    wanted = {"bohai": 0, "gezhou": 0, "down": 4, "held": 75, "wrong": 2}
    assert {name: row["exit"] for name, row in rows.items()} == wanted
    assert rows["bohai"]["counts"]["new"] == 2
    assert "titel" in rows["wrong"]["error"]
    assert "another run" in rows["held"]["error"]
    assert not held.hits
    assert "Traceback" not in done.stderr
    assert runs_of(db) == [("bohai", 0), ("down", 4), ("gezhou", 0)]


def test_the_summary_is_a_table_and_quiet_says_nothing(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    portal(loopback, tmp_path, "bohai")
    done = newsspider("crawl", "--all", "--delay", 0)
    assert done.returncode == 0
    assert done.stdout.split()[:3] == ["site", "exit", "new"]
    assert done.stdout.splitlines()[1].split()[:3] == ["bohai", "0", "2"]
    done = newsspider("crawl", "--all", "--delay", 0, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--all",), "no profiles"),
        (("--if-due",), "no profiles"),
        (("--all", "http://127.0.0.1:1/"), "--all takes no target"),
        (("--all", "--section"), "--all takes no target"),
        (("--jobs", "2", "http://127.0.0.1:1/"), "--jobs goes with --all"),
        (("--all", "--jobs", "0"), "Invalid value"),
        (("http://127.0.0.1:1/", "--notify"), "newsspider.toml names no command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_does_not_go_together(newsspider: Run, arguments: tuple[str, ...], words: str) -> None:
    done = newsspider("crawl", *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_what_is_not_due_is_left_alone(newsspider: Run, tmp_path: Path, loopback: Serve) -> None:
    often = portal(loopback, tmp_path, "often", extra='every = "1m"\n')
    seldom = portal(loopback, tmp_path, "seldom")
    (tmp_path / "newsspider.toml").write_text('every = "12h"\n', encoding="utf-8")
    first = newsspider("crawl", "--if-due", "--delay", 0)
    assert first.returncode == 0, first.stderr
    assert (often.hits["/"], seldom.hits["/"]) == (1, 1)
    db = tmp_path / "data" / "archive.db"
    let_time_pass(db, timedelta(hours=1))
    second = newsspider("crawl", "--if-due", "--delay", 0, "--json")
    assert second.returncode == 0, second.stderr
    assert (often.hits["/"], seldom.hits["/"]) == (2, 1)
    errors = {row["site"]: row.get("error", "") for row in json.loads(second.stdout)}
    assert "not due" in errors["seldom"]
    let_time_pass(db, timedelta(hours=11))
    assert newsspider("crawl", "seldom", "--if-due", "--delay", 0).returncode == 0
    assert seldom.hits["/"] == 2


def let_time_pass(db: Path, span: timedelta) -> None:
    """Move all that the archive remembers of its runs into the past."""
    connection = sqlite3.connect(db)
    rows = connection.execute("select id, started from runs").fetchall()
    for number, started in rows:
        earlier = (datetime.fromisoformat(started) - span).isoformat()
        connection.execute("update runs set started = ? where id = ?", (earlier, number))
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("elapsed", "every", "due"),
    [
        (timedelta(hours=6), timedelta(hours=6), True),
        # cron started the last run some seconds late.
        (timedelta(hours=5, minutes=59, seconds=50), timedelta(hours=6), True),
        (timedelta(hours=5, minutes=30), timedelta(hours=6), False),
        (timedelta(minutes=9), timedelta(minutes=10), False),
        (timedelta(minutes=9, seconds=45), timedelta(minutes=10), True),
        (timedelta(days=6, hours=23, minutes=55), timedelta(days=7), True),
        (timedelta(days=6, hours=23), timedelta(days=7), False),
    ],
)
def test_due(elapsed: timedelta, every: timedelta, due: bool) -> None:
    assert is_due(NOW - elapsed, every, NOW) is due
    assert is_due(None, every, NOW)


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "newsspider", "crawl", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_schedulers_crawl_each_portal_once(tmp_path: Path, loopback: Serve) -> None:
    sites = [portal(loopback, tmp_path, name) for name in ("bohai", "gezhou", "haijia")]
    arguments = ("--if-due", "--delay", "0", "--jobs", "2")
    both = [start(tmp_path, *arguments) for _ in range(2)]
    endings = [process.communicate(timeout=120) for process in both]
    # Both may find a portal locked: that is told, and no failure. One that found all of them locked
    # says so by its status.
    assert {process.returncode for process in both} in ({0}, {0, 75}), endings
    assert [site.hits["/"] for site in sites] == [1, 1, 1]
    assert [site.hits["/1.html"] for site in sites] == [1, 1, 1]
    db = tmp_path / "data" / "archive.db"
    assert runs_of(db) == [("bohai", 0), ("gezhou", 0), ("haijia", 0)]


def test_two_portals_of_one_site_are_not_crawled_at_once(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    site = portal(loopback, tmp_path, "one")
    text = (tmp_path / "sites" / "one.toml").read_text(encoding="utf-8")
    (tmp_path / "sites" / "other.toml").write_text(text, encoding="utf-8")
    site.delay_s = 0.2
    done = newsspider("crawl", "--all", "--delay", 0, "--jobs", 4)
    assert done.returncode == 0, done.stderr
    connection = sqlite3.connect(tmp_path / "data" / "archive.db")
    spans = sorted(connection.execute("select started, finished from runs").fetchall())
    connection.close()
    assert spans[0][1] <= spans[1][0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all_in_good_order(
    tmp_path: Path, loopback: Serve, number: signal.Signals
) -> None:
    sites = [portal(loopback, tmp_path, name, count=60) for name in ("bohai", "gezhou", "later")]
    for site in sites:
        site.delay_s = 0.1
    process = start(tmp_path, "--all", "--jobs", "2", "--delay", "0", "--json")
    deadline = time.monotonic() + 60
    while sum(site.hits["/5.html"] > 0 for site in sites) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    output, log = process.communicate(timeout=60)
    assert process.returncode == 130, log
    assert "Traceback" not in log
    rows: dict[str, Any] = {row["site"]: row for row in json.loads(output)}
    assert {row["exit"] for row in rows.values()} == {130}
    assert rows["later"]["error"] == "not begun"
    assert runs_of(tmp_path / "data" / "archive.db") == [("bohai", 130), ("gezhou", 130)]
    before = sum(site.hits.total() for site in sites)
    time.sleep(0.3)
    assert sum(site.hits.total() for site in sites) == before, "somebody still crawls"


@pytest.mark.parametrize(
    ("statuses", "wanted"),
    [
        ([0, 0], 0),
        ([0, 75], 0),
        ([75, 75], 75),
        ([3, 75], 3),
        ([3, 4], 4),
        ([4, 2, 3], 2),
        ([1, 2], 1),
        ([130, 1], 130),
        ([-9, 0], 1),
        ([], 0),
    ],
)
def test_exit_status_of_the_whole(statuses: list[int], wanted: int) -> None:
    assert exit_status([{"exit": status} for status in statuses]) == wanted


@pytest.mark.parametrize("value", ['"6"', '"0h"', '"6 years"', "6", '"9999d"', '"-1h"', '""'])
def test_an_interval_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f'home = "http://127.0.0.1/"\nevery = {value}\n', encoding="utf-8")
    with pytest.raises(ProfileError, match="every"):
        load(path)


def test_examples_of_the_package_are_nobodys_portals(tmp_path: Path) -> None:
    assert available(tmp_path)
    assert available(tmp_path, packaged=False) == []
