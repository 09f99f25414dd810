"""What a responsibility can be held for is said at the field where it can be mended."""

import pytest

from staff.models import Responsibility
from staff.models.responsibilities import FOR_THE_WHOLE_TRUST, HUB_NEEDED, ONE_OF_THE_TWO, SCHOOL_NEEDED
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
