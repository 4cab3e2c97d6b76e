"""What a crawl keeps of its answers: all of them, as sent, once, and nothing torn."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, LoopbackSite
from raw_runs import (
    NUMBERS,
    Run,
    answers_of,
    check_with_warcio,
    every_row_leads_somewhere,
    frames_of,
    query,
    raw_of,
    site_answers,
)

from newsspider.store import Archive

Serve = Callable[..., LoopbackSite]


def sent(site: LoopbackSite, url: str) -> bytes:
    found = site.answers[url.removeprefix(site.url)]
    return found[2] if isinstance(found, tuple) else found


def test_every_answer_is_kept_as_sent(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback(site_answers())
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--db", "a.db", "-vv")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "warc"
    check_with_warcio(folder)
    found = {answer.url: answer for answer in answers_of(folder)}
    asked = {site.url + path for path, count in site.hits.items() if count}
    assert found.keys() == asked
    for url, answer in found.items():
        path = url.removeprefix(site.url)
        assert answer.body == (sent(site, url) if path in site.answers else b"not found")
        assert answer.get("content-length") == str(len(answer.body))
    packed = found[f"{site.url}/a/1.html"]
    assert packed.get("Content-Encoding") == "gzip"
    assert packed.get("X-Trace") == "ä"
    assert b"<h1>" in packed.content()
    assert found[f"{site.url}/gone.html"].status == 404
    assert found[f"{site.url}/old.html"].get("Location") == "/a/7.html"
    # Nothing that only a run in progress needs is left.
    assert not list(folder.glob("*.open"))


def test_rows_name_their_records(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback(site_answers())
    newsspider("crawl", site.url + "/", "--delay", "0", "--db", "a.db")
    db = tmp_path / "a.db"
    # Home page, feed, articles, what is gone, and both ends of the redirect.
    assert every_row_leads_somewhere(db) >= len(NUMBERS) + 4
    assert query(db, "select count(*) from fetches where warc_file is null") == [(0,)]
    ids = {frame.record_id: frame for _, frame in frames_of(tmp_path / "warc")}
    for url, record_id, moment in query(db, "select url, warc_record_id, fetched_at from articles"):
        assert ids[record_id].target == url
        assert ids[record_id].get("WARC-Date")[:19] == moment[:19]


def test_names_come_from_site_time_and_run(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback(site_answers())
    newsspider(
        "crawl", site.url + "/", "--delay", "0", "--db", "a.db",
        "-s", "NEWSSPIDER_WARC_MAX_BYTES=2000", "-s", "NEWSSPIDER_WARC_ALL_REQUESTS=1",
    )  # fmt: skip
    names = sorted(path.name for path in (tmp_path / "warc").glob("*.warc.gz"))
    assert len(names) > 2
    port = site.url.rpartition(":")[2]
    shape = re.compile(rf"127\.0\.0\.1_{port}-\d{{14}}-r1-\d{{5}}\.warc\.gz")
    assert all(shape.fullmatch(name) for name in names)
    found = frames_of(tmp_path / "warc")
    assert [frame.get("WARC-Filename") for _, frame in found if frame.get("WARC-Filename")] == names
    kinds = [frame.get("WARC-Type") for _, frame in found]
    assert kinds.count("request") == kinds.count("response")
    known = query(tmp_path / "a.db", "select name, records from warc_files order by name")
    assert [row[0] for row in known] == names
    assert sum(row[1] for row in known) == len(found)


def test_requests_that_say_nothing_new_are_not_kept(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback(site_answers())
    newsspider("crawl", site.url + "/", "--delay", "0", "--db", "a.db")
    requests = [f for _, f in frames_of(tmp_path / "warc") if f.get("WARC-Type") == "request"]
    assert 1 <= len(requests) < len(NUMBERS)
    first = requests[0].block.decode()
    assert first.startswith("GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1")
    assert "User-Agent: newsspider/" in first
    assert first.endswith("\r\n\r\n")


def test_what_did_not_change_costs_a_revisit(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback(site_answers())
    crawl = ("crawl", site.url + "/", "--delay", "0", "--db", "a.db", "--revisit", "all")
    newsspider(*crawl)
    # Two are asked for by their validators, the others come again as they were.
    for n in (1, 2):
        site.answers[f"/a/{n}.html"] = (304, {"ETag": f'"{n}"'}, b"")
    newsspider(*crawl)
    folder = tmp_path / "warc"
    check_with_warcio(folder)
    second = [frame for name, frame in frames_of(folder) if "-r2-" in name]
    revisits = [frame for frame in second if frame.get("WARC-Type") == "revisit"]
    profiles = [frame.get("WARC-Profile").rpartition("/")[2] for frame in revisits]
    assert profiles.count("server-not-modified") == 2
    heads = [frame.block for frame in second if frame.get("WARC-Type") == "metadata"]
    assert len(heads) == 2 and all(head.startswith(b"HTTP/1.1 304 ") for head in heads)
    assert profiles.count("identical-payload-digest") >= len(NUMBERS) - 2
    assert sum(frame.length for frame in revisits) < 700 * len(revisits)
    # Each reads as the page that it stands for.
    with raw_of(tmp_path / "a.db") as raw:
        answers = [a for path in raw.files() if "-r2-" in path.name for a in raw.records(path)]
    bodies = {a.url: a for a in answers_of(folder) if not a.is_revisit}
    for answer in answers:
        if answer.is_revisit:
            assert (answer.status, answer.body) == (200, bodies[answer.url].body)
    every_row_leads_somewhere(tmp_path / "a.db")
    assert query(tmp_path / "a.db", "select count(*) from revisions") == [(0,)]


def test_a_revisit_of_a_lost_original_is_kept_whole(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback(site_answers())
    crawl = ("crawl", site.url + "/", "--delay", "0", "--db", "a.db", "--revisit", "all")
    newsspider(*crawl)
    (first,) = (tmp_path / "warc").glob("*-r1-*.warc.gz")
    first.unlink()
    done = newsspider(*crawl)
    assert done.returncode == 0, done.stderr
    second = {answer.url: answer for answer in answers_of(tmp_path / "warc")}
    for n in NUMBERS:
        url = f"{site.url}/a/{n}.html"
        assert second[url].body == sent(site, url)


def test_the_folder_may_be_elsewhere_and_may_move(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback(site_answers())
    crawl = ("crawl", site.url + "/", "--delay", "0", "--db", "a.db")
    done = newsspider(*crawl, "--warc-dir", "big/disk")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "warc").exists()
    (tmp_path / "big" / "disk").rename(tmp_path / "moved")
    every_row_leads_somewhere(tmp_path / "a.db", tmp_path / "moved")
    done = newsspider("verify", "--db", "a.db", "--warc-dir", "moved")
    assert (done.returncode, done.stdout) == (0, "")
    done = newsspider("verify", "--db", "a.db")
    assert (done.returncode, "is not there" in done.stdout) == (3, True)


def test_without_a_raw_archive(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback(site_answers())
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--db", "a.db", "--no-warc")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "warc").exists()
    assert query(tmp_path / "a.db", "select count(warc_file) from fetches") == [(0,)]
    assert newsspider("verify", "--db", "a.db").returncode == 0


LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv.pop(1))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
runpy.run_module("newsspider", run_name="__main__")
"""


