"""What the database knows of the raw archive: its files, and where each body is kept."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsspider.store import sealing
from newsspider.store.connection import speaking_of, transaction
from newsspider.store.readings import to_json
from newsspider.store.records import Payload

Place = tuple[str, int]
"""A file of the raw archive and where in it a record begins."""

SAVE_PAYLOAD = """
insert into payloads (digest, file_id, warc_offset)
values (?, (select id from warc_files where name = ?), ?)
on conflict (digest) do update set file_id = excluded.file_id, warc_offset = excluded.warc_offset"""
PAYLOAD = """
select f.name, p.warc_offset from payloads p join warc_files f on f.id = p.file_id
where p.digest = ?"""
LAST_ANSWER = """
select warc_file, warc_offset from fetches
where url = ? and http_status = 200 and warc_file is not null order by id desc limit 1"""
END_FILE = "update warc_files set bytes = ?, sha256 = ?, records = ? where name = ?"
# A file whose run was killed before it named a record of it.
FORGET_FILE = """
delete from warc_files where name = :name
  and not exists (select 1 from fetches f where f.run_id = warc_files.run_id
                  and f.warc_file = :name)
  and not exists (select 1 from payloads p where p.file_id = warc_files.id)"""
FILES = "select name, run_id, bytes, sha256, records from warc_files order by id"
POINTERS = """
select warc_offset from fetches where warc_file = :name
  and run_id is (select run_id from warc_files where name = :name)
union select p.warc_offset from payloads p join warc_files f on f.id = p.file_id
where f.name = :name order by 1"""
UNKNOWN_FILES = """
select distinct warc_file from fetches
where warc_file is not null and warc_file not in (select name from warc_files) order by 1"""


MOVE_FILE = """
update warc_files set name = :new, bytes = :size_bytes, sha256 = :sha256, records = :records,
  manifest_id = null where name = :old"""
FETCHES_OF = """
select id, warc_offset from fetches
where run_id is (select run_id from warc_files where name = :name) and warc_file = :name"""
PAYLOADS_OF = """
select p.digest, p.warc_offset from payloads p join warc_files f on f.id = p.file_id
where f.name = ?"""
LOST = "warc_record_id in (select value from json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFile:
    """What a prune did to one file."""

    old: str
    new: str | None
    """None: nothing of it stays."""
    size_bytes: int = 0
    sha256: str = ""
    records: int = 0
    offsets: Mapping[int, int] = field(default_factory=dict)
    """New places of records by their old ones; the others are gone."""
    dropped_ids: Sequence[str] = ()


class RawIndex:
    """The rows of one archive that are about its raw archive; every method as those of Archive."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def begin_file(self, name: str, run_id: int | None) -> None:
        """Record that *name* is about to be written."""
        with speaking_of(self._path):
            self._db.execute("insert into warc_files (name, run_id) values (?, ?)", (name, run_id))

    def end_file(self, name: str, *, size_bytes: int, sha256: str, records: int) -> None:
        """Record that nothing is added to *name* any more."""
        with speaking_of(self._path):
            self._db.execute(END_FILE, (size_bytes, sha256, records, name))

    def forget_file(self, name: str) -> bool:
        """Forget a file that no row is about; tell whether it was one."""
        with speaking_of(self._path):
            return self._db.execute(FORGET_FILE, {"name": name}).rowcount > 0

    def unfinished(self) -> list[str]:
        """Return the files that are being written, or whose run was killed."""
        sql = "select name from warc_files where bytes is null order by id"
        with speaking_of(self._path):
            return [row[0] for row in self._db.execute(sql)]

    def files(self) -> list[dict[str, Any]]:
        """Return name, run_id, bytes, sha256, records of every file."""
        with speaking_of(self._path):
            return [dict(row) for row in self._db.execute(FILES)]

    def named_records(self) -> Iterator[str]:
        """Yield the ids of the records that current readings were made from."""
        sql = "select warc_record_id from articles where warc_record_id is not null"
        with speaking_of(self._path):
            for row in self._db.execute(sql):
                yield row[0]

    def move(self, moved: Iterable[MovedFile]) -> None:
        """Let every row follow the records that moved, and none name one that is gone."""
        with speaking_of(self._path), transaction(self._db):
            for one in moved:
                _move(self._db, one)

    def unknown_files(self) -> list[str]:
        """Return the files that fetches name and warc_files does not."""
        with speaking_of(self._path):
            return [row[0] for row in self._db.execute(UNKNOWN_FILES)]

    def pointers(self, name: str) -> list[int]:
        """Return the places in the file *name* at which rows say that a record begins."""
        with speaking_of(self._path):
            return [row[0] for row in self._db.execute(POINTERS, {"name": name})]

    def place_of(self, digest: str | bytes) -> Place | None:
        """Return where the response is whose body has *digest*, `sha256:...` or its 32 bytes."""
        if isinstance(digest, str):
            algorithm, _, value = digest.partition(":")
            if algorithm != "sha256" or len(value) != 64:
                return None
            try:
                digest = bytes.fromhex(value)
            except ValueError:
                return None
        with speaking_of(self._path):
            row = self._db.execute(PAYLOAD, (digest,)).fetchone()
        return (row[0], row[1]) if row else None

    def last_answer(self, url: str) -> Place | None:
        """Return where the last full answer of the canonical *url* is."""
        with speaking_of(self._path):
            row = self._db.execute(LAST_ANSWER, (url,)).fetchone()
        return (row[0], row[1]) if row else None


def _move(db: sqlite3.Connection, moved: MovedFile) -> None:
    fetches = db.execute(FETCHES_OF, {"name": moved.old}).fetchall()
    places = [(moved.offsets.get(row[1]), row[0]) for row in fetches]
    db.executemany(
        "update fetches set warc_file = ?, warc_offset = ? where id = ?",
        [(None if at is None else moved.new, at, row_id) for at, row_id in places],
    )
    for digest, offset in db.execute(PAYLOADS_OF, (moved.old,)).fetchall():
        if (at := moved.offsets.get(offset)) is None:
            db.execute("delete from payloads where digest = ?", (digest,))
        else:
            db.execute("update payloads set warc_offset = ? where digest = ?", (at, digest))
    if moved.new is None:
        db.execute("delete from warc_files where name = ?", (moved.old,))
    else:
        values = {name: getattr(moved, name) for name in ("new", "old", "size_bytes", "sha256")}
        db.execute(MOVE_FILE, {**values, "records": moved.records})
    lost = to_json(list(moved.dropped_ids))
    for table in ("articles", "revisions"):
        ids = [row[0] for row in db.execute(f"select id from {table} where {LOST}", (lost,))]
        db.execute(f"update {table} set warc_record_id = null where {LOST}", (lost,))
        sealing.note_rows(db, table, ids)


def save_payloads(db: sqlite3.Connection, payloads: Iterable[Payload]) -> None:
    """Write where bodies are kept, within the open transaction."""
    db.executemany(SAVE_PAYLOAD, [(p.digest, p.warc_file, p.warc_offset) for p in payloads])
