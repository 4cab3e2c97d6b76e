"""A simulated portal with every kind of trap: each has its outcome, none costs memory or time."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, folder_of, serving

from newsspider import Archive

# Traps that hold an article, to be kept once; every other trap must leave none.
HOLD_AN_ARTICLE = {
    *(f"/f/{name}.html" for name in ("500-once", "429-once", "reset-once", "session")),
    *(f"/f/{name}.html" for name in ("bad-utf8", "gbk-cut", "nul", "utf16")),
}
# Their pages are whole stories too, whatever else they are there for.
MAY_HOLD_ONE = {"/f/deep.html", "/f/longline.html"}


@dataclass(kw_only=True)
class Trapped:
    """What a crawl of the portal left behind."""

    truth: dict[str, Any]
    stats: dict[str, Any]
    rows: list[dict[str, Any]]
    counts: dict[str, Any]
    peak_mb: float
    stderr: str

    @property
    def paths(self) -> list[str]:
        return [urlsplit(row["url"]).path for row in self.rows]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    """Crawl 200 articles among 80 traps."""
    script = folder_of("NEWSSPIDER_PORTAL") / "portal.py"
    folder = tmp_path_factory.mktemp("traps")
    truth, db = folder / "truth.json", folder / "a.db"
    options = ("--articles", "200", "--seed", "5", "--faults", "--manifest", str(truth))
    measured = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr);"
        "sys.exit(done.returncode)"
    )
    with serving(script, *options) as base:
        done = subprocess.run(
            [
                *(sys.executable, "-c", measured, sys.executable, "-m", "newsspider", "crawl"),
                *(base + "/", "--db", str(db), "--delay", "0", "--json"),
                *("-s", "DOWNLOAD_TIMEOUT=5"),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        with urllib.request.urlopen(base + "/__control/stats") as answer:
            stats = json.load(answer)
    with Archive(db, read_only=True) as archive:
        rows = list(archive.rows())
    yield Trapped(
        truth=json.loads(truth.read_text(encoding="utf-8")),
        stats=stats,
        rows=rows,
        counts=json.loads(done.stdout)[0]["counts"],
        peak_mb=int(done.stderr.strip().splitlines()[-1]) / 1024,
        stderr=done.stderr,
    )


def test_every_live_article_is_there_once(trapped: Trapped) -> None:
    live = {a["url"] for a in trapped.truth["articles"] if a["status"] == "live"}
    ours = [path for path in trapped.paths if not path.startswith("/f/")]
    assert len(ours) == len(set(ours))
    assert set(ours) <= live
    assert len(ours) >= 0.995 * len(live)


def test_nothing_forbidden_is_asked_for(trapped: Trapped) -> None:
    assert trapped.stats["disallowed"] == 0
    assert not trapped.stats["ssrf_hits"]


def test_few_requests_are_wasted(trapped: Trapped) -> None:
    live = sum(a["status"] == "live" for a in trapped.truth["articles"])
    useful = sum(n for kind, n in trapped.stats["requests"].items() if not kind.startswith("trap"))
    assert useful <= 1.6 * live  # 200 articles have as many lists as 1,000


def test_traps_with_an_article_are_kept_once_and_no_other(trapped: Trapped) -> None:
    kept = [path for path in trapped.paths if path.startswith("/f/")]
    assert len(kept) == len(set(kept))
    hostile = {t["url"] for t in trapped.truth["traps"] if t["kind"] == "hostile-text"}
    assert set(kept) >= HOLD_AN_ARTICLE
    assert set(kept) <= HOLD_AN_ARTICLE | hostile | MAY_HOLD_ONE


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("redirect-loop", 40),
        ("calendar", 40),
        ("session-id", 12),
        ("slow", 4),
        ("gzip-bomb", 4),
        ("big-body", 2),
        ("sitemap-loop", 2),
    ],
)
def test_no_trap_holds_the_crawl(trapped: Trapped, kind: str, most: int) -> None:
    assert trapped.stats["requests"].get(f"trap:{kind}", 0) <= most


def test_hostile_text_is_data(trapped: Trapped) -> None:
    rows = {urlsplit(row["url"]).path: row for row in trapped.rows}
    for trap in trapped.truth["traps"]:
        if trap["kind"] == "hostile-text" and trap["url"] in rows:
            html = rows[trap["url"]]["body_html"] or ""
            assert "<script" not in html.lower()
            assert "onerror" not in html.lower()
    assert "\x1b[31m" not in trapped.stderr


def test_xml_traps_give_nothing_away(trapped: Trapped) -> None:
    assert not any("root:" in (row["title"] or "") + row["body"] for row in trapped.rows)


def test_memory_stays_small(trapped: Trapped) -> None:
    assert trapped.peak_mb < 250
