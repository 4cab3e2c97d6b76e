"""An export goes back into an archive: nothing is lost or written twice, no bad line passes."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_articles import FULL, LATER, LONG, article, ask, counts

from newsspider.cli import main
from newsspider.errors import BadLine
from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch

TABLES = (
    "articles revisions related_items credits images stories reprints absences article_keys"
).split()
NUMBERS = frozenset(("id", "fetch_id"))
"""Columns that count rows of one archive."""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An archive with everything: edits, a rereading, a reprint, an alias, an article that went."""
    path = tmp_path / "a.db"
    second = replace(FULL, title="板桥乡开会", fetched_at=LATER)
    alias = "http://news.example.cn/a/2_all.html"
    with Archive(path, create=True) as archive:
        archive.write(
            Batch(
                articles=(
                    replace(FULL, related=(*FULL.related, replace(FULL.related[0], url=alias))),
                    article(2, title="暖流涌动在板桥", body=LONG, requested_url=alias),
                    article(3, site="b.cn", url="http://b.cn/3", body=LONG, source="新闻网"),
                )
            )
        )
        archive.write(Batch(articles=(second,)))
        archive.write(Batch(articles=(replace(second, source="x", extractor_version="9"),)))
        run = archive.begin_run("example.cn", started=LATER)
        later = LATER + timedelta(days=1)
        fetches = (
            Fetch(url="http://news.example.cn/a/2.html", fetched_at=later, http_status=404),
            Fetch(url="http://news.example.cn/a/4.html", fetched_at=later, http_status=200),
        )
        archive.write(Batch(articles=(article(4, fetched_at=later),), fetches=fetches), run_id=run)
    return path


def run(*arguments: str | Path, **options: Any) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], **options)
    assert "Traceback" not in result.output
    assert "a bug" not in result.output
    return result


def lines_of(db: Path, *options: str) -> list[str]:
    return run("export", "--db", db, *options).stdout_bytes.decode().splitlines()


def rows_of(db: Path, table: str) -> list[dict[str, Any]]:
    names = [name for _, name, *_ in ask(db, f"pragma table_info({table})")]
    rows = [dict(zip(names, row, strict=True)) for row in ask(db, f"select * from {table}")]
    if table not in ("articles", "article_keys"):
        rows = [{k: v for k, v in row.items() if k not in NUMBERS} for row in rows]
    return sorted(rows, key=repr)


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_a_full_export_restores_everything(db: Path, tmp_path: Path, backwards: bool) -> None:
    lines = lines_of(db, "--full")
    text = "\n".join(reversed(lines) if backwards else lines)
    result = run("import", "-", "--db", tmp_path / "b.db", input=text.encode())
    assert result.output == "4 articles imported, 0 known already\n"
    assert counts(db)["revisions"] == 2
    for table in TABLES:
        assert rows_of(tmp_path / "b.db", table) == rows_of(db, table), table
    known = "select url, article_id, kind, next_visit from urls where article_id is not null"
    assert sorted(ask(tmp_path / "b.db", known)) == sorted(ask(db, known))
    assert lines_of(tmp_path / "b.db", "--full") == lines
    assert run("verify", "--db", tmp_path / "b.db").exit_code == 0
    with Archive(tmp_path / "b.db", read_only=True) as archive:
        assert [row["id"] for row in archive.search("暖流涌动")] == [2]
        assert archive.get("http://news.example.cn/a/2_all.html")["id"] == 2
        assert len(archive.history(1)["readings"]) == 3


def test_a_plain_export_restores_the_articles(db: Path, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(lines_of(db)) + "\n\n", encoding="utf-8")
    result = run("import", tmp_path / "x.jsonl", "--db", tmp_path / "b.db", "--json")
    assert json.loads(result.output) == {"new": 4, "known": 0}
    assert lines_of(tmp_path / "b.db") == lines_of(db)
    assert rows_of(tmp_path / "b.db", "stories") == rows_of(db, "stories")


def test_importing_twice_changes_nothing(db: Path, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(lines_of(db, "--full")), encoding="utf-8")
    before = {table: rows_of(db, table) for table in TABLES}
    result = run("import", tmp_path / "x.jsonl", "--db", db)
    assert result.output == "0 articles imported, 4 known already\n"
    assert {table: rows_of(db, table) for table in TABLES} == before


def test_an_import_goes_on_where_it_ended(db: Path, tmp_path: Path) -> None:
    lines = lines_of(db, "--full")
    for text in ("\n".join(lines[:2]), "\n".join(lines)):
        assert run("import", "-", "--db", tmp_path / "b.db", input=text.encode()).exit_code == 0
    for table in TABLES:
        assert rows_of(tmp_path / "b.db", table) == rows_of(db, table), table


