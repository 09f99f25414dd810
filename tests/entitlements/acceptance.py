"""The acceptance cases of DOMAIN section 2, as data for every way of computing them.

`tests/entitlements/test_rules_acceptance.py` puts them through the rules, the statement tests
through SQL, and the end-to-end test through `import_staff`, `import_activities` and
`shortfalls --format json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from entitlements.academic_year import YearDates
from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.contracts import ContractFacts

YEAR = YearDates(2026)
LAST_DAY = YEAR.last_day


@dataclass(frozen=True)
class Activity:
    """One row of an activities file, without its person."""

    kind: str
    amount: Fraction | int
    occurred_on: date
    status: str = "verified"
    cpd_fraction: Fraction | int = 1
    body: str = ""
    own_time: bool = False


@dataclass(frozen=True)
class Case:
    """One person, one year, one date, and the figures that have to come out."""

    name: str
    contracts: tuple[ContractFacts, ...]
    expected: dict[str, int | str | None]
    absences: tuple[AbsenceFacts, ...] = ()
    activities: tuple[Activity, ...] = ()
    year: YearDates = YEAR
    on: date = field(default=LAST_DAY)


def contract(
    staff_group: str = "teacher",
    fte: str = "1",
    days: str = "5",
    starts_on: date = date(2019, 9, 1),
    ends_on: date | None = None,
    contract_id: str = "C1",
    is_main: bool = False,
) -> ContractFacts:
    """A contract as the cases describe them: whole year and full time unless told."""
    return ContractFacts(
        contract_id,
        staff_group,
        Fraction(fte),
        Fraction(days),
        starts_on,
        ends_on,
        is_main,
    )


def absence(absence_class: str, starts_on: date, ends_on: date | None) -> AbsenceFacts:
    """One row of the absences file."""
    return AbsenceFacts(absence_class, starts_on, ends_on)


def days_from(first: date, count: int) -> list[date]:
    """Weekly dates, all inside the year where `first` is early enough."""
    return [first + timedelta(days=7 * number) for number in range(count)]


TEACHER = (contract(),)
TA = (contract("support", "25/37"),)
SEP = date(2026, 9, 2)

CASES = [
    Case("E01 full-time teacher", TEACHER, {"entitlement": 1950, "expected": 1950}),
    Case("E04 teacher 0.6", (contract(fte="0.6"),), {"entitlement": 1170}),
    Case("E05 TA 25 hours", TA, {"entitlement": 1500}),
    Case(
        "E07 starts 1 January",
        (contract(starts_on=date(2027, 1, 1)),),
        {"entitlement": 1298},
    ),
    Case(
        "E09 0.6 then full time",
        (
            contract(fte="0.6", days="3", ends_on=date(2026, 12, 31)),
            contract(starts_on=date(2027, 1, 1), contract_id="C2"),
        ),
        {"entitlement": 1689},
    ),
    Case(
        "E10 two jobs",
        (
            contract(fte="0.6", days="3"),
            contract("support", "2/5", "2", contract_id="C2"),
        ),
        {"entitlement": 2058},
    ),
    Case(
        "E12 maternity leave with a keeping-in-touch day",
        TEACHER,
        {
            "entitlement": 1950,
            "expected": 983,
            "counted": 390,
            "shortfall": 593,
            "carry_over_ceiling": 967,
        },
        absences=(absence("family", date(2026, 11, 1), date(2027, 4, 30)),),
        activities=(Activity("inset_day", 1, date(2027, 2, 3)),),
    ),
    Case(
        "E13 sick 20 days",
        TEACHER,
        {"entitlement": 1950, "expected": 1950},
        absences=(absence("sickness", date(2026, 11, 1), date(2026, 11, 20)),),
    ),
    Case(
        "E14 sick 60 days",
        TEACHER,
        {"entitlement": 1950, "expected": 1629},
        absences=(absence("sickness", date(2026, 11, 1), date(2026, 12, 30)),),
    ),
    Case(
        "E16 INSET days and compliance",
        TEACHER,
        {"recorded": 2040, "counted": 1950, "shortfall": 0, "status": "met"},
        activities=(
            *(Activity("inset_day", 1, day) for day in days_from(SEP, 4)),
            Activity("compliance", 390, date(2027, 1, 5)),
            Activity("compliance", 90, date(2026, 9, 20)),
        ),
    ),
    Case(
        "E17 TA attends five INSET days",
        TA,
        {"recorded": 1500, "counted": 1500, "shortfall": 0},
        activities=tuple(Activity("inset_day", 1, day) for day in days_from(SEP, 5)),
    ),
    Case(
        "E18 teacher 0.6 over three days attends three INSET days",
        (contract(fte="0.6", days="3"),),
        {"recorded": 1170, "counted": 1170, "shortfall": 0},
        activities=tuple(Activity("inset_day", 1, day) for day in days_from(SEP, 3)),
    ),
    Case(
        "E20 mentor of an early career teacher",
        TEACHER,
        {"recorded": 3000, "counted": 1590, "shortfall": 360},
        activities=(
            *(Activity("mentoring_given", 50, day) for day in days_from(SEP, 36)),
            *(Activity("coach_training", 240, day) for day in days_from(date(2026, 10, 1), 5)),
        ),
    ),
    Case(
        "E21 TA on an apprenticeship",
        TA,
        {"counted": 11700, "shown_percent": 100, "shortfall": 0},
        activities=tuple(Activity("apprenticeship_otj", 300, day) for day in days_from(SEP, 39)),
    ),
    Case(
        "E23 a session before the summer",
        TEACHER,
        {"recorded": 180, "counted": 180},
        activities=(
            Activity("course", 180, date(2027, 7, 15)),
            Activity("course", 180, date(2027, 9, 20)),
        ),
    ),
    Case(
        "E23 a session after it",
        TEACHER,
        {"recorded": 180, "counted": 180},
        activities=(
            Activity("course", 180, date(2027, 7, 15)),
            Activity("course", 180, date(2027, 9, 20)),
        ),
        year=YearDates(2027),
        on=date(2028, 8, 31),
    ),
    Case(
        "E24 starts 1 January of a leap year",
        (contract(starts_on=date(2028, 1, 1)),),
        {"entitlement": 1300},
        year=YearDates(2027),
        on=date(2028, 8, 31),
    ),
    Case(
        "E30 on track on 28 February",
        TEACHER,
        {"expected_to_date": 967, "counted": 774, "status": "on_track"},
        activities=(Activity("course", 774, date(2027, 2, 28)),),
        on=date(2027, 2, 28),
    ),
    Case(
        "E30 a minute short of it",
        TEACHER,
        {"expected_to_date": 967, "counted": 773, "status": "behind"},
        activities=(Activity("course", 773, date(2027, 2, 28)),),
        on=date(2027, 2, 28),
    ),
    Case(
        "E31 half an INSET day is classroom set-up",
        TEACHER,
        {"recorded": 195},
        activities=(Activity("inset_day", 1, SEP, cpd_fraction=Fraction(1, 2)),),
    ),
    # The edge cases that the table's notes ask for, and the corners of R5 to R12.
    Case(
        "restart on the next day leaves no gap and no double day",
        (
            contract(ends_on=date(2027, 1, 14)),
            contract(starts_on=date(2027, 1, 15), contract_id="C2"),
        ),
        {"entitlement": 1950},
    ),
    Case(
        "more than one full-time post is one",
        (contract(fte="0.8"), contract("support", "0.8", contract_id="C2")),
        {"entitlement": 2085},
    ),
    Case(
        "casual work beside a post weighs nothing",
        (contract(fte="0.6"), contract("casual", "0.4", contract_id="C2")),
        {"entitlement": 1170},
    ),
    Case(
        "casual only",
        (contract("casual", "0.4"),),
        {
            "entitlement": None,
            "counted": None,
            "shortfall": None,
            "status": "not_applicable",
        },
        activities=(Activity("compliance", 60, SEP),),
    ),
    Case(
        "two short sicknesses that touch are a long one",
        TEACHER,
        # 60 days again, 40 + 20 of them.
        {"entitlement": 1950, "expected": 1629},
        absences=(
            absence("sickness", date(2026, 11, 1), date(2026, 12, 10)),
            absence("sickness", date(2026, 12, 11), date(2026, 12, 30)),
        ),
    ),
    Case(
        "a sickness across the year end is as long as it is",
        TEACHER,
        # 10 days of the year, of a run of 31: 1950 × 355/365.
        {"entitlement": 1950, "expected": 1897},
        absences=(absence("sickness", date(2026, 8, 11), date(2026, 9, 10)),),
    ),
    Case(
        "27 days change nothing",
        TEACHER,
        {"expected": 1950},
        absences=(absence("sickness", date(2026, 11, 1), date(2026, 11, 27)),),
    ),
    Case(
        "28 days do",
        TEACHER,
        # 1950 × 337/365 = 1800.41.
        {"expected": 1800},
        absences=(absence("sickness", date(2026, 11, 1), date(2026, 11, 28)),),
    ),
    Case(
        "unpaid leave lowers both, also where family leave overlaps",
        TEACHER,
        # 1 to 10 March is both, 11 to 20 March family alone: 355 and 345 days.
        {"entitlement": 1897, "expected": 1843},
        absences=(
            absence("unpaid", date(2027, 3, 1), date(2027, 3, 10)),
            absence("family", date(2027, 3, 5), date(2027, 3, 20)),
        ),
    ),
    Case(
        "an absence without an end runs to the date",
        TEACHER,
        # 28 days by 28 November: paused, and the rest of the year still expected.
        {"expected": 1800, "status": "paused"},
        absences=(absence("sickness", date(2026, 11, 1), None),),
        on=date(2026, 11, 28),
    ),
    Case(
        "an absence without an end is not yet long",
        TEACHER,
        {"expected": 1950, "status": "behind"},
        absences=(absence("sickness", date(2026, 11, 1), None),),
        on=date(2026, 11, 27),
    ),
    Case(
        "of several memberships of one body the highest counts",
        TEACHER,
        # 98 (a quarter of 390, half up) is left aside for 195; the other body adds 98.
        {"recorded": 391, "counted": 293},
        activities=(
            Activity("membership", 1, SEP, body="CIPD"),
            Activity("chartered_maintained", 1, SEP, body="CIPD "),
            Activity("membership", 1, SEP, body="AAT"),
        ),
    ),
    Case(
        "nominal credit is capped",
        TEACHER,
        {"recorded": 780, "counted": 390},
        activities=(
            Activity("accreditation", 1, SEP, body="Chartered College of Teaching"),
            Activity("accreditation", 1, SEP, body="CIPD"),
        ),
    ),
    Case(
        "half a day of a 0.6 teacher over five days",
        (contract(fte="0.6"),),
        {"recorded": 117},
        activities=(Activity("inset_half", 1, SEP),),
    ),
    Case(
        "planned is what counted would gain",
        TEACHER,
        # 300 of compliance recorded, 200 more planned: 90 until the cap of 390.
        {
            "recorded": 300,
            "counted": 300,
            "planned": 1690,
            "shortfall": 1650,
            "status": "planned",
        },
        activities=(
            Activity("compliance", 300, SEP),
            Activity("compliance", 200, date(2027, 5, 1), status="planned"),
            Activity("course", 1000, date(2026, 9, 3), status="attended"),
            Activity("npq", 600, date(2027, 3, 1)),
        ),
        on=date(2026, 11, 24),
    ),
    Case(
        "on the last day plans no longer help",
        TEACHER,
        {"counted": 0, "planned": 1950, "status": "behind"},
        activities=(Activity("course", 1950, date(2027, 5, 1), status="planned"),),
    ),
    Case(
        "an exact half goes up",
        (contract(fte="0.25"),),
        {"entitlement": 488, "expected": 488},
    ),
]
