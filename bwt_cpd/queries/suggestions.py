"""What would close the gap: sessions that fit somebody's role, school and dates, and add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When

from courses.models import LIVE_STATES, Booking, Course, Session
from courses.queries.catalogue import begins_during, sessions_bookable_by
from courses.queries.facts import held_times
from courses.queries.readers import Reader, reader_for
from courses.rules import EVERYONE, Employment, HeldTime, clash_of
from entitlements.durations import in_days, in_hours
from entitlements.models import ActivityKind
from entitlements.queries.standing import Standing
from staff.models import Absence, Person
from staff.wording import counted, time_range

LOOKED_AT = 60
LEAST, MOST = 3, 5
# Workshops of a programme that one applies for: nobody is told to take the second of three.
BY_APPLICATION = ("springboard", "leadership_programme")
NEARLY = 60  # minutes beyond a gap that still fit it
OWN_SCHOOL, ONLINE, ELSEWHERE = 0, 1, 2
FEW_JOBS = 5
"""A course for at most so many job families is meant for these jobs; whole staff groups are many."""
FOR_MANY = 3
"""How much farther away such a course may be and still come before one for many."""


@dataclass(frozen=True)
class Suggestion:
    """A session that can be booked now, and what it would add in the person's own account."""

    session: Session
    minutes: int

    @property
    def adds(self) -> str:
        """ "+ 2 hours"."""
        return f"+ {in_hours(self.minutes)}"

    @property
    def time(self) -> str:
        """ "15:45–17:45", or how many parts it has."""
        parts = self.session.parts.all()
        if len(parts) > 1:
            return counted(len(parts), "date")
        return time_range(self.session.starts_at, self.session.ends_at)

    @property
    def place(self) -> str:
        """Where: the school's name, or that it is online."""
        return self.session.school.name if self.session.school else "Online"

    @property
    def place_icon(self) -> str:
        """The icon beside the place."""
        return "geo-alt" if self.session.school else "camera-video"


@dataclass(frozen=True)
class Suggestions:
    """A few sessions, soonest first and much longer ones last, against what is left to find (`left`, whole minutes)."""

    items: list[Suggestion]
    left: int
    day_minutes: int | None

    @property
    def adds(self) -> int:
        """What all of them add."""
        return sum(item.minutes for item in self.items)

    @property
    def sentence(self) -> str:
        """How they add up to what is left, in words."""
        number = len(self.items)
        if not number:
            return ""
        if min(item.minutes for item in self.items) >= self.left:
            return "Any one of these is enough." if number > 1 else "This one is enough."
        total = in_days(self.adds, self.day_minutes)
        these = f"These {_NUMBERS.get(number, number)} add" if number > 1 else "This one adds"
        if self.adds >= self.left:
            return f"{these} {total} and suit your role, your school and your dates."
        return f"{these} {total} of the {in_days(self.left, self.day_minutes)} left to find."


_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


def suggestions_for(person: Person, standing: Standing | None, *, now: datetime) -> Suggestions | None:
    """Sessions to close the gap; None where there is none to close. Four queries.

    They are for the role the person has by then, open for booking with a place free, over before the year
    and their last contract in it are, at their own
    school, online or elsewhere in that order, those meant for few jobs and theirs before those meant for many
    (a cook travels for a kitchen's course sooner than she stays for a manager's), not at a time they have a
    place, not while they are away, and of courses they have not booked or attended this year. Days somebody does not work are not known.
    Only kinds that count in full, since a capped kind might add nothing, and none that one applies for.
    """
    if standing is None or not standing.left or standing.is_paused or standing.on > standing.last_day:
        return None
    reader = reader_for(person, on=standing.on)
    held = held_times(person.pk, now=now)
    found = _candidates(person, reader, standing, now)
    fitting = [
        Suggestion(session, minutes)
        for session in found
        if (minutes := minutes_of(session.course, standing.day_minutes))
        and clash_of(session.pk, _spans(session), held) is None
    ]
    chosen = choose(fitting, standing.left)
    return Suggestions(chosen, standing.left, standing.day_minutes)


def minutes_of(course: Course, day_minutes: int | None) -> int:
    """What attending the whole course credits: its minutes, or a share of the own working day (R8)."""
    shares = {ActivityKind.Unit.DAY: 2, ActivityKind.Unit.HALF_DAY: 1}
    unit = ActivityKind.Unit(course.kind.unit)
    if unit in shares:
        return (day_minutes or 0) * shares[unit] // 2
    return course.minutes