def test_an_archive_that_has_other_articles(db: Path, tmp_path: Path) -> None:
    with Archive(tmp_path / "b.db", create=True) as archive:
        others = tuple(article(n, url=f"http://c.cn/{n}", site="c.cn") for n in range(1, 4))
        archive.write(
            Batch(articles=(*others, article(9, url="http://c.cn/9", site="c.cn", body=LONG)))
        )
        result = archive.restore([line.encode() for line in lines_of(db, "--full")])
        assert result == {"new": 4, "known": 0}
        assert [row["title"] for row in archive.rows(site="c.cn")] == [
            "第1号新闻",
            "第2号新闻",
            "第3号新闻",
            "第9号新闻",
        ]
        copy = archive.get("http://b.cn/3")
        assert copy["story_id"] == archive.get("http://c.cn/9")["story_id"]
        assert list(archive.verify()) == []


GOOD = {"url": "http://a.cn/1", "title": "t", "body": "共建", "fetched_at": "2024-01-01T00:00:00Z"}
BAD: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not JSON"),
    "no UTF-8": (b'{"url": "\xff"}', "not JSON"),
    "deep": ("[" * 100_000, "not JSON"),
    "a list": ([1], "not a JSON object"),
    "no url": ({"title": "t"}, "no url"),
    "no body": ({k: v for k, v in GOOD.items() if k != "body"}, "no body"),
    "a strange address": ({**GOOD, "url": "javascript:1"}, "url is no address"),
    "a number for an address": ({**GOOD, "url": 1}, "url is no address"),
    "no time": ({**GOOD, "fetched_at": "yesterday"}, "fetched_at is no ISO 8601 time: 'yesterday'"),
    "an empty time": ({**GOOD, "fetched_at": None}, "no fetched_at"),
    "a number for a time": ({**GOOD, "first_seen": 7}, "first_seen is no ISO 8601 time"),
    "a number for a title": ({**GOOD, "title": 7}, "title is no text"),
    "a text for authors": ({**GOOD, "authors": "于新"}, "authors is no list of texts"),
    "a text for credits": ({**GOOD, "credits": "于新"}, "credits is no list of objects"),
    "a credit without a role": ({**GOOD, "credits": [{"raw": "x"}]}, "credits: role"),
    "an image without an address": ({**GOOD, "images": [{"position": 1}]}, "images: url"),
    "a text for confidence": ({**GOOD, "confidence": "1"}, "confidence is no number"),
    "a list for provenance": ({**GOOD, "provenance": ["x"]}, "provenance is no object"),
    "a text for provenance": ({**GOOD, "provenance": "x"}, "provenance is no object"),
    "a strange status": ({**GOOD, "status": "dead"}, "status is live, gone or moved"),
    "a strange id": ({**GOOD, "id": 0}, "id is no number from 1 on"),
    "a huge id": ({**GOOD, "id": 2**70}, "id is no number from 1 on"),
    "a text of another digest": ({**GOOD, "body_sha256": "0" * 64}, "body_sha256"),
    "a strange revision": ({**GOOD, "revisions": [{"x": 1}]}, "revisions has no 'x'"),
    "an incomplete revision": ({**GOOD, "revisions": [{"revision": 1}]}, "NOT NULL"),
    "a nested value": ({**GOOD, "revisions": [{"revision": [1]}]}, "revisions"),
    "a revision of no JSON": ({**GOOD, "revisions": [{"changes": "x"}]}, "revisions: changes"),
    "a text for revisions": ({**GOOD, "revisions": "x"}, "revisions is no list of objects"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_named_and_nothing_before_it_is_lost(case: str, tmp_path: Path) -> None:
    value, message = BAD[case]
    bad = value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else None
    lines = [
        json.dumps({**GOOD, "url": "http://a.cn/0"}).encode(),
        b"",
        bad or json.dumps(value).encode(),
        json.dumps({**GOOD, "url": "http://a.cn/2"}).encode(),
    ]
    result = run("import", "-", "--db", tmp_path / "a.db", input=b"\n".join(lines))
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("newsspider: line 3: ")
    assert message in line
    assert line.isprintable()
    assert ask(tmp_path / "a.db", "select url from articles") == [("http://a.cn/0",)]
    assert run("verify", "--db", tmp_path / "a.db").exit_code == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    "url title body fetched_at first_seen id story_id revision status authors credits images "
    "related breadcrumbs provenance confidence http_status revisions urls absences "
    "date_published".split()
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_line_is_written_or_named(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.db"
    with Archive(path, create=True) as archive:
        try:
            archive.restore([json.dumps({**GOOD, **values}).encode("utf-8", "surrogatepass")])
        except BadLine as error:
            assert str(error).startswith("line 1: ")
        for row in archive.rows():
            archive.history(row["id"])
        assert list(archive.verify()) == []
    path.unlink()
