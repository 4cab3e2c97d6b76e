"""Crawls of a larger simulated portal and of saved real pages; skipped without them."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conftest import ROOT, folder_of, serving

from newsspider import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]


def stored(db: Path) -> dict[str, dict[str, Any]]:
    """Every stored article by the path of its address."""
    with Archive(db, read_only=True) as archive:
        rows = list(archive.rows())
    by_path = {urlsplit(row["url"]).path: row for row in rows}
    assert len(by_path) == len(rows)
    return by_path


def test_a_portal_of_300_articles(newsspider: Run, tmp_path: Path) -> None:
    script = folder_of("NEWSSPIDER_PORTAL") / "portal.py"
    truth_file, db = tmp_path / "truth.json", tmp_path / "a.db"
    options = ("--articles", "300", "--seed", "7", "--manifest", str(truth_file))
    with serving(script, *options) as base:
        done = newsspider("crawl", base + "/", "--db", db, "--delay", "0")
        with urllib.request.urlopen(base + "/__control/stats") as answer:
            stats = json.load(answer)
    assert done.returncode == 0, done.stderr
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    found = stored(db)
    live = {a["url"]: a for a in truth["articles"] if a["status"] == "live"}
    # At least 95 % of what is live, nothing that is no article, nothing twice, nothing forbidden.
    assert len(found.keys() & live.keys()) >= 0.95 * len(live)
    assert found.keys() <= live.keys()
    assert stats["disallowed"] == 0
    assert not stats["ssrf_hits"]
    # GBK pages, whatever they declare, are read right.
    for path, article in live.items():
        if article["encoding"] == "gbk" and path in found:
            assert found[path]["title"] == article["title"]
            assert "�" not in found[path]["body"]


def test_a_crawl_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    """Three kills here; the benchmark takes twenty of 1,000 articles among traps."""
    portal = folder_of("NEWSSPIDER_PORTAL")
    script = ROOT / "benchmarks" / "simulated_portal.py"
    options = ("--seeds", "4", "--articles", "120", "--no-faults", "--kills", "3")
    done = subprocess.run(
        [sys.executable, str(script), "--portal", str(portal), *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"articles compared": 120' in done.stdout


def test_saved_real_pages(newsspider: Run, tmp_path: Path) -> None:
    pages = folder_of("NEWSSPIDER_PAGES")
    script = folder_of("NEWSSPIDER_PORTAL") / "serve_pages.py"
    ids = {
        f"/{name}/{json.loads(line)['id']}.html"
        for name in ("zh-gold", "fundus")
        for line in (pages / name / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    }
    db = tmp_path / "a.db"
    with serving(script, str(pages), "--sets", "zh-gold,fundus") as base:
        done = newsspider("crawl", base + "/", "--db", db, "--delay", "0", timeout_s=240)
    assert done.returncode == 0, done.stderr
    found = stored(db)
    assert found.keys() <= ids
    assert len(found) >= 134
    assert all(row["title"] and row["body"].strip() for row in found.values())
