"""Export: every field, nothing a spreadsheet runs, a whole file or the old one."""

import csv
import errno
import io
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sample_articles import CHINA, FULL, article

from newsspider.cli import common, main
from newsspider.export import replacing, write_csv, write_jsonl
from newsspider.items import ARTICLE_FIELDS
from newsspider.store import Archive
from newsspider.store.documents import ROW_KEYS as COLUMNS
from newsspider.store.records import Batch

STATE = ("id", "status", "revision", "story_id", "first_seen", "last_seen")


@pytest.fixture
def rows(tmp_path: Path) -> list[dict[str, Any]]:
    with Archive(tmp_path / "archive.db", create=True) as archive:
        archive.write(Batch(articles=(FULL, article(2, title=None))))
        return list(archive.rows())


def lines_of(rows: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def table(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    assert write_csv(lines_of(rows), out, COLUMNS) == len(rows)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_a_line_of_json_is_the_row(rows: list[dict[str, Any]]) -> None:
    out = io.StringIO()
    assert write_jsonl(lines_of(rows), out) == 2
    lines = out.getvalue().splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert "板桥乡" in lines[0]
    assert tuple(json.loads(lines[0])) == COLUMNS == (*STATE, *ARTICLE_FIELDS)


def test_line_separators_of_other_alphabets_split_no_line() -> None:
    row = dict.fromkeys(COLUMNS) | {"body": "a\u2028b\u0085c\nd\r\ne"}
    out = io.StringIO()
    write_jsonl(lines_of([row]), out)
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue())["body"] == row["body"]


def test_a_table_holds_every_field(rows: list[dict[str, Any]]) -> None:
    first, second = table(rows)
    assert tuple(first) == COLUMNS
    assert (first["title"], first["body"], first["id"]) == (FULL.title, FULL.body, "1")
    assert json.loads(first["related"]) == rows[0]["related"]
    assert json.loads(first["provenance"]) == rows[0]["provenance"]
    assert second["title"] == second["authors"] == second["source"] == ""


FORMULAS = {
    "equals": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "return": "\r=1",
    "line": "\n=1",
    "full width": "＝1+1",
}


@pytest.mark.parametrize("case", FORMULAS)
@pytest.mark.parametrize("field", ["title", "body", "source", "url"])
def test_no_cell_is_a_formula(case: str, field: str) -> None:
    row = dict.fromkeys(COLUMNS) | {field: FORMULAS[case]}
    assert table([row])[0][field] == "'" + FORMULAS[case]


@pytest.mark.parametrize("text", ["1=1", "'=1", " 一", '"quoted", and\nlines', "a\r\nb"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    row = dict.fromkeys(COLUMNS) | {"title": text, "confidence": -1.5}
    assert (table([row])[0]["title"], table([row])[0]["confidence"]) == (text, "-1.5")


def test_no_byte_order_mark_and_line_ends_as_the_format_says(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    with replacing(tmp_path / "csv") as out:
        write_csv(lines_of(rows), out, COLUMNS)
    with replacing(tmp_path / "jsonl") as out:
        write_jsonl(lines_of(rows), out)
    assert (tmp_path / "csv").read_bytes().startswith(b"id,status,")
    assert b"last_seen,url" in (tmp_path / "csv").read_bytes().split(b"\r\n")[0]
    assert b"\r" not in (tmp_path / "jsonl").read_bytes()


def test_an_interrupted_export_leaves_the_old_file(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "out" / "all.jsonl"
    target.parent.mkdir()
    target.write_text("old")

    def breaking() -> Iterator[str]:
        yield from lines_of(rows)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), replacing(target) as out:
        write_jsonl(breaking(), out)
    assert target.read_text() == "old"
    assert list(target.parent.iterdir()) == [target]


def test_the_new_file_keeps_place_and_mode(tmp_path: Path) -> None:
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with replacing(link) as out:
        out.write("new")
        assert target.read_text() == "old"
    assert link.is_symlink()
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("new", 0o640)
    mask = os.umask(0o027)
    try:
        with replacing(tmp_path / "b.csv") as out:
            out.write("x")
    finally:
        os.umask(mask)
    assert (tmp_path / "b.csv").stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to_not_replaced() -> None:
    with replacing(Path("/dev/null")) as out:
        out.write("x")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("place", ["missing/all.csv", "file/all.csv"])
def test_no_place_to_write(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"No such file|Not a directory"), replacing(tmp_path / place):
        pass


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    with pytest.raises(OSError, match=r"all\.jsonl") as told, replacing(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert told.value.filename == str(target)
    assert list(tmp_path.iterdir()) == []


# --- what is chosen -----------------------------------------------------------------------------


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, create=True) as archive:
        texts = ("共建", "轮渡", "共建轮渡", "頭髮")
        articles = tuple(
            article(n, body=texts[n % 4], site="a.cn" if n % 2 else "b.cn", date_published=day(n))
            for n in range(1, 241)
        )
        archive.write(Batch(articles=articles))
    return path


def day(number: int) -> datetime:
    return datetime(2024, 1, 1, tzinfo=CHINA) + timedelta(days=number)


def exported(db: Path, *options: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["export", "--db", str(db), *options])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


CHOSEN = {
    "all": ((), range(1, 241)),
    "a query": (("--query", "共建 -轮渡"), range(4, 241, 4)),
    "a traditional query": (("--query", "头发"), range(3, 241, 4)),
    "a query of a site": (("--query", "共建", "--site", "b.cn"), range(2, 241, 2)),
    "a query with a span": (("--query", "共建 since:2024-08-20 until:2024-08"), range(232, 241, 2)),
    "a query and a span": (("--query", "共建", "--since", "2024-08-27"), (240,)),
    "after": (("--after", "237"), (238, 239, 240)),
    "after, of a query": (("--query", "轮渡", "--after", "235"), (237, 238)),
    "after all": (("--after", "999"), ()),
    "a status": (("--status", "gone"), ()),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_what_is_exported(case: str, db: Path) -> None:
    options, wanted = CHOSEN[case]
    assert [row["id"] for row in exported(db, *options)] == list(wanted)


def test_fields(db: Path) -> None:
    options = ("--after", "239", "--fields", "title, id,site,id")
    assert exported(db, *options) == [{"title": "第240号新闻", "id": 240, "site": "b.cn"}]
    result = CliRunner().invoke(
        main, ["export", "--db", str(db), *options, "--format", "csv"], catch_exceptions=False
    )
    assert result.stdout_bytes == "title,id,site\r\n第240号新闻,240,b.cn\r\n".encode()
    assert exported(db, "--full", "--fields", "revisions", "--after", "239") == [{"revisions": []}]


def test_an_export_says_on_a_terminal_how_far_it_is(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "COUNTED_S", 0.0)
    assert CliRunner().invoke(main, ["export", "--db", str(db)]).stderr == ""
    said: list[str] = []
    counter = common.Counter("articles")
    counter.is_shown = True
    monkeypatch.setattr("click.echo", lambda text, **_: said.append(text))
    with counter:
        assert list(counter.counted("ab")) == ["a", "b"]
        counter.left(1, 4)
    assert [text.removeprefix("\r\x1b[K") for text in said] == [
        "1 articles",
        "2 articles",
        "75 % of 4 articles",
        "",
    ]
