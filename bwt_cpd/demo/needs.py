"""Learning needs of the demo trust: last spring's round, agreed and planned, and two that are open now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from courses.models import Course
from pathways.actions.reference_needs import load_competencies
from pathways.models import (
    Competency,
    NeedsCycle,
    NeedsPlanLine,
    NeedsRating,
    PlanItem,
    RoleProfile,
    SurveyTheme,
)
from staff.models import School

PRIORITIES: Final = ("C05", "C13", "C27")
CHECK_IN_AT: Final = "BPS"
PLAN_LINES: Final = (
    ("Responsible use of AI: one hour in every staff meeting programme", "C27", "learning", "in_hand"),
    ("Coaching conversations in every phase team", "C13", "improvement", "in_hand"),
    ("Six more dates of adaptive teaching, three of them online", "C05", "learning", "open"),
    ("Absence and wellbeing conversations for new managers", "C16", "people", "open"),
    ("Spreadsheet clinic once a half term, for every office", "C25", "people", "met"),
    ("Career conversation for everybody who asks for one", "C41", "people", "open"),
)
THEMES: Final = (
    (
        "Training falls in my own time",
        "Part-time colleagues miss what is held on their free days.",
        143,
        (),
        None,
    ),
    ("I would like to use AI well, and safely", "Nobody has told us what is allowed.", 118, ("C27",), 0),
    ("Support for pupils with additional needs", "More practice, fewer slides.", 164, ("C05", "C11"), 2),
    ("Nobody talks with me about my next step", "", 87, ("C41",), 5),
    (
        "Managers learn on the job",
        "I was promoted in a week and trained in a year.",
        52,
        ("C14", "C15", "C16"),
        3,
    ),
    ("Systems change and we find out by accident", "", 61, ("C24", "C25"), 4),
    ("Somebody to think things through with", "", 44, ("C13",), 1),
    ("The kitchen is always last to hear", "Allergen updates come by word of mouth.", 19, ("C38",), None),
)


@dataclass(frozen=True)
class Reference:
    """What the rounds need of the reference data."""

    profiles: dict[str, list[RoleProfile]]
    competencies: dict[str, Competency]
    courses: dict[int, list[Course]]
    primaries: frozenset[str]


def make_needs(random: Random, trust: Trust, on: date) -> None:
    """Write competencies and profiles, the round of last spring, two that are open, and the plan.

    In the spring were all who had a contract on a day of it, but casual staff, who have no profile: so not who
    joined since; those of them who came from September on are in the round for starters.
    """
    load_competencies()
    reference = _reference(trust)
    spring = on.year if on >= date(on.year, 10, 1) else on.year - 1
    past = _cycle(
        f"Learning needs {spring}",
        date(spring, 5, 1),
        date(spring, 6, 30),
        date(spring, 7, 31),
        date(spring, 9, 30),
    )
    past.priorities.set(reference.competencies[code] for code in PRIORITIES)
    ratings = [
        rating
        for member in trust.members
        if member.starts_on <= past.closes_on and (member.ends_on is None or member.ends_on >= past.opens_on)
        for rating in _rated(random, past, member, reference, done=0.96)
    ]
    NeedsRating.objects.bulk_create(ratings, batch_size=4000)
    _plan_items(random, ratings, reference, on)
    _check_ins(random, trust, reference, on)
    _plan_of_the_trust(trust, past, reference, on)


def _reference(trust: Trust) -> Reference:
    profiles: dict[str, list[RoleProfile]] = {}
    for profile in RoleProfile.objects.select_related("competency", "job_role"):
        profiles.setdefault(profile.job_role.code, []).append(profile)
    courses: dict[int, list[Course]] = {}
    for link in Competency.courses.through.objects.select_related("course").order_by("pk"):
        courses.setdefault(link.competency_id, []).append(link.course)
    primaries = frozenset(
        school.code for school in trust.schools.values() if school.phase == School.Phase.PRIMARY
    )
    return Reference(profiles, {one.code: one for one in Competency.objects.all()}, courses, primaries)


def _cycle(name: str, opens_on: date, closes_on: date, moderated_on: date, planned_on: date) -> NeedsCycle:
    return NeedsCycle.objects.create(
        name=name, opens_on=opens_on, closes_on=closes_on, moderated_on=moderated_on, planned_on=planned_on
    )


def _check_ins(random: Random, trust: Trust, reference: Reference, on: date) -> None:
    """Open now: one school tries a short round in autumn, and whoever joined since September does."""
    dates = (
        on - timedelta(days=15),
        on + timedelta(days=17),
        on + timedelta(days=24),
        on + timedelta(days=59),
    )
    september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    here = _cycle(f"Autumn check-in {on.year}, {trust.schools[CHECK_IN_AT].name}", *dates)
    here.schools.set([trust.schools[CHECK_IN_AT]])
    starters = _cycle(f"Autumn check-in {on.year}, new starters", *dates)
    starters.joined_from = september
    starters.save()
    starters.schools.set(school for school in trust.schools.values() if school.code != CHECK_IN_AT)
    rows: list[NeedsRating] = []
    for member in trust.members:
        if member.starts_on > on or (member.ends_on is not None and member.ends_on < on):
            continue
        if member.school == CHECK_IN_AT:
            # The people of the login page find their lists untouched, to try.
            done = 0.0 if member.demo_name else random.choice((0.0, 0.3, 0.9))
            rows += _rated(random, here, member, reference, done=done)
        elif member.starts_on >= september:
            rows += _rated(random, starters, member, reference, done=random.choice((0.0, 0.5)))
    for cycle in (here, starters):
        cycle.priorities.set(reference.competencies[code] for code in PRIORITIES)
    NeedsRating.objects.bulk_create(rows, batch_size=4000)


def _rated(
    random: Random, cycle: NeedsCycle, member: Member, reference: Reference, *, done: float
) -> Iterable[NeedsRating]:
    """The ratings of one person; `done` is how likely each of the two has rated."""
    has_self = random.random() < done or (bool(member.demo_name) and done > 0.5)
    has_manager = member.manager is not None and (random.random() < done or bool(member.demo_name and done))
    skill = random.choice((-1, 0, 0, 0, 1))
    for profile in reference.profiles.get(member.role, ()):
        if profile.competency.applies_to.startswith("primary") and member.school not in reference.primaries:
            continue
        yield _rating(random, cycle, member, profile, skill, has_self=has_self, has_manager=has_manager)


def _rating(
    random: Random,
    cycle: NeedsCycle,
    member: Member,
    profile: RoleProfile,
    skill: int,
    *,
    has_self: bool,
    has_manager: bool,
) -> NeedsRating:
    asked = profile.required_level
    rating = NeedsRating(
        cycle=cycle,
        person=member.person,
        competency=profile.competency,
        required_level=asked,
        weight=profile.weight,
    )
    hard = 1 if profile.competency.code in {"C27", "C25", "C05", "C16"} and random.random() < 0.6 else 0
    level = _clamp(asked + skill - hard + random.choice((-1, -1, -1, 0, 0, 0, 0, 1)), asked)
    if has_self:
        rating.self_level = level
        rating.is_asked_for = level < asked and random.random() < 0.3
        rating.self_rated_at = _at(cycle.opens_on + timedelta(days=random.randint(1, 14)), 16)
    if has_manager and member.manager is not None:
        rating.manager = member.manager.person
        rating.manager_level = _clamp(level + random.choices((-2, -1, 0, 1, 2), (3, 14, 66, 14, 3))[0], asked)
        rating.manager_rated_at = _at(cycle.opens_on + timedelta(days=random.randint(8, 15)), 17)
    if rating.self_level is None or rating.manager_level is None:
        return rating
    apart = abs(rating.self_level - rating.manager_level)
    if apart and random.random() < (0.25 if apart >= 2 else 0.06):
        return rating
    day = cycle.opens_on + timedelta(days=15)
    if apart >= 2:
        rating.conversation_on = day
    rating.agreed_level = random.choice((rating.self_level, rating.manager_level))
    rating.agreed_by, rating.agreed_at = rating.manager, _at(day, 15)
    return rating


def _clamp(level: int, asked: int) -> int:
    """Within 0 to 4; whoever is asked to work at something has at least heard of it."""
    return max(1 if asked > 1 else 0, min(4, level))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 10)))


def _plan_items(random: Random, ratings: list[NeedsRating], reference: Reference, on: date) -> None:
    """For most people one or two of their gaps have become a line of their plan, some of it done."""
    items, titles = [], set()
    for rating in ratings:
        if (
            rating.agreed_level is None
            or rating.agreed_level >= rating.required_level
            or random.random() > 0.3
        ):
            continue
        courses = reference.courses.get(rating.competency_id, [])
        if not courses:
            continue
        course = random.choice(courses)
        if (rating.person_id, course.title) in titles:
            continue
        titles.add((rating.person_id, course.title))
        state = random.choices(("planned", "done", "dropped"), (62, 31, 7))[0]
        items.append(
            PlanItem(
                person_id=rating.person_id,
                rating=rating,
                title=course.title,
                course=course,
                due_on=on + timedelta(days=random.randint(14, 230)) if state == "planned" else None,
                state=state,
                created_by_id=rating.person_id,
            )
        )
    PlanItem.objects.bulk_create(items, batch_size=2000)


def _plan_of_the_trust(trust: Trust, cycle: NeedsCycle, reference: Reference, on: date) -> None:
    writer = next(member.person for member in trust.members if member.demo_name == "people")
    lines = [
        NeedsPlanLine.objects.create(
            cycle=cycle,
            title=title,
            competency=reference.competencies[code],
            owner=owner,
            state=state,
            due_on=on + timedelta(days=40 + 20 * number),
            created_by=writer,
        )
        for number, (title, code, owner, state) in enumerate(PLAN_LINES)
    ]
    for title, words, mentions, codes, line in THEMES:
        theme = SurveyTheme.objects.create(
            cycle=cycle,
            title=title,
            words=words,
            mentions=mentions,
            plan_line=None if line is None else lines[line],
        )
        theme.competencies.set(reference.competencies[code] for code in codes)
