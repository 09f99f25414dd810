"""The control of RELIABILITY row 5: with a guard off, one form has many effects, and that is found."""

from __future__ import annotations

from django.db import connection

from tests.system.repeats import admin, courses
from tests.system.repeats.cases import TIMES, differences
from tests.system.web_server import serving

BOOKING = {"courses:session-book": courses.CASES["courses:session-book"]}
SCHOOL = {"admin:staff_school_change": admin.CASES["admin:staff_school_change"]}


def test_without_lock_and_uniqueness_one_form_books_many_times(cloned_database, request):
    """The person's lock off (tests/system/without_uniqueness.py), and the database's index."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booking_one_live_per_person_and_session")
    with serving(cloned_database, application="tests.system.without_uniqueness:application") as port:
        found = list(differences(port, BOOKING, request.getfixturevalue))

    assert [line.partition(" ")[0] for line in found] == ["courses:session-book:"] * len(found)
    assert any("answered" in line for line in found)
    assert any("has" in line for line in found)


def test_without_turns_one_form_of_the_admin_is_taken_again_and_again(cloned_database, request):
    """Forms are not known again (tests/system/without_turns.py)."""
    with serving(cloned_database, application="tests.system.without_turns:application") as port:
        found = list(differences(port, SCHOOL, request.getfixturevalue))

    assert f"admin:staff_school_change: has {{'+admin.logentry': {TIMES}, 'staff.school': 1}}" in found
    assert "admin:staff_school_change: once more has {'+admin.logentry': 1}" in found
