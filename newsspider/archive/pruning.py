"""Which records of the raw archive may go, and files without them.

A file is never changed: what stays is copied, record by record, into a new one, and the old one
goes when no row names it any more.
"""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from newsspider.archive.framing import Frame
from newsspider.archive.reader import OPEN_SUFFIX, RawArchive
from newsspider.archive.records import moment
from newsspider.archive.warcfile import FinishedFile
from newsspider.errors import DamagedRecord, RawArchiveError

Keep = Literal["first", "last", "changes"]
"""Of the answers of each address: the first, the last, each that has a body of its own."""
KEEPS: tuple[str, ...] = get_args(Keep)
GENERATION = re.compile(r"(?:-p(\d+))?(\.warc(?:\.gz)?)$")


class _Answer(NamedTuple):
    """A response or revisit; addresses and ids as hashes, since there may be millions."""

    target: int
    captured_at: datetime
    file: int
    offset: int
    record: int
    original: int
    """Id of the response that a revisit refers to; 0 for a response."""


@dataclass(kw_only=True)
class FilePlan:
    """What stays of one file."""

    name: str
    kept: list[tuple[int, int]] = field(default_factory=list)
    """Where records begin that stay, and how long they are."""
    dropped: list[int] = field(default_factory=list)
    dropped_ids: list[str] = field(default_factory=list)
    dropped_bytes: int = 0
    answers: int = 0
    """Responses and revisits that stay."""


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """A file in the place of another one; `file` None: nothing of it stays."""

    old: str
    file: FinishedFile | None
    offsets: dict[int, int]
    """New places of records by their old ones."""
    dropped_ids: list[str]


def plan(
    raw: RawArchive,
    names: Sequence[str],
    *,
    keep: frozenset[str],
    before: datetime | None,
    protected: Iterable[str],
    on_damage: Callable[[str], None],
) -> list[FilePlan]:
    """Return what stays of those of *names* that lose a record.

    Answers captured since *before* stay, those that *keep* names, those with a *protected* id, and
    every response that one of these refers to. What stands beside an answer goes with it.
    A file with damage is told to *on_damage* and left alone.
    """
    whole, answers = _answers(raw, names, on_damage)
    safe = set(map(hash, protected))
    by_target: dict[int, list[_Answer]] = defaultdict(list)
    for answer in answers:
        by_target[answer.target].append(answer)
    for group in by_target.values():
        group.sort(key=lambda answer: (answer.captured_at, answer.file, answer.offset))
        safe.update(answer.record for answer in _kept(group, keep, before))
    # A response that lies in a damaged file stays anyway.
    safe |= {a.original for a in answers if a.record in safe and a.original}
    gone = {answer.record for answer in answers} - safe
    plans = [_plan_file(raw, name, gone) for name in whole] if gone else []
    return [one for one in plans if one.dropped]


def _kept(
    group: Sequence[_Answer], keep: frozenset[str], before: datetime | None
) -> Iterable[_Answer]:
    if "first" in keep:
        yield group[0]
    if "last" in keep:
        yield group[-1]
    for answer in group:
        is_young = before is not None and answer.captured_at >= before
        if is_young or ("changes" in keep and not answer.original):
            yield answer


def _answers(
    raw: RawArchive, names: Sequence[str], on_damage: Callable[[str], None]
) -> tuple[list[str], list[_Answer]]:
    whole, answers = [], []
    for number, name in enumerate(names):
        damage: list[str] = []
        found = []
        try:
            for frame in raw.frames(raw.path_of(name), damage.append):
                if frame.get("WARC-Type") in ("response", "revisit"):
                    found.append(_answer(frame, number))
        except (DamagedRecord, RawArchiveError) as error:
            damage.append(f"{name}: {error}")
        if damage:
            on_damage(f"left alone: {damage[0]}")
        else:
            whole.append(name)
            answers += found
    return whole, answers


def _answer(frame: Frame, file: int) -> _Answer:
    is_revisit = frame.get("WARC-Type") == "revisit"
    return _Answer(
        target=hash(frame.target),
        captured_at=moment(frame),
        file=file,
        offset=frame.offset,
        record=hash(frame.record_id),
        original=hash(frame.get("WARC-Refers-To").strip("<>")) if is_revisit else 0,
    )


def _plan_file(raw: RawArchive, name: str, gone: set[int]) -> FilePlan:
    found = FilePlan(name=name)
    for frame in raw.frames(raw.path_of(name), lambda _: None):
        kind = frame.get("WARC-Type")
        # A request, or the head of a 304, goes with its answer.
        owner = frame.get("WARC-Concurrent-To").strip("<>") or frame.record_id
        if hash(owner) in gone:
            found.dropped.append(frame.offset)
            found.dropped_ids.append(frame.record_id)
            found.dropped_bytes += frame.length
        else:
            found.kept.append((frame.offset, frame.length))
            found.answers += kind in ("response", "revisit")
    if not found.answers:
        # Nothing is worth a file of its own any more.
        found.dropped_bytes = raw.path_of(name).stat().st_size
    return found


def next_name(folder: Path, name: str) -> str:
    """Return the name of the file that takes the place of *name*.

    >>> next_name(Path("."), "a-00001.warc.gz"), next_name(Path("."), "a-00001-p9.warc.gz")
    ('a-00001-p1.warc.gz', 'a-00001-p10.warc.gz')
    """
    found = GENERATION.search(name)
    stem = name[: found.start()] if found else name
    number = int(found[1] or 0) if found else 0
    while True:
        number += 1
        new = f"{stem}-p{number}{found[2] if found else ''}"
        if not (folder / new).exists():
            return new


def rewrite(raw: RawArchive, one: FilePlan) -> Rewritten:
    """Write the file that takes the place of the one of *one*, which stays where it is.

    Raises:
        RawArchiveError: it cannot be written.
    """
    if not one.answers:
        return Rewritten(old=one.name, file=None, offsets={}, dropped_ids=one.dropped_ids)
    new = next_name(raw.folder, one.name)
    path = raw.folder / new
    part = path.with_name(new + OPEN_SUFFIX)
    digest, size, offsets = hashlib.sha256(), 0, {}
    try:
        with raw.path_of(one.name).open("rb") as source, part.open("wb") as target:
            for offset, length in one.kept:
                source.seek(offset)
                data = source.read(length)
                target.write(data)
                digest.update(data)
                offsets[offset] = size
                size += length
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RawArchiveError(f"cannot write {path}: {error.strerror or error}") from error
    file = FinishedFile(name=new, size_bytes=size, sha256=digest.hexdigest(), records=len(one.kept))
    return Rewritten(old=one.name, file=file, offsets=offsets, dropped_ids=one.dropped_ids)
