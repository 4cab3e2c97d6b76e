"""The server of the reading room: Datasette's own pages, and how `newsspider serve` starts."""

import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reading_room import fill, serving_room
from room_client import Reader, inert, reading

from newsspider.store import Archive
from newsspider.store.records import Raised
from newsspider.store.schema import TABLES
from newsspider.store.views import QUERIES

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with reading(tmp_path_factory.mktemp("room") / "sea?rch #1.db") as opened:
        yield opened


# -- Datasette ------------------------------------------------------------------------------------


def test_the_tables_say_what_they_mean(reader: Reader) -> None:
    got = reader.get("/archive/articles")
    assert TABLES["articles"][0] in got.text
    assert "canonical address, the identity of the article" in got.text
    policy = got.headers["content-security-policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)';", policy)
    assert nonce
    scripts = got.tree.xpath("//script")
    assert {script.get("nonce") for script in scripts} == {nonce[1]}
    assert nonce[1] not in reader.get("/archive/articles").headers["content-security-policy"]


@pytest.mark.parametrize("text", ["校园安全", "共建 -简报", "source:研究院", "(共建", "共建*"])
def test_the_search_box_of_a_table_finds_what_search_finds(reader: Reader, text: str) -> None:
    got = reader.get(f"/archive/articles.json?_search={text}&_size=100&_shape=array")
    with Archive(reader.path, read_only=True) as archive:
        wanted = set() if text == "(共建" else {r["id"] for r in archive.search(text, limit=100)}
    assert {row["id"] for row in got.json} == wanted


def test_sql_can_be_asked_and_nothing_written(reader: Reader) -> None:
    got = reader.get("/archive.json?sql=select count(*) as n from articles&_shape=array")
    assert got.json == [{"n": 52}]
    for sql in ("delete from articles", "attach database 'x' as y", "pragma journal_mode=delete"):
        assert reader.get(f"/archive.json?sql={sql}&_shape=array").status == 400
    for name in QUERIES:
        values = "&".join(f"{p}=1" for p in QUERIES[name].parameters)
        assert reader.get(f"/archive/{name}.json?_shape=array&{values}").status == 200
    assert reader.get("/archive.db").status in (403, 404)
    assert reader.get("/_internal").status in (403, 404)
    assert reader.get("/_memory").status == 404


@pytest.mark.parametrize("path", ["/archive", "/archive/articles", "/archive/edits", "/-/versions"])
def test_pages_of_datasette_carry_no_hostile_script(reader: Reader, path: str) -> None:
    got = reader.get(path)
    assert got.status == 200
    nonce = re.search(r"'nonce-([\w-]+)'", got.headers["content-security-policy"])
    assert nonce
    assert all(script.get("nonce") == nonce[1] for script in got.tree.xpath("//script"))
    for element in got.tree.iter():
        assert not any(name.startswith("on") for name in element.attrib)
        assert not (element.get("href") or "").lower().startswith("javascript:")


# -- the command ----------------------------------------------------------------------------------


def told(done: subprocess.CompletedProcess[str], status: int) -> str:
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_no_archive(newsspider: Run, tmp_path: Path) -> None:
    assert "none.db" in told(newsspider("serve", "--db", "none.db", "--port", "0"), 1)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("create table t (x)")
    db.close()
    assert "no archive" in told(newsspider("serve", "--db", other, "--port", "0"), 1)


def test_a_port_that_is_taken(newsspider: Run, reader: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = newsspider("serve", "--db", reader.path, "--port", str(port))
        assert f"127.0.0.1 port {port}" in told(done, 1)


def test_without_the_extra(tmp_path: Path, reader: Reader) -> None:
    code = (
        "import sys; sys.modules['datasette'] = None; from newsspider.cli import main;"
        f"main(['serve', '--db', {str(reader.path)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "pip install" in told(done, 2)
    assert "'.[web]'" in done.stderr


def test_alarms_in_force_stand_on_the_front_page_and_the_portals(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fill(path)
    raised = Raised(
        name="field_vanished",
        subject="source",
        message="<b>source</b> is in 0 % of the articles",
        urls=("http://news.example.cn/a/1.html", "javascript:alert(1)"),
    )
    with Archive(path) as archive, archive.watching() as watch:
        watch.save_alarms(2, [raised], ends_others=True)
    with serving_room(path) as base:
        room = Reader(base, path)
        for page in ("/", "/portal/example.cn"):
            got = room.get(page)
            assert "A field is missing source: <b>source</b> is in 0 % of the articles" in got.text
            inert(got)
        assert "A field is missing" not in room.get("/portal/many.cn").text
        (alarm,) = room.get("/index.json").json["alarms"]
        assert (alarm["name"], alarm["urls"][1]) == ("field_vanished", "javascript:alert(1)")
