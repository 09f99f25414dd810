"""Academic years, the policy that applies to each, and the kinds of CPD."""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from entitlements.academic_year import YearDates
from entitlements.rules import policy as rules


class AcademicYear(models.Model):
    """1 September to 31 August; closed a month after its end (R14, R17)."""

    name = models.CharField(max_length=7, unique=True, help_text="As in 2026/27.")
    starts_on = models.DateField(unique=True)
    ends_on = models.DateField(unique=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="academic_year_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dates(self) -> YearDates:
        """The year as a calendar, for the rules."""
        return YearDates.for_date(self.starts_on)

    def figures_on(self, today: date) -> date:
        """The date of the figures that pages and reports show: today, and the last day once it is over (R17).

        So September changes nothing of what the year is closed with: neither a pause nor an absence of the next.
        """
        return min(today, self.ends_on)


def _percent(default: int | None, **options: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=default, **options)


class EntitlementPolicy(models.Model):
    """The numbers of the five-day promise for one academic year; the people team may change them (R1-R17)."""

    year = models.OneToOneField(AcademicYear, on_delete=models.PROTECT, related_name="policy")
    version = models.PositiveSmallIntegerField(default=1)
    days_owed = models.PositiveSmallIntegerField("days owed a year", default=5)
    teacher_day_minutes = models.PositiveSmallIntegerField("a teacher's day, minutes", default=390)
    leadership_day_minutes = models.PositiveSmallIntegerField("a leader's day, minutes", default=390)
    support_day_minutes = models.PositiveSmallIntegerField("a support day, minutes", default=444)
    pro_rata_part_time = models.BooleanField("part-timers pro rata", default=True)
    sickness_days = models.PositiveSmallIntegerField("sickness that reduces, days", default=28)
    compliance_cap_percent = _percent(20, null=True, blank=True, help_text="Empty means no cap.")
    giving_cap_percent = _percent(20, null=True, blank=True, help_text="Empty means no cap.")
    nominal_cap_percent = _percent(20, null=True, blank=True, help_text="Empty means no cap.")
    on_track_percent = _percent(80)
    own_time_alert_percent = _percent(40)
    evidence_from_days = models.PositiveSmallIntegerField(
        "a claim of this many days needs evidence", default=1
    )
    daily_minutes_limit = models.PositiveSmallIntegerField("most minutes on one date", default=600)
    claim_escalation_days = models.PositiveSmallIntegerField("a claim is escalated after, days", default=28)

    class Meta:
        verbose_name_plural = "entitlement policies"
        constraints = [
            models.CheckConstraint(
                name="policy_percentages_up_to_100",
                condition=Q(on_track_percent__lte=100, own_time_alert_percent__lte=100)
                & (Q(compliance_cap_percent__isnull=True) | Q(compliance_cap_percent__lte=100))
                & (Q(giving_cap_percent__isnull=True) | Q(giving_cap_percent__lte=100))
                & (Q(nominal_cap_percent__isnull=True) | Q(nominal_cap_percent__lte=100)),
            ),
        ]

    def __str__(self) -> str:
        return f"Policy of {self.year}, version {self.version}"

    @property
    def as_rules(self) -> rules.EntitlementPolicy:
        """The same numbers as the rules take them."""
        return rules.EntitlementPolicy(
            **{field.name: getattr(self, field.name) for field in fields(rules.EntitlementPolicy)}
        )


class ActivityKind(models.Model):
    """A kind of CPD: its unit, the cap it counts under, and the evidence it needs (R8, R10, R12)."""

    class Unit(models.TextChoices):
        MINUTES = "MINUTES", "Minutes"
        DAY = "DAY", "Days"
        HALF_DAY = "HALF_DAY", "Half days"
        NOMINAL_0_25 = "NOMINAL_0_25", "A quarter day each"
        NOMINAL_0_50 = "NOMINAL_0_50", "Half a day each"
        NOMINAL_1_00 = "NOMINAL_1_00", "A day each"

    class CountsAs(models.TextChoices):
        FULL = "full", "In full"
        CAPPED_COMPLIANCE = "capped_compliance", "Required training, capped"
        CAPPED_GIVING = "capped_giving", "Given to others, capped"
        CAPPED_NOMINAL = "capped_nominal", "Membership and awards, capped"

    class Direction(models.TextChoices):
        RECEIVED = "received", "Received"
        GIVEN = "given", "Given"

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=100)
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.MINUTES)
    counts_as = models.CharField(max_length=20, choices=CountsAs, default=CountsAs.FULL)
    needs_evidence = models.CharField(
        "evidence", max_length=60, blank=True, help_text="What shows that it happened."
    )
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.RECEIVED)
    may_be_claimed = models.BooleanField(default=True, help_text="Staff may claim it themselves.")

    class Meta:
        verbose_name = "kind of CPD"
        verbose_name_plural = "kinds of CPD"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
