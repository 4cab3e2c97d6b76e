"""WACZ packages: complete, sound, and found by their index."""

import gzip
import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import article_page
from hypothesis import given
from hypothesis import strategies as st
from raw_site import RawSite
from warcio.archiveiterator import ArchiveIterator

from newsspider.archive.cdxj import in_order, surt, write_index

Run = Callable[..., subprocess.CompletedProcess[str]]
SURTS = {
    "http://www.Example.com/A/b.html?b=2&a=1": "com,example)/a/b.html?a=1&b=2",
    "http://127.0.0.1:8080/a/": "1,0,0,127:8080)/a",
    "https://news.example.cn/": "cn,example,news)/",
    "http://www2.a.com.cn:80/x/index.html?": "cn,com,a)/x/index.html",
    "https://a.cn:443/x": "cn,a)/x",
    "http://a.cn/x%E5%85%B1.html?ID=3&z": "cn,a)/x%e5%85%b1.html?id=3&z",
    "http://a.cn/共.html": "cn,a)/%e5%85%b1.html",
    "http://a.cn/x/?PHPSESSID=0123456789abcdef0123456789abcdef&q=1": "cn,a)/x?q=1",
    "http://a.cn/a//b/../c/": "cn,a)/a/c",
    "http://user@a.cn/x": "cn,a)/x",
    "http://[::1]:80/x": "::1)/x",
    "http://a.cn": "cn,a)/",
}
"""As the package surt 0.3.1 makes them."""


@pytest.mark.parametrize("url", SURTS)
def test_keys_of_addresses(url: str) -> None:
    # Escapes are in capitals in one and not in the other: the key is compared as text.
    assert surt(url).lower() == SURTS[url]


@given(st.text(max_size=40))
def test_every_address_has_a_key_of_ascii(text: str) -> None:
    assert surt(text).isascii() and "\n" not in surt(text) and " " not in surt(text)


