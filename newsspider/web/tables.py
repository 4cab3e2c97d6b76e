"""What Datasette shows beside its tables: what each table and column means, and queries."""

import re
from typing import Any

from newsspider.store.schema import TABLES, VIEWS
from newsspider.store.views import QUERIES

DATABASE = "archive"
"""Name of the database in the addresses of Datasette's pages, whatever its file is called."""
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
NEWEST_FIRST = {
    "articles": "date_published",  # by an index with and without a portal: `id` sorts whole rows
    "revisions": "id",
    "fetches": "id",
    "runs": "id",
    "absences": "id",
}
SETTINGS: dict[str, Any] = {
    "default_page_size": 50,
    "suggest_facets": False,  # forty columns would be counted to suggest some
    "allow_download": False,  # a copy of a file that is written to: `newsspider backup` makes it
    "truncate_cells_html": 300,
    "num_sql_threads": 2,
    "sql_time_limit_ms": 2_000,
}


def metadata() -> dict[str, Any]:
    """Return the metadata of the archive for Datasette, from what docs/schema.md is made of."""
    tables: dict[str, Any] = {}
    for name, (what, columns) in (TABLES | VIEWS).items():
        meanings = {
            column: _plain(meaning)
            for names, meaning in columns.items()
            for column in names.split()
        }
        tables[name] = {"description": _plain(what), "columns": meanings}
        if name in NEWEST_FIRST:
            tables[name]["sort_desc"] = NEWEST_FIRST[name]
    tables["articles"] |= {"fts_table": "articles_fts", "fts_pk": "id", "label_column": "title"}
    tables["articles_fts"]["hidden"] = True
    tables["_sqlite_migrations"] = {"hidden": True}
    queries = {name: {"title": q.title, "sql": q.sql} for name, q in QUERIES.items()}
    about = (
        "The archive of newsspider, for reading with SQL. What its tables mean stands with each."
    )
    return {
        "title": "newsspider",
        "extra_css_urls": ["/room/tables.css"],
        "databases": {
            DATABASE: {"description": about, "tables": tables, "queries": queries},
        },
    }


def _plain(text: str) -> str:
    """Return Markdown of one line without its marks."""
    return LINK.sub(r"\1", text).replace("`", "")
