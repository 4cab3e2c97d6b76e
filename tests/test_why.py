"""`why`: every value of an archive is what its stored bytes give, at the place that is told."""

import gzip
import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import article_page, folder_of
from raw_site import RawSite
from sample_articles import ask

from newsspider.archive.reader import RawArchive
from newsspider.items import ARTICLE_FIELDS
from newsspider.reread import Profiles, Rereader
from newsspider.reread.why import GIVEN, explain
from newsspider.sample import SamplePortal
from newsspider.store import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]
URL = "http://news.example.cn/a/1.html"
PAIRS = 1000


@pytest.fixture
def site(tmp_path: Path) -> RawSite:
    site = RawSite(tmp_path)
    joined = {
        URL: article_page("水库检查"),
        URL[:-5] + "_2.html": article_page(
            "水库检查", text="后来，市水利局又查了一遍灌区的闸门和值班表。"
        ),
    }
    site.visit([joined])
    return site


def explained(db: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every article of *db* with each of its fields that has a value."""
    with Archive(db, read_only=True) as archive, RawArchive(db.parent / "warc") as raw:
        rereader = Rereader(raw, Profiles.in_folders())
        for ids in archive.ids():
            for row, kept in archive.with_answers(ids):
                for found in explain(row, kept, rereader)["fields"]:
                    yield row, found


def check_all(db: Path) -> int:
    count = 0
    for row, found in explained(db):
        count += 1
        name = found["field"]
        told = f"article {row['id']}, {name}: {found}"
        assert found["reads"] == "same", told
        assert all(place["holds"] is not False for place in found["places"]), told
        assert found["places"] or name in (*GIVEN, "language"), told
    return count


def test_every_value_of_the_sample_portal(newsspider: Run, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with SamplePortal() as portal:
        for _ in range(2):
            done = newsspider(
                "crawl", f"{portal.base_url}/", "--delay", "0", "--revisit", "all", "--db", db
            )
            assert done.returncode == 0, done.stderr
            portal.advance()
    told = newsspider("reextract", "--db", db, "--json", "--dry-run")
    report = json.loads(told.stdout)
    assert (report["differs"], report["no_record"]["count"]) == (0, 0), told.stdout
    assert check_all(db) > PAIRS


def test_every_value_of_real_pages(tmp_path: Path) -> None:
    pages = sorted((folder_of("NEWSSPIDER_PAGES") / "zh-gold").glob("*.html.gz"))
    assert pages
    site = RawSite(tmp_path)
    found = {
        f"http://p{number}.example.cn/a/{number}.html": gzip.decompress(path.read_bytes())
        for number, path in enumerate(pages)
    }
    site.visit([{url: body} for url, body in found.items()])
    told = {"same": 0, "differs": 0, "placed": 0, "lost": 0}
    for _, one in explained(site.db):
        told[one["reads"]] += 1
        for place in one["places"]:
            told["lost" if place["holds"] is False else "placed"] += 1
    assert told["differs"] == told["lost"] == 0, told
    assert told["same"] > 20 * len(pages) / 2 and told["placed"] > 10 * len(pages) / 2


def test_of_one_field_and_every_page(site: RawSite, newsspider: Run) -> None:
    done = newsspider("why", "1", "body", "--db", site.db, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [record["page"] for record in found["records"]] == [URL, URL[:-5] + "_2.html"]
    (body,) = found["fields"]
    assert [place["record"] for place in body["places"]] == [
        record["record"] for record in found["records"]
    ]
    assert all(place["holds"] for place in body["places"])
    text = newsspider("why", URL, "--db", site.db).stdout
    assert "title\n  value   水库检查\n  by      h1\n  at      /html/body/div[2]/h1" in text
    assert found["records"][0]["record"] in text


def test_a_value_that_is_not_that_of_the_page_is_told(site: RawSite, newsspider: Run) -> None:
    with closing(sqlite3.connect(site.db)) as db, db:
        db.execute("update articles set title = '改过的标题'")
    done = newsspider("why", "1", "title", "--db", site.db)
    assert done.returncode == 3
    assert "reads   now 水库检查" in done.stdout


def test_a_field_without_a_value(site: RawSite, newsspider: Run) -> None:
    done = newsspider("why", "1", "kicker", "--db", site.db)
    assert (done.returncode, "the article has none" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["1", "headline"], 2, "no field 'headline'"),
        (["7"], 1, "no article is stored under '7'"),
        (["1", "--warc-dir", "nowhere"], 1, "no raw archive at nowhere"),
        (["2"], 1, "the raw archive has no answer of it"),
        (["3"], 1, "visit-3.warc.gz is not there"),
    ],
    ids=["no field", "no article", "no raw archive", "no record", "no file"],
)
def test_bad_input_is_one_line(
    arguments: list[str], status: int, told: str, site: RawSite, newsspider: Run
) -> None:
    site.visit([{"http://news.example.cn/a/2.html": article_page("二")}], is_kept=False)
    site.visit([{"http://news.example.cn/a/3.html": article_page("三")}])
    (site.warc / "visit-3.warc.gz").unlink()
    done = newsspider("why", *arguments, "--db", site.db)
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr


def test_every_field_has_what_gave_it(site: RawSite) -> None:
    names = {found["field"] for _, found in explained(site.db)}
    assert names <= set(ARTICLE_FIELDS)
    assert all(found["by"] for _, found in explained(site.db))
    assert ask(site.db, "select count(*) from articles") == [(1,)]
