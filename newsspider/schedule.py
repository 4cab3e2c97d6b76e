"""When each portal is crawled, as lines for cron and units for systemd. Pure text.

Formats: crontab(5), systemd.timer(5), systemd.service(5), systemd.time(7).
"""

import hashlib
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from newsspider.errors import UsageError

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY
STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
"""Minutes that divide an hour."""
HOURS = (1, 2, 3, 4, 6, 8, 12)
"""Hours that divide a day."""
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.A)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One portal that is crawled again and again."""

    name: str
    """Of the profile."""
    every: timedelta
    folder: Path
    """Absolute; where newsspider.toml, sites/ and data/ are looked for."""
    command: tuple[str, ...]
    """Program and arguments; it leaves alone what is not due yet."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The moments of a job: the coarsest grid that both calendars know and the interval allows."""

    step_min: int
    """1 to 30, or whole hours, a day or a week."""
    minute: int
    hour: int
    weekday: int


def slot_of(job: Job) -> Slot:
    """Return when *job* is started: always the same for a name, spread over all that is allowed.

    The grid is finer than the interval where that divides no hour, day or week evenly; what comes
    too early finds that it is not due.
    """
    minutes = max(1, int(job.every.total_seconds() // 60))
    if minutes >= WEEK and minutes % WEEK == 0:
        step = WEEK
    elif minutes >= DAY and minutes % DAY == 0:
        step = DAY
    elif minutes >= HOUR:
        step = HOUR * max(h for h in HOURS if minutes % (h * HOUR) == 0 or h == 1)
        if minutes % HOUR:
            step = 15
    else:
        step = max(s for s in STEPS if minutes % s == 0)
    digest = int.from_bytes(hashlib.sha256(f"{job.folder}\n{job.name}".encode()).digest()[:8])
    offset = digest % step
    return Slot(
        step_min=step, minute=offset % HOUR, hour=offset // HOUR % 24, weekday=offset // DAY
    )


def cron_line(job: Job) -> str:
    """Return the line of a crontab for *job*.

    Raises:
        UsageError: a path has a line break, which no crontab can hold.
    """
    slot = slot_of(job)
    step = slot.step_min
    if step < HOUR:
        times = f"{'*' if step == 1 else f'{slot.minute}-59/{step}'} * * * *"
    elif step < DAY:
        hours = "*" if step == HOUR else f"{slot.hour}-23/{step // HOUR}"
        times = f"{slot.minute} {hours} * * *"
    elif step == DAY:
        times = f"{slot.minute} {slot.hour} * * *"
    else:
        times = f"{slot.minute} {slot.hour} * * {slot.weekday}"
    words = f"cd {shlex.quote(str(job.folder))} && {shlex.join(job.command)}"
    if re.search(r"[\n\r\0]", words):
        raise UsageError(f"a crontab cannot hold a line break: {words!r}")
    # cron takes an unescaped % for a line break.
    return f"{times} {words.replace('%', chr(92) + '%')}"


def calendar(job: Job) -> str:
    """Return the OnCalendar expression of a systemd timer for *job*."""
    slot = slot_of(job)
    step = slot.step_min
    if step < HOUR:
        return f"*-*-* *:{slot.minute:02}/{step}:00"
    if step < DAY:
        hours = "*" if step == HOUR else f"{slot.hour:02}/{step // HOUR}"
        return f"*-*-* {hours}:{slot.minute:02}:00"
    day = f"{WEEKDAYS[slot.weekday]} " if step == WEEK else ""
    return f"{day}*-*-* {slot.hour:02}:{slot.minute:02}:00"


def _quoted(word: str) -> str:
    """Return *word* as one argument of ExecStart: specifiers and variables made harmless."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$")}"'


def units(job: Job) -> dict[str, str]:
    """Return the systemd units of *job*, text by file name.

    Raises:
        UsageError: a name or path cannot stand in a unit.
    """
    if not NAME.fullmatch(job.name) or re.search(r"[\n\r\0]", str(job.folder)):
        raise UsageError(f"no unit can be named or hold {job.name!r} in {str(job.folder)!r}")
    unit = f"newsspider-{job.name}"
    folder = str(job.folder).replace("%", "%%")
    program, *arguments = job.command
    start = " ".join((_quoted(program), *map(_quoted, arguments)))
    service = f"""\
[Unit]
Description=newsspider crawls {job.name}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={start}
# Ends in good order, as with Ctrl-C; what was read is kept.
KillSignal=SIGINT
TimeoutStopSec=120
# 3: alarms, which are told; 75: another run crawls the portal; 130: it was stopped.
SuccessExitStatus=3 75 130
Nice=10
"""
    timer = f"""\
[Unit]
Description=newsspider crawls {job.name}

[Timer]
OnCalendar={calendar(job)}
# What was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{unit}.service": service, f"{unit}.timer": timer}


def block(jobs: Sequence[Job], folder: Path) -> list[str]:
    """Return the lines of a crontab that are newsspider's for *folder*, its marks included."""
    begin, end = _marks(folder)
    return [begin, *map(cron_line, jobs), end]


def _marks(folder: Path) -> tuple[str, str]:
    place = str(folder).encode("unicode_escape").decode("ascii")
    return f"# BEGIN newsspider {place}", f"# END newsspider {place}"


def with_block(crontab: str, folder: Path, lines: Iterable[str]) -> str:
    """Return *crontab* with *lines* in place of the block of *folder*, or at its end.

    No lines take the block out. Everything else stays as it is, byte by byte.

    Raises:
        UsageError: the block is damaged: one of its marks is missing, or there are several.
    """
    begin, end = _marks(folder)
    rows = crontab.splitlines(keepends=True)
    marks = [row.rstrip("\r\n") for row in rows]
    new = [f"{line}\n" for line in lines]
    if begin not in marks and end not in marks:
        if new and rows and not rows[-1].endswith("\n"):
            rows[-1] += "\n"
        return "".join((*rows, *new))
    if marks.count(begin) != 1 or marks.count(end) != 1 or marks.index(end) < marks.index(begin):
        raise UsageError(
            f"the crontab's block of newsspider is damaged: mend or remove the lines from "
            f"{begin!r} to {end!r} with `crontab -e`"
        )
    first, last = marks.index(begin), marks.index(end)
    return "".join((*rows[:first], *new, *rows[last + 1 :]))
