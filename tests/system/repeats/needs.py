"""The forms of learning needs: rating, agreeing, checking levels, one's plan, the trust's plan, survey themes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

from django.urls import reverse

from pathways.models import NeedsCycle, NeedsPlanLine, NeedsRating, PlanItem, SurveyTheme
from staff import clock
from tests.factories.pathways_needs import CompetencyFactory, NeedsCycleFactory, NeedsRatingFactory
from tests.system.repeats.cases import Cases, Form, Get

_numbers = count(1)
THEMES = "title,words,mentions,competency_codes\nTime,Too little of it,12,T900\nRooms,,3,\n"


def a_cycle(*, closed: bool = False) -> NeedsCycle:
    """The one round there is: open, or closed yesterday and still to be checked."""
    today = clock.today()
    return NeedsCycleFactory(
        opens_on=today - timedelta(days=30),
        closes_on=today - timedelta(days=1) if closed else today + timedelta(days=30),
        moderated_on=today + timedelta(days=60),
        planned_on=today + timedelta(days=90),
    )


def a_rating(get: Get, *, closed: bool = False, **fields: object) -> NeedsRating:
    """One of the teaching assistant's."""
    get("line_manager")
    return NeedsRatingFactory(cycle=a_cycle(closed=closed), person=get("teaching_assistant").person, **fields)


def to_rate_myself(get: Get) -> Form:
    rating = a_rating(get)
    data = {f"level-{rating.pk}": 2, f"words-{rating.pk}": "Getting there.", f"asked-{rating.pk}": "on"}
    return Form("teaching_assistant", reverse("pathways:needs-mine"), data)


def to_rate(get: Get) -> Form:
    """Both name the same level, so that it is agreed."""
    rating = a_rating(get, self_level=2, self_rated_at=clock.now())
    path = reverse("pathways:needs-person-rate", args=[rating.person_id])
    return Form("line_manager", path, {"cycle": rating.cycle_id, f"level-{rating.pk}": 2})


def to_moderate(get: Get) -> Form:
    now = clock.now()
    rating = a_rating(
        get,
        closed=True,
        self_level=2,
        self_rated_at=now,
        manager_level=3,
        manager=get("line_manager").person,
        manager_rated_at=now,
    )
    path = reverse("pathways:needs-person-moderate", args=[rating.person_id])
    return Form("cpd_lead", path, {"cycle": rating.cycle_id, f"agreed-{rating.pk}": 3})


# Plans ----------------------------------------------------------------------------------------
def to_plan(get: Get) -> Form:
    data = {"title": f"Read {next(_numbers)}", "due_on": "2027-03-01"}
    return Form("teaching_assistant", reverse("pathways:plan-add"), data)


def to_settle(verb: str, get: Get) -> Form:
    person = get("teaching_assistant").person
    item = PlanItem.objects.create(person=person, created_by=person, title=f"Line {next(_numbers)}")
    return Form("teaching_assistant", reverse(f"pathways:plan-{verb}", args=[item.pk]))


def to_add_line(get: Get) -> Form:
    data = {"cycle": a_cycle().pk, "title": "Signing for all", "owner": "people", "due_on": "2027-03-01"}
    return Form(
        "people_team", reverse("pathways:needs-line-add"), data | {"competency": CompetencyFactory().pk}
    )


# Survey themes --------------------------------------------------------------------------------
def to_import(get: Get) -> Form:
    CompetencyFactory(code="T900")
    data = {"cycle": a_cycle().pk, "content": THEMES, "confirm": "yes"}
    return Form("people_team", reverse("pathways:needs-themes-import"), data)


def to_trace(get: Get) -> Form:
    cycle = a_cycle()
    theme = SurveyTheme.objects.create(cycle=cycle, title="Time")
    line = NeedsPlanLine.objects.create(
        cycle=cycle, title="A line", owner="people", created_by=get("people_team").person
    )
    return Form("people_team", reverse("pathways:needs-theme-trace", args=[theme.pk]), {"line": line.pk})


CASES: Cases = {
    "pathways:needs-mine": (to_rate_myself, {"pathways.needsrating": 1}),
    "pathways:needs-person-rate": (to_rate, {"pathways.needsrating": 1}),
    "pathways:needs-person-moderate": (to_moderate, {"pathways.needsrating": 1}),
    "pathways:plan-add": (to_plan, {"+pathways.planitem": 1}),
    "pathways:plan-done": (partial(to_settle, "done"), {"pathways.planitem": 1}),
    "pathways:plan-drop": (partial(to_settle, "drop"), {"pathways.planitem": 1}),
    "pathways:needs-line-add": (to_add_line, {"+pathways.needsplanline": 1}),
    "pathways:needs-themes-import": (
        to_import,
        {"+pathways.surveytheme": 2, "+pathways.surveytheme_competencies": 1},
    ),
    "pathways:needs-theme-trace": (to_trace, {"pathways.surveytheme": 1}),
}
