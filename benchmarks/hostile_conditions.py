"""Kill -9 at random moments, a full disk, a read-only file: what is left of the archive."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import synthetic_news as news

from newsspider.errors import ArchiveError
from newsspider.store import Archive
from newsspider.store.records import Batch

STEP = 20
ARTICLES = 1200
Tell = Callable[..., None]


def write_some(path: Path) -> None:
    """Write the articles in batches and acknowledge each batch on stdout."""
    with Archive(path, create=True) as archive:
        for start in range(0, ARTICLES, STEP):
            made = tuple(news.article(n) for n in range(start, start + STEP))
            archive.write(Batch(articles=made))
            print(start + STEP, flush=True)


def is_whole(path: Path) -> bool:
    """Tell whether database, full text and foreign keys are consistent."""
    with sqlite3.connect(path) as db:
        fine = db.execute("pragma integrity_check").fetchone()[0] == "ok"
        fine = fine and not db.execute("pragma foreign_key_check").fetchall()
        db.execute("insert into articles_fts (articles_fts) values ('integrity-check')")
        db.execute("insert into articles_fts (articles_fts, rank) values ('integrity-check', 0)")
        db.execute(
            "create virtual table if not exists temp.v using fts5vocab(main, articles_fts, row)"
        )
        count = db.execute("select count(*) from articles").fetchone()[0]
        rows = db.execute("select count(*) from articles_fts_docsize").fetchone()[0]
    db.close()
    return bool(fine and count == rows)


def has_tables(path: Path) -> bool:
    """Tell whether the writer came as far as to make the tables, which it does all at once."""
    if not path.exists():
        return False
    with sqlite3.connect(path) as db:
        found = db.execute("select count(*) from sqlite_master where name = 'articles'").fetchone()
    db.close()
    return bool(found[0])


def stored(path: Path) -> int:
    with sqlite3.connect(path) as db:
        count = int(db.execute("select count(*) from articles").fetchone()[0])
    db.close()
    return count


def kills(folder: Path, times: int, tell: Tell) -> None:
    """Kill a writer *times* times at random moments; the next one goes on with the same file."""
    dice = random.Random(9)
    path = folder / "killed.db"
    broken = lost = done = partial = 0
    for number in range(times):
        with subprocess.Popen(
            [sys.executable, __file__, "write", str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout
            # One in five while it starts, which makes the tables; the others while it writes.
            first = "" if number % 5 == 0 else writer.stdout.readline()
            time.sleep(dice.uniform(0, 2))
            writer.send_signal(signal.SIGKILL)
            told = int((first + writer.stdout.read()).strip().rpartition("\n")[2] or 0)
        if has_tables(path):
            broken += not is_whole(path)
            kept = stored(path)
            lost += max(0, told - kept)
            partial += kept < ARTICLES
        else:
            lost += told
        done += 1
        if not has_tables(path) or stored(path) > ARTICLES / 2:
            for file in folder.glob("killed.db*"):
                file.unlink()
    subprocess.run(
        [sys.executable, __file__, "write", str(path)], stdout=subprocess.DEVNULL, check=True
    )
    complete = stored(path) == ARTICLES and is_whole(path)
    tell("kill -9: archives broken", broken, f"of {done}", "0")
    tell("kill -9: acknowledged articles lost", lost, "", "0")
    tell("kill -9: with articles still to write", partial, f"of {done}")
    tell("kill -9: the rerun completes", complete, "", "True")


def full_disk(folder: Path, tell: Tell) -> None:
    """Let files grow to 3 MB only; then let the database have so many pages only."""
    for name, limit in (("file size limit", "fsize"), ("page limit", "pages")):
        path = folder / f"{limit}.db"
        ran = subprocess.run(
            [sys.executable, __file__, limit, str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        told = ran.stderr.strip().rpartition("\n")[2]
        clear = ran.returncode == 1 and told.startswith("ArchiveError:") and str(path) in told
        tell(f"full disk, {name}: error", clear, told[-60:], "True")
        tell(f"full disk, {name}: archive whole", is_whole(path), f"{stored(path)} kept", "True")


def read_only(folder: Path, tell: Tell) -> None:
    """Write to a file that may only be read."""
    place = folder / "sealed"
    place.mkdir()
    path = place / "archive.db"
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=tuple(news.article(n) for n in range(STEP))))
    path.chmod(0o444)
    place.chmod(0o555)
    folder.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, __file__, "sealed", str(path)], capture_output=True, text=True, check=False
    )
    place.chmod(0o755)
    told = ran.stderr.strip().rpartition("\n")[2]
    tell("read-only file: error", ran.returncode == 1 and str(path) in told, told[-60:], "True")
    path.chmod(0o644)
    tell("read-only file: archive whole", is_whole(path) and stored(path) == STEP, "", "True")


def run(folder: Path, times: int, tell: Tell) -> None:
    """Do all of it in *folder*."""
    kills(folder, times, tell)
    full_disk(folder, tell)
    read_only(folder, tell)
    shutil.rmtree(folder / "sealed")


def main() -> None:
    what, path = sys.argv[1], Path(sys.argv[2])
    try:
        if what == "fsize":
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
        elif what == "pages":
            with Archive(path, create=True) as archive:
                archive._db.execute("pragma max_page_count = 600")
                for n in range(ARTICLES):
                    archive.write(Batch(articles=(news.article(n),)))
        elif what == "sealed" and os.geteuid() == 0:
            os.setuid(65534)
        write_some(path)
    except ArchiveError as error:
        sys.exit(f"ArchiveError: {error}")


if __name__ == "__main__":
    main()
