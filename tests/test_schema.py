"""The schema: its pages say what it is, older ones are upgraded, views and queries answer."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sample_articles import CHINA, FULL, LATER, LONG, article, plain

from newsspider.store import Archive
from newsspider.store.records import Batch
from newsspider.store.schema import queries_page, schema_page
from newsspider.store.views import QUERIES

ROOT = Path(__file__).parent.parent
SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
DEFINITIONS = "select type, name, sql from sqlite_master where name not like 'sqlite_%'"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "archive.db"
    Archive(path, create=True).close()
    return path


def test_the_pages_are_of_this_schema(fresh: Path) -> None:
    told = "python tools/schema_page.py writes it anew"
    db = plain(fresh)
    assert (ROOT / "docs" / "schema.md").read_text("utf-8") == schema_page(db), told
    assert (ROOT / "docs" / "queries.md").read_text("utf-8") == queries_page(), told
    db.close()


def test_a_column_without_a_meaning_is_noticed(fresh: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:")
    plain(fresh).backup(db)
    db.execute("alter table stories add column mood text")
    with pytest.raises(KeyError, match="mood"):
        schema_page(db)
    db.execute("alter table stories drop column mood")
    db.execute("alter table stories rename column size to number")
    with pytest.raises(KeyError, match="number"):
        schema_page(db)
    db.close()


# --- upgrades -------------------------------------------------------------------------------------


def test_every_released_schema_is_kept() -> None:
    assert [path.stem for path in SCHEMAS] == [f"{n:04}" for n in range(1, len(SCHEMAS) + 1)]
    assert SCHEMAS


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_an_archive_of_an_older_schema_is_upgraded(
    schema: Path, fresh: Path, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    db = sqlite3.connect(path)
    db.executescript(schema.read_text("utf-8"))
    db.close()
    with Archive(path) as archive:
        assert list(archive.verify()) == []
        assert [row["id"] for row in archive.search("更正")] == [2]
        assert archive.get(FULL.url)["title"] == FULL.title
        assert len(archive.history(2)["readings"]) == 2
        archive.write(Batch(articles=(replace(FULL, title="开会了", fetched_at=LATER),)))
        assert [row["id"] for row in archive.search("开会了")] == [1]
        assert list(archive.verify()) == []
    old, new = plain(path), plain(fresh)
    told = f"{schema.name} is not what the migrations make of it (tools/schema_dump.py)"
    assert set(map(tuple, old.execute(DEFINITIONS))) == set(map(tuple, new.execute(DEFINITIONS))), (
        told
    )
    old.close()
    new.close()


def test_the_dump_of_the_current_schema_can_be_made(tmp_path: Path) -> None:
    """The file for a coming release: what the tool writes is an archive."""
    code = f"import sys; sys.path[:0] = [{str(ROOT / 'tools')!r}]; import schema_dump; "
    code += "from pathlib import Path; tests = schema_dump.TESTS; sys.path.insert(0, str(tests)); "
    code += f"schema_dump.TESTS = Path({str(tmp_path)!r}); schema_dump.main()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)
    (made,) = (tmp_path / "schemas").glob("*.sql")
    db = sqlite3.connect(":memory:")
    db.executescript(made.read_text("utf-8"))
    assert db.execute("select count(*) from articles").fetchone() == (3,)
    db.close()


# --- views and queries ----------------------------------------------------------------------------


WHOLE = "暖流涌动在板桥"


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2024, 3, number, hour, tzinfo=CHINA)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("views") / "archive.db"
    beside = replace(FULL.related[0], title="暖流...", url="http://news.example.cn/a/2.html")
    with Archive(path, create=True) as archive:
        archive.write(
            Batch(
                articles=(
                    article(1, date_published=day(1), source="新华社", related=(beside,)),
                    article(
                        2,
                        date_published=day(1, 23),
                        source="新华社",
                        body=LONG,
                        title="暖流涌动在板桥",
                    ),
                    article(3, date_published=day(2), source="本报"),
                    article(4, date_published=day(6)),
                    article(5, url="http://b.cn/5", site="b.cn", date_published=day(3), body=LONG),
                    article(6, date_published=None),
                )
            )
        )
        edited = article(3, date_published=day(2), source="本报", title="新标题")
        archive.write(Batch(articles=(replace(edited, fetched_at=LATER + timedelta(days=99)),)))
    connection = plain(path)
    yield connection
    connection.close()


VIEWS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "articles_per_day": (
        "select site, day, source, articles from articles_per_day order by 1, 2, 3",
        [
            ("b.cn", "2024-03-03", None, 1),
            ("example.cn", "2024-03-01", "新华社", 2),
            ("example.cn", "2024-03-02", "本报", 1),
            ("example.cn", "2024-03-06", None, 1),
        ],
    ),
    "gaps": ("select * from gaps", [("example.cn", "2024-03-02", "2024-03-06", 3)]),
    "reprint_chains": (
        "select article_id, of_id, of_site, likeness from reprint_chains",
        [(5, 2, "example.cn", "exact")],
    ),
    "edits": ("select article_id, revision, fields from edits", [(3, 1, '["title"]')]),
    "recommendations": (
        "select target_id, target_title, article_id, shown_title, title_full from recommendations",
        [(2, WHOLE, 1, "暖流...", None)],
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_view(name: str, db: sqlite3.Connection) -> None:
    sql, wanted = VIEWS[name]
    assert [tuple(row) for row in db.execute(sql)] == wanted


ANSWERS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "search_newest": ({"q": "改革開放"}, [5, 2]),
    "search_best": ({"q": "暖流　涌动"}, [2]),
    "per_day": ({"site": "example.cn"}, ["2024-03-06", "2024-03-02", "2024-03-01"]),
    "gaps": ({}, ["example.cn"]),
    "reprint_chain": ({"id": 5}, [2, 5]),
    "edits": ({"site": "example.cn"}, [3]),
    "recommended_by": ({"id": 2}, [1]),
}


def test_every_query_has_an_answer() -> None:
    assert ANSWERS.keys() == QUERIES.keys()
    for name, query in QUERIES.items():
        assert set(ANSWERS[name][0]) == set(query.parameters)


@pytest.mark.parametrize("name", QUERIES)
def test_query(name: str, db: sqlite3.Connection) -> None:
    values, wanted = ANSWERS[name]
    assert [row[0] for row in db.execute(QUERIES[name].sql, values)] == wanted


SEARCHES = {
    "two words": ("举世 瞩目", [2, 5]),
    "one character": ("革", [2, 5]),
    "a phrase over punctuation": ("以来我们", []),
    "digits beside Han": ("第4段", [4]),
    "half of two": ("举世 暖流", [2]),
    "full width": ("正文第３段", [3]),
    "quotes and operators": ('"举世" AND', []),
    "hostile": ("') or 1=1 --", []),
    "a star": ("举世*", [2, 5]),
    "a young character": ("\U0002b820", []),
}


@pytest.mark.parametrize("case", SEARCHES)
def test_search_in_plain_sql(case: str, db: sqlite3.Connection) -> None:
    text, wanted = SEARCHES[case]
    for name in ("search_newest", "search_best"):
        found = db.execute(QUERIES[name].sql, {"q": text}).fetchall()
        assert sorted(row[0] for row in found) == wanted, name
