"""Rating: what somebody says of themselves, what the manager says, and what both agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pathways.models import NeedsCycle, NeedsRating
from pathways.queries.needs_raters import may_rate
from pathways.rules.needs import (
    MODERATORS,
    Stage,
    agreed_without_words,
    may_be_agreed,
    needs_conversation,
    stage_of,
)
from staff.models import Person
from staff.queries.deciders import may_decide_about
from staff.refusals import ActionRefused
from staff.wording import date_words

_SELF = ["self_level", "self_words", "is_asked_for", "self_rated_at"]
_MANAGER = ["manager_level", "manager_words", "manager", "manager_rated_at"]
_AGREED = ["agreed_level", "agreed_by", "agreed_at", "conversation_on"]
STILL_TO_COME = "The day of the conversation is still to come. Enter it once you have talked."


def talk_first(competency: str) -> str:
    """Why a level can't be agreed before a conversation, when the two ratings are far apart."""
    return f"You are two levels or more apart on “{competency}”. Talk about it, enter the day, then agree a level."


@dataclass(frozen=True)
class SelfAnswer:
    """What somebody says of one competency; no level: not yet."""

    level: int | None = None
    words: str = ""
    is_asked_for: bool = False


@dataclass(frozen=True)
class ManagerAnswer:
    """What the manager says of one competency, and the level both have agreed; None: not yet."""

    level: int | None = None
    words: str = ""
    agreed_level: int | None = None


@transaction.atomic
def rate_self(
    *, cycle_id: int, person: Person, by: Person, answers: Mapping[int, SelfAnswer], now: datetime
) -> int:
    """Keep one's own view of these ratings (by pk); those left out stay as they are. Returns how many are rated.

    A level that is agreed already is not changed any more. Raises ActionRefused for anybody but the
    person, and once the cycle has closed. Three statements however many answers.
    """
    if by.pk != person.pk:
        raise ActionRefused("Only the person themselves can say this.")
    ratings = _ratings_of(cycle_id, person, now, Stage.OPEN)
    changed = []
    for rating in ratings:
        answer = answers.get(rating.pk)
        if answer is None or rating.agreed_level is not None:
            continue
        before = (rating.self_level, rating.self_words, rating.is_asked_for)
        if answer.level is not None:
            rating.self_level = answer.level
        rating.self_words, rating.is_asked_for = answer.words.strip(), answer.is_asked_for
        if (rating.self_level, rating.self_words, rating.is_asked_for) != before:
            rating.self_rated_at = now if rating.self_level is not None else None
            changed.append(rating)
    NeedsRating.objects.bulk_update(changed, _SELF)
    return sum(rating.self_level is not None for rating in ratings)


@transaction.atomic
def rate_person(
    *,
    cycle_id: int,
    person: Person,
    by: Person,
    answers: Mapping[int, ManagerAnswer],
    now: datetime,
    conversation_on: date | None = None,
) -> int:
    """Keep the manager's view, the day of a conversation and the levels agreed. Returns how many are agreed.

    Where both name the same level it is agreed by that. A level two or more apart is agreed only with
    the day people talked. Raises ActionRefused for anybody who does not manage the person, once the
    cycle has closed, for a day to come, and where something cannot be agreed yet; then nothing is kept.
    """
    on = timezone.localdate(now)
    if not may_rate(by, person, on):
        raise ActionRefused("Their line manager or headteacher rates them.")
    ratings = _ratings_of(cycle_id, person, now, Stage.OPEN)
    _check_day(conversation_on, on)
    for rating in ratings:
        answer = answers.get(rating.pk)
        if answer is None:
            continue
        if answer.level is not None and (rating.manager_level, rating.manager_words) != (
            answer.level,
            answer.words.strip(),
        ):
            rating.manager_level, rating.manager_words = answer.level, answer.words.strip()
            rating.manager, rating.manager_rated_at = by, now
        level = answer.agreed_level
        if level is None:
            level = agreed_without_words(rating.self_level, rating.manager_level)
        _agree(rating, level, by=by, now=now, conversation_on=conversation_on)
    _refuse_what_cannot_be(ratings, person)
    NeedsRating.objects.bulk_update(ratings, _MANAGER + _AGREED)
    return sum(rating.agreed_level is not None for rating in ratings)


