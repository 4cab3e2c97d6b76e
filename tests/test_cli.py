"""The reading commands: what they print, how they fail. Never a traceback."""

import csv
import io
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sample_articles import FULL

from newsspider.cli import COMMANDS, main
from newsspider.cli.common import cells, fitted
from newsspider.items import ARTICLE_FIELDS
from newsspider.store import Archive

Run = Callable[..., Result]
READING = {
    "search": ("search", "共建"),
    "show": ("show", "1"),
    "history": ("history", "1"),
    "diff": ("diff", "1"),
    "verify": ("verify",),
    "backup": ("backup", "copy.db"),
    "export": ("export",),
    "stats": ("stats",),
    "runs": ("runs",),
}
PARAGRAPH = "为深入推进校园安全工作，第{}小学校于近日召开会议，指出要共建平安校园，各部门压实责任。"
PAGE = f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">
<title>板桥乡召开校园安全会议-新闻网</title></head><body><h1>板桥乡召开校园安全会议</h1>
<p>来源:勘探开发研究院 时间:2023-03-21 13:21:05</p>
<div>{"".join(f"<p>　　{PARAGRAPH.format(n)}</p>" for n in range(1, 7))}</div></body></html>"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that calls newsspider in an empty folder; it never lets a bug pass."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("NEWSSPIDER_")]:
        monkeypatch.delenv(name)

    def call(*arguments: str | Path, **options: Any) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in arguments], **options)
        assert "Traceback" not in result.output
        assert "a bug" not in result.output
        return result

    return call


def told(result: Result, status: int) -> str:
    """Check that *result* is a failure told in one line on stderr, and return that line."""
    assert result.exit_code == status
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("newsspider: ")
    return lines[0]


# --- what they print ------------------------------------------------------------------------------


