"""Offering to coach, asking for a coach, answering, and ending. Nothing of the content is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pathways.actions.coaching_letters import tell
from pathways.models import CoachingAgreement, CoachProfile
from pathways.queries.coaching import line_of, offers_on, wish_of
from pathways.rules.coaching import FEWEST, MOST, NOT_IN_LINE, SUPERVISION_EVERY, why_never
from staff.models import Contract, Person
from staff.refusals import ActionRefused

State = CoachingAgreement.State
OWN_PROFILE = "Everybody keeps their own profile."
SUPERVISED_LATER = "The day of your last supervision cannot be in the future."
FOR_YOURSELF = "You can only ask for yourself."
ONLY_COLLEAGUES = "Only colleagues of the trust can ask for a coach."
NO_SUCH_COACH = "There is no such coach any more. Choose another."
CAME_INTO_LINE = f"{NOT_IN_LINE} That has changed since you were asked, so decline this one."
NOTHING_LOGGED = "Nothing is logged yet. Log a meeting first, or end it early."
HOW_MANY_MEETINGS = f"Coaching is {FEWEST} to {MOST} meetings. Choose one of these."


def not_open(agreement: CoachingAgreement) -> str:
    """Why an agreement in this state cannot be answered, withdrawn or ended."""
    return f"This is not open any more: {agreement.get_state_display().lower()}."


@transaction.atomic
def offer_coaching(
    *,
    person: Person,
    by: Person,
    training: str,
    approaches: Sequence[str],
    topics: Sequence[str],
    phases: Sequence[str],
    capacity: int,
    about: str,
    is_open: bool,
    supervised_on: date | None,
    on: date,
) -> CoachProfile:
    """Write one's own profile as a coach. Supervision is due 120 days after the last; where there was none
    yet, 120 days after the profile was first written, so that saving it again puts nothing off.

    Raises ActionRefused for somebody else's, a delegate, or a supervision still to come.
    """
    if by != person:
        raise ActionRefused(OWN_PROFILE)
    if not Contract.objects.in_force(on).filter(person=person).exists():
        raise ActionRefused("Only colleagues of the trust can offer coaching.")
    if supervised_on is not None and supervised_on > on:
        raise ActionRefused(SUPERVISED_LATER)
    before = CoachProfile.objects.filter(person=person).values_list("supervision_due_on", flat=True).first()
    due_on = supervised_on + SUPERVISION_EVERY if supervised_on else before or on + SUPERVISION_EVERY
    profile, _ = CoachProfile.objects.update_or_create(
        person=person,
        defaults={
            "training": training,
            "approaches": list(approaches),
            "topics": list(topics),
            "phases": list(phases),
            "capacity": capacity,
            "about": about.strip(),
            "is_open": is_open,
            "supervised_on": supervised_on,
            "supervision_due_on": due_on,
        },
    )
    return profile


@transaction.atomic
def ask_coach(
    *,
    coach_id: int,
    coachee: Person,
    by: Person,
    topic: str,
    approach: str = "",
    meetings: int = 4,
    now: datetime,
) -> CoachingAgreement:
    """Ask a coach for 4 to 6 meetings; they get a mail. Asked again while it is open gives the one there is.

    Under the coach's lock, so that two askers do not share the last place. Raises ActionRefused for oneself,
    anybody of one's own line, a coach who is full or takes nobody new.
    """
    if by != coachee:
        raise ActionRefused(FOR_YOURSELF)
    _check_meetings(meetings)
    on = timezone.localdate(now)
    if not Contract.objects.in_force(on).filter(person=coachee).exists():
        raise ActionRefused(ONLY_COLLEAGUES)
    CoachProfile.objects.select_for_update(no_key=True).filter(person=coach_id).first()
    there = CoachingAgreement.objects.filter(
        coach=coach_id, coachee=coachee, state__in=[State.ASKED, State.AGREED]
    )
    if found := there.first():
        return found
    offers, _ = offers_on(on, [coach_id])
    if not offers:
        raise ActionRefused(NO_SUCH_COACH)
    if refusal := why_never(wish_of(coachee, topic, approach, on), offers[0]):
        raise ActionRefused(refusal)
    agreement = CoachingAgreement.objects.create(
        coach_id=coach_id,
        coachee=coachee,
        topic=topic,
        approach=approach,
        meetings_planned=meetings,
        asked_at=now,
    )
    tell(agreement, "asked", now=now)
    return agreement


@transaction.atomic
def answer(
    *, agreement_id: int, by: Person, agrees: bool, now: datetime, meetings: int | None = None
) -> CoachingAgreement:
    """Agree or decline, as the coach; who agrees may choose another number of meetings, 4 to 6.

    The same answer twice is one. Raises ActionRefused for anybody else, and for agreeing where one of the
    two has come to manage the other since it was asked.
    """
    agreement = _locked(agreement_id)
    if by.pk != agreement.coach_id:
        raise ActionRefused("The coach answers.")
    wanted = State.AGREED if agrees else State.DECLINED
    if agreement.state == wanted:
        return agreement
    _check(agreement, State.ASKED)
    if agrees:
        _check_meetings(meetings or agreement.meetings_planned)
        if agreement.coachee_id in line_of(by, timezone.localdate(now)):
            raise ActionRefused(CAME_INTO_LINE)
        agreement.meetings_planned = meetings or agreement.meetings_planned
    agreement.state, agreement.answered_at = wanted, now
    agreement.starts_on = timezone.localdate(now) if agrees else None
    if not agrees:
        agreement.ended_on = timezone.localdate(now)
    agreement.save()
    tell(agreement, wanted, now=now)
    return agreement


@transaction.atomic
def withdraw(*, agreement_id: int, by: Person, now: datetime) -> CoachingAgreement:
    """Take back what one has asked, before it is answered."""
    agreement = _locked(agreement_id)
    if by.pk != agreement.coachee_id:
        raise ActionRefused("Whoever asked can withdraw it.")
    if agreement.state == State.WITHDRAWN:
        return agreement
    _check(agreement, State.ASKED)
    agreement.state, agreement.ended_on = State.WITHDRAWN, timezone.localdate(now)
    agreement.save()
    tell(agreement, "withdrawn", now=now)
    return agreement


@transaction.atomic
def end(*, agreement_id: int, by: Person, is_complete: bool, now: datetime) -> CoachingAgreement:
    """Say that it is completed, or ends early; either side may, without a reason."""
    agreement = _locked(agreement_id)
    if by.pk not in (agreement.coach_id, agreement.coachee_id):
        raise ActionRefused("One of the two ends it.")
    wanted = State.COMPLETED if is_complete else State.ENDED
    if agreement.state == wanted:
        return agreement
    _check(agreement, State.AGREED)
    if is_complete and not agreement.meetings.filter(removed_at__isnull=True).exists():
        raise ActionRefused(NOTHING_LOGGED)
    agreement.state, agreement.ended_on = wanted, timezone.localdate(now)
    agreement.save()
    tell(agreement, wanted, now=now, by=by)
    return agreement


def _check_meetings(meetings: int) -> None:
    if not FEWEST <= meetings <= MOST:
        raise ActionRefused(HOW_MANY_MEETINGS)


def _locked(agreement_id: int) -> CoachingAgreement:
    return CoachingAgreement.objects.select_for_update(no_key=True).get(pk=agreement_id)


def _check(agreement: CoachingAgreement, wanted: str) -> None:
    if agreement.state != wanted:
        raise ActionRefused(not_open(agreement))
