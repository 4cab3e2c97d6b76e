"""The store: opening, writing, the state of the crawl, stories, other processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_articles import FULL, LONG, SEEN, article, ask, counts

from newsspider.errors import (
    ArchiveError,
    NewerSchema,
    NewsspiderError,
    NotAnArchive,
    NotFound,
    UsageError,
)
from newsspider.items import ARTICLE_FIELDS, RelatedItem, as_json, body_digest
from newsspider.store import Archive, connection
from newsspider.store.migrations import migrations
from newsspider.store.readings import KEPT_APART, cleaned
from newsspider.store.records import Batch, Fetch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive(path, create=True) as opened:
        yield opened


# --- opening ---------------------------------------------------------------------------------


def foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("create table notes (text)")
    db.commit()
    db.close()


def newer(path: Path) -> None:
    Archive(path, create=True).close()
    db = sqlite3.connect(path)
    db.execute(f"pragma user_version = {connection.SCHEMA_VERSION + 1}")
    db.close()


BAD_FILES: dict[str, tuple[Callable[[Path], Any], type[ArchiveError], str]] = {
    "missing": (lambda path: None, ArchiveError, "no archive at"),
    "folder": (lambda path: path.mkdir(), ArchiveError, "is a directory"),
    "text": (lambda path: path.write_text("hello " * 400), NotAnArchive, "no SQLite database"),
    "empty": (lambda path: path.touch(), NotAnArchive, "is empty: no archive"),
    "foreign": (foreign, NotAnArchive, "no archive of newsspider"),
    "newer": (newer, NewerSchema, "newer newsspider"),
    "pipe": (os.mkfifo, ArchiveError, "no regular file"),
}


@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
@pytest.mark.parametrize("case", BAD_FILES)
def test_what_is_no_archive_is_refused_in_one_line(case: str, read_only: bool, path: Path) -> None:
    make, kind, words = BAD_FILES[case]
    make(path)
    with pytest.raises(ArchiveError, match=words) as caught:
        Archive(path, read_only=read_only)
    assert type(caught.value) is kind
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", ["folder", "text", "foreign", "newer", "pipe"])
def test_create_takes_nothing_over(case: str, path: Path) -> None:
    make, kind, _ = BAD_FILES[case]
    make(path)
    with pytest.raises(kind):
        Archive(path, create=True)


def test_create_makes_folders_and_fills_an_empty_file(tmp_path: Path) -> None:
    deep = tmp_path / "资料 100%?#" / "b" / "archive.db"
    Archive(deep, create=True).close()
    assert deep.is_file()
    empty = tmp_path / "empty.db"
    empty.touch()
    with Archive(empty, create=True) as archive:
        assert archive.stats()["articles"] == 0


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(ArchiveError, match="zero byte"):
        Archive("a\0b", create=True)


def test_folder_that_is_a_file_is_an_archive_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError):
        Archive(tmp_path / "file" / "archive.db", create=True)


def test_every_migration_is_counted_and_every_field_has_a_column(
    archive: Archive, path: Path
) -> None:
    applied = [name for (name,) in ask(path, "select name from _sqlite_migrations")]
    assert len(applied) == connection.SCHEMA_VERSION
    assert applied == [m.name for m in migrations._migrations]
    columns = {name for (name,) in ask(path, "select name from pragma_table_info('articles')")}
    assert set(ARTICLE_FIELDS) - {"credits", "images", "related"} <= columns
    kept = {name for (name,) in ask(path, "select name from pragma_table_info('revisions')")}
    assert set(ARTICLE_FIELDS) - KEPT_APART <= kept


def test_pragmas(archive: Archive, path: Path) -> None:
    assert ask(path, "pragma journal_mode") == [("wal",)]
    assert ask(path, "pragma application_id") == [(connection.APPLICATION_ID,)]
    one = [
        archive._db.execute(f"pragma {name}").fetchone()[0]
        for name in ("synchronous", "foreign_keys")
    ]
    assert one == [1, 1]
    loose = (
        "select name from pragma_table_list where schema = 'main' and type = 'table' and not strict"
    )
    names = {name for (name,) in ask(path, loose)}
    assert {n for n in names if not n.startswith(("sqlite_", "_sqlite", "articles_fts"))} == set()


def test_two_processes_may_make_one_archive(path: Path) -> None:
    code = "import sys; from newsspider.store import Archive\n"
    code += "Archive(sys.argv[1], create=True).close()"
    makers = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [maker.wait(60) for maker in makers] == [0, 0, 0]
    assert ask(path, "pragma user_version") == [(connection.SCHEMA_VERSION,)]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Permissions bind everybody but root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def sealed() -> Iterator[Path]:
    """An archive of one article in a folder that nobody may write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "archive.db"
        with Archive(path, create=True) as archive:
            archive.write(Batch(articles=(FULL,)))
        path.chmod(0o444)
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)


