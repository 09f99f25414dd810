"""What rungs ask and what people have of it: one query for the lines, one for what is known, one for offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode

from courses.models import Course
from courses.queries.catalogue import sessions_bookable_by
from courses.queries.readers import Reader
from courses.wording import audience_words
from pathways.models import Route, RungCpd
from pathways.queries.induction_records import statutory_training
from pathways.rules.careers import Asked, Evidence, Finding, Standing, finding
from pathways.rules.induction import is_record_of
from staff.wording import date_words, when

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

OFFERS_A_LINE: Final = 3
ASK: Final = "Ask for it"

# One row a fact: whose, of what kind, about what (words of a line, a course, a route, a title), when.
_EVIDENCE = """
SELECT held.person_id, 'held', LOWER(cpd.words), held.held_on, held.id
FROM pathways_heldcpd held JOIN pathways_rungcpd cpd ON cpd.id = held.cpd_id
WHERE held.person_id = ANY(%(people)s)
UNION ALL
SELECT booking.person_id,
    CASE WHEN booking.state = 'booked' THEN 'booked' ELSE 'requested' END,
    session.course_id::text, (session.starts_at AT TIME ZONE 'Europe/London')::date, 0
FROM courses_booking booking JOIN courses_session session ON session.id = booking.session_id
WHERE booking.person_id = ANY(%(people)s) AND session.status = 'scheduled' AND session.ends_at > %(now)s
    AND booking.state IN ('booked', 'requested', 'offered', 'waiting')
UNION ALL
SELECT booking.person_id, 'attended', session.course_id::text,
    (session.ends_at AT TIME ZONE 'Europe/London')::date, 0
FROM courses_booking booking JOIN courses_session session ON session.id = booking.session_id
WHERE booking.person_id = ANY(%(people)s) AND booking.state = 'booked' AND session.ends_at <= %(now)s
    AND EXISTS (SELECT 1 FROM courses_sessionpart part WHERE part.session_id = session.id)
    AND NOT EXISTS (
        SELECT 1 FROM courses_sessionpart part WHERE part.session_id = session.id AND NOT EXISTS (
            SELECT 1 FROM courses_attendance seen
            WHERE seen.booking_id = booking.id AND seen.part_id = part.id AND seen.mark = 'present'))
UNION ALL
SELECT request.person_id,
    CASE WHEN request.state = 'completed' THEN 'completed'
         WHEN request.state IN ('on_programme', 'on_break') THEN 'route_started' ELSE 'route_requested' END,
    request.route_id::text, COALESCE(request.ended_on, request.state_since_at::date), 0
FROM pathways_routerequest request
WHERE request.person_id = ANY(%(people)s)
    AND request.state NOT IN ('draft', 'declined', 'closed', 'withdrawn')
