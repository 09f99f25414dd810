"""The only doors to other people's ratings and to the reports of needs: 404 to outsiders, 403 to who only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import PlanItem
from pathways.queries.needs_raters import may_rate
from pathways.rules.needs import MODERATORS
from staff.access import person_or_404
from staff.models import Person, Responsibility, School, User
from staff.queries.deciders import may_decide_about


@dataclass(frozen=True)
class Rated:
    """Somebody whose ratings one may read, and in which part: to rate them, to check their levels."""

    person: Person
    may_rate: bool
    may_moderate: bool


def get_rated_person(user: User, pk: int, on: date) -> Rated:
    """Somebody whose ratings one may read: whom one manages, or whose levels one checks; else 404."""
    reader = person_or_404(user)
    person = get_object_or_404(Person, pk=pk)
    rates = may_rate(reader, person, on)
    may_moderate = may_decide_about(reader, person, on, kinds=MODERATORS)
    if not (rates or may_moderate):
        raise Http404("There is nobody like that in your team.")
    return Rated(person, rates, may_moderate)


def get_person_to_rate(user: User, pk: int, on: date) -> Rated:
    """Somebody one manages; 403 for whoever only checks levels afterwards."""
    rated = get_rated_person(user, pk, on)
    if not rated.may_rate:
        raise PermissionDenied("Their line manager or headteacher rates them.")
    return rated


def get_person_to_moderate(user: User, pk: int, on: date) -> Rated:
    """Somebody whose levels one checks; 403 for their manager."""
    rated = get_rated_person(user, pk, on)
    if not rated.may_moderate:
        raise PermissionDenied("The CPD lead, school improvement or the people team checks levels.")
    return rated


def get_own_plan_item(user: User, pk: int) -> PlanItem:
    """A line of one's own plan; 404 for anybody else's."""
    return get_object_or_404(PlanItem, pk=pk, person=person_or_404(user))


@dataclass(frozen=True)
class Scope:
    """The schools whose needs one may see: some, or every one of the trust."""

    school_ids: frozenset[int]
    is_trust: bool

    def narrowed_to(self, code: str) -> list[School]:
        """The schools to show for a code from the address: that one where it may be seen, else all of them."""
        schools = list(School.objects.exclude(kind="partner").order_by("name"))
        seen = [school for school in schools if self.is_trust or school.pk in self.school_ids]
        return [school for school in seen if school.code == code] or seen


def get_report_scope(user: User, on: date) -> Scope:
    """What somebody may see of the reports: the CPD lead and head their school, school improvement and
    the people team the trust (a school's own improvement lead that school); 404 for everybody else.
    """
    person = person_or_404(user)
    held = Responsibility.objects.in_force(on).filter(
        person=person, kind__in=[*MODERATORS, "headteacher"], hub__isnull=True
    )
    schools = set(held.values_list("school_id", flat=True))
    if not schools:
        raise Http404("These reports are for those who plan CPD.")
    return Scope(frozenset(pk for pk in schools if pk), None in schools)


def get_trust_scope(user: User, on: date) -> Scope:
    """The same for writing: 403 for who sees one school only."""
    scope = get_report_scope(user, on)
    if not scope.is_trust:
        raise PermissionDenied("The plan of the trust is written by school improvement and the people team.")
    return scope
