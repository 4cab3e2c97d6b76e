"""Stories as the store keeps them: copies, who was first, who took from whom; related lists."""

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_articles import LATER, LONG, SEEN, article, ask

from newsspider.items import Article, RelatedItem
from newsspider.store import Archive, stories
from newsspider.store.records import Batch, Fetch, FoundUrl
from newsspider.store.related import is_cut, whole_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive(path, create=True) as opened:
        yield opened


def text(seed: int, count: int = 20) -> list[str]:
    dice = random.Random(seed)
    letters = [chr(code) for code in range(0x4E00, 0x5800)]
    return ["".join(dice.choices(letters, k=dice.randint(14, 30))) + "。" for _ in range(count)]


ONE, TWO = text(1), text(2)


def told(number: int, sentences: list[str], **fields: Any) -> Article:
    """Article *number*, published on that day of 2023 on a site of its own."""
    values = {
        "site": f"site{number}.cn",
        "url": f"http://www.site{number}.cn/{number}.html",
        "body": "\n".join(sentences),
        "date_published": SEEN + timedelta(days=number),
        "date_published_precision": "second",
    }
    return article(number, **{**values, **fields})


def write(archive: Archive, *articles: Article) -> None:
    archive.write(Batch(articles=articles))


def groups(path: Path) -> list[list[int]]:
    """Ids of the articles, by story; the rows of stories agree with them."""
    rows = ask(path, "select story_id, json_group_array(id) from articles group by 1 order by 1")
    found = {int(story): sorted(json.loads(ids)) for story, ids in rows}
    sizes = dict(ask(path, "select story_id, size from stories"))
    firsts = dict(ask(path, "select story_id, first_article_id from stories"))
    assert sizes == {story: len(ids) for story, ids in found.items()}
    assert all(firsts[story] in ids for story, ids in found.items())
    return sorted(found.values())


def taken(path: Path) -> dict[int, tuple[int, str]]:
    rows = ask(path, "select article_id, of_id, basis from reprints")
    return {a: (b, basis) for a, b, basis in rows}


def test_exact_copies_share_a_story(archive: Archive, path: Path) -> None:
    copy = LONG.replace("，", "，\n　　").replace("0", "０")
    write(
        archive,
        article(1, body=LONG),
        article(2, body="".join(TWO)),
        article(3, body=copy, title="转载", site="b.cn"),
        article(4, body="短讯"),
        article(5, body="短讯"),
    )
    assert groups(path) == [[1, 3], [2], [4], [5]]
    assert taken(path) == {3: (1, "earliest")}


HALVES = (told(1, ONE[:10]), told(2, ONE[10:]))


def test_a_text_that_links_two_stories_makes_them_one(archive: Archive, path: Path) -> None:
    write(archive, *HALVES)
    assert groups(path) == [[1], [2]]
    write(archive, told(3, ONE))
    assert groups(path) == [[1, 2, 3]]
    # Nobody earlier than the second half has its text.
    assert taken(path) == {3: (1, "earliest")}


def test_an_edit_may_join_and_part(archive: Archive, path: Path) -> None:
    write(archive, told(1, ONE), told(2, TWO), told(3, ONE))
    assert groups(path) == [[1, 3], [2]]
    write(archive, told(3, TWO, fetched_at=LATER))
    assert groups(path) == [[1], [2, 3]]
    assert taken(path) == {3: (2, "earliest")}
    write(archive, told(3, text(3), fetched_at=LATER))
    assert groups(path) == [[1], [2], [3]]
    assert taken(path) == {}


def test_what_an_edited_text_linked_falls_apart(archive: Archive, path: Path) -> None:
    write(archive, *HALVES, told(3, ONE))
    write(archive, told(3, text(3), fetched_at=LATER))
    assert groups(path) == [[1], [2], [3]]


def test_an_edited_reprint_still_tells_the_story(archive: Archive, path: Path) -> None:
    write(archive, told(1, ONE), told(2, ONE))
    write(archive, told(2, [*ONE[:5], TWO[0], *ONE[6:]], fetched_at=LATER))
    assert groups(path) == [[1, 2]]
    (edits,) = ask(path, "select edits from reprints")[0]
    counts = json.loads(edits)
    assert (counts["sentences_dropped"], counts["sentences_added"]) == (1, 1)


