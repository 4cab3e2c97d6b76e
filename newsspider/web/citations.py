"""References to an archived article: GB/T 7714-2015 and BibTeX."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsspider.text import HAN_RUN, printable

MOST_NAMED = 3
"""Authors that GB/T 7714-2015 names (8.1.2) before it says 等 or et al."""
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {character: f"\\{character}" for character in "#$%&_"}

Row = Mapping[str, Any]


def gbt7714(article: Row) -> str:
    """Return the reference of *article* as GB/T 7714-2015 writes one of a web page (8.5).

    AUTHORS. TITLE[EB/OL]. OUTLET, (PUBLISHED)[READ]. ADDRESS. Without persons it begins with the
    title, as 8.1.4 allows; READ is the day on which the archived page was fetched.
    """
    title = _line(article["title"]) or _line(article["url"])
    published, read = (article["date_published"] or "")[:10], (article["fetched_at"] or "")[:10]
    parts = [_gbt_names(article["authors"]), f"{title}[EB/OL]"]
    dates = (f"({published})" if published else "") + (f"[{read}]" if read else "")
    outlet = _line(article["source"])
    parts.append(", ".join(filter(None, (outlet, dates))))
    parts.append(_line(article["url"]))
    return ". ".join(filter(None, parts)) + "."


def _gbt_names(names: Sequence[str]) -> str:
    named = [_line(name) for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        named.append("等" if HAN_RUN.search(named[0]) else "et al")
    return ", ".join(named)


def bibtex(article: Row) -> str:
    """Return *article* as an `@online` entry of BibLaTeX."""
    date = (article["date_published"] or "")[:10]
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in article["authors"]),
        "title": f"{{{_tex(article['title'] or article['url'])}}}",
        "organization": _tex(article["source"]),
        "date": date,
        "url": re.sub(r"[{}\\]", lambda match: f"%{ord(match[0]):02X}", _line(article["url"])),
        "urldate": (article["fetched_at"] or "")[:10],
        "langid": {"zh": "chinese", "en": "english"}.get((article["language"] or "")[:2], ""),
        "note": f"sha256:{article['body_sha256']}",
    }
    key = re.sub(r"[^A-Za-z0-9]+", "", article["site"]) + date[:4]
    lines = [f"@online{{{key}-{article['id']},"]
    lines += [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((*lines, "}"))


def _line(text: str | None) -> str:
    return " ".join(printable(text or "").split())


def _tex(text: str | None) -> str:
    return "".join(TEX.get(character, character) for character in _line(text))
