"""The whole demo trust, step by step, in one transaction."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

import pghistory
from django.db import connection, transaction

from bwt_cpd.demo import (
    attendance,
    careers,
    catalogue,
    claims,
    coaching,
    golden_thread,
    induction,
    last_year,
    needs,
    people,
    requests,
)
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, ActivityKind
from pathways.actions.reference import load_pathways
from pathways.actions.reference_routes import load_routes
from staff.audit import keys_checked_at_once
from staff.models import Person
from staff.refusals import ActionRefused


@contextmanager
def nothing_collected() -> Iterator[None]:
    """No search for rubbish while rows are made by the hundred thousand: it is a fifth of the time, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def make_demo_trust(*, count: int, seed: int, on: date, say: Callable[[str], None]) -> None:
    """Write a plausible trust of `count` people around a date; the same seed and date give the same trust.

    Raises ActionRefused where anybody is in the database already: the ledger cannot be emptied, so
    neither can the trust be written anew. All or nothing.
    """
    if Person.objects.exists():
        raise ActionRefused("There are people in this database already; the demo trust needs an empty one.")
    random = Random(f"{seed}:{on.isoformat()}:{count}")  # noqa: S311 - a made-up trust, not a secret
    with (
        transaction.atomic(),
        pghistory.context(source="demo trust"),
        keys_checked_at_once(),
        nothing_collected(),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        say(f"{count} people in 13 sites")
        catalogue.make_years(on)
        kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
        trust = people.make_people(random, count=count, on=on)
        load_routes()
        say("courses and a year of sessions")
        courses = catalogue.make_courses(trust, kinds)
        load_pathways()
        occasions = catalogue.make_sessions(random, trust, courses, on)
        say("bookings, registers and training days")
        attendance.training_days(random, trust, on)
        attendance.required_training(random, trust, on)
        attendance.book_and_mark(random, trust, occasions, on)
        last_year.make_last_year(Random(f"{seed}:{on.isoformat()}:{count}:last year"), trust, on)  # noqa: S311 - as above
        say("claims and figures")
        claims.make_claims(random, trust, kinds, on)
        say("learning needs")
        needs.make_needs(Random(f"{seed}:{on.isoformat()}:{count}:needs"), trust, on)  # noqa: S311 - as above
        say("requests for funded routes")
        requests.make_requests(Random(f"{seed}:{on.isoformat()}:{count}:requests"), trust, on)  # noqa: S311 - as above
        say("starters")
        induction.make_inductions(Random(f"{seed}:{on.isoformat()}:{count}:induction"), trust, on)  # noqa: S311 - as above
        say("coaching")
        coaching.make_coaching(Random(f"{seed}:{on.isoformat()}:{count}:coaching"), trust, on)  # noqa: S311 - as above
        say("careers")
        careers.make_careers(Random(f"{seed}:{on.isoformat()}:{count}:careers"), trust, on)  # noqa: S311 - as above
        say("the Golden Thread of teaching")
        golden_thread.make_golden_thread(Random(f"{seed}:{on.isoformat()}:{count}:thread"), trust, on)  # noqa: S311 - as above
        for year in AcademicYear.objects.select_related("policy"):
            recompute_statements(year, on=year.figures_on(on))
        last_year.close_last_year(on)
        # What autovacuum would do within a minute: until then the plans of the first pages are poor.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
