"""What people say about the rung they are on: written by them, published by the people team."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from pathways.models import Rung, RungVoice
from staff.models import Contract, Person
from staff.refusals import ActionRefused

WORDS_NEEDED = "Write a sentence or two first."
NOT_IN_THIS_JOB = "Only somebody in this job writes about it."
NO_STAFF_RECORD = "Your sign-in has no staff record, so it cannot publish for the people team."
OWN_WORDS = "These are your own words: a colleague of the people team publishes them."


@transaction.atomic
def write_voice(*, person: Person, rung: Rung, words: str, by: Person, on: date) -> RungVoice:
    """Write, or write anew, what somebody says about a rung whose job they hold; it waits to be published.

    What was published is hidden until it has been read again. Raises ActionRefused for anybody else,
    for a job one does not hold, and for no words.
    """
    if by.pk != person.pk:
        raise ActionRefused("Everybody speaks for themselves.")
    if not words.strip():
        raise ActionRefused(WORDS_NEEDED)
    mine = Contract.objects.in_force(on).filter(person=person).values("job_role")
    if not rung.job_roles.filter(pk__in=mine).exists():
        raise ActionRefused(NOT_IN_THIS_JOB)
    voice, _ = RungVoice.objects.update_or_create(
        person=person,
        rung=rung,
        defaults={"words": words.strip(), "published_at": None, "published_by": None},
    )
    return voice


@transaction.atomic
def remove_voice(*, voice: RungVoice, by: Person) -> None:
    """Take one's own words away. Raises ActionRefused for anybody else's."""
    if by.pk != voice.person_id:
        raise ActionRefused("Everybody speaks for themselves.")
    voice.delete()


@transaction.atomic
def publish_voice(*, voice_id: int, by: Person | None, now: datetime) -> RungVoice:
    """Show somebody's words on the rung's page; shown already, they stay as they are.

    Raises ActionRefused for one's own: another reads them.
    """
    voice = RungVoice.objects.select_for_update(no_key=True).get(pk=voice_id)
    if by is None:
        raise ActionRefused(NO_STAFF_RECORD)
    if by.pk == voice.person_id:
        raise ActionRefused(OWN_WORDS)
    if voice.published_at is not None:
        return voice
    voice.published_at, voice.published_by = now, by
    voice.save(update_fields=["published_at", "published_by"])
    return voice


@transaction.atomic
def hide_voice(*, voice_id: int) -> RungVoice:
    """Take somebody's words off the rung's page; they are kept, to be published later."""
    voice = RungVoice.objects.select_for_update(no_key=True).get(pk=voice_id)
    voice.published_at, voice.published_by = None, None
    voice.save(update_fields=["published_at", "published_by"])
    return voice
