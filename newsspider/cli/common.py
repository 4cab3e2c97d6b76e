"""What the commands share: their common options, JSON and tables on stdout."""

import json
import os
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import click

from newsspider.archive.reader import folder_of
from newsspider.errors import RawArchiveError
from newsspider.text import printable

Item = TypeVar("Item")
Command = TypeVar("Command", bound=Callable[..., Any])

database_option = click.option(
    "--db",
    type=click.Path(path_type=Path),
    envvar="NEWSSPIDER_DB",
    default="data/archive.db",
    show_default=True,
    help="The archive; NEWSSPIDER_DB names it, too.",
)
raw_option = click.option(
    "--warc-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="NEWSSPIDER_WARC_DIR",
    metavar="FOLDER",
    help="Folder of the raw archive; default: warc beside the archive.",
)
profiles_option = click.option(
    "--profiles",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder of profiles, looked at before ./sites and the package.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, UTF-8.")

COUNTED_S = 0.5
"""Between two looks at how far something has come; what is shorter shows nothing."""
WIDEST_COLUMN = 44
"""Cells that a column other than the last may take on a terminal."""


def raw_folder(db: Path, warc_dir: Path | None) -> Path:
    """Return the folder of the raw archive of *db*.

    Raises:
        RawArchiveError: there is none.
    """
    folder = folder_of(db, warc_dir)
    if not folder.is_dir():
        raise RawArchiveError(f"no raw archive at {folder}")
    return folder


def choice_options(command: Command) -> Command:
    """Add the options that choose among stored articles: --site --since --until --status."""
    for option in (
        click.option(
            "--status",
            type=click.Choice(("live", "gone", "moved")),
            help="Only articles of this status; default: all.",
        ),
        click.option(
            "--until",
            metavar="DATE",
            help="Published up to this day, month or year, itself included.",
        ),
        click.option(
            "--since", metavar="DATE", help="Published from this day on: 2023-03-21, or 2023-03."
        ),
        click.option("--site", help="Only this site, named as in `newsspider stats`."),
    ):
        command = option(command)
    return command


class Counter:
    """Shows on stderr how far something long has come, on a terminal alone."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.is_shown = sys.stderr.isatty()
        self.next_s = time.monotonic() + COUNTED_S

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def counted(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, counting them."""
        for number, item in enumerate(items, 1):
            yield item
            if self.is_shown and time.monotonic() > self.next_s:
                self._show(f"{number:,} {self.unit}")

    def left(self, left: int, total: int) -> None:
        """Show that *left* of *total* are still to be done."""
        if self.is_shown and total and time.monotonic() > self.next_s:
            self._show(f"{100 * (total - left) // total} % of {total:,} {self.unit}")

    def _show(self, text: str) -> None:
        if self.is_shown:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self.next_s = time.monotonic() + COUNTED_S


def show_json(value: Any) -> None:
    """Print *value* as one JSON document, in UTF-8 whatever the terminal speaks."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "replace"))


def show_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print *rows* as JSON, all keys, or as a table of *columns* that fits the terminal."""
    if as_json:
        show_json(list(rows))
    elif rows:
        for line in table_lines(rows, columns):
            click.echo(line)


def table_lines(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return *rows* as aligned lines under a header, cut at the edge of a terminal if it is one."""
    table = [list(columns), *([_cell(row[name]) for name in columns] for row in rows)]
    widths = [min(max(map(cells, column)), WIDEST_COLUMN) for column in zip(*table, strict=True)]
    edge = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = []
    for number, row in enumerate(table):
        fields = [fitted(text, width) for text, width in zip(row[:-1], widths[:-1], strict=True)]
        line = "  ".join((*fields, row[-1])).rstrip()
        if edge and cells(line) > edge:
            line = fitted(line, edge)
        lines.append(heading(line) if number == 0 else line)
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return printable(json.dumps(value, ensure_ascii=False))
    return printable(str(value))


def heading(text: str) -> str:
    """Return *text* in bold where that can be seen and NO_COLOR does not forbid it."""
    return click.style(text, bold=True) if is_colored() else text


def is_colored() -> bool:
    """Tell whether stdout is a terminal and NO_COLOR does not forbid bold and colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def marked(text: str, marks: Sequence[Sequence[int]]) -> str:
    """Return *text* safe for a terminal, what stands within *marks* in bold where it can be."""
    out, at = [], 0
    for start, end in marks:
        out += [printable(text[at:start]), heading(printable(text[start:end]))]
        at = end
    return "".join((*out, printable(text[at:])))


def cells(text: str) -> int:
    """Return how many terminal cells *text* takes: two for Han and other wide characters.

    >>> cells("共建 ab")
    7
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """Return *text* cut or filled up to exactly *width* cells.

    >>> fitted("共建家园", 6), fitted("ab", 4)
    ('共建… ', 'ab  ')
    """
    size = cells(text)
    if size > width:
        kept, size = [], 1
        for character in text:
            size += _width(character)
            if size > width:
                size -= _width(character)
                break
            kept.append(character)
        text = "".join(kept) + "…"
    return text + " " * (width - size)