def test_reading_from_a_read_only_folder(sealed: Path) -> None:
    assert [p.name for p in sealed.parent.iterdir()] == ["archive.db"]
    with unprivileged(), Archive(sealed, read_only=True) as archive:
        assert [row["id"] for row in archive.search("校园安全")] == [1]


def test_reading_on_a_full_disk(path: Path) -> None:
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=(FULL,)))
    read = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "from newsspider import Archive;"
        f"print(Archive({str(path)!r}, read_only=True).search('校园安全')[0]['id'])"
    )
    done = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize("create", [True, False])
def test_writing_to_a_read_only_folder_is_an_archive_error(sealed: Path, create: bool) -> None:
    with unprivileged(), pytest.raises(ArchiveError), Archive(sealed, create=create) as archive:
        archive.write(Batch(articles=(article(2),)))


# --- writing and reading ------------------------------------------------------------------------


def test_every_field_comes_back(archive: Archive) -> None:
    (saved,) = archive.write(Batch(articles=(FULL,)))
    assert (saved.outcome, saved.revision, saved.url) == ("new", 1, FULL.url)
    row = archive.get(saved.article_id)
    assert {name: row[name] for name in ARTICLE_FIELDS} == {
        **as_json(FULL),
        "body_sha256": body_digest(FULL.body),
    }
    assert list(row) == [
        *("id", "status", "revision", "story_id", "first_seen", "last_seen"),
        *ARTICLE_FIELDS,
    ]
    assert row["date_published"] == "2023-03-21T13:21:05+08:00"
    assert row["date_modified"] == "2023-03-22"


ANY_TEXT = st.characters(exclude_categories=())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive(tmp_path_factory.mktemp("shared") / "archive.db", create=True) as opened:
        yield opened


@settings(max_examples=100, deadline=None)
@given(st.text(ANY_TEXT, max_size=60), st.text(ANY_TEXT, max_size=200))
def test_any_text_is_stored_and_searched(shared: Archive, title: str, body: str) -> None:
    number = shared.stats()["articles"]
    one = article(number, title=title, body=body, authors=(title,), provenance={title: body})
    related = (RelatedItem(title=body, list_heading=title, summary=body),)
    for reading in (one, replace(one, body=body + "x", title=title + "y", related=related)):
        saved = shared.write(Batch(articles=(reading,)))[0]
        row = shared.get(saved.article_id)
        assert [row["title"], row["body"]] == cleaned([reading.title, reading.body])
    for text in (title, body):
        try:
            shared.search(text)
        except UsageError as error:
            # The search has a grammar; what breaks it is told in one line.
            assert "\n" not in str(error)
    shared._db.execute("insert into articles_fts (articles_fts) values ('integrity-check')")


def test_plain_sqlite_reads_all_of_it(archive: Archive, path: Path) -> None:
    archive.write(Batch(articles=(FULL, article(2))))
    assert ask(path, "select rowid from articles_fts where articles_fts match '校园'") == [(1,)]
    sql = "select title from articles_fts f join articles a on a.id = f.rowid"
    sql += " where articles_fts match ?"
    assert ask(path, sql.replace("select title", "select a.title"), '"板桥 桥乡"') == [
        ("板桥乡召开校园安全会议",)
    ]
    assert ask(path, "select role, name from credits where name is null") == [("editor", None)]
    assert ask(path, "select value from articles, json_each(authors)") == [("于新",), ("张继东",)]


def test_a_batch_is_written_whole_or_not_at_all(archive: Archive, path: Path) -> None:
    bad = replace(article(3), url="not an address", site=None)
    with pytest.raises(ArchiveError, match="not an address"):
        archive.write(Batch(articles=(article(1), article(2), bad)))
    assert set(counts(path).values()) == {0}
    assert archive.write(Batch(articles=(article(1),)))[0].article_id == 1


