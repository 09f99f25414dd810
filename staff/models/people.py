"""People, what they are employed for, and when they are away."""

from datetime import date
from fractions import Fraction
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from staff.audit import tracked
from staff.clock import PortalNow
from staff.models.schools import Department, JobRole, School


class DateSpan(Func):
    """`daterange(starts_on, ends_on, '[]')`: both days inside, no end means for ever."""

    function = "daterange"
    output_field = models.Field()


def span_of(starts: str = "starts_on", ends: str = "ends_on") -> DateSpan:
    """The days from one column to another as a PostgreSQL range, for constraints."""
    return DateSpan(starts, ends, models.Value("[]"))


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and an `ends_on` that may be open."""

    def in_force(self, on: date) -> Self:
        """The rows whose days include `on`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


# Names and e-mails live here and in User alone: the audit leaves them out (DESIGN invariant 6).
@tracked(exclude=["first_name", "last_name", "work_email", "trn"])
class Person(models.Model):
    """Somebody who works for the trust, or a partner trust's delegate without a contract.

    The payroll number is the stable key (DOMAIN section 8); a delegate has none.
    """

    payroll_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    work_email = models.EmailField(blank=True)
    trn = models.CharField(
        "TRN", max_length=7, blank=True, help_text="Teacher reference number, seven digits."
    )
    partner = models.ForeignKey(
        School,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegates",
        limit_choices_to={"kind": "partner"},
        help_text="The partner trust, for a delegate without a contract.",
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                name="person_trn_seven_digits", condition=Q(trn="") | Q(trn__regex=r"^[0-9]{7}$")
            ),
            models.CheckConstraint(
                name="person_payroll_number_not_blank",
                condition=Q(payroll_number__isnull=True) | ~Q(payroll_number=""),
            ),
            # Nothing else tells them apart; erased ones have nothing left to be told by.
            models.UniqueConstraint(
                name="person_without_number_once",
                fields=["first_name", "last_name", "work_email", "partner"],
                condition=Q(payroll_number__isnull=True, erased_at__isnull=True),
                nulls_distinct=False,
                violation_error_message="Somebody of this name, without a number, is there already.",
            ),
        ]
        indexes = [
            GinIndex(
                name="person_name_trigram",
                fields=["first_name", "last_name"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, as the person is addressed."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()


@tracked()
class Contract(models.Model):
    """An employment at one school in one role, with its working time (R2, R6).

    `fte` and days per week are kept as exact fractions: an exact half must stay one (R4).
    `ends_on` is the last day in force; none means it goes on.
    """

    contract_id = models.CharField("contract number", max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contracts")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contracts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="contracts")
    job_role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="contracts")
    fte_numerator = models.PositiveIntegerField(default=1)
    fte_denominator = models.PositiveIntegerField(default=1)
    week_days_numerator = models.PositiveIntegerField(default=5)
    week_days_denominator = models.PositiveIntegerField(default=1)
    weeks_per_year = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    line_manager = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="reports_contracts"
    )
    is_main = models.BooleanField("main contract", default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "starts_on", "contract_id"]
        constraints = [
            models.CheckConstraint(
                name="contract_fte_between_0_and_1",
                condition=Q(
                    fte_numerator__gt=0, fte_numerator__lte=F("fte_denominator"), fte_denominator__lte=10_000
                ),
            ),
            models.CheckConstraint(
                name="contract_week_days_between_0_and_7",
                condition=Q(
                    week_days_numerator__gt=0,
                    week_days_denominator__gt=0,
                    week_days_denominator__lte=10_000,
                    week_days_numerator__lte=F("week_days_denominator") * 7,
                ),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="contract_not_own_manager",
                condition=Q(line_manager__isnull=True) | ~Q(line_manager=F("person")),
            ),
            ExclusionConstraint(
                name="contract_one_main_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (span_of(), RangeOperators.OVERLAPS)],
                condition=Q(is_main=True),
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=["school", "starts_on"], name="contract_by_school")]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.job_role} at {self.school}"

    @property
    def fte(self) -> Fraction:
        """The share of a full-time week, exact (R2)."""
        return Fraction(self.fte_numerator, self.fte_denominator)

    @property
    def days_per_week(self) -> Fraction:
        """Working days in a week, exact."""
        return Fraction(self.week_days_numerator, self.week_days_denominator)


@tracked()
class Absence(models.Model):
    """A time away, by class only: never the cause (DOMAIN section 8). No end: still away."""

    class AbsenceClass(models.TextChoices):
        FAMILY = "family", "Family leave"
        SICKNESS = "sickness", "Sickness"
        UNPAID = "unpaid", "Unpaid leave"
        SECONDMENT = "secondment", "Secondment out"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    absence_class = models.CharField(max_length=12, choices=AbsenceClass)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="absence_class_known",
                condition=Q(absence_class__in=["family", "sickness", "unpaid", "secondment"]),
            ),
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(name="absence_once", fields=["person", "absence_class", "starts_on"]),
        ]

    def __str__(self) -> str:
        return f"Absence of {self.person_id} from {self.starts_on}"
