"""The mails when an induction begins: to the starter, the manager and the buddy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse

from pathways.models import Induction
from pathways.queries.induction_managers import managers_of
from staff.actions.messages import Letter, post_messages
from staff.models import Person
from staff.wording import date_words


def tell_of_starts(inductions: Iterable[Induction], *, on: date, now: datetime) -> None:
    """Tell each starter what is theirs, and whoever is asked as their manager what is theirs; nobody of a
    start long ago."""
    recent = [one for one in inductions if one.starts_on >= on - timedelta(days=31)]
    asked = managers_of(recent, on)
    people = Person.objects.in_bulk({pk for found in asked.values() for pk in found})
    letters = []
    for induction in recent:
        letters.append(_to_starter(induction, now))
        letters += [_to_manager(induction, people[pk], now) for pk in asked[induction.pk]]
    post_messages(letters, now=now)


def tell_buddy(induction: Induction, *, now: datetime) -> None:
    """Tell a buddy for whom they are it."""
    if induction.buddy is None:
        return
    name = induction.person.full_name
    letter = Letter(
        person=induction.buddy,
        kind="induction_buddy",
        subject=f"You are the buddy of {name}",
        template="notice",
        dedupe_key=f"induction:{induction.pk}:buddy:{induction.buddy_id}",
        context={
            "title": f"You are the buddy of {name}",
            "intro": [
                f"{name} starts on {date_words(induction.starts_on)}. A hello on the first day helps most."
            ],
            "facts": _facts(induction),
            "action_url": reverse("pathways:induction-detail", args=[induction.pk]),
            "action_words": "See your steps",
        },
    )
    post_messages([letter], now=now)


def _to_starter(induction: Induction, now: datetime) -> Letter:
    return Letter(
        person=induction.person,
        kind="induction_started",
        subject="Welcome: your first weeks, step by step",
        template="notice",
        dedupe_key=f"induction:{induction.pk}:starter",
        context={
            "title": f"Welcome, {induction.person.first_name}",
            "intro": ["These are your first weeks, step by step: what you do and what others do for you."],
            "facts": _facts(induction),
            "action_url": reverse("pathways:induction-mine"),
            "action_words": "See my induction",
        },
        not_after=now + timedelta(days=30),
    )


def _to_manager(induction: Induction, manager: Person, now: datetime) -> Letter:
    name = induction.person.full_name
    return Letter(
        person=manager,
        kind="induction_started",
        subject=f"{name} starts on {date_words(induction.starts_on)}: choose a buddy",
        template="notice",
        dedupe_key=f"induction:{induction.pk}:manager:{manager.pk}",
        context={
            "title": f"{name} starts on {date_words(induction.starts_on)}",
            "intro": ["Choose a buddy, and see the steps that are yours."],
            "facts": _facts(induction),
            "action_url": reverse("pathways:induction-detail", args=[induction.pk]),
            "action_words": "Choose a buddy",
        },
        not_after=now + timedelta(days=30),
    )


def _facts(induction: Induction) -> list[tuple[str, str]]:
    return [
        ("Starts", date_words(induction.starts_on)),
        ("Job", induction.contract.job_role.title),
        ("School", induction.contract.school.name),
    ]