@pytest.mark.parametrize(
    "key",
    [
        1,
        "1",
        FULL.url,
        "HTTP://news.example.cn:80/a/1.html?utm_source=x#top",
        "http://news.example.cn/a/1_2.html",
        "http://m.example.cn/a/1.html",
    ],
)
def test_get_by_id_or_any_address_that_led_there(archive: Archive, key: int | str) -> None:
    twin = Fetch(
        url="http://m.example.cn/a/1.html",
        fetched_at=SEEN,
        http_status=200,
        kind="article",
        article_url=FULL.url,
    )
    archive.write(Batch(articles=(FULL,), fetches=(twin,)))
    assert archive.get(key)["id"] == 1


@pytest.mark.parametrize(
    "key",
    [0, 2, -1, 10**30, "", "x", "http://a.cn/", "\ud800", "a\0b", "²", "http://[", "file:///etc"],
)
def test_get_of_the_unknown(archive: Archive, key: int | str) -> None:
    archive.write(Batch(articles=(FULL,)))
    with pytest.raises(NotFound):
        archive.get(key)


def test_rows_stream_in_order_and_by_choice(archive: Archive) -> None:
    dates = [SEEN - timedelta(days=n) for n in range(250)]
    archive.write(
        Batch(
            articles=tuple(
                article(n, date_published=day, site=f"s{n % 2}") for n, day in enumerate(dates)
            )
        )
    )
    ids = [row["id"] for row in archive.rows()]
    assert ids == list(range(1, 251))
    assert [row["id"] for row in archive.rows(after=248)] == [249, 250]
    assert {row["site"] for row in archive.rows(site="s1")} == {"s1"}
    march = list(archive.rows(since="2023-12", until="2023-12"))
    assert len(march) == 31
    assert list(archive.rows(status="gone")) == []
    assert len(list(archive.rows(since=SEEN.date(), until=SEEN))) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"since": "yesterday"},
        {"until": "2023-3-1"},
        {"since": "2023-13"},
        {"until": "2023-02-29"},
        {"since": "2023-03-21T25:00"},
        {"status": "dead"},
        {"since": "2023-03-21; drop"},
    ],
    ids=str,
)
def test_choices_that_make_no_sense(archive: Archive, options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        archive.rows(**options)


# --- other processes -------------------------------------------------------------------------


def test_readers_go_on_while_a_batch_is_written(archive: Archive, path: Path) -> None:
    archive.write(Batch(articles=(FULL,)))
    with connection.transaction(archive._db):
        archive._db.execute("update articles set title = 'x'")
        with Archive(path, read_only=True) as reader:
            assert reader.get(1)["title"] == FULL.title
            assert len(reader.search("校园")) == 1
            with pytest.raises(NewsspiderError, match="readonly"):
                reader.write(Batch(articles=(article(2),)))


def test_a_second_writer_waits_then_says_so(
    archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)
    with Archive(path) as second:
        with connection.transaction(archive._db), pytest.raises(ArchiveError, match="locked"):
            second.write(Batch(articles=(FULL,)))
        assert second.write(Batch(articles=(FULL,)))[0].outcome == "new"


def test_damage_is_told_in_one_line(path: Path) -> None:
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=tuple(article(n, body=f"{n}{LONG * 20}") for n in range(60))))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 8192))
    with pytest.raises(ArchiveError) as caught, Archive(path, read_only=True) as archive:
        list(archive.rows())
    assert "\n" not in str(caught.value)


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from sample_articles import article
from newsspider.store import Archive
from newsspider.store.records import Batch
with Archive(sys.argv[1]) as archive:
    for start in range(0, 10**6, 20):
        batch = Batch(articles=tuple(article(n, body=f"共建第{n}号" * 50)
                                     for n in range(start, start + 20)))
        print(archive.write(batch)[-1].article_id, flush=True)
"""


def test_kill_9_loses_no_committed_row(archive: Archive, path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout
        last = [int(writer.stdout.readline()) for _ in range(15)][-1]
        writer.send_signal(signal.SIGKILL)
        told = [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    stored = counts(path)["articles"]
    assert stored >= max([last, *told])
    assert stored % 20 == 0
    assert ask(path, "pragma integrity_check") == [("ok",)]
    sql = "select count(*) from articles_fts where articles_fts match '共建'"
    assert ask(path, sql) == [(stored,)]
    assert (
        archive.write(Batch(articles=(article(0, body="共建第0号" * 50),)))[0].outcome
        == "unchanged"
    )
