"""What a page and its headers say to crawlers beside robots.txt."""

from collections.abc import Iterable
from dataclasses import replace

from newsspider.extract.reading import Reading


def robots_of(headers: Iterable[str], reading: Reading) -> frozenset[str]:
    """Return the directives of meta robots and of X-Robots-Tag *headers* for every crawler."""
    said = set(reading.robots)
    for value in headers:
        directives = value.lower()
        agent, colon, rest = directives.partition(":")
        # "googlebot: noindex" is for another crawler; "unavailable_after: date" is no agent.
        if colon and agent.strip() in ("newsspider", "*"):
            directives = rest
        elif colon:
            continue
        said.update(word.strip() for word in directives.split(","))
    if "none" in said:
        said |= {"noindex", "nofollow"}
    return frozenset(said)


def with_robots(reading: Reading, said: frozenset[str]) -> Reading:
    """Return *reading* with what was *said* in the provenance of its article."""
    if not said:
        return reading
    provenance = {**reading.article.provenance, "robots": ", ".join(sorted(said))}
    return replace(reading, article=replace(reading.article, provenance=provenance))
