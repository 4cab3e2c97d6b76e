"""All portals side by side, a process each: what one of them does is no business of the others."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from newsspider.errors import UsageError
from newsspider.profiles import Profile, available, load

WEIGHT = (130, 1, 2, 4, 3, 0)
"""Exit statuses of portals, the one that is told first; a locked portal is no failure of them."""


@dataclass(frozen=True, kw_only=True)
class Portal:
    """A profile to crawl, or why it cannot be used."""

    name: str
    profile: Profile | None
    error: str | None = None


def portals(folder: Path | None) -> list[Portal]:
    """Return the portals of the profiles in *folder* and ./sites, by name.

    Raises:
        UsageError: there are none.
    """
    found: dict[str, Portal] = {}
    for path in available(folder, packaged=False):
        try:
            profile = load(path)
        except UsageError as error:
            found.setdefault(path.stem, Portal(name=path.stem, profile=None, error=str(error)))
        else:
            found.setdefault(profile.name, Portal(name=path.stem, profile=profile))
    if not found:
        places = f"{folder} or ./sites" if folder else "./sites"
        raise UsageError(f"no profiles in {places}: write one, or name a target")
    return list(found.values())


class Fleet:
    """Runs crawls as processes, *jobs* at a time, those of one site one after the other."""

    def __init__(self, arguments: Sequence[str], *, jobs: int, tell: Callable[[str], None]) -> None:
        """*arguments* are given to every crawl; *tell* is told what each says when it ends."""
        self.arguments = arguments
        self.jobs = jobs
        self.tell = tell
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def run(self, fleet: Sequence[Portal]) -> list[dict[str, Any]]:
        """Crawl every portal and return a row each, as `crawl --json` has them, in their order.

        A first Ctrl-C, or SIGTERM, ends them in good order, a second one at once.
        """
        rows: dict[str, dict[str, Any]] = {}
        waiting = []
        for portal in fleet:
            if portal.profile:
                waiting.append(portal)
            else:
                rows[portal.name] = _row(portal.name, 2, portal.error or "")
                self.tell(f"newsspider: {portal.error}")
        running: dict[Future[dict[str, Any]], Portal] = {}
        with ThreadPoolExecutor(self.jobs) as pool, self._signals():
            while (waiting and not self._stopping) or running:
                for portal in self._startable(waiting, list(running.values())):
                    waiting.remove(portal)
                    running[pool.submit(self._crawl, portal)] = portal
                done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in done:
                    rows[running.pop(future).name] = future.result()
        for portal in waiting:
            rows[portal.name] = _row(portal.name, 130, "not begun")
        return [rows[portal.name] for portal in fleet]

    def _startable(self, waiting: Sequence[Portal], running: Sequence[Portal]) -> list[Portal]:
        out: list[Portal] = []
        for portal in () if self._stopping else waiting:
            if len(running) + len(out) >= self.jobs:
                break
            busy = [p.profile.sites for p in (*running, *out) if p.profile]
            assert portal.profile  # noqa: S101
            if not any(portal.profile.sites & sites for sites in busy):
                out.append(portal)
        return out

    def _crawl(self, portal: Portal) -> dict[str, Any]:
        command = [sys.executable, "-m", "newsspider", "crawl", portal.name, "--json"]
        with self._lock:
            if self._stopping:
                return _row(portal.name, 130, "not begun")
            # Ctrl-C on a terminal goes to every process of a group: these are told by `stop` alone.
            process = subprocess.Popen(  # noqa: S603
                [*command, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._processes.add(process)
        try:
            data, log = process.communicate()
        finally:
            with self._lock:
                self._processes.discard(process)
        words = log.decode("utf-8", "replace").strip()
        if words:
            self.tell(words)
        try:
            (row,) = json.loads(data)
        except ValueError:
            return _row(portal.name, process.returncode, words.rpartition("\n")[2])
        assert isinstance(row, dict)  # noqa: S101
        return row

    @contextmanager
    def _signals(self) -> Any:
        """Let Ctrl-C and SIGTERM end the crawls instead of this process."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        again, self._stopping = self._stopping, True
        for process in tuple(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM if again else signal.SIGINT)


def _row(site: str, status: int, error: str) -> dict[str, Any]:
    row = {"site": site, "exit": status, "counts": {}, "alarms": []}
    return {**row, "error": error} if error else row


def exit_status(rows: Sequence[dict[str, Any]]) -> int:
    """Return the exit status of the whole: the worst, but 75 only when every portal was locked."""
    statuses = [row["exit"] for row in rows]
    if statuses and all(status == 75 for status in statuses):
        return 75
    known = (0 if status == 75 else status for status in statuses)
    return min((s if s in WEIGHT else 1 for s in known), key=WEIGHT.index, default=0)


def table_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *rows* as the summary shows them."""
    out = []
    for row in rows:
        counts, names = row["counts"], sorted({alarm["name"] for alarm in row["alarms"]})
        seconds = counts.get("seconds")
        out.append(
            {
                "site": row["site"],
                "exit": row["exit"],
                **{name: counts.get(name, 0) for name in ("new", "changed", "unchanged", "failed")},
                "minutes": "" if seconds is None else f"{seconds / 60:.1f}",
                "alarms": ", ".join(names) or row.get("error", ""),
            }
        )
    return out


COLUMNS = ("site", "exit", "new", "changed", "unchanged", "failed", "minutes", "alarms")
