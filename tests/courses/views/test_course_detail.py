"""The page of a course."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Interest
from tests.courses.views.conftest import soon
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, PersonFactory


@pytest.fixture
def url(phonics):
    return f"/courses/{phonics.slug}/"


@pytest.fixture
def booked_colleagues(phonics_session, beanfield, teacher_role, kettering, line_manager):
    """Two from Beanfield (Ada is managed by the line manager) and one from Kettering have a place."""
    for first_name, school, manager in (
        ("Ada", beanfield, line_manager.person),
        ("Ben", beanfield, None),
        ("Cy", kettering, None),
    ):
        person = PersonFactory(first_name=first_name, last_name="Ash")
        ContractFactory(person=person, school=school, job_role=teacher_role, line_manager=manager)
        BookingFactory(session=phonics_session, person=person)
    return phonics_session


def seen_by(client, user, url):
    client.force_login(user)
    response = client.get(url)
    (entry,) = response.context["page"].upcoming
    return entry, response.content.decode()


# Works ------------------------------------------------------------------------------------
def test_page_shows_dates_to_come_and_past_ones(as_teacher, phonics, phonics_session, beanfield, url):
    before = SessionFactory(course=phonics, school=beanfield, starts_at=soon(-20))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(-500))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(4), status="cancelled")

    page = as_teacher.get(url).context["page"]

    assert ([entry.session for entry in page.upcoming], page.past) == ([phonics_session], [before])


def test_page_shows_trainer_place_and_the_way_to_book(as_teacher, phonics_session, trainer, url):
    phonics_session.trainers.add(trainer.person)

    text = as_teacher.get(url).content.decode()

    assert "Led by Toby Trainer" in text
    assert f'action="/courses/sessions/{phonics_session.pk}/book/"' in text


def test_parts_are_listed(as_teacher, phonics_session, url):
    phonics_session.parts.create(number=2, starts_at=soon(8), ends_at=soon(8, 14), minutes=60)

    (entry,) = as_teacher.get(url).context["page"].upcoming

    assert [part.number for part in entry.parts] == [1, 2]


def test_related_courses_are_of_the_strand_for_the_same_people_with_dates_first(
    as_teacher, phonics, primary_hub, beanfield, url
):
    shared = {"hub": primary_hub, "strand": phonics.strand}
    CourseFactory(title="Alpha", **shared)
    dated = CourseFactory(title="Beta", **shared)
    CourseFactory(title="Gamma", audience=["Estates"], **shared)
    CourseFactory(title="Delta", is_published=False, **shared)
    SessionFactory(course=dated, school=beanfield, starts_at=soon(3))

    related = as_teacher.get(url).context["page"].related

    assert [(other.title, other.next_starts_at) for other in related] == [("Beta", soon(3)), ("Alpha", None)]


# Names ------------------------------------------------------------------------------------
def test_everybody_sees_how_many_of_their_school_are_going_and_no_names(
    client, teacher, booked_colleagues, url
):
    entry, text = seen_by(client, teacher, url)

    assert (entry.colleagues, entry.names) == (2, [])
    assert "Ash" not in text


def test_another_school_counts_its_own(client, outsider, booked_colleagues, url):
    entry, text = seen_by(client, outsider, url)

    assert (entry.colleagues, entry.names) == (1, [])
    assert "Ash" not in text


def test_a_line_manager_sees_the_names_of_their_reports(client, line_manager, booked_colleagues, url):
    entry, _ = seen_by(client, line_manager, url)

    assert (entry.colleagues, entry.names) == (2, ["Ada Ash"])


@pytest.mark.parametrize("who", ["hub_lead", "people_team"])
def test_who_runs_the_course_sees_the_names_of_their_school(
    client, request, who, booked_colleagues, beanfield, teacher_role, url
):
    user = request.getfixturevalue(who)
    ContractFactory(person=user.person, school=beanfield, job_role=teacher_role, is_main=False)

    entry, _ = seen_by(client, user, url)

    assert (entry.colleagues, entry.names) == (2, ["Ada Ash", "Ben Ash"])


def test_a_trainer_sees_names_on_their_own_session_only(
    client, trainer, booked_colleagues, beanfield, teacher_role, url
):
    ContractFactory(person=trainer.person, school=beanfield, job_role=teacher_role, is_main=False)
    before, _ = seen_by(client, trainer, url)
    booked_colleagues.trainers.add(trainer.person)

    after, _ = seen_by(client, trainer, url)

    assert (before.names, after.names) == ([], ["Ada Ash", "Ben Ash"])


def test_a_trainer_of_another_hub_sees_no_names(client, cpd_lead, booked_colleagues, url):
    entry, _ = seen_by(client, cpd_lead, url)

    assert entry.names == []


# Doors ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("teacher", 404), ("outsider", 404), ("hub_lead", 200), ("people_team", 200)]
)
def test_an_unpublished_course_is_there_for_who_runs_it_only(client, request, phonics, url, who, status):
    phonics.is_published = False
    phonics.save(update_fields=["is_published"])
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code == status


def test_a_session_for_another_schools_staff_is_not_shown(client, outsider, phonics_session, url):
    phonics_session.is_own_school_only = True
    phonics_session.save(update_fields=["is_own_school_only"])
    client.force_login(outsider)

    assert client.get(url).context["page"].upcoming == []


def test_unknown_course_is_not_found_and_posting_is_refused(as_teacher, phonics, url):
    assert as_teacher.get("/courses/nothing-here/").status_code == 404
    assert as_teacher.post(url).status_code == 405


def test_an_administrator_without_a_staff_record_can_read_it(client, phonics_session, django_user_model, url):
    client.force_login(django_user_model.objects.create_superuser("admin@trust.example", "x"))

    assert client.get(url).status_code == 200
    assert client.post(f"{url}interest/").status_code == 403


# Interest ---------------------------------------------------------------------------------
def test_interest_is_registered_once_and_withdrawn(as_teacher, teacher, phonics, url):
    for _ in range(2):
        assert as_teacher.post(f"{url}interest/").status_code == 302
    assert list(Interest.objects.values_list("course", "person")) == [(phonics.pk, teacher.person.pk)]

    as_teacher.post(f"{url}interest/", {"withdraw": "yes"})

    assert not Interest.objects.exists()


def test_interest_of_one_is_not_taken_by_another(client, outsider, teacher, phonics, url):
    Interest.objects.create(course=phonics, person=teacher.person)
    client.force_login(outsider)

    client.post(f"{url}interest/", {"withdraw": "yes"})

    assert Interest.objects.count() == 1


# Cost -------------------------------------------------------------------------------------
def test_as_many_statements_for_one_session_and_for_thirty_and_at_most_12(
    as_teacher, teacher, line_manager, phonics, beanfield, url
):
    counts = []
    for more in (1, 2, 27):
        for number in range(more):
            session = SessionFactory(course=phonics, school=beanfield, starts_at=soon(5 + number))
            session.trainers.add(line_manager.person)
            BookingFactory(session=session, person=line_manager.person)
            BookingFactory(session=session, person=teacher.person, state="waiting")
        with CaptureQueriesContext(connection) as seen:
            as_teacher.get(url)
        counts.append(len(seen))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 12
