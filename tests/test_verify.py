"""`verify` finds what is broken, `--rebuild-index` mends the index, `backup` makes a whole copy."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sample_articles import FULL, LATER, LONG, article

from newsspider.cli import main
from newsspider.store import Archive
from newsspider.store.records import Batch

EVERYTHING = "select id, title, body, last_seen from articles order by id"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive(path, create=True) as archive:
        archive.write(
            Batch(
                articles=(FULL, article(2, body=LONG), article(3, title='"O\'Neill" — 共', body=""))
            )
        )
        archive.write(Batch(articles=(article(2, body=LONG + "更正。", fetched_at=LATER),)))
    return path


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert "Traceback" not in result.output
    return result


def test_a_good_archive(db: Path) -> None:
    result = run("verify", "--db", db)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "all is well\n")
    assert json.loads(run("verify", "--json", "--db", db).stdout) == []


DAMAGE = {
    "a text": ("update articles set body = body || 'x' where id = 1", "text", 1),
    "a digest": ("update articles set body_sha256 = 'x' where id = 1", "text", 1),
    "an earlier text": ("update revisions set body = 'x'", "text", 2),
    "a title as long": (
        "update articles set title = replace(title, '校园', '田园') where id = 1",
        "index",
        1,
    ),
    "a source": ("update articles set source = null where id = 1", "index", 1),
    "a site": ("update articles set site = 'c.cn' where id = 1", "index", 1),
    "an article that went": ("delete from articles where id = 3", "index", 3),
    "an article not indexed": ("delete from articles_fts_docsize where id = 1", "index", 1),
    "words that went": (
        "delete from articles_fts_data where id > 10; delete from articles_fts_idx",
        "index",
        None,
    ),
    "a child of nobody": (
        "insert into credits (article_id, position, role, raw) values (99, 1, 'x', 'x')",
        "references",
        None,
    ),
    "a story's size": ("update stories set size = 7 where story_id = 1", "counts", None),
    "a number of edits": ("update articles set revision = 9 where id = 2", "counts", 2),
    "a key": ("update article_keys set moment = '1999' where id = 1", "counts", 1),
    "a key that went": ("delete from article_keys where id = 1", "counts", 1),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_is_found(case: str, db: Path) -> None:
    sql, check, article_id = DAMAGE[case]
    connection = sqlite3.connect(db)
    connection.executescript(sql)
    connection.close()
    result = run("verify", "--json", "--db", db)
    assert result.exit_code == 3
    findings = json.loads(result.stdout)
    assert (check, article_id) in [(f["check"], f["article_id"]) for f in findings]
    lines = run("verify", "--db", db).stdout.splitlines()
    assert len(lines) == len(findings)
    assert all(line.split(": ")[0] == f["check"] for line, f in zip(lines, findings, strict=True))


ALTERED = {
    "a title": ("update articles set title = 'x' where id = 3", "article 3 was altered"),
    "a time": ("update articles set date_published = '1999-01-01' where id = 2", "article 2 was"),
    "a credit": ("update credits set name = 'x' where id = 1", "article 1 was altered"),
    "a caption": ("update images set caption = 'x'", "article 1 was altered"),
    "the evidence": ("update articles set warc_record_id = 'x' where id = 1", "article 1 was"),
    "an earlier title": ("update revisions set title = 'x'", "revision row 1 was altered"),
    "an article that went": ("delete from articles where id = 3", "article 3 was deleted"),
    "an earlier reading that went": ("delete from revisions", "revision row 1 was deleted"),
}


@pytest.mark.parametrize("is_sealed", [True, False], ids=["sealed", "not yet sealed"])
@pytest.mark.parametrize("case", ALTERED)
def test_an_altered_row_is_found(case: str, is_sealed: bool, db: Path) -> None:
    if is_sealed:
        with Archive(db) as archive:
            assert [manifest.number for manifest in archive.seal()] == [1]
            assert archive.seal() == []
            assert list(archive.verify()) == []
    connection = sqlite3.connect(db)
    connection.execute(ALTERED[case][0])
    connection.commit()
    connection.close()
    lines = run("verify", "--db", db).stdout.splitlines()
    assert [line for line in lines if line.startswith(f"rows: {ALTERED[case][1]}")]


def test_a_later_run_does_not_seal_what_was_altered(db: Path) -> None:
    with Archive(db) as archive:
        archive.seal()
        archive._db.execute("update revisions set title = 'x'")
        later = LATER.replace(day=20)
        archive.write(Batch(articles=(article(2, body=LONG + "再更正。", fetched_at=later),)))
        archive.seal()
        found = [f["message"] for f in archive.verify() if f["check"] == "rows"]
        assert found == ["revision row 1 was altered after it was written"]


CHAIN = {
    "a manifest altered": ("update manifests set document = document || ' ' where id = 1", "1 is"),
    "one that went": ("delete from manifests where id = 2", "manifest 3 does not follow"),
    "the first that went": ("delete from manifests where id = 1", "manifest 2 does not follow"),
    "a digest": ("update manifests set sha256 = 'x' where id = 3", "manifest 3 is not what"),
}


@pytest.mark.parametrize("case", CHAIN)
def test_the_chain_holds(case: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive(path, create=True) as archive:
        for number in (1, 2, 3):
            archive.write(Batch(articles=(article(number),)))
            archive.seal()
        assert list(archive.verify()) == []
        archive._db.execute(CHAIN[case][0])
        found = [f["message"] for f in archive.verify() if f["check"] == "chain"]
    assert any(CHAIN[case][1] in message for message in found)


def test_imported_articles_are_sealed(db: Path, tmp_path: Path) -> None:
    lines = run("export", "--full", "--db", db, "--format", "jsonl").stdout.encode().splitlines()
    with Archive(tmp_path / "b.db", create=True) as archive:
        archive.restore(lines)
        (manifest,) = archive.seal()
        named = json.loads(manifest.document)
        assert (len(named["articles"]), len(named["revisions"])) == (3, 1)
        assert list(archive.verify()) == []


def test_a_damaged_page_is_found(db: Path) -> None:
    connection = sqlite3.connect(db)
    connection.execute("pragma wal_checkpoint(truncate)")
    (page,) = connection.execute(
        "select rootpage from sqlite_master where name = 'credits_article'"
    ).fetchone()
    connection.close()
    with db.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x55" * 4096)
    result = run("verify", "--db", db)
    assert result.exit_code == 3
    assert result.stdout.startswith("integrity: ")


def test_findings_are_bounded(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.db", create=True) as archive:
        archive.write(Batch(articles=tuple(article(n) for n in range(1, 131))))
        archive._db.execute("update articles set body_sha256 = 'x'")
        findings = [f["message"] for f in archive.verify() if f["check"] == "text"]
    assert len(findings) == 101
    assert findings[-1] == "and 30 more"


@pytest.mark.parametrize("case", ["words that went", "a title as long", "a key", "a site"])
def test_the_index_is_filled_anew(case: str, db: Path) -> None:
    connection = sqlite3.connect(db)
    connection.executescript(DAMAGE[case][0])
    connection.close()
    result = run("verify", "--rebuild-index", "--db", db)
    # That a row was altered stays true.
    assert all(line.startswith("rows: ") for line in result.stdout.splitlines()), result.output
    assert "index filled anew: 3 articles" in result.stderr
    with Archive(db) as archive:
        assert [row["id"] for row in archive.search("更正")] == [2]
        # What is written next takes the right text out of the index.
        archive.write(Batch(articles=(article(2, body=LONG, fetched_at=LATER.replace(day=9)),)))
        assert archive.search("更正") == []
        assert {finding["check"] for finding in archive.verify()} <= {"rows"}


# --- backup -------------------------------------------------------------------------------------


def dump(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(EVERYTHING).fetchall()
    finally:
        connection.close()


def test_backup(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    result = run("backup", copy, "--db", db, "--json")
    assert json.loads(result.stdout) == {"file": str(copy), "bytes": copy.stat().st_size}
    assert dump(copy) == dump(db)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.db", "copy.db"]
    assert run("verify", "--db", copy).exit_code == 0
    copy.write_text("something else")
    refused = run("backup", copy, "--db", db)
    assert (refused.exit_code, copy.read_text()) == (1, "something else")
    assert run("backup", copy, "--force", "--db", db).exit_code == 0
    assert dump(copy) == dump(db)


def test_backup_while_a_crawl_writes(db: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def crawl() -> None:
        with Archive(db) as archive:
            for number in range(10, 10_000):
                archive.write(Batch(articles=(article(number, body=LONG), article(-number))))
                written.append(number)
                if stop.is_set():
                    return

    writer = threading.Thread(target=crawl)
    writer.start()
    try:
        with Archive(db, read_only=True) as archive:
            for name in ("one.db", "two.db"):
                before = len(written)
                archive.backup(tmp_path / name)
                with Archive(tmp_path / name, read_only=True) as copy:
                    assert list(copy.verify()) == []
                    # Both articles of a transaction, and all that was there when it began.
                    stored = copy.stats()["articles"] - 3
                    assert stored % 2 == 0
                    assert stored // 2 >= before
    finally:
        stop.set()
        writer.join()


def test_a_failed_backup_leaves_nothing(db: Path, tmp_path: Path) -> None:
    def stop(left: int, total: int) -> None:
        raise KeyboardInterrupt

    with Archive(db, read_only=True) as archive, pytest.raises(KeyboardInterrupt):
        archive.backup(tmp_path / "copy.db", progress=stop)
    assert not list(tmp_path.glob("*copy*"))
