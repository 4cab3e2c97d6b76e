"""Crawls of the bundled sample portal over real HTTP: all of it once, nothing foreign."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from newsspider import Archive
from newsspider.sample import SamplePortal
from newsspider.sample.truth import TrueArticle

Run = Callable[..., subprocess.CompletedProcess[str]]


def crawl(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `newsspider crawl` in *folder*."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        [sys.executable, "-m", "newsspider", "crawl", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rows_of(db: Path) -> dict[str, dict[str, Any]]:
    """Every stored article by its address."""
    with Archive(db, read_only=True) as archive:
        return {row["url"]: row for row in archive.rows()}


@dataclass(kw_only=True)
class TwoDays:
    """The sample portal crawled on two days."""

    first: dict[str, TrueArticle] = field(default_factory=dict)
    second: dict[str, TrueArticle] = field(default_factory=dict)
    after_first: dict[str, dict[str, Any]] = field(default_factory=dict)
    after_second: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    runs: list[dict[str, Any]] = field(default_factory=list)
    disallowed_hits: int = 0
    stderr: str = ""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDays]:
    """Crawl the sample portal, let a day pass, crawl it again."""
    folder = tmp_path_factory.mktemp("sample")
    db, seen = folder / "data" / "archive.db", TwoDays()
    with SamplePortal() as portal:
        home = portal.base_url + "/"
        seen.first = {a.url: a for a in portal.truth() if a.status == "live"}
        done = crawl(home, "--delay", "0", folder=folder)
        assert done.returncode == 0, done.stderr
        seen.after_first = rows_of(db)
        changes = portal.advance()
        seen.new, seen.edited, seen.removed = changes.new, changes.edited, changes.removed
        seen.second = {a.url: a for a in portal.truth() if a.status == "live"}
        done = crawl(home, "--delay", "0", "--revisit", "all", "--json", folder=folder)
        assert done.returncode == 0, done.stderr
        seen.runs, seen.stderr = json.loads(done.stdout), done.stderr
        seen.after_second = rows_of(db)
        seen.disallowed_hits = portal.disallowed_hits
    yield seen


def test_every_article_is_stored_exactly_once(days: TwoDays) -> None:
    assert set(days.after_first) == set(days.first)


def test_no_disallowed_address_is_asked_for(days: TwoDays) -> None:
    assert days.disallowed_hits == 0


@pytest.mark.parametrize(
    "name", ["title", "body", "source", "authors", "editors", "section", "language", "page_urls"]
)
def test_fields_are_what_the_pages_state(days: TwoDays, name: str) -> None:
    wrong = {
        url: (stored, stated)
        for url, truth in days.first.items()
        if (stored := days.after_first[url][name])
        != (stated := list(v) if isinstance(v := getattr(truth, name), tuple) else v)
    }
    assert not wrong


def test_dates_are_what_the_pages_print(days: TwoDays) -> None:
    for url, truth in days.first.items():
        row = days.after_first[url]
        wanted = truth.date_published
        if truth.date_published_precision == "day":
            wanted = wanted[:10]
        assert row["date_published"] == wanted, url
        assert row["date_published_precision"] == truth.date_published_precision, url


def test_every_related_list_is_kept(days: TwoDays) -> None:
    for url, truth in days.first.items():
        items = days.after_first[url]["related"]
        for heading in {item.list_heading for item in truth.related}:
            wanted = [
                (i.position, i.title, i.url, i.summary)
                for i in truth.related
                if i.list_heading == heading
            ]
            found = [
                (i["position"], i["title"], i["url"], i["summary"])
                for i in items
                if i["list_heading"] == heading
            ]
            assert found == wanted, (url, heading)


def test_no_foreign_text_in_any_body(days: TwoDays) -> None:
    for url, truth in days.first.items():
        body = days.after_first[url]["body"]
        for item in truth.related:
            if item.title_shown not in truth.body:
                assert item.title_shown not in body, url
            if item.summary and item.summary not in truth.body:
                assert item.summary not in body, url


def test_the_second_day_finds_what_is_new_and_what_was_edited(days: TwoDays) -> None:
    counts = days.runs[0]["counts"]
    assert counts["new"] == len(days.new)
    assert counts["changed"] == len(days.edited)
    assert counts["unchanged"] == len(days.first) - len(days.edited) - len(days.removed)
    assert set(days.after_second) == set(days.first) | set(days.new)
    for url in days.edited:
        assert days.after_second[url]["body"] == days.second[url].body
        assert days.after_second[url]["revision"] == 2
    for url in days.removed:
        assert days.after_second[url]["body"] == days.first[url].body


def test_the_summary_is_one_line(days: TwoDays) -> None:
    lines = days.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("127.0.0.1:")


def test_a_profile_gives_the_same_articles(tmp_path: Path) -> None:
    packaged = (ROOT / "newsspider/profiles/sample.toml").read_text(encoding="utf-8")
    (tmp_path / "sites").mkdir()
    with SamplePortal() as portal:
        moved = packaged.replace("http://127.0.0.1:8900", portal.base_url)
        (tmp_path / "sites/sample.toml").write_text(moved, encoding="utf-8")
        done = crawl("sample", "--delay", "0", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        truth = {a.url: a for a in portal.truth() if a.status == "live"}
    stored = rows_of(tmp_path / "data/archive.db")
    assert set(stored) == set(truth)
    assert {row["site"] for row in stored.values()} == {"sample"}
    assert all(stored[url]["title"] == a.title for url, a in truth.items())
    assert all(stored[url]["body"] == a.body for url, a in truth.items())
    by_profile = [r for r in stored.values() if r["provenance"]["body"].startswith("profile:")]
    assert len(by_profile) == len(stored)


def test_an_article_leads_to_the_whole_portal(tmp_path: Path) -> None:
    with SamplePortal() as portal:
        done = crawl(portal.design_url, "--delay", "0", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        live = {a.url for a in portal.truth() if a.status == "live"}
    assert set(rows_of(tmp_path / "data/archive.db")) == live


def test_scrapy_crawl_runs_the_same(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with SamplePortal() as portal:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "scrapy", "crawl", "portal"),
                *("-a", f"url={portal.base_url}/", "-a", "delay=0", "-s", f"NEWSSPIDER_DB={db}"),
                *("-O", str(tmp_path / "items.jsonl")),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        live = {a.url for a in portal.truth() if a.status == "live"}
    assert set(rows_of(db)) == live
    lines = (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["url"] for line in lines} == live
