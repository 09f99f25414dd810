"""Early career teachers: where each is in their induction, who is late, and what a plan is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from pathways.models import EarlyCareer, EarlyCareerReview
from pathways.rules.early_career import Away, Plan, Working, plan_induction, review_state, time_off_minutes
from staff.models import Absence, Contract, Person, School
from staff.queries.deciders import people_decided_by
from staff.queries.main_contract import MAIN_FIRST

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SEEN_BY = ("headteacher", "people_team")
_TEACHING = ("teacher", "leadership")


@dataclass(frozen=True)
class ReviewRow:
    """One review as it stands on a page."""

    review: EarlyCareerReview
    state: str
    label: str

    @property
    def is_done(self) -> bool:
        """Whether it is recorded."""
        return self.state == "done"

    @property
    def is_pressing(self) -> bool:
        """Whether it is late or due now."""
        return self.state in ("overdue", "due")

    @property
    def is_later(self) -> bool:
        """Whether it isn't due yet."""
        return self.state == "later"


@dataclass(frozen=True)
class Journey:
    """One induction as its page shows it."""

    early_career: EarlyCareer
    plan: Plan
    rows: tuple[ReviewRow, ...]
    year: int
    fte: Fraction
    minutes_off: int

    @property
    def held(self) -> int:
        """How many reviews are recorded."""
        return sum(row.is_done for row in self.rows)

    @property
    def late(self) -> int:
        """How many were due before today."""
        return sum(row.state == "overdue" for row in self.rows)

    @property
    def next_row(self) -> ReviewRow | None:
        """The first review that is not recorded."""
        return next((row for row in self.rows if not row.is_done), None)

    @property
    def is_part_time(self) -> bool:
        """Whether they work less than full time."""
        return self.fte < 1

    @property
    def percent_off(self) -> int:
        """10 in the first year, 5 in the second."""
        return 10 if self.year == 1 else 5

    @property
    def extended(self) -> list[tuple[int, int]]:
        """The years that are longer, each with its school days away."""
        found = zip((1, 2), self.plan.days_away, self.plan.is_extended, strict=True)
        return [(year, days) for year, days, is_longer in found if is_longer]


def plans_of(early_careers: Iterable[EarlyCareer], on: date) -> dict[int, Plan]:
    """The plan of each induction, by its key, from contracts and absences. Two queries however many."""
    careers = list(early_careers)
    working, away = _working_and_away({career.person_id for career in careers}, on)
    return {career.pk: _plan(career, working, away) for career in careers}


def journey_of(career: EarlyCareer, on: date) -> Journey:
    """One induction with its reviews. Three queries."""
    working, away = _working_and_away({career.person_id}, on)
    plan = _plan(career, working, away)
    labels = {row.number: row.term.label for row in plan.rows}
    reviews = career.reviews.select_related("recorded_by").order_by("term")
    rows = tuple(
        ReviewRow(
            review,
            review_state(review.due_on, review.held_on, on),
            labels.get(review.term, f"Term {review.term}"),
        )
        for review in reviews
    )
    fte = _fte_on(working.get(career.person_id, []), on)
    year = plan.year_on(on)
    return Journey(career, plan, rows, year, fte, _rounded(time_off_minutes(fte, year)))


def early_careers_seen_by(reader: Person, on: date) -> QuerySet[WithAnnotations[EarlyCareer, OfCareer]]:
    """The inductions of whose school one is the head, or of the trust: the late ones first.

    Each has `late`, `held`, `next_due_on`, `is_to_come` and `fte_words`-free contracts; leavers are left out.
    """
    decided = people_decided_by(reader, on, kinds=SEEN_BY).values("pk")
    return _with_figures(EarlyCareer.objects.filter(person__in=decided), on)


def early_careers_helped_by(person: Person, on: date) -> QuerySet[WithAnnotations[EarlyCareer, OfCareer]]:
    """The inductions that somebody judges as tutor or helps as mentor, while they run."""
    helped = Q(induction_tutor=person) | Q(mentor=person)
    return _with_figures(EarlyCareer.objects.filter(helped, completed_on__isnull=True), on)


