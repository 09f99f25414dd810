"""The first administrator outside demo mode."""

import io

import pytest
from django.core.management import CommandError, call_command

from bwt_cpd.management.commands.invite_admin import DEMO_HAS_ITS_OWN_PEOPLE, not_an_address
from staff.actions.sign_in import has_password
from staff.models import User


@pytest.fixture(autouse=True)
def a_real_portal(settings):
    settings.DEMO = False
    settings.PUBLIC_URL = "https://cpd.trust.example"


def invite(email: str) -> str:
    out = io.StringIO()
    call_command("invite_admin", email, stdout=out)
    return out.getvalue()


def test_the_link_sets_the_first_password_once(client, db):
    link = invite("Root@Trust.example").strip()

    page = client.get(link.removeprefix("https://cpd.trust.example"), follow=True)
    client.post(
        page.request["PATH_INFO"], {"password1": "a long enough one", "password2": "a long enough one"}
    )

    root = User.objects.get(email="root@trust.example")
    assert root.is_superuser
    assert root.check_password("a long enough one")
    client.logout()
    assert client.get(link.removeprefix("https://cpd.trust.example"), follow=True).context["token_fail"]


def test_inviting_twice_gives_a_link_again_and_one_administrator(db):
    invite("root@trust.example")

    assert invite("root@trust.example").startswith("https://cpd.trust.example/accounts/password/reset/key/")
    assert User.objects.count() == 1


def test_somebody_with_a_password_is_not_taken_over(teacher):
    teacher.set_password("a long enough one")
    teacher.save()

    with pytest.raises(CommandError) as refusal:
        invite(teacher.email)

    assert str(refusal.value) == has_password(teacher.email)
    teacher.refresh_from_db()
    assert not teacher.is_superuser


def test_demo_mode_has_its_own_people(db, settings):
    settings.DEMO = True

    with pytest.raises(CommandError) as refusal:
        invite("root@trust.example")

    assert str(refusal.value) == DEMO_HAS_ITS_OWN_PEOPLE


def test_what_is_no_address_is_refused_in_one_line(db):
    with pytest.raises(CommandError) as refusal:
        invite("root")

    assert str(refusal.value) == not_an_address("root")
