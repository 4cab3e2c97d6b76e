"""Writes tests/schemas/NNNN.sql: a small archive of the current schema, as SQL that makes it anew.

    python tools/schema_dump.py

The file of a released schema is never written again: it is what later versions must upgrade.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
ROWS_AT_ONCE = 400


def statements(db: sqlite3.Connection) -> Iterator[str]:
    """Yield statements that make *db* anew."""
    entries = db.execute(
        "select type, name, sql from sqlite_master where sql is not null"
        " and name not like 'sqlite\\_%' escape '\\'"
    ).fetchall()
    tables = [(name, sql) for kind, name, sql in entries if kind == "table"]
    inner = [name for name, _ in tables if name.startswith("articles_fts_")]
    yield from (f"{sql};" for name, sql in tables if name not in inner)
    # The tables of the index come with it, and with rows of an empty one.
    yield from (f"delete from {name};" for name in inner)
    for name, _ in tables:
        if name != "articles_fts":
            yield from inserts(db, name)
    yield from (f"{sql};" for kind, _, sql in entries if kind != "table")
    for pragma in ("application_id", "user_version"):
        yield f"pragma {pragma} = {db.execute(f'pragma {pragma}').fetchone()[0]};"


def inserts(db: sqlite3.Connection, table: str) -> Iterator[str]:
    """Yield statements that fill *table*."""
    columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
    quoted = " || ',' || ".join(f"quote({name})" for name in columns)
    rows = [row[0] for row in db.execute(f"select {quoted} from {table}")]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        values = ",".join(f"({row})" for row in rows[start : start + ROWS_AT_ONCE])
        yield f"insert into {table} ({', '.join(columns)}) values {values};"


def main() -> None:
    """Write the file."""
    sys.path.insert(0, str(TESTS))
    from sample_articles import FULL, LATER, LONG, article

    from newsspider.store import Archive
    from newsspider.store.connection import SCHEMA_VERSION
    from newsspider.store.records import Batch

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive(path, create=True) as archive:
            archive.write(Batch(articles=(FULL, article(2, body=LONG), article(3, body=LONG))))
            archive.write(Batch(articles=(article(2, body=LONG + "更正。", fetched_at=LATER),)))
        with closing(sqlite3.connect(path)) as db:
            text = "\n".join(statements(db))
    folder_of_schemas = TESTS / "schemas"
    folder_of_schemas.mkdir(exist_ok=True)
    (folder_of_schemas / f"{SCHEMA_VERSION:04}.sql").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
