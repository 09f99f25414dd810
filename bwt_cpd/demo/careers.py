"""Careers in the demo trust: goals on every pathway, some shared, what people say, and what they have already."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

import pghistory
from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from pathways.models import Goal, HeldCpd, Rung, RungCpd, RungVoice
from staff.models import Person

# How one in so many people stands to a goal.
HAS_GOAL: Final = 0.3
SHARES: Final = 0.55
LET_GO: Final = 0.12
# The demo sign-ins: whose goal is which rung, and whether their manager sees it.
OF_DEMO: Final = {"ta": ("TA to teacher", 2, True), "teacher": ("Classroom teacher to head", 3, True)}
VOICES: Final = (
    "No two days are the same. I learned most from the person I shadowed in my first month.",
    "I began with two hours a day. My manager asked what I wanted next, and meant it.",
    "The training was easier to fit in than I thought: most of it fell on training days.",
    "Busy, and worth it. Ask to sit in on one of our meetings before you decide.",
    "I came from another job altogether. What counted was that I had done the courses and asked.",
)
WHERE: Final = ("At my last school", "At college", "With the agency I worked for before", "")


def make_careers(random: Random, trust: Trust, on: date) -> None:
    """Goals one or two rungs up, some let go or reached; voices, most of them published; and own words."""
    rungs = list(
        Rung.objects.select_related("pathway")
        .prefetch_related("job_roles", "cpd")
        .order_by("pathway", "number")
    )
    here = [one for one in trust.members if one.ends_on is None and one.starts_on < on - timedelta(days=60)]
    with pghistory.context(source="demo trust"):
        goals = _goals(random, here, rungs, on)
        Goal.objects.bulk_create(goals, batch_size=1000)
        HeldCpd.objects.bulk_create(_held(random, goals, on), batch_size=1000)
        RungVoice.objects.bulk_create(_voices(random, here, rungs, trust, on), batch_size=1000)


def _goals(random: Random, here: list[Member], rungs: list[Rung], on: date) -> list[Goal]:
    by_role = _by_role(rungs)
    by_pathway = {(rung.pathway.name, rung.number): rung for rung in rungs}
    rows = []
    for member in here:
        if member.demo_name:
            if member.demo_name in OF_DEMO:
                name, number, is_shared = OF_DEMO[member.demo_name]
                rows.append(_goal(member.person, by_pathway[name, number], is_shared, on, 40))
            continue
        ahead = [
            above
            for rung in by_role[member.role]
            for step in (1, 1, 2)
            if (above := by_pathway.get((rung.pathway.name, rung.number + step))) is not None
        ]
        if not ahead or random.random() > HAS_GOAL:
            continue
        goal = _goal(
            member.person, random.choice(ahead), random.random() < SHARES, on, random.randint(3, 300)
        )
        if random.random() < LET_GO:
            goal.ended_at = goal.set_at + (_at(on) - goal.set_at) / 2
            goal.is_reached = random.random() < 0.3
        rows.append(goal)
    return rows


def _goal(person: Person, rung: Rung, is_shared: bool, on: date, days: int) -> Goal:
    return Goal(person=person, rung=rung, is_shared=is_shared, set_at=_at(on - timedelta(days=days)))


def _held(random: Random, goals: list[Goal], on: date) -> list[HeldCpd]:
    """Some of what a goal's rung asks, had before."""
    return [
        HeldCpd(
            person=goal.person,
            cpd=line,
            held_on=on - timedelta(days=random.randint(200, 2500)),
            words=random.choice(WHERE),
        )
        for goal in goals
        for line in goal.rung.cpd.all()
        if line.need == RungCpd.Need.RECOMMENDED and random.random() < 0.25
    ]


def _voices(random: Random, here: list[Member], rungs: list[Rung], trust: Trust, on: date) -> list[RungVoice]:
    """One or two a rung where somebody is in the job; a few wait for the people team."""
    reader = next(one.person for one in trust.members if one.demo_name == "people")
    by_role: dict[str, list[Member]] = defaultdict(list)
    for member in here:
        if not member.demo_name:
            by_role[member.role].append(member)
    rows = []
    for rung in rungs:
        inside = [one for role in rung.job_roles.all() for one in by_role[role.code]]
        for member in random.sample(inside, min(len(inside), random.randint(1, 2))):
            written = _at(on - timedelta(days=random.randint(2, 200)))
            is_read = random.random() < 0.8
            rows.append(
                RungVoice(
                    rung=rung,
                    person=member.person,
                    words=random.choice(VOICES),
                    written_at=written,
                    published_at=min(written + timedelta(days=2), _at(on)) if is_read else None,
                    published_by=reader if is_read else None,
                )
            )
    return rows


def _by_role(rungs: list[Rung]) -> dict[str, list[Rung]]:
    """The lowest rung of each pathway with a role: where somebody in it stands."""
    found: dict[str, dict[int, Rung]] = defaultdict(dict)
    for rung in rungs:
        for role in rung.job_roles.all():
            found[role.code].setdefault(rung.pathway_id, rung)
    return defaultdict(list, {code: list(lowest.values()) for code, lowest in found.items()})


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(17, 20)))
