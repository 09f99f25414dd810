"""Interest in training to teach, from the first word to a placement; each step a row (DOMAIN section 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pathways.actions.training_capacity import take_placement
from pathways.models import Route, TeachingInterest, TeachingInterestStep
from pathways.queries.golden_thread import stage_on
from pathways.queries.teaching_interest import is_placement_over
from pathways.rules.golden_thread import ThreadStage
from pathways.rules.teaching_interest import (
    MOVES,
    OPEN_STATES,
    OWN,
    PEOPLE_TEAM,
    Entry,
    placement_ends_on,
    way_of,
)
from staff.actions.messages import post_message
from staff.models import Contract, Person, Responsibility, School
from staff.refusals import ActionRefused
from staff.wording import date_words

State = TeachingInterest.State
_TEACHES_ALREADY: Final = frozenset(ThreadStage) - {ThreadStage.BEFORE_TRAINING}
PLACEMENT_IS_OVER = "This placement is over. Nothing is taken by it any more."
FIRST_DAY_PASSED = "The first day has passed. Choose one to come."
PEOPLE_TEAMS_STEP = "This step is the people team's."
WORDS_NEEDED = "Say why, or what you advise: they read it."
NOT_PEOPLE_TEAM = "The people team follows this."


def works_elsewhere(mentor: Person, school: School) -> str:
    """Why a person can't mentor a trainee at a school they don't work at."""
    return f"{mentor} does not work at {school}. Choose a mentor of that school."


def not_from_here(interest: TeachingInterest) -> str:
    """Why an interest in this state does not move as asked."""
    return f"This cannot be done now: {interest.get_state_display().lower()}."


def mentor_subject(interest: TeachingInterest, *, is_over: bool = False) -> str:
    """The subject of the mail that tells a mentor that they are it, or no longer."""
    return f"You are {'no longer ' if is_over else ''}the mentor of {interest.person.full_name}"


@transaction.atomic
def express_interest(
    *,
    person: Person,
    by: Person,
    phase: str,
    subject: str = "",
    has_degree: bool,
    has_english_and_maths: bool,
    has_science: bool = False,
    words: str = "",
    now: datetime,
) -> TeachingInterest:
    """Say that one would like to train to teach. Where one has said so, that interest.

    Raises ActionRefused for somebody else, without a contract, or who is on the way or teaches already.
    """
    on = timezone.localdate(now)
    if by != person:
        raise ActionRefused("You can only say this for yourself.")
    if not Contract.objects.in_force(on).filter(person=person).exists():
        raise ActionRefused("Only colleagues of the trust can register here.")
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if there := TeachingInterest.objects.filter(person=person, state__in=OPEN_STATES).first():
        return there
    if stage_on(person, on) in _TEACHES_ALREADY:
        raise ActionRefused("You are in training or teach already. Your thread shows what comes next.")
    entry = Entry(has_degree, has_english_and_maths, has_science, phase)
    return TeachingInterest.objects.create(
        person=person,
        route=Route.objects.filter(code=way_of(entry)).first(),
        phase=phase,
        subject=subject.strip(),
        has_degree=has_degree,
        has_english_and_maths=has_english_and_maths,
        has_science=has_science,
        words=words.strip(),
        created_at=now,
        state_since_at=now,
    )


@transaction.atomic
def move_interest(
    *, interest_id: int, to: str, by: Person, words: str = "", now: datetime
) -> TeachingInterest:
    """Move an interest on, or end it, with who, when and why. The same move twice is one.

    Raises ActionRefused for a move that the table does not have for who asks (`rules.teaching_interest`),
    and where the people team gives no reason. A placement has its own action. Who withdraws from one leaves
    place and mentor free from then on, and the mentor is told; one that is over is not ended any more.
    """
    if to == State.PLACED:
        raise ActionRefused("Say at which school, with which mentor and from when.")
    was_placed = False

    def end(interest: TeachingInterest) -> None:
        nonlocal was_placed
        was_placed = interest.state == State.PLACED
        if is_placement_over(interest, timezone.localdate(now)):
            raise ActionRefused(PLACEMENT_IS_OVER)

    interest = _move(interest_id, to, by, words, now, also=end)
    if was_placed:
        _tell_mentor(interest, now, is_over=True)
    return interest


@transaction.atomic
def place_trainee(
    *,
    interest_id: int,
    by: Person,
    school: School,
    mentor: Person,
    starts_on: date,
    words: str,
    now: datetime,
) -> TeachingInterest:
    """Place somebody at a school that has room, with a mentor.

    Raises ActionRefused where the school or its mentors are full, for a day that has passed, and a mentor
    who does not work there.
    """
    on = timezone.localdate(now)

    def place(interest: TeachingInterest) -> None:
        if starts_on < on:
            raise ActionRefused(FIRST_DAY_PASSED)
        if mentor.pk == interest.person_id:
            raise ActionRefused("Nobody is their own mentor.")
        if not Contract.objects.in_force(on).filter(person=mentor, school=school).exists():
            raise ActionRefused(works_elsewhere(mentor, school))
        months = interest.route.typical_months if interest.route else None
        take_placement(school, mentor, starts_on, placement_ends_on(starts_on, months))
        interest.placed_at, interest.mentor, interest.starts_on = school, mentor, starts_on

    interest = _move(interest_id, State.PLACED, by, words, now, also=place)
    _tell_mentor(interest, now)
    return interest


def _move(
    interest_id: int,
    to: str,
    by: Person,
    words: str,
    now: datetime,
    *,
    also: Callable[[TeachingInterest], None] | None = None,
) -> TeachingInterest:
    interest = TeachingInterest.objects.select_for_update(no_key=True).get(pk=interest_id)
    capacity = capacity_of_mover(by, interest, timezone.localdate(now))
    if interest.state == to:
        return interest
    if capacity not in MOVES.get((interest.state, to), ()):
        if (interest.state, to) in MOVES:
            raise ActionRefused(PEOPLE_TEAMS_STEP)
        raise ActionRefused(not_from_here(interest))
    if capacity == PEOPLE_TEAM and not words.strip():
        raise ActionRefused(WORDS_NEEDED)
    if also is not None:
        also(interest)
    TeachingInterestStep.objects.create(
        interest=interest,
        number=interest.step_count + 1,
        person_id=interest.person_id,
        actor=by,
        capacity=capacity,
        from_state=interest.state,
        to_state=to,
        words=words.strip()[:300],
        made_at=now,
    )
    interest.state, interest.state_since_at = to, now
    interest.step_count += 1
    interest.save()
    if capacity == PEOPLE_TEAM:
        _tell_person(interest, words, now)
    return interest


def capacity_of_mover(by: Person, interest: TeachingInterest, on: date) -> str:
    """As what somebody acts; raises ActionRefused for whoever has no part in it. One query."""
    if by.pk == interest.person_id:
        return OWN
    team = Responsibility.objects.in_force(on).filter(
        person=by, kind="people_team", school__isnull=True, hub__isnull=True
    )
    if not team.exists():
        raise ActionRefused(NOT_PEOPLE_TEAM)
    return PEOPLE_TEAM


def _tell_person(interest: TeachingInterest, words: str, now: datetime) -> None:
    facts = [("Now", interest.get_state_display())]
    if interest.state == State.PLACED and interest.starts_on:
        facts += [
            ("School", str(interest.placed_at)),
            ("Mentor", str(interest.mentor)),
            ("First day", date_words(interest.starts_on)),
        ]
    post_message(
        person=interest.person,
        kind="teaching_interest",
        subject=f"Training to teach: {interest.get_state_display().lower()}",
        template="notice",
        dedupe_key=f"teaching-interest:{interest.pk}:{interest.step_count}",
        now=now,
        context={
            "title": "Training to teach",
            "intro": [words.strip()],
            "facts": facts,
            "action_url": reverse("pathways:teach-detail", args=[interest.pk]),
            "action_words": "See where it stands",
        },
    )


def _tell_mentor(interest: TeachingInterest, now: datetime, *, is_over: bool = False) -> None:
    """That they are somebody's mentor, or that they are no longer."""
    if interest.mentor is None or interest.starts_on is None:
        return
    name, school = interest.person.full_name, interest.placed_at
    title = mentor_subject(interest, is_over=is_over)
    words = (
        f"{name} no longer trains to teach at {school}. Thank you for helping."
        if is_over
        else f"{name} trains to teach at {school}, and you help them."
    )
    post_message(
        person=interest.mentor,
        kind="induction_help",
        subject=title,
        template="notice",
        dedupe_key=f"teaching-interest:{interest.pk}:mentor:{interest.mentor_id}{':end' if is_over else ''}",
        now=now,
        context={
            "title": title,
            "intro": [words],
            "facts": [] if is_over else [("First day", date_words(interest.starts_on))],
        },
    )
