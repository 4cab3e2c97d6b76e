"""What the reading room asks of the store, and what it makes of hostile text."""

import json
import random
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from reading_room import fill
from sample_articles import CHINA, article, ask

from newsspider import health
from newsspider.errors import NotFound, UsageError
from newsspider.store import Archive
from newsspider.store.facets import LOOKED_AT
from newsspider.store.records import Batch
from newsspider.store.room import DAYS_SHOWN, Asked, ReadingRoom
from newsspider.web import charts
from newsspider.web.citations import bibtex, gbt7714
from newsspider.web.guard import is_loopback
from newsspider.web.markup import readable, web_address
from newsspider.web.rendering import language_of_text, marked
from newsspider.web.request import LONGEST, decoded, language_of, path_of
from newsspider.web.views import Desk
from newsspider.web.words import MESSAGES

TODAY = date(2024, 6, 1)
DESKS: dict[Path, Desk] = {}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> ReadingRoom:
    path = tmp_path_factory.mktemp("room") / "archive.db"
    fill(path)
    return ReadingRoom(path)


# -- the store ------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", [None, "many.cn", "none.cn"])
def test_a_calendar_counts_what_is_there(room: ReadingRoom, site: str | None) -> None:
    found = room.calendar(TODAY, site=site)
    where = "date_published is not null" + (f" and site = '{site}'" if site else "")
    counted = dict(
        ask(
            room.path,
            "select substr(date_published, 1, 10), count(*) from articles"
            f" where {where} group by 1",
        )
    )
    if not counted:
        assert found == {"days": [], "years": None}
        return
    days = {row["day"]: row["articles"] for row in found["days"]}
    assert len(found["days"]) == len(days) == DAYS_SHOWN
    assert max(days) == max(counted)
    assert days == {day: counted.get(day, 0) for day in days}


def test_a_calendar_leaves_out_what_claims_to_be_of_the_future(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    made = [
        article(n, date_published=datetime(2024, 6, day, 8, tzinfo=CHINA))
        for n, day in enumerate((1, 2, 9), 1)
    ]
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=(*made, article(4, title="ohne Datum"))))
    with ReadingRoom(path) as room:
        assert room.calendar(TODAY)["days"][-1] == {"day": "2024-06-02", "articles": 1}
        shown = [row["id"] for row in room.front(TODAY)["articles"]]
        # What has no date stands where it was first seen.
        assert shown == [2, 1, 4]


def test_an_empty_archive(tmp_path: Path) -> None:
    Archive(tmp_path / "archive.db", create=True).close()
    with ReadingRoom(tmp_path / "archive.db") as room:
        assert room.front(TODAY)["totals"] == {"articles": 0, "edits": 0, "absent": 0}
        assert room.calendar(TODAY) == {"days": [], "years": None}
        assert room.find(Asked(text="共建"))["count"] == 0
        with pytest.raises(NotFound):
            room.portal("a.cn", TODAY)
        with pytest.raises(NotFound):
            room.outlet("x")


def brute(path: Path, **wanted: str) -> list[int]:
    """Return the ids of the articles of these columns, the newest first, by reading them all."""
    rows = ask(
        path,
        "select id, site, source, section, authors, ifnull(date_published, first_seen), body, title"
        " from articles",
    )
    found = []
    for number, site, source, section, authors, moment, body, title in rows:
        facts = {"site": site, "source": source, "section": section, "month": moment[:7]}
        if wanted.get("author", (json.loads(authors) or [""])[0]) not in (*json.loads(authors), ""):
            continue
        if "author" in wanted and wanted["author"] not in json.loads(authors):
            continue
        if wanted.get("text", "") not in f"{title}{body}":
            continue
        if all(facts[name] == value for name, value in wanted.items() if name in facts):
            found.append((moment, number))
    return [number for _, number in sorted(found, reverse=True)]


CHOSEN: dict[str, dict[str, str]] = {
    "text": {"text": "共建"},
    "site": {"site": "many.cn"},
    "source": {"source": "月报"},
    "section": {"section": "简报"},
    "author": {"author": "周一"},
    "text and source": {"text": "共建", "source": "月报"},
    "text and section": {"text": "共建", "section": "简报"},
    "text and author": {"text": "共建", "author": "周一"},
    "author and site": {"author": "周一", "site": "many.cn"},
    "author and source": {"author": "周一", "source": "月报"},
    "text and month": {"text": "共建", "month": "2024-02"},
    "site, section, source": {"site": "many.cn", "section": "简报", "source": "月报"},
    "nothing": {"source": "无"},
}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_choice_finds_what_reading_everything_finds(room: ReadingRoom, name: str) -> None:
    wanted = dict(CHOSEN[name])
    expected = brute(room.path, **wanted)
    month = wanted.pop("month", None)
    options: dict[str, Any] = {**wanted, "since": month, "until": month}
    found = room.find(Asked(**options, limit=1000))
    assert [row["id"] for row in found["articles"]] == expected
    assert found["count"] == len(expected)
    best = room.find(Asked(**options, limit=1000, order="best"))
    assert sorted(row["id"] for row in best["articles"]) == sorted(expected)
    for facet, column in (("site", "site"), ("source", "source"), ("section", "section")):
        for row in found["facets"][facet]:
            more = CHOSEN[name] | {column: row["value"]}
            assert row["articles"] == len(brute(room.path, **more))


