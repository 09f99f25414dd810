"""Printed one-time codes for people without a mailbox."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from staff import clock
from staff.actions import sign_in as actions
from staff.actions.sign_in import WRONG_CODE, hand_out_codes, set_first_password
from staff.models import OneTimeCode, User
from staff.refusals import ActionRefused
from tests.factories.staff import ContractFactory, PersonFactory, ResponsibilityFactory, UserFactory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAGE = "/accounts/first-password/"
PASSWORD = "warm soup on mondays"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


@pytest.fixture
def cook(beanfield):
    """Somebody in the kitchen: no e-mail, no sign-in yet."""
    person = PersonFactory(payroll_number="K0815", first_name="Karin", last_name="Cook", work_email="")
    ContractFactory(person=person, school=beanfield)
    return person


@pytest.fixture
def slip(cook, people_team):
    return hand_out_codes(people=[cook], by=people_team, now=clock.now())[0][0]


def post(client, slip, **changes):
    typed = {"staff_number": slip.staff_number, "code": slip.code, "password": PASSWORD, "again": PASSWORD}
    return client.post(PAGE, typed | changes)


def test_a_slip_is_in_readable_groups_and_good_for_14_days(cook, people_team):
    slips, left_out = hand_out_codes(people=[cook], by=people_team, now=NOW)

    assert re.fullmatch(r"([34679CDFGHJKMNPQRTVWXY]{4}-){3}[34679CDFGHJKMNPQRTVWXY]{4}", slips[0].code)
    assert (slips[0].staff_number, slips[0].expires_at, left_out) == ("K0815", NOW + timedelta(days=14), [])


def test_only_a_hash_is_in_the_database(slip):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(c)::text FROM staff_onetimecode c")
        rows = [row for (row,) in cursor.fetchall()]

    assert len(rows) == 1
    assert not any(group in rows[0] for group in slip.code.split("-"))


def test_the_code_sets_a_password_and_signs_in(client, slip, cook):
    answer = post(client, slip, code=slip.code.lower().replace("-", " "))

    user = User.objects.get(person=cook)
    assert answer.url == "/"
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_code_works_once(client, slip):
    post(client, slip)
    client.logout()

    again = post(client, slip, password="another one altogether", again="another one altogether")

    assert again.context["form"].non_field_errors() == [WRONG_CODE]


def test_same_form_sent_twice_is_the_same_and_signs_in_again(client, slip, cook):
    post(client, slip)
    client.logout()

    assert post(client, slip).url == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get(person=cook).pk)


def test_same_form_is_the_same_for_ten_minutes_only(slip):
    sent = {"staff_number": "K0815", "code": slip.code, "password": PASSWORD}
    set_first_password(**sent, now=clock.now())

    with pytest.raises(ActionRefused) as refusal:
        set_first_password(**sent, now=clock.now() + timedelta(minutes=11))

    assert refusal.value.sentence == WRONG_CODE


def test_a_code_does_not_open_what_has_another_password_by_now(slip, cook):
    sent = {"staff_number": "K0815", "code": slip.code, "password": PASSWORD}
    user = set_first_password(**sent, now=clock.now())
    user.set_password("something else by now")
    user.save()

    with pytest.raises(ActionRefused) as refusal:
        set_first_password(**sent, now=clock.now())

    assert refusal.value.sentence == WRONG_CODE


def test_same_sheet_twice_has_the_same_codes_which_work(cook, people_team):
    sheets = [
        hand_out_codes(people=[cook], by=people_team, now=clock.now(), sheet="one form")[0] for _ in "ab"
    ]

    assert sheets[0] == sheets[1]
    assert OneTimeCode.objects.count() == 1
    code = sheets[0][0].code
    assert set_first_password(staff_number="K0815", code=code, password=PASSWORD, now=clock.now())


def test_another_sheet_and_another_person_have_other_codes(cook, people_team, beanfield):
    other = ContractFactory(school=beanfield).person
    codes = [
        slip.code
        for sheet in ("one form", "another form")
        for slip in hand_out_codes(people=[cook, other], by=people_team, now=clock.now(), sheet=sheet)[0]
    ]

    assert len(set(codes)) == 4


def test_control_without_the_mark_of_use_a_code_works_twice(slip, monkeypatch):
    set_first_password(staff_number="K0815", code=slip.code, password=PASSWORD, now=clock.now())
    OneTimeCode.objects.update(used_at=None)

    assert set_first_password(staff_number="K0815", code=slip.code, password="x" * 12, now=clock.now())


@pytest.mark.parametrize(
    "wrong",
    [{"code": "3333-3333-3333-3333"}, {"staff_number": "K9999"}, {"staff_number": "K9999", "code": "x"}],
    ids=["wrong code", "unknown number", "both"],
)
def test_whatever_was_wrong_the_sentence_is_the_same(client, slip, wrong):
    answer = post(client, slip, **wrong)

    assert answer.context["form"].errors == {"__all__": [WRONG_CODE]}


def test_a_code_runs_out(slip):
    with pytest.raises(ActionRefused) as refusal:
        set_first_password(
            staff_number="K0815",
            code=slip.code,
            password=PASSWORD,
            now=slip.expires_at + timedelta(seconds=1),
        )

    assert refusal.value.sentence == WRONG_CODE


def test_a_new_slip_makes_the_old_one_worthless(client, slip, cook, people_team):
    newer = hand_out_codes(people=[cook], by=people_team, now=clock.now())[0][0]

    assert post(client, slip).context["form"].non_field_errors() == [WRONG_CODE]
    assert post(client, newer).url == "/"


def test_a_code_is_of_no_use_with_the_number_of_somebody_else(client, slip, beanfield, people_team):
    other = PersonFactory(payroll_number="K4711")
    ContractFactory(person=other, school=beanfield)
    hand_out_codes(people=[other], by=people_team, now=clock.now())

    assert post(client, slip, staff_number="K4711").context["form"].non_field_errors() == [WRONG_CODE]


def test_the_eleventh_try_in_ten_minutes_is_not_looked_at(client, slip):
    for _ in range(10):
        post(client, slip, code="3333-3333-3333-3333")

    answer = post(client, slip)

    assert answer.status_code == 429
    assert not User.objects.get(staff_number="K0815").has_usable_password()


def test_a_weak_password_or_two_different_ones_leave_the_code_unused(client, slip):
    weak = post(client, slip, password="password", again="password")
    differing = post(client, slip, again="something else")

    assert list(weak.context["form"].errors) == ["password"]
    assert list(differing.context["form"].errors) == ["again"]
    assert post(client, slip).url == "/"


def test_a_leaver_cannot_use_a_slip(client, slip, cook):
    cook.contracts.update(ends_on=date(2021, 1, 1))

    assert post(client, slip).context["form"].non_field_errors() == [WRONG_CODE]
    assert OneTimeCode.objects.get().used_at is None


def test_the_comparison_takes_the_same_steps_for_known_and_unknown(
    slip, monkeypatch, django_assert_num_queries
):
    seen = []
    compare = actions.hmac.compare_digest
    monkeypatch.setattr(
        actions.hmac, "compare_digest", lambda one, two: seen.append(len(two)) or compare(one, two)
    )

    with django_assert_num_queries(1):
        actions.code_fits(staff_number="K0815", code="nonsense", now=clock.now())
    with django_assert_num_queries(1):
        actions.code_fits(staff_number="nobody", code="nonsense", now=clock.now())

    assert seen == [64, 64]


# Who hands out ------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["teacher", "line_manager", "headteacher", "hub_lead", "partner"])
def test_nobody_else_hands_out_codes(request, cook, who):
    by = request.getfixturevalue(who)

    with pytest.raises(ActionRefused) as refusal:
        hand_out_codes(people=[cook], by=by, now=NOW)

    assert refusal.value.sentence == actions.ONLY_THE_PEOPLE_TEAM


def test_the_people_team_gets_no_slip_for_a_colleague_who_sees_every_record(people_team, central):
    colleague = UserFactory(person=PersonFactory(first_name="Petra"))
    ContractFactory(person=colleague.person, school=central)
    ResponsibilityFactory(person=colleague.person, kind="people_team")

    slips, left_out = hand_out_codes(people=[colleague.person], by=people_team, now=NOW)

    assert slips == []
    assert left_out == [actions.needs_administrator(colleague.person)]


def test_people_who_cannot_sign_in_are_named_and_the_others_get_theirs(cook, people_team, partner):
    leaver = PersonFactory(first_name="Lena", last_name="Left")

    slips, left_out = hand_out_codes(people=[leaver, cook, partner.person], by=people_team, now=NOW)

    assert [slip.person for slip in slips] == [cook]
    assert left_out == [actions.may_not_sign_in(leaver), actions.has_no_staff_number(partner.person)]
