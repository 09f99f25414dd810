"""The Golden Thread of the demo trust: early career teachers in every term, capacity, interest at every state."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Final

from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear
from pathways.actions.reference_golden_thread import load_appropriate_bodies
from pathways.models import (
    AppropriateBody,
    CareerStage,
    EarlyCareer,
    EarlyCareerReview,
    Route,
    SchoolFunding,
    TeachingInterest,
    TeachingInterestStep,
    TrainingCapacity,
)
from pathways.queries.early_career import plans_of
from pathways.rules.early_career import terms_from
from pathways.rules.teaching_interest import Entry, way_of
from staff.models import Person

COMPLETED: Final = 4
ENDED_WITH: Final = {
    "interested": 5,
    "advised": 5,
    "applied": 3,
    "offered": 3,
    "placed": 4,
    "withdrawn": 3,
}
_CHAIN: Final = ("advised", "applied", "offered", "placed")
_WORDS: Final = {
    "advised": "We talked on the phone. SCITT fits; open evening in January.",
    "applied": "The form went to the provider.",
    "offered": "The provider has offered a place from September.",
    "placed": "The school is glad to have you.",
    "withdrawn": "Not this year, for family reasons. The door stays open.",
}
_TEACHING: Final = ("TCH", "TCH-LEAD", "LEADPRAC", "SENCO")
_WITH_INTEREST: Final = ("TA2", "HLTA", "CS", "LSM", "EYP")


def make_golden_thread(random: Random, trust: Trust, on: date) -> None:
    """Write inductions in every term, some reviews late, capacity, and interest at every state."""
    load_appropriate_bodies()
    here: dict[str, list[Member]] = defaultdict(list)
    for member in trust.members:
        if member.ends_on is None and member.starts_on <= on:
            here[member.school].append(member)
    careers = _inductions(random, trust, here, on)
    _reviews(random, careers, on)
    interests = _interests(random, trust, here, on)
    _capacity(random, trust, careers, interests, on)
    SchoolFunding.objects.bulk_create(
        SchoolFunding(
            school=school,
            is_top_half=random.random() < 0.5,
            is_rise=random.random() < 0.1,
            source="Made up for the demo",
            last_checked_on=on - timedelta(days=40),
        )
        for school in trust.schools.values()
        if school.kind == "school"
    )


def _inductions(random: Random, trust: Trust, here: dict[str, list[Member]], on: date) -> list[EarlyCareer]:
    """Every early career teacher, begun in one of the last six terms; a few who have finished."""
    bodies = {body.name.split()[0]: body for body in AppropriateBody.objects.all()}
    begins = [term.starts_on for term in islice(terms_from(on - timedelta(days=2 * 365)), 6)]
    rows, number = [], 0
    demo = {member.demo_name: member for member in trust.members if member.demo_name}
    for site, members in here.items():
        if trust.schools[site].kind != "school":
            continue
        new = [one for one in members if one.role == "TCH-ECT"]
        teachers = [one for one in members if one.role == "TCH" and not one.demo_name]
        if site == demo["teacher"].school and not new:
            new = teachers[:1]  # somebody for the demo's own head, tutor and mentor
        for member in new:
            starts_on = max(begins[number % len(begins)], member.starts_on)
            rows.append(
                _induction(random, trust, members, member, starts_on=starts_on, bodies=bodies, demo=demo)
            )
            number += 1
    passed_on = YearDates(YearDates.for_date(on).start_year - 3).first_day
    taken = {row.person_id for row in rows}
    experienced = [
        (site, one)
        for site, members in here.items()
        for one in members
        if one.role == "TCH" and not one.demo_name and one.starts_on <= passed_on and one.terms.fte == 1
        if one.person.pk not in taken and not one.away and trust.schools[site].kind == "school"
    ]
    for site, member in experienced[:COMPLETED]:
        row = _induction(random, trust, here[site], member, starts_on=passed_on, bodies=bodies, demo=demo)
        row.completed_on = date(passed_on.year + 2, 7, 25)
        rows.append(row)
    return EarlyCareer.objects.bulk_create(rows)


def _induction(
    random: Random,
    trust: Trust,
    members: list[Member],
    member: Member,
    *,
    starts_on: date,
    bodies: dict[str, AppropriateBody],
    demo: dict[str, Member],
) -> EarlyCareer:
    """The vice principal judges, a teacher of the school helps; nobody is checked by the hub at its own school."""
    others = [one for one in members if one is not member]
    tutors = [one for job in ("DHT", "HT", "TCH-LEAD") for one in others if one.role == job]
    if member.school == demo["teacher"].school:
        tutors, mentors = [demo["cpdlead"]], [demo["teacher"]]
    else:
        mentors = [one for one in others if one.role in _TEACHING and one not in tutors[:1]]
    school = trust.schools[member.school]
    is_near = school.local_authority == "North Northamptonshire"
    body = bodies["Northamptonshire"]
    if not is_near or body.lead_school_id == school.pk:
        body = bodies["Cambridgeshire"]
    return EarlyCareer(
        person=member.person,
        school=school,
        starts_on=starts_on,
        appropriate_body=body,
        trained_with=bodies["Teach"] if random.random() < 0.3 else None,
        lead_provider="Teach First",
        delivery_partner="Northamptonshire Teaching School Hub" if is_near else "",
        induction_tutor=tutors[0].person if tutors else None,
        mentor=random.choice(mentors).person if mentors else None,
    )


def _reviews(random: Random, careers: list[EarlyCareer], on: date) -> None:
    """What was due is recorded, but for the last of one in six; one in sixteen is not on track."""
    plans = plans_of(careers, on)
    rows = []
    for place, career in enumerate(careers):
        plan, is_over = plans[career.pk], career.completed_on is not None
        career.terms_needed, career.ends_on = plan.terms, plan.ends_on
        due = [row for row in plan.rows if row.due_on < on or is_over]
        held = due if is_over or place % 6 != 1 else due[:-1]
        for row in plan.rows:
            review = EarlyCareerReview(early_career=career, term=row.number, kind=row.kind, due_on=row.due_on)
            rows.append(review)
            if row not in held or career.induction_tutor_id is None:
                continue
            held_on = row.due_on - timedelta(days=random.randint(0, 6))
            review.held_on = max(career.starts_on, held_on - timedelta(days=max(held_on.weekday() - 4, 0)))
            review.is_on_track = is_over or random.random() > 1 / 16
            review.words = (
                "Calm routines, clear explanations. Next: questions that make everybody think."
                if review.is_on_track
                else "Behaviour after lunch is hard. The mentor watches one lesson a week until January."
            )
            review.recorded_by_id = career.induction_tutor_id
    EarlyCareerReview.objects.bulk_create(rows, batch_size=1000)
    EarlyCareer.objects.bulk_update(careers, ["terms_needed", "ends_on"])


def _interests(
    random: Random, trust: Trust, here: dict[str, list[Member]], on: date
) -> list[TeachingInterest]:
    """Support staff at every state, walked there by the steps that the database asks for."""
    staff = [one for members in here.values() for one in members if one.role in _WITH_INTEREST]
    staff = [one for one in staff if not one.demo_name]
    random.shuffle(staff)
    ends = [state for state, many in ENDED_WITH.items() for _ in range(many)]
    ends = ends if len(staff) >= 4 * len(ends) else list(ENDED_WITH)
    routes = {route.code: route for route in Route.objects.filter(code__in=["SCITT", "ST0490", "ST1502"])}
    rows = []
    for place, (member, end) in enumerate(zip(staff, ends, strict=False)):
        asked = on - timedelta(days=random.randint(3, 25) if end == "interested" else random.randint(40, 150))
        phase = "primary" if trust.schools[member.school].phase == "primary" else "secondary"
        entry = Entry(place % 4 != 3, random.random() < 0.85, random.random() < 0.6, phase)
        rows.append(
            TeachingInterest(
                person=member.person,
                route=routes.get(way_of(entry)),
                phase=phase,
                subject=random.choice(("Maths", "English", "Science", "")) if phase == "secondary" else "",
                has_degree=entry.has_degree,
                has_english_and_maths=entry.has_english_and_maths,
                has_science=entry.has_science,
                created_at=_at(asked),
                state_since_at=_at(asked),
            )
        )
    TeachingInterest.objects.bulk_create(rows)
    team = next(member.person for member in trust.members if member.demo_name == "people")
    ways = [_way_to(end) for end, _ in zip(ends, rows, strict=False)]
    for number in range(1, 1 + max(map(len, ways), default=0)):
        moved = [(row, way) for row, way in zip(rows, ways, strict=True) if len(way) >= number]
        _walk(number, moved, team=team, trust=trust, here=here, on=on)
    return rows


def _way_to(end: str) -> tuple[str, ...]:
    if end == "withdrawn":
        return ("advised", "withdrawn")
    return _CHAIN[: _CHAIN.index(end) + 1] if end in _CHAIN else ()


def _walk(
    number: int,
    moved: list[tuple[TeachingInterest, tuple[str, ...]]],
    *,
    team: Person,
    trust: Trust,
    here: dict[str, list[Member]],
    on: date,
) -> None:
    """One step of each: first its row, then the state that follows from it."""
    schools = [site for site in here if trust.schools[site].kind == "school"]
    steps = []
    for place, (row, way) in enumerate(moved):
        to = way[number - 1]
        moment = min(row.state_since_at + timedelta(days=9), _at(on - timedelta(days=1)))
        steps.append(
            TeachingInterestStep(
                interest=row,
                number=number,
                person_id=row.person_id,
                actor=team,
                capacity="people_team",
                from_state=row.state,
                to_state=to,
                words=_WORDS[to],
                made_at=moment,
            )
        )
        row.state, row.step_count, row.state_since_at = to, number, moment
        if to == "placed":
            site = schools[place % len(schools)]
            mentors = [one for one in here[site] if one.role in _TEACHING and one.person.pk != row.person_id]
            row.placed_at = trust.schools[site]
            row.mentor = mentors[0].person if mentors else None
            row.starts_on = YearDates(YearDates.for_date(on).start_year + 1).first_day
    TeachingInterestStep.objects.bulk_create(steps)
    TeachingInterest.objects.bulk_update(
        [row for row, _ in moved],
        ["state", "step_count", "state_since_at", "placed_at", "mentor", "starts_on"],
    )


def _capacity(
    random: Random, trust: Trust, careers: list[EarlyCareer], interests: list[TeachingInterest], on: date
) -> None:
    """A little more than is used at most schools, this year and the next; two that have not said."""
    years = list(AcademicYear.objects.filter(ends_on__gte=on).order_by("starts_on")[:2])
    mentors: dict[int, set[int | None]] = defaultdict(set)
    placed: dict[int | None, int] = defaultdict(int)
    for career in careers:
        mentors[career.school_id].add(career.mentor_id)
    for row in interests:
        if row.placed_at is not None:
            placed[row.placed_at.pk] += 1
            mentors[row.placed_at.pk].add(row.mentor_id)
    schools = [school for school in trust.schools.values() if school.kind == "school"]
    TrainingCapacity.objects.bulk_create(
        TrainingCapacity(
            school=school,
            year=year,
            mentors=len(mentors[school.pk]) + random.randint(1, 3),
            placements=placed[school.pk] + (0 if place % 5 == 2 else random.randint(1, 2)),
        )
        for year in years
        for place, school in enumerate(schools)
        if school.code not in {"WFS", "CTS"}
    )
    teachers = [one for one in trust.members if one.role == "TCH" and not one.demo_name and not one.ends_on]
    CareerStage.objects.bulk_create(
        CareerStage(person=one.person, stage=CareerStage.Stage.MIDDLE_LEADER, since_on=one.starts_on)
        for one in teachers[-3:]
    )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10, 30)))
