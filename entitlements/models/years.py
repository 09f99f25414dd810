"""Academic years, the policy that applies to each, and the kinds of CPD."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from entitlements.academic_year import YearDates


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


def _number(
    words: str, default: int, says: str, *, null: bool = False, blank: bool = False
) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(words, default=default, help_text=says, null=null, blank=blank)


def _cap(words: str, says: str) -> models.PositiveSmallIntegerField:
    says = f"Per cent of the year’s entitlement. {says} Empty means no cap."
    return _number(words, 20, says, null=True, blank=True)


class EntitlementPolicy(models.Model):
    """The numbers of the five-day promise for one academic year; the people team may change them (R1-R17)."""

    year = models.OneToOneField(AcademicYear, on_delete=models.PROTECT, related_name="policy")
    version = models.PositiveSmallIntegerField(default=1)
    days_owed = _number("CPD days owed", 5, "Days a year of somebody full-time, in their own working days.")
    teacher_day_minutes = _number("a teacher’s day", 390, "Minutes of a full-time day: 390 are 6 hours 30.")
    leadership_day_minutes = _number("a leader’s day", 390, "Minutes of a full-time day: 390 are 6 hours 30.")
    support_day_minutes = _number(
        "a day of support staff", 444, "Minutes of a full-time day: 444 are 7 hours 24."
    )
    pro_rata_part_time = models.BooleanField(
        "less for part-time",
        default=True,
        help_text="Part-time staff are owed their share of the days. Off: everybody is owed all of them.",
    )
    sickness_days = _number(
        "sickness that lowers what is expected",
        28,
        "Days in a row from which it does; shorter changes nothing.",
    )
    compliance_cap_percent = _cap("required training counts up to", "Statutory and mandatory refreshers.")
    giving_cap_percent = _cap(
        "what is given to others counts up to", "Coaching, mentoring and training given."
    )
    nominal_cap_percent = _cap(
        "memberships and awards count up to", "Memberships, chartered status, accreditation."
    )
    on_track_percent = _number(
        "on track from", 80, "Per cent of what is expected by the day; below is behind."
    )
    own_time_alert_percent = _number(
        "own time to look at", 40, "Per cent of what counts. The people team is told of whoever has more."
    )
    evidence_from_days = _number(
        "claims need evidence from", 1, "Days of the person’s own; shorter claims need none."
    )
    daily_minutes_limit = _number(
        "most on one date", 600, "Minutes. A claim beyond is refused, a register is flagged."
    )
    claim_escalation_days = _number(
        "claims are escalated after",
        28,
        "Days of waiting; then everybody nearer than the people team is told.",
    )

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
