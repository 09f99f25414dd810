"""Hours away from the job on the case page of an apprenticeship."""

from datetime import timedelta

import pytest
from django.urls import reverse

from entitlements.academic_year import YearDates
from entitlements.models import LedgerEntry
from pathways.models import RouteRequest, RouteReview
from staff import clock
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def apprentice(teaching_assistant):
    """On programme for 100 days of a planned 400, with 400 hours agreed: an hour a day."""
    return _running(teaching_assistant.person)


def _running(person, state="on_programme", **fields):
    route = RouteFactory(code=f"ST-{state}", off_job_hours=300)
    request = a_request_in(state, person=person, route=route)
    start = TODAY - timedelta(days=99)
    RouteRequest.objects.filter(pk=request.pk).update(
        starts_on=start, planned_ends_on=start + timedelta(days=400), off_job_hours=400, **fields
    )
    return request


def _review(request, number, days_ago, hours=None, **fields):
    held = TODAY - timedelta(days=days_ago)
    minutes = None if hours is None else hours * 60
    return RouteReview.objects.create(
        request=request,
        number=number,
        due_on=held,
        **({"held_on": held, "off_job_minutes": minutes} | fields),
    )


def _logged(person, kind, minutes, days_ago):
    day = TODAY - timedelta(days=days_ago)
    year = AcademicYearFactory(name=YearDates.for_date(day).label)
    key = f"test:{person.pk}:{kind.code}:{days_ago}:1"
    facts = {
        "kind": kind,
        "minutes": minutes,
        "occurred_on": day,
        "title": "Away from the job",
        "source_key": key,
    }
    LedgerEntry.objects.create(person=person, year=year, **facts)


def _words(client, user, request):
    client.force_login(user)
    page = client.get(reverse("pathways:request-detail", args=[request.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_page_says_hours_of_the_plan_and_of_the_least_and_the_course(client, apprentice, teaching_assistant):
    _review(apprentice, 1, 60, 45)
    _review(apprentice, 2, 10, 70)
    _review(apprentice, 3, 5)  # held, without hours
    words = _words(client, teaching_assistant, apprentice)

    assert "70 hours of 400 hours: the plan" in words
    assert "230 hours still to come to the least there must be, 300 hours" in words
    assert "Behind by 30 hours: by today" in words
    assert "70 hours counted at the review, 0 minutes logged as CPD since." in words
    assert 'class="bar"' in words


def test_what_was_logged_since_the_review_counts_and_nothing_twice(
    client, apprentice, teaching_assistant, line_manager
):
    kind = ActivityKindFactory(code="apprenticeship_otj")
    other, me = ActivityKindFactory(code="course"), teaching_assistant.person
    _review(apprentice, 1, 10, 70)
    _logged(me, kind, 600, 10)  # the day of the review: counted by it
    _logged(me, kind, 1800, 9)
    _logged(me, other, 6000, 9)
    _logged(line_manager.person, kind, 6000, 9)
    words = _words(client, line_manager, apprentice)

    assert "100 hours of 400 hours: the plan" in words
    assert "On course: by today" in words
    assert "70 hours counted at the review, 30 hours logged as CPD since." in words


def test_without_hours_agreed_the_least_is_the_plan(client, apprentice, teaching_assistant):
    RouteRequest.objects.filter(pk=apprentice.pk).update(off_job_hours=None)
    words = _words(client, teaching_assistant, apprentice)

    assert "0 minutes of 300 hours: the least there must be, as no hours were agreed" in words
    assert "No review has recorded hours yet: by today" in words


def test_what_is_over_says_what_there_was_and_no_course(client, teaching_assistant):
    request = _running(teaching_assistant.person, "completed", ended_on=TODAY - timedelta(days=3))
    _review(request, 1, 10, 310)
    words = _words(client, teaching_assistant, request)

    assert "310 hours of 400 hours: the plan" in words
    assert "The least there must be, 300 hours, is reached" in words
    assert "by today" not in words


@pytest.mark.parametrize(("kind", "state"), [("apprenticeship", "agreed"), ("npq", "on_programme")])
def test_before_the_start_and_of_other_routes_there_are_no_hours(client, teaching_assistant, kind, state):
    route = RouteFactory(code="X1", kind=kind)
    request = a_request_in(state, person=teaching_assistant.person, route=route)

    assert 'id="off-job"' not in _words(client, teaching_assistant, request)
