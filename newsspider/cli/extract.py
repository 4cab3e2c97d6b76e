"""newsspider extract: the article of one page, from a file, a pipe or the network."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from newsspider import extract as read_article
from newsspider.cli.common import show_json
from newsspider.cli.config import check_contact, read_config
from newsspider.cli.reader import show_article
from newsspider.errors import NewsspiderError, UsageError
from newsspider.items import Article, as_json
from newsspider.profiles import available, find, load, match
from newsspider.text import printable
from newsspider.urls import is_local_host

if TYPE_CHECKING:
    from newsspider.profiles import Profile

MAX_PAGE_BYTES = 64 * 1024 * 1024
"""No page is as long; a film given by mistake is."""
LEAST_CONFIDENCE = 0.5
"""Below it a page counts as no article."""


@click.command()
@click.argument("page", metavar="FILE|URL|-")
@click.option("--url", help="Address of the page in FILE: its links are made absolute by it.")
@click.option(
    "--profile", "profile_name", metavar="NAME|FILE", help="Profile; default: by the address."
)
@click.option("--contact", help="Mail address or page for webmasters; goes into the user agent.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON, UTF-8.")
def extract(
    page: str, url: str | None, profile_name: str | None, contact: str | None, json_wanted: bool
) -> int:
    """Read one page from a file, an address or stdin (-) and print its article.

    \b
        newsspider extract page.html --url https://news.example.org/a/1.html --json

    Exit status 1, after printing what was read, when the page is hardly an article.
    """
    article = _read(page, url, profile_name, contact)
    (show_json if json_wanted else show_article)(as_json(article))
    if article.confidence >= LEAST_CONFIDENCE:
        return 0
    told = f"newsspider: no article in {page} (confidence {article.confidence:.2f})"
    click.echo(printable(told), err=True)
    return 1


def _read(page: str, url: str | None, profile_name: str | None, contact: str | None) -> Article:
    if page.lower().startswith(("http://", "https://")):
        return _read_network(page, profile_name, contact)
    if page == "-":
        html = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
    else:
        try:
            with Path(page).open("rb") as file:
                html = file.read(MAX_PAGE_BYTES + 1)
        except OSError as error:
            raise NewsspiderError(f"{page}: {error.strerror}") from error
    if len(html) > MAX_PAGE_BYTES:
        raise UsageError(f"{page} is longer than {MAX_PAGE_BYTES // 2**20} MB: no page")
    return read_article(html, url, profile=_profile(profile_name, url))


def _read_network(address: str, profile_name: str | None, contact: str | None) -> Article:
    known = check_contact(contact) if contact else read_config().contact
    if not known and not is_local_host(urlsplit(address).hostname or ""):
        raise UsageError(
            'no contact: write contact = "you@example.org" into newsspider.toml, '
            "set NEWSSPIDER_CONTACT or give --contact, so that webmasters can reach you"
        )
    # Scrapy takes most of a second to import: only for an address.
    from newsspider.spiders.fetch import fetch_page

    fetched = fetch_page(address, contact=known)
    return read_article(
        fetched.body,
        fetched.url,
        content_type=fetched.content_type,
        profile=_profile(profile_name, fetched.url),
        fetched_at=datetime.now(UTC),
    )


def _profile(name: str | None, url: str | None) -> "Profile | None":
    if name:
        return load(Path(name)) if name.endswith(".toml") else find(name)
    return match(url, available()) if url else None
