"""Carrying over after a long absence: who, how much, until when (R14)."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.academic_year import YearDates
from entitlements.actions import carry_overs
from entitlements.actions.carry_overs import approve_carry_over
from entitlements.actions.years import close_year, ensure_years
from entitlements.models import AcademicYear, CarryOver
from entitlements.queries.year import year_for
from staff.refusals import ActionRefused
from tests.factories.staff import AbsenceFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/entitlements/carryover/add/"


@pytest.fixture
def year(db: None) -> AcademicYear:
    """2026/27, with the maternity leave of case E12 to come."""
    return AcademicYear.objects.select_related("policy").get(name="2026/27")


@pytest.fixture
def back(teacher):
    """A full-time teacher who was on family leave for 181 days."""
    AbsenceFactory(person=teacher.person, starts_on=date(2026, 11, 1), ends_on=date(2027, 4, 30))
    return teacher.person


def approve(year, person, by, **other):
    facts = {"minutes": 967, "reason": "Back after leave", "today": date(2027, 9, 10), **other}
    return approve_carry_over(person=person, from_year=year, by=by.person, **facts)


@pytest.mark.parametrize("is_closed", [False, True])
def test_up_to_what_the_leave_took_off_is_carried_and_no_figure_moves(year, back, people_team, is_closed):
    if is_closed:
        close_year(year, today=date(2027, 9, 30))
        year.refresh_from_db()

    carried = approve(year, back, people_team, today=date(2027, 10, 5))

    following = AcademicYear.objects.select_related("policy").get(name="2027/28")
    page = year_for(back, following, date(2027, 10, 5))
    assert (carried.minutes, carried.approved_by) == (967, people_team.person)
    assert page.carried == carried
    assert page.standing.expected == 1950
    assert year_for(back, following, date(2027, 10, 5), for_owner=False).carried is None


def test_it_has_gone_in_the_year_after_the_next(year, back, people_team):
    approve(year, back, people_team)
    ensure_years([YearDates(2028)])

    later = AcademicYear.objects.select_related("policy").get(name="2028/29")

    assert year_for(back, later, date(2028, 9, 1)).carried is None


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"minutes": 968}, "At most 16 hours 7 minutes"),
        ({"minutes": 0}, "At most"),
        ({"reason": " "}, "Say why"),
        ({"today": date(2027, 8, 31)}, "ask again when it is over"),
        ({"today": date(2028, 9, 1)}, "expired on Thu 31 Aug 2028"),
    ],
)
def test_what_is_refused(year, back, people_team, other, said):
    with pytest.raises(ActionRefused, match=said):
        approve(year, back, people_team, **other)
    assert not CarryOver.objects.exists()


def test_short_sickness_and_unpaid_leave_carry_nothing(year, teacher, people_team):
    AbsenceFactory(
        person=teacher.person, absence_class="sickness", starts_on="2026-11-01", ends_on="2026-11-27"
    )
    AbsenceFactory(
        person=teacher.person, absence_class="unpaid", starts_on="2027-01-01", ends_on="2027-03-31"
    )

    with pytest.raises(ActionRefused) as refusal:
        approve(year, teacher.person, people_team, minutes=1)

    assert refusal.value.sentence == carry_overs.nothing_to_carry(year)


def test_only_the_people_team_and_never_for_oneself(year, back, people_team, line_manager, teacher):
    AbsenceFactory(person=people_team.person, starts_on=date(2026, 11, 1), ends_on=date(2027, 4, 30))
    with pytest.raises(ActionRefused) as by_the_manager:
        approve(year, back, line_manager)
    with pytest.raises(ActionRefused) as for_oneself:
        approve(year, people_team.person, people_team)

    assert by_the_manager.value.sentence == carry_overs.NOT_PEOPLE_TEAM
    assert for_oneself.value.sentence == carry_overs.FOR_ONESELF


def test_once_a_year(year, back, people_team):
    approve(year, back, people_team, minutes=100)

    with pytest.raises(ActionRefused) as refusal:
        approve(year, back, people_team, minutes=200)

    assert refusal.value.sentence == carry_overs.approved_already(back, year)


# The admin: 2025/26 is over on any day this runs, and its carry-over lasts to 31 August 2027 ---------
@pytest.fixture
def was_away(teacher, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 24))
    AbsenceFactory(person=teacher.person, starts_on=date(2025, 11, 1), ends_on=date(2026, 4, 30))
    return teacher


def form(user, **other):
    year = AcademicYear.objects.get(name="2025/26")
    facts = {"person": user.person.pk, "from_year": year.pk, "minutes": 600, "reason": "Back after leave"}
    return {**facts, **other}


def test_the_people_team_approves_it_in_the_admin_and_the_person_reads_it(client, people_team, was_away):
    client.force_login(people_team)
    assert client.post(ADD, form(was_away)).status_code == 302

    carried = CarryOver.objects.get()
    shown = client.get(reverse("admin:entitlements_carryover_change", args=[carried.pk])).content.decode()
    client.force_login(was_away)
    page = client.get("/entitlements/")

    assert (carried.minutes, carried.approved_by) == (600, people_team.person)
    assert "Priya People" in shown
    assert page.context["mine"].carried == carried
    assert "1 day 3 hours 30 minutes" in page.content.decode()
    assert "Tue 31 Aug 2027" in page.content.decode()


def test_a_refusal_is_said_on_the_form(client, people_team, was_away):
    client.force_login(people_team)

    page = client.post(ADD, form(was_away, minutes=5000))
    own = client.post(ADD, form(people_team))

    assert page.context["adminform"].form.non_field_errors() == [carry_overs.more_than_taken_off(967)]
    assert own.context["adminform"].form.non_field_errors() == [carry_overs.FOR_ONESELF]
    assert not CarryOver.objects.exists()


def test_nobody_changes_or_deletes_it(client, people_team, was_away):
    client.force_login(people_team)
    client.post(ADD, form(was_away))
    pk = CarryOver.objects.get().pk

    assert client.post(f"/admin/entitlements/carryover/{pk}/change/", form(was_away)).status_code == 403
    assert client.post(f"/admin/entitlements/carryover/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(ADD, form(was_away)).status_code == 200, "once a year"
