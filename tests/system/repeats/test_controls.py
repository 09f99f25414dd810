"""The control of RELIABILITY row 5: with a guard off, one form has many effects, and that is found."""

from __future__ import annotations

from django.db import connection

from tests.system.repeats.cases import differences
from tests.system.repeats.courses import CASES
from tests.system.web_server import serving

BOOKING = {"courses:session-book": CASES["courses:session-book"]}


def test_without_lock_and_uniqueness_one_form_books_many_times(cloned_database, request):
    """The person's lock off (tests/system/without_uniqueness.py), and the database's index."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booking_one_live_per_person_and_session")
    with serving(cloned_database, application="tests.system.without_uniqueness:application") as port:
        found = list(differences(port, BOOKING, request.getfixturevalue))

    assert [line.partition(" ")[0] for line in found] == ["courses:session-book:"] * len(found)
    assert any("answered" in line for line in found)
    assert any("has" in line for line in found)
