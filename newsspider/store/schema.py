"""The schema for people: what every table, view and column means, as a page in Markdown."""

import sqlite3
from collections.abc import Iterator

from newsspider.store.views import QUERIES

Meanings = dict[str, str]
"""Names of columns that mean one thing, apart by spaces, and what they mean."""

AS_IN_ARTICLES = "as in `articles`, of this reading"
RELATED = "see [RelatedItem](fields.md#relateditem)"

TABLES: dict[str, tuple[str, Meanings]] = {
    "articles": (
        "One row an article: its current reading.",
        {
            "id": "number of the article, for good",
            "url": "canonical address, the identity of the article",
            "site": "key of the portal",
            "status": "`live`, `gone` or `moved`; when and why is in `absences`",
            "revision": "1 for the first reading; only a change by the publisher moves it",
            "story_id": "its row in `stories`",
            "first_seen last_seen": "when it was first stored, and last confirmed or changed",
            "title kicker subtitle": "headline, the line above it, the line below it",
            "date_published": "when it was published; a day without a clock is a date alone",
            "date_published_raw date_published_precision": "as printed, and how exactly",
            "date_modified date_modified_precision": "when the portal says it was changed",
            "source source_url": "来源: the outlet it was taken from",
            "authors editors": "JSON lists of names; also in `credits`",
            "dateline section description language": "see [fields](fields.md)",
            "keywords": "JSON list",
            "breadcrumbs": "JSON list of objects",
            "canonical_url requested_url": "as the page declares it, as it was asked for",
            "page_urls": "JSON list of the pages it was joined from",
            "next_page": "its following page, where that was not joined",
            "confidence": "0 to 1: is this an article",
            "provenance": "JSON object: what gave each field",
            "fetched_at http_status": "of the reading in this row",
            "warc_record_id": "its response in the raw archive; null without one",
            "body_sha256": "digest of `body` as stored",
            "extractor_version profile_version": "which rules read it",
            "body_hash": "hash by which copies are found; null for a text too short to tell",
            "body body_html": "the text, and its HTML",
        },
    ),
    "stories": (
        "Reprints of one text share a story; every other article has its own.",
        {
            "story_id": "number of the story",
            "first_article_id": "the article of it that was published first, or else seen first",
            "size": "how many articles tell it",
        },
    ),
    "reprints": (
        "From whom each article of a story but the first was taken.",
        {
            "article_id": "the copy",
            "of_id": "the article that it was taken from",
            "basis": "why that one: `outlet` its 来源 is that site, `source` both name the same "
            "来源, `earliest` no other sign",
            "likeness": "`exact`, `near` (sentences are the same) or `touched` (each a bit other)",
            "share": "how much of the shorter text stands in the other, up to 1",
            "edits": "JSON object: what the copy changed",
        },
    ),
    "passages": (
        "By which copies are found: the smallest hashes of the clauses of each text.",
        {"hash": "hash of a clause", "article_id": "an article that has it"},
    ),
    "outlets": (
        "Which site a printed 来源 links to, as pages say.",
        {"name": "the outlet, as printed", "site": "key of the portal"},
    ),
    "revisions": (
        "Every reading that was replaced; the current one is in `articles`. A change counts as an "
        "edit when it is in what a reader sees: title, kicker, subtitle, text, time, source, "
        "names, dateline, section, pictures' captions. Related lists, counters and metadata alone "
        "make none.",
        {
            "id": "number of the row",
            "article_id": "the article",
            "revision": "the number that this reading had",
            "kind": "why it was replaced: `edit` by the publisher, or `extraction`: a newer "
            "extractor or another profile read it anew",
            "seen_at replaced_at": "when this reading was fetched, and when the next one "
            "was, or the same page was read again",
            "changes": "JSON object: for each field that differs, the value here and in the next",
            "classes": "JSON list: what kinds of change an edit is",
            "credits images": "JSON lists of objects",
            "title kicker subtitle date_published date_published_raw date_published_precision "
            "date_modified date_modified_precision source source_url authors editors dateline "
            "section breadcrumbs keywords description language canonical_url page_urls next_page "
            "confidence provenance http_status warc_record_id body_sha256 extractor_version "
            "profile_version body body_html": AS_IN_ARTICLES,
        },
    ),
    "credits": (
        "Every credit of an article; see [Credit](fields.md#credit).",
        {
            "id": "number of the row",
            "article_id": "the article",
            "position": "order on the page, from 1",
            "role name raw": "`name` is null where the label stands without a value",
        },
    ),
    "images": (
        "Pictures of an article; see [Image](fields.md#image).",
        {
            "id": "number of the row",
            "article_id": "the article",
            "position": "how many paragraphs of the body stand before it",
            "url caption alt credit": "address, and what is written about it",
        },
    ),
    "related_items": (
        "What the portal recommends beside an article.",
        {
            "id": "number of the row; entries of an article in page order",
            "article_id": "the article beside which it stands",
            "list_heading kind position title url summary date_published "
            "date_published_precision": RELATED,
            "target_id": "the article it leads to, as soon as that is stored",
            "cut": "1: the list shows the title cut short",
            "title_full": "the whole title of a cut one, once an article or another list gives it",
        },
    ),
    "urls": (
        "The state of the crawl, and every address that led to an article.",
        {
            "id": "number of the row",
            "url": "canonical address",
            "article_id": "the article it led to",
            "site": "key of the portal",
            "kind": "`article`, `section`, `feed`, `sitemap` or `other`: not known yet, or none",
            "first_seen": "when it was found",
            "last_fetched": "last answer; null: waits to be fetched",
            "http_status etag last_modified": "of that answer",
            "next_visit": "when it is due again; null for a list that is always due",
            "found_on listed_title listed_date": "the page that named it, and what it said",
            "error": "why there was no usable answer",
        },
    ),
    "runs": (
        "One row a crawl of a site.",
        {
            "id": "number of the run",
            "site": "key of the portal",
            "started finished": "an unfinished run goes on, or was killed",
            "exit": "[exit status](commands.md#exit-status)",
            "targets": "JSON list of the addresses it started from",
            "options": "JSON object",
            "counts": "JSON object: [counts](commands.md#counts-of-a-run)",
            "measures": "JSON object: [measures](schedule.md#measures-of-a-run)",
        },
    ),
    "alarms": (
        "One row for each time that something went wrong with a portal; see "
        "[alarms](schedule.md#alarms).",
        {
            "id": "number of the alarm",
            "site": "key of the portal",
            "name subject": "what went wrong, and with which field, section or list; an empty "
            "subject is the portal",
            "message": "what the last run that showed it saw",
            "urls": "JSON list of pages that show it",
            "first_run last_run": "the first and the last run that showed it",
            "ended_run": "the first run that showed it no more; null: in force",
            "accepted": "when a person said that this is how the portal is now",
        },
    ),
    "notices": (
        "Who was told of an alarm.",
        {
            "alarm_id": "the alarm",
            "event": "`raised` or `ended`",
            "channel": "`command`, `webhook` or `mail`",
            "sent_at": "when",
        },
    ),
    "fetches": (
        "One row a request that was answered or failed.",
        {
            "id": "number of the row",
            "url": "canonical form of the address that was asked for",
            "run_id": "the run",
            "fetched_at": "when",
            "http_status": "null: no answer",
            "bytes": "size of the decoded body",
            "missing": "why an article is not there: `404`, `410`, `home`, `soft 404`, `redirect`",
            "links": "how many pages of the site a list, feed or sitemap named; null: it is none",
            "warc_file warc_offset": "place in the raw archive; null without one",
            "error": "why there was no usable answer",
        },
    ),
    "warc_files": (
        "The files of the raw archive.",
        {
            "id": "number of the row",
            "name": "in the folder of the raw archive",
            "run_id": "the run that wrote it",
            "bytes records": "null: it is being written, or its run was killed",
            "sha256": "of the whole file",
            "manifest_id": "the manifest that names it; null: none yet",
        },
    ),
    "payloads": (
        "Bodies that the raw archive keeps: what comes again is not kept twice.",
        {
            "digest": "SHA-256 of the body as sent, 32 bytes",
            "file_id": "the file in `warc_files`",
            "warc_offset": "where its record begins",
        },
    ),
    "manifests": (
        "What each run left, each with the digest of the one before: see [raw](raw.md#fixity).",
        {
            "id": "number in the chain, from 1 without a gap",
            "run_id": "the run that sealed it; null: an import or a prune",
            "sealed_at": "when",
            "sha256": "of `document`, hexadecimal",
            "document": "JSON object",
        },
    ),
    "unsealed": (
        "Rows that were written and that no manifest names yet.",
        {
            "kind": "`articles` or `revisions`",
            "row_id": "`id` of the row",
            "digest": "as a manifest will state it",
        },
    ),
    "absences": (
        "When an article was not at its address. It went between `last_seen` and `first_missing`.",
        {
            "id": "number of the row",
            "article_id": "the article",
            "status": "`gone` or `moved`",
            "reason": "as `missing` in `fetches`",
            "last_seen first_missing": "the interval in which it went",
            "fetch_id": "the evidence",
            "moved_to": "where its address leads now",
            "ended": "when it was seen again; null: it is still away",
        },
    ),
    "articles_fts": (
        "The full-text index (FTS5, contentless: it answers `match`, its columns read as null). "
        "`rowid` is `articles.id`. Words are in lower case, Han runs cut into overlapping pairs "
        "and the last character, traditional characters simplified.",
        {
            "body title source authors": "what can be searched",
            "site": "one word: `site` and the hexadecimal UTF-8 of the key of the portal",
        },
    ),
    "article_keys": (
        "By what a search orders and chooses; triggers keep it in line with `articles`.",
        {
            "id": "the article",
            "moment": "its `date_published`, else its `first_seen`",
            "is_dated": "1: `moment` is `date_published`",
            "status": "as in `articles`",
        },
    ),
    "han_variants": (
        "Characters that are searched as one, from OpenCC (Apache License 2.0).",
        {"variant": "a character", "kept": "the one that stands in the index for it"},
    ),
}

