"""Coaching in the demo trust: coaches of every kind of work, agreements in every state, meetings with credits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from entitlements.actions.ledger import Credit, credit_many
from pathways.actions.coaching_meetings import credits_of
from pathways.models import CoachingAgreement, CoachingMeeting, CoachingTopic, CoachProfile
from pathways.queries.coaching import line_of

COACHES: Final = 60
AGREEMENTS: Final = 90
ABOUT: Final = (
    "Fifteen years in schools, the last five leading a team.",
    "I ask more than I tell. Walks welcome.",
    "Came back part-time after leave; glad to think that through with you.",
    "From the kitchen to the office in ten years.",
    "",
)
STATES: Final = (
    ("agreed", 46),
    ("completed", 24),
    ("asked", 12),
    ("declined", 6),
    ("ended", 8),
    ("withdrawn", 4),
)
TRAINING: Final = (
    ("ilm3", 30),
    ("ilm5", 22),
    ("ilm7", 6),
    ("instructional", 22),
    ("introduced", 14),
    ("none", 6),
)


def make_coaching(random: Random, trust: Trust, on: date) -> None:
    """Write coaches, who works with whom, and when they met; every meeting is in both accounts."""
    here = [
        member
        for member in trust.members
        if member.ends_on is None and member.starts_on < on - timedelta(days=300) and not member.away
    ]
    coaches = _coaches(random, here, on)
    agreements = _agreements(random, coaches, here, on)
    _meetings(random, agreements, on)


def _coaches(random: Random, here: list[Member], on: date) -> list[Member]:
    """Tom Ashby is one; so are people of every job, one for about twenty."""
    demo = [member for member in here if member.demo_name in {"teacher", "hublead"}]
    others = [member for member in here if not member.demo_name]
    size = min(COACHES, max(6, len(here) // 18)) - len(demo)
    coaches = demo + random.sample(others, min(size, len(others)))
    topics, approaches = list(CoachingTopic.values), list(CoachProfile.Approach.values)
    rows = []
    for member in coaches:
        training = _weighted(random, TRAINING)
        supervised = on - timedelta(days=random.randint(5, 190))
        rows.append(
            CoachProfile(
                person=member.person,
                training=training,
                topics=sorted({"confidence", *random.sample(topics, 3)}),
                approaches=random.sample(approaches, 2),
                phases=random.choice(([], ["primary"], ["secondary"], ["primary", "secondary"])),
                capacity=random.randint(2, 4),
                about=random.choice(ABOUT),
                is_open=random.random() < 0.9,
                trained_on=on - timedelta(days=random.randint(200, 1500)) if training != "none" else None,
                supervised_on=supervised,
                supervision_due_on=supervised + timedelta(days=120),
            )
        )
    CoachProfile.objects.bulk_create(rows)
    return coaches


def _agreements(
    random: Random, coaches: list[Member], here: list[Member], on: date
) -> list[CoachingAgreement]:
    """Never with anybody of one's own line, by the product's own rule. Tom Ashby coaches one colleague and is coached by another."""
    free = {coach.person.pk: coach for coach in coaches}
    size = min(AGREEMENTS, max(8, len(here) // 12))
    teacher = next(member for member in here if member.demo_name == "teacher")
    lines = {teacher.person.pk: line_of(teacher.person, on)}
    away = [
        one
        for one in here
        if one.school != teacher.school
        and not one.demo_name
        and one.person.pk not in lines[teacher.person.pk]
    ]
    keys = {one.person.pk for one in coaches}
    other_coaches = [one for one in away if one.person.pk in keys] or away
    rows = [
        _agreement(random, teacher, random.choice(away), "agreed", on),
        _agreement(random, other_coaches[0], teacher, "agreed", on),
    ]
    pairs = {(row.coach_id, row.coachee_id) for row in rows}
    live = {teacher.person.pk: 1, other_coaches[0].person.pk: 1}
    everybody = [member for member in here if not member.demo_name]
    for _ in range(size * 3):
        if len(rows) >= size:
            break
        coach, coachee = random.choice(list(free.values())), random.choice(everybody)
        if coach is coachee or (coach.person.pk, coachee.person.pk) in pairs:
            continue
        if coach.person.pk not in lines:
            lines[coach.person.pk] = line_of(coach.person, on)
        if coachee.person.pk in lines[coach.person.pk]:
            continue
        state = _weighted(random, STATES)
        if state in ("asked", "agreed"):
            if live.get(coach.person.pk, 0) >= 2 or coach is teacher:
                continue
            live[coach.person.pk] = live.get(coach.person.pk, 0) + 1
        pairs.add((coach.person.pk, coachee.person.pk))
        rows.append(_agreement(random, coach, coachee, state, on))
    return CoachingAgreement.objects.bulk_create(rows)


def _agreement(random: Random, coach: Member, coachee: Member, state: str, on: date) -> CoachingAgreement:
    asked_on = on - timedelta(days=random.randint(1, 12) if state == "asked" else random.randint(30, 200))
    answered_on = asked_on + timedelta(days=random.randint(0, 9))
    starts_on = answered_on if state in ("agreed", "completed", "ended") else None
    ended_on = {
        "declined": answered_on,
        "withdrawn": answered_on,
        "completed": on - timedelta(days=random.randint(0, 12)),
        "ended": on - timedelta(days=random.randint(0, 12)),
    }.get(state)
    return CoachingAgreement(
        coach=coach.person,
        coachee=coachee.person,
        topic=random.choice(CoachingTopic.values),
        approach=random.choice(CoachProfile.Approach.values),
        meetings_planned=random.randint(4, 6),
        state=state,
        asked_at=_at(asked_on),
        answered_at=_at(answered_on) if state not in ("asked", "withdrawn") else None,
        starts_on=starts_on,
        ended_on=ended_on,
    )


def _meetings(random: Random, agreements: list[CoachingAgreement], on: date) -> None:
    """Every two to five weeks; of a completed one as many as were planned, as far as there was time."""
    meetings = []
    for agreement in agreements:
        if agreement.starts_on is None:
            continue
        day = agreement.starts_on + timedelta(days=random.randint(1, 10))
        last = min(on, agreement.ended_on or on)
        held = 0
        while day <= last and held < agreement.meetings_planned:
            if day.weekday() < 5:
                meetings.append(
                    CoachingMeeting(
                        agreement=agreement,
                        held_on=day,
                        minutes=random.choice((30, 45, 50, 60, 60, 90)),
                        logged_by=random.choice((agreement.coach, agreement.coachee)),
                    )
                )
                held += 1
            day += timedelta(days=random.randint(13, 33))
    CoachingMeeting.objects.bulk_create(meetings)
    credits: list[Credit] = [one for meeting in meetings for one in credits_of(meeting.agreement, meeting)]
    for start in range(0, len(credits), 1000):
        credit_many(credits[start : start + 1000], by=None, today=on)


def _weighted(random: Random, table: tuple[tuple[str, int], ...]) -> str:
    return random.choices([name for name, _ in table], [weight for _, weight in table])[0]


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(16, 5)))
