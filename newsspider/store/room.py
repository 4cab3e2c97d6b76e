"""`ReadingRoom`: an archive opened for reading, with what the pages of `newsspider serve` ask."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from newsspider.errors import NotFound
from newsspider.store import Archive, outlets, overview, surroundings
from newsspider.store.cards import cards, newest
from newsspider.store.choice import Choice
from newsspider.store.connection import speaking_of
from newsspider.store.facets import Asked, find
from newsspider.store.queries import runs_of
from newsspider.store.watching import Watch

__all__ = ["Asked", "ReadingRoom"]

Row = dict[str, Any]

DAYS_SHOWN = 53 * 7
"""Days of a calendar: a year of whole weeks."""


class ReadingRoom(Archive):
    """An archive for readers alone: each question is bounded, whatever the archive holds."""

    def __init__(self, path: str | Path) -> None:
        """Open the archive at *path* for reading; errors as of `Archive`."""
        super().__init__(path, read_only=True)

    def front(self, today: date) -> Row:
        """Return `totals`, `portals`, the newest `articles`, and the `alarms` in force."""
        with speaking_of(self.path):
            return {
                "totals": overview.totals(self._db),
                "portals": overview.portals(self._db),
                "alarms": Watch(self._db, self.path).alarms(),
                "articles": cards(
                    self._db, newest(self._db, Choice(), before=_future(today), limit=20)
                ),
            }

    def sites(self) -> list[str]:
        """Return the keys of all portals that have articles, in order."""
        with speaking_of(self.path):
            return overview.sites(self._db)

    def calendar(self, today: date, *, site: str | None = None, year: int | None = None) -> Row:
        """Return how many articles appeared on each of DAYS_SHOWN days, or of the days of *year*.

        `days` are {day, articles}, [] when nothing has a date; they end with the latest article,
        but not after tomorrow. `years` are the first and the last with articles, None without any.
        """
        with speaking_of(self.path):
            found = overview.span(self._db, today, site)
            if found is None:
                return {"days": [], "years": None}
            first, last = found
            years = [first.year, last.year]
            if year is not None and first.year <= year <= last.year:
                start, end = date(year, 1, 1), date(year, 12, 31)
            else:
                start, end = last - timedelta(days=DAYS_SHOWN - 1), last
            return {"days": overview.per_day(self._db, start, end, site), "years": years}

    def find(self, asked: Asked) -> Row:
        """Return a page of a search and its facets, see `facets.find`.

        Raises:
            UsageError: the search or an option makes no sense.
        """
        with speaking_of(self.path):
            return find(self._db, asked)

    def article(self, key: int | str) -> Row:
        """Return an article, every field under its name, with what stands around it.

        Beside the keys of `Archive.get`: `lists` (related items, each with its `target_id`), `raw`
        (warc_file and warc_offset, or None), `recommended_by`, `copies`, `addresses`, `older`,
        `newer`, `readings`, `absences`.

        Raises:
            NotFound: nothing is stored under *key*.
        """
        with speaking_of(self.path):
            found = self.get(key)
            article_id = found["id"]
            history = self.history(article_id)
            return {
                **found,
                "lists": surroundings.related(self._db, article_id),
                "raw": surroundings.raw_place(self._db, article_id),
                "recommended_by": surroundings.recommended_by(self._db, article_id),
                "copies": surroundings.copies(self._db, article_id),
                "addresses": surroundings.addresses(self._db, article_id),
                **surroundings.beside(self._db, found),
                "readings": history["readings"],
                "absences": history["absences"],
            }

    def raw_place(self, article_id: int) -> tuple[str, int]:
        """Return the file and the place of the answer that an article was read from.

        Raises:
            NotFound: there is no such article, or the raw archive has none of it.
        """
        with speaking_of(self.path):
            place = surroundings.raw_place(self._db, article_id)
        if place is None:
            raise NotFound(f"the raw archive has no page of article {article_id}")
        return place["warc_file"], place["warc_offset"]

    def portal(self, site: str, today: date) -> Row:
        """Return what is known of a portal.

        `site`, `articles`, `newest`, `oldest`, `last_run`, `sections`, `sources`, `coverage` by
        month, `alarms` in force, `runs` (the last 20), `latest` articles.

        Raises:
            NotFound: there is no article and no run of *site*.
        """
        with speaking_of(self.path):
            runs = runs_of(self._db, site, 20)
            row = next((p for p in overview.portals(self._db) if p["site"] == site), None)
            if row is None:
                if not runs:
                    raise NotFound(f"nothing is stored of the portal {site[:200]!r}")
                row = dict.fromkeys(("newest", "oldest")) | {"site": site, "articles": 0}
                row["last_run"] = runs[0]["started"]
            days = overview.span(self._db, today, site)
            ids = newest(self._db, Choice(site=site), before=_future(today), limit=10)
            return {
                **row,
                "sections": overview.sections(self._db, site),
                "sources": overview.sources(self._db, site),
                "coverage": overview.coverage(self._db, site, days[1]) if days else [],
                "alarms": Watch(self._db, self.path).alarms(site),
                "runs": runs,
                "latest": cards(self._db, ids),
            }

    def outlet(self, name: str) -> Row:
        """Return what is known of an outlet (`outlets.outlet`), and its `latest` articles.

        Raises:
            NotFound: no article names it.
        """
        with speaking_of(self.path):
            found = outlets.outlet(self._db, name)
            if not found["articles"]:
                raise NotFound(f"no article names the source {name[:200]!r}")
            ids = newest(self._db, Choice(), source=name, limit=20)
            return found | {"latest": cards(self._db, ids)}


def _future(today: date) -> str:
    """Return the first moment that no zone of the earth has reached by the end of *today*."""
    return (today + timedelta(days=2)).isoformat()