def test_pages_go_on_where_the_last_one_ended(room: ReadingRoom) -> None:
    for order in ("newest", "best"):
        whole = room.find(Asked(text="简报", order=order, limit=100))["articles"]
        parts = [
            row
            for offset in range(0, 60, 7)
            for row in room.find(Asked(text="简报", order=order, limit=7, offset=offset))[
                "articles"
            ]
        ]
        assert parts == whole


def test_of_many_hits_the_newest_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    many = LOOKED_AT + 30
    made = [
        article(n, date_published=datetime(2020, 1, 1, tzinfo=CHINA) + timedelta(hours=n))
        for n in random.Random("many").sample(range(1, many + 1), many)
    ]
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=tuple(made)))
    with ReadingRoom(path) as room:
        for text in ("共建", "共", ""):
            found = room.find(Asked(text=text, limit=5))
            assert found["is_more"]
            assert found["count"] == LOOKED_AT or text == "共"
            newest = [f"第{n}号新闻" for n in range(many, many - 5, -1)]
            assert [row["title"] for row in found["articles"]] == newest


@pytest.mark.parametrize(
    "asked", [Asked(order="worst"), Asked(text="("), Asked(since="x"), Asked(status="x")],
    ids=lambda asked: repr(asked)[:40],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(room: ReadingRoom, asked: Asked) -> None:
    with pytest.raises(UsageError):
        room.find(asked)


def test_coverage_shows_a_field_that_vanishes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    made = [
        article(
            n,
            source="江城日报" if n < 20 else None,
            date_published=datetime(2023, 12, 12, tzinfo=CHINA) + timedelta(days=n),
        )
        for n in range(1, 41)
    ]
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=tuple(made)))
    with ReadingRoom(path) as room:
        rows = room.portal("example.cn", TODAY)["coverage"]
    assert [(row["month"], row["articles"], row["fields"]["source"]) for row in rows] == [
        ("2023-12", 19, 100),
        ("2024-01", 21, 0),
    ]


# -- hostile text ---------------------------------------------------------------------------------

HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<img src='http://a.cn/1.png' alt='\"><b>'>", "<script>", "</script>",
         "<a ", "href=javascript:x>", "href='http://a.cn/<img>'>", "<img>", "<svg/onload=x>",
         "&lt;img&gt;", '"', "'", "<", ">", "共建", "<math><mi>", "<!--", "-->", "<table><td>",
         "\u202e", "\x00", "<style>", "</a>", "<img alt='<img src=x>'>", "&quot;",
         "<noscript>", "<template>"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(HTML | st.text())
def test_readable_html_holds_nothing_that_acts(html: str) -> None:
    out = readable(html, "Image")
    if not out.strip():
        return
    for element in lxml.html.fragment_fromstring(out, create_parent="div").iter():
        assert element.tag in {"div", "p", "a", "b", "table", "tbody", "td", "tr"}
        assert set(element.attrib) <= {"href", "rel"}
        assert re.match(r"https?://", element.get("href", "http://"))
    assert readable(out, "Image") == out


@given(st.text(max_size=50), st.integers(0, 50), st.integers(0, 50))
def test_marked_text_is_escaped(text: str, start: int, end: int) -> None:
    out = marked(text, [[min(start, end), max(start, end)]])
    assert isinstance(out, Markup)
    assert not re.search(r"<(?!/?mark>)", out)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_path_query_and_cookie_has_an_answer(text: str) -> None:
    assert len(decoded(text)) <= LONGEST
    assert language_of(text, text, text) in ("en", "zh")
    assert decoded(path_of(text[:100])[1:]) == text[:100].encode("utf-8", "replace").decode()
    assert language_of_text(text, text) == "" or re.fullmatch(
        r"[\w-]+", language_of_text(text, text)
    )


