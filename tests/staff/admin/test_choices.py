"""No choice is made for somebody who adds a row."""

import pytest

from tests.system.repeats.pages import read_form

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "field"),
    [("/admin/staff/responsibility/add/", "kind"), ("/admin/staff/jobrole/add/", "staff_group")],
)
def test_nothing_is_chosen_until_somebody_chooses(client, people_team, path, field):
    client.force_login(people_team)
    form = client.get(path).context["adminform"].form

    assert next(iter(form.fields[field].choices)) == ("", "Choose")
    assert client.post(path, {**read_form(people_team, path), field: ""}).context["adminform"].form.errors[
        field
    ] == ["This field is required."]
