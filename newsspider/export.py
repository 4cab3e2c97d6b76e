"""Articles to files: JSON Lines and CSV, streamed, a whole file or none."""

import csv
import errno
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

# What makes a spreadsheet take a cell for a formula; some convert the full width, too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_jsonl(documents: Iterable[str], out: TextIO) -> int:
    """Write *documents*, JSON objects, a line each, characters as they are; return how many."""
    count = 0
    for document in documents:
        out.write(f"{document}\n")
        count += 1
    return count


def write_csv(documents: Iterable[str], out: TextIO, columns: Sequence[str]) -> int:
    """Write *documents*, JSON objects of *columns*, as RFC 4180 with a header; return how many.

    Nested fields are JSON text, absent ones are empty. A text that a spreadsheet would run as a
    formula starts with an apostrophe. *out* must not translate line ends.
    """
    table = csv.writer(out)
    table.writerow(columns)
    count = 0
    for document in documents:
        row = json.loads(document)
        table.writerow([_cell(row[name]) for name in columns])
        count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file, UTF-8, line ends untouched, as `replacing_bytes` does.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    with replacing_bytes(path) as file:
        out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        try:
            yield out
            out.flush()
        finally:
            out.detach()


@contextmanager
def replacing_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file that replaces *path* when the block ends well.

    Until then, and for ever when the block raises, *path* stays what it was.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        # A pipe or a device is written to, not replaced.
        with target.open("wb") as out:
            yield out
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:200]}.", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            # What a full disk says when it is written to names no file.
            error.filename = str(path)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
