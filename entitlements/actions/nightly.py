"""What the night job does with the entitlement: idempotent, and safe to start twice."""

from __future__ import annotations

from datetime import date

from entitlements.academic_year import YearDates
from entitlements.actions.corrections import recredit
from entitlements.actions.statements import recompute_statements
from entitlements.actions.years import close_year, ensure_years
from entitlements.models import AcademicYear
from entitlements.queries.facts import years_with_figures
from staff.refusals import ActionRefused


def bring_up_to_date(*, today: date) -> str:
    """Make this year and the next, mend what contracts changed (R12), store the figures of every open year
    that has begun or has a booking, and close those that are due (R17). Returns what was done, as words.

    A year in which nothing is recorded stays open: its registers may still be brought in.
    """
    this = YearDates.for_date(today)
    ensure_years([this, this.next])
    mended = recredit(by=None, today=today)
    said = [f"{mended:,} entries credited anew"]
    for year in years_with_figures(today):
        if today >= year.dates.closes_on and year.ledger_entries.exists():
            said.append(_close(year, today))
        else:
            changed = recompute_statements(year, on=year.figures_on(today))
            said.append(f"{year.name}: {changed:,} statements changed")
    return "; ".join(said)


def _close(year: AcademicYear, today: date) -> str:
    try:
        return f"{year.name} closed with {close_year(year, today=today):,} statements"
    except ActionRefused as refusal:  # the other of two runs was first
        return refusal.sentence
