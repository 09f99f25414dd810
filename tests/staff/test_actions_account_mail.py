"""Notes about a sign-in: one for each event, and a form sent twice is one."""

from datetime import timedelta

import pytest

from staff import clock
from staff.actions.account_mail import post_account_note
from staff.models import Message

pytestmark = pytest.mark.django_db


def told(teacher, subject, later=timedelta()):
    post_account_note(person=teacher.person, subject=subject, body="So it is.", now=clock.now() + later)


def test_same_note_twice_at_once_is_one(teacher):
    told(teacher, "Your password was changed")
    told(teacher, "Your password was changed")

    assert Message.objects.count() == 1


def test_another_note_and_the_same_one_later_are_their_own(teacher):
    told(teacher, "Your password was changed")
    told(teacher, "A passkey was added")
    told(teacher, "Your password was changed", later=timedelta(minutes=2))

    assert Message.objects.count() == 3
