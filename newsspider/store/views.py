"""Views for archivists, and queries with parameters for the shell and for Datasette: plain SQL."""

from dataclasses import dataclass

VIEWS = (
    """
create view articles_per_day as  -- the portal's own day; only dated articles
  select site, source, substr(date_published, 1, 10) as day, count(*) as articles
    from articles where date_published is not null group by 1, 2, 3""",
    """
create view gaps as  -- days between two with articles of a site that have none
  select site, last_day, next_day,
         cast(julianday(next_day) - julianday(last_day) as integer) - 1 as days_missing
    from (select site, day as last_day,
                 lead(day) over (partition by site order by day) as next_day
            from (select distinct site, substr(date_published, 1, 10) as day
                    from articles where date_published is not null))
   where julianday(next_day) - julianday(last_day) > 1""",
    """
create view reprint_chains as  -- each copy beside the article it was taken from
  select c.story_id, r.article_id, c.site, c.source, c.title, c.date_published, c.url,
         r.of_id, o.site as of_site, o.title as of_title, o.date_published as of_date_published,
         o.url as of_url, r.basis, r.likeness, r.share, r.edits
    from reprints r join articles c on c.id = r.article_id join articles o on o.id = r.of_id""",
    """
create view edits as  -- what publishers changed after publication
  select r.article_id, a.site, a.url, a.title, a.date_published, r.revision,
         r.seen_at, r.replaced_at, r.classes,
         (select json_group_array(key) from json_each(r.changes)) as fields, r.changes
    from revisions r join articles a on a.id = r.article_id where r.kind = 'edit'""",
    """
create view field_coverage as  -- how many of the articles that a run read had a field
  select r.site, r.id as run_id, r.started, f.key as field, f.value as articles_with,
         r.measures ->> 'articles' as articles,
         ifnull(r.measures ->> ('$.missed.' || f.key), 0) as selector_missed
    from runs r, json_each(r.measures, '$.fields') f""",
    """
create view completeness as  -- what lists named, by list and day, and how far each address came
  select u.site, u.found_on as list, substr(coalesce(u.listed_date, u.first_seen), 1, 10) as day,
         count(*) as listed, count(u.last_fetched) as answered,
         sum(u.kind = 'article') as articles, count(u.article_id) as stored
    from urls u join urls l on l.url = u.found_on and l.kind in ('section', 'feed', 'sitemap')
   where u.kind in ('article', 'other') group by 1, 2, 3""",
    """
create view recommendations as  -- which article recommended which
  select r.target_id, t.title as target_title, r.url as target_url, r.article_id, a.site, a.url,
         a.title, a.date_published, r.list_heading, r.kind, r.position, r.title as shown_title,
         r.title_full
    from related_items r join articles a on a.id = r.article_id
    left join articles t on t.id = r.target_id""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedQuery:
    """A query that an archivist can take as it is."""

    title: str
    parameters: tuple[str, ...]
    sql: str


# Whether a character is Han, by code point: the ranges of text.HAN.
_HAN = (
    "({0} between 0x3400 and 0x4dbf or {0} between 0x4e00 and 0x9fff or {0} in (0x3005, 0x3007)"
    " or {0} between 0xf900 and 0xfaff or {0} between 0x20000 and 0x3ffff)"
)
_BREAK = (
    "({0} is null or {0} < 0x30 or {0} between 0x3a and 0x40 or {0} between 0x5b and 0x60"
    " or {0} between 0x7b and 0xa9 or {0} between 0x2000 and 0x206f"
    " or {0} between 0x3000 and 0x3004 or {0} between 0x3008 and 0x303f"
    " or {0} between 0xfe10 and 0xfe6f)"
)

_MATCH = f"""\
with recursive
  -- one character a row: full width to half width, traditional to simplified
  letters(place, letter) as (
    select 0, ' '
    union all
    select place + 1, case
        when unicode(substr(:q, place + 1, 1)) between 0xff01 and 0xff5e
          then char(unicode(substr(:q, place + 1, 1)) - 0xfee0)
        else ifnull((select kept from han_variants where variant = substr(:q, place + 1, 1)),
                    substr(:q, place + 1, 1)) end
      from letters where place < length(:q)),
  kinds(place, letter, code, is_han, is_break) as materialized (
    select place, letter, unicode(letter), {_HAN.format("unicode(letter)")},
           {_BREAK.format("unicode(letter)")}
      from letters),
  -- words in quotes; a Han run is the pairs of its characters, a lone character the start of one
  phrase(place, text, run, is_open) as (
    select 0, '', 0, 0
    union all
    select p.place + 1,
      p.text || case
        when k.is_break then case when not p.is_open then ''
          when p.run = 1 then '"* ' else '" ' end
        else case when p.is_open then '' else '"' end || case
          when not k.is_han then
            case when p.run > 1 then ' ' || b.letter || ' ' when p.run = 1 then ' ' else '' end
            || k.letter
          when n.is_han then ' ' || k.letter || n.letter
          when p.run = 0 then ' ' || k.letter
          else '' end end,
      case when k.is_han then p.run + 1 else 0 end,
      not k.is_break
      from phrase p
      join kinds k on k.place = p.place + 1
      join kinds b on b.place = p.place
      left join kinds n on n.place = p.place + 2),
  question(match) as (
    select text || case when not is_open then '' when run = 1 then '"*' else '"' end
      from phrase order by place desc limit 1)
"""

SEARCH_NEWEST = (
    _MATCH
    + """\
select a.id, a.date_published, a.site, a.title, a.url
  -- the rows of articles are long: only those of the newest are read
  from (select k.id, k.moment
          from articles_fts f cross join article_keys k on k.id = f.rowid
         where f.articles_fts match (select match from question)
         order by k.moment desc, k.id desc limit 20) n
  join articles a on a.id = n.id
 order by n.moment desc, n.id desc"""
)
SEARCH_BEST = (
    _MATCH
    + """\
select a.id, a.date_published, a.site, a.title, a.url
  from articles_fts f join articles a on a.id = f.rowid
 where f.articles_fts match (select match from question)
   and f.rank match 'bm25(1.0, 4.0, 1.0, 1.0, 0.0)'
 order by f.rank limit 20"""
)

QUERIES = {
    "search_newest": DocumentedQuery(
        title="Articles that hold every word of :q, the newest first",
        parameters=("q",),
        sql=SEARCH_NEWEST,
    ),
    "search_best": DocumentedQuery(
        title="Articles that hold every word of :q, the best first",
        parameters=("q",),
        sql=SEARCH_BEST,
    ),
    "per_day": DocumentedQuery(
        title="Articles of a site a day, by source",
        parameters=("site",),
        sql="""\
select day, source, articles from articles_per_day
 where site = :site order by day desc, articles desc""",
    ),
    "gaps": DocumentedQuery(
        title="Days without an article, by site, the longest gap first",
        parameters=(),
        sql="""\
select site, last_day, next_day, days_missing from gaps order by days_missing desc, site""",
    ),
    "reprint_chain": DocumentedQuery(
        title="All copies of the text of an article, each with the one it was taken from",
        parameters=("id",),
        sql="""\
select a.id, a.site, a.source, a.date_published, a.title, r.of_id, r.basis, r.likeness, r.edits
  from articles a left join reprints r on r.article_id = a.id
 where a.story_id = (select story_id from articles where id = :id)
 order by ifnull(a.date_published, a.first_seen), a.id""",
    ),
    "edits": DocumentedQuery(
        title="What a site changed after publication, the latest change first",
        parameters=("site",),
        sql="""\
select article_id, title, date_published, replaced_at, classes, fields
  from edits where site = :site order by replaced_at desc""",
    ),
    "recommended_by": DocumentedQuery(
        title="Which articles recommended this one, under which heading",
        parameters=("id",),
        sql="""\
select article_id, date_published, title, list_heading, position, shown_title
  from recommendations where target_id = :id order by date_published, article_id""",
    ),
}
