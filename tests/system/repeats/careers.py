"""The forms of career pathways: goals, what one has already, what one says about one's job."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import count

from django.urls import reverse

from pathways.models import Goal, HeldCpd, Pathway, Rung, RungCpd, RungVoice
from staff import clock
from tests.system.repeats.cases import Cases, Form, Get

_numbers = count(1)


def a_rung(get: Get) -> Rung:
    """The top step of a pathway whose first one has the teaching assistant's job."""
    number = next(_numbers)
    pathway = Pathway.objects.create(slug=f"classroom-{number}", name=f"Classroom {number}")
    mine = Rung.objects.create(pathway=pathway, number=1)
    mine.job_roles.add(get("assistant_role"))
    return Rung.objects.create(pathway=pathway, number=2)


def a_goal(get: Get, **fields: object) -> Goal:
    """The one goal of the teaching assistant."""
    person = get("teaching_assistant").person
    Goal.objects.filter(person=person).delete()
    return Goal.objects.create(person=person, rung=a_rung(get), **fields)


def to_set(get: Get) -> Form:
    """In the place of another, and shared."""
    a_goal(get)
    return Form("teaching_assistant", reverse("pathways:goal-set", args=[a_rung(get).pk]), {"share": "yes"})


def to_do_with_the_goal(address: str, data: dict[str, str], get: Get) -> Form:
    a_goal(get)
    return Form("teaching_assistant", reverse(address), data, to=reverse("pathways:goal"))


def to_take_up_again(get: Get) -> Form:
    ended = a_goal(get, ended_at=clock.now())
    return Form("teaching_assistant", reverse("pathways:goal-undo", args=[ended.pk]))


def _line(get: Get) -> RungCpd:
    return RungCpd.objects.create(rung=a_rung(get), words="A course", need="required")


def to_say_held(get: Get) -> Form:
    path = reverse("pathways:held-say", args=[_line(get).pk])
    return Form("teaching_assistant", path, {"held_on": "2026-01-08", "words": "At college."})


def to_take_back(get: Get) -> Form:
    person = get("teaching_assistant").person
    held = HeldCpd.objects.create(person=person, cpd=_line(get), held_on=date(2026, 1, 8))
    return Form("teaching_assistant", reverse("pathways:held-take-back", args=[held.pk]))


def to_write_voice(get: Get) -> Form:
    mine = a_rung(get).pathway.rungs.get(number=1)
    path = reverse("pathways:voice-write", args=[mine.pk])
    return Form("teaching_assistant", path, {"words": "Every day is another."})


def to_remove_voice(get: Get) -> Form:
    person = get("teaching_assistant").person
    voice = RungVoice.objects.create(person=person, rung=a_rung(get), words="Good.")
    return Form("teaching_assistant", reverse("pathways:voice-remove", args=[voice.pk]))


CASES: Cases = {
    "pathways:goal-set": (to_set, {"+pathways.goal": 1, "pathways.goal": 1}),
    "pathways:goal-share": (
        partial(to_do_with_the_goal, "pathways:goal-share", {"share": "yes"}),
        {"pathways.goal": 1},
    ),
    "pathways:goal-drop": (partial(to_do_with_the_goal, "pathways:goal-drop", {}), {"pathways.goal": 1}),
    "pathways:goal-reached": (
        partial(to_do_with_the_goal, "pathways:goal-reached", {}),
        {"pathways.goal": 1},
    ),
    "pathways:goal-undo": (to_take_up_again, {"pathways.goal": 1}),
    "pathways:held-say": (to_say_held, {"+pathways.heldcpd": 1}),
    "pathways:held-take-back": (to_take_back, {"-pathways.heldcpd": 1}),
    "pathways:voice-write": (to_write_voice, {"+pathways.rungvoice": 1}),
    "pathways:voice-remove": (to_remove_voice, {"-pathways.rungvoice": 1}),
}
