"""Who runs a session: its trainers, the lead of the hub that offers it, and the people team."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, Model, OuterRef, QuerySet

from courses.models import Session
from staff.models import Person, Responsibility, User


def sessions_run_by(person: Person, on: date) -> QuerySet[Session]:
    """Sessions that this person trains or whose hub they lead on that day (the people team runs all)."""
    held = Responsibility.objects.in_force(on).filter(person=person)
    return Session.objects.filter(
        Exists(Session.trainers.through.objects.filter(session=OuterRef("pk"), person=person))
        | Exists(held.filter(kind="hub_lead", hub=OuterRef("course__hub")))
        | Exists(held.filter(kind="people_team"))
    )


def runs_session(person: Person | None, session: Session, on: date) -> bool:
    """Whether they may mark its register. `None` is the system itself. One query."""
    return person is None or sessions_run_by(person, on).filter(pk=session.pk).exists()


def sessions_trained_by(person_id: int) -> QuerySet[Model]:
    """The rows that name this person a trainer of a session, whether or not they hold the responsibility."""
    return Session.trainers.through.objects.filter(person=person_id)


def may_run_session(user: User, session: Session) -> bool:
    """Whether a sign-in may mark its register. One query at most: their responsibilities are read already."""
    if user.is_superuser or user.is_people_team:
        return True
    if any(
        held.kind == "hub_lead" and held.hub_id == session.course.hub_id for held in user.responsibilities
    ):
        return True
    return user.person_id is not None and session.trainers.filter(pk=user.person_id).exists()
