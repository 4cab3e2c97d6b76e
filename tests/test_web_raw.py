"""The raw page of an article in the reading room: as it was served, and inert."""

import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

from reading_room import serving_room
from room_client import Reader, inert
from sample_articles import ask

from newsspider.sample import SamplePortal

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_raw_page_is_the_one_that_was_served(newsspider: Run, tmp_path: Path) -> None:
    path = tmp_path / "data" / "archive.db"
    with SamplePortal() as portal:
        url = portal.design_url
        done = newsspider("crawl", url, "--delay", "0", "--max-pages", "1", "--contact", "a@b.cn")
        assert done.returncode == 0, done.stderr
        with urllib.request.urlopen(url) as answer:
            served = answer.read()
    ((article_id,),) = ask(path, "select id from articles where warc_record_id is not null")
    with serving_room(path) as base:
        reader = Reader(base, path)
        assert reader.get(f"/article/{article_id}").tree.xpath('//a[contains(@href, "/raw")]')
        frame = reader.get(f"/article/{article_id}/raw")
        (inner,) = frame.tree.xpath("//iframe")
        assert inner.get("sandbox") == ""
        inner.getparent().remove(inner)
        page = reader.get(inner.get("src"))
        assert page.body == served.decode()
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline';")
        assert "script-src" not in policy
        assert reader.get(f"/article/{article_id}.json").json["raw"]["warc_offset"] >= 0
        for file in (path.parent / "warc").iterdir():
            file.unlink()
        gone = reader.get(f"/article/{article_id}/raw/page")
        assert (gone.status, "is not there" in gone.text) == (404, True)
        inert(gone)
