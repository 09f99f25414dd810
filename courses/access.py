"""The doors to courses, sessions and bookings: 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from courses.models import Course, Session
from staff.models import User


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


def get_course_for(user: User, slug: str, courses: QuerySet[Course] | None = None) -> Course:
    """A published course for everybody, an unpublished one for who runs it; else 404."""
    visible = Q(is_published=True)
    if not manages_everything(user):
        visible |= Q(hub_id__in=hub_ids_led_by(user))
    else:
        visible = Q()
    course = (courses if courses is not None else Course.objects.all()).filter(visible, slug=slug).first()
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
