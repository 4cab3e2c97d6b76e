"""Lines for cron and units for systemd, and a crontab in which only our own block is touched."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from newsspider.errors import UsageError
from newsspider.profiles import interval
from newsspider.schedule import Job, block, calendar, cron_line, slot_of, units, with_block

FAKE = """#!/bin/sh
file={file}
case "$1" in
  -l) [ -f "$file" ] || {{ echo "no crontab for reader" >&2; exit 1; }}; cat "$file";;
  -) cat > "$file.new" && mv "$file.new" "$file"; echo written >> "$file.log";;
  *) exit 2;;
esac
"""
OTHERS = "MAILTO=me@example.org\n\n# mine\n5 4 * * * echo 100\\% | mail me\n"


def job(name: str = "bohai", every: str = "6h", folder: str = "/srv/my news") -> Job:
    command = ("/opt/py thon", "-m", "newsspider", "crawl", name, "--db", f"{folder}/a%b$c.db")
    return Job(name=name, every=interval(every), folder=Path(folder), command=command)


def fires(line: str, moment: datetime) -> bool:
    """Tell whether cron starts *line* at *moment*, by crontab(5)."""
    minute, hour, _, _, weekday = line.split()[:5]

    def matches(field: str, value: int, top: int) -> bool:
        span, _, step = field.partition("/")
        low, _, high = (f"0-{top}" if span == "*" else span).partition("-")
        last = int(high) if high else (top if step else int(low))
        return int(low) <= value <= last and (value - int(low)) % int(step or 1) == 0

    return (
        matches(minute, moment.minute, 59)
        and matches(hour, moment.hour, 23)
        and matches(weekday, moment.isoweekday() % 7, 6)
    )


@pytest.mark.parametrize(
    ("every", "runs_a_week"),
    [
        *(("1m", 7 * 24 * 60), ("15m", 7 * 96), ("30m", 7 * 48), ("1h", 7 * 24), ("6h", 28)),
        *(("12h", 14), ("1d", 7), ("24h", 7), ("1w", 1), ("7d", 1), ("14d", 1)),
        # No calendar has these; the grid is finer, and --if-due leaves out what is too early.
        *(("7m", 7 * 1440), ("45m", 7 * 96), ("90m", 7 * 96), ("5h", 7 * 24), ("3d", 7)),
        *(("36h", 14), ("10d", 7)),
    ],
)
def test_a_line_fires_as_often_as_it_should(every: str, runs_a_week: int) -> None:
    line = cron_line(job(every=every))
    start = datetime(2026, 3, 2, tzinfo=UTC)
    moments = (start + timedelta(minutes=n) for n in range(7 * 24 * 60))
    assert sum(fires(line, moment) for moment in moments) == runs_a_week


@given(st.integers(1, 366 * 24 * 60))
def test_a_grid_is_never_coarser_than_the_interval(minutes: int) -> None:
    one = Job(name="a", every=timedelta(minutes=minutes), folder=Path("/a"), command=("b",))
    slot = slot_of(one)
    assert slot.step_min <= minutes
    assert minutes % slot.step_min == 0 or slot.step_min <= 15
    assert slot.minute < 60
    assert slot.hour < 24
    assert slot.weekday < 7


def test_portals_have_minutes_of_their_own() -> None:
    minutes = [slot_of(job(f"portal{n}")).minute for n in range(60)]
    assert len(set(minutes)) > 30
    assert minutes == [slot_of(job(f"portal{n}")).minute for n in range(60)]


def test_a_shell_reads_a_line_as_it_was_meant() -> None:
    line = cron_line(job())
    # cron first turns \\% into %, then gives the rest of the line to a shell.
    command = line.split(" ", 5)[5].replace("\\%", "%")
    assert "%" not in line.replace("\\%", "")
    assert shlex.split(command) == ["cd", "/srv/my news", "&&", *job().command]


@pytest.mark.parametrize("folder", ["/a\nb", "/a\rb"])
def test_a_line_break_in_a_path_is_refused(folder: str) -> None:
    with pytest.raises(UsageError):
        cron_line(job(folder=folder))
    with pytest.raises(UsageError):
        units(job(folder=folder))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("every", ["1m", "30m", "45m", "1h", "6h", "1d", "1w"])
def test_systemd_takes_the_units(tmp_path: Path, every: str) -> None:
    folder = tmp_path / "my 100% news"
    folder.mkdir()
    program = folder / "py$thon"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    one = job(every=every, folder=str(folder))
    one = Job(name="bohai", every=one.every, folder=folder, command=(str(program), "a%b"))
    for name, text in units(one).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in units(one)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "newsspider" not in done.stderr, done.stderr
    done = subprocess.run(
        ["systemd-analyze", "calendar", calendar(one)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_unit_holds_any_path() -> None:
    service, timer = units(job(folder="/srv/my 100% news")).values()
    assert "\nWorkingDirectory=/srv/my 100%% news\n" in service
    assert '\nExecStart="/opt/py thon" "-m" "newsspider"' in service
    assert '"/srv/my 100%% news/a%%b$$c.db"\n' in service
    assert "\nOnCalendar=*-*-* " in timer


@pytest.mark.parametrize("before", ["", OTHERS, OTHERS.rstrip("\n"), "# END newsspider /other\n"])
def test_a_block_comes_goes_and_leaves_the_rest(before: str) -> None:
    folder = Path("/srv/my news")
    once = with_block(before, folder, block([job()], folder))
    assert once.startswith(before)
    assert with_block(once, folder, block([job()], folder)) == once
    more = with_block(once + "1 2 * * * later\n", folder, block([job(), job("gezhou")], folder))
    assert more.count("# BEGIN newsspider") == 1
    assert more.endswith("1 2 * * * later\n")
    assert with_block(once, folder, []).rstrip("\n") == before.rstrip("\n")


def test_two_folders_have_two_blocks() -> None:
    one, two = Path("/srv/a"), Path("/srv/b")
    both = with_block(with_block("", one, block([job()], one)), two, block([job()], two))
    assert with_block(both, two, []) == with_block("", one, block([job()], one))


@pytest.mark.parametrize(
    "damaged",
    [
        "# BEGIN newsspider /srv/a\n* * * * * x\n",
        "# END newsspider /srv/a\n",
        "# END newsspider /srv/a\n# BEGIN newsspider /srv/a\n",
        "# BEGIN newsspider /srv/a\n# BEGIN newsspider /srv/a\n# END newsspider /srv/a\n",
    ],
)
def test_a_damaged_block_is_left_alone(damaged: str) -> None:
    with pytest.raises(UsageError, match="damaged"):
        with_block(damaged, Path("/srv/a"), [])


@pytest.fixture
def scheduled(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs `newsspider schedule` with a crontab program of its own."""
    home, programs = tmp_path / "my 100% news", tmp_path / "bin"
    (home / "sites").mkdir(parents=True)
    programs.mkdir()
    (programs / "crontab").write_text(FAKE.format(file=shlex.quote(str(tmp_path / "tab"))))
    (programs / "crontab").chmod(0o755)
    for name, every in (("bohai", "6h"), ("gezhou", "1d")):
        text = f'home = "http://127.0.0.1/"\nevery = "{every}"\n'
        (home / "sites" / f"{name}.toml").write_text(text, encoding="utf-8")

    def run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "newsspider", "schedule", *arguments],
            cwd=home,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PATH": path or f"{programs}{os.pathsep}{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_install_and_remove(
    scheduled: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    tab = tmp_path / "tab"
    tab.write_text(OTHERS, encoding="utf-8")
    for _ in range(2):
        done = scheduled("--install")
        assert done.returncode == 0, done.stderr
    written = tab.read_text(encoding="utf-8")
    assert written.startswith(OTHERS)
    lines = written.removeprefix(OTHERS).splitlines()
    assert len(lines) == 4
    assert (tmp_path / "tab.log").read_text().count("written") == 1, "written again for nothing"
    shown = json.loads(scheduled("--show", "--json").stdout)
    assert [row["cron"] for row in shown] == lines[1:3]
    # The line is what a shell can run: up to the crawl, which finds nobody at that port.
    command = lines[1].split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert (tmp_path / "my 100% news" / "data" / "archive.db").exists()
    assert scheduled("--remove").returncode == 0
    assert tab.read_text(encoding="utf-8") == OTHERS


def test_a_first_crontab(
    scheduled: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    assert scheduled("--remove").returncode == 0
    assert not (tmp_path / "tab").exists()
    assert scheduled("--install").returncode == 0
    assert (tmp_path / "tab").read_text(encoding="utf-8").startswith("# BEGIN newsspider")


def test_show_touches_nothing(
    scheduled: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = scheduled()
    assert done.returncode == 0
    assert "newsspider-bohai.timer" in done.stdout
    assert not (tmp_path / "tab").exists()


@pytest.mark.parametrize("action", ["--install", "--remove"])
def test_no_crontab_program(
    scheduled: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, action: str
) -> None:
    done = scheduled(action, path=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("newsspider: no program crontab")


def test_a_crontab_that_cannot_be_read_is_not_written(
    scheduled: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "crontab"
    program.write_text("#!/bin/sh\necho 'crontab: you may not use it' >&2\nexit 1\n")
    done = scheduled("--install")
    assert done.returncode == 1
    assert "you may not use it" in done.stderr
