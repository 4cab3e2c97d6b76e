"""The documentation can be followed: its commands and its code run and do what the pages show.

Every page is followed as by a reader, from the first line to the last, in a folder of its own. The
portal https://news.example.cn/ of the pages is the bundled sample portal. Notes to this test are
HTML comments, which a reader does not see:

    <!-- folder: archive, page.html -->   the reader has an archive, or has saved a page
    <!-- exit 1 -->                       the commands of the next block end so, not with 0
    <!-- refused -->                      the next block is a profile with a mistake
    <!-- no rows -->                      the queries of the next block may find nothing
"""

import dataclasses
import doctest
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_pages import PAGES, READMES, ROOT, Block, blocks, commands, listed

from newsspider.errors import ProfileError
from newsspider.profiles import load
from newsspider.sample import SamplePortal

FOLLOWED = [page for page in PAGES if page != READMES[1]]
"""The second README shows what the first does: that is compared, not run again."""
FOLDER = re.compile(r"^<!-- folder: (.*?) -->$", re.M)
EXAMPLE = "https://news.example.cn"
EXAMPLE_SITE = "example.cn"
INSTALLS = ("pipx install .", "pipx install '.[web]'", "pipx install --force '.[web]'")
"""Commands that are not run: they would install something."""
ENDLESS = ("newsspider serve", "--serve")
"""In commands that serve until Ctrl-C; they have tests of their own."""
OUTPUT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PROGRAMS = {
    "newsspider": 'case " $* " in *" --delay "*) ;; " crawl "*) set -- "$@" --delay 0;; esac\n'
    'exec {python} -m newsspider "$@"',
    "scrapy": 'case "$1" in crawl) set -- "$@" -a delay=0;; esac\nexec {python} -m scrapy "$@"',
    "python": 'exec {python} "$@"',
}
"""Programs of this environment on the reader's path; their crawls do not wait."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Someone who follows a page: stands in a folder, has a portal."""

    folder: Path
    programs: Path
    portal: SamplePortal

    @property
    def site(self) -> str:
        return self.portal.base_url.partition("//")[2]

    def real(self, text: str) -> str:
        """Return *text* with the portal in place of the example."""
        return text.replace(EXAMPLE, self.portal.base_url).replace(EXAMPLE_SITE, self.site)

    def told(self, text: str) -> str:
        """Return *text* with the example in place of the portal."""
        return text.replace(self.portal.base_url, EXAMPLE).replace(self.site, EXAMPLE_SITE)

    def run(self, *command: str) -> tuple[int, str]:
        """Run *command* and return its exit status and all that it prints."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
        environment["PATH"] = os.pathsep.join((str(self.programs), environment["PATH"]))
        environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return done.returncode, self.told(done.stdout)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bin")
    for name, script in PROGRAMS.items():
        text = script.replace("{python}", shlex.quote(sys.executable))
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, programs: Path) -> Iterator[Reader]:
    """Someone who has crawled the sample portal on two days."""
    folder = tmp_path_factory.mktemp("crawled")
    with SamplePortal() as portal:
        reader = Reader(folder=folder, programs=programs, portal=portal)
        for revisit in ("due", "all"):
            status, output = reader.run(
                "newsspider", "crawl", f"{portal.base_url}/", "--revisit", revisit
            )
            assert status == 0, output
            portal.advance()
        yield reader


@pytest.fixture
def reader(request: pytest.FixtureRequest, tmp_path: Path, programs: Path) -> Iterator[Reader]:
    """The reader of the page that is the parameter, with what the page takes for granted."""
    declared = FOLDER.search(request.param.read_text(encoding="utf-8"))
    things = set(declared[1].split(", ")) if declared else set()
    assert things <= {"archive", "page.html"}
    if not things:
        with SamplePortal() as portal:
            yield Reader(folder=tmp_path, programs=programs, portal=portal)
        return
    shared: Reader = request.getfixturevalue("crawled")
    if "archive" in things:
        shutil.copytree(shared.folder / "data", tmp_path / "data")
    if "page.html" in things:
        with urllib.request.urlopen(shared.portal.design_url) as answer:
            (tmp_path / "page.html").write_bytes(answer.read())
    yield dataclasses.replace(shared, folder=tmp_path)


@pytest.mark.parametrize(
    ("reader", "page"),
    [(page, page) for page in FOLLOWED],
    indirect=["reader"],
    ids=[page.name for page in FOLLOWED],
)
def test_page_can_be_followed(reader: Reader, page: Path) -> None:
    follow = {
        "console": follow_console,
        "toml": follow_toml,
        "sql": follow_sql,
        "python": follow_python,
    }
    for block in blocks(page):
        if block.language in follow:
            follow[block.language](reader, block)


def follow_console(reader: Reader, block: Block) -> None:
    """Run the commands of *block*; what the page shows of their output is what they print."""
    expected = re.search(r"\bexit (\d+)", block.note)
    for command, shown in commands(block.text):
        if command.startswith("make "):
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert f"\n{command.split()[1]}:" in makefile, command
            continue
        if command in INSTALLS or any(part in command for part in ENDLESS):
            continue
        # The shell of SQLite is no part of Python; the queries of the pages run without it.
        if command.startswith("sqlite3 ") and not shutil.which("sqlite3"):
            continue
        status, output = reader.run("sh", "-c", reader.real(command))
        assert status == (int(expected[1]) if expected else 0), f"$ {command}\n{output}"
        if shown.strip():
            same = doctest.OutputChecker().check_output(shown, output, OUTPUT)
            assert same, f"$ {command}\nthe page shows\n{shown}\nthe command prints\n{output}"


def follow_toml(reader: Reader, block: Block) -> None:
    """Write the file that the first line of *block* names; a profile can be loaded."""
    name = re.match(r"# (\S+\.toml)\n", block.text)
    assert name, f"which file is this?\n{block.text}"
    path = reader.folder / name[1]
    path.parent.mkdir(exist_ok=True)
    path.write_text(reader.real(block.text), encoding="utf-8")
    if block.note == "refused":
        with pytest.raises(ProfileError):
            load(path)
    elif path.parent.name == "sites":
        load(path)
    else:
        tomllib.loads(block.text)


def follow_sql(reader: Reader, block: Block) -> None:
    """Run the statements of *block* without any extension; each finds something."""
    archive = (reader.folder / "data" / "archive.db").as_uri()
    db = sqlite3.connect(f"{archive}?mode=ro", uri=True)
    try:
        for statement in re.split(r";\s*$", reader.real(block.text), flags=re.M):
            rows = db.execute(statement).fetchall() if statement.strip() else ["none to run"]
            assert rows or block.note == "no rows", f"finds nothing: {statement}"
    finally:
        db.close()


def follow_python(reader: Reader, block: Block) -> None:
    """Run the code of *block*; where it is an interpreter's session, the answers are as shown."""
    code = reader.real(block.text)
    if code.startswith(">>> "):
        (reader.folder / "session.txt").write_text(code, encoding="utf-8")
        options = ("-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE")
        status, output = reader.run("python", "-m", "doctest", *options, "session.txt")
    else:
        status, output = reader.run("python", "-W", "error", "-c", code)
    assert status == 0, f"{block.text}\n{output}"


@pytest.mark.parametrize("name", ["crawl", "search", "stats", "runs", "health"])
def test_keys_of_json(name: str, crawled: Reader) -> None:
    crawl = [f"{crawled.portal.base_url}/", "--revisit", "none"]
    arguments = {"search": ["共建"], "crawl": crawl}.get(name, [])
    status, output = crawled.run("newsspider", name, *arguments, "--json")
    assert status == 0, output
    start = output.index("{" if name == "stats" else "[")
    value, _ = json.JSONDecoder().raw_decode(output, start)
    row = value if name == "stats" else value[0]
    # Only a crawl that could not begin has an error.
    assert set(listed("commands.md", f"JSON of {name}")) - {"error"} == row.keys()
