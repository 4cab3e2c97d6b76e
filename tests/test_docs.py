"""The documentation holds: its commands run, its code runs, it names all there is and nothing else.

Every page is followed as a reader would, from the first line to the last, in a folder of its own; the
portal https://news.example.cn/ of the texts is the bundled sample portal. Notes to this test are
HTML comments that a reader does not see:

    <!-- folder: archive, page.html -->   the page starts with an archive, or with a saved page
    <!-- exit 1 -->                       the commands of the next block end so, not with 0
    <!-- refused -->                      the next block is a profile with a mistake
    <!-- no rows -->                      the queries of the next block may find nothing
"""

import ast
import dataclasses
import doctest
import json
import os
import re
import runpy
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
from typing import get_args

import click
import pytest

from newsspider import Archive, __version__, items
from newsspider.cli import COMMANDS, crawl
from newsspider.cli import main as command_line
from newsspider.errors import ProfileError
from newsspider.extensions import COUNTS
from newsspider.extract.roles import LABELS
from newsspider.pipelines import DropItem
from newsspider.profiles import keys, load
from newsspider.sample import SamplePortal
from newsspider.store.records import Outcome

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
PAGES = (*READMES, *sorted(DOCS.rglob("*.md")))
MARKDOWN = (*PAGES, ROOT / "CHANGELOG.md", ROOT / "data" / "README.md")
BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
FOLDER = re.compile(r"^<!-- folder: (.*?) -->$", re.M)
EXAMPLE = "https://news.example.cn"
EXAMPLE_SITE = "example.cn"
INSTALLS = ("pipx install .", "cd newsspider")
"""Commands that are not run: they would install something, or stand in the checkout already."""
READ_BY = ("os.environ.get", "environ.get", "os.environ.pop", "os.getenv", "getenv")
OUTPUT = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
named = pytest.mark.parametrize


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block."""

    language: str
    text: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Session:
    """A folder in which a page is followed, and the portal that it talks about."""

    folder: Path
    programs: Path
    portal: SamplePortal

    @property
    def site(self) -> str:
        return self.portal.base_url.partition("//")[2]

    def real(self, text: str) -> str:
        """Return *text* with the portal in place of the example."""
        text = text.replace(EXAMPLE, self.portal.base_url)
        return text.replace(f"news.{EXAMPLE_SITE}", self.site).replace(EXAMPLE_SITE, self.site)

    def told(self, text: str) -> str:
        """Return *text* with the example in place of the portal."""
        return text.replace(self.portal.base_url, EXAMPLE).replace(self.site, EXAMPLE_SITE)

    def run(self, *command: str) -> tuple[int, str]:
        """Return exit status and what a reader sees, of a command run where the reader stands."""
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


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    assert len(re.findall("^ *```", text, re.M)) == 2 * len(found := list(BLOCK.finditer(text)))
    return [Block(language=m["language"], text=m["text"], note=m["note"] or "") for m in found]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block, its further lines (`> `) included, and its output."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        lines = part.splitlines()
        more = 1
        while more < len(lines) and lines[more].startswith("> "):
            more += 1
        yield "\n".join(line.removeprefix("> ") for line in lines[:more]), "\n".join(lines[more:])


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `newsspider`, `scrapy` and `python` of this environment; crawls do not wait."""
    folder = tmp_path_factory.mktemp("bin")
    no_delay = 'case " $* " in *" --delay "*) ;; " crawl "*) set -- "$@" --delay 0;; esac; '
    starts = {
        "newsspider": no_delay + 'exec {python} -m newsspider "$@"',
        "scrapy": 'if [ "$1" = crawl ]; then set -- "$@" -a delay=0; fi; exec {python} -m scrapy "$@"',
        "python": 'exec {python} "$@"',
    }
    for name, start in starts.items():
        line = start.replace("{python}", shlex.quote(sys.executable))
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, programs: Path
) -> Iterator[Session]:
    """A folder with an archive of the sample portal, crawled on two days."""
    with SamplePortal() as portal:
        folder = tmp_path_factory.mktemp("crawled")
        session = Session(folder=folder, programs=programs, portal=portal)
        for options in ((), ("--revisit", "all")):
            status, output = session.run("newsspider", "crawl", f"{portal.base_url}/", *options)
            assert status == 0, output
            portal.advance()
        yield session


@pytest.fixture
def reader(
    request: pytest.FixtureRequest, tmp_path: Path, programs: Path
) -> Iterator[Session]:
    """The folder that the page, the parameter of the test, starts in."""
    declared = FOLDER.search(request.param.read_text(encoding="utf-8"))
    things = declared[1].split(", ") if declared else []
    assert set(things) <= {"archive", "page.html"}
    if things:
        shared: Session = request.getfixturevalue("crawled")
        if "archive" in things:
            shutil.copytree(shared.folder / "data", tmp_path / "data")
        if "page.html" in things:
            with urllib.request.urlopen(shared.portal.design_url) as answer:
                (tmp_path / "page.html").write_bytes(answer.read())
        yield dataclasses.replace(shared, folder=tmp_path)
    else:
        with SamplePortal() as portal:
            yield Session(folder=tmp_path, programs=programs, portal=portal)


