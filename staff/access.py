"""The only doors to an object of this app: somebody else's answers as one that does not exist."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from staff.models import Delegation, Message, Person, User
from staff.queries.trail import last_of_gone


def person_or_404(user: User) -> Person:
    """The person behind a sign-in, where a page has no meaning without one; no query."""
    if user.person is None:
        raise Http404("This sign-in has no staff record.")
    return user.person


def get_message_for(user: User, pk: int) -> Message:
    """One of my own messages."""
    return get_object_or_404(messages_of(user), pk=pk)


def messages_of(user: User) -> QuerySet[Message]:
    """What came, or would have come, to my mailbox: newest first; nothing that is still to be sent."""
    if user.person_id is None:
        return Message.objects.none()
    arrived = [Message.State.SENT, Message.State.SHOWN, Message.State.SENDING, Message.State.DUE]
    return Message.objects.filter(person=user.person_id, state__in=arrived)


def get_delegation_of(user: User, pk: int) -> tuple[int, Person]:
    """A delegation that I have given, by its pk, and to whom; also one that I have taken back before it began."""
    if user.person_id is None:
        raise Http404
    mine = Delegation.objects.select_related("to_person").filter(from_person=user.person_id)
    if (found := mine.filter(pk=pk).first()) is not None:
        return pk, found.to_person
    if (gone := last_of_gone(Delegation, pk, from_person=user.person_id)) is None:
        raise Http404
    return pk, get_object_or_404(Person, pk=gone.to_person_id)
