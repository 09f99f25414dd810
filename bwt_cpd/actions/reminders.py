"""One digest per person and day, each thing in it once (RELIABILITY row 11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db import connection, transaction

from bwt_cpd.queries.reminders import Item, items_due, people_by_id
from staff.actions.messages import Letter, post_messages
from staff.models import Message, Person, Reminder

# Any number that nothing else locks: runs of the reminders stand in a queue.
ONE_RUN_AT_A_TIME = 20261124


def send_reminders(*, on: date, now: datetime) -> int:
    """Write the digests of a date and return how many; safe to start five times at once.

    What is over at `now` is left out, and not remembered: a date long past reminds of nothing. Who
    has had a digest on this date already keeps new items for tomorrow. Stale digests are dropped by
    the outbox: each is of use until its most pressing item has passed.
    """
    with transaction.atomic():
        _wait_for_other_runs()
        items = [item for item in items_due(on) if item.not_after > now]
        keys = {item.person_id: _digest_key(item.person_id, on) for item in items}
        people = people_by_id(set(keys) - _served(keys.values()), on)
        fresh = _remember([item for item in items if item.person_id in people], on)
        grouped: dict[int, list[Item]] = defaultdict(list)
        for item in fresh:
            grouped[item.person_id].append(item)
        digests = [_digest(people[pk], mine, on) for pk, mine in grouped.items()]
        post_messages(digests, now=now)
        return len(digests)  # all new: one run at a time, and whoever has one was left out


def _wait_for_other_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_RUN_AT_A_TIME])


def _served(digest_keys: Collection[str]) -> set[int]:
    """Who has a digest of one of these keys already; one statement."""
    return set(Message.objects.filter(dedupe_key__in=digest_keys).values_list("person_id", flat=True))


def _remember(items: list[Item], on: date) -> list[Item]:
    """The items that nobody was reminded of before, now remembered; two statements a batch."""
    asked = {(item.person_id, item.kind, item.subject_key): item for item in items}
    known = _reminded_on({item.person_id for item in items})
    fresh = {
        key: item for key, item in asked.items() if key not in known and not _is_known_of_old(item, known)
    }
    Reminder.objects.bulk_create(
        [
            Reminder(person_id=person_id, kind=kind, subject_key=subject_key, reminded_on=on)
            for person_id, kind, subject_key in fresh
        ],
        batch_size=1000,
    )
    return list(fresh.values())


def _reminded_on(person_ids: set[int]) -> dict[tuple[int, str, str], date]:
    """(person, kind, subject_key) -> when they were reminded of it; one statement."""
    rows = Reminder.objects.filter(person_id__in=person_ids)
    return {
        (person_id, kind, subject_key): reminded_on
        for person_id, kind, subject_key, reminded_on in rows.values_list(
            "person_id", "kind", "subject_key", "reminded_on"
        )
    }


def _is_known_of_old(item: Item, known: dict[tuple[int, str, str], date]) -> bool:
    """Whether a release that kept no date in the key reminded of it, and not of a date it was moved from."""
    if item.formerly is None:
        return False
    key, since = item.formerly
    reminded_on = known.get((item.person_id, item.kind, key))
    return reminded_on is not None and reminded_on >= since


def _digest(person: Person, items: list[Item], on: date) -> Letter:
    """The letter of a person's items, the most pressing first: it is the subject, and once it is over the
    whole would mislead.
    """
    first, *others = items
    more = f", and {len(others)} more" if others else ""
    return Letter(
        person=person,
        kind="digest",
        subject=f"{first.line.rstrip('.')[: 150 - len(more)]}{more}",
        template="digest",
        context={"title": "Today in your CPD", "items": items, "on": on},
        dedupe_key=_digest_key(person.pk, on),
        not_after=first.not_after,
    )


def _digest_key(person_id: int, on: date) -> str:
    return f"digest:{person_id}:{on.isoformat()}"
