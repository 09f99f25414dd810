"""The doors to courses, sessions and bookings: 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from courses.models import Booking, Course, Session
from courses.queries.leading import may_run_session
from courses.queries.readers import reader_for
from staff import clock
from staff.models import User
from staff.queries.deciders import may_decide_about


# Running the catalogue --------------------------------------------------------------------
def manages_everything(user: User) -> bool:
    """Whether somebody runs every hub's catalogue: the people team and superusers."""
    return user.is_superuser or user.is_people_team


def hub_ids_led_by(user: User) -> list[int]:
    """The hubs somebody leads today; no query beyond the user's responsibilities."""
    return [held.hub_id for held in user.responsibilities if held.kind == "hub_lead" and held.hub_id]


def manages_courses(user: User) -> bool:
    """Whether there is a catalogue this person runs, in whole or in part."""
    return manages_everything(user) or bool(hub_ids_led_by(user))


def may_manage(user: User, course: Course) -> bool:
    """Whether this person may change the course, its sessions and its list of people."""
    return manages_everything(user) or course.hub_id in hub_ids_led_by(user)


def courses_managed_by(user: User) -> QuerySet[Course]:
    """The courses somebody runs, published or not."""
    if manages_everything(user):
        return Course.objects.all()
    return Course.objects.filter(hub_id__in=hub_ids_led_by(user))


def door_to_managing(user: User) -> None:
    """403 for everybody who runs no catalogue."""
    if not manages_courses(user):
        raise PermissionDenied("The catalogue is run by the hub leads and the people team.")


Found = TypeVar("Found", bound=Course)


def get_course_for(user: User, slug: str, courses: QuerySet[Found]) -> Found:
    """A published course for everybody, an unpublished one for who runs it; else 404."""
    visible = Q(is_published=True)
    if not manages_everything(user):
        visible |= Q(hub_id__in=hub_ids_led_by(user))
    else:
        visible = Q()
    course = courses.filter(visible, slug=slug).first()
    if course is None:
        raise Http404("There is no such course.")
    return course


def get_managed_course(user: User, slug: str) -> Course:
    """A course to change: 404 where it cannot be seen, 403 where it may only be read."""
    course = get_course_for(user, slug, Course.objects.select_related("hub", "strand", "kind"))
    if not may_manage(user, course):
        raise PermissionDenied("This course is run by another hub.")
    return course


def get_managed_session(user: User, pk: int) -> Session:
    """A session to change, with its course and school; 404 or 403 as for its course."""
    session = Session.objects.select_related("course__hub", "course__strand", "school").filter(pk=pk).first()
    if session is None:
        raise Http404("There is no such session.")
    get_course_for(user, session.course.slug, Course.objects.only("pk"))
    if not may_manage(user, session.course):
        raise PermissionDenied("This session is run by another hub.")
    return session


# Places and registers ---------------------------------------------------------------------
def get_session_to_book(user: User, pk: int) -> Session:
    """A session whose course the person can see; 404 else, and for staff of another school where it is closed
    to them; 403 for an administrator without a staff record.
    """
    session = _visible_session(user, pk)
    if user.person is None:
        raise PermissionDenied("This sign-in has no staff record, so it cannot book.")
    return session


def get_session_to_register(user: User, pk: int) -> Session:
    """A session whose register the person keeps: its trainers, the hub's lead, the people team.

    403 for who can only see the session, 404 for who cannot.
    """
    session = _session(pk)
    if session is not None and may_run_session(user, session):
        return session
    _visible_session(user, pk)
    raise PermissionDenied("The trainers, the hub's lead and the people team keep this register.")


def get_booking_for(user: User, pk: int, *, to: str = "read") -> Booking:
    """A booking with its person, session, course and school. `to`: read, cancel, answer or decide.

    Read by its person, by who runs the session and by who may decide about the person; 404 to
    everybody else. Cancelled by its person and who manages the session, answered by its person alone,
    decided by who may; 403 to the other readers.
    """
    found = Booking.objects.select_related(
        "person", "session__school", "session__course__hub", "session__course__kind"
    )
    booking = found.filter(pk=pk).first()
    if booking is None:
        raise Http404("There is no such booking.")
    is_own = user.person_id == booking.person_id
    decides = decides_on(user, booking)
    if not is_own and not decides and not may_run_session(user, booking.session):
        raise Http404("There is no such booking.")
    allowed = {
        "read": True,
        "cancel": may_cancel_for(user, booking),
        "answer": is_own,
        "decide": decides,
    }
    if not allowed[to]:
        raise PermissionDenied("Somebody else has to do this.")
    return booking


def decides_on(user: User, booking: Booking) -> bool:
    """Whether this reader decides about its person; never about oneself. No query for one's own."""
    return user.person_id != booking.person_id and may_decide_about(
        user.person, booking.person, clock.today()
    )


def may_cancel_for(user: User, booking: Booking) -> bool:
    """Whether it is for this reader to give the booking up: its person, and who manages the session."""
    return user.person_id == booking.person_id or may_manage(user, booking.session.course)


def _session(pk: int) -> Session | None:
    return Session.objects.select_related("course__hub", "course__kind", "school").filter(pk=pk).first()


def _visible_session(user: User, pk: int) -> Session:
    """A session of a course the person can see, not closed to their school; else 404."""
    session = _session(pk)
    if session is None:
        raise Http404("There is no such session.")
    if session.course.is_published and not session.is_own_school_only:
        return session
    if may_manage(user, session.course) or may_run_session(user, session):
        return session
    reader = reader_for(user.person, on=clock.today())
    if session.school_id not in reader.school_ids or not session.course.is_published:
        raise Http404("There is no such session.")
    return session
