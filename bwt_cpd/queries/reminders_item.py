"""One line of a digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to remind one person of. `kind` and `subject_key` make it once only.

    `preference` is the field of MessagePreference with which they do without it. `formerly` is what
    releases before this one remembered it by, without the date it is about, and since when that can
    have been about this date.
    """

    person_id: int
    kind: str
    subject_key: str
    line: str
    url: str
    label: str
    not_after: datetime
    preference: str = "wants_session_reminders"
    formerly: tuple[str, date] | None = None


def midnight(on: date) -> datetime:
    """When a date begins here."""
    return timezone.make_aware(datetime.combine(on, time.min))
