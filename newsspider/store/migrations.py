"""The schema, as steps that are never changed once released: a new need is a new step at the end.

The statements are SQL, not calls: `.schema` in the sqlite3 shell shows them with their comments.
"""

import sqlite3

from sqlite_utils import Database, Migrations

from newsspider.store.connection import APPLICATION_ID, SCHEMA_VERSION, transaction
from newsspider.store.views import VIEWS
from newsspider.variants import every_variant

migrations = Migrations("newsspider")

INITIAL = (
    """
create table articles (
  id integer primary key,
  url text not null unique,
  site text not null,
  status text not null default 'live' check (status in ('live', 'gone', 'moved')),
  revision integer not null default 1,  -- 1 is the first reading; only the publisher moves it
  story_id integer references stories (story_id),
  first_seen text not null,
  last_seen text not null,
  title text,
  kicker text,
  subtitle text,
  date_published text,  -- ISO 8601 with the page's own offset; a day without a clock is a date
  date_published_raw text,
  date_published_precision text,
  date_modified text,
  date_modified_precision text,
  source text,
  source_url text,
  authors text not null default '[]',  -- JSON
  editors text not null default '[]',  -- JSON
  dateline text,
  section text,
  breadcrumbs text not null default '[]',  -- JSON
  keywords text not null default '[]',  -- JSON
  description text,
  language text,
  canonical_url text,
  requested_url text,
  page_urls text not null default '[]',  -- JSON
  next_page text,
  confidence real not null default 0,
  provenance text not null default '{}',  -- JSON
  fetched_at text not null,  -- of the reading in this row; last_seen is when it was last confirmed
  http_status integer,
  warc_record_id text,
  body_sha256 text not null,
  extractor_version text,
  profile_version text,
  body_hash integer,  -- of letters and digits of the folded body; null when too short to tell
  body text not null default '',  -- the long columns last: a scan of the others skips them
  body_html text
) strict""",
    "create index articles_site_date on articles (site, date_published)",
    "create index articles_date on articles (date_published)",
    "create index articles_section on articles (site, section, date_published)",
    """
create index articles_source on articles (source, date_published) where source is not null""",
    "create index articles_story on articles (story_id)",
    "create index articles_body_hash on articles (body_hash) where body_hash is not null",
    """
create table stories (  -- reprints share a story, every other article has its own
  story_id integer primary key,
  first_article_id integer references articles (id),  -- published first, else seen first
  size integer not null default 0
) strict""",
    """
create table reprints (  -- from whom each article of a story but the first is
  article_id integer primary key references articles (id) on delete cascade,  -- the copy
  of_id integer not null references articles (id) on delete cascade,  -- taken from this one
  basis text not null,  -- outlet: its 来源 is that site; source: the same 来源; earliest: no other
  likeness text not null,  -- exact, near (sentences are the same), touched (each a bit different)
  share real not null,  -- of the shorter text that stands in the other
  edits text not null  -- JSON: title_changed, sentences_kept, _changed, _dropped, _added ...
) strict""",
    "create index reprints_of on reprints (of_id)",
    """
create table passages (  -- the smallest hashes of clauses of each text: by these copies are found
  hash integer not null,
  article_id integer not null,
  primary key (hash, article_id)
) strict, without rowid""",
    """
create table outlets (  -- which site a printed 来源 links to, as pages say
  name text not null,
  site text not null,
  primary key (name, site)
) strict, without rowid""",
    """
create table revisions (  -- every reading that was replaced; the current one is in articles
  id integer primary key,
  article_id integer not null references articles (id) on delete cascade,
  revision integer not null,  -- the number that this reading had
  kind text not null check (kind in ('edit', 'extraction')),  -- replaced by an edit, or read anew
  seen_at text not null,  -- when this reading was fetched
  replaced_at text not null,  -- when the next one was fetched
  changes text not null,  -- JSON {field: [value here, value in the next reading]}
  classes text not null default '[]',  -- JSON: what kinds of change an edit is
  title text,
  kicker text,
  subtitle text,
  date_published text,
  date_published_raw text,
  date_published_precision text,
  date_modified text,
  date_modified_precision text,
  source text,
  source_url text,
  authors text not null,
  editors text not null,
  credits text not null,  -- JSON
  images text not null,  -- JSON
  dateline text,
  section text,
  breadcrumbs text not null,
  keywords text not null,
  description text,
  language text,
  canonical_url text,
  page_urls text not null,
  next_page text,
  confidence real not null,
  provenance text not null,
  http_status integer,
  warc_record_id text,
  body_sha256 text not null,
  extractor_version text,
  profile_version text,
  body text not null,
  body_html text
) strict""",
    "create index revisions_article on revisions (article_id, revision)",
    """
create table credits (
  id integer primary key,
  article_id integer not null references articles (id) on delete cascade,
  position integer not null,  -- order on the page, from 1
  role text not null,
  name text,  -- null: the label stands there without a value
  raw text not null
) strict""",
    "create index credits_article on credits (article_id)",
    "create index credits_name on credits (name, role)",
    """
create table images (
  id integer primary key,
  article_id integer not null references articles (id) on delete cascade,
  position integer not null,  -- how many paragraphs of the body stand before it
  url text not null,
  caption text,
  alt text,
  credit text
) strict""",
    "create index images_article on images (article_id)",
    """
create table related_items (
  id integer primary key,
  article_id integer not null references articles (id) on delete cascade,
  list_heading text,
  kind text not null,
  position integer not null,  -- place within its list, from 1
  title text not null,
  url text,
  summary text,
  date_published text,
  date_published_precision text,
  target_id integer references articles (id) on delete set null,  -- the article, once stored
  cut integer not null default 0,  -- 1: the list shows the title cut short
  title_full text  -- the whole title of a cut one, once an article or another list gives it
) strict""",
    "create index related_items_article on related_items (article_id)",
    # What is linked is found by its target.
    """
create index related_items_url on related_items (url, cut)
  where url is not null and target_id is null""",
    """
create index related_items_waiting on related_items (url) where cut = 1 and title_full is null""",
    "create index related_items_target on related_items (target_id) where target_id is not null",
    """
create table urls (  -- the state of the crawl, and every address that led to an article
  id integer primary key,
  url text not null unique,
  article_id integer references articles (id) on delete set null,
  site text not null,
  kind text not null default 'other'  -- other: not known yet, or none of these
    check (kind in ('article', 'section', 'feed', 'sitemap', 'other')),
  first_seen text not null,
  last_fetched text,  -- the last answer; null: waits to be fetched
  http_status integer,
  etag text,
  last_modified text,
  next_visit text,  -- UTC, so that text compares as time
  found_on text,
  listed_title text,
  listed_date text,
  error text
) strict""",
    "create index urls_site on urls (site, kind)",
    "create index urls_article on urls (article_id) where article_id is not null",
    """
create table runs (
  id integer primary key,
  site text not null,
  started text not null,
  finished text,  -- null: still running, or killed
  exit integer,
  targets text not null default '[]',  -- JSON
  options text not null default '{}',  -- JSON
  counts text not null default '{}',  -- JSON
  measures text not null default '{}'  -- JSON: what its articles looked like; {}: not measured
) strict""",
    "create index runs_site on runs (site, id)",
    """
create table alarms (  -- one row for each time that something went wrong with a portal
  id integer primary key,
  site text not null,
  name text not null,  -- what: field_vanished, list_found_nothing ...
  subject text not null default '',  -- the field, section or list; empty: the portal
  message text not null,  -- as of the last run that showed it
  urls text not null default '[]',  -- JSON: pages that show it
  first_run integer not null references runs (id),
  last_run integer not null references runs (id),
  ended_run integer references runs (id),  -- the first that did not show it; null: in force
  accepted text  -- when a person said that this is how the portal is now
) strict""",
    "create index alarms_site on alarms (site, ended_run)",
    """
create table notices (  -- who was told of an alarm
  alarm_id integer not null references alarms (id) on delete cascade,
  event text not null check (event in ('raised', 'ended')),
  channel text not null,  -- command, webhook, mail
  sent_at text not null,
  primary key (alarm_id, event, channel)
) strict, without rowid""",
    """
create table fetches (
  id integer primary key,
  url text not null,
  run_id integer references runs (id),
  fetched_at text not null,
  http_status integer,  -- null: no answer
  bytes integer not null default 0,
  missing text,  -- 404, 410, home, soft 404, redirect: why the page is not there
  links integer,  -- how many pages of the site a list named; null: no list
  warc_file text,  -- in the folder of the raw archive; null: nothing was kept
  warc_offset integer,
  error text
) strict""",
    "create index fetches_url on fetches (url)",
    "create index fetches_run on fetches (run_id)",
    "create index fetches_links on fetches (run_id) where links is not null",
    "create index fetches_missing on fetches (run_id) where missing is not null",
    """
create table absences (  -- when an article was not at its address; it went between two moments
  id integer primary key,
  article_id integer not null references articles (id) on delete cascade,
  status text not null check (status in ('gone', 'moved')),
  reason text not null,  -- as in fetches.missing
  last_seen text not null,
  first_missing text not null,
  fetch_id integer references fetches (id),  -- the evidence
  moved_to text,  -- where its address leads now
  ended text  -- when it was seen again; null: it is still away
) strict""",
    "create index absences_article on absences (article_id)",
    """
create table warc_files (
  id integer primary key,
  name text not null unique,  -- in the folder of the raw archive
  run_id integer references runs (id),
  bytes integer,  -- null: it is being written, or its run was killed
  sha256 text,
  records integer,
  manifest_id integer references manifests (id)  -- that names it; null: none yet
) strict""",
    """
create table payloads (  -- what was kept already, so that it is not kept twice
  digest blob primary key,  -- SHA-256 of a body as sent
  file_id integer not null references warc_files (id),
  warc_offset integer not null
) strict, without rowid""",
    "create index payloads_file on payloads (file_id)",
    """
create table manifests (  -- what each run left, each with the digest of the one before
  id integer primary key,
  run_id integer references runs (id),
  sealed_at text not null,
  sha256 text not null,  -- of document
  document text not null  -- JSON
) strict""",
    """
create table unsealed (  -- rows that no manifest names yet
  kind text not null check (kind in ('articles', 'revisions')),
  row_id integer not null,
  digest text not null,
  primary key (kind, row_id)
) strict, without rowid""",
    # Contentless: the text is in articles already; what is indexed is its overlapping pairs. The
    # longest text stands first because the index notes the column of every word of the others.
    """
create virtual table articles_fts using fts5 (
  body, title, source, authors, site, content='', tokenize='unicode61'
)""",
    # Narrow, so that the hits of a search are put in order without reading the articles.
    """
create table article_keys (  -- by what a search orders and chooses; triggers keep it
  id integer primary key,  -- of the article
  moment text not null,  -- date_published, else first_seen
  is_dated integer not null,  -- 1: moment is date_published
  status text not null
) strict""",
    "create index article_keys_moment on article_keys (moment)",
    """
create trigger article_keys_insert after insert on articles begin
  insert into article_keys values (new.id, ifnull(new.date_published, new.first_seen),
    new.date_published is not null, new.status);
end""",
    """
create trigger article_keys_update after update of date_published, first_seen, status on articles
  when old.date_published is not new.date_published or old.first_seen <> new.first_seen
    or old.status <> new.status begin
  update article_keys set moment = ifnull(new.date_published, new.first_seen),
    is_dated = new.date_published is not null, status = new.status where id = new.id;
end""",
    """
create trigger article_keys_delete after delete on articles begin
  delete from article_keys where id = old.id;
end""",
    """
create table han_variants (  -- characters that are searched as one: simplified and traditional
  variant text primary key,
  kept text not null  -- the form that stands in the full-text index
) strict, without rowid""",
    """
create view history as  -- every reading of every article, the current one included
  select article_id, revision, seen_at, replaced_at, kind as replaced_by, changes,
         title, date_published, source, authors, editors, body
    from revisions
  union all
  select id, revision, fetched_at, null, null, null,
         title, date_published, source, authors, editors, body
    from articles""",
    *VIEWS,
)


@migrations(name="0001_initial")
def initial(db: Database) -> None:
    """Make every table."""
    for statement in INITIAL:
        db.conn.execute(statement.strip())
    db.conn.executemany("insert into han_variants values (?, ?)", every_variant().items())


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring the schema to SCHEMA_VERSION in one transaction; others that do the same wait."""
    db = Database(connection, execute_plugins=False)
    with transaction(connection):
        migrations.apply(db)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