VIEWS: dict[str, tuple[str, Meanings]] = {
    "history": (
        "Every reading of every article, the current one included.",
        {
            "article_id revision": "the article, and the number of the reading",
            "seen_at replaced_at": "when it was fetched, and when the next; null: it is current",
            "replaced_by": "`edit` or `extraction`; null for the current one",
            "changes": "as in `revisions`",
            "title date_published source authors editors body": AS_IN_ARTICLES,
        },
    ),
    "articles_per_day": (
        "How much was published; articles without a date are left out.",
        {"site source": "portal and 来源", "day": "the portal's own day", "articles": "how many"},
    ),
    "gaps": (
        "Days without an article that is stored, between two of a site that have some.",
        {
            "site": "key of the portal",
            "last_day next_day": "the days with articles before and after",
            "days_missing": "how many lie between",
        },
    ),
    "reprint_chains": (
        "Each copy beside the article that it was taken from.",
        {
            "story_id": "the text",
            "article_id site source title date_published url": "the copy",
            "of_id of_site of_title of_date_published of_url": "where it was taken from",
            "basis likeness share edits": "as in `reprints`",
        },
    ),
    "edits": (
        "What publishers changed after publication.",
        {
            "article_id site url title date_published": "the article as it is now",
            "revision seen_at replaced_at classes changes": "as in `revisions`",
            "fields": "JSON list of the fields that changed",
        },
    ),
    "field_coverage": (
        "How many of the articles that a run read had a field.",
        {
            "site run_id started": "portal and run",
            "field articles_with articles": "how many of its articles had the field",
            "selector_missed": "on how many the profile's selectors for it found nothing",
        },
    ),
    "completeness": (
        "What lists named, by list and day, and how far it came.",
        {
            "site list day": "portal, address of the list, day stated there or else found on",
            "listed answered articles stored": "addresses named; of these answered, read as an "
            "article, and stored",
        },
    ),
    "recommendations": (
        "Which article recommended which.",
        {
            "target_id target_title target_url": "what is recommended; the id is null until it is "
            "stored",
            "article_id site url title date_published": "the article that recommends it",
            "list_heading kind position shown_title title_full": "where, and under which title",
        },
    ),
}

