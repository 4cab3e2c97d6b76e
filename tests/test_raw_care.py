"""Looking after a raw archive: verify finds what is wrong, prune takes out, stats counts."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import LoopbackSite, article_page
from raw_runs import (
    answers_of,
    check_with_warcio,
    every_row_leads_somewhere,
    frames_of,
    query,
    raw_of,
    site_answers,
)
from test_crawl import crawl

from newsspider.archive.repair import finish, locked
from newsspider.archive.warcfile import WarcFile
from newsspider.archive.writer import record_bytes
from newsspider.cli import main


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Crawl a site three times: an article changes on the second day, and again on the third."""
    folder = tmp_path_factory.mktemp("three")
    site = LoopbackSite(site_answers())
    try:
        for day in range(3):
            site.answers["/a/2.html"] = article_page(
                "第2条新闻的标题写得足够长", text=f"第{day}稿。" * 9
            )
            arguments = (site.url + "/", "--delay", "0", "--db", "a.db", "--revisit", "all")
            done = crawl(*arguments, folder=folder)
            assert done.returncode == 0, done.stderr
    finally:
        site.close()
    yield folder


@pytest.fixture
def kept(three_runs: Path, tmp_path: Path) -> Path:
    """A copy of the archive of three runs, to be spoiled."""
    return Path(shutil.copytree(three_runs, tmp_path / "kept"))


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert "Traceback" not in result.output
    return result


def verify(folder: Path) -> list[str]:
    result = run("verify", "--db", folder / "a.db")
    lines = result.stdout.splitlines()
    assert result.exit_code == (3 if lines else 0), result.output
    return lines


def warc(folder: Path, number: int) -> Path:
    (path,) = (folder / "warc").glob(f"*-r{number}-*.warc.gz")
    return path


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "warc").glob("manifest-*.json"))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def execute(folder: Path, sql: str) -> None:
    connection = sqlite3.connect(folder / "a.db")
    connection.executescript(sql)
    connection.close()


def lose_with_its_row(folder: Path) -> None:
    warc(folder, 2).unlink()
    execute(folder, "delete from payloads where file_id = 2; delete from warc_files where id = 2")


def cut_the_chain(folder: Path) -> None:
    execute(folder, "update warc_files set manifest_id = null where manifest_id = 3")
    execute(folder, "delete from manifests where id = 3")


def test_all_is_well(kept: Path) -> None:
    result = run("verify", "--db", kept / "a.db")
    assert (result.exit_code, result.stdout) == (0, "")
    ((number, digest),) = query(
        kept / "a.db", "select id, sha256 from manifests order by id desc limit 1"
    )
    assert result.stderr == f"all is well\nmanifest {number}: {digest}\n"
    assert [path.name for path in copies(kept)] == [
        f"manifest-{n:06}-{sha[:12]}.json"
        for n, sha in query(kept / "a.db", "select id, sha256 from manifests order by id")
    ]


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped bit": (
        lambda f: flip(warc(f, 1), warc(f, 1).stat().st_size // 2),
        r"-r1-00001.warc.gz was altered: its SHA-256",
    ),
    "where the flipped bit is": (
        lambda f: flip(warc(f, 1), warc(f, 1).stat().st_size // 2),
        r"-r1-00001.warc.gz: the record at byte \d+ is damaged",
    ),
    "a file that went": (lambda f: warc(f, 2).unlink(), r"-r2-00001.warc.gz is not there"),
    "a file that went with its row": (
        lose_with_its_row,
        r"-r2-00001.warc.gz is not there",
    ),
    "a shorter file": (
        lambda f: warc(f, 3).write_bytes(warc(f, 3).read_bytes()[:-9]),
        r"-r3-00001.warc.gz has \d+ bytes, not \d+",
    ),
    "a row that leads nowhere": (
        lambda f: execute(f, "update fetches set warc_offset = warc_offset + 1 where id = 3"),
        r"-r1-00001.warc.gz: rows name 1 records that are not there, the first at \d+",
    ),
    "a row of no file": (
        lambda f: execute(f, "update fetches set warc_file = 'x.warc.gz' where id = 3"),
        r"rows name x\.warc\.gz, which is no file",
    ),
    "a copy that went": (lambda f: copies(f)[1].unlink(), r"manifest-000002-.*is not there"),
    "a copy that was altered": (
        lambda f: copies(f)[0].write_bytes(copies(f)[0].read_bytes() + b" "),
        r"manifest-000001-.* is not the manifest in the archive",
    ),
    "the end of the chain that went": (
        cut_the_chain,
        r"manifest-000003-.* follows the last manifest",
    ),
    "an article that went": (lambda f: execute(f, "delete from articles where id = 2"), "rows: "),
}


@pytest.mark.parametrize("case", SPOILED)
def test_verify_says_what_is_wrong(case: str, kept: Path) -> None:
    spoil, told = SPOILED[case]
    spoil(kept)
    assert any(re.search(told, line) for line in verify(kept)), verify(kept)


def test_the_raw_archive_may_be_left_out(kept: Path) -> None:
    shutil.rmtree(kept / "warc")
    assert run("verify", "--no-raw", "--db", kept / "a.db").exit_code == 0


