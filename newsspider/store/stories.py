"""Stories: which articles are one text, who was first, who took it from whom."""

import dataclasses
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from newsspider.dedupe import (
    PASSAGES_ASKED,
    PASSAGES_KEPT,
    Fingerprint,
    Likeness,
    likeness,
    reprint_edits,
)
from newsspider.store.copies import MEMBERS, Member, age_of, days_apart, fingerprint_of
from newsspider.store.readings import Reading, folded, to_json
from newsspider.urls import site_key_or_none

MOST_SHARING = 24
"""Articles that one passage leads to: of a later one it is no key."""
COMMON_STORIES = 5
"""A passage of so many stories is no part of any: a disclaimer, a greeting, a form."""
RARE = 3
"""A single shared passage is worth a look when no more articles than these have it."""
MOST_COMPARED = 4
"""Candidates whose text is read."""
MOST_SETTLED = 100
"""Copies of one text that are all put in order again when one comes in; of more, the new one."""
MOST_ASKED = 20
"""Earlier copies that are compared with a copy to find out from whom it is."""

HOLDERS = """
select p.hash, p.article_id from json_each(?) asked cross join passages p on p.hash = asked.value
where p.article_id <> ? order by asked.key, p.article_id"""
# In the order of the array, and no further than needed: to sort them would mean to look at all.
INSERT_PASSAGES = """
insert or ignore into passages (hash, article_id) select value, :id from json_each(:hashes) asked
where (select count(*) from (select 1 from passages where hash = asked.value limit :most)) < :most
limit :kept"""
TAKEN = """
select article_id, of_id from reprints where article_id in (select value from json_each(?))"""
INSERT_REPRINT = """
insert or replace into reprints (article_id, of_id, basis, likeness, share, edits)
values (?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True, slots=True)
class Match:
    """A stored article of the same text."""

    article_id: int
    story_id: int
    likeness: Likeness


# -- which stored articles have this text ------------------------------------------------------


def matches(
    db: sqlite3.Connection, text: Fingerprint, published: str | None, *, but: int = 0
) -> list[Match]:
    """Return stored articles other than *but* of the same text, one a story, best first."""
    if text.exact is None:
        return []
    exact = db.execute(
        "select id, story_id from articles where body_hash = ? and id <> ? order by id limit 1",
        (text.exact, but),
    ).fetchone()
    if exact:
        return [Match(exact["id"], exact["story_id"], Likeness("exact", 1.0))]
    candidates, common = _candidates(db, text, but)
    found: dict[int, Match] = {}
    for article_id, story_id in candidates:
        if story_id in found:
            continue
        row = db.execute(
            "select body, date_published from articles where id = ?", (article_id,)
        ).fetchone()
        alike = likeness(
            text,
            fingerprint_of(row["body"]),
            common=common,
            days_apart=days_apart(published, row["date_published"]),
        )
        if alike:
            found[story_id] = Match(article_id, story_id, alike)
    return sorted(found.values(), key=lambda match: -match.likeness.share)


def _candidates(
    db: sqlite3.Connection, text: Fingerprint, but: int
) -> tuple[list[tuple[int, int]], frozenset[str]]:
    """Return (article, story) that share passages with *text*, best first, and common passages."""
    passages = text.passages
    holders: dict[str, list[int]] = {}
    asked = to_json(list(passages)[:PASSAGES_ASKED])
    for key, article_id in db.execute(HOLDERS, (asked, but)):
        holders.setdefault(passages[key], []).append(article_id)
    weights: Counter[int] = Counter()
    worthy: set[int] = set()
    for ids in holders.values():
        for article_id in ids:
            if article_id in weights or len(ids) <= RARE:
                worthy.add(article_id)
            weights[article_id] += 1
    if not worthy:
        return [], frozenset()
    best = [i for i, _ in weights.most_common() if i in worthy][:MOST_COMPARED]
    stories = {article_id: _story_of(db, article_id) for article_id in best}
    common = frozenset(clause for clause, ids in holders.items() if _is_common(db, ids, stories))
    return [(article_id, stories[article_id]) for article_id in best], common


def _is_common(db: sqlite3.Connection, ids: list[int], stories: dict[int, int]) -> bool:
    """Tell whether articles *ids* are of so many stories; what is read is added to *stories*."""
    if len(ids) < COMMON_STORIES:
        return False
    found: set[int] = set()
    # Rows of articles are the dear part, so the ones that are known come first.
    for article_id in sorted(ids, key=lambda one: one not in stories):
        if article_id not in stories:
            stories[article_id] = _story_of(db, article_id)
        found.add(stories[article_id])
        if len(found) == COMMON_STORIES:
            return True
    return False


def _story_of(db: sqlite3.Connection, article_id: int) -> int:
    sql = "select story_id from articles where id = ?"
    return int(db.execute(sql, (article_id,)).fetchone()[0])


# -- keys ----------------------------------------------------------------------------------------


def remember(db: sqlite3.Connection, article_id: int, text: Fingerprint) -> None:
    """Make *text* findable by its passages, those left out that many articles have."""
    if text.passages:
        hashes = to_json(list(text.passages))
        values = {"hashes": hashes, "id": article_id, "most": MOST_SHARING, "kept": PASSAGES_KEPT}
        db.execute(INSERT_PASSAGES, values)


def forget(db: sqlite3.Connection, article_id: int, text: Fingerprint) -> None:
    """Take back what `remember` did."""
    db.executemany(
        "delete from passages where hash = ? and article_id = ?",
        [(key, article_id) for key in text.passages],
    )


def learn_outlet(db: sqlite3.Connection, reading: Reading) -> None:
    """Remember which site the printed name of a source links to."""
    if reading["source"] and (site := site_key_or_none(reading["source_url"])):
        db.execute("insert or ignore into outlets values (?, ?)", (reading["source"], site))


# -- stories ---------------------------------------------------------------------------------------


def join(db: sqlite3.Connection, found: Iterable[Match]) -> int:
    """Return the story of the articles *found*, several made one; a new one when there is none."""
    ids = sorted({match.story_id for match in found})
    if not ids:
        return int(db.execute("insert into stories (size) values (0)").lastrowid or 0)
    for other in ids[1:]:
        db.execute("update articles set story_id = ? where story_id = ?", (ids[0], other))
        db.execute(
            "update stories set size = size + (select size from stories where story_id = ?)"
            " where story_id = ?",
            (other, ids[0]),
        )
        db.execute("delete from stories where story_id = ?", (other,))
    return ids[0]


def enter(db: sqlite3.Connection, story_id: int, article_id: int) -> None:
    """Count a new article in its story and find out from whom it is."""
    size = db.execute(
        "update stories set size = size + 1, first_article_id = ifnull(first_article_id, ?)"
        " where story_id = ? returning size",
        (article_id, story_id),
    ).fetchone()[0]
    if size > 1:
        settle(db, story_id, size, changed=(article_id,))


def settle(
    db: sqlite3.Connection, story_id: int, size: int, *, changed: Collection[int] = ()
) -> None:
    """Bring the row of a story of *size* articles and its reprints in line.

    The texts of *changed* are new; of a story of very many articles, only these are looked at.
    """
    if size <= MOST_SETTLED:
        rows = db.execute(MEMBERS.format("story_id = ?"), (story_id,))
    else:
        ids = to_json([*changed, _first(db, story_id)])
        rows = db.execute(MEMBERS.format("id in (select value from json_each(?))"), (ids,))
    members = sorted(map(Member, rows), key=lambda member: member.age)
    db.execute(
        "update stories set size = ?, first_article_id = ? where story_id = ?",
        (size, members[0].id, story_id),
    )
    db.execute("delete from reprints where article_id = ?", (members[0].id,))
    known = dict(map(tuple, db.execute(TAKEN, (to_json([m.id for m in members]),))))
    for place, member in enumerate(members[1:], 1):
        ways = _ways(db, member, members[:place])
        taken = known.get(member.id)
        if ways and taken == ways[0][0].id and member.id not in changed and taken not in changed:
            continue
        _take(db, member, ways)


def _first(db: sqlite3.Connection, story_id: int) -> int:
    """Return the article of a story that was first; it may have left the story just now."""
    row = db.execute(
        "select a.id from stories s join articles a on a.id = s.first_article_id"
        " where s.story_id = ? and a.story_id = s.story_id",
        (story_id,),
    ).fetchone()
    if row is None:
        sql = "select id, date_published, first_seen from articles where story_id = ?"
        row = min(db.execute(sql, (story_id,)), key=age_of)
    return int(row["id"])


def _ways(db: sqlite3.Connection, copy: Member, earlier: list[Member]) -> list[tuple[Member, str]]:
    """Return from whom *copy* may be, likeliest first, each with what says so."""
    ways: dict[int, tuple[Member, str]] = {}
    # Where an article moved it is no reprint of itself.
    earlier = [one for one in earlier if not (one.moved_to(copy) or copy.moved_to(one))]
    if name := copy.row["source"]:
        sql = "select site from outlets where name = ?"
        # A portal that links an outlet to its own pages about it says nothing.
        sites = {row[0] for row in db.execute(sql, (name,))} - copy.sites
        for member in earlier:
            if sites & member.sites:
                ways.setdefault(member.id, (member, "outlet"))
        for member in earlier:
            if member.row["source"] == name:
                ways.setdefault(member.id, (member, "source"))
    for member in earlier:
        ways.setdefault(member.id, (member, "earliest"))
    return list(ways.values())[:MOST_ASKED]


def _take(db: sqlite3.Connection, copy: Member, ways: list[tuple[Member, str]]) -> None:
    for original, basis in ways:
        if alike := copy.like(original):
            edits = reprint_edits(
                folded(original.row["body"]),
                folded(copy.row["body"]),
                original_title=folded(original.row["title"] or ""),
                copy_title=folded(copy.row["title"] or ""),
            )
            found = to_json(dataclasses.asdict(edits))
            values = (copy.id, original.id, basis, alike.kind, round(alike.share, 3), found)
            db.execute(INSERT_REPRINT, values)
            return
    # What links them came later: nobody earlier has this text.
    db.execute("delete from reprints where article_id = ?", (copy.id,))


def reorder(db: sqlite3.Connection, article_id: int, story_id: int) -> None:
    """Bring a story in line with an article whose title, date or source changed."""
    size = _size(db, story_id)
    if size > 1:
        settle(db, story_id, size, changed=(article_id,))


def _size(db: sqlite3.Connection, story_id: int) -> int:
    row = db.execute("select size from stories where story_id = ?", (story_id,)).fetchone()
    return int(row[0])


# -- texts that change -------------------------------------------------------------------------


def retell(db: sqlite3.Connection, article_id: int, story_id: int, old: str, new: Reading) -> None:
    """Put an article whose body was *old* and is now that of *new* into the story that it tells.

    The row of the article holds the new text already.
    """
    text = fingerprint_of(new["body"])
    forget(db, article_id, fingerprint_of(old))
    remember(db, article_id, text)
    found = matches(db, text, new["date_published"], but=article_id)
    size = _size(db, story_id)
    if size == 1 and not found:
        return
    if size > 1:
        # The groups of the story say which of its other articles are still of this text.
        beside = [match for match in found if match.story_id != story_id]
        story_id = _split(db, article_id, story_id, size, found)
        found = beside
    if found:
        own = Match(article_id, story_id, Likeness("exact", 1.0))
        story_id = join(db, [own, *found])
    settle(db, story_id, _size(db, story_id), changed=(article_id,))


def _split(
    db: sqlite3.Connection, article_id: int, story_id: int, size: int, found: list[Match]
) -> int:
    """Part a story into groups that are still alike and return the story of *article_id*."""
    orphans: list[int] = []
    if size > MOST_SETTLED:
        if any(match.story_id == story_id for match in found):
            return story_id
        groups = [{article_id}]
        rows = db.execute("select article_id from reprints where of_id = ?", (article_id,))
        orphans = [row[0] for row in rows]
    else:
        rows = db.execute(MEMBERS.format("story_id = ?"), (story_id,))
        groups = _groups([Member(row) for row in rows])
        # The oldest text keeps the number of the story.
        groups.sort(key=min)
        del groups[0]
    for group in groups:
        number = join(db, [])
        sql = "update articles set story_id = ? where id in (select value from json_each(?))"
        db.execute(sql, (number, to_json(sorted(group))))
        size -= len(group)
        _clear(db, group)
        settle(db, number, len(group))
    settle(db, story_id, size, changed=orphans)
    row = db.execute("select story_id from articles where id = ?", (article_id,)).fetchone()
    return int(row[0])


def _clear(db: sqlite3.Connection, group: set[int]) -> None:
    ids = to_json(sorted(group))
    for column in ("article_id", "of_id"):
        sql = f"delete from reprints where {column} in (select value from json_each(?))"
        db.execute(sql, (ids,))


def _groups(members: list[Member]) -> list[set[int]]:
    """Return the ids of *members* in groups that are linked by likeness."""
    groups: list[list[Member]] = []
    for member in members:
        linked = [g for g in groups if any(member.like(other) for other in g)]
        groups = [g for g in groups if g not in linked]
        groups.append([member, *(other for group in linked for other in group)])
    return [{member.id for member in group} for group in groups]