def test_help_lists_every_command_and_loads_none(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name, what in COMMANDS.items():
        assert name in result.output
        assert what in result.output
    assert "75" in result.output


@pytest.mark.parametrize("command", [*READING, "extract", "import"])
def test_every_command_explains_itself_with_an_example(command: str, run: Run) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"newsspider {command}" in result.output.partition("Options:")[0].partition("\n")[2]


def test_version(run: Run) -> None:
    from newsspider import __version__

    assert run("--version").output == f"newsspider, version {__version__}\n"


def test_search(run: Run, db: Path) -> None:
    result = run("search", "共建", "--json")
    rows = json.loads(result.stdout)
    assert sorted(row["id"] for row in rows) == [2, 3]
    assert {"id", "url", "title", "site", "date_published", "snippet"} <= rows[0].keys()
    assert "共建" in result.stdout
    assert [
        r["id"] for r in json.loads(run("search", "共建", "--site", "b.cn", "--json").stdout)
    ] == [3]
    assert [r["id"] for r in json.loads(run("search", "校园", "安全", "--json").stdout)] == [1]
    assert run("search", "校园").stdout.splitlines() == [
        "1  2023-03-21T13:21:05+08:00  example.cn  板桥乡召开校园安全会议",
        "    为深入推进校园安全，板桥乡于3月18日开会。 会议指出，A股上涨12点。 (于新 张继东)",
    ]
    assert run("search", "校园", "-安全").stderr == "nothing found\n"
    assert [r["id"] for r in json.loads(run("search", "共建", "-正文", "--json").stdout)] == [3]
    ids = [
        json.loads(run("search", "共建", "--order", order, "--json").stdout)[0]["id"]
        for order in ("best", "newest")
    ]
    assert ids == [3, 3]


def test_search_marks_hits_on_a_terminal(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsspider.cli.common.is_colored", lambda: True)
    assert "\x1b[1m校园\x1b[0m安全会议" in run("search", "校园", color=True).stdout
    hostile = run("search", "红 共建", color=True).stdout
    assert "\x1b[31m" not in hostile
    assert "\x1b[1m红\x1b[0m" in hostile


def test_finding_nothing_is_no_error(run: Run, db: Path) -> None:
    result = run("search", "没有这个词")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing found\n")
    assert json.loads(run("search", "没有这个词", "--json").stdout) == []


def test_show(run: Run, db: Path) -> None:
    text = run("show", "1").stdout
    for value in (
        FULL.title,
        FULL.source,
        FULL.body,
        "大家都爱看",
        "暖流涌动...",
        "(no name)",
        "编辑:",
    ):
        assert value and value in text
    assert text == run("show", FULL.url).stdout
    row = json.loads(run("show", "1", "--json").stdout)
    assert set(ARTICLE_FIELDS) | {"id", "status", "revision", "story_id"} <= row.keys()
    assert row["related"][0]["list_heading"] == "大家都爱看"


@pytest.mark.parametrize("command", [("show", "3"), ("search", "共建"), ("stats",)], ids=str)
def test_a_page_cannot_drive_the_terminal(command: tuple[str, ...], run: Run, db: Path) -> None:
    text = run(*command).stdout
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)


def test_stats(run: Run, db: Path) -> None:
    found = json.loads(run("stats", "--json").stdout)
    assert (found["articles"], found["by_site"]) == (3, {"example.cn": 2, "b.cn": 1})
    text = run("stats").stdout
    assert "articles" in text
    assert "b.cn" in text


def test_runs(run: Run, db: Path) -> None:
    (row,) = json.loads(run("runs", "--json").stdout)
    assert (row["site"], row["exit"], row["counts"]) == ("example.cn", 0, {"new": 3})
    assert '{"new": 3}' in run("runs").stdout


def test_export_to_stdout_and_file(run: Run, db: Path, tmp_path: Path) -> None:
    result = run("export")
    rows = [json.loads(line) for line in result.stdout_bytes.decode().splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert json.loads(run("show", "1", "--json").stdout) == rows[0]
    result = run("export", "--format", "csv", "-o", tmp_path / "out.csv", "--site", "b.cn")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("1 articles to ")
    (cells_,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8")))
    assert cells_["source"] == "'=1+1"
    assert run("export", "--status", "gone").stdout == ""


def test_the_environment_names_the_archive(run: Run, db: Path, tmp_path: Path) -> None:
    elsewhere = db.rename(tmp_path / "other.db")
    assert run("show", "1", env={"NEWSSPIDER_DB": str(elsewhere)}).exit_code == 0
    told(run("show", "1"), 1)
    assert run("show", "1", "--db", elsewhere).exit_code == 0


# --- extract ------------------------------------------------------------------------------------


def test_extract_reads_a_file_and_stdin(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    address = "http://news.example.cn/a/1.html"
    result = run("extract", "page.html", "--url", address, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert list(found) == list(ARTICLE_FIELDS)
    assert (found["url"], found["title"]) == (address, "板桥乡召开校园安全会议")
    piped = run("extract", "-", "--url", address, "--json", input=PAGE.encode())
    assert json.loads(piped.stdout) == found
    text = run("extract", "page.html").stdout
    assert "板桥乡召开校园安全会议" in text
    assert "共建平安校园" in text


@pytest.mark.parametrize("data", [b"", b"\0\xff\x80" * 999, bytes(range(256)) * 20, b"{}"], ids=len)
def test_extract_of_no_article(data: bytes, run: Run) -> None:
    result = run("extract", "-", "--json", input=data)
    line = told(result, 1)
    assert line.startswith("newsspider: no article in - (confidence 0.")
    assert json.loads(result.stdout)["confidence"] < 0.5


BAD_EXTRACTS = {
    "missing": (("missing.html",), 1, "missing.html"),
    "folder": ((".",), 1, "directory"),
    "address without contact": (("https://news.example.org/1",), 2, "contact"),
    "unknown profile": (("page.html", "--profile", "nobody"), 2, "nobody"),
    "profile file": (("page.html", "--profile", "none.toml"), 2, "none.toml"),
}


@pytest.mark.parametrize("case", BAD_EXTRACTS)
def test_extract_fails_in_one_line(case: str, run: Run, tmp_path: Path) -> None:
    arguments, status, words = BAD_EXTRACTS[case]
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert words in told(run("extract", *arguments), status)


# --- how they fail ------------------------------------------------------------------------------


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table notes (text)")
    connection.close()


def newer(path: Path) -> None:
    Archive(path, create=True).close()
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 999")
    connection.close()


BAD_ARCHIVES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda path: None, "no archive at"),
    "folder": (lambda path: path.mkdir(), "is a directory"),
    "text": (lambda path: path.write_text("text " * 999), "no SQLite database"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 99), "no SQLite database"),
    "empty": (lambda path: path.touch(), "no archive of newsspider"),
    "foreign": (foreign, "no archive of newsspider"),
    "newer": (newer, "newer newsspider"),
}


@pytest.mark.parametrize("case", BAD_ARCHIVES)
@pytest.mark.parametrize("command", READING)
def test_what_is_no_archive(command: str, case: str, run: Run, tmp_path: Path) -> None:
    make, words = BAD_ARCHIVES[case]
    make(tmp_path / "x.db")
    result = run(*READING[command], "--db", tmp_path / "x.db")
    assert words in told(result, 1)
    assert result.stdout == ""
    assert (tmp_path / "x.db").exists() == (case != "missing")


MISTAKES = {
    "no such command": (("publish",), 2),
    "no such option": (("stats", "--yaml"), 2),
    "no text": (("search",), 2),
    "no limit": (("search", "共建", "--limit", "0"), 2),
    "no such option of search": (("search", "共建", "--yaml"), 2),
    "no order": (("search", "共建", "--order", "worst"), 2),
    "no file to import": (("import",), 2),
    "no number of a reading": (("diff", "1", "eins"), 2),
    "no id to go on after": (("export", "--after", "-1"), 2),
    "no format": (("export", "--format", "xml"), 2),
    "no status": (("export", "--status", "dead"), 2),
    "no command": ((), 2),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_of_usage(case: str, run: Run, db: Path) -> None:
    arguments, status = MISTAKES[case]
    result = run(*arguments)
    assert result.exit_code == status
    assert result.stdout == ""
    assert "Usage: " in result.stderr


REFUSALS = {
    "nothing to search": (("search", "……"), 2, "nothing to search for"),
    "no question": (("search", "共建 (家园"), 2, "nothing closes at character 4"),
    "no query": (("export", "--query", '"共'), 2, "nothing closes at character 1"),
    "no field": (("export", "--fields", "id,titel"), 2, "no field 'titel'"),
    "no fields": (("export", "--fields", ","), 2, "no field"),
    "full table": (("export", "--full", "--format", "csv"), 2, "--full is for jsonl"),
    "no such reading": (("diff", "1", "2"), 1, "no reading 2"),
    "history of nothing": (("history", "99"), 1, "no article"),
    "import of nothing": (("import", "missing.jsonl"), 1, "missing.jsonl"),
    "import of a folder": (("import", "."), 2, "directory"),
    "backup over a folder": (("backup", "."), 1, "no file"),
    "backup into nowhere": (("backup", "missing/x.db"), 1, "missing/x.db"),
    "backup over the archive": (("backup", "data/archive.db", "--force"), 1, "the archive itself"),
    "backup over a file": (("backup", "data/archive.db"), 1, "--force"),
    "no date": (("search", "共建", "--since", "昨天"), 2, "not a date"),
    "no date to export": (("export", "--until", "2023-3"), 2, "not a date"),
    "unknown id": (("show", "99"), 1, "nothing|no article"),
    "huge id": (("show", "9" * 40), 1, "no article"),
    "unknown address": (("show", "http://a.cn/"), 1, "no article"),
    "no folder": (("export", "-o", "missing/x.csv"), 1, "missing"),
    "hostile key": (("show", "\x1b]0;x\x07\udcff"), 1, "no article"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_are_one_line(case: str, run: Run, db: Path) -> None:
    arguments, status, words = REFUSALS[case]
    line = told(run(*arguments), status)
    assert any(word in line for word in words.split("|"))
    assert line.isprintable()


def test_a_bug_is_one_line_unless_asked_for(
    run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = sqlite3.connect(db)
    connection.execute("insert into runs (site, started, counts) values ('a.cn', '2024', '[')")
    connection.commit()
    connection.close()
    result = CliRunner().invoke(main, ["runs"])
    assert result.exit_code == 1
    assert result.stderr.startswith("newsspider: a bug: JSONDecodeError")
    assert "NEWSSPIDER_DEBUG=1" in result.stderr
    monkeypatch.setenv("NEWSSPIDER_DEBUG", "1")
    assert isinstance(CliRunner().invoke(main, ["runs"]).exception, json.JSONDecodeError)


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("共建", 6, "共建  "),
        ("共建家园", 7, "共建家…"),
        ("共建", 3, "共…"),
        ("abc", 2, "a…"),
        ("", 2, "  "),
    ],
)
def test_fitted(text: str, width: int, wanted: str) -> None:
    assert fitted(text, width) == wanted
    assert cells(wanted) == width


def test_a_file_that_is_not_there(run: Run) -> None:
    assert "nowhere.html: No such file or directory" in told(run("extract", "nowhere.html"), 1)
