"""What makes later changes of the archive visible: digests of rows, manifests, each chained.

A manifest names what runs wrote: files of the raw archive with their digests, rows of articles and
revisions with theirs, and the digest of the manifest before it. Who alters a row or a file has to
alter every manifest from there on, and the copies beside the raw archive.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsspider.items import iso
from newsspider.store.connection import transaction
from newsspider.store.readings import to_json

FORMAT = 1
"""Of a manifest. The columns below belong to it: another list of them is another format."""
# What a row says, without how it was read (confidence, provenance, versions: a new extractor may
# note itself) and without what every visit moves (status, last_seen, story_id).
STATED = """title kicker subtitle date_published date_published_raw date_published_precision
    date_modified date_modified_precision source source_url authors editors dateline section
    breadcrumbs keywords description language canonical_url page_urls next_page http_status
    warc_record_id body_sha256 body body_html""".split()
COLUMNS = {
    "articles": [*"url site first_seen requested_url fetched_at revision".split(), *STATED],
    "revisions": [
        *"article_id revision kind seen_at replaced_at changes classes credits images".split(),
        *STATED,
    ],
}
CHILDREN = {
    "credits": "article_id, role, name, raw",
    "images": "article_id, url, caption, alt, credit, position",
}
DIGEST_CHARACTERS = 32
"""128 bits of SHA-256 for a row: nobody finds a second text for one."""
ROWS_A_MANIFEST = 50_000
ROWS_AT_ONCE = 200
NO_MANIFEST = "0" * 64
"""What the first manifest names as the one before it."""
NOTE = """
insert into unsealed (kind, row_id, digest) values (?, ?, ?)
on conflict (kind, row_id) do update set digest = excluded.digest"""
NEW_FILES = """
select name, bytes, sha256, records from warc_files
where manifest_id is null and bytes is not null order by id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One link of the chain."""

    number: int
    sha256: str
    document: str
    """JSON, with the digest of the manifest before it."""


def digests(db: sqlite3.Connection, table: str, ids: Sequence[int]) -> dict[int, str]:
    """Return the digest of each row of *table* among *ids* that is there."""
    names = ", ".join(COLUMNS[table])
    chosen = "in (select value from json_each(?))"
    key = to_json(list(ids))
    children: dict[int, list[list[Any]]] = {}
    if table == "articles":
        for child, columns in CHILDREN.items():
            sql = f"select {columns} from {child} where article_id {chosen} order by id"
            for row in db.execute(sql, (key,)):
                children.setdefault(row[0], []).append([child, *row[1:]])
    found = {}
    for row in db.execute(f"select id, {names} from {table} where id {chosen}", (key,)):
        stated = to_json([*row[1:], *children.get(row[0], ())])
        full = hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()
        found[row[0]] = full[:DIGEST_CHARACTERS]
    return found


def last_revision(db: sqlite3.Connection) -> int:
    """Return the number of the last row of revisions: what comes after it is new."""
    return int(db.execute("select ifnull(max(id), 0) from revisions").fetchone()[0])


def note(db: sqlite3.Connection, article_ids: Sequence[int], *, after_revision: int) -> None:
    """Take down these articles, and the rows of revisions after *after_revision*, as just written.

    Within the transaction that wrote them: what is altered between the commit and the next manifest
    is found, too.
    """
    sql = "select id from revisions where id > ?"
    revisions = [row[0] for row in db.execute(sql, (after_revision,))]
    note_rows(db, "articles", article_ids)
    note_rows(db, "revisions", revisions)


def note_rows(db: sqlite3.Connection, table: str, ids: Sequence[int]) -> None:
    """Take down rows of *table*, articles or revisions, as just written."""
    if ids:
        noted = digests(db, table, ids).items()
        db.executemany(NOTE, [(table, row_id, digest) for row_id, digest in noted])


def seal(db: sqlite3.Connection, run_id: int | None, removed: Sequence[str] = ()) -> list[Manifest]:
    """Write manifests of all that none names yet, and of files *removed*; none when there is none.

    More than one only after a very large run.
    """
    sealed: list[Manifest] = []
    while True:
        with transaction(db):
            manifest = _seal_some(db, run_id, removed)
        if manifest is None:
            return sealed
        sealed.append(manifest)
        removed = ()


def _seal_some(
    db: sqlite3.Connection, run_id: int | None, removed: Sequence[str]
) -> Manifest | None:
    files = [dict(row) for row in db.execute(NEW_FILES)]
    sql = f"select kind, row_id, digest from unsealed limit {ROWS_A_MANIFEST}"
    rows = [tuple(row) for row in db.execute(sql)]
    if not (files or rows or removed):
        return None
    last = db.execute("select sha256 from manifests order by id desc limit 1").fetchone()
    number = db.execute("select ifnull(max(id), 0) + 1 from manifests").fetchone()[0]
    now = iso(datetime.now(UTC))
    document = {
        "format": FORMAT,
        "number": number,
        "previous": last[0] if last else NO_MANIFEST,
        "run": run_id,
        "sealed_at": now,
        "files": files,
        "removed": list(removed),
        **{kind: {str(i): digest for k, i, digest in rows if k == kind} for kind in COLUMNS},
    }
    text = json.dumps(document, ensure_ascii=False, indent=0)
    digest = hashlib.sha256(text.encode()).hexdigest()
    db.execute(
        "insert into manifests (id, run_id, sealed_at, sha256, document) values (?, ?, ?, ?, ?)",
        (number, run_id, now, digest, text),
    )
    db.executemany(
        "update warc_files set manifest_id = ? where name = ?",
        [(number, file["name"]) for file in files],
    )
    db.executemany("delete from unsealed where kind = ? and row_id = ?", [row[:2] for row in rows])
    return Manifest(number=number, sha256=digest, document=text)


def manifests(db: sqlite3.Connection) -> Iterator[Manifest]:
    """Yield every manifest, the first one first."""
    for row in db.execute("select id, sha256, document from manifests order by id"):
        yield Manifest(number=row[0], sha256=row[1], document=row[2])


# -- checking ------------------------------------------------------------------------------------
def broken_links(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    """Yield what is wrong with the chain itself: a manifest altered, gone, or out of place."""
    before = NO_MANIFEST
    for expected, manifest in enumerate(manifests(db), 1):
        named = f"manifest {manifest.number}"
        if hashlib.sha256(manifest.document.encode()).hexdigest() != manifest.sha256:
            yield None, f"{named} is not what its digest is of"
        document = parsed(manifest)
        if document.get("previous") != before or document.get("number") != manifest.number:
            yield None, f"{named} does not follow the manifest before it"
        elif expected == 1 and manifest.number != 1:
            yield None, f"{named} is the first, those before it are gone"
        before = manifest.sha256


def parsed(manifest: Manifest) -> dict[str, Any]:
    """Return the document of *manifest*; {} where it is none."""
    try:
        document = json.loads(manifest.document)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def altered_rows(db: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    """Yield the rows that manifests name and that are not there, or say something else."""
    # What each row said last: in a file of its own, an archive may have more rows than memory.
    with closing(sqlite3.connect("", isolation_level=None)) as wanted:
        wanted.execute("create table sealed (kind, id, digest, primary key (kind, id))")
        put = "insert or replace into sealed values (?, ?, ?)"
        wanted.execute("begin")
        for manifest in manifests(db):
            document = parsed(manifest)
            for kind in COLUMNS:
                rows = document.get(kind) or {}
                wanted.executemany(put, [(kind, int(key), digest) for key, digest in rows.items()])
        noted = db.execute("select kind, row_id, digest from unsealed")
        wanted.executemany(put, (tuple(row) for row in noted))
        wanted.execute("commit")
        for kind in COLUMNS:
            yield from _differences(db, wanted, kind)


def _differences(
    db: sqlite3.Connection, wanted: sqlite3.Connection, kind: str
) -> Iterator[tuple[int | None, str]]:
    name = "article" if kind == "articles" else "revision row"
    last = -1
    sql = "select id, digest from sealed where kind = ? and id > ? order by id limit ?"
    while rows := dict(wanted.execute(sql, (kind, last, ROWS_AT_ONCE)).fetchall()):
        found = digests(db, kind, list(rows))
        for row_id, digest in rows.items():
            article_id = row_id if kind == "articles" else None
            if row_id not in found:
                yield article_id, f"{name} {row_id} was deleted"
            elif found[row_id] != digest:
                yield article_id, f"{name} {row_id} was altered after it was written"
        last = max(rows)


def sealed_files(documents: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the files that ought to be there by their names, as the manifests state them."""
    found: dict[str, dict[str, Any]] = {}
    for document in documents:
        found.update({file["name"]: file for file in document.get("files") or ()})
        for name in document.get("removed") or ():
            found.pop(name, None)
    return found