def start(folder: Path, *arguments: str, limit: int = 0) -> "subprocess.Popen[str]":
    """Start a crawl in *folder*, no file of which may get longer than *limit*."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.Popen(
        [sys.executable, "-c", LIMITED, str(limit), "crawl", *arguments],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("answers", [2, 5, 8])
def test_a_killed_run_leaves_whole_records(
    newsspider: Run, loopback: Serve, tmp_path: Path, answers: int
) -> None:
    site = loopback(site_answers())
    site.delay_s = 0.05
    crawl = (
        site.url + "/",
        "--delay",
        "0",
        "--db",
        "a.db",
        "-s",
        "NEWSSPIDER_FLUSH_INTERVAL_S=0.1",
    )
    process = start(tmp_path, *crawl)
    patience = time.monotonic() + 60
    while sum(site.hits.values()) < answers and time.monotonic() < patience:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    folder = tmp_path / "warc"
    (torn,) = folder.glob("*.open")
    every_row_leads_somewhere(tmp_path / "a.db")
    # What a kill in the middle of a write leaves.
    with torn.open("ab") as file:
        file.write(torn.read_bytes()[:150])
    site.delay_s = 0
    done = newsspider("crawl", *crawl)
    assert done.returncode == 0, done.stderr
    assert "150 bytes of a torn record cut off" in done.stderr
    assert not list(folder.glob("*.open"))
    assert (folder / torn.name.removesuffix(".open")).exists()
    check_with_warcio(folder)
    every_row_leads_somewhere(tmp_path / "a.db")
    done = newsspider("verify", "--db", "a.db")
    assert (done.returncode, done.stdout) == (0, "")
    with Archive(tmp_path / "a.db") as archive:
        assert archive.stats()["articles"] == len(NUMBERS) + 1


def test_a_full_disk_ends_the_run_and_tears_nothing(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    pages = site_answers()
    noise = {f"/noise/{n}.bin.html": os.urandom(150_000) for n in range(20)}
    home = pages["/"]
    assert isinstance(home, bytes)
    links = "".join(f"<a href='{path}'>一条很长很长的链接文字</a>" for path in noise)
    site = loopback({**pages, **noise, "/": home.replace(b"</ul>", b"</ul>" + links.encode())})
    process = start(tmp_path, site.url + "/", "--delay", "0", "--db", "a.db", limit=1_500_000)
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 1
    assert re.search(r"stopped: no space left to write warc/\S+\.warc\.gz", said)
    assert "Traceback" not in said
    check_with_warcio(tmp_path / "warc")
    every_row_leads_somewhere(tmp_path / "a.db")
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--db", "a.db")
    assert done.returncode == 0, done.stderr
    assert newsspider("verify", "--db", "a.db").returncode == 0
