"""My profile: what HR knows, what I settle myself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from staff import clock
from staff.actions.responsibilities import decides_nothing
from staff.forms.profile import LAST_DAY_IS_PAST
from staff.models import Delegation, MessagePreference, User
from tests.factories.staff import ContractFactory, PersonFactory
from tests.markup import without_layout

PAGE = "/profile/"


@pytest.fixture
def signed_in(client, line_manager, teacher):
    """The line manager, who decides about the teacher."""
    client.force_login(line_manager)
    return line_manager


def days(first: int, last: int) -> dict[str, str]:
    today = clock.today()
    return {
        "starts_on": (today + timedelta(days=first)).isoformat(),
        "ends_on": (today + timedelta(days=last)).isoformat(),
    }


def test_it_shows_what_hr_knows(client, signed_in, headteacher):
    page = client.get(PAGE)

    [post] = page.context["profile"].posts
    assert post == signed_in.person.contracts.get()
    assert post.line_manager == headteacher.person
    for known in (post.job_role, post.school, post.line_manager):
        assert str(known) in page.content.decode()


def test_an_administrator_without_a_staff_record_gets_a_page(client, db):
    client.force_login(User.objects.create_superuser("root@trust.example"))

    page = client.get(PAGE)

    assert page.status_code == 200
    assert page.context["profile"].posts == []
    assert reverse("profile-reminders") not in page.content.decode()


def test_a_partner_is_a_guest(client, partner):
    client.force_login(partner)

    assert str(partner.person.partner) in client.get(PAGE).content.decode()


@pytest.mark.parametrize("mode", ["light", "dark", ""])
def test_colours_are_kept_and_written_into_the_page(client, signed_in, mode):
    answer = client.post("/profile/colours/", {"colour_mode": mode})

    signed_in.refresh_from_db()
    assert (answer.url, signed_in.colour_mode) == (PAGE, mode)
    assert (f'data-bs-theme="{mode}"' in client.get(PAGE).content.decode()) is bool(mode)


def test_a_colour_that_does_not_exist_comes_back(client, signed_in):
    answer = client.post("/profile/colours/", {"colour_mode": "pink"})

    assert answer.status_code == 422
    assert User.objects.get(pk=signed_in.pk).colour_mode == ""


def test_reminders_are_kept(client, signed_in):
    client.post("/profile/reminders/", {"wants_session_reminders": "on"})
    client.post("/profile/reminders/", {"wants_shortfall_nudges": "on"})

    kept = MessagePreference.objects.get(person=signed_in.person)
    assert (kept.wants_session_reminders, kept.wants_shortfall_nudges, kept.wants_decision_reminders) == (
        False,
        True,
        False,
    )


def test_whoever_decides_nothing_is_not_offered_a_stand_in(client, signed_in, teacher):
    with_team = without_layout(client.get(PAGE).content.decode())
    client.force_login(teacher)

    assert reverse("delegation-new") in with_team
    assert reverse("delegation-new") not in client.get(PAGE).content.decode()


# Standing in --------------------------------------------------------------------------------
def test_somebody_at_my_school_decides_for_me(client, signed_in, cpd_lead):
    answer = client.post("/profile/delegations/new/", {"to_person": cpd_lead.person.pk, **days(1, 7)})

    given = Delegation.objects.get()
    assert answer.url == PAGE
    assert (given.from_person, given.to_person) == (signed_in.person, cpd_lead.person)
    page = client.get(PAGE)
    assert page.context["profile"].delegations == [given]
    assert str(cpd_lead.person) in page.content.decode()
    assert reverse("delegation-end", args=[given.pk]) in page.content.decode()


def test_the_list_has_colleagues_and_my_manager_and_nobody_else(
    client, signed_in, outsider, central, headteacher
):
    elsewhere = PersonFactory(first_name="Mona", last_name="Manager")
    ContractFactory(person=elsewhere, school=central)
    signed_in.person.contracts.update(line_manager=elsewhere)
    left = PersonFactory()
    ContractFactory(person=left, ends_on="2021-01-01")

    page = client.get("/profile/delegations/new/")

    offered = {str(person) for person in page.context["form"].fields["to_person"].queryset}
    assert offered == {"Helen Head", "Mona Manager", "Tessa Teacher"}


def test_somebody_of_another_school_cannot_be_chosen(client, signed_in, outsider):
    answer = client.post("/profile/delegations/new/", {"to_person": outsider.person.pk, **days(1, 7)})

    assert answer.status_code == 422
    assert Delegation.objects.count() == 0


def test_days_that_are_over_come_back_with_what_was_typed(client, signed_in, cpd_lead):
    answer = client.post(
        "/profile/delegations/new/",
        {"to_person": cpd_lead.person.pk, "reason": "At a conference", **days(-9, -2)},
    )

    assert answer.context["form"].errors == {"ends_on": [LAST_DAY_IS_PAST]}
    assert "At a conference" in answer.content.decode()


def test_what_the_action_refuses_is_said_on_the_page(client, teacher, cpd_lead):
    client.force_login(teacher)

    answer = client.post("/profile/delegations/new/", {"to_person": cpd_lead.person.pk, **days(1, 7)})

    assert answer.context["form"].non_field_errors() == [decides_nothing(teacher.person)]


def test_i_take_it_back(client, signed_in, cpd_lead):
    client.post("/profile/delegations/new/", {"to_person": cpd_lead.person.pk, **days(0, 7)})

    answer = client.post(reverse("delegation-end", args=[Delegation.objects.get().pk]))

    assert answer.url == PAGE
    assert not Delegation.objects.in_force(clock.today()).exists()


def test_whoever_stands_in_sees_for_whom(client, signed_in, cpd_lead):
    client.post("/profile/delegations/new/", {"to_person": cpd_lead.person.pk, **days(0, 7)})
    client.force_login(cpd_lead)

    page = client.get(PAGE)

    assert page.context["profile"].stood_in_for == [Delegation.objects.get()]
    assert str(signed_in.person) in page.content.decode()


@pytest.mark.parametrize("delegations", [1, 3])
def test_the_page_asks_the_same_whatever_there_is(
    client, signed_in, cpd_lead, delegations, django_assert_max_num_queries
):
    today = clock.today()
    for number in range(delegations):
        first = today + timedelta(days=20 * number)
        Delegation.objects.create(
            from_person=signed_in.person, to_person=cpd_lead.person, starts_on=first, ends_on=first
        )

    with django_assert_max_num_queries(25):
        client.get(PAGE)