def test_a_better_reading_parts_what_a_wrong_one_joined(archive: Archive, path: Path) -> None:
    write(archive, told(1, ONE), told(2, ONE))
    saved = archive.write(Batch(articles=(told(2, TWO, extractor_version="2", fetched_at=LATER),)))
    assert saved[0].outcome == "reread"
    assert groups(path) == [[1], [2]]


def test_the_earliest_copy_is_the_first_whenever_it_was_found(archive: Archive, path: Path) -> None:
    write(archive, told(5, ONE), told(6, ONE), told(2, ONE))
    sql = "select first_article_id, size from stories"
    assert ask(path, sql) == [(3, 3)]
    assert taken(path) == {1: (3, "earliest"), 2: (3, "earliest")}
    # Its own date was wrong: the others were first.
    write(archive, told(2, ONE, date_published=LATER + timedelta(days=300), fetched_at=LATER))
    assert ask(path, sql) == [(1, 3)]
    assert taken(path) == {2: (1, "earliest"), 3: (1, "earliest")}


def test_undated_copies_count_from_when_they_were_seen(archive: Archive, path: Path) -> None:
    undated = {"date_published": None, "date_published_precision": None}
    write(archive, told(1, ONE, **undated), told(2, ONE, **undated, fetched_at=SEEN - timedelta(1)))
    assert taken(path) == {1: (2, "earliest")}


SOURCES: dict[str, tuple[list[dict[str, Any]], dict[int, tuple[int, str]]]] = {
    "nobody named": ([{}, {}, {}], {2: (1, "earliest"), 3: (1, "earliest")}),
    "same source": (
        [{"source": "甲报"}, {"source": "乙报"}, {"source": "乙报"}],
        {2: (1, "earliest"), 3: (2, "source")},
    ),
    "link to the outlet": (
        [{}, {}, {"source": "乙报", "source_url": "http://www.site2.cn/"}],
        {2: (1, "earliest"), 3: (2, "outlet")},
    ),
    "an unlike article knows the outlet": (
        [
            {},
            {"source": "丙报", "source_url": "http://site2.cn/"},
            {"source": "丙报"},
        ],
        {2: (1, "earliest"), 3: (2, "outlet")},
    ),
    "an outlet's page on the portal itself": (
        [{}, {"site": "site3.cn"}, {"source": "乙报", "source_url": "http://www.site3.cn/yibao"}],
        {2: (1, "earliest"), 3: (1, "earliest")},
    ),
    "named but later": (
        [{"source": "乙报", "source_url": "http://www.site2.cn/"}, {}, {}],
        {2: (1, "earliest"), 3: (1, "earliest")},
    ),
}


@pytest.mark.parametrize("case", SOURCES)
def test_who_took_from_whom(case: str, archive: Archive, path: Path) -> None:
    fields, wanted = SOURCES[case]
    write(archive, *(told(n, ONE, **values) for n, values in enumerate(fields, 1)))
    assert taken(path) == wanted


def test_one_takes_from_a_copy_that_has_what_it_has(archive: Archive, path: Path) -> None:
    half = {"source": "甲报"}
    write(archive, told(1, ONE[:10], **half), told(2, ONE), told(3, ONE[10:], **half))
    assert taken(path)[3] == (2, "earliest")


def test_what_is_on_every_page_of_a_site_joins_nothing(archive: Archive, path: Path) -> None:
    notice = text(99, 8)
    numbers = range(1, 60)
    write(archive, *(told(n, text(100 + n, 12) + notice) for n in numbers))
    assert groups(path) == [[n] for n in numbers]
    short = range(60, 90)
    write(archive, *(told(n, text(200 + n, 6) + notice) for n in short))
    assert all(len(ids) == 1 for ids in groups(path))
    most = ask(path, "select max(n) from (select count(*) n from passages group by hash)")
    assert most[0][0] <= stories.MOST_SHARING