def choose(candidates: Sequence[Suggestion], minutes: int) -> list[Suggestion]:
    """Two to five of the candidates, best first, that add up to `minutes` if they can; by date.

    One session a course, none at the time of another. Each is about the size of what is still to find when
    its turn comes, so that a two-day course is no answer to half a day. Where the first in order fall short,
    the longest that fit are taken instead; what is much longer than the whole gap comes only when all the
    others do not close it, the shortest of them first, and stands last.
    """
    sized = [one for one in candidates if _fits(one, minutes, minutes)]
    longer = sorted((one for one in candidates if not _fits(one, minutes, minutes)), key=_size)
    chosen = _filled(sized, minutes)
    if _sum(chosen) < minutes:
        longest = _filled(sorted(sized, key=_size, reverse=True), minutes)
        chosen = max(chosen, longest, key=_sum)
    for one in longer:
        if (len(chosen) >= LEAST and _sum(chosen) >= minutes) or len(chosen) == MOST:
            break
        if (not sized or _sum(chosen) < minutes) and _goes_with(one, chosen):
            chosen.append(one)
    return sorted(
        chosen,
        key=lambda one: (one.minutes if one in longer else 0, one.session.starts_at, one.session.pk),
    )


def _filled(candidates: Sequence[Suggestion], minutes: int) -> list[Suggestion]:
    """In order, those that fit what is still to find; beside a single one, two others to choose from."""
    chosen: list[Suggestion] = []
    for one in candidates:
        left = minutes - _sum(chosen)
        if left <= 0 or len(chosen) == MOST:
            break
        if _fits(one, left, minutes) and _goes_with(one, chosen):
            chosen.append(one)
    if len(chosen) != 1:
        return chosen
    for one in sorted(candidates, key=lambda one: abs(one.minutes - minutes)):
        if len(chosen) >= LEAST:
            break
        if one not in chosen and _goes_with(one, chosen):
            chosen.append(one)
    return chosen


def _fits(one: Suggestion, left: int, whole: int) -> bool:
    """Whether it is no more than an hour, or a quarter of the whole gap, longer than what is left of it."""
    return one.minutes <= left + max(NEARLY, whole // 4)


def _goes_with(one: Suggestion, chosen: Iterable[Suggestion]) -> bool:
    """Whether it is of another course than each of these and at another time."""
    others = list(chosen)
    held = [HeldTime(*span, each.session.pk, 0, "") for each in others for span in _spans(each.session)]
    return (
        all(one.session.course_id != each.session.course_id for each in others)
        and clash_of(one.session.pk, _spans(one.session), held) is None
    )


def _size(one: Suggestion) -> int:
    return one.minutes


def _sum(some: Iterable[Suggestion]) -> int:
    return sum(one.minutes for one in some)


def _spans(session: Session) -> list[tuple[datetime, datetime]]:
    return [(part.starts_at, part.ends_at) for part in session.parts.all()]


def _candidates(person: Person, reader: Reader, standing: Standing, now: datetime) -> list[Session]:
    """The nearest and soonest sessions that can be booked now. Two queries."""
    mine = Booking.objects.filter(person=person, session__course=OuterRef("course"))
    attended = mine.filter(
        attendances__mark__in=["present", "part"], session__starts_at__date__gte=standing.year.starts_on
    )
    away = Absence.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_at__date")),
        person=person,
        starts_on__lte=OuterRef("ends_at__date"),
    )
    near = Case(
        When(school__in=reader.school_ids, then=OWN_SCHOOL),
        When(Q(school__isnull=True) | Q(course__mode=Course.Mode.ONLINE), then=ONLINE),
        default=ELSEWHERE,
        output_field=IntegerField(),
    )
    meant_for_many = Case(
        When(
            course__audience__len__lte=FEW_JOBS,
            course__audience__overlap=list(reader.job_families),
            then=0,
        ),
        default=FOR_MANY,
        output_field=IntegerField(),
    )
    return list(
        sessions_bookable_by(reader, now=now)
        .filter(
            _meant_by(reader.employments),
            ~Exists(mine.filter(state__in=LIVE_STATES)),
            ~Exists(attended),
            ~Exists(away),
            ~Q(course__kind__code__in=BY_APPLICATION),
            course__is_published=True,
            course__kind__counts_as=ActivityKind.CountsAs.FULL,
            ends_at__date__lte=standing.last_day,
        )
        .annotate(far=near + meant_for_many)
        .select_related("course__kind", "school")
        .defer("course__search", "course__summary", "course__outcomes")
        .prefetch_related("parts")
        .order_by("far", "starts_at", "pk")[:LOOKED_AT]
    )


def _meant_by(employments: Sequence[Employment]) -> Q:
    """Sessions on whose day one of these contracts is in force, of courses for its groups, as for booking."""
    found = Q(pk__in=[])
    for one in employments:
        meant = Q(course__audience=[]) | Q(course__audience__overlap=[EVERYONE, *one.groups])
        found |= begins_during(one) & meant
    return found
