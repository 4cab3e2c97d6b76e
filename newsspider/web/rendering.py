"""Templates to HTML. What they show comes from pages of the web: all of it is made inert here."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from newsspider.text import HAN_RUN, printable
from newsspider.web import charts, markup
from newsspider.web.answer import Page
from newsspider.web.request import LANGUAGES, THEMES, PageRequest, path_of
from newsspider.web.words import Words, spoken

HERE = Path(__file__).parent
STATIC = HERE / "static"
KANA = re.compile("[\u3040-\u30ff]")


def html_of(page: Page, request: PageRequest) -> str:
    """Return *page* as HTML in the language and the colours of *request*."""
    words = spoken(request.language)
    context = {
        **page.data,
        **page.shown,
        "data": page.data,
        "request": request,
        "t": words,
        "languages": LANGUAGES,
        "themes": THEMES,
        "when": _when,
        "age": lambda moment: _age(moment, request.today, words),
    }
    return _templates().get_template(page.template).render(context)


def json_of(page: Page) -> str:
    """Return the data of *page* as JSON text."""
    return json.dumps(page.data, ensure_ascii=False, indent=1)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "path_of": path_of,
        "asset": _asset,
        "bar": lambda value, most: Markup(charts.bar(value, most)),  # noqa: S704
    }
    made.filters |= {
        "marked": marked,
        "pieces": _pieces,
        "readable": lambda html, picture: Markup(markup.readable(html, picture)),  # noqa: S704
        "web_address": markup.web_address,
        "lang": language_of_text,
        "svg": Markup,
        "grouped": lambda number: f"{number:,}",
        "value": _value,
    }
    return made


def _inert(value: Any) -> Any:
    """Return what a template is about to show without control characters and bidi overrides."""
    if value is None:
        return ""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return printable(value)
    return value


@cache
def _asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that browsers keep it."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/room/{name}?{digest}"


def marked(text: str | None, marks: Sequence[Sequence[int]]) -> Markup:
    """Return *text* with what stands within *marks* in mark elements."""
    text = text or ""
    out, at = Markup(), 0
    for start, end in marks:
        out += escape(printable(text[at:start]))
        out += Markup("<mark>{}</mark>").format(printable(text[start:end]))
        at = end
    return out + escape(printable(text[at:]))


def _pieces(pieces: Sequence[Sequence[str]], side: str) -> Markup:
    """Return one *side* (- or +) of a compared text; what the other lacks is del or ins."""
    tag = {"-": "del", "+": "ins"}[side]
    out = Markup()
    for mark, text in pieces:
        if mark == "=":
            out += escape(printable(text))
        elif mark == side:
            out += Markup("<{0}>{1}</{0}>").format(tag, printable(text))
    return out


def _value(value: Any) -> str:
    """Return a field's value for a reader: lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float):
        return f"{value:.1f}"
    return json.dumps(value, ensure_ascii=False)


def language_of_text(text: str | None, declared: str | None = None) -> str:
    """Return the BCP 47 tag for a lang attribute; "" where nobody knows."""
    if declared and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", declared):
        return declared
    if text and HAN_RUN.search(text):
        return "ja" if KANA.search(text) else "zh"
    return ""


def _when(moment: str | None) -> str:
    """Return a stored moment for a reader: on its own clock, without the offset.

    >>> _when("2023-03-21T13:21:05+08:00"), _when("2023-03-21"), _when(None)
    ('2023-03-21 13:21', '2023-03-21', '')
    """
    return (moment or "")[:16].replace("T", " ")


def _age(moment: str | None, today: date, words: Words) -> str:
    """Return how many days ago *moment* was."""
    if not moment:
        return ""
    try:
        days = (today - datetime.fromisoformat(moment).date()).days
    except ValueError:
        return ""
    return words("today") if days <= 0 else words("days_ago", n=days)