@given(st.lists(st.text("ab ", max_size=4), max_size=30), st.integers(1, 5))
def test_lines_come_in_order(lines: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsspider.archive.cdxj.LINES_SORTED", at_once)
        given_lines = [f"{line}\n" for line in lines]
        assert list(in_order(given_lines)) == sorted(given_lines)


def test_an_index_has_an_index() -> None:
    lines = [f"cn,a)/{n:05} 20240506070809 {{}}\n" for n in range(3000)]
    out = io.BytesIO()
    idx = write_index(lines, out, "index.cdx.gz").decode().splitlines()
    assert json.loads(idx[0].removeprefix("!meta 0 "))["format"] == "cdxj-gzip-1.0"
    found = []
    for line in idx[1:]:
        key, moment, place = line.split(" ", 2)
        said = json.loads(place)
        member = out.getvalue()[said["offset"] : said["offset"] + said["length"]]
        assert said["digest"] == f"sha256:{hashlib.sha256(member).hexdigest()}"
        block = gzip.decompress(member).decode()
        assert block.startswith(f"{key} {moment} ")
        found.append(block)
    assert len(found) == 3 and "".join(found) == "".join(lines)


# -- packages --------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> RawSite:
    site = RawSite(tmp_path)
    urls = [f"http://news.example.cn/a/{n}.html" for n in range(4)]
    second = "http://news.example.cn/a/0_2.html"
    site.visit(
        [{urls[0]: article_page("长文"), second: article_page("长文", text="后来")}]
        + [{url: article_page(f"第{n}篇灌区")} for n, url in enumerate(urls[1:], 1)]
    )
    site.visit([{urls[1]: article_page("第1篇改过")}])
    return site


def lines_of(package: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """Yield what the index says, each line checked against the record that it leads to."""
    for line in gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines():
        key, moment, values = line.split(" ", 2)
        said = json.loads(values)
        data = package.read(f"archive/{said['filename']}")
        start = int(said["offset"])
        record = next(ArchiveIterator(io.BytesIO(data[start : start + int(said["length"])])))
        assert record.rec_headers.get_header("WARC-Target-URI") == said["url"]
        assert key == surt(said["url"])
        assert record.rec_headers.get_header("WARC-Date")[:4] == moment[:4]
        yield said


def checked(path: Path) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Return a package whose digests are right and that holds nothing that it does not list."""
    package = zipfile.ZipFile(path)
    described = package.read("datapackage.json")
    digest = json.loads(package.read("datapackage-digest.json"))
    assert digest == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(described).hexdigest()}",
    }
    found = json.loads(described)
    assert (found["profile"], found["wacz_version"]) == ("data-package", "1.1.1")
    for one in found["resources"]:
        data = package.read(one["path"])
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert (one["bytes"], one["name"]) == (len(data), one["path"].rpartition("/")[2])
    listed = {one["path"] for one in found["resources"]}
    assert listed | {"datapackage.json", "datapackage-digest.json"} == set(package.namelist())
    assert all(info.compress_type == zipfile.ZIP_STORED for info in package.infolist())
    return package, found


def pages_of(package: zipfile.ZipFile) -> list[dict[str, str]]:
    head, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
    assert head["format"] == "json-pages-1.0"
    return pages


CHOICES: dict[str, tuple[list[str], list[str], int]] = {
    "whole": ([], ["1", "2", "3", "4"], 6),
    "query": (["--query", "灌区"], ["3", "4"], 2),
    "one article": (["2"], ["2"], 2),
    "of several pages": (["http://news.example.cn/a/0.html"], ["1"], 2),
}


@pytest.mark.parametrize("case", CHOICES)
def test_packages(case: str, site: RawSite, newsspider: Run, tmp_path: Path) -> None:
    arguments, ids, records = CHOICES[case]
    path = tmp_path / "out.wacz"
    done = newsspider("export", "--format", "wacz", "-o", path, "--db", site.db, *arguments)
    assert done.returncode == 0, done.stderr
    package, _ = checked(path)
    with package:
        found = list(lines_of(package))
        assert len(found) == records
        pages = pages_of(package)
        assert sorted(page["id"] for page in pages) == ids
        moments = {(one["url"]) for one in found}
        assert all(page["url"] in moments for page in pages)
        by_id = {page["id"]: page for page in pages}
        if "2" in by_id:
            # Shown as it was last seen.
            assert by_id["2"]["title"] == "第1篇改过"
            assert by_id["2"]["ts"].startswith("2024-01-02")
        if "1" in by_id:
            assert by_id["1"]["url"].endswith("/0.html")
        whole = [name for name in package.namelist() if name.startswith("archive/visit")]
        for name in whole:
            assert package.read(name) == (site.warc / name.partition("/")[2]).read_bytes()
        assert bool(whole) == (case == "whole")


def test_a_revisit_comes_with_what_it_refers_to(
    newsspider: Run, tmp_path: Path, loopback: Callable[..., Any]
) -> None:
    pages = {f"/a/{n}.html": article_page(f"第{n}篇") for n in (1, 2)}
    served = loopback({"/": b"<html><a href=/a/1.html>1</a><a href=/a/2.html>2</a>", **pages})
    for _ in range(2):
        crawl = ("crawl", f"{served.url}/", "--delay", "0", "--revisit", "all", "--db", "a.db")
        assert newsspider(*crawl).returncode == 0
    done = newsspider(
        "export", "--format", "wacz", "-o", "x.wacz", "--db", "a.db", f"{served.url}/a/1.html"
    )
    assert done.returncode == 0, done.stderr
    package, _ = checked(tmp_path / "x.wacz")
    with package:
        found = [(one["mime"], one["url"]) for one in lines_of(package)]
        assert found == [
            ("text/html", f"{served.url}/a/1.html"),
            ("warc/revisit", f"{served.url}/a/1.html"),
        ]
        records = [
            (record.rec_type, record.raw_stream.read() and None)
            for record in ArchiveIterator(
                io.BytesIO(package.read("archive/selection.warc.gz")), check_digests="raise"
            )
        ]
    assert records[0][0] == "warcinfo"


def test_what_is_damaged_is_told_and_left_out(
    site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    (site.warc / "visit-2.warc.gz").unlink()
    path = tmp_path / "out.wacz"
    done = newsspider("export", "--format", "wacz", "-o", path, "--db", site.db, "2", "3")
    assert done.returncode == 0
    assert "article 2: " in done.stderr and "visit-2.warc.gz is not there" in done.stderr
    package, _ = checked(path)
    with package:
        assert [page["ts"][:10] for page in pages_of(package)] == ["2024-01-01", "2024-01-01"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ([], 2, "needs -o FILE"),
        (["-o", "x.wacz", "--fields", "id"], 2, "needs -o FILE"),
        (["-o", "x.wacz", "--full"], 2, "--full is for jsonl"),
        (["-o", "x.wacz", "99"], 1, "no article is stored under '99'"),
        (["-o", "x.wacz", "--warc-dir", "nowhere"], 1, "no raw archive at nowhere"),
        (["-o", "x.wacz", "--query", "没有这样的字"], 1, "nothing of this is in the raw archive"),
        (["-o", "nowhere/x.wacz"], 1, "nowhere"),
    ],
    ids=["no file", "fields", "full", "no article", "no raw archive", "no hit", "no folder"],
)
def test_bad_input_is_one_line(
    arguments: list[str], status: int, told: str, site: RawSite, newsspider: Run, tmp_path: Path
) -> None:
    done = newsspider("export", "--format", "wacz", "--db", site.db, *arguments)
    assert (done.returncode, told in done.stderr.splitlines()[-1]) == (status, True), done.stderr
    assert not (tmp_path / "x.wacz").exists()


def test_chosen_articles_in_other_formats(site: RawSite, newsspider: Run) -> None:
    done = newsspider("export", "--db", site.db, "3", "http://news.example.cn/a/0_2.html")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 3]
