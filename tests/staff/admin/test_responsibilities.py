"""What a responsibility can be held for is said at the field where it can be mended."""

import pytest

from staff.models import Responsibility
from tests.factories.staff import HubFactory

ADD = "/admin/staff/responsibility/add/"


@pytest.mark.parametrize(
    ("kind", "named", "field", "sentence"),
    [
        ("people_team", {"school"}, "school", "Leave this empty: the people team works for the whole trust."),
        ("people_team", {"hub"}, "hub", "Leave this empty: the people team works for the whole trust."),
        ("headteacher", set(), "school", "Choose the school: this responsibility is for one school."),
        ("budget_holder", {"hub"}, "school", "Choose the school: this responsibility is for one school."),
        ("hub_lead", set(), "hub", "Choose the hub that this person leads."),
        ("cpd_lead", {"school", "hub"}, "hub", "Choose a school or a hub, not both."),
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
