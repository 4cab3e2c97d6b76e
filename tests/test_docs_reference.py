"""The documentation names all there is and nothing else, and its links lead somewhere."""

import ast
import dataclasses
import json
import os
import re
import runpy
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import click
import pytest
from markdown_pages import (
    DOCS,
    PAGES,
    READMES,
    ROOT,
    anchors,
    blocks,
    codes,
    links,
    listed,
    prose,
    tables,
)
from scrapy.exceptions import DropItem

from newsspider import __version__, health, items, notify, pipelines, urls
from newsspider.cli import COMMANDS, config, crawling, fleet, main
from newsspider.extensions import COUNTS
from newsspider.extract.roles import LABELS
from newsspider.plan import Refusal
from newsspider.profiles import keys
from newsspider.store.records import Outcome

MARKDOWN = (*PAGES, ROOT / "CHANGELOG.md", ROOT / "data" / "README.md")
READERS = ("os.environ.get", "environ.get", "os.getenv", "getenv")
"""Calls that read an environment variable."""
ITEMS = (items.Article, items.Credit, items.Image, items.Breadcrumb, items.RelatedItem)


def command(path: str) -> click.Command:
    found: click.Command | None = main
    for name in path.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name)
    assert found is not None
    return found


def paths() -> Iterator[str]:
    """Every command, those of a group one by one."""
    for name in COMMANDS:
        found = command(name)
        if isinstance(found, click.Group):
            yield from (f"{name} {inner}" for inner in found.commands)
        else:
            yield name


@pytest.mark.parametrize("name", list(paths()))
def test_options_of_a_command(name: str) -> None:
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    rows = {code.split()[0]: row for row in tables("commands.md", name) for code in codes(row[0])}
    documented = {flag for flag in rows if flag.startswith("-")}
    assert documented == {flag for option in options for flag in option.opts}
    for option in options:
        row = rows[option.opts[-1]]
        if option.show_default:
            assert codes(row[-1]) == [str(option.default)]
        if isinstance(option.type, click.Choice):
            assert set(option.type.choices) <= set(codes(row[1]))


def test_commands() -> None:
    headings = re.findall(r"^## (.*)$", prose(DOCS / "commands.md"), re.M)
    assert [heading for heading in headings if heading.islower()] == list(paths())


@pytest.mark.parametrize("name", list(paths()))
def test_arguments_of_a_command(name: str) -> None:
    arguments = [
        parameter.make_metavar(click.Context(command(name)))
        for parameter in command(name).params
        if isinstance(parameter, click.Argument)
    ]
    usage = " ".join(("newsspider", name, *arguments))
    assert f"\n    {usage}\n" in prose(DOCS / "commands.md")


def test_exit_statuses() -> None:
    assert {int(s) for s in listed("commands.md", "Exit status")} == {
        *crawling.WEIGHT,
        *fleet.WEIGHT,
    }


def test_keys_of_the_configuration() -> None:
    mail = {f"notify.mail.{'from' if f.name == 'sender' else f.name}" for f in fields(notify.Mail)}
    channels = {f"notify.{name}" for name in notify.Channels.NAMES if name != "mail"}
    known = set(config.KEYS) - {"notify"} | channels | mail
    assert set(listed("commands.md", "The file newsspider.toml")) == known


def test_alarms() -> None:
    assert set(listed("schedule.md", "Alarms")) == set(health.NAMES)


def test_measures() -> None:
    assert set(listed("schedule.md", "Measures of a run")) == set(health.Measures().as_json())


def test_environment() -> None:
    read = set()
    for path in (ROOT / "newsspider").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS:
                read.add(ast.literal_eval(node.args[0]))
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                read.add(ast.literal_eval(node.slice))
            elif isinstance(node, ast.keyword) and node.arg == "envvar":
                read.add(ast.literal_eval(node.value))
    assert set(listed("commands.md", "Environment")) == read


def test_counts_of_a_run() -> None:
    drops = {
        name
        for name, value in vars(pipelines).items()
        if isinstance(value, type) and issubclass(value, DropItem) and value is not DropItem
    }
    known = {*COUNTS.values(), *get_args(Outcome), *drops, *get_args(Refusal), "error"}
    assert set(listed("commands.md", "Counts of a run")) == known


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("NEWSSPIDER_")]:
        monkeypatch.delenv(variable)
    module = runpy.run_path(str(ROOT / "newsspider" / "settings.py"))
    settings = {name: value for name, value in module.items() if name.isupper()}
    rows = {codes(row[0])[0]: row for row in tables("settings.md", "Settings")}
    assert rows.keys() == settings.keys()
    for name, value in settings.items():
        if not isinstance(value, dict | list):
            shown = str(value).replace(__version__, "VERSION")
            assert rows[name][1].startswith(f"`{shown}`" if shown else "empty"), name


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.__name__)
def test_fields(item: type) -> None:
    rows = tables("fields.md", item.__name__)
    documented = [name for row in rows for name in codes(row[0])]
    assert sorted(documented) == sorted(f.name for f in dataclasses.fields(item))
    for row in rows:
        assert json.dumps(json.loads(codes(row[-1])[0]), ensure_ascii=False) == codes(row[-1])[0]


def test_roles() -> None:
    assert set(listed("fields.md", "Roles of a credit")) == set(LABELS)


def test_profile_keys() -> None:
    patterns = {f"urls.{name}" for name in keys.URL_KEYS}
    assert set(listed("profiles.md", "Every key")) == {"name", "fields.NAME", *keys.KEYS} | patterns
    fields = re.search(
        r"^Fields that take selectors:(.*?)\n\n", prose(DOCS / "profiles.md"), re.M | re.S
    )
    assert fields
    assert codes(fields[1]) == list(keys.FIELDS)


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if "://" not in link:
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_both_readmes_show_the_same_and_lead_to_the_same_pages() -> None:
    here, there = (set(links(page)) - {p.name for p in READMES} for page in READMES)
    assert here == there
    assert blocks(READMES[0]) == blocks(READMES[1])


def test_the_index_leads_to_every_page() -> None:
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= set(links(DOCS / "index.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_passing_can_be_given(page: Path) -> None:
    """Cron lines and what a text mentions are not run, but they are understood."""
    text = page.read_text(encoding="utf-8")
    for name, line in re.findall(r"(?<!from )\bnewsspider ([a-z]+) ([^\n|;&<>`]*)", text):
        if name in COMMANDS and "..." not in line and (arguments := shlex.split(line)):
            command(name).make_context(name, arguments)


def test_rules_of_addresses() -> None:
    page = prose(DOCS / "addresses.md")
    ambiguous = page.partition("a word of sharing")[2].partition("\n## ")[0].partition("):")[2]
    tracking = page.partition("whatever their value:")[2].partition("These carry")[0]
    beginnings = page.partition("that begin so are dropped:")[2].partition("And these")[0]
    assert set(codes(ambiguous)) == urls.AMBIGUOUS_PARAMETERS
    assert set(codes(tracking)) == urls.TRACKING_PARAMETERS - urls.AMBIGUOUS_PARAMETERS
    assert tuple(codes(beginnings)) == urls.TRACKING_PREFIXES
    editions = [line for line in page.splitlines() if line.startswith("- ")]
    assert [set(codes(line)) for line in (editions[1], editions[2], editions[4])] == [
        urls.EDITION_HOSTS,
        urls.EDITION_FOLDERS,
        urls.EDITION_PARAMETERS,
    ]