def test_very_many_copies_stay_one_story(archive: Archive, path: Path) -> None:
    count = stories.MOST_SETTLED + 30
    write(archive, *(told(n, [*ONE, f"（本报记者第{n}号）"]) for n in range(1, count + 1)))
    assert groups(path) == [list(range(1, count + 1))]
    assert len(taken(path)) == count - 1
    write(archive, told(7, TWO, fetched_at=LATER))
    assert [len(ids) for ids in groups(path)] == [count - 1, 1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), min_size=1, max_size=14))
def test_stories_say_what_the_texts_say(steps: list[tuple[int, int]]) -> None:
    """Whatever is written over whatever: the stories are those of the texts that are left."""
    with tempfile.TemporaryDirectory() as folder, Archive(f"{folder}/a.db", create=True) as archive:
        current: dict[int, int] = {}
        for place, (number, which) in enumerate(steps):
            made = told(number, text(10 + which), fetched_at=SEEN + timedelta(hours=place))
            archive.write(Batch(articles=(made,)))
            current[number] = which
        rows = archive._db.execute("select url, story_id from articles").fetchall()
        story = {int(row["url"].rpartition("/")[2][:-5]): row["story_id"] for row in rows}
        for one in current:
            for other in current:
                assert (story[one] == story[other]) == (current[one] == current[other])
        bad = archive._db.execute(
            "select 1 from stories s where size <> (select count(*) from articles a"
            " where a.story_id = s.story_id)"
        ).fetchall()
        assert bad == []


def mixed(which: int) -> list[str]:
    """Six texts: 1 is 0 and 2 together, 4 is 3 and 5."""
    parts = {0: (30,), 1: (30, 31), 2: (31,), 3: (32,), 4: (32, 33), 5: (33,)}[which]
    return [sentence for part in parts for sentence in text(part, 12)]


ALIKE = {(0, 1), (1, 2), (3, 4), (4, 5)}