@named(("reader", "page"), [(p, p) for p in PAGES], indirect=["reader"], ids=[p.name for p in PAGES])
def test_page_can_be_followed(reader: Session, page: Path) -> None:
    follow = {
        "console": follow_console,
        "toml": follow_toml,
        "sql": follow_sql,
        "python": follow_python,
    }
    for block in blocks(page):
        if block.language in follow:
            follow[block.language](reader, block)


def follow_console(reader: Session, block: Block) -> None:
    """Run the commands of a block; what the page shows of their output is what they print."""
    expected = re.search(r"\bexit (\d+)", block.note)
    for command, shown in commands(block.text):
        if command.startswith("make "):
            command = made(command.split()[1])
        if not command or command in INSTALLS or "--serve" in command:
            continue
        if command.startswith("sqlite3 ") and not shutil.which("sqlite3"):
            continue
        status, output = reader.run("sh", "-c", reader.real(command))
        assert status == (int(expected[1]) if expected else 0), f"$ {command}\n{output}"
        if shown.strip():
            same = doctest.OutputChecker().check_output(f"{shown}\n", output, OUTPUT)
            assert same, f"$ {command}\nthe page shows\n{shown}\nthe command prints\n{output}"


def made(target: str) -> str:
    """Return the command of newsspider that ends the recipe of a make target, "" without one."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n)*)", makefile, re.M)
    assert recipe, f"the Makefile has no target {target}"
    found = re.findall(r"^\t\$\(BIN\)/(newsspider .*)$", recipe[1], re.M)
    return found[-1] if found else ""


def follow_toml(reader: Session, block: Block) -> None:
    """Write the file that the first line names; read a profile as one."""
    named_file = re.match(r"# (\S+\.toml)\n", block.text)
    path = reader.folder / (named_file[1] if named_file else "sites/unnamed.toml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(reader.real(block.text), encoding="utf-8")
    if block.note == "refused":
        with pytest.raises(ProfileError):
            load(path)
    elif path.parent.name == "sites":
        load(path)
    else:
        tomllib.loads(block.text)
    if not named_file:
        path.unlink()


def follow_sql(reader: Session, block: Block) -> None:
    """Run the statements as the plain shell would; each finds something."""
    db = sqlite3.connect(f"{(reader.folder / 'data/archive.db').as_uri()}?mode=ro", uri=True)
    try:
        for statement in filter(str.strip, re.split(r";\s*$", reader.real(block.text), flags=re.M)):
            rows = db.execute(statement).fetchall()
            assert rows or block.note == "no rows", f"finds nothing: {statement}"
    finally:
        db.close()


def follow_python(reader: Session, block: Block) -> None:
    """Run the code; where it is an interpreter's session, its answers are as shown."""
    code = reader.real(block.text)
    if ">>> " in code:
        script = reader.folder / "session.txt"
        script.write_text(code, encoding="utf-8")
        status, output = reader.run(
            "python", "-m", "doctest", "-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE", script.name
        )
    else:
        status, output = reader.run("python", "-W", "error", "-c", code)
    assert status == 0, f"{block.text}\n{output}"


# -- the pages name everything, and nothing that is not there ----------------------------------------
def tables(page: str, heading: str) -> list[list[str]]:
    """Return the rows, as cells, of every table under *heading* up to the next one of its rank."""
    text = BLOCK.sub("", (DOCS / page).read_text(encoding="utf-8"))
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    assert found, f"{page} has no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    # A line above |---| is a header.
    lines = re.findall(r"^\|(?!---)(.*)\|$(?!\n\|---)", rest[: end.start() if end else None], re.M)
    return [[c.strip() for c in re.split(r"(?<!\\)\|", line)] for line in lines]


def codes(text: str) -> list[str]:
    return [code.replace("\\|", "|") for code in re.findall(r"`([^`]+)`", text)]


def listed(page: str, heading: str) -> list[str]:
    """Return what the first column of the tables under *heading* names."""
    return [name for row in tables(page, heading) for name in codes(row[0])]


def command(name: str) -> click.Command:
    found = command_line.get_command(click.Context(command_line), name)
    assert found is not None
    return found


@named("name", COMMANDS)
def test_options_of_a_command(name: str) -> None:
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    rows = {c.split()[0]: row for row in tables("commands.md", name) for c in codes(row[0])}
    documented = {key for key in rows if key.startswith("-")}
    assert documented == {flag for option in options for flag in option.opts}
    for option in options:
        if option.show_default:
            assert f"`{option.default}`" in rows[option.opts[-1]][-1]
        for choice in option.type.choices if isinstance(option.type, click.Choice) else ():
            assert f"`{choice}`" in " ".join(rows[option.opts[-1]])


def test_commands() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.M)
    assert [heading for heading in headings if heading in COMMANDS] == list(COMMANDS)
    assert [heading for heading in headings if heading[0].islower()] == list(COMMANDS)
    for name in COMMANDS:
        for argument in command(name).params:
            if isinstance(argument, click.Argument):
                assert argument.make_metavar(click.Context(command(name))) in text


