"""The archive read again: nothing changes by itself, and what a change of code does comes back."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, article_page
from raw_site import RawSite
from sample_articles import LATER, ask

from newsspider.archive.reader import RawArchive
from newsspider.profiles import Profile, load
from newsspider.reread import Rereader
from newsspider.reread.reader import Profiles
from newsspider.store import Archive
from newsspider.store.records import Batch

Run = Callable[..., subprocess.CompletedProcess[str]]

PROFILE = """
home = "http://news.example.cn/"
[fields]
{fields}
"""
SOUND = {"title": "h1", "source": ".info", "body": ".content"}
BROKEN = {"title": ".nav a", "source": ".nav a", "body": ".content p:first-child"}
RELATED = (
    "<div class=hot><h3>大家都爱看</h3><ul>"
    "<li><a href='/a/901.html'>{0}水库蓄水量创十年新高</a></li>"
    "<li><a href='/a/902.html'>{0}灌区启动春灌</a></li>"
    "<li><a href='/a/903.html'>{0}防汛物资清点完毕</a></li></ul></div>"
)


def address(number: int) -> str:
    return f"http://news.example.cn/a/{number}.html"


def pages(count: int, **page: Any) -> list[dict[str, bytes]]:
    return [{address(n): article_page(f"城东水库第{n}次检查完成", **page)} for n in range(count)]


def profile(folder: Path, fields: dict[str, str]) -> Profile:
    folder.mkdir(exist_ok=True)
    lines = "\n".join(f'{name} = "{selector}"' for name, selector in fields.items())
    (folder / "example.toml").write_text(PROFILE.format(fields=lines), encoding="utf-8")
    return load(folder / "example.toml")


def contents(db: Path) -> dict[str, list[Any]]:
    """Return every row of every table, less what a reading is numbered by."""
    with closing(sqlite3.connect(db)) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "select name from sqlite_master where type = 'table' and name not like '%fts%'"
                " and name <> 'han_variants'"
            )
        ]
        return {name: connection.execute(f"select * from {name}").fetchall() for name in names}


def readings(db: Path, *, but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    with Archive(db, read_only=True) as archive:
        return [{k: v for k, v in row.items() if k not in but} for row in archive.rows()]


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode in (0, 3), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def counts(found: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {row["field"]: (row["gained"], row["lost"], row["changed"]) for row in found["fields"]}


@pytest.fixture
def site(tmp_path: Path) -> RawSite:
    return RawSite(tmp_path)


def test_without_a_change_of_code_nothing_changes(site: RawSite, newsspider: Run) -> None:
    site.visit(pages(3, links=RELATED.format("昨天")))
    joined = {address(7): article_page("长文"), address(7)[:-5] + "_2.html": article_page("长文")}
    site.visit([joined, *pages(2, links=RELATED.format("今天"))], headers=[("X-Robots-Tag", "all")])
    before = contents(site.db)
    for options in ([], ["--dry-run"], ["--processes", "1"], ["--outdated"]):
        found = report(newsspider("reextract", "--db", site.db, "--json", *options))
        kind = "current" if "--outdated" in options else "unchanged"
        assert (found[kind], found["differs"], found["fields"]) == (4, 0, [])
        assert contents(site.db) == before


def test_a_reading_that_says_the_same_gets_the_new_versions_alone(
    site: RawSite, newsspider: Run
) -> None:
    site.visit(pages(2))
    before = contents(site.db)
    with closing(sqlite3.connect(site.db)) as db, db:
        db.execute("update articles set extractor_version = '0'")
    found = report(newsspider("reextract", "--db", site.db, "--json", "--outdated"))
    assert (found["unchanged"], found["current"]) == (2, 0)
    assert contents(site.db) == before
    assert report(newsspider("reextract", "--db", site.db, "--json", "--outdated"))["current"] == 2


def test_a_broken_profile_is_told_as_it_is_and_mended(
    site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    sound = profile(tmp_path / "sites", SOUND)
    site.visit(pages(60), profile=sound)
    edited = pages(1, text="本报讯　市水利局今天又检查了一遍。")
    site.visit(edited, profile=sound)
    before = readings(site.db)
    edits = ask(site.db, "select * from revisions")
    assert len(edits) == 1
    profile(tmp_path / "sites", BROKEN)
    run = ("reextract", "--db", site.db, "--json", "--processes", "2")

    told = report(newsspider(*run, "--dry-run"))
    assert readings(site.db) == before
    assert told["dry_run"] and told["replaced"] == 0
    done = report(newsspider(*run))
    assert (done["differs"], done["replaced"]) == (60, 60)
    broken = readings(site.db)
    truth: dict[str, list[int]] = {}
    for old, new in zip(before, broken, strict=True):
        for name in old:
            if old[name] != new[name]:
                kind = 2 if old[name] and new[name] else int(bool(old[name]))
                truth.setdefault(name, [0, 0, 0])[kind] += 1
    for name in ("provenance", "profile_version", "confidence", "body_sha256"):
        truth.pop(name, None)
    # A story is whoever has the text: here all of them after the cut.
    truth.pop("story_id", None)
    assert truth["title"] == truth["source"] == truth["body"] == [0, 0, 60]
    assert counts(told) == counts(done) == {name: tuple(kinds) for name, kinds in truth.items()}
    examples = next(row for row in told["fields"] if row["field"] == "title")["examples"]
    assert [one["article_id"] for one in examples["changed"]] and all(
        one["after"] == "首页" for one in examples["changed"]
    )

    profile(tmp_path / "sites", SOUND)
    back = report(newsspider(*run))
    assert back["replaced"] == 60
    assert readings(site.db) == before
    kept = ask(site.db, "select * from revisions where kind = 'edit'")
    assert kept == edits
    kinds = "select kind, count(*) from revisions group by kind order by kind"
    assert ask(site.db, kinds) == [("edit", 1), ("extraction", 120)]
    assert newsspider("verify", "--db", site.db).returncode == 0
    with Archive(site.db, read_only=True) as archive:
        assert len(archive.search("闸门", limit=100)) == 59


def test_killed_it_goes_on_where_it_was(site: RawSite, newsspider: Run, tmp_path: Path) -> None:
    site.visit(pages(400), profile=profile(tmp_path / "sites", SOUND))
    profile(tmp_path / "sites", BROKEN | {"body": ".content"})
    running = subprocess.Popen(
        [sys.executable, "-m", "newsspider", "reextract", "--db", site.db, "--processes", "2"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    done = "select count(*) from revisions"
    deadline = time.monotonic() + 60
    while ask(site.db, done)[0][0] == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    running.kill()
    assert running.stderr is not None
    # The pipe ends with the last process that has it: none is left behind.
    running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=30) == -9
    first = ask(site.db, done)[0][0]
    assert 0 < first < 400
    rest = report(newsspider("reextract", "--db", site.db, "--json", "--outdated"))
    assert (rest["current"], rest["replaced"]) == (first, 400 - first)
    assert ask(site.db, "select count(distinct article_id), count(*) from revisions") == [
        (400, 400)
    ]
    assert newsspider("verify", "--db", site.db).returncode == 0


def test_what_cannot_be_read_stays_and_is_named(
    site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    site.visit(pages(2))
    site.visit([{address(8): article_page("没有原件的一篇")}], is_kept=False)
    site.visit([{address(9): article_page("原件坏了的一篇")}])
    damaged = site.warc / "visit-3.warc.gz"
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 0xFF
    damaged.write_bytes(data)
    (site.warc / "visit-1.warc.gz").rename(tmp_path / "elsewhere.warc.gz")
    before = contents(site.db)
    done = newsspider("reextract", "--db", site.db, "--json")
    found = report(done)
    assert done.returncode == 3
    assert (found["no_record"]["ids"], found["unreadable"]["ids"]) == ([3], [1, 2, 4])
    reasons = {one["article_id"]: one["reason"] for one in found["unreadable"]["reasons"]}
    assert "visit-1.warc.gz" in reasons[1] and "visit-3.warc.gz" in reasons[4]
    assert contents(site.db) == before
    told = newsspider("reextract", "--db", site.db)
    assert "1 without a raw record" in told.stderr and "visit-3.warc.gz" in told.stderr


def test_a_reading_that_no_crawl_would_store_is_refused(
    site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    url = address(1)
    empty = b"<html><head><title>t</title></head><body></body></html>"
    site.visit([{url: article_page("第一篇")}])
    before = readings(site.db)
    # The answer of the same record becomes another page: as if the extractor had lost it all.
    good = site.warc / "visit-1.warc.gz"
    record_id = before[0]["warc_record_id"]
    site.visit([{address(2): empty}])
    with closing(sqlite3.connect(site.db)) as db, db:
        db.execute("update articles set warc_record_id = null, fetched_at = last_seen")
        db.execute(
            "update fetches set warc_file = 'visit-2.warc.gz', warc_offset = 0 where url = ?",
            (url,),
        )
        db.execute("delete from articles where url = ?", (address(2),))
    assert good.exists() and record_id
    done = newsspider("reextract", "--db", site.db, "--json")
    found = report(done)
    assert (done.returncode, found["refused"]["ids"]) == (3, [1])
    assert readings(site.db)[0]["body"] == before[0]["body"]


def test_related_lists_are_those_of_the_last_visit(site: RawSite, newsspider: Run) -> None:
    site.visit(pages(1, links=RELATED.format("昨天")))
    site.visit(pages(1, links=RELATED.format("今天"), head="<meta name=description content=另>"))
    before = readings(site.db)
    assert before[0]["related"][0]["title"].startswith("今天")
    found = report(newsspider("reextract", "--db", site.db, "--json"))
    assert (found["unchanged"], found["differs"]) == (1, 0)
    assert readings(site.db) == before


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--warc-dir", "nowhere"], 1, "no raw archive at nowhere"),
        (["--db", "nowhere.db"], 1, "nowhere.db"),
        (["--since", "gestern"], 2, "not a date"),
        (["--profiles", "bad"], 2, "bad/x.toml"),
        (["--processes", "0"], 2, "0"),
    ],
    ids=["no raw archive", "no database", "bad date", "bad profile", "no process"],
)
def test_bad_input_is_one_line(
    options: list[str], status: int, told: str, site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    site.visit(pages(1))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.toml").write_text("home = 3", encoding="utf-8")
    done = newsspider("reextract", "--db", site.db, *options)
    assert done.returncode == status
    assert told in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


# -- the rule of a crawl -------------------------------------------------------------------------


@pytest.fixture
def rereader(site: RawSite, tmp_path: Path) -> Callable[[Profile], Rereader]:
    def make(found: Profile) -> Rereader:
        return Rereader(RawArchive(site.warc), Profiles([found]))

    return make


def test_a_crawl_reads_the_old_page_again_before_it_compares(
    site: RawSite, rereader: Callable[[Profile], Rereader], tmp_path: Path
) -> None:
    site.visit(pages(2), profile=profile(tmp_path / "sites", BROKEN | {"body": ".content"}))
    sound = profile(tmp_path / "sites", SOUND)
    again = rereader(sound)
    with Archive(site.db) as archive:
        stored = archive.with_answers([1, 2])
        reads = [again.read(row, kept).article for row, kept in stored]
        new = [replace(one, fetched_at=LATER) for one in reads]
        edited = replace(new[1], title="城东水库检查推迟")
        saved = archive.write(Batch(articles=(new[0], edited)), read_again=again.read_or_none)
    assert [(one.outcome, one.revision) for one in saved] == [("reread", 1), ("changed", 2)]
    rows = ask(
        site.db, "select article_id, kind, revision, title, changes from revisions order by id"
    )
    assert [row[:4] for row in rows] == [
        (1, "extraction", 1, "首页"),
        (2, "extraction", 1, "首页"),
        (2, "edit", 1, "城东水库第1次检查完成"),
    ]
    assert list(json.loads(rows[2][4])) == ["title"]
    again.raw.close()


def test_without_a_raw_record_the_difference_is_of_the_extraction(
    site: RawSite, rereader: Callable[[Profile], Rereader], tmp_path: Path
) -> None:
    broken = profile(tmp_path / "sites", BROKEN | {"body": ".content"})
    site.visit(pages(1), profile=broken, is_kept=False)
    sound = profile(tmp_path / "sites", SOUND)
    with Archive(site.db) as archive:
        row = archive.get(1)
    again = rereader(sound)
    (tmp_path / "fresh").mkdir()
    fresh = RawSite(tmp_path / "fresh")
    fresh.visit(pages(1, text="本报讯　市水利局改了说法。"), profile=sound)
    with Archive(fresh.db) as archive, Archive(site.db) as target:
        other = Rereader(RawArchive(fresh.warc), Profiles([sound]))
        article = other.read(*archive.with_answers([1])[0]).article
        (saved,) = target.write(Batch(articles=(article,)), read_again=again.read_or_none)
        other.raw.close()
    assert (saved.outcome, saved.revision) == ("reread", row["revision"])
    assert ask(site.db, "select kind from revisions") == [("extraction",)]