UNION ALL
SELECT entry.person_id, 'ledger', entry.title, MAX(entry.occurred_on), 0
FROM entitlements_ledgerentry entry
WHERE entry.person_id = ANY(%(people)s) AND entry.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM entitlements_ledgerentry undone WHERE undone.reverses_id = entry.id)
GROUP BY entry.person_id, entry.title
"""
SEE_COURSE = "See the course"
BOOK = "Book"


class OfLine(TypedDict):
    """What is read with each line of a rung."""

    course_ids: list[int]


class _OfCourse(TypedDict):
    """What is read with each course that is offered."""

    next_at: datetime | None
    next_ends_at: datetime | None


@dataclass
class Known:
    """What is on record of one person, by kind and by what it is about; each with its latest day."""

    facts: dict[tuple[str, str], date] = field(default_factory=dict)
    titles: dict[str, date] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)
    """The own statement about a line, by its words in small letters."""

    def add(self, kind: str, about: str, on: date, row: int) -> None:
        """Keep the latest day of each; of what is to come the soonest."""
        if kind == "held":
            self.said[about] = row
        if kind == "ledger":
            self.titles[about] = max(self.titles.get(about, on), on)
            return
        pick = min if kind == "booked" else max
        self.facts[kind, about] = pick(self.facts.get((kind, about), on), on)

    def about(self, kind: str, keys: Iterable[object]) -> list[date]:
        """The days of one kind, one for each key that has any."""
        return [self.facts[kind, str(key)] for key in keys if (kind, str(key)) in self.facts]


def lines_of(pathway_ids: Collection[int]) -> list[WithAnnotations[RungCpd, OfLine]]:
    """Everything the rungs of some pathways ask, with their routes; `course_ids` as a list. One query."""
    courses = RungCpd.courses.through.objects.filter(
        rungcpd=OuterRef("pk"), course__is_published=True
    ).order_by("pk")
    return list(
        RungCpd.objects.filter(rung__pathway__in=pathway_ids)
        .select_related("rung", "route", "other_route")
        .annotate(course_ids=ArraySubquery(courses.values("course_id")))
        .order_by("rung__pathway", "rung__number", "pk")
    )


def known_of(person_ids: Collection[int], *, now: datetime) -> dict[int, Known]:
    """What is known of each person. One query; somebody of whom nothing is known has an empty one."""
    found: dict[int, Known] = defaultdict(Known)
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, {"people": list(person_ids), "now": now})
        for person_id, *fact in cursor.fetchall():
            found[person_id].add(*fact)
    return found


def asked(line: RungCpd) -> Asked:
    """A line as the rules order it."""
    return Asked(line.pk, line.rung.number, line.need == RungCpd.Need.REQUIRED, line.number, line.words)


def finding_of(line: WithAnnotations[RungCpd, OfLine], known: Known, on: date) -> Finding:
    """How a line of `lines_of` stands for somebody, by `pathways.rules.careers`. No query."""
    title, months = statutory_training().get(line.statutory_code, ("", 0))
    routes = [key for key in (line.route_id, line.other_route_id) if key is not None]
    on_record = [day for name, day in known.titles.items() if title and is_record_of(name, title)]
    courses = line.course_ids if line.courses_needed else []
    booked = known.about("booked", courses)
    started, sent = known.about("route_started", routes), known.about("route_requested", routes)
    waits = known.about("requested", courses)
    return finding(
        Evidence(
            held_on=max(known.about("held", [line.words.lower()]), default=None),
            on_record=max(on_record, default=None),
            attended=tuple(known.about("attended", courses)),
            completed_on=max(known.about("completed", routes), default=None),
            booked_on=min(booked, default=None),
            asked_for="started" if started else "requested" if sent or waits else "",
            needed=line.courses_needed,
            lasts_months=months,
        ),
        on,
    )


# Offers --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """One thing that can be done about a line: book, look, ask. `label` is the button's word."""

    title: str
    words: str
    url: str
    label: str
    is_for_me: bool = True


@dataclass(frozen=True)
class GapLine:
    """One line for one reader: how it stands and what can be done about it."""

    cpd: RungCpd
    finding: Finding
    offers: Sequence[Offer] = ()
    said_pk: int | None = None

    @property
    def is_required(self) -> bool:
        """Needed, or does it help."""
        return self.cpd.need == RungCpd.Need.REQUIRED

    @property
    def is_in_place(self) -> bool:
        """Whether there is nothing to do."""
        return self.finding.standing is Standing.IN_PLACE

    @property
    def only_prepares(self) -> bool:
        """Whether courses are offered that do not make it up by themselves."""
        return self.cpd.courses_needed == 0 and any(offer.label != ASK for offer in self.offers)

    @property
    def is_missing(self) -> bool:
        """Whether something can be done about it now."""
        return self.finding.standing is Standing.MISSING

    @property
    def held_pk(self) -> int | None:
        """What the person can take back, where it is in place by their own word."""
        return self.said_pk if self.is_in_place and self.finding.because == "held" else None

    @property
    def search_url(self) -> str:
        """The catalogue searched for its words."""
        return f"{reverse('courses:course-list')}?{urlencode({'q': self.cpd.words})}"

    @property
    def state(self) -> str:
        """A word of `bwt_cpd.states`."""
        if self.finding.standing is Standing.UNDER_WAY:
            return {"booked": "booked", "requested": "requested", "started": "now"}[self.finding.because]
        return "done" if self.is_in_place else "todo"

    @property
    def words(self) -> str:
        """How it stands, in a sentence."""
        found = self.finding
        day = date_words(found.on) if found.on else ""
        said = {
            "record": f"On record since {day}.",
            "attended": f"Attended on {day}.",
            "completed": f"Completed on {day}.",
            "held": f"You have had this since {day}.",
            "booked": f"You have a place on {day}.",
            "requested": "You have asked for it.",
            "started": "You are on it.",
        }.get(found.because, "")
        if not said and found.ran_out_on:
            return f"Ran out on {date_words(found.ran_out_on)}: take it again."
        return said


