"""What follows from a change to somebody's contracts or absences: their credits and figures of open years."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from entitlements.actions.corrections import recredit
from entitlements.actions.statements import recompute_statements
from entitlements.queries.facts import years_with_figures
from staff.models import Person


@transaction.atomic
def refresh_figures(person_ids: Collection[int], *, on: date, by: Person | None) -> None:
    """Credit anew what is now worth other minutes (R12), then compute the statements of these people
    for every year that is open and has figures (R17): those begun, and one to come with something booked in it.

    A fixed number of statements a year, however many people.
    """
    if not person_ids:
        return
    recredit(by=by, today=on, person_ids=person_ids)
    for year in years_with_figures(on):
        recompute_statements(year, on=year.figures_on(on), person_ids=person_ids)
