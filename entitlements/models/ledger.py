"""The account of counted time: append-only entries, and what is planned."""

from django.db import models
from django.db.models import F, Q

from entitlements.models.years import AcademicYear, ActivityKind
from staff.clock import PortalNow
from staff.models import Contract, Person

# A share such as 30 minutes of 360 is kept so exactly that what it is worth is rounded once (R8).
SHARE_PLACES = 24


class LedgerEntry(models.Model):
    """A verified credit, or the reversal of one. Never changed and never removed (DESIGN invariant 2).

    `minutes` is positive in a credit and negative in its reversal. `source_key` says what caused it
    and ends in a revision. Triggers refuse UPDATE, DELETE and TRUNCATE (migration 0002).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ledger_entries")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="ledger_entries")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="ledger_entries")
    minutes = models.IntegerField()
    occurred_on = models.DateField("date")
    title = models.CharField(max_length=200)
    source_key = models.CharField("key at its source", max_length=120, unique=True)
    external_id = models.CharField("number in the other system", max_length=80, blank=True)
    amount = models.DecimalField(
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="In the kind's unit, before any fraction.",
    )
    cpd_fraction = models.DecimalField(
        "share that is CPD", max_digits=SHARE_PLACES + 1, decimal_places=SHARE_PLACES, default=1
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger_entries"
    )
    is_contract_given = models.BooleanField(
        default=False, help_text="The contract was named; else it is the main one on the date."
    )
    body = models.CharField(
        "professional body",
        max_length=120,
        blank=True,
        help_text="The professional body of a nominal credit.",
    )
    is_own_time = models.BooleanField("own time", default=False)
    is_flagged = models.BooleanField(
        "to check",
        default=False,
        help_text="Over the plausible minutes of a day, or at the time of something else (R15).",
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text="The first entry, where a corrected contract made it worth other minutes (R12).",
    )
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                name="ledger_credit_positive_reversal_negative",
                condition=Q(reverses__isnull=True, minutes__gte=0)
                | Q(reverses__isnull=False, minutes__lte=0),
            ),
            models.CheckConstraint(
                name="ledger_reversal_has_reason",
                condition=Q(reverses__isnull=True) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="ledger_cpd_fraction_between_0_and_1",
                condition=Q(cpd_fraction__gt=0, cpd_fraction__lte=1),
            ),
        ]
        indexes = [
            models.Index(
                fields=["year", "person", "occurred_on"],
                include=["minutes", "kind", "is_own_time"],
                name="ledger_for_statements",
            ),
            models.Index(fields=["external_id"], name="ledger_by_external_id", condition=~Q(external_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.minutes} minutes"


class PlannedCredit(models.Model):
    """What would be credited if all went as planned: a booking, an open register, a waiting claim (R7)."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Booked"
        ATTENDED = "attended", "Register open"
        CLAIMED = "claimed", "Claim waiting"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="planned_credits")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="planned_credits")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="planned_credits")
    minutes = models.PositiveIntegerField()
    occurred_on = models.DateField("date")
    title = models.CharField(max_length=200)
    source_key = models.CharField("key at its source", max_length=120, unique=True)
    external_id = models.CharField("number in the other system", max_length=80, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNED)
    body = models.CharField("professional body", max_length=120, blank=True)
    is_own_time = models.BooleanField("own time", default=False)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["occurred_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="planned_credit_status_known",
                condition=Q(status__in=["planned", "attended", "claimed"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["year", "person"],
                include=["minutes", "kind"],
                name="planned_for_statements",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.minutes} minutes planned"


class CarryOver(models.Model):
    """Minutes of a year with family leave or long sickness that may be taken in the next (R14)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="carry_overs")
    from_year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="carried_out")
    minutes = models.PositiveIntegerField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        verbose_name = "carry-over"
        verbose_name_plural = "carry-overs"
        constraints = [
            models.UniqueConstraint(fields=["person", "from_year"], name="carry_over_once_a_year"),
            models.CheckConstraint(name="carry_over_not_own", condition=~Q(person=F("approved_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes carried out of {self.from_year}"