INTRODUCTION = """\
# Schema

Every table, view and column of an archive. This page is made from a database by
`python tools/schema_page.py`. The tables `articles_fts_data`, `articles_fts_idx`,
`articles_fts_docsize` and `articles_fts_config` belong to the full-text index and
`_sqlite_migrations` to newsspider: it says which steps of the schema have been taken.
"""
QUERIES_INTRODUCTION = """\
# Queries

Queries in plain SQL for the `sqlite3` shell, Datasette and anything else that reads SQLite; no
extension is needed. What begins with a colon is a parameter: in the shell set it first, as in
`.parameter set :q "'共建'"`. `newsspider.store.views.QUERIES` has them for programs.

The searches take words apart by spaces or punctuation; all must occur. A Han run is one word,
whatever its length; simplified and traditional, full and half width are the same. Nothing in `:q`
is syntax.
"""


def schema_page(db: sqlite3.Connection) -> str:
    """Return the page of all tables and views of *db*; KeyError when one has no meaning here."""
    parts = [INTRODUCTION]
    for kind, meanings in (("table", TABLES), ("view", VIEWS)):
        parts.append(f"## {kind.capitalize()}s\n")
        for name in _names(db, kind):
            what, columns = meanings[name]
            parts.append(f"### {name}\n\n{what}\n")
            parts.append("\n".join(_rows(db, name, columns)) + "\n")
    return "\n".join(parts)


def queries_page() -> str:
    """Return the page of the documented queries."""
    parts = [QUERIES_INTRODUCTION]
    for name, query in QUERIES.items():
        parts.append(f"## {name}\n\n{query.title}.\n\n```sqlite\n{query.sql};\n```\n")
    return "\n".join(parts)


def _names(db: sqlite3.Connection, kind: str) -> list[str]:
    rows = db.execute("select name from sqlite_master where type = ? order by rowid", (kind,))
    inner = ("articles_fts_", "sqlite_", "_")
    return [row[0] for row in rows if not row[0].startswith(inner)]


def _rows(db: sqlite3.Connection, table: str, columns: Meanings) -> Iterator[str]:
    known = {name: meaning for names, meaning in columns.items() for name in names.split()}
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for _, name, kind, *_ in db.execute(f"pragma table_info({table})"):
        yield f"| `{name}` | {kind.lower()} | {known.pop(name)} |"
    if known:
        raise KeyError(f"{table} has no column {', '.join(known)}")
