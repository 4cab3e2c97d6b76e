"""The pages of one article joined to the article."""

from collections.abc import Sequence
from dataclasses import replace

from newsspider.extract.title import key_of
from newsspider.items import Article, Credit, Image, RelatedItem, body_digest


def join_pages(parts: Sequence[Article]) -> Article:
    """Return the article whose pages are *parts*, in order; the first one gives what all of them
    repeat.

    Title lines repeated on later pages are dropped, pictures keep their place in the joined text,
    credits of
    later pages are added, related lists that every page repeats appear once.

    Raises:
        ValueError: *parts* is empty.
    """
    if not parts:
        raise ValueError("no pages to join")
    first, *others = parts
    if not others:
        return first
    lines, markup, images = _text(parts)
    body = "\n".join(lines)
    return replace(
        first,
        body=body,
        body_html="\n".join(markup) or None,
        body_sha256=body_digest(body),
        images=tuple(images),
        credits=_credits(parts),
        authors=_merged([part.authors for part in parts]),
        editors=_merged([part.editors for part in parts]),
        source=next((part.source for part in parts if part.source), None),
        source_url=next((part.source_url for part in parts if part.source_url), None),
        related=_related(parts),
        page_urls=tuple(part.requested_url or part.url for part in parts),
        next_page=others[-1].next_page,
        confidence=max(part.confidence for part in parts),
    )


def _text(parts: Sequence[Article]) -> tuple[list[str], list[str], list[Image]]:
    """Return the lines, the mark-up and the pictures of all pages, in order."""
    first = parts[0]
    title = key_of(first.title or "")
    lines: list[str] = []
    markup: list[str] = []
    images: list[Image] = []
    for part in parts:
        own = part.body.split("\n") if part.body else []
        kept = own
        if part is not first:
            while kept and title and key_of(kept[0]) == title:
                kept = kept[1:]
        shift = len(lines) - (len(own) - len(kept))
        seen = {image.url for image in images}
        images.extend(
            replace(image, position=max(0, image.position + shift))
            for image in part.images
            if image.url not in seen
        )
        lines.extend(kept)
        if part.body_html:
            markup.append(part.body_html)
    return lines, markup, images


def _merged(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def _credits(parts: Sequence[Article]) -> tuple[Credit, ...]:
    """Return the credits of all pages; a label without a value only where no page fills it."""
    every = list(dict.fromkeys(credit for part in parts for credit in part.credits))
    filled = {credit.role for credit in every if credit.name}
    return tuple(credit for credit in every if credit.name or credit.role not in filled)


def _related(parts: Sequence[Article]) -> tuple[RelatedItem, ...]:
    out: dict[tuple[str | None, str | None, str], RelatedItem] = {}
    for part in parts:
        for item in part.related:
            out.setdefault((item.list_heading, item.url, item.title if not item.url else ""), item)
    return tuple(out.values())
