"""Which sessions make a course count: on some days, at a school, with places left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from courses.models import Session
from staff.loose_types import SqlValues


@dataclass(frozen=True)
class Narrowing:
    """What is asked of a session: begins at `starts` or later, before `ends`; None asks nothing."""

    starts: datetime | None = None
    ends: datetime | None = None
    school_id: int | None = None
    has_places: bool = False

    def __bool__(self) -> bool:
        return self != EVERYTHING

    def of(self, sessions: QuerySet[Session]) -> QuerySet[Session]:
        """The sessions that fit."""
        if self.starts:
            sessions = sessions.filter(starts_at__gte=self.starts)
        if self.ends:
            sessions = sessions.filter(starts_at__lt=self.ends)
        if self.school_id:
            sessions = sessions.filter(school_id=self.school_id)
        if self.has_places:
            sessions = sessions.filter(capacity__gt=F("booked_count") + F("offered_count"))
        return sessions

    def sql(self, table: str) -> tuple[str, SqlValues]:
        """The same as a condition in SQL on a table of sessions, with its values in order."""
        asked = [
            (f"{table}.starts_at >= %s", self.starts),
            (f"{table}.starts_at < %s", self.ends),
            (f"{table}.school_id IS NOT DISTINCT FROM %s", self.school_id),
        ]
        conditions = ["TRUE", *(condition for condition, value in asked if value)]
        if self.has_places:
            conditions.append(f"{table}.capacity > {table}.booked_count + {table}.offered_count")
        return f"({' AND '.join(conditions)})", [value for _, value in asked if value]


EVERYTHING = Narrowing()
