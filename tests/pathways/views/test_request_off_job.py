"""Hours away from the job on the case page of an apprenticeship."""

from datetime import timedelta

import pytest
from django.urls import reverse

from entitlements.academic_year import YearDates
from entitlements.models import LedgerEntry
from pathways.models import RouteRequest, RouteReview
from pathways.queries.off_job import LEAST_IS_THE_PLAN, least_is_reached, short_of_least, sources
from staff import clock
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in

pytestmark = pytest.mark.django_db
TODAY = clock.today()
H = 60


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


def _page(client, user, request):
    client.force_login(user)
    page = client.get(reverse("pathways:request-detail", args=[request.pk]))
    assert page.status_code == 200
    return page


def _shown(client, user, request):
    """What the page shows, all of which stands on it."""
    page = _page(client, user, request)
    shown = page.context["case"].off_job
    for sentence in (shown.of_plan, shown.of_least, shown.source, shown.course):
        assert sentence in page.content.decode()
    return shown


def test_page_says_hours_of_the_plan_and_of_the_least_and_the_course(client, apprentice, teaching_assistant):
    _review(apprentice, 1, 60, 45)
    _review(apprentice, 2, 10, 70)
    _review(apprentice, 3, 5)  # held, without hours
    shown = _shown(client, teaching_assistant, apprentice)

    assert (shown.so_far, shown.planned, shown.least, shown.expected) == (70 * H, 400 * H, 300 * H, 100 * H)
    assert shown.of_least == short_of_least(230 * H, 300 * H)
    assert shown.is_behind
    assert shown.source == sources(70 * H, 0, has_review=True)
    assert 'class="bar"' in _page(client, teaching_assistant, apprentice).content.decode()


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
    shown = _shown(client, line_manager, apprentice)

    assert (shown.so_far, shown.planned, shown.is_behind) == (100 * H, 400 * H, False)
    assert shown.source == sources(70 * H, 30 * H, has_review=True)


def test_without_hours_agreed_the_least_is_the_plan(client, apprentice, teaching_assistant):
    RouteRequest.objects.filter(pk=apprentice.pk).update(off_job_hours=None)
    shown = _shown(client, teaching_assistant, apprentice)

    assert (shown.so_far, shown.planned, shown.least) == (0, 300 * H, 300 * H)
    assert shown.of_plan.endswith(LEAST_IS_THE_PLAN)
    assert shown.source == sources(0, 0, has_review=False)


def test_what_is_over_says_what_there_was_and_no_course(client, teaching_assistant):
    request = _running(teaching_assistant.person, "completed", ended_on=TODAY - timedelta(days=3))
    _review(request, 1, 10, 310)
    shown = _shown(client, teaching_assistant, request)

    assert (shown.so_far, shown.planned, shown.course) == (310 * H, 400 * H, "")
    assert shown.of_least == least_is_reached(300 * H)


@pytest.mark.parametrize(("kind", "state"), [("apprenticeship", "agreed"), ("npq", "on_programme")])
def test_before_the_start_and_of_other_routes_there_are_no_hours(client, teaching_assistant, kind, state):
    route = RouteFactory(code="X1", kind=kind)
    request = a_request_in(state, person=teaching_assistant.person, route=route)

    assert 'id="off-job"' not in _page(client, teaching_assistant, request).content.decode()
