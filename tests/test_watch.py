"""Crawls that watch themselves: what a run leaves, who is told, what is missing."""

import json
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import LoopbackSite, article_page, list_page

from newsspider import Archive
from newsspider.cli.config import read_config
from newsspider.errors import UsageError
from newsspider.notify import subject_of, text_of

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]


def run_month(folder: Path, days: int, redesign: int) -> list[dict[str, Any]]:
    """Crawl a small portal on so many days, with a redesign in the middle."""
    (folder / "sites").mkdir()
    script = Path(__file__).parent / "month_of_crawls.py"
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "a.db"), str(folder / "sites"), str(days),
         str(redesign)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("month")
    return folder / "a.db", run_month(folder, 25, 22)


Month = tuple[Path, list[dict[str, Any]]]
WRONG = ["field_vanished credits", "field_vanished source", "selector_missed body"]


def test_a_redesign_is_seen_in_the_first_run_after_it(month: Month) -> None:
    days = month[1]
    assert days[:22] == [{"exit": 0, "alarms": []}] * 22
    assert days[22:] == [{"exit": 3, "alarms": WRONG}] * 3


def test_what_the_archive_keeps_of_it(month: Month) -> None:
    db = sqlite3.connect(month[0])
    try:
        kept = db.execute("select name, subject, first_run, ended_run, urls from alarms").fetchall()
        assert [f"{row[0]} {row[1]}" for row in kept] == WRONG
        assert {row[2:4] for row in kept} == {(23, None)}
        # The pages that show it are of the new design: from the 22nd day on.
        urls = [url for row in kept for url in json.loads(row[4])]
        assert len(urls) == 15
        assert all(re.search(r"/2[2-4]_\d", url) for url in urls)
        coverage = dict(
            db.execute(
                "select run_id, articles_with from field_coverage where field = 'source'"
            ).fetchall()
        )
        assert coverage[1] > 0
        links = db.execute("select count(*) from fetches where links > 0").fetchone()[0]
        assert links == 25 * 3
    finally:
        db.close()


def test_health_shows_it(month: Month, newsspider: Run) -> None:
    done = newsspider("health", "--db", month[0])
    assert done.returncode == 3
    assert done.stdout.splitlines()[1].split()[0] == "small"
    assert "small: field vanished, since" in done.stdout
    assert "source is in 0 of the last" in done.stdout
    (row,) = json.loads(newsspider("health", "small", "--json", "--db", month[0]).stdout)
    assert [a["subject"] for a in row["alarms"]] == ["credits", "source", "body"]
    assert row["measures"]["articles"] > 0
    done = newsspider("health", "nobody", "--db", month[0])
    assert (done.returncode, "nothing is known of the site" in done.stderr) == (1, True)


