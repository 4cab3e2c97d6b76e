"""What the raw archive holds, in numbers: each file, each site, each kind of content."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from newsspider.archive.framing import Frame, header, parse_head, split_head
from newsspider.archive.reader import RawArchive
from newsspider.errors import RawArchiveError
from newsspider.urls import site_key_or_none


@dataclass(kw_only=True)
class Survey:
    """Bytes are those on disk."""

    files: list[dict[str, Any]] = field(default_factory=list)
    by_site: Counter[str] = field(default_factory=Counter)
    by_type: Counter[str] = field(default_factory=Counter)
    """Of answers, by Content-Type; a revisit counts under its own."""
    revisits: int = 0
    saved_bytes: int = 0
    """What revisits would take if their bodies were kept again."""


def survey(raw: RawArchive, names: Iterable[str], on_damage: Callable[[str], None]) -> Survey:
    """Return what is in the files *names*; reads all of them. Damage is told and passed over."""
    found = Survey()
    sizes: dict[str, int] = {}
    for name in names:
        try:
            path = raw.path_of(name)
        except RawArchiveError as error:
            on_damage(str(error))
            continue
        kinds: Counter[str] = Counter()
        dates: list[str] = []
        for frame in raw.frames(path, on_damage):
            kind = frame.get("WARC-Type")
            kinds[kind] += 1
            dates = [*dates[:1], frame.get("WARC-Date")]
            found.by_site[site_key_or_none(frame.target) or "-"] += frame.length
            if kind in ("response", "revisit"):
                _count(found, frame, sizes, is_revisit=kind == "revisit")
        found.files.append(
            {
                "file": name,
                "bytes": path.stat().st_size,
                "responses": kinds["response"],
                "revisits": kinds["revisit"],
                "requests": kinds["request"],
                "first": dates[0] if dates else None,
                "last": dates[-1] if dates else None,
            }
        )
    return found


def _count(found: Survey, frame: Frame, sizes: dict[str, int], *, is_revisit: bool) -> None:
    head = split_head(frame.block)
    headers = parse_head(head[0])[1] if head else ()
    kind = header(headers, "Content-Type").partition(";")[0].strip().lower()
    found.by_type[kind or "-"] += frame.length
    digest = frame.get("WARC-Payload-Digest")
    if is_revisit:
        found.revisits += 1
        found.saved_bytes += max(0, sizes.get(digest, 0) - frame.length)
    elif digest:
        sizes[digest] = frame.length
