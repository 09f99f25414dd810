"""Interest in training to teach: who may move it where, and what somebody meets (DOMAIN section 3).

The one table of moves: actions follow it, pages offer what it allows, and the database is given it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pathways.rules.repayment import add_months

OWN: Final = "own"
PEOPLE_TEAM: Final = "people_team"

MOVES: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("interested", "advised"): frozenset({PEOPLE_TEAM}),
    ("advised", "applied"): frozenset({OWN, PEOPLE_TEAM}),
    ("applied", "offered"): frozenset({PEOPLE_TEAM}),
    ("offered", "placed"): frozenset({PEOPLE_TEAM}),
    **{
        (state, "withdrawn"): frozenset({OWN, PEOPLE_TEAM})
        for state in ("interested", "advised", "applied", "offered")
    },
    ("placed", "withdrawn"): frozenset({PEOPLE_TEAM}),
}
"""From a state to a state: as whom. Nobody of the people team moves their own on."""

ALLOWED: Final = tuple(
    sorted((source, target, capacity) for (source, target), who in MOVES.items() for capacity in who)
)
OPEN_STATES: Final = ("interested", "advised", "applied", "offered")
PLACEMENT_MONTHS: Final = 12
"""How long a placement lasts whose route does not say."""

WITHIN_DAYS: Final = 14
"""How soon somebody who is interested is answered."""
HAS_DEGREE = "A degree is there."
NO_SCIENCE = (
    "GCSE science at grade 4 or above is missing. Primary schools ask for it; there is an equivalency test."
)
NOTHING_MISSING = "What it asks for is there."


def targets(state: str, capacity: str) -> tuple[str, ...]:
    """Where somebody in a capacity may move an interest to, the way on before the way out."""
    return tuple(target for (source, target), who in MOVES.items() if source == state and capacity in who)


@dataclass(frozen=True)
class Entry:
    """What somebody brings with them."""

    has_degree: bool
    has_english_and_maths: bool
    has_science: bool
    phase: str


@dataclass(frozen=True)
class Check:
    """One thing that training asks for: `standing` ok, no or warn."""

    words: str
    standing: str


def checks_of(entry: Entry) -> tuple[Check, ...]:
    """Degree, GCSEs, and science for whoever wants to teach in a primary school."""
    degree = (
        Check(HAS_DEGREE, "ok")
        if entry.has_degree
        else Check(
            "A degree is missing. The teacher degree apprenticeship gives one during the training.", "warn"
        )
    )
    english = (
        Check("GCSE English and maths at grade 4 or above are there.", "ok")
        if entry.has_english_and_maths
        else Check(
            "GCSE English and maths at grade 4 or above are missing. There is an equivalency test, "
            "or the GCSEs can be taken again; the people team helps.",
            "no",
        )
    )
    found = [degree, english]
    if entry.phase == "primary" or (entry.phase == "unsure" and not entry.has_science):
        found.append(_science(entry))
    return tuple(found)


def _science(entry: Entry) -> Check:
    if entry.has_science:
        return Check("GCSE science at grade 4 or above is there.", "ok")
    return Check(NO_SCIENCE, "no" if entry.phase == "primary" else "warn")


def advice(entry: Entry) -> str:
    """What it comes to, in a sentence or two."""
    missing = [check for check in checks_of(entry) if check.standing == "no"]
    ways = (
        "A SCITT or the postgraduate teaching apprenticeship fits: about a year, mostly in school."
        if entry.has_degree
        else "The teacher degree apprenticeship fits: about four years, with a degree at the end."
    )
    return f"{ways} {to_sort_out(len(missing)) if missing else NOTHING_MISSING}"


def to_sort_out(missing: int) -> str:
    """How much is to be sorted out, where something is."""
    if missing == 1:
        return "Before the start, one thing is to be sorted out."
    return f"Before the start, {missing} things are to be sorted out."


def way_of(entry: Entry) -> str:
    """The code of the route that fits first."""
    return "SCITT" if entry.has_degree else "ST1502"


def placement_ends_on(starts_on: date, months: int | None) -> date:
    """The last day of a placement: as long as its route takes, a year where it does not say."""
    return add_months(starts_on, months or PLACEMENT_MONTHS) - timedelta(days=1)
