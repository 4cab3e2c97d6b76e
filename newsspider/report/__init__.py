"""A month of the archive as one HTML file that needs nothing else: no script, no other file."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from newsspider.report.charts import bars, columns
from newsspider.report.words import named, speaker

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1a; --soft: #6a675f; --line: #e2ded5;
  --paper: #fdfcf9; --bar: #3b6ea5; --gap: #f3dcd0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e5de; --soft: #a29d92; --line: #3a3833; --paper: #1b1a18; --bar: #7fb0e0;
    --gap: #53342a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 52rem; background: var(--paper);
  color: var(--ink); font: 16px/1.6 Georgia, "Songti SC", "Noto Serif CJK SC", "SimSun", serif; }
h1, h2, th, dt, svg { font-family: system-ui, "PingFang SC", "Noto Sans CJK SC",
  "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
p.soft, footer { color: var(--soft); margin: .25rem 0 0; font-size: .9rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 1.5rem 0 0; }
dl div { display: flex; flex-direction: column-reverse; }
dt { color: var(--soft); font-size: .82rem; }
dd { margin: 0; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; font-size: 13px; }
.bar { fill: var(--bar); } .gap { fill: var(--gap); }
.grid { stroke: var(--line); } .axis, .value { fill: var(--soft); } .label { fill: var(--ink); }
.end { text-anchor: end; } .mid { text-anchor: middle; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; }
th, td { padding: .35rem .9rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td.day { white-space: nowrap; font-variant-numeric: tabular-nums; }
a { color: inherit; text-decoration-color: var(--bar); overflow-wrap: anywhere; }
footer { margin-top: 3rem; }
@media print {
  :root { --paper: #fff; --ink: #000; --bar: #444; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-after: avoid; } tr, svg { break-inside: avoid; }
}
"""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the page shows."""

    since: date
    """The first day of the month."""
    beyond: date
    """The first day of the next one."""
    site: str | None
    found: Mapping[str, Any]
    """As store.monthly has it."""
    gaps: Sequence[Mapping[str, Any]]
    """Days with too little: site, day, section, articles, usual."""
    made: date
    language: str
    """`en` or `zh`."""


def render(report: Report) -> str:
    """Return the page; whatever was stored is text in it, never markup."""
    say = speaker(report.language)
    found, days = report.found, _days(report)
    month = (
        f"{report.since.year}年{report.since.month}月"
        if report.language == "zh"
        else (f"{report.since:%B %Y}")
    )
    title = say["title"].format(month=month)
    thin = frozenset(str(gap["day"]) for gap in report.gaps if not gap["section"])
    total = sum(count for _, count in days)
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{escape(report.site or say["all"])}</p>',
        _figures(say, found, total, len(days)),
        f"<h2>{say['per_day']}</h2>{columns(days, title=say['per_day'], marked=thin)}",
        f'<p class="soft">{say["gap_note"]}</p>' if thin else "",
    ]
    charts = ("sources", "sections") if report.site else ("sites", "sources", "sections")
    for name in charts:
        parts.append(f"<h2>{say[name]}</h2>")
        parts.append(bars(found[name], title=say[name]) if found[name] else _nothing(say))
    parts += _lists(say, report)
    parts.append(f"<footer>{escape(say['footer'].format(made=report.made))}</footer>")
    return _page(title, report.language, "".join(parts))


def _page(title: str, language: str, content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    code = "zh-Hans" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{content}</main></body></html>\n"
    )


def _days(report: Report) -> list[tuple[str, int]]:
    counts = report.found["days"]
    span = (report.beyond - report.since).days
    days = (f"{report.since + timedelta(days=n)}" for n in range(span))
    return [(day, counts.get(day, 0)) for day in days]


def _figures(say: Mapping[str, str], found: Mapping[str, Any], total: int, days: int) -> str:
    figures = [
        (say["articles"], f"{total:,}"),
        (say["per_day_average"], f"{total / max(1, days):.1f}"),
        (say["edited"], f"{found['edits_total']:,}"),
        (say["removed"], f"{found['gone_total']:,}"),
        (say["crawls"], f"{found['runs']:,}"),
        (say["failed"], f"{found['failed']:,}"),
    ]
    inner = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return f"<dl>{inner}</dl>"


def _nothing(say: Mapping[str, str]) -> str:
    return f'<p class="soft">{say["nothing"]}</p>'


def _lists(say: Mapping[str, str], report: Report) -> list[str]:
    """Return the parts that are lists: edits, takedowns, gaps, alarms."""
    found = report.found
    edits = [
        (_day(e["replaced_at"]), _link(e), _fields(e["fields"], report.language))
        for e in found["edits"]
    ]
    gone = [
        (_day(g["first_missing"]), _link(g), escape(g["reason"]), _day(g["last_seen"]))
        for g in found["gone"]
    ]
    gaps = [
        (
            _day(str(g["day"])),
            escape(g["site"]),
            escape(g["section"] or say["whole"]),
            str(g["articles"]),
            f"{g['usual']:g}",
        )
        for g in report.gaps
    ]
    alarms = [
        (_day(a["since"]), escape(a["site"]), escape(a["message"]), _day(a["until"] or ""))
        for a in found["alarms"]
    ]
    classes = {named(n, report.language): count for n, count in found["edit_classes"].items()}
    return [
        f"<h2>{say['edits']}</h2>",
        bars(classes, title=say["edit_classes"]) if classes else "",
        _table(say, ("when", "article", "changed"), edits, found["edits_total"]),
        f"<h2>{say['gone']}</h2>",
        _table(say, ("when", "article", "reason", "last_seen"), gone, found["gone_total"]),
        f"<h2>{say['gaps']}</h2>",
        _table(say, ("when", "portal", "section", "articles", "usual"), gaps, len(gaps)),
        f"<h2>{say['alarms']}</h2>",
        _table(say, ("when", "portal", "what", "until"), alarms, found["alarms_total"]),
    ]


def _table(
    say: Mapping[str, str], names: Sequence[str], rows: Sequence[Iterable[str]], total: int
) -> str:
    """Return a table of cells that are markup already, the first of each row a day."""
    if not rows:
        return _nothing(say)
    note = ""
    if total > len(rows):
        note = f'<p class="soft">{say["more"].format(shown=len(rows), total=total)}</p>'
    head = "".join(f"<th>{say[name]}</th>" for name in names)
    lines = []
    for first, *others in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        lines.append(f'<tr><td class="day">{first}</td>{cells}</tr>')
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f'{note}<div class="wide">{table}</div>'


def _day(moment: str) -> str:
    return escape(moment[:10])


def _link(row: Mapping[str, Any]) -> str:
    """Return the article's title, a link where its address is a web address."""
    title, url = escape(row["title"] or row["url"]), str(row["url"])
    if not url.startswith(("http://", "https://")):
        return title
    return f'<a href="{escape(url)}" rel="noreferrer">{title}</a>'


def _fields(stored: str, language: str) -> str:
    return escape(", ".join(named(str(field), language) for field in json.loads(stored)))