def gap_lines(
    lines: Sequence[WithAnnotations[RungCpd, OfLine]], known: Known, reader: Reader, *, now: datetime
) -> list[GapLine]:
    """Lines as they stand for a reader, with offers for what is missing. One query."""
    on = timezone.localdate(now)
    findings = [(line, finding_of(line, known, on)) for line in lines]
    missing = [line for line, found in findings if found.standing is Standing.MISSING]
    offers = offers_for(missing, known, reader, now=now)
    said = known.said
    return [
        GapLine(line, found, offers.get(line.pk, ()), said.get(line.words.lower()))
        for line, found in findings
    ]


def offers_for(
    lines: Sequence[WithAnnotations[RungCpd, OfLine]], known: Known, reader: Reader, *, now: datetime
) -> dict[int, list[Offer]]:
    """By line, up to three: courses that can be booked, then routes, then courses without a date, then
    courses for others; where courses only prepare for it, the routes first. Courses already gone through
    are left out. One query, none for no line.
    """
    wanted = {pk for line in lines for pk in line.course_ids}
    courses = {course.pk: course for course in _courses(wanted, reader, now)} if wanted else {}
    return {line.pk: _offers(line, courses, known, reader) for line in lines}


def _courses(wanted: set[int], reader: Reader, now: datetime) -> Iterable[WithAnnotations[Course, _OfCourse]]:
    """The courses, soonest first, with their next session that can be booked now: `next_at`, `next_ends_at`."""
    soonest = sessions_bookable_by(reader, now=now).filter(course=OuterRef("pk")).order_by("starts_at", "pk")
    return (
        Course.objects.filter(pk__in=wanted)
        .only("slug", "title", "audience")
        .annotate(
            next_at=Subquery(soonest.values("starts_at")[:1]),
            next_ends_at=Subquery(soonest.values("ends_at")[:1]),
            is_dated=Case(When(next_at__isnull=False, then=Value(0)), default=Value(1)),
        )
        .order_by("is_dated", "next_at", "title")
    )


def _offers(
    line: WithAnnotations[RungCpd, OfLine],
    courses: dict[int, WithAnnotations[Course, _OfCourse]],
    known: Known,
    reader: Reader,
) -> list[Offer]:
    mine: list[tuple[int, Offer]] = []
    later: list[Offer] = []
    others: list[Offer] = []
    for course in courses.values():
        if course.pk not in line.course_ids or ("attended", str(course.pk)) in known.facts:
            continue
        offer = _course_offer(course, reader)
        if offer.is_for_me and course.next_at:
            mine.append((course.pk, offer))
        else:
            (later if offer.is_for_me else others).append(offer)
    routes = [_route_offer(route) for route in (line.route, line.other_route) if route and _is_open(route)]
    if line.courses_needed > 1:  # a set is gone through as it is listed, not as the dates fall
        mine.sort(key=lambda pair: line.course_ids.index(pair[0]))
    bookable = [offer for _, offer in mine]
    first = [*bookable, *routes] if line.courses_needed else [*routes, *bookable]
    return [*first, *later, *others][:OFFERS_A_LINE]


def _course_offer(course: WithAnnotations[Course, _OfCourse], reader: Reader) -> Offer:
    url = course.get_absolute_url()
    if not (set(course.audience) & set(reader.audience)):
        words = (
            f"This course is for: {audience_words(tuple(course.audience))}. Ask your manager about a place."
        )
        return Offer(course.title, words, url, SEE_COURSE, is_for_me=False)
    if course.next_at is None:
        return Offer(course.title, "No date to book just now. Ask to be told of one.", url, SEE_COURSE)
    return Offer(course.title, when(course.next_at, course.next_ends_at), url, BOOK)


def _is_open(route: Route) -> bool:
    return route.is_open and route.funding_status != Route.Funding.WITHDRAWN


def _route_offer(route: Route) -> Offer:
    level = f", level {route.level}" if route.level else ""
    months = f", about {route.typical_months} months" if route.typical_months else ""
    words = f"{route.get_kind_display()}{level}{months}. Talk with your manager first."
    return Offer(route.title, words, route_url(route), ASK)


def route_url(route: Route) -> str:
    """The page of a route where there is one, else where it is asked for."""
    try:
        return reverse("pathways:route-detail", args=[route.slug])
    except NoReverseMatch:
        return reverse("pathways:request-start", args=[route.slug])