@transaction.atomic
def moderate(
    *,
    cycle_id: int,
    person: Person,
    by: Person,
    levels: Mapping[int, int],
    now: datetime,
    conversation_on: date | None = None,
) -> int:
    """Set agreed levels after closing, up to the last day of moderation. Returns how many are agreed.

    Raises ActionRefused for anybody but the school's CPD lead, school improvement and the people team,
    never about oneself; outside the time of moderation; and where two are far apart and nobody has talked.
    """
    on = timezone.localdate(now)
    if not may_decide_about(by, person, on, kinds=MODERATORS):
        raise ActionRefused("The CPD lead, school improvement or the people team checks levels.")
    ratings = _ratings_of(cycle_id, person, now, Stage.MODERATION)
    _check_day(conversation_on, on)
    for rating in ratings:
        if rating.pk in levels:
            _agree(rating, levels[rating.pk], by=by, now=now, conversation_on=conversation_on)
    _refuse_what_cannot_be(ratings, person)
    NeedsRating.objects.bulk_update(ratings, _AGREED)
    return sum(rating.agreed_level is not None for rating in ratings)


def _ratings_of(cycle_id: int, person: Person, now: datetime, wanted: Stage) -> list[NeedsRating]:
    """The person's ratings under their locks. Raises ActionRefused where the cycle is at another stage."""
    cycle = NeedsCycle.objects.get(pk=cycle_id)
    on = timezone.localdate(now)
    stage = stage_of(cycle.opens_on, cycle.closes_on, cycle.moderated_on, on)
    if stage != wanted:
        raise ActionRefused(why_not_at(stage, cycle.closes_on))
    ratings = NeedsRating.objects.select_for_update(no_key=True, of=("self",)).select_related("competency")
    return list(ratings.filter(cycle=cycle, person=person).order_by("pk"))


_WHY_NOT = {
    Stage.COMING: "This cycle has not opened yet.",
    Stage.OPEN: "People and managers are still rating; levels are checked once the cycle has closed.",
    Stage.MODERATION: "Rating closed on {closed}. The CPD lead can still correct an agreed level.",
    Stage.CLOSED: "Rating closed on {closed}. Nothing changes in this cycle any more.",
}


def why_not_at(stage: Stage, closes_on: date) -> str:
    """Why something of another stage cannot be done while the cycle is at this one."""
    return _WHY_NOT[stage].format(closed=date_words(closes_on))


def _check_day(conversation_on: date | None, on: date) -> None:
    if conversation_on is not None and conversation_on > on:
        raise ActionRefused(STILL_TO_COME)


def _agree(
    rating: NeedsRating, level: int | None, *, by: Person, now: datetime, conversation_on: date | None
) -> None:
    """Set day and level on the row in memory; whether that can be is checked afterwards, all at once."""
    if conversation_on is not None and needs_conversation(rating.self_level, rating.manager_level):
        rating.conversation_on = rating.conversation_on or conversation_on
    if level is not None and level != rating.agreed_level:
        rating.agreed_level, rating.agreed_by, rating.agreed_at = level, by, now


def _refuse_what_cannot_be(ratings: Iterable[NeedsRating], person: Person) -> None:
    for rating in ratings:
        talked = rating.conversation_on is not None
        if rating.agreed_level is None or may_be_agreed(
            rating.self_level, rating.manager_level, is_talked_over=talked
        ):
            continue
        about = f"“{rating.competency.title}”"
        if rating.self_level is None:
            raise ActionRefused(f"{person.first_name} has not rated {about} yet, so no level can be agreed.")
        if rating.manager_level is None:
            raise ActionRefused(f"The manager has not rated {about} yet, so no level can be agreed.")
        raise ActionRefused(talk_first(rating.competency.title))
