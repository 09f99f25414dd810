"""Where one person stands, in words of their own year."""

from __future__ import annotations

from datetime import date

import pytest

from entitlements.models import AcademicYear
from entitlements.queries.standing import standing_of
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ends_on", "on", "headline"),
    [
        (None, date(2026, 11, 24), "5 days left to find by 31 August"),
        (date(2027, 8, 31), date(2026, 11, 24), "5 days left to find by 31 August"),
        (date(2026, 12, 31), date(2026, 11, 24), "1 day 4 hours 22 minutes left to find by 31 December"),
        (date(2026, 12, 31), date(2027, 1, 8), "1 day 4 hours 22 minutes short"),
    ],
)
def test_it_is_to_be_found_by_the_last_day_of_the_last_contract(
    ends_on: date | None, on: date, headline: str
) -> None:
    person = ContractFactory(ends_on=ends_on).person
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")

    standing = standing_of(person, year, on)

    assert standing is not None
    assert standing.words.headline == headline
    assert standing.words_about("Ola").headline == headline
