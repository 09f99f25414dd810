"""The demo trust's courses and a year of sessions around the date."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from bwt_cpd.demo.members import Trust
from bwt_cpd.demo.people import HERE
from courses.actions.credits import minutes_by_day
from courses.models import Course, Session, SessionPart, Strand
from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear, ActivityKind, EntitlementPolicy

LONDON: Final = ZoneInfo("Europe/London")
HOLIDAYS: Final = (
    (7, 22, 8, 31),
    (10, 24, 11, 1),
    (12, 19, 1, 3),
    (2, 13, 2, 21),
    (3, 27, 4, 11),
    (5, 29, 6, 6),
)
LONGEST_PART: Final = 360


@dataclass
class Occasion:
    """A session while the trust is being made up: its row, its parts, and whom it suits."""

    session: Session
    parts: list[SessionPart]
    course: Course
    is_past: bool

    @property
    def days(self) -> dict[date, int]:
        """The minutes of each of its days, of a kind counted in days."""
        return minutes_by_day(self.session, self.parts)


def make_years(on: date) -> None:
    """Last year, this year and the next, each with the proposed policy, where they are not there yet."""
    this = YearDates.for_date(on)
    for dates in (this.previous, this, this.next):
        year, _ = AcademicYear.objects.get_or_create(
            name=dates.label, defaults={"starts_on": dates.first_day, "ends_on": dates.last_day}
        )
        EntitlementPolicy.objects.get_or_create(year=year)


def make_courses(trust: Trust, kinds: dict[str, ActivityKind]) -> list[Course]:
    """Every row of `data/courses.csv`."""
    with (HERE / "courses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["strand"] for row in rows})
    strands = {
        strand.name: strand
        for strand in Strand.objects.bulk_create(Strand(name=name, slug=slugify(name)) for name in names)
    }
    return Course.objects.bulk_create(
        Course(
            code=row["code"],
            slug=slugify(f"{row['title']}-{row['code']}")[:120],
            title=row["title"],
            summary=row["summary"],
            outcomes="\n".join(point.strip() for point in row["outcomes"].split(";")),
            for_whom=row["for_whom"],
            hub=trust.hubs[row["hub"]],
            strand=strands[row["strand"]],
            audience=row["audience"].split(";"),
            mode=row["mode"],
            minutes=int(row["minutes"]),
            kind=kinds[row["kind"]],
        )
        for row in rows
    )


def make_sessions(random: Random, trust: Trust, courses: list[Course], on: date) -> list[Occasion]:
    """Two sessions a course on average, from five months ago to seven ahead; most courses have one to come."""
    rooms = _rooms()
    trainers = [held.person for held in _trainers(trust)]
    occasions: list[Occasion] = []
    for course in courses:
        spread = random.choices(
            ([-1, 1], [1], [-1], [-1, 1, 1], [-1, -1, 1], [1, 1], []), (34, 18, 8, 16, 12, 9, 3)
        )[0]
        for number, side in enumerate(spread, start=1):
            near = random.random() < 0.6
            days = random.randint(3, 75) if near else random.randint(40, 150 if side < 0 else 215)
            day = _school_day(random, on + timedelta(days=side * days))
            is_past = day < on
            occasions.append(
                _occasion(random, trust, course, number=number, day=day, rooms=rooms, is_past=is_past)
            )
    Session.objects.bulk_create([occasion.session for occasion in occasions], batch_size=1000)
    SessionPart.objects.bulk_create(
        [part for occasion in occasions for part in occasion.parts], batch_size=2000
    )
    _name_trainers(random, occasions, trainers)
    return occasions


def _trainers(trust: Trust) -> list:
    from staff.models import Responsibility

    return list(
        Responsibility.objects.filter(kind__in=["trainer", "hub_lead"])
        .select_related("person")
        .order_by("kind", "pk")
    )


def _name_trainers(random: Random, occasions: list[Occasion], trainers: list) -> None:
    """Each session has a trainer; every fourth is led by the demo trainer, so that there is something to see."""
    demo = next(person for person in trainers if person.work_email.startswith("trainer@"))
    through = Session.trainers.through
    through.objects.bulk_create(
        [
            through(
                session_id=occasion.session.pk,
                person_id=(demo if random.random() < 0.25 else random.choice(trainers)).pk,
            )
            for occasion in occasions
        ],
        batch_size=2000,
    )


def _rooms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (HERE / "rooms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["school_code"], []).append(row["room"])
    return found


def _school_day(random: Random, day: date) -> date:
    """The day itself where schools are open, else a day of chance in the fortnight after."""
    while day.weekday() > 4 or _is_holiday(day):
        day += timedelta(days=random.randint(1, 9))
    return day


def _is_holiday(day: date) -> bool:
    for from_month, from_day, to_month, to_day in HOLIDAYS:
        start = date(day.year, from_month, from_day)
        end = date(day.year + (to_month < from_month), to_month, to_day)
        if start <= day <= end or (to_month < from_month and day <= date(day.year, to_month, to_day)):
            return True
    return False


def _occasion(
    random: Random,
    trust: Trust,
    course: Course,
    *,
    number: int,
    day: date,
    rooms: dict[str, list[str]],
    is_past: bool,
) -> Occasion:
    parts = _parts(random, course, day)
    site = _site(random, course)
    is_online = course.mode == "online"
    session = Session(
        course=course,
        code=f"{course.code}-{number}",
        school=None if is_online else trust.schools[site],
        room="" if is_online else random.choice(rooms.get(site, ["Training room"])),
        online_link="https://meet.example/" + course.slug[:40] if course.mode in {"online", "hybrid"} else "",
        starts_at=parts[0].starts_at,
        ends_at=parts[-1].ends_at,
        capacity=random.choice((30, 40, 60)) if is_online else random.choice((8, 12, 12, 16, 16, 20, 24, 30)),
        offer_hours=48 if random.random() < 0.15 else None,
        needs_approval=course.minutes >= 480,
        is_own_school_only=course.mode == "in_school" and random.random() < 0.5,
        booking_opens_at=None,
        booking_closes_at=parts[0].starts_at - timedelta(days=1) if random.random() < 0.3 else None,
        register_saved_at=parts[-1].ends_at if is_past else None,
    )
    for part in parts:
        part.session = session
    return Occasion(session, parts, course, is_past)


def _site(random: Random, course: Course) -> str:
    if course.hub.code == "PTH":
        return random.choice(("BPS", "BPS", "CPA", "OVP", "PPS", "TPS", "GPS"))
    return random.choice(("BWA", "CBA", "CTS", "KSA", "TCA", "WFS", "CEN", "BPS", "OVP"))


def _parts(random: Random, course: Course, day: date) -> list[SessionPart]:
    """One part after school or in the day, or several at two weeks' distance for long programmes."""
    lengths = [course.minutes]
    if course.minutes > LONGEST_PART:
        count = -(-course.minutes // LONGEST_PART)
        edges = [round(course.minutes * step / count) for step in range(count + 1)]
        lengths = [end - start for start, end in pairwise(edges)]
    parts = []
    for number, minutes in enumerate(lengths, start=1):
        begins = (
            time(9, 15)
            if minutes > 180
            else random.choice((time(15, 45), time(15, 45), time(16, 0), time(13, 30)))
        )
        starts_at = datetime.combine(day, begins, tzinfo=LONDON)
        parts.append(
            SessionPart(
                number=number,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=minutes),
                minutes=minutes,
            )
        )
        day = _school_day(random, day + timedelta(days=14))
    return parts
