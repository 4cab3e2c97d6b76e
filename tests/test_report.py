"""The report of a month: right numbers, nothing stored is markup in it, nothing is loaded."""

import re
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from newsspider import Archive
from newsspider.report import Report, render
from newsspider.report.words import WORDS

Run = Callable[..., subprocess.CompletedProcess[str]]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
VOID = {"meta", "br", "link"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of three months, with an edit, a takedown and an alarm in the second."""
    path = tmp_path / "a.db"
    Archive(path, create=True).close()
    db = sqlite3.connect(path)
    for number in range(91):
        day = date(2026, 9, 1) + timedelta(days=number)
        for n in range(0 if day == date(2026, 10, 14) else 6):
            url = f"https://news.example.cn/{day}/{n}.html"
            db.execute(
                "insert into articles (url, site, title, section, source, date_published,"
                    " fetched_at, first_seen, last_seen, body_sha256)"
                    " values (?, ?, ?, ?, ?, ?, '2026', '2026', '2026', '')",
                    (url, "bohai" if n else "gezhou", EVIL, f"要闻{EVIL}", f"江城日报{EVIL}",
                     f"{day}T08:00:00+08:00"),
                )  # fmt: skip
    db.execute(
        "insert into revisions (article_id, revision, kind, seen_at, replaced_at, changes, classes,"
        " authors, editors, credits, images, breadcrumbs, keywords, page_urls, confidence,"
        " provenance, body_sha256, body) values (200, 1, 'edit', '2026-10-02', '2026-10-03T08:00',"
        """ '{"title": ["a", "b"]}', '["title"]', '[]', '[]', '[]', '[]', '[]', '[]', '[]', 1,"""
        " '{}', '', '')"
    )
    db.execute(
        "insert into absences (article_id, status, reason, last_seen, first_missing)"
        " values (201, 'gone', '404', '2026-10-09T08:00', '2026-10-12T08:00')"
    )
    db.execute("update articles set url = 'javascript:alert(3)' where id = 201")
    db.execute(
        "insert into runs (site, started, finished, exit) values"
        " ('bohai', '2026-10-03T06:00:00+00:00', '2026-10-03T06:10:00+00:00', 4),"
        " ('bohai', '2026-12-01T06:00:00+00:00', '2026-12-01T06:10:00+00:00', 0),"
        " ('gezhou', '2026-12-01T06:00:00+00:00', '2026-12-01T06:10:00+00:00', 0)"
    )
    db.execute(
        "insert into alarms (site, name, subject, message, first_run, last_run)"
        " values ('bohai', 'field_vanished', 'source', ?, 1, 1)",
        (f"source is gone {EVIL}",),
    )
    db.commit()
    db.close()
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page(archive: Path, newsspider: Run, tmp_path: Path, language: str) -> None:
    done = newsspider(
        *("report", "--month", "2026-10", "-o", "r.html", "--lang", language, "--db", archive)
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "180 articles of 2026-10 to r.html\n",
    )
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not page.open
    # Inert, and complete in itself: no script, no address that is loaded, no style but the hashed.
    assert not {"script", "img", "iframe", "link", "object"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "style"})
    links = [value for name, value in page.attributes if name == "href"]
    assert links
    assert all(link.startswith("https://news.example.cn/") for link in links)
    assert "default-src 'none'; style-src 'sha256-" in text
    assert "url(" not in text
    assert "@import" not in text
    assert "<script>alert(1)</script>" in page.text
    # 30 days of six articles, one day without.
    assert "180" in page.text
    assert text.count('class="gap"') == 1
    assert "404" in page.text
    assert "source is gone" in page.text
    say = {key: both[language == "zh"] for key, both in WORDS.items()}
    for key in ("per_day", "sources", "sections", "edits", "gone", "gaps", "alarms"):
        assert say[key] in page.text


def test_one_site_to_standard_output(archive: Path, newsspider: Run) -> None:
    done = newsspider("report", "--month", "2026-10", "--site", "gezhou", "--db", archive)
    assert done.returncode == 0, done.stderr
    page = Page(done.stdout)
    assert re.search(r"30\s*articles|articles\s*30", page.text)
    assert "source is gone" not in page.text
    done = newsspider("report", "--site", "nobody", "--db", archive)
    assert done.returncode == 1
    assert "nothing is known of the site" in done.stderr


def test_an_empty_month() -> None:
    found: dict[str, Any] = {
        **{name: {} for name in ("days", "sources", "sections", "sites", "edit_classes")},
        **{name: [] for name in ("edits", "gone", "alarms")},
        **{f"{name}_total": 0 for name in ("edits", "gone", "alarms")},
        "runs": 0,
        "failed": 0,
    }
    since, made = date(2026, 2, 1), date(2026, 3, 1)
    report = Report(
        since=since, beyond=made, site=None, found=found, gaps=[], made=made, language="en"
    )
    assert Page(render(report)).text.count("Nothing this month.") == 7