def test_what_is_accepted_is_the_usual_from_then_on(
    month: Month, newsspider: Run, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    with Archive(month[0], read_only=True) as archive:
        archive.backup(db)
    assert newsspider("health", "--accept", "--db", db).returncode == 2
    done = newsspider("health", "small", "--accept", "--db", db)
    assert (done.returncode, done.stderr) == (0, "3 alarms ended; small is measured anew\n")
    with Archive(db) as archive, archive.watching() as watch:
        past = watch.past_runs("small", 26)
        assert watch.active_alarms("small") == frozenset()
    # Runs before the change say nothing of the source any more, those since do.
    is_excluded = [("field_vanished", "source") in run.alarms for run in past]
    assert is_excluded == [True] * 22 + [False] * 3


class Inbox:
    """An address that takes JSON, and answers with the status it is told to."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[dict[str, Any]] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if inbox.status < 300:
                    inbox.got.append(json.loads(data))
                self.send_response(inbox.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook/SECRET"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    found = Inbox()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_one_message_a_change_of_state(
    month: Month, newsspider: Run, tmp_path: Path, inbox: Inbox
) -> None:
    db, letter = tmp_path / "a.db", tmp_path / "letter.txt"
    with Archive(month[0], read_only=True) as archive:
        archive.backup(db)
    # The program keeps what it is given; its path has a space.
    program = tmp_path / "tell me"
    program.write_text(f'#!/bin/sh\ncat >> "{letter}"\n')
    program.chmod(0o755)
    (tmp_path / "newsspider.toml").write_text(
        f'[notify]\nwebhook = "{inbox.url}"\ncommand = ["{program}"]\n', encoding="utf-8"
    )
    # One channel that refuses is asked again by the next run, the other is not told twice.
    for status in (500, 302):
        inbox.status = status
        done = newsspider("health", "--notify", "--db", db)
        assert done.returncode == 1
        assert f"127.0.0.1 answered {status}" in done.stderr
        assert "SECRET" not in done.stderr
    inbox.status = 204
    for _ in range(2):
        assert newsspider("health", "--notify", "--db", db).returncode == 3
    assert len(inbox.got) == 1
    assert inbox.got[0]["subject"] == "newsspider: 3 new alarms: small"
    assert [alarm["name"] for alarm in inbox.got[0]["alarms"]][-1] == "selector_missed"
    assert re.search(r"/2[2-4]_\d", inbox.got[0]["text"])
    text = letter.read_text(encoding="utf-8")
    assert text.count("newsspider: 3 new alarms: small") == 1
    # An end is told, too, once.
    connection = sqlite3.connect(db)
    connection.execute("update alarms set ended_run = 25 where subject = 'source'")
    connection.commit()
    connection.close()
    for _ in range(2):
        newsspider("health", "--notify", "--db", db)
    assert [message["subject"] for message in inbox.got[1:]] == ["newsspider: 1 over: small"]


def test_mail_goes_to_the_configured_host(month: Month, newsspider: Run, tmp_path: Path) -> None:
    import socketserver

    letters: list[str] = []

    class Server(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example.org\r\n")
            in_data = False
            lines: list[str] = []
            for raw in self.rfile:
                line = raw.decode("utf-8").rstrip("\r\n")
                if in_data:
                    if line == ".":
                        in_data = False
                        letters.append("\n".join(lines))
                        self.wfile.write(b"250 taken\r\n")
                    else:
                        lines.append(line)
                elif line.upper() == "DATA":
                    in_data = True
                    self.wfile.write(b"354 go on\r\n")
                elif line.upper() == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    db = tmp_path / "a.db"
    with Archive(month[0], read_only=True) as archive:
        archive.backup(db)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (tmp_path / "newsspider.toml").write_text(
            '[notify.mail]\nhost = "127.0.0.1"\nsecurity = "none"\nfrom = "a@example.org"\n'
            f'to = ["b@example.org"]\nport = {server.server_address[1]}\n',
            encoding="utf-8",
        )
        done = newsspider("health", "--notify", "--db", db)
        server.shutdown()
    assert done.returncode == 3, done.stderr
    (letter,) = letters
    assert "Subject: newsspider: 3 new alarms: small" in letter
    assert "To: b@example.org" in letter


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("notify = 3", "notify: a table is wanted"),
        ("[notify]\npager = 'x'", "pager: unknown key"),
        ("[notify]\nwebhook = 'ftp://example.org/'", "http or https"),
        ("[notify]\nwebhook = 7", "http or https"),
        ("[notify]\ncommand = ''", "a program and its arguments"),
        ("[notify]\ncommand = [1]", "a program and its arguments"),
        ("[notify.mail]\nhost = 'mail.example.org'", "mail.from: missing"),
        ("[notify.mail]\nhost = 'h'\nfrom = 'a@b'\nto = 'c@d'\nport = 99999", "mail.port"),
        ("[notify.mail]\nhost = 'h'\nfrom = 'a@b'\nto = [3]", "texts of one line"),
        ("[notify.mail]\nhost = 'h'\nfrom = 'a@b'\nto = 'c@d'\nsecurity = 'ssl'", "starttls"),
        ("[notify.mail]\nhost = 'h'\nfrom = \"a@b\\nBcc: x\"\nto = 'c@d'", "texts of one line"),
        ("jobs = 0", "a number from 1 to 64"),
        ("every = 6", "a number and m, h, d or w"),
    ],
)
def test_a_configuration_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "newsspider.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        read_config(path)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "newsspider.toml"
    path.write_text(
        "[notify]\nwebhook = 'https://example.org/SECRET'\n[notify.mail]\nhost = 'h'\n"
        "from = 'a@b'\nto = 'c@d'\nuser = 'u'\npassword = 'SECRET'\n",
        encoding="utf-8",
    )
    config = read_config(path)
    assert config.notify.names == ["webhook", "mail"]
    assert config.notify.mail
    assert config.notify.mail.password == "SECRET"
    assert "SECRET" not in repr(config)


def test_a_message_is_safe_to_print() -> None:
    alarm: dict[str, Any] = {
        "site": "a\x1b[2J",
        "name": "list_found_nothing",
        "subject": "",
        "event": "raised",
    }
    alarm |= {"message": "m\x07\nSubject: x", "urls": ["http://a.cn/\x1b[31m"]}
    assert "\x1b" not in subject_of([alarm]) + text_of([alarm])
    assert "\n" not in subject_of([alarm])


def test_a_list_that_names_nothing_is_asked_again_until_it_does(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    titles = {f"/{n}.html": f"第{n}座水库完成汛前安全检查" for n in range(8)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers["/"] = list_page("首页", {"/yaowen/": "要闻频道的全部新闻", **titles})
    full = list_page("要闻", titles)
    empty = b"<html><title>x</title><body><h1>x</h1><div id=app></div></body></html>"
    db = tmp_path / "a.db"

    def crawl(page: bytes) -> subprocess.CompletedProcess[str]:
        site.answers["/yaowen/"] = page
        return newsspider("crawl", site.url + "/", "--db", db, "--delay", 0, "--json")

    for _ in range(5):
        assert crawl(full).returncode == 0
    for _ in range(2):
        done = crawl(empty)
        (row,) = json.loads(done.stdout)
        assert (done.returncode, row["exit"]) == (3, 3)
        assert [(a["name"], a["subject"]) for a in row["alarms"]] == [
            ("list_found_nothing", f"{site.url}/yaowen/")
        ]
        assert "alarms: list found nothing" in done.stderr
    assert crawl(full).returncode == 0


def test_a_narrow_crawl_is_not_compared(newsspider: Run, tmp_path: Path, loopback: Serve) -> None:
    site = loopback({"/1.html": article_page("第一座水库完成汛前安全检查")})
    (tmp_path / "urls.txt").write_text(f"{site.url}/1.html\n")
    assert newsspider("crawl", "--urls", "urls.txt", "--delay", 0).returncode == 0
    connection = sqlite3.connect(tmp_path / "data" / "archive.db")
    measures, options = connection.execute("select measures, options from runs").fetchone()
    connection.close()
    assert json.loads(measures)["is_comparable"] is False
    assert json.loads(options)["reach"] == "page"


def test_what_robots_txt_forbids_is_no_error(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    titles = {f"/{place}/{n}.html": f"第{n}座水库完成汛前检查" for place in "ab" for n in range(3)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers |= {"/": list_page("要闻", titles), "/robots.txt": b"User-agent: *\nDisallow: /b/"}
    assert newsspider("crawl", f"{site.url}/", "--delay", 0).returncode == 0
    connection = sqlite3.connect(tmp_path / "data" / "archive.db")
    measures = json.loads(connection.execute("select measures from runs").fetchone()[0])
    connection.close()
    assert (measures["articles"], measures["refused"]) == (3, 0)


def test_gaps_names_what_was_listed_and_not_stored(
    newsspider: Run, tmp_path: Path, loopback: Serve
) -> None:
    titles = {f"/{n}.html": f"第{n}座水库完成汛前安全检查" for n in range(8)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    site.answers["/"] = list_page("首页", titles)
    site.answers["/2.html"] = (404, {}, b"not here")
    site.answers["/3.html"] = (500, {}, b"oops")
    site.answers["/4.html"] = b"<html><title>x</title><body><p>no article</body></html>"
    site.answers["/robots.txt"] = (
        200,
        {"Content-Type": "text/plain"},
        b"User-agent: *\nDisallow: /5",
    )
    done = newsspider("crawl", site.url + "/", "--delay", 0, "-s", "RETRY_TIMES=0")
    assert done.returncode == 0, done.stderr
    found = json.loads(newsspider("gaps", "--json", "--ledger").stdout)
    reasons = {row["url"].rpartition("/")[2]: row["reason"] for row in found["unstored"]}
    assert reasons.keys() == {"2.html", "3.html", "4.html", "5.html"}
    assert reasons["2.html"] == "HTTP 404"
    assert reasons["3.html"] == "HTTP 500"
    assert reasons["4.html"] == "read, but no article"
    assert "robots.txt" in reasons["5.html"]
    (row,) = found["ledger"]
    assert (row["listed"], row["answered"], row["articles"], row["stored"]) == (8, 7, 4, 4)
    shown = newsspider("gaps").stdout
    assert shown.splitlines()[0] == "Listed, but not stored"
    assert newsspider("gaps", "--since", "2026-05-02", "--until", "2026-05-01").returncode == 2


def test_gaps_of_a_month(month: Month, newsspider: Run, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with Archive(month[0], read_only=True) as archive:
        archive.backup(db)
    connection = sqlite3.connect(db)
    days = [
        row[0]
        for row in connection.execute(
            "select distinct substr(date_published, 1, 10) from articles order by 1"
        )
    ]
    assert json.loads(newsspider("gaps", "--json", "--db", db).stdout)["days"] == []
    # Weeks in which much is published, and one day on which nothing is.
    for n, day in enumerate(days):
        for copy in range(0 if n == 9 else 8):
            connection.execute(
                "insert into articles (url, site, date_published, fetched_at, first_seen,"
                " last_seen, body_sha256) values (?, 'small', ?, '2026', '2026', '2026', '')",
                (f"http://127.0.0.1/{day}/{copy}", f"{day}T08:00:00+08:00"),
            )
    connection.execute("delete from articles where substr(date_published, 1, 10) = ?", (days[9],))
    connection.commit()
    connection.close()
    found = json.loads(newsspider("gaps", "small", "--json", "--db", db).stdout)["days"]
    assert [(row["day"], row["articles"], row["section"]) for row in found] == [(days[9], 0, None)]
    assert found[0]["usual"] >= 8