def teaching_schools(person_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """The schools where these people teach on a date, that of the main contract first. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    contracts = Contract.objects.in_force(on).filter(
        person__in=person_ids, job_role__staff_group__in=_TEACHING
    )
    for person_id, school_id in contracts.order_by(*MAIN_FIRST).values_list("person_id", "school_id"):
        found[person_id].append(school_id)
    return found


def schools_served(person_id: int, school: School, on: date) -> list[School]:
    """The school of an induction and every other at which the teacher teaches on a date. Two queries."""
    others = teaching_schools([person_id], on).get(person_id, [])
    return [school, *School.objects.filter(pk__in=others).exclude(pk=school.pk).order_by("name")]


def in_conflict(careers: QuerySet[EarlyCareer], on: date) -> QuerySet[EarlyCareer]:
    """Those still running whose appropriate body is run from a school where the teacher now teaches."""
    there = Contract.objects.in_force(on).filter(
        person=OuterRef("person"),
        school=OuterRef("appropriate_body__lead_school"),
        job_role__staff_group__in=_TEACHING,
    )
    return careers.filter(Exists(there), completed_on__isnull=True)


def not_registered(reader: Person, on: date) -> list[Contract]:
    """Early career teachers by their contract of whom no induction is known, where one may see it."""
    decided = people_decided_by(reader, on, kinds=SEEN_BY).values("pk")
    known = EarlyCareer.objects.filter(person=OuterRef("person"))
    return list(
        Contract.objects.in_force(on)
        .filter(~Exists(known), person__in=decided, job_role__code="TCH-ECT")
        .select_related("person", "school")
        .order_by("school__name", "person__last_name", "pk")
    )


class OfCareer(TypedDict):
    """What a list reads with each induction."""

    total: int
    held: int
    late: int
    next_due_on: date | None
    open_reviews: list[EarlyCareerReview]


def _with_figures(
    careers: QuerySet[EarlyCareer], on: date
) -> QuerySet[WithAnnotations[EarlyCareer, OfCareer]]:
    here = Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), person=OuterRef("person"))
    is_open = Q(reviews__held_on__isnull=True)
    return (
        careers.filter(Exists(here))
        .select_related("person", "school", "mentor", "induction_tutor", "appropriate_body")
        .annotate(
            total=Count("reviews"),
            held=Count("reviews", filter=~is_open),
            late=Count("reviews", filter=is_open & Q(reviews__due_on__lt=on)),
            next_due_on=Min("reviews__due_on", filter=is_open),
            is_to_come=Q(starts_on__gt=on),
        )
        .prefetch_related(
            Prefetch(
                "reviews",
                queryset=EarlyCareerReview.objects.filter(held_on__isnull=True).order_by("term"),
                to_attr="open_reviews",
            )
        )
        .order_by(F("completed_on").desc(nulls_first=True), "-late", "next_due_on", "person__last_name", "pk")
    )


def _working_and_away(
    person_ids: set[int], on: date
) -> tuple[dict[int, list[Working]], dict[int, list[Away]]]:
    """Teaching contracts and absences by person; whoever is still away is away up to today."""
    working: dict[int, list[Working]] = defaultdict(list)
    away: dict[int, list[Away]] = defaultdict(list)
    for contract in Contract.objects.filter(person__in=person_ids, job_role__staff_group__in=_TEACHING):
        working[contract.person_id].append(Working(contract.starts_on, contract.ends_on, contract.fte))
    for one in Absence.objects.filter(person__in=person_ids, starts_on__lte=on):
        away[one.person_id].append(
            Away(one.starts_on, one.ends_on or on, one.absence_class == Absence.AbsenceClass.FAMILY)
        )
    return working, away


def _plan(career: EarlyCareer, working: dict[int, list[Working]], away: dict[int, list[Away]]) -> Plan:
    return plan_induction(
        career.starts_on,
        working.get(career.person_id) or [Working(career.starts_on, None, Fraction(1))],
        away.get(career.person_id, ()),
        extends_for_family=career.extends_for_family,
        agreed_terms=career.terms_agreed,
    )


def _fte_on(spans: list[Working], on: date) -> Fraction:
    held = [one.fte for one in spans if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)]
    return min(sum(held, Fraction(0)), Fraction(1)) if held else (spans[0].fte if spans else Fraction(1))


def _rounded(minutes: Fraction) -> int:
    """To a whole minute, half up."""
    return int(minutes + Fraction(1, 2))


def teaching_school_of(person: Person, on: date) -> Contract:
    """The contract of an early career teacher whose induction begins. One query."""
    return (
        Contract.objects.in_force(on)
        .filter(person=person, job_role__code="TCH-ECT")
        .select_related("school")
        .order_by(*MAIN_FIRST)[:1]
        .get()
    )
