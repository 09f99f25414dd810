"""Who coaches whom, and who could."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.urls import reverse

from pathways.models import CoachingAgreement, CoachingMeeting, CoachingTopic, CoachProfile
from pathways.rules.coaching import Match, Offer, Wish, best
from staff.models import Contract, Person
from staff.queries.deciders import LINE_MANAGER, deciders_for, not_left, people_decided_by
from staff.queries.main_contract import MAIN_FIRST, MAIN_LAST
from staff.wording import date_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LIVE = ("asked", "agreed")


class OfAgreement(TypedDict):
    """What is read with each agreement."""

    held: int
    minutes: int | None
    standing_meetings: list[CoachingMeeting]


def agreements_of(person: Person) -> QuerySet[WithAnnotations[CoachingAgreement, OfAgreement]]:
    """Everything somebody is or was part of, live ones first; with `held` and `minutes` of the meetings."""
    standing = Q(meetings__removed_at__isnull=True)
    return (
        CoachingAgreement.objects.filter(Q(coach=person) | Q(coachee=person))
        .select_related("coach", "coachee")
        .annotate(held=Count("meetings", filter=standing), minutes=Sum("meetings__minutes", filter=standing))
        .prefetch_related(
            Prefetch(
                "meetings",
                queryset=CoachingMeeting.objects.filter(removed_at__isnull=True).order_by("-held_on"),
                to_attr="standing_meetings",
            )
        )
        .order_by("ended_on", "-asked_at")
    )


def coaching_years(person: Person, since: date) -> tuple[int, int]:
    """Minutes given and received since a day. One query."""
    totals = CoachingMeeting.objects.filter(
        Q(agreement__coach=person) | Q(agreement__coachee=person), removed_at__isnull=True, held_on__gte=since
    ).aggregate(
        given=Sum("minutes", filter=Q(agreement__coach=person)),
        received=Sum("minutes", filter=Q(agreement__coachee=person)),
    )
    return totals["given"] or 0, totals["received"] or 0


def line_of(person: Person, on: date) -> frozenset[int]:
    """Everybody above somebody in the line, and everybody below, by any of their contracts on that day.

    With them whoever stands in for a manager of theirs, and for whose manager they stand in themselves
    (delegation). Two queries a level, of ten levels at most, and eight.
    """
    managers_of = Contract.objects.in_force(on)
    found: set[int] = set()
    for is_up in (True, False):
        level = {person.pk}
        for _ in range(10):
            if is_up:
                next_level = managers_of.filter(person__in=level, line_manager__isnull=False).values_list(
                    "line_manager_id", flat=True
                )
            else:
                next_level = managers_of.filter(line_manager__in=level).values_list("person_id", flat=True)
            level = set(next_level) - found - {person.pk}
            if not level:
                break
            found |= level
    found |= {one.person.pk for one in deciders_for([person.pk], on, kinds=[LINE_MANAGER])[person.pk]}
    found |= set(people_decided_by(person, on, kinds=[LINE_MANAGER]).values_list("pk", flat=True))
    return frozenset(found)


def wish_of(person: Person, topic: str, approach: str, on: date) -> Wish:
    """What matching has to know of somebody who looks for a coach."""
    held = list(
        Contract.objects.in_force(on).filter(person=person).select_related("school").order_by(*MAIN_FIRST)
    )
    live = CoachingAgreement.objects.filter(Q(coach=person) | Q(coachee=person), state__in=LIVE)
    pairs = live.values_list("coach_id", "coachee_id")
    return Wish(
        person_id=person.pk,
        topic=topic,
        topic_words=str(dict(CoachingTopic.choices)[topic]),
        approach=approach,
        approach_words=str(dict(CoachProfile.Approach.choices).get(approach, "")),
        phase=(held[0].school.phase or held[0].school.kind) if held else "",
        school_ids=frozenset(contract.school_id for contract in held),
        line=line_of(person, on),
        live_with=frozenset(coach for coach, coachee in pairs if coachee == person.pk),
    )


def offers_on(
    on: date, person_ids: Collection[int] | None = None
) -> tuple[list[Offer], dict[int, CoachProfile]]:
    """Every coach who works here, as matching needs them, and their profiles by person. Three queries."""
    profiles = CoachProfile.objects.filter(not_left(on, "person")).select_related("person")
    if person_ids is not None:
        profiles = profiles.filter(person__in=person_ids)
    by_person = {profile.person_id: profile for profile in profiles}
    taken = dict(
        CoachingAgreement.objects.filter(coach__in=by_person, state__in=LIVE)
        .order_by()
        .values("coach_id")
        .annotate(n=Count("pk"))
        .values_list("coach_id", "n")
    )
    schools: dict[int, set[int]] = defaultdict(set)
    for person_id, school_id, name in (
        Contract.objects.in_force(on)
        .filter(person__in=by_person)
        .order_by(*MAIN_LAST)
        .values_list("person_id", "school_id", "school__name")
    ):
        schools[person_id].add(school_id)
        by_person[person_id].school_name = name  # type: ignore[attr-defined]
    offers = [
        Offer(
            person_id=pk,
            school_ids=frozenset(schools[pk]),
            training=profile.training,
            training_words=profile.get_training_display(),
            topics=frozenset(profile.topics),
            approaches=frozenset(profile.approaches),
            phases=frozenset(profile.phases),
            capacity=profile.capacity,
            taken=taken.get(pk, 0),
            is_open=profile.is_open,
        )
        for pk, profile in by_person.items()
    ]
    return offers, by_person


@dataclass(frozen=True)
class Suggested:
    """A coach who fits, as the page shows them."""

    profile: CoachProfile
    match: Match


def suggested(person: Person, topic: str, approach: str, on: date) -> list[Suggested]:
    """The six coaches who fit best, and why."""
    offers, profiles = offers_on(on)
    return [
        Suggested(profiles[one.person_id], one) for one in best(wish_of(person, topic, approach, on), offers)
    ]


@dataclass(frozen=True)
class CoachingForHome:
    """What home and the inbox say of coaching. `waits` is whether it asks for something."""

    words: str
    url: str
    label: str
    waits: bool


def asked_of(person: Person) -> QuerySet[CoachingAgreement]:
    """What waits for somebody's answer as a coach, the oldest first."""
    return (
        CoachingAgreement.objects.filter(coach=person, state=CoachingAgreement.State.ASKED)
        .select_related("coachee")
        .order_by("asked_at", "pk")
    )


def coaching_for_home(person: Person, on: date) -> list[CoachingForHome]:
    """Who waits for an answer, and supervision that is due. Two queries."""
    found = [
        CoachingForHome(
            f"{one.coachee.full_name} asks you to be their coach: {one.get_topic_display()}",
            reverse("pathways:coaching-agreement", args=[one.pk]),
            "Answer",
            waits=True,
        )
        for one in asked_of(person)
    ]
    profile = CoachProfile.objects.filter(person=person, supervision_due_on__lt=on).first()
    if profile is not None and profile.supervision_due_on is not None:
        words = f"Your coaching supervision was due on {date_words(profile.supervision_due_on)}"
        found.append(CoachingForHome(words, reverse("pathways:coaching-offer"), "My profile", waits=True))
    return found
