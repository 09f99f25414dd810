"""Running the catalogue: courses."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.actions.catalogue import register_interest
from courses.models import Course
from staff.models import Message
from tests.courses.views.conftest import soon
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory, StrandFactory
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import HubFactory
from tests.markup import without_layout

URL = "/courses/manage/"


@pytest.fixture
def elsewhere(db):
    """A course of a hub that nobody here leads."""
    return CourseFactory(code="LA-001", title="Leading", hub=HubFactory(code="LA", name="Leadership Academy"))


@pytest.fixture
def typed(primary_hub):
    """What the form of a new course is filled in with."""
    return {
        "title": "Number sense",
        "code": "pth-900",
        "hub": primary_hub.pk,
        "strand": StrandFactory().pk,
        "summary": "Counting.",
        "outcomes": "",
        "audience": ["Teaching"],
        "for_whom": "",
        "mode": "in_person",
        "minutes": "120",
        "kind": ActivityKindFactory().pk,
    }


def listed(client):
    return [course.code for course in client.get(URL).context["page"]]


# Works ------------------------------------------------------------------------------------
def test_list_shows_my_hubs_courses_with_how_full_they_are(
    as_hub_lead, teacher, phonics, phonics_session, beanfield, elsewhere
):
    SessionFactory(
        course=phonics, school=beanfield, starts_at=soon(20), capacity=10, booked_count=3, offered_count=1
    )
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(-20), capacity=99)
    BookingFactory(session=phonics_session, person=teacher.person, state="waiting")

    (course,) = as_hub_lead.get(URL).context["page"]

    found = (course.code, course.next_starts_at, course.dates, course.taken, course.places, course.waiting)
    assert found == ("PTH-001", phonics_session.starts_at, 2, 4, 30, 1)


def test_the_people_team_sees_every_hub(client, people_team, phonics, elsewhere):
    client.force_login(people_team)

    assert sorted(listed(client)) == ["LA-001", "PTH-001"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "phon"}, ["PTH-001"]),
        ({"q": "pth-002"}, ["PTH-002"]),
        ({"show": "draft"}, ["PTH-002"]),
        ({"show": "published"}, ["PTH-001"]),
        ({"show": "no-date"}, ["PTH-002"]),
        ({"show": "waiting"}, []),
        ({"hub": "999"}, ["PTH-002", "PTH-001"]),
    ],
)
def test_list_is_narrowed(as_hub_lead, phonics_session, primary_hub, query, found):
    CourseFactory(code="PTH-002", title="Bars", hub=primary_hub, is_published=False)

    assert [course.code for course in as_hub_lead.get(URL, query).context["page"]] == found


def test_a_new_course_is_made_unpublished_with_an_address(as_hub_lead, typed):
    response = as_hub_lead.post(f"{URL}new/", typed)

    course = Course.objects.get()
    assert response.url == "/courses/manage/courses/number-sense-pth-900/"
    assert (course.code, course.is_published, course.audience) == ("PTH-900", False, ["Teaching"])


def test_a_new_course_sent_twice_is_one_and_leads_there_again(as_hub_lead, typed):
    first, second = as_hub_lead.post(f"{URL}new/", typed), as_hub_lead.post(f"{URL}new/", typed)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert Course.objects.filter(code="PTH-900").count() == 1


def test_another_course_with_a_code_that_is_taken_comes_back(as_hub_lead, typed):
    as_hub_lead.post(f"{URL}new/", typed)

    second = as_hub_lead.post(f"{URL}new/", typed | {"summary": "Something else."})

    assert (second.status_code, list(second.context["form"].errors)) == (422, ["code"])


def test_a_course_is_changed_and_keeps_its_address(as_hub_lead, phonics, typed):
    as_hub_lead.post(
        f"{URL}courses/{phonics.slug}/edit/", typed | {"title": "Another title", "code": "PTH-001"}
    )

    phonics.refresh_from_db()
    assert (phonics.title, phonics.slug, phonics.is_published) == ("Another title", "pth-001", True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"code": "PTH 1"}, "code"),
        ({"code": "PTH-001"}, "code"),
        ({"minutes": "0"}, "__all__"),
        ({"audience": ["Pirates"]}, "audience"),
        ({"audience": []}, "audience"),
    ],
)
def test_a_bad_form_comes_back_with_what_was_typed(as_hub_lead, phonics, typed, change, field):
    response = as_hub_lead.post(f"{URL}new/", typed | change)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Course.objects.count() == 1


def test_a_hub_lead_makes_no_course_of_another_hub(as_hub_lead, typed, elsewhere):
    response = as_hub_lead.post(f"{URL}new/", typed | {"hub": elsewhere.hub_id})

    assert "hub" in response.context["form"].errors


def test_fields_that_are_not_in_the_form_change_nothing(as_hub_lead, phonics, typed):
    as_hub_lead.post(
        f"{URL}courses/{phonics.slug}/edit/",
        typed
        | {
            "code": "PTH-001",
            "is_published": "",
            "slug": "mine",
            "search": "x",
            "id": "9",
            "created_at": "x",
        },
    )

    phonics.refresh_from_db()
    assert (phonics.slug, phonics.is_published) == ("pth-001", True)


def test_reach_says_whom_an_audience_means(as_hub_lead, teacher, teaching_assistant, outsider):
    def reach(**query):
        """The numbers of people and of sites, as the part of the form says them."""
        page = without_layout(as_hub_lead.get(f"{URL}reach/", query).content.decode())
        words = re.search(r'<p id="reach".*<span>(.+?)</span></p>', page, re.DOTALL)[1]
        return [int(number) for number in re.findall(r"\d+", words)]

    # Teaching: teacher, line manager, outsider, hub lead; the head leads, the assistant supports.
    assert reach(audience="Teaching") == [4, 3]
    assert reach(audience="support") == [1, 1]
    assert reach(audience=["Classroom support", "leadership"]) == [2, 1]
    assert reach(audience="all") == [6, 3]
    assert reach() == []


# Publishing -------------------------------------------------------------------------------
def test_publishing_tells_who_asked_for_a_date(as_hub_lead, teacher, phonics, phonics_session):
    register_interest(person=teacher.person, course_id=phonics.pk, by=teacher.person)
    Course.objects.update(is_published=False)

    as_hub_lead.post(f"{URL}courses/{phonics.slug}/publish/", {"publish": "yes"})

    assert Course.objects.get().is_published
    assert list(Message.objects.values_list("person", "kind")) == [(teacher.person.pk, "course_has_date")]


def test_a_course_with_people_on_it_is_not_taken_out(as_hub_lead, teacher, phonics, phonics_session):
    BookingFactory(session=phonics_session, person=teacher.person)

    response = as_hub_lead.post(f"{URL}courses/{phonics.slug}/publish/", follow=True)

    assert Course.objects.get().is_published
    assert "1 person has a place or wait for one." in response.content.decode()


def test_a_course_without_people_is_taken_out(as_hub_lead, phonics):
    as_hub_lead.post(f"{URL}courses/{phonics.slug}/publish/")

    assert not Course.objects.get().is_published


# Doors ------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["teacher", "line_manager", "headteacher", "trainer", "partner"])
@pytest.mark.parametrize("path", ["", "new/", "reach/", "courses/{slug}/", "courses/{slug}/edit/"])
def test_who_runs_no_catalogue_is_refused(client, request, phonics, who, path):
    client.force_login(request.getfixturevalue(who))

    assert client.get(URL + path.format(slug=phonics.slug)).status_code == 403


def test_another_hubs_course_is_refused_and_an_unpublished_one_is_not_there(as_hub_lead, elsewhere):
    path = f"{URL}courses/{elsewhere.slug}/"
    assert as_hub_lead.get(path).status_code == 403
    assert as_hub_lead.post(f"{path}publish/").status_code == 403
    Course.objects.update(is_published=False)

    assert as_hub_lead.get(path).status_code == 404


def test_publishing_by_get_is_refused(as_hub_lead, phonics):
    assert as_hub_lead.get(f"{URL}courses/{phonics.slug}/publish/").status_code == 405


# Cost -------------------------------------------------------------------------------------
def test_list_takes_as_many_statements_for_1_and_3_courses(as_hub_lead, primary_hub, beanfield):
    counts = []
    for more in (1, 2):
        for course in CourseFactory.create_batch(more, hub=primary_hub):
            SessionFactory(course=course, school=beanfield, starts_at=soon())
        with CaptureQueriesContext(connection) as seen:
            as_hub_lead.get(URL)
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_a_code_that_no_text_can_hold_is_a_mistake_in_the_form(as_hub_lead, typed):
    answer = as_hub_lead.post(f"{URL}new/", typed | {"code": "PTH\0-900"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