def test_stats(kept: Path) -> None:
    found = json.loads(run("warc", "stats", "--json", "--db", kept / "a.db").stdout)
    everything = frames_of(kept / "warc")
    kinds = [frame.get("WARC-Type") for _, frame in everything]
    assert sum(f["responses"] for f in found["files"]) == kinds.count("response")
    assert found["revisits"] == kinds.count("revisit") > 0
    assert sum(found["by_site"].values()) == sum(frame.length for _, frame in everything)
    assert {"text/html", "application/rss+xml", "text/plain"} <= found["by_type"].keys()
    assert found["saved_bytes"] > 0
    text = run("warc", "stats", "--db", kept / "a.db").stdout
    assert all(f["file"] in text for f in found["files"])


def versions(folder: Path, path: str = "/a/2.html") -> list[bytes]:
    """The bodies that are kept of one address, in the order of their capture."""
    with raw_of(folder / "a.db") as raw:
        found = [a for file in raw.files() for a in raw.records(file) if a.url.endswith(path)]
    return [a.body for a in sorted(found, key=lambda a: a.fetched_at)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [0, 2]),
        (("--keep", "first"), [0, 2]),  # the last was read into the article
        (("--keep", "last"), [2]),
        (("--keep", "none"), [2]),
        (("--keep", "changes"), [0, 1, 2]),
        (("--keep", "none", "--before", "2020-01-01"), [0, 1, 2]),
        (("--keep", "none", "--before", "2999-01-01"), [2]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_prune(options: tuple[str, ...], expected: list[int], kept: Path) -> None:
    before = versions(kept)
    assert len(set(before)) == 3
    size = sum(path.stat().st_size for path in (kept / "warc").glob("*.warc.gz"))
    dry = run("warc", "prune", *options, "--dry-run", "--json", "--db", kept / "a.db")
    assert dry.exit_code == 0, dry.output
    assert versions(kept) == before
    done = run("warc", "prune", *options, "--json", "--db", kept / "a.db")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == json.loads(dry.stdout)
    assert versions(kept) == [before[n] for n in expected]
    after = sum(path.stat().st_size for path in (kept / "warc").glob("*.warc.gz"))
    assert size - after == sum(row["bytes"] for row in json.loads(done.stdout))
    check_with_warcio(kept / "warc")
    # Nothing dangles: rows, revisits, readings, manifests.
    every_row_leads_somewhere(kept / "a.db")
    assert len(answers_of(kept / "warc")) > 0
    ids = {frame.record_id for _, frame in frames_of(kept / "warc")}
    for table in ("articles", "revisions"):
        named = query(kept / "a.db", f"select warc_record_id from {table} order by id")
        assert {row[0] for row in named} - {None} <= ids
    assert query(kept / "a.db", "select count(*) from articles where warc_record_id is null") == [
        (0,)
    ]
    assert verify(kept) == []
    again = run("warc", "prune", *options, "--json", "--db", kept / "a.db")
    assert json.loads(again.stdout) == []


def test_prune_waits_for_nobody_and_disturbs_nobody(kept: Path) -> None:
    with locked(kept / "warc", alone=False):
        result = run("warc", "prune", "--db", kept / "a.db")
    assert result.exit_code == 75
    assert "a crawl writes to" in result.stderr
    assert verify(kept) == []


@pytest.mark.parametrize("keep", ["all", "first,none", "", "first,middle"])
def test_prune_refuses_what_it_does_not_know(keep: str, kept: Path) -> None:
    result = run("warc", "prune", "--keep", keep, "--db", kept / "a.db")
    assert result.exit_code != 0
    assert verify(kept) == []


def test_prune_leaves_a_damaged_file_alone(kept: Path) -> None:
    flip(warc(kept, 2), 900)
    data = warc(kept, 2).read_bytes()
    result = run("warc", "prune", "--keep", "last", "--db", kept / "a.db")
    assert "left alone" in result.stderr
    assert warc(kept, 2).read_bytes() == data


# -- what a killed run leaves --------------------------------------------------------------------
RECORD = record_bytes([("WARC-Type", "x"), ("WARC-Record-ID", "<urn:x>")], b"abc" * 99, "text/x")


def abandoned(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "a.warc.gz.open"
    path.write_bytes(data)
    return path


def test_every_torn_tail_is_cut(tmp_path: Path) -> None:
    whole = RECORD * 3
    for size in range(0, len(whole) + 1, 7):
        folder = tmp_path / str(size)
        path = abandoned(folder, whole[:size])
        found = finish(folder, "a.warc.gz")
        records = size // len(RECORD)
        assert not path.exists()
        if records == 0:
            assert found is None
            assert [p.name for p in folder.iterdir()] == ["a.warc.gz.torn"]
        else:
            assert found and (found.records, found.size_bytes) == (records, records * len(RECORD))
            assert (folder / "a.warc.gz").read_bytes() == RECORD * records


def test_damage_before_the_tail_is_not_cut(tmp_path: Path) -> None:
    spoiled = RECORD[:60] + b"\0\0\0" + RECORD[63:]
    abandoned(tmp_path, RECORD + spoiled + RECORD + RECORD[:40])
    found = finish(tmp_path, "a.warc.gz")
    assert found and found.records == 2
    assert (tmp_path / "a.warc.gz").read_bytes() == RECORD + spoiled + RECORD


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    file = WarcFile(tmp_path, "a.warc.gz")
    file.append(RECORD, 1)
    assert finish(tmp_path, "a.warc.gz") is None
    assert file.append(RECORD, 1) == len(RECORD)
    done = file.finish()
    # Killed between the name and the row: the file is described as it is.
    assert finish(tmp_path, "a.warc.gz") == done
    assert finish(tmp_path, "nothing.warc.gz") is None
