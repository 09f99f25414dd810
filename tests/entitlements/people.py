"""Random people for Hypothesis: contracts that start and end anywhere, absences, credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from entitlements.academic_year import YearDates
from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.policy import CountsAs
from entitlements.rules.statement import CreditFacts

FROM, TO = date(2026, 6, 1), date(2028, 11, 30)


@dataclass(frozen=True)
class RandomPerson:
    """One person's facts, and the year and the date they are looked at."""

    year: YearDates
    on: date
    contracts: tuple[ContractFacts, ...]
    absences: tuple[AbsenceFacts, ...]
    credits: tuple[CreditFacts, ...]


# Both year ends and the leap day are where mistakes live.
DAYS = st.one_of(
    st.dates(FROM, TO),
    st.sampled_from(
        [
            date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1),
            date(2028, 2, 29), date(2028, 8, 31), date(2028, 9, 1),
        ]
    ),
)  # fmt: skip
FTES = st.one_of(
    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(3, 5), Fraction(25, 37)]),
    st.fractions(Fraction(1, 10_000), Fraction(1), max_denominator=10_000),
)
LENGTHS = st.one_of(st.integers(0, 60), st.integers(0, 500), st.sampled_from([26, 27, 28, 29]))


@st.composite
def contracts(draw: st.DrawFn) -> tuple[ContractFacts, ...]:
    """None to four contracts; at most one is marked main, since two at once are a row error."""
    count = draw(st.sampled_from([1, 1, 1, 2, 2, 3, 4, 0]))
    marked = draw(st.integers(0, 4))
    found = []
    for number in range(count):
        starts_on = draw(DAYS)
        length = draw(st.none() | st.integers(0, 900))
        found.append(
            ContractFacts(
                contract_id=f"C{number}",
                staff_group=draw(st.sampled_from(["teacher", "teacher", "leadership", "support", "casual"])),
                fte=draw(FTES),
                days_per_week=draw(st.sampled_from([Fraction(5), Fraction(3), Fraction(5, 2)])),
                starts_on=starts_on,
                ends_on=None if length is None else starts_on + timedelta(days=length),
                is_main=number == marked,
            )
        )
    return tuple(found)


@st.composite
def absences(draw: st.DrawFn) -> tuple[AbsenceFacts, ...]:
    """None to five absences of every class; some follow each other on the next day.

    One of a class from one day, as the HR file and the table have it: as of a day before, one without an
    end is not there yet, and one that ends is, so that neither of two could stand for both.
    """
    found: list[AbsenceFacts] = []
    for _ in range(draw(st.integers(0, 5))):
        starts_on = draw(DAYS)
        if found and found[-1].ends_on is not None and draw(st.booleans()):
            starts_on = found[-1].ends_on + timedelta(days=draw(st.integers(0, 2)))
        length = draw(st.none() | LENGTHS)
        found.append(
            AbsenceFacts(
                draw(st.sampled_from(["sickness", "sickness", "family", "unpaid", "secondment"])),
                starts_on,
                None if length is None else starts_on + timedelta(days=length),
            )
        )
    return tuple({(each.absence_class, each.starts_on): each for each in found}.values())


CREDITS = st.builds(
    CreditFacts,
    minutes=st.integers(1, 600),
    occurred_on=DAYS,
    counts_as=st.sampled_from(CountsAs),
    is_verified=st.booleans(),
    body=st.sampled_from(["CIPD", "cipd", "AAT", "Chartered College of Teaching"]),
    own_time=st.booleans(),
)


@st.composite
def people(draw: st.DrawFn) -> RandomPerson:
    """A random person, looked at on a date in or about a year of 365 or 366 days."""
    return RandomPerson(
        year=YearDates(draw(st.sampled_from([2026, 2027]))),
        on=draw(DAYS),
        contracts=draw(contracts()),
        absences=draw(absences()),
        credits=tuple(draw(st.lists(CREDITS, max_size=8))),
    )
