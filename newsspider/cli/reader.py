"""An article for the eyes: what `show` and `extract` print."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import click

from newsspider.cli.common import heading
from newsspider.items import ARTICLE_FIELDS
from newsspider.text import printable

STATE = ("id", "status", "revision", "story_id", "first_seen", "last_seen")
APART = ("body", "body_html", "credits", "images", "related", "breadcrumbs", "provenance")
"""Fields that are not one line of text."""
LABEL_WIDTH = 26

Row = Mapping[str, Any]


def show_article(row: Row) -> None:
    """Print every field of *row* that has a value: lines first, then lists, then the text."""
    for line in article_lines(row):
        click.echo(line)


def article_lines(row: Row) -> Iterator[str]:
    """Yield what `show_article` prints; *row* has the fields of Article as plain JSON values."""
    for name in (*STATE, *ARTICLE_FIELDS):
        value = row.get(name)
        if name not in APART and value not in (None, "", [], {}):
            text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{name:<{LABEL_WIDTH}}{printable(text)}"
    if row["breadcrumbs"]:
        trail = " > ".join(printable(step["name"]) for step in row["breadcrumbs"])
        yield f"{'breadcrumbs':<{LABEL_WIDTH}}{trail}"
    if row["body_html"]:
        yield f"{'body_html':<{LABEL_WIDTH}}{len(row['body_html'])} characters (--json shows them)"
    for name, value in row["provenance"].items():
        yield f"{f'from {printable(name)}':<{LABEL_WIDTH}}{printable(str(value))}"
    yield from _credit_lines(row["credits"])
    yield from _image_lines(row["images"])
    yield from _related_lines(row["related"])
    if row["body"]:
        yield ""
        yield printable(row["body"], newlines=True)


def _credit_lines(items: list[Row]) -> Iterator[str]:
    for credit in items:
        name = printable(credit["name"] or "(no name)")
        yield f"{'credit ' + credit['role']:<{LABEL_WIDTH}}{name}   {printable(credit['raw'])}"


def _image_lines(images: list[Row]) -> Iterator[str]:
    for image in images:
        words = [image["caption"] or image["alt"], image["credit"]]
        text = " / ".join(word for word in words if word)
        yield f"{'image at ' + str(image['position']):<{LABEL_WIDTH}}{printable(image['url'])}"
        if text:
            yield f"{'':<{LABEL_WIDTH}}{printable(text)}"


def _related_lines(related: list[Row]) -> Iterator[str]:
    for (title, kind), items in groupby(related, lambda i: (i["list_heading"], i["kind"])):
        yield ""
        yield heading(f"{printable(title or '(no heading)')} ({kind})")
        for item in items:
            when = f"  {item['date_published']}" if item["date_published"] else ""
            yield f"{item['position']:>4}  {printable(item['title'])}{printable(when)}"
            for text in (item["summary"], item["url"]):
                if text:
                    yield f"      {printable(text)}"
