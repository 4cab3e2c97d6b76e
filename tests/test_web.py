"""The reading room over HTTP: every page, its JSON, its guard, and an archive full of attacks."""

import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from reading_room import serving_room
from room_client import Reader, inert, reading
from sample_articles import ask

from newsspider.store import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]
HOSTILE_ID = 4
EVIL_SITE = urllib.parse.quote('evil.example"><script>alert(1)</script>', safe="")
EVIL_SOURCE = urllib.parse.quote("../../<script>来源</script>?x=1#y", safe="")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with reading(tmp_path_factory.mktemp("room") / "sea?rch #1.db") as opened:
        yield opened


PAGES = {
    "front": ("/", 200, "52 articles"),
    "front of a year": ("/?year=2023", 200, "2023"),
    "a year without articles": ("/?year=1800", 200, "Newest articles"),
    "search without a question": ("/search", 200, "How to search"),
    "empty question": ("/search?q=", 200, "How to search"),
    "two characters": ("/search?q=共建", 200, "共建"),
    "nothing found": ("/search?q=无此词语", 200, "Nothing was found"),
    "a mistake in the question": ("/search?q=(共建", 400, "a bracket that nothing closes"),
    "no date": ("/search?q=共建&since=gestern", 400, "not a date"),
    "no order": ("/search?q=共建&order=random", 400, "order is best or newest"),
    "no status": ("/search?q=共建&status=odd", 400, "status is live"),
    "gone": ("/search?status=gone", 200, "1 hit"),
    "a day": ("/search?since=2024-05-01&until=2024-05-01", 200, "2 hits"),
    "of a portal": ("/search?site=many.cn", 200, "45 hits"),
    "of a section": ("/search?site=many.cn&section=简报", 200, "30 hits"),
    "of a source": ("/search?source=月报", 200, "23 hits"),
    "of an author": ("/search?author=周一", 200, "9 hits"),
    "of an author of a portal": ("/search?author=周一&site=paper.cn", 200, "Nothing"),
    "of a month": ("/search?q=简报&month=2024-02", 200, "14 hits"),
    "second page": ("/search?site=many.cn&page=2", 200, "Page 2 of 3"),
    "page of nonsense": ("/search?site=many.cn&page=x", 200, "Page 1 of 3"),
    "page beyond": ("/search?site=many.cn&page=9999", 200, "Page 1 of 3"),
    "article": ("/article/1", 200, "板桥乡召开校园安全会议"),
    "article of old": ("/article/3", 200, "Gone from its address between"),
    "no article": ("/article/4711", 404, "no article is stored"),
    "no number": ("/article/x", 404, "Not found"),
    "huge number": ("/article/999999999999999999", 404, "no article"),
    "difference": ("/article/2/diff", 200, "补充一段"),
    "difference of one reading": ("/article/1/diff", 200, "do not differ"),
    "difference of nonsense": ("/article/2/diff?old=99&new=-1", 200, "补充一段"),
    "lookup of nothing": ("/article?url=http://x.example/", 404, "no article"),
    "lookup without address": ("/article", 400, "/article?url=ADDRESS"),
    "portal": ("/portal/many.cn", 200, "45 articles"),
    "no portal": ("/portal/none.example", 404, "nothing is stored of the portal"),
    "outlet": ("/outlet/江城日报", 200, "portal.cn"),
    "no outlet": ("/outlet/无", 404, "no article names the source"),
    "hostile article": (f"/article/{HOSTILE_ID}", 200, "共建"),
    "hostile portal": (f"/portal/{EVIL_SITE}", 200, "1 article"),
    "hostile outlet": (f"/outlet/{EVIL_SOURCE}", 200, "1 article"),
    "hostile search": (f"/search?site={EVIL_SITE}&source={EVIL_SOURCE}", 200, "1 hit"),
    "hostile question": ('/search?q="><script>alert(1)</script>', 400, "quotation mark"),
    "hostile options": ("/search?site=<script>&q=x&order=%00&page=%ff&lang=<", 400, "order"),
    "nowhere": ("/nowhere", 404, "Not found"),
    "odd nowhere": ("/a/b/c/d/e", 404, "Not found"),
    "long": ("/search?q=" + "共" * 3000, 200, "Nothing was found"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page(reader: Reader, name: str) -> None:
    path, status, told = PAGES[name]
    got = reader.get(path)
    assert (got.status, got.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert told in got.text
    inert(got)


def test_headers_of_a_page(reader: Reader) -> None:
    headers = reader.get("/").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "Accept-Language" in headers["vary"]
    assert headers["server"] is None


def test_what_is_hostile_is_shown_as_text(reader: Reader) -> None:
    got = reader.get(f"/article/{HOSTILE_ID}")
    assert '<script>fetch("http://evil.example/")</script>' in got.text
    assert "{{ 7*7 }} {% raw %}" in got.text
    assert "'; drop table articles; --" in got.text
    pictures = got.tree.xpath('//div[@class="body"]//a[@href="http://evil.example/a.png"]')
    assert len(pictures) == 1
    assert not got.tree.xpath('//div[@class="body"]//img')
    assert got.tree.get("lang") == "en"
    assert ask(reader.path, "select count(*) from articles")[0][0] == 52


REFUSED = {
    "post": (405, "POST", {}),
    "put": (405, "PUT", {}),
    "delete": (405, "DELETE", {}),
    "options": (405, "OPTIONS", {}),
    "another name": (421, "GET", {"Host": "evil.example"}),
    "another name with our port": (421, "GET", {"Host": "evil.example:8001"}),
    "our name as a prefix": (421, "GET", {"Host": "127.0.0.1.evil.example"}),
    "no name": (421, "GET", {"Host": ""}),
    "head": (200, "HEAD", {}),
    "localhost": (200, "GET", {"Host": "LOCALHOST:1234"}),
    "ipv6": (200, "GET", {"Host": "[::1]:8001"}),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("path", ["/", "/archive/articles"])
def test_who_may_ask_and_how(reader: Reader, name: str, path: str) -> None:
    status, method, headers = REFUSED[name]
    got = reader.get(path, method=method, **headers)
    assert got.status == status
    assert got.headers["x-content-type-options"] == "nosniff"
    assert not (method == "HEAD" and got.body)


def test_another_name_may_be_allowed(reader: Reader) -> None:
    with serving_room(reader.path, "--allow-host", "news.example.org") as base:
        room = Reader(base, reader.path)
        assert room.get("/", Host="news.example.org").status == 200
        assert room.get("/", Host="News.Example.Org:443").status == 200
        assert room.get("/", Host="127.0.0.1").status == 200
        assert room.get("/", Host="evil.example").status == 421


# -- JSON ----------------------------------------------------------------------------------------


def test_json_of_an_article_is_what_is_stored(reader: Reader) -> None:
    with Archive(reader.path, read_only=True) as archive:
        for article_id in (1, 2, 3, HOSTILE_ID, 6):
            got = reader.get(f"/article/{article_id}.json").json
            assert archive.get(article_id).items() <= got.items()
            history = archive.history(article_id)
            assert (got["readings"], got["absences"]) == (history["readings"], history["absences"])


def test_json_of_a_difference_is_what_is_stored(reader: Reader) -> None:
    with Archive(reader.path, read_only=True) as archive:
        assert archive.diff(2).items() <= reader.get("/article/2/diff.json").json.items()


@pytest.mark.parametrize("order", ["newest", "best"])
@pytest.mark.parametrize("text", ["共建", "简报 -月报", "source:简报社", "since:2024-02 简报"])
def test_json_of_a_search_is_what_is_stored(reader: Reader, text: str, order: str) -> None:
    with Archive(reader.path, read_only=True) as archive:
        rows = archive.search(text, order=order, limit=1000)
    found = []
    for page in range(1, 4):
        got = reader.get(f"/search.json?q={text}&order={order}&page={page}").json
        assert got["found"]["count"] == len(rows)
        found += got["found"]["articles"]
    keys = ("id", "url", "title", "site", "date_published", "snippet", "marks", "title_marks")
    assert [{key: row[key] for key in keys} for row in found] == [
        {key: row[key] for key in keys} for row in rows
    ]


def test_json_of_the_front_page_counts_every_article(reader: Reader) -> None:
    got = reader.get("/index.json").json
    dated = ask(reader.path, "select count(*) from articles where date_published is not null")
    years = range(got["calendar"]["years"][0], got["calendar"]["years"][1] + 1)
    counted = [
        day["articles"]
        for year in years
        for day in reader.get(f"/index.json?year={year}").json["calendar"]["days"]
    ]
    assert sum(counted) == dated[0][0]
    assert len(counted) == sum(366 if year % 4 == 0 else 365 for year in years)
    assert sum(portal["articles"] for portal in got["portals"]) == 52


def test_json_of_a_portal_and_an_outlet(reader: Reader) -> None:
    portal = reader.get("/portal/many.cn.json").json
    assert (portal["site"], portal["articles"]) == ("many.cn", 45)
    assert portal["sections"] == [
        {"value": "简报", "articles": 30, "newest": "2024-02-14T12:00:00+08:00"}
    ]
    assert {row["value"]: row["articles"] for row in portal["sources"]} == {
        "月报": 23,
        "简报社": 22,
    }
    assert [row["month"] for row in portal["coverage"]] == ["2024-01", "2024-02"]
    outlet = reader.get("/outlet/江城日报.json").json
    assert outlet["sites"] == ["paper.cn"]
    assert outlet["reprints"] == [{"of_site": "paper.cn", "site": "portal.cn", "articles": 1}]
    runs = reader.get("/portal/example.cn.json").json["runs"]
    assert [run["counts"] for run in runs] == [{"changed": 1}, {"new": 52}]


def test_errors_in_json(reader: Reader) -> None:
    for path, status in (("/article/99.json", 404), ("/nowhere.json", 404), ("/article.json", 400)):
        got = reader.get(path)
        assert (got.status, list(got.json)) == (status, ["error"])


def test_an_address_leads_to_its_article(reader: Reader) -> None:
    got = reader.get("/article?url=http://news.example.cn/a/1.html%3Futm_source=feed")
    assert (got.status, got.headers["location"]) == (303, "/article/1")


# -- what a reader sees ---------------------------------------------------------------------------


def test_facets_lead_to_as_many_articles_as_they_say(reader: Reader) -> None:
    got = reader.get("/search?q=简报")
    links = got.tree.xpath('//ul[@class="facet"]/li')
    assert len(links) > 6
    for item in links:
        count = int(item.xpath('string(span[@class="n"])').replace(",", ""))
        narrowed = reader.get(urllib.parse.unquote(item.xpath("string(a/@href)")))
        assert f"{count} hits" in narrowed.text
        assert narrowed.tree.xpath('//ul[@class="chosen"]/li')


def test_hits_are_marked(reader: Reader) -> None:
    tree = reader.get("/search?q=共建").tree
    marked = {mark.text for mark in tree.xpath("//mark")}
    assert marked == {"共建"}
    assert len(tree.xpath('//ol[@class="cards"]/li[.//mark]')) == 20


def test_related_items_copies_and_recommenders_lead_into_the_archive(reader: Reader) -> None:
    tree = reader.get("/article/1").tree
    links = tree.xpath('//section[@class="lists"]//a')
    assert [a.get("href") for a in links] == ["/article/2", "/article/2"]
    assert "大家都爱看" in reader.get("/article/1").text
    assert reader.get("/article/2").tree.xpath('//a[@href="/article/1"]')
    copies = reader.get("/article/6").tree.xpath('//table[@class="copies"]//tbody/tr')
    assert [row.xpath("string(td[2]/a)") for row in copies] == ["paper.cn", "portal.cn"]
    assert "word for word" in copies[1].text_content()
    assert "other title" in copies[1].text_content()


def test_a_difference_stands_side_by_side(reader: Reader) -> None:
    tree = reader.get("/article/2/diff").tree
    rows = tree.xpath('//table[@class="diff"]/tbody/tr')
    sides = [[cell.text_content() for cell in row.xpath("td")] for row in rows]
    assert sides == [
        ["今天有三家店开业。", "今天有五家店开业。"],
        ["unchanged paragraphs: 2"],
        ["", "补充一段。"],
    ]
    assert [e.text for e in tree.xpath("//del")] == ["三"]
    assert [e.text for e in tree.xpath("//ins")] == ["五", "补充一段。"]


def test_the_language_is_the_browsers_then_the_one_chosen(reader: Reader) -> None:
    assert "首页" not in reader.get("/nowhere", Accept_Language="en").text
    assert "阅览室" in reader.get("/", Accept_Language="fr, zh-CN;q=0.9, en;q=0.5").text
    got = reader.get("/?lang=zh", Accept_Language="en")
    assert "阅览室" in got.text
    cookie = got.headers["set-cookie"]
    assert re.match(r"lang=zh; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax", cookie)
    assert "阅览室" in reader.get("/", Accept_Language="en", Cookie="lang=zh; x=1").text
    assert reader.get("/?lang=fr").headers["set-cookie"] is None


def test_the_colours_are_remembered(reader: Reader) -> None:
    got = reader.get("/search?q=共建&theme=dark")
    assert got.headers["set-cookie"].startswith("theme=dark;")
    assert got.tree.get("data-theme") == "dark"
    assert reader.get("/", Cookie="theme=dark").tree.get("data-theme") == "dark"
    assert reader.get("/", Cookie="theme=x;;=;\x01").tree.get("data-theme") == "auto"
    # What is remembered is no part of the addresses of the page.
    assert not [link for link in got.tree.xpath("//main//a/@href") if "theme=" in link]


def test_every_page_has_landmarks_labels_and_one_heading(reader: Reader) -> None:
    for path in (
        "/",
        "/search?q=共建",
        "/article/6",
        "/article/2/diff",
        "/portal/many.cn",
        "/outlet/江城日报",
        "/nowhere",
    ):
        tree = reader.get(path).tree
        assert len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1
        assert tree.xpath("//body/*[1]/@href") == ["#content"]
        for control in tree.xpath("//input[@type!='hidden' or not(@type)]|//select"):
            assert control.xpath("ancestor::label") or tree.xpath(
                f"//label[@for='{control.get('id')}']"
            )
        for chart in tree.xpath("//svg[not(@aria-hidden)]"):
            assert chart.get("aria-label")
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        for reference in tree.xpath("//@aria-labelledby"):
            assert reference in ids