@pytest.mark.parametrize("most_settled", [2, 100])
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5)), min_size=1, max_size=16))
def test_the_books_of_stories_agree(most_settled: int, steps: list[tuple[int, int]]) -> None:
    """Small stories are put in order whole, large ones piece by piece: never against the rows."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        Archive(f"{folder}/a.db", create=True) as archive,
    ):
        patch.setattr(stories, "MOST_SETTLED", most_settled)
        for place, (number, which) in enumerate(steps):
            made = told(number, mixed(which), fetched_at=SEEN + timedelta(hours=place))
            archive.write(Batch(articles=(made,)))
            wrong = archive._db.execute(
                "select s.story_id from stories s join articles f on f.id = s.first_article_id"
                " where s.size <> (select count(*) from articles a where a.story_id = s.story_id)"
                " or f.story_id <> s.story_id"
                " union all select story_id from articles where story_id not in"
                " (select story_id from stories)"
                " union all select c.story_id from reprints r join articles c on c.id = article_id"
                " join articles o on o.id = of_id left join stories s on first_article_id = c.id"
                " where c.story_id <> o.story_id or s.story_id is not null"
                " or c.date_published < o.date_published"
            ).fetchall()
            assert wrong == []


def _is_alike(one: int, other: int) -> bool:
    return one == other or (one, other) in ALIKE or (other, one) in ALIKE


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=10))
def test_stories_are_what_likeness_links(steps: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Archive(f"{folder}/a.db", create=True) as archive:
        current: dict[int, int] = {}
        for place, (number, which) in enumerate(steps):
            made = told(number, mixed(which), fetched_at=SEEN + timedelta(hours=place))
            archive.write(Batch(articles=(made,)))
            current[number] = which
        groups: list[set[int]] = []
        for number, which in current.items():
            linked = [g for g in groups if any(_is_alike(which, current[o]) for o in g)]
            groups = [g for g in groups if g not in linked] + [{number}.union(*linked)]
        rows = archive._db.execute("select url, story_id from articles").fetchall()
        found: dict[int, set[int]] = {}
        for row in rows:
            number = int(row["url"].rpartition("/")[2][:-5])
            found.setdefault(row["story_id"], set()).add(number)
        assert sorted(map(sorted, found.values())) == sorted(map(sorted, groups))


# --- related lists --------------------------------------------------------------------------------


def listed(title: str, url: str) -> RelatedItem:
    return RelatedItem(list_heading="大家都爱看", title=title, url=url)


TARGET = article(2, title="板桥乡召开校园安全工作会议")
SHOWN = "板桥乡召开校园..."
FULL_TITLES = "select title, title_full, target_id from related_items order by id"


def test_related_items_find_their_articles_both_ways(archive: Archive, path: Path) -> None:
    target = replace(article(2), related=(RelatedItem(title="一", url=article(1).url),))
    lists = (
        RelatedItem(title="二", url=target.url),
        RelatedItem(title="手机版", url="http://m.example.cn/2"),
    )
    archive.write(Batch(articles=(replace(article(1), related=lists),)))
    sql = "select article_id, title, target_id from related_items order by id"
    assert ask(path, sql) == [(1, "二", None), (1, "手机版", None)]
    way = Fetch(
        url="http://m.example.cn/2", fetched_at=SEEN, http_status=200, article_url=target.url
    )
    archive.write(Batch(articles=(target,), fetches=(way,)))
    assert ask(path, sql) == [(1, "二", 2), (1, "手机版", 2), (2, "一", 1)]
    assert archive.stats()["related_items_linked"] == 3


def test_a_cut_title_is_completed_when_the_article_comes(archive: Archive, path: Path) -> None:
    write(archive, article(1, related=(listed(SHOWN, TARGET.url),)))
    assert ask(path, FULL_TITLES) == [(SHOWN, None, None)]
    write(archive, TARGET)
    assert ask(path, FULL_TITLES) == [(SHOWN, TARGET.title, 2)]
    write(archive, article(3, related=(listed(SHOWN, TARGET.url),)))
    assert ask(path, FULL_TITLES)[1] == (SHOWN, TARGET.title, 2)


def test_a_cut_title_is_completed_by_another_list(archive: Archive, path: Path) -> None:
    whole = TARGET.title or ""
    write(archive, article(1, related=(listed(SHOWN, TARGET.url),)))
    write(archive, article(3, related=(listed(whole, TARGET.url),)))
    write(archive, article(4, related=(listed("板桥乡召开…", TARGET.url),)))
    assert [full for _, full, _ in ask(path, FULL_TITLES)] == [whole, None, whole]


def test_a_cut_title_is_completed_by_a_list_page(archive: Archive, path: Path) -> None:
    whole = TARGET.title or ""
    write(archive, article(1, related=(listed(SHOWN, TARGET.url),)))
    archive.write(Batch(found=(FoundUrl(url=TARGET.url, listed_title=whole),)))
    assert ask(path, FULL_TITLES) == [(SHOWN, whole, None)]


def test_a_title_of_something_else_completes_nothing(archive: Archive, path: Path) -> None:
    write(archive, article(1, related=(listed("板桥乡召开防汛...", TARGET.url),)), TARGET)
    assert ask(path, FULL_TITLES) == [("板桥乡召开防汛...", None, 2)]


WHOLES = {
    "dots": ("板桥乡召开...", "板桥乡召开会议", True),
    "ellipsis": ("板桥乡召开……", "板桥乡召开会议", True),
    "width": ("ＡＢ县召开…", "AB县召开会议", True),
    "other": ("板桥乡召开...", "石桥乡召开会议", False),
    "as long": ("板桥乡召开...", "板桥乡召开", False),
    "cut as well": ("板桥乡召开...", "板桥乡召开会...", False),
    "nothing left": ("板...", "板桥乡召开会议", False),
}


@pytest.mark.parametrize("case", WHOLES)
def test_whole_titles(case: str) -> None:
    cut, title, wanted = WHOLES[case]
    assert is_cut(cut)
    assert whole_of(cut, [None, title]) == (title if wanted else None)


def test_who_recommended_an_article_is_a_query(archive: Archive, path: Path) -> None:
    write(archive, article(1, related=(listed(SHOWN, TARGET.url),)), TARGET)
    sql = "select article_id, shown_title, title_full from recommendations where target_id = ?"
    assert ask(path, sql, 2) == [(1, SHOWN, TARGET.title)]
