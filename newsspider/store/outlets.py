"""An outlet: where what names it as 来源 stands, and who took it from whom."""

import sqlite3
from typing import Any

Row = dict[str, Any]

NEWEST_COUNTED = 1_000
"""Newest articles of an outlet that are counted."""

COUNT = """
select count(*) as articles, min(date_published) as first, max(date_published) as last
from articles where source = ?"""
OF_OUTLET = f"""
select id, site from articles where source = ?
order by date_published desc limit {NEWEST_COUNTED}"""
ITS_SITES = "select site from outlets where name = ? order by site"
CARRIERS = f"""
select site as value, count(*) as articles from ({OF_OUTLET}) group by 1 order by 2 desc, 1"""
CHAINS = f"""
select o.site as of_site, c.site, r.basis, count(*) as articles
from ({OF_OUTLET}) c join reprints r on r.article_id = c.id join articles o on o.id = r.of_id
where o.site <> c.site group by 1, 2, 3"""


def outlet(db: sqlite3.Connection, name: str) -> Row:
    """Return what is known of an outlet, by the newest NEWEST_COUNTED articles that name it.

    `articles`, `first` and `last` are of all of them. `sites`: which portals pages link the name
    to. `carriers`: portals that have its articles, {value, articles}. `reprints`: how many
    articles `site` took from `of_site`, the commonest first.
    """
    found = dict(db.execute(COUNT, (name,)).fetchone())
    edges: dict[tuple[str, str], int] = {}
    for row in db.execute(CHAINS, (name,)):
        key = row["of_site"], row["site"]
        edges[key] = edges.get(key, 0) + row["articles"]
    ordered = sorted(edges.items(), key=lambda edge: (-edge[1], edge[0]))
    return {
        "name": name,
        **found,
        "sites": [row[0] for row in db.execute(ITS_SITES, (name,))],
        "carriers": [dict(row) for row in db.execute(CARRIERS, (name,))],
        "reprints": [
            {"of_site": of_site, "site": site, "articles": count}
            for (of_site, site), count in ordered
        ],
    }
