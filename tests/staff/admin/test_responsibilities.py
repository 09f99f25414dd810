"""Giving and ending responsibilities; what one can be held for is said at the field where it can be mended."""

from datetime import date

import pytest
from django.urls import reverse

from staff.models import Responsibility
from staff.models.responsibilities import FOR_THE_WHOLE_TRUST, HUB_NEEDED, ONE_OF_THE_TWO, SCHOOL_NEEDED
from staff.queries.deciders import may_decide_about
from tests.factories.staff import HubFactory

ADD = "/admin/staff/responsibility/add/"


@pytest.mark.parametrize(
    ("kind", "named", "field", "sentence"),
    [
        ("people_team", {"school"}, "school", FOR_THE_WHOLE_TRUST),
        ("people_team", {"hub"}, "hub", FOR_THE_WHOLE_TRUST),
        ("headteacher", set(), "school", SCHOOL_NEEDED),
        ("budget_holder", {"hub"}, "school", SCHOOL_NEEDED),
        ("hub_lead", set(), "hub", HUB_NEEDED),
        ("cpd_lead", {"school", "hub"}, "hub", ONE_OF_THE_TWO),
    ],
)
def test_what_cannot_be_is_refused_at_the_field(
    client, people_team, teacher, beanfield, kind, named, field, sentence
):
    client.force_login(people_team)
    places = {"school": beanfield.pk, "hub": HubFactory().pk}
    sent = {name: places[name] if name in named else "" for name in places}
    before = Responsibility.objects.count()

    page = client.post(
        ADD, {"person": teacher.person.pk, "kind": kind, "starts_on": "2026-09-01", "ends_on": "", **sent}
    )

    assert page.context["adminform"].form.errors == {field: [sentence]}
    assert Responsibility.objects.count() == before


def test_a_responsibility_is_given_and_ended(client, people_team, outsider, teacher, beanfield):
    client.force_login(people_team)
    sent = {"person": outsider.person.pk, "kind": "headteacher", "school": beanfield.pk, "hub": ""}

    client.post(ADD, {**sent, "starts_on": "2026-12-01", "ends_on": ""})
    given = Responsibility.objects.get(person=outsider.person)
    change = reverse("admin:staff_responsibility_change", args=[given.pk])
    client.post(change, {**sent, "starts_on": "2026-12-01", "ends_on": "2026-12-05"})

    assert may_decide_about(outsider.person, teacher.person, date(2026, 12, 5))
    assert not may_decide_about(outsider.person, teacher.person, date(2026, 12, 6))


def test_nobody_gives_themselves_a_responsibility(client, people_team):
    client.force_login(people_team)
    before = Responsibility.objects.count()

    page = client.post(
        ADD, {"person": people_team.person.pk, "kind": "cpd_lead", "starts_on": "2026-12-01", "ends_on": ""}
    )

    assert list(page.context["adminform"].form.errors) == ["person"]
    assert Responsibility.objects.count() == before
