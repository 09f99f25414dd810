"""What goes with an agreed request: fees, signatures, reviews, and what a leaver would repay."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pathways.models.requests import RouteRequest
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person


@tracked()
class RouteFee(models.Model):
    """What one year of a route costs, and the trust's share; whole pence, percent of 0 to 100."""

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="fees")
    year_number = models.PositiveSmallIntegerField("year of the course")
    fee_pence = models.PositiveIntegerField("fee")
    trust_percent = models.PositiveSmallIntegerField("share of the trust, per cent", default=100)
    paid_pence = models.PositiveIntegerField(
        "paid by the trust", default=0, help_text="What the trust has paid of it."
    )
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "Masters fee"
        verbose_name_plural = "Masters fees"
        ordering = ["request_id", "year_number"]
        constraints = [
            models.UniqueConstraint(name="route_fee_year_once", fields=["request", "year_number"]),
            models.CheckConstraint(name="route_fee_share_to_100", condition=Q(trust_percent__lte=100)),
            models.CheckConstraint(
                name="route_fee_paid_has_date", condition=Q(paid_pence=0) | Q(paid_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Year {self.year_number} of request {self.request_id}"


@tracked()
class RouteSignature(models.Model):
    """One party's signature under one document, before a start or any spend (DOMAIN section 4)."""

    class Document(models.TextChoices):
        TRAINING_PLAN = "training_plan", "Training plan"
        APPRENTICESHIP = "apprenticeship", "Apprenticeship agreement"
        TRAINING_COST = "training_cost", "Training cost agreement"

    class Party(models.TextChoices):
        LEARNER = "learner", "Learner"
        EMPLOYER = "employer", "Trust"
        PROVIDER = "provider", "Provider"

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="signatures")
    document = models.CharField(max_length=14, choices=Document)
    party = models.CharField(max_length=8, choices=Party)
    signed_on = models.DateField()
    signed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Who recorded it."
    )
    recorded_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["request_id", "document", "party"]
        constraints = [
            models.UniqueConstraint(name="route_signed_once", fields=["request", "document", "party"])
        ]

    def __str__(self) -> str:
        return f"{self.get_document_display()}, {self.get_party_display()}"


@tracked(exclude=["words"])
class RouteReview(models.Model):
    """A review on programme: twelve-weekly for an apprenticeship, termly for others."""

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    off_job_minutes = models.PositiveIntegerField(
        "off-the-job minutes so far", null=True, blank=True, help_text="From the start to this review."
    )
    is_on_track = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True, max_length=2000)
    recorded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["request_id", "number"]
        constraints = [
            models.UniqueConstraint(name="route_review_numbered_once", fields=["request", "number"])
        ]
        indexes = [
            models.Index(fields=["due_on"], name="route_review_due", condition=Q(held_on__isnull=True))
        ]

    def __str__(self) -> str:
        return f"Review {self.number} of request {self.request_id}"


@tracked()
class RepaymentTerms(models.Model):
    """What is repaid by whoever leaves, as agreed before anything was spent (DOMAIN section 4).

    The scale is a copy of the panel's on the day: `months` are upper bounds after completion, each with
    its percent; a leaver during the course repays `during_percent`. Never for an apprenticeship.
    """

    request = models.OneToOneField(RouteRequest, on_delete=models.PROTECT, related_name="repayment_terms")
    during_percent = models.PositiveSmallIntegerField(default=100)
    months = ArrayField(models.PositiveSmallIntegerField(), help_text="Such as 6, 12, 24.")
    percents = ArrayField(models.PositiveSmallIntegerField(), help_text="Such as 75, 50, 25.")
    waived_reason = models.CharField(max_length=200, blank=True)
    waived_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        verbose_name_plural = "repayment terms"

    def __str__(self) -> str:
        return f"Repayment terms of request {self.request_id}"
