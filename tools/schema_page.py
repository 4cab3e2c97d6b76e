"""Writes docs/schema.md and docs/queries.md from a database of the current schema.

python tools/schema_page.py
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from newsspider.store import Archive
from newsspider.store.schema import queries_page, schema_page

DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    """Write both pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        Archive(path, create=True).close()
        with closing(sqlite3.connect(path)) as db:
            (DOCS / "schema.md").write_text(schema_page(db), encoding="utf-8")
    (DOCS / "queries.md").write_text(queries_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
