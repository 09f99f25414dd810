"""Reminders about requests: working day 5 and 10 to who is asked, the day after to the next up."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from pathways.models import RouteRequest
from pathways.queries.requests_due import due_on
from pathways.rules.working_days import after_working_days, working_days_since
from tests.factories.pathways_requests import a_request_in

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


def test_working_days_leave_out_weekends():
    assert after_working_days(date(2026, 11, 6), 1) == date(2026, 11, 9)
    assert after_working_days(MONDAY, 10) == date(2026, 11, 16)
    assert working_days_since(MONDAY, date(2026, 11, 16)) == 10
    assert working_days_since(MONDAY, MONDAY - timedelta(days=3)) == 0


def test_from_day_5_and_again_from_10_to_who_is_asked_and_then_the_next_up_each_once(
    teaching_assistant, line_manager, headteacher
):
    request = a_request_in("manager", person=teaching_assistant.person)
    since = timezone.make_aware(datetime(2026, 11, 2, 9))
    RouteRequest.objects.filter(pk=request.pk).update(state_since_at=since)
    days = {number: list(due_on(after_working_days(MONDAY, number))) for number in range(13)}

    told, said = {}, set()
    for number, dues in days.items():
        told[number] = [one.person_id for one in dues if one.subject_key not in said]
        said |= {one.subject_key for one in dues}
    manager, head = line_manager.person.pk, headteacher.person.pk
    assert told == {number: [] for number in range(13)} | {5: [manager], 10: [manager], 11: [head]}
    # Whoever was not reached on the day is on a later one.
    assert [one.person_id for one in days[7]] == [manager]
    assert [one.person_id for one in days[12]] == [manager, head]
