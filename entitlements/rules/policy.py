"""The numbers that the people team may change, one set a year, and the words of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from entitlements.rules.rounding import half_up


class CountsAs(StrEnum):
    """How a kind of activity counts towards the five days (R10)."""

    FULL = "full"
    COMPLIANCE = "capped_compliance"
    GIVING = "capped_giving"
    NOMINAL = "capped_nominal"


class Unit(StrEnum):
    """What the amount of an activity is given in (R8, R12)."""

    MINUTES = "MINUTES"
    DAY = "DAY"
    HALF_DAY = "HALF_DAY"
    NOMINAL_0_25 = "NOMINAL_0_25"
    NOMINAL_0_50 = "NOMINAL_0_50"
    NOMINAL_1_00 = "NOMINAL_1_00"

    @property
    def is_nominal(self) -> bool:
        """Membership and accreditation: a share of a day, whatever time it took (R12)."""
        return self in NOMINAL_DAYS

    @property
    def needs_contract(self) -> bool:
        """Its minutes come from the contract in force on the date (R8, R12)."""
        return self is not Unit.MINUTES


NOMINAL_DAYS = {
    Unit.NOMINAL_0_25: Fraction(1, 4),
    Unit.NOMINAL_0_50: Fraction(1, 2),
    Unit.NOMINAL_1_00: Fraction(1),
}


class Status(StrEnum):
    """Where a person stands, first that holds (R7)."""

    NOT_APPLICABLE = "not_applicable"
    PAUSED = "paused"
    MET = "met"
    PLANNED = "planned"
    ON_TRACK = "on_track"
    BEHIND = "behind"


@dataclass(frozen=True)
class EntitlementPolicy:
    """The policy of one academic year: each number of R1 to R15, with the proposed values.

    Day values are whole minutes; None is a staff group without an entitlement. Caps are per
    cent of the year's entitlement; None is no cap (R10).
    """

    days_owed: int = 5
    teacher_day_minutes: int | None = 390
    leadership_day_minutes: int | None = 390
    support_day_minutes: int | None = 444
    pro_rata_part_time: bool = True
    compliance_cap_percent: int | None = 20
    giving_cap_percent: int | None = 20
    nominal_cap_percent: int | None = 20
    sickness_days: int = 28
    on_track_percent: int = 80
    daily_minutes_limit: int = 600
    evidence_from_days: int = 1
    own_time_alert_percent: int = 40
    claim_escalation_days: int = 28

    def day_minutes(self, staff_group: str) -> int | None:
        """A full-time day of a staff group (R1); None for casual staff and anybody unknown."""
        return {
            "teacher": self.teacher_day_minutes,
            "leadership": self.leadership_day_minutes,
            "support": self.support_day_minutes,
        }.get(staff_group)

    def cap_percent(self, counts_as: CountsAs) -> int | None:
        """The cap of a group of kinds in per cent of the entitlement; None is no cap (R10)."""
        return {
            CountsAs.COMPLIANCE: self.compliance_cap_percent,
            CountsAs.GIVING: self.giving_cap_percent,
            CountsAs.NOMINAL: self.nominal_cap_percent,
        }.get(counts_as)

    def cap_minutes(self, counts_as: CountsAs, entitlement_minutes: int) -> int | None:
        """The cap of a group in whole minutes, rounded half up; None is no cap (R10)."""
        percent = self.cap_percent(counts_as)
        return None if percent is None else half_up(Fraction(percent * entitlement_minutes, 100))
