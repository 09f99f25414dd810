"""The register on its screen."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions.bookings import book
from courses.actions.registers import all_taken, opens_with
from courses.models import Attendance, Booking, Session, SessionPart
from courses.rules import minutes_out_of_range
from entitlements.models import LedgerEntry
from staff import clock
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory
from tests.markup import without_layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(primary_hub, beanfield, trainer):
    """A session that began a quarter of an hour ago, with three people booked before it."""
    now = clock.now().replace(microsecond=0)
    one = SessionFactory(
        course=CourseFactory(hub=primary_hub, title="Phonics"),
        school=beanfield,
        starts_at=now - timedelta(minutes=15),
        capacity=4,
    )
    one.trainers.add(trainer.person)
    for _ in range(3):
        add(one)
    return one


def add(session):
    person = ContractFactory().person
    return book(person=person, session_id=session.pk, by=person, now=session.starts_at - timedelta(days=3))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"courses:{name}", args=args)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def marks():
    return list(Attendance.objects.order_by("booking_id").values_list("mark", "minutes"))


def post(client, session, **data):
    return client.post(url("session-register", session.pk), {"part": 1, **data}, follow=True)


def test_each_mark_is_saved_and_counted(trainer, session):
    here, part, absent = Booking.objects.order_by("pk")

    response = post(
        signed_in(trainer),
        session,
        **{
            f"mark-{here.pk}": "present",
            f"mark-{part.pk}": "part",
            f"minutes-{part.pk}": "75",
            f"mark-{absent.pk}": "absent",
        },
    )

    assert marks() == [("present", None), ("part", 75), ("absent", None)]
    assert "1 here, 1 part, 1 absent." in text(response)
    assert "Counts 1 hour 15 minutes of 2 hours." in text(response)
    assert LedgerEntry.objects.count() == 2


def test_one_tap_marks_everybody_left_as_here(trainer, session):
    absent, *_ = Booking.objects.order_by("pk")

    post(signed_in(trainer), session, rest="present", **{f"mark-{absent.pk}": "absent"})

    assert [mark for mark, _ in marks()] == ["absent", "present", "present"]


def test_the_last_save_can_be_undone(trainer, session):
    client = signed_in(trainer)
    first, *_ = Booking.objects.order_by("pk")
    post(client, session, **{f"mark-{first.pk}": "absent"})
    post(client, session, rest="present", **{f"mark-{first.pk}": "present"})

    response = client.post(url("register-undo", session.pk), {"part": 1}, follow=True)

    assert [mark for mark, _ in marks()] == ["absent", "unmarked", "unmarked"]
    assert [message.level_tag for message in response.context["messages"]] == ["success"]
    assert sum(LedgerEntry.objects.values_list("minutes", flat=True)) == 0


def test_a_mark_is_taken_off(trainer, session):
    client = signed_in(trainer)
    first, *_ = Booking.objects.order_by("pk")
    post(client, session, **{f"mark-{first.pk}": "present"})

    post(client, session, clear=first.pk, **{f"mark-{first.pk}": "present"})

    assert marks() == [("unmarked", None)]


def test_wrong_minutes_come_back_with_what_was_typed(trainer, session):
    first, second, _ = Booking.objects.order_by("pk")

    response = post(
        signed_in(trainer),
        session,
        **{f"mark-{first.pk}": "part", f"minutes-{first.pk}": "500", f"mark-{second.pk}": "absent"},
    )

    assert response.status_code == 422
    assert minutes_out_of_range(120) in text(response)
    page = without_layout(response.content.decode())
    assert 'value="500"' in page
    assert re.search(rf'name="mark-{second.pk}" id="m{second.pk}n" value="absent" checked', page)
    assert marks() == []


def test_fields_of_other_bookings_are_not_read(trainer, session):
    stranger = add(SessionFactory())

    post(signed_in(trainer), session, **{f"mark-{stranger.pk}": "present"})

    assert marks() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("trainer", 200), ("hub_lead", 200), ("people_team", 200), ("teacher", 403), ("headteacher", 403)],
)
def test_who_opens_the_register(who, status, session, request):
    response = signed_in(request.getfixturevalue(who)).get(url("session-register", session.pk))

    assert response.status_code == status


def test_a_register_of_another_school_is_not_there(outsider, session):
    Session.objects.filter(pk=session.pk).update(is_own_school_only=True)
    client = signed_in(outsider)

    answers = {client.get(url(name, session.pk)).status_code for name in ("session-register", "register-add")}

    assert answers == {404}
    assert client.post(url("register-undo", session.pk)).status_code == 404


def test_before_the_session_it_is_a_list_without_marks(trainer, session):
    later = clock.now() + timedelta(days=1)
    SessionPart.objects.update(starts_at=later, ends_at=later + timedelta(hours=2))
    first, *_ = Booking.objects.order_by("pk")
    client = signed_in(trainer)

    page = client.get(url("session-register", session.pk))
    refused = post(client, session, **{f"mark-{first.pk}": "present"})

    assert 'type="radio"' not in page.content.decode()
    assert opens_with(SessionPart.objects.get()) in text(refused)
    assert marks() == []


def test_a_date_that_is_not_there_is_not_found(trainer, session):
    client = signed_in(trainer)

    assert client.get(url("session-register", session.pk), {"part": 9}).status_code == 404


@pytest.mark.parametrize("number", [1, 12])
def test_the_register_takes_the_same_statements(trainer, session, number, django_assert_max_num_queries):
    Session.objects.update(capacity=40)
    for _ in range(number):
        add(session)
    client = signed_in(trainer)
    client.get(url("session-register", session.pk))

    with django_assert_max_num_queries(14):
        client.get(url("session-register", session.pk))


# At the door ------------------------------------------------------------------------------
def test_somebody_is_found_by_name_and_added(trainer, session):
    person = ContractFactory(person__first_name="Danuta", person__last_name="Wiśniewska").person
    client = signed_in(trainer)

    found = client.get(url("register-add", session.pk), {"q": "wiśn"})
    answer = client.post(url("register-add", session.pk), {"person": person.pk}, follow=True)

    assert "Danuta Wiśniewska" in text(found)
    assert answer.redirect_chain == [(url("session-register", session.pk), 302)]
    assert "Danuta Wiśniewska" in text(answer)
    assert Booking.objects.filter(session=session, person=person, state="booked").exists()


def test_a_full_session_says_that_a_place_is_added(trainer, session):
    add(session)
    person = ContractFactory(person__first_name="Danuta").person
    client = signed_in(trainer)

    page = client.get(url("register-add", session.pk), {"q": "danuta"})
    refused = client.post(url("register-add", session.pk), {"person": person.pk}, follow=True)
    client.post(url("register-add", session.pk), {"person": person.pk, "adds_place": "yes"})

    assert '<input type="hidden" name="adds_place" value="yes">' in page.content.decode()
    assert all_taken(4) in text(refused)
    session.refresh_from_db()
    assert (session.capacity, session.booked_count) == (5, 5)


def test_nobody_is_listed_without_words(trainer, session):
    ContractFactory(person__first_name="Danuta")

    page = signed_in(trainer).get(url("register-add", session.pk))

    assert "Danuta" not in text(page)


# The list ---------------------------------------------------------------------------------
def test_my_registers_by_what_is_to_be_done(trainer, session):
    client = signed_in(trainer)
    to_come = SessionFactory(course__title="Oracy", starts_at=clock.now() + timedelta(days=3))
    to_come.trainers.add(trainer.person)
    SessionFactory(course__title="Not mine", starts_at=clock.now() + timedelta(days=3))

    def titles(name):
        registers = client.get(url("register-list")).context["registers"]
        return [part.session.course.title for part in getattr(registers, name)]

    assert (titles("to_mark"), titles("to_come")) == (["Phonics"], ["Oracy"])
    post(client, session, rest="present")
    assert (titles("to_mark"), titles("to_come"), titles("done")) == ([], ["Oracy"], ["Phonics"])


def test_somebody_who_keeps_no_register_is_told_so(teacher):
    page = signed_in(teacher).get(url("register-list"))

    registers = page.context["registers"]
    assert (registers.to_mark, registers.to_come, registers.done) == ([], [], [])
    assert 'class="empty"' in page.content.decode()
