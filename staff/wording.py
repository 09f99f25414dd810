"""Dates, times, money and counts as the whole portal says them, in any language of ours: English.

Templates use these through the filters in `bwt_cpd/templatetags/look.py`; sentences written in
Python (a refusal, a message, a PDF) call them directly, so that a date reads the same everywhere.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def in_london(moment: date | datetime) -> date | datetime:
    """The same moment on the clocks here; a plain date or a naive datetime stays as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(LONDON)
    return moment


def date_words(on: date | datetime) -> str:
    """ "Tue 24 Nov 2026"."""
    local = in_london(on)
    return f"{day_words(local)} {local.year}"


def day_words(on: date | datetime) -> str:
    """ "Tue 24 Nov", where a heading or the tile beside it gives the year."""
    local = in_london(on)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def time_words(at: datetime) -> str:
    """ "15:45", on the clocks here."""
    return f"{in_london(at):%H:%M}"


def time_range(starts_at: datetime, ends_at: datetime) -> str:
    """ "15:45–16:30"."""
    return f"{time_words(starts_at)}–{time_words(ends_at)}"


def when(starts_at: datetime, ends_at: datetime | None = None) -> str:
    """ "Tue 24 Nov 2026, 15:45–16:30"; over several days both ends are said in full."""
    first = f"{date_words(starts_at)}, {time_words(starts_at)}"
    if ends_at is None:
        return first
    if in_london(starts_at).timetuple()[:3] == in_london(ends_at).timetuple()[:3]:
        return f"{first}–{time_words(ends_at)}"
    return f"{first} to {date_words(ends_at)}, {time_words(ends_at)}"


def money(pence: int) -> str:
    """ "£670.70", "£12,000.00"; a negative amount takes a true minus, "−£5.00"."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{pounds:,}.{rest:02d}"


def one_line(words: str) -> str:
    """The words in one line: line ends, control characters and marks of direction become spaces or go.

    For mail headers and calendar files, where a line end would begin a line of its own.
    """
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def ordinal(number: int) -> str:
    """ "1st", "2nd", "3rd", "11th", "22nd"."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def counted(number: int, noun: str, nouns: str = "") -> str:
    """ "1 place", "14 places"; a noun that does not take an s names its plural: "person", "people"."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def listed(words: list[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cy"; nothing for an empty list."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def initials(name: str) -> str:
    """ "MK" for Marta Kowalczyk: first and last word, for the round mark beside a name."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
