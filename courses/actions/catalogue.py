"""Writes to the catalogue that are more than one row, or that somebody is told about."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from courses.models import LIVE_STATES, Booking, Course, Interest, Session
from staff.actions.messages import Letter, post_messages
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import counted, when


# Interest ---------------------------------------------------------------------------------
@transaction.atomic
def register_interest(*, person: Person, course_id: int, by: Person) -> Interest:
    """`person` is told when the course has a date. Asking twice changes nothing; asking again after
    having been told puts them back on the list.
    """
    if by.pk != person.pk:
        raise ActionRefused("Everybody registers their own interest.")
    if not Course.objects.filter(pk=course_id, is_published=True).exists():
        raise ActionRefused("This course is not on offer at the moment.")
    interest, _ = Interest.objects.update_or_create(
        course_id=course_id, person=person, defaults={"told_at": None}
    )
    return interest


@transaction.atomic
def withdraw_interest(*, person: Person, course_id: int, by: Person) -> None:
    """`person` is no longer told; nothing happens where they were not waiting to be."""
    if by.pk != person.pk:
        raise ActionRefused("Everybody withdraws their own interest.")
    Interest.objects.filter(course_id=course_id, person=person).delete()


def tell_interested(*, course: Course, now: datetime) -> None:
    """Write to everybody who asked for a date of a published course that has one to come.

    In the caller's transaction; each is told once. At most four statements.
    """
    first = (
        Session.objects.filter(course=course, status=Session.Status.SCHEDULED, starts_at__gt=now)
        .order_by("starts_at")
        .select_related("school")
        .first()
    )
    if first is None or not course.is_published:
        return
    waiting = list(
        Interest.objects.select_for_update(of=("self",))
        .filter(course=course, told_at__isnull=True, person__erased_at__isnull=True)
        .select_related("person")
    )
    letters = [_dates_letter(interest.person, course, first, now) for interest in waiting]
    Interest.objects.filter(pk__in=[interest.pk for interest in waiting]).update(told_at=now)
    post_messages(letters, now=now)


def _dates_letter(person: Person, course: Course, first: Session, now: datetime) -> Letter:
    place = first.school.name if first.school else "Online"
    return Letter(
        person=person,
        kind="course_has_date",
        subject=f"A date for {course.title}",
        template="notice",
        dedupe_key=f"course_has_date:{course.pk}:{person.pk}:{first.pk}",
        not_after=first.starts_at if first.starts_at > now else None,
        context={
            "title": "There is a date",
            "intro": [f"You asked to be told when {course.title} has a date. It has one now."],
            "facts": [("First date", when(first.starts_at, first.ends_at)), ("Place", place)],
            "action_url": f"{settings.PUBLIC_URL}{course.get_absolute_url()}",
            "action_words": "See the dates and book",
            "site_url": settings.PUBLIC_URL,
        },
    )


# Publishing -------------------------------------------------------------------------------
@transaction.atomic
def set_published(*, course_id: int, is_published: bool, by: Person | None, now: datetime) -> Course:
    """Show a course in the catalogue or take it out. Published, those who wait for a date are told.

    Raises ActionRefused for taking out a course on whose sessions to come people hold or wait for places.
    """
    course = Course.objects.select_for_update(of=("self",)).get(pk=course_id)
    if course.is_published == is_published:
        return course
    if not is_published:
        held = Booking.objects.filter(
            session__course=course, session__starts_at__gt=now, state__in=LIVE_STATES
        ).count()
        if held:
            raise ActionRefused(
                f"{counted(held, 'person has', 'people have')} a place or wait for one. "
                "Cancel those sessions first, so that everybody is told."
            )
    course.is_published = is_published
    course.save(update_fields=["is_published"])
    if is_published:
        tell_interested(course=course, now=now)
    return course
