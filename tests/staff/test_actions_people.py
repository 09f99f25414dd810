"""The sign-in follows what the people team writes by hand."""

import pytest
from django.urls import reverse

from staff.actions.people import keep_sign_in
from staff.admin.people import sign_in_is_kept
from staff.forms.people import SIGN_IN_OF_ANOTHER
from staff.models import Person, User
from staff.refusals import ActionRefused
from tests.factories.staff import PersonFactory, ResponsibilityFactory, UserFactory

pytestmark = pytest.mark.django_db

# Of the tables below a person's own form in the admin.
NO_ROWS = {
    f"{name}-{field}": "0"
    for name in ("contracts", "absences", "responsibilities")
    for field in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def test_somebody_new_gets_a_sign_in_by_e_mail_or_by_staff_number():
    with_mail = keep_sign_in(person=PersonFactory(work_email="Ann@Trust.example"), by=None)
    without = keep_sign_in(person=PersonFactory(payroll_number="P77"), by=None)
    neither = keep_sign_in(person=PersonFactory(payroll_number=None), by=None)

    assert (with_mail.email, with_mail.staff_number) == ("ann@trust.example", None)
    assert (without.email, without.staff_number, without.has_usable_password()) == (None, "P77", False)
    assert neither is None


def test_the_e_mail_of_somebody_else_is_refused(teacher):
    with pytest.raises(ActionRefused):
        keep_sign_in(person=PersonFactory(work_email=teacher.email), by=None)


def test_an_administrator_is_moved_by_an_administrator_alone(people_team):
    admin = UserFactory(is_superuser=True)
    admin.person.work_email = "new@trust.example"

    keep_sign_in(person=admin.person, by=people_team)
    assert User.objects.get(pk=admin.pk).email == admin.email
    keep_sign_in(person=admin.person, by=UserFactory(is_superuser=True))
    assert User.objects.get(pk=admin.pk).email == "new@trust.example"


def test_whoever_sees_everybodys_records_is_moved_by_an_administrator_alone(people_team):
    colleague = UserFactory()
    ResponsibilityFactory(person=colleague.person, kind="people_team")
    colleague.person.work_email = "new@trust.example"

    for by in (people_team, None):
        keep_sign_in(person=colleague.person, by=by)
        assert User.objects.get(pk=colleague.pk).email == colleague.email
    keep_sign_in(person=colleague.person, by=UserFactory(is_superuser=True))
    assert User.objects.get(pk=colleague.pk).email == "new@trust.example"


@pytest.mark.parametrize("kind", ["people_team", "trainer"])
def test_changing_the_e_mail_of_a_person_in_the_admin_says_whether_the_sign_in_followed(
    client, people_team, kind
):
    user = UserFactory(email="old@trust.example")
    ResponsibilityFactory(person=user.person, kind=kind)
    client.force_login(people_team)
    fields = {"first_name": "Ann", "last_name": "Ash", "work_email": "new@trust.example"}

    answer = client.post(
        reverse("admin:staff_person_change", args=[user.person.pk]), {**fields, **NO_ROWS}, follow=True
    )

    person = Person.objects.get(pk=user.person.pk)
    is_kept = kind == "people_team"
    assert person.work_email == "new@trust.example"
    assert person.user.email == ("old@trust.example" if is_kept else "new@trust.example")
    warned = sign_in_is_kept(person.user) in [str(message) for message in answer.context["messages"]]
    assert warned == is_kept


def test_adding_a_person_in_the_admin_makes_their_sign_in(client, people_team):
    client.force_login(people_team)
    fields = {
        "first_name": "Ann",
        "last_name": "Ash",
        "payroll_number": "P88",
        "work_email": "Ann@trust.example",
    }

    response = client.post(reverse("admin:staff_person_add"), {**fields, **NO_ROWS})

    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Person.objects.get(payroll_number="P88").user.email == "ann@trust.example"
    again = client.post(reverse("admin:staff_person_add"), {**fields, **NO_ROWS, "payroll_number": "P89"})
    assert again.context["adminform"].form.errors == {"work_email": [SIGN_IN_OF_ANOTHER]}
