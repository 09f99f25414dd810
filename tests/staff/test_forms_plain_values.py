"""Fields of the admin that show pence as pounds and codes as words."""

import pytest
from django.core.exceptions import ValidationError

from staff.forms.plain_values import ChosenField, PoundsField


@pytest.mark.parametrize(
    ("typed", "pence"), [("40000", 4_000_000), ("0.07", 7), ("670.70", 67_070), ("", None)]
)
def test_pounds_are_kept_as_whole_pence(typed, pence):
    field = PoundsField(required=False)

    assert field.clean(typed) == pence


def test_pence_are_shown_as_pounds():
    field = PoundsField()

    assert str(field.prepare_value(67_070)) == "670.70"
    assert field.prepare_value(None) is None
    assert field.prepare_value("6x") == "6x"


def test_the_same_pounds_are_no_change():
    field = PoundsField()

    assert not field.has_changed(67_070, "670.70")
    assert field.has_changed(67_070, "670.71")


@pytest.mark.parametrize("typed", ["-1", "1.005", "x"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        PoundsField().clean(typed)


def test_only_what_is_offered_can_be_chosen():
    field = ChosenField(choices=[("teacher", "Teachers")], required=False)

    assert field.clean(["teacher"]) == ["teacher"]
    with pytest.raises(ValidationError):
        field.clean(["caterer"])