def test_exit_statuses() -> None:
    assert sorted(map(int, listed("commands.md", "Exit status"))) == sorted((*crawl.WEIGHT, 2))


def test_environment() -> None:
    """Every variable that the package reads is documented, and no other."""
    read = set()
    for path in (ROOT / "newsspider").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in READ_BY:
                read.add(ast.literal_eval(node.args[0]))
            elif isinstance(node, ast.Subscript) and "environ" in ast.unparse(node.value):
                read.add(ast.literal_eval(node.slice))
            elif isinstance(node, ast.keyword) and node.arg == "envvar":
                read.add(ast.literal_eval(node.value))
    assert set(listed("commands.md", "Environment")) == read


@named("name", ["search", "runs", "stats", "crawl"])
def test_json_keys(name: str, crawled: Session) -> None:
    arguments = {"search": ["共建"], "crawl": [f"{crawled.portal.base_url}/"]}.get(name, [])
    status, output = crawled.run("newsspider", name, *arguments, "--json")
    assert status == 0
    start = output.index("{" if name == "stats" else "[")
    value, _ = json.JSONDecoder().raw_decode(output, start)
    row = value if name == "stats" else value[0]
    # Only a crawl that could not begin has an error.
    assert set(listed("commands.md", f"JSON of {name}")) - {"error"} == row.keys()


def test_counts_of_a_run() -> None:
    drops = {d.__name__ for d in DropItem.__subclasses__() if d.__module__ == "newsspider.pipelines"}
    known = {*COUNTS.values(), *get_args(Outcome), "error", *drops}
    assert set(listed("commands.md", "Counts of a run")) == known


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [v for v in os.environ if v.startswith("NEWSSPIDER_")]:
        monkeypatch.delenv(variable)
    settings = runpy.run_path(str(ROOT / "newsspider" / "settings.py"))
    actual = {name: value for name, value in settings.items() if name.isupper()}
    rows = {codes(row[0])[0]: row for row in tables("settings.md", "Settings") if codes(row[0])}
    assert rows.keys() == actual.keys()
    for name, value in actual.items():
        if not isinstance(value, dict | list):
            shown = str(value).replace(__version__, "VERSION") or "empty"
            assert codes(rows[name][1])[:1] == [shown], name


@named("item", [items.Article, items.Credit, items.Image, items.Breadcrumb, items.RelatedItem])
def test_fields(item: type) -> None:
    fields = [f.name for f in dataclasses.fields(item)]
    rows = [row for row in tables("fields.md", item.__name__) if codes(row[0])]
    assert sorted(name for row in rows for name in codes(row[0])) == sorted(fields)
    for row in rows:
        json.loads(codes(row[-1])[0])


def test_roles() -> None:
    assert set(listed("fields.md", "Roles of a credit")) == set(LABELS)


def test_profile_keys() -> None:
    rows = listed("profiles.md", "Every key")
    urls = {f"urls.{name}" for name in keys.URL_KEYS}
    assert set(rows) == {"name", "fields.NAME", *keys.KEYS} | urls
    text = (DOCS / "profiles.md").read_text(encoding="utf-8")
    fields = re.search(r"^Fields that take selectors:(.*?)\n\n", text, re.M | re.S)
    assert fields
    assert set(codes(fields[1])) == set(keys.FIELDS)


def test_schema(tmp_path: Path) -> None:
    Archive(tmp_path / "a.db", create=True).close()
    db = sqlite3.connect(tmp_path / "a.db")
    names = [name for (name,) in db.execute("select name from sqlite_master where type <> 'index'")]
    text = (DOCS / "archive.md").read_text(encoding="utf-8")
    # Shadow tables of the index and those of SQLite itself are no one's to read.
    own = [n for n in names if not n.startswith(("articles_fts_", "sqlite_", "_sqlite_"))]
    for name in own:
        columns = {column for _, column, *_ in db.execute(f"pragma table_info({name})")}
        assert set(listed("archive.md", name)) == columns, name
    db.close()
    assert set(re.findall(r"^### (\w+)$", text, re.M)) == set(own)


# -- the pages hang together -------------------------------------------------------------------------
def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def links(page: Path) -> list[str]:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    return re.findall(r"\[[^]]*\]\(([^)\s]+)\)", text)


@named("page", MARKDOWN, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if "://" not in link:
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_both_readmes_lead_to_the_same_pages() -> None:
    here, there = (set(links(page)) - {p.name for p in READMES} for page in READMES)
    assert here == there


def test_the_index_leads_to_every_page() -> None:
    assert {p.name for p in DOCS.glob("*.md")} - {"index.md"} <= set(links(DOCS / "index.md"))


@named("page", PAGES, ids=lambda p: p.name)
def test_commands_in_every_block_parse(page: Path) -> None:
    """Also those that are not run: cron lines, and what a text shows in passing."""
    for line in re.findall(r"\bnewsspider ([a-z]+(?: [^\n|;&<>`]*)?)", page.read_text("utf-8")):
        name, *arguments = shlex.split(line, comments=True)
        if name in COMMANDS and arguments and "..." not in line:
            command(name).make_context(name, arguments)
