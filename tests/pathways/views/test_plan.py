"""My plan, and what is offered for what I need."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pathways.models import PlanItem
from pathways.rules.needs import LEVEL_WORDS
from staff import clock
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.pathways_needs import CompetencyFactory, NeedsRatingFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import ContractFactory

TODAY = clock.today()


@pytest.fixture
def need(cycle, teaching_assistant, line_manager):
    return NeedsRatingFactory(
        cycle=cycle,
        person=teaching_assistant.person,
        self_level=1,
        manager_level=1,
        agreed_level=1,
        manager=line_manager.person,
        agreed_by=line_manager.person,
    )


@pytest.fixture
def npq(need):
    route = RouteFactory(code="NPQLL", kind="npq", title="NPQ: Leading literacy")
    need.competency.routes.add(route)
    return route


def need_of(client, user):
    client.force_login(user)
    [found] = client.get("/pathways/plan/").context["plan"].needs
    return found


def test_plan_offers_a_date_that_can_be_booked(client, need, teaching_assistant):
    course = CourseFactory(audience=["all"])
    full = CourseFactory(code="FULL", slug="full", title="Full course", audience=["all"])
    need.competency.courses.add(course, full)
    session = SessionFactory(course=course, starts_at=clock.now() + timedelta(days=20))
    SessionFactory(course=full, starts_at=clock.now() + timedelta(days=5), capacity=1, booked_count=1)
    client.force_login(teaching_assistant)

    [found] = client.get("/pathways/plan/").context["plan"].needs

    assert (found.line.priority, found.sessions) == (4, [session])


def test_plan_offers_no_date_that_cannot_be_booked_now(client, need, teaching_assistant):
    now = clock.now()
    person = teaching_assistant.person
    person.contracts.update(ends_on=TODAY + timedelta(days=30))
    for number, (days, window) in enumerate(
        [
            (20, {"booking_opens_at": now + timedelta(days=2)}),
            (20, {"booking_closes_at": now - timedelta(days=2)}),
            (40, {}),  # they will have left
        ]
    ):
        course = CourseFactory(code=f"C{number}", slug=f"c{number}", audience=["all"])
        need.competency.courses.add(course)
        SessionFactory(course=course, starts_at=now + timedelta(days=days), **window)

    assert need_of(client, teaching_assistant).sessions == []


def test_most_pressing_need_comes_first(client, need, cycle, teaching_assistant, line_manager):
    agreed = {"agreed_by": line_manager.person, "manager": line_manager.person}
    small = {"self_level": 2, "manager_level": 2, "agreed_level": 2}
    safety = NeedsRatingFactory(
        cycle=cycle,
        person=teaching_assistant.person,
        competency=CompetencyFactory(is_safety=True),
        weight=3,
        **agreed,
        **small,
    )
    NeedsRatingFactory(
        cycle=cycle, person=teaching_assistant.person, required_level=2, weight=1, **agreed, **small
    )
    cycle.priorities.add(need.competency)
    client.force_login(teaching_assistant)

    needs = client.get("/pathways/plan/").context["plan"].needs

    assert [(one.line.rating, one.line.priority) for one in needs] == sorted(
        [(need, 5), (safety, 5)], key=lambda pair: pair[0].competency.title
    )


def test_line_is_added_once_and_done(client, need, teaching_assistant):
    client.force_login(teaching_assistant)
    data = {"title": "Shadow Ann", "rating": need.pk}
    client.post("/pathways/plan/add/", data)
    client.post("/pathways/plan/add/", data)
    item = PlanItem.objects.get()
    client.post(f"/pathways/plan/{item.pk}/done/")
    client.post(f"/pathways/plan/{item.pk}/drop/")

    item.refresh_from_db()
    assert (item.title, item.rating, item.state) == ("Shadow Ann", need, "done")


def test_dropped_line_can_be_planned_again(client, teaching_assistant):
    client.force_login(teaching_assistant)
    client.post("/pathways/plan/add/", {"title": "Read it"})
    client.post(f"/pathways/plan/{PlanItem.objects.get().pk}/drop/")
    client.post("/pathways/plan/add/", {"title": "Read it"})

    assert PlanItem.objects.get().state == "planned"


def test_empty_title_comes_back(client, teaching_assistant):
    client.force_login(teaching_assistant)

    assert client.post("/pathways/plan/add/", {"title": ""}).status_code == 422


def test_nobody_settles_a_line_of_anybody_else(client, teacher, teaching_assistant):
    item = PlanItem.objects.create(
        person=teaching_assistant.person, created_by=teaching_assistant.person, title="Mine"
    )
    client.force_login(teacher)

    assert client.post(f"/pathways/plan/{item.pk}/done/").status_code == 404
    assert client.get(f"/pathways/plan/{item.pk}/done/").status_code == 405


def test_need_of_somebody_else_cannot_be_planned(client, need, teacher):
    client.force_login(teacher)
    client.post("/pathways/plan/add/", {"title": "Theirs", "rating": need.pk})

    assert not PlanItem.objects.exists()


def test_plan_asks_the_same_number_of_queries_for_one_and_three_needs(
    client, need, cycle, teaching_assistant, line_manager
):
    client.force_login(teaching_assistant)
    need.competency.courses.add(CourseFactory(audience=["all"]))
    one = count(client, "/pathways/plan/")
    for number in range(2):
        more = NeedsRatingFactory(
            cycle=cycle,
            person=teaching_assistant.person,
            self_level=0,
            manager_level=0,
            agreed_level=0,
            manager=line_manager.person,
            agreed_by=line_manager.person,
        )
        more.competency.courses.add(CourseFactory(code=f"M{number}", slug=f"m{number}", audience=["all"]))

    assert count(client, "/pathways/plan/") == one


# Offers --------------------------------------------------------------------------------------
def test_npq_is_not_offered_to_who_leads_nobody(client, npq, teaching_assistant):
    assert need_of(client, teaching_assistant).routes == []


def test_npq_is_offered_to_support_staff_who_lead_people(client, npq, teaching_assistant):
    ContractFactory(line_manager=teaching_assistant.person)

    assert need_of(client, teaching_assistant).routes == [npq]


def test_npq_is_offered_to_a_teacher(client, npq, need, teacher):
    need.person = teacher.person
    need.save()

    assert need_of(client, teacher).routes == [npq]


@pytest.mark.parametrize(
    ("state", "is_offered", "under_way"),
    [
        ("draft", True, []),
        ("manager", False, ["requested"]),
        ("on_programme", False, ["now"]),
        ("completed", False, []),
        ("declined", True, []),
    ],
)
def test_a_route_is_offered_to_who_is_not_on_it(
    client, need, teaching_assistant, state, is_offered, under_way
):
    request = a_request_in(state, person=teaching_assistant.person)
    need.competency.routes.add(request.route)

    found = need_of(client, teaching_assistant)

    assert found.routes == ([request.route] if is_offered else [])
    assert [one.state for one in found.under_way] == under_way


def test_a_course_that_is_booked_is_on_its_way_and_not_offered(client, need, teaching_assistant):
    course = CourseFactory(audience=["all"])
    need.competency.courses.add(course)
    session = SessionFactory(course=course, starts_at=clock.now() + timedelta(days=20))
    BookingFactory(session=session, person=teaching_assistant.person, state="booked")

    found = need_of(client, teaching_assistant)

    assert (found.sessions, [(one.title, one.state) for one in found.under_way]) == (
        [],
        [(course.title, "booked")],
    )


def test_what_is_planned_is_not_offered_again_until_it_is_dropped(client, need, teaching_assistant):
    course = CourseFactory(audience=["all"])
    need.competency.courses.add(course)
    session = SessionFactory(course=course, starts_at=clock.now() + timedelta(days=20))
    client.force_login(teaching_assistant)
    client.post("/pathways/plan/add/", {"title": course.title, "rating": need.pk, "course": course.pk})
    planned = need_of(client, teaching_assistant)

    client.post(f"/pathways/plan/{PlanItem.objects.get().pk}/drop/")
    dropped = need_of(client, teaching_assistant)

    assert (planned.sessions, [item.title for item in planned.planned]) == ([], [course.title])
    assert (dropped.sessions, dropped.planned) == ([session], [])


def test_the_page_speaks_of_offers_only_where_there_are_some(client, need, teaching_assistant):
    client.force_login(teaching_assistant)
    without = client.get("/pathways/plan/")
    need.competency.routes.add(RouteFactory())

    having = client.get("/pathways/plan/")

    assert [page.context["plan"].has_offers for page in (without, having)] == [False, True]
    assert f"<b>{LEVEL_WORDS[1][0]}</b>" in having.content.decode()


def test_all_but_the_most_pressing_needs_are_folded(client, cycle, need, teaching_assistant, line_manager):
    for _ in range(4):
        NeedsRatingFactory(
            cycle=cycle,
            person=teaching_assistant.person,
            self_level=0,
            manager_level=0,
            agreed_level=0,
            manager=line_manager.person,
            agreed_by=line_manager.person,
        )
    client.force_login(teaching_assistant)

    response = client.get("/pathways/plan/")

    assert (len(response.context["plan"].first_needs), len(response.context["plan"].later_needs)) == (3, 2)
    assert response.content.decode().count('<details class="card fold">') == 2


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