@settings(deadline=None, max_examples=40)
@given(query=st.text(max_size=80), cookie=st.text(max_size=40))
def test_any_query_is_answered(room: ReadingRoom, query: str, cookie: str) -> None:
    desk = DESKS.setdefault(room.path, Desk(room.path))
    for path in ("/search", "/search.json", "/article/2/diff"):
        for asked in (query, f"q={query}", f"old={query}&since={query}"):
            reply = desk.reply(path, asked, {"cookie": cookie, "accept-language": cookie})
            assert reply is not None
            assert reply.status in (200, 400)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.cn/x", "http://a.cn/x"),
        ("HTTPS://a.cn", "HTTPS://a.cn"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.cn/x", None),
        ("http:///x", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, shown: str | None) -> None:
    assert web_address(url) == shown


HOSTS = {"127.0.0.1": True, "localhost": True, "::1": True, "[::1]": True, "127.9.9.9": True,
         "0.0.0.0": False, "::": False, "10.0.0.1": False, "example.org": False}  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_loopback(host: str) -> None:
    assert is_loopback(host) is HOSTS[host]


# -- references, charts, words --------------------------------------------------------------------

REFERENCES = {
    1: "于新, 张继东. 板桥乡召开校园安全会议[EB/OL]. 勘探开发研究院, (2023-03-21)[2024-01-01]. "
    "http://news.example.cn/a/1.html.",
    2: "市场开业[EB/OL]. [2024-01-02]. http://news.example.cn/a/2.html.",
    5: "港口恢复全部航班[EB/OL]. 江城日报, (2024-05-01)[2024-01-01]. http://paper.cn/a/20.html.",
    7: "Ann Lee, Bo Chen, Cy Wu, et al. Ferries run again[EB/OL]. (2024-05-02)[2024-01-01]. "
    "http://paper.cn/en/30.html.",
}


@pytest.mark.parametrize("article_id", REFERENCES)
def test_reference_by_gbt_7714(room: ReadingRoom, article_id: int) -> None:
    assert gbt7714(room.get(article_id)) == REFERENCES[article_id]


def test_reference_for_bibtex(room: ReadingRoom) -> None:
    digest = room.get(1)["body_sha256"]
    assert bibtex(room.get(1)).splitlines() == [
        "@online{examplecn2023-1,",
        "  author = {{于新} and {张继东}},",
        "  title = {{板桥乡召开校园安全会议}},",
        "  organization = {勘探开发研究院},",
        "  date = {2023-03-21},",
        "  url = {http://news.example.cn/a/1.html},",
        "  urldate = {2024-01-01},",
        "  langid = {chinese},",
        f"  note = {{sha256:{digest}}},",
        "}",
    ]


@given(st.text(max_size=60))
def test_no_title_breaks_out_of_a_reference(room: ReadingRoom, title: str) -> None:
    entry = bibtex({**room.get(1), "title": title, "authors": [title]})
    bare = re.sub(r"\\[\\{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert len(entry.splitlines()) == 10
    assert len(gbt7714({**room.get(1), "title": title}).splitlines()) == 1


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_a_calendar_has_a_cell_a_day(counts: list[int]) -> None:
    first = date(2024, 1, 3)
    days = [
        {"day": (first + timedelta(days=n)).isoformat(), "articles": count}
        for n, count in enumerate(counts)
    ]
    svg = charts.heat_map(days, name="<n>", link=lambda day: f"/?{day}&x=", month=str, weekday=str)
    if not days:
        assert svg == ""
        return
    cells = lxml.html.fragment_fromstring(svg).xpath("//rect")
    assert len(cells) == len(days)
    assert [cell.get("class") == "l0" for cell in cells] == [count == 0 for count in counts]
    places = {(cell.get("x"), cell.get("y")) for cell in cells}
    assert len(places) == len(days)


def luminance(color: str) -> float:
    """Return the relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


TEXT_ON = (
    *(("ink", ground) for ground in ("paper", "sheet", "warn", "mark")),
    *(("quiet", ground) for ground in ("paper", "sheet", "warn")),
    *(("link", ground) for ground in ("paper", "sheet", "warn")),
    *(("del-ink", "del"), ("ins-ink", "ins"), ("paper", "link"), ("accent", "paper")),
)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_as_wcag_aa_asks(theme: int) -> None:
    css = (Path(charts.__file__).parent / "static" / "room.css").read_text("utf-8")
    rules = re.findall(r":root[^{]*\{([^}]*)\}", css)
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", rules[theme]))
    colors = {
        k: v if len(v) == 7 else "#" + "".join(2 * c for c in v[1:]) for k, v in colors.items()
    }
    for text, ground in TEXT_ON:
        low, high = sorted((luminance(colors[text]), luminance(colors[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
    # The dark colours stand twice: chosen by the system and by the reader.
    assert rules[1].split() == rules[2].split()


def test_every_alarm_has_words() -> None:
    assert {f"alarm_{name}" for name in health.NAMES} <= MESSAGES.keys()


def test_every_word_is_said_in_both_languages_and_used() -> None:
    folder = Path(charts.__file__).parent
    files = [*folder.rglob("*.html"), *folder.rglob("*.py")]
    text = "\n".join(p.read_text("utf-8") for p in files if p.name != "words.py")
    beginnings = re.findall(r't\("(\w+_)" ~', text)
    for key, said in MESSAGES.items():
        assert all(said)
        assert re.search("[\u4e00-\u9fff]|SQL|JSON|№", said[1]), key
        assert len({frozenset(re.findall(r"\{(\w+)", one)) for one in said}) == 1, key
        is_used = re.search(rf"[\"']{key}[\"']", text) or any(
            key.startswith(name) for name in beginnings
        )
        assert is_used, f"{key} is said nowhere"
