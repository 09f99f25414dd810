"""Two people who add the same row in the admin in the same instant, on a database that commits."""

import threading
from contextlib import suppress

import pytest
from django.test import Client

from staff.admin import once
from staff.models import School
from tests.at_once import at_once
from tests.factories.staff import ResponsibilityFactory
from tests.system.repeats.pages import read_form

ADD = "/admin/staff/school/add/"
NEW = {"code": "NEW", "name": "New School", "kind": "school", "phase": "primary"}


@pytest.fixture
def add_twice(cloned_database, people_team, outsider, monkeypatch):
    """Both send the form; neither writes before the other's has been looked at, or for so many seconds."""
    ResponsibilityFactory(person=outsider.person, kind="people_team")
    write = School.save

    def act(user):
        # What one request raises is told to the clients of all that are under way: the answer is looked at instead.
        sent, client = {**read_form(user, ADD), **NEW}, Client(raise_request_exception=False)
        client.force_login(user)
        return lambda: client.post(ADD, sent)

    def both(seconds):
        looked_at = threading.Barrier(2)

        def write_late(school, *args, **kwargs):
            with suppress(threading.BrokenBarrierError):
                looked_at.wait(seconds)
            write(school, *args, **kwargs)

        monkeypatch.setattr(School, "save", write_late)
        return at_once(act(people_team), act(outsider))

    return both


def test_second_reads_at_the_field_that_it_is_there(add_twice):
    first, second = sorted(add_twice(seconds=1), key=lambda answer: -answer.status_code)

    assert (first.status_code, second.status_code) == (302, 200)
    assert "School with this Code already exists." in second.content.decode()
    assert School.objects.filter(code="NEW").count() == 1


def test_control_without_turns_the_second_meets_an_error(add_twice, monkeypatch):
    monkeypatch.setattr(once, "take_turn", lambda *name: None)

    answers = sorted(answer.status_code for answer in add_twice(seconds=30))

    assert answers == [302, 500]
