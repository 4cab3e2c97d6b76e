"""Times of articles: as printed for readers, as written for machines, as named by addresses."""

from newsspider.dates.machine import date_in_url, parse_machine
from newsspider.dates.printed import find_printed, parse_printed
from newsspider.dates.when import When
from newsspider.dates.words import MODIFIED

__all__ = ["MODIFIED", "When", "date_in_url", "find_printed", "parse_machine", "parse_printed"]
