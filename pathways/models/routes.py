"""Funded routes: what can be asked for, and who runs it."""

from django.db import models
from django.db.models import Q

from pathways.rules import npqs
from staff.audit import tracked


@tracked()
class Route(models.Model):
    """An apprenticeship standard, a Masters, an NPQ, a chartered status or a way to qualified teacher status.

    Facts of the world with their source and the day they were last checked; the people team edits them.
    Money is whole pence. `last_funded_start_on`: the last start the levy paid for at any age; after it a
    withdrawn standard is refused, and one with ages only outside them (DOMAIN section 4).
    """

    class Kind(models.TextChoices):
        APPRENTICESHIP = "apprenticeship", "Apprenticeship"
        MASTERS = "masters", "Masters"
        NPQ = "npq", "NPQ"
        CHARTERED = "chartered", "Chartered status or accreditation"
        TEACHER_TRAINING = "teacher_training", "Teacher training"

    class Funding(models.TextChoices):
        FUNDED = "funded", "Funded"
        AGE_LIMITED = "age_limited", "Funded for some ages"
        WITHDRAWN = "withdrawn", "Funding withdrawn"
        UNCONFIRMED = "unconfirmed", "Funding to be confirmed"
        TRUST = "trust", "Paid by the trust"
        SCHOOL_RULE = "school_rule", "Funded in some schools"

    class NpqRule(models.TextChoices):
        ALL_SCHOOLS = npqs.ALL_SCHOOLS, "In every publicly funded school"
        EARLY_YEARS = npqs.EARLY_YEARS, "In publicly funded schools and early years settings"
        TOP_HALF = npqs.TOP_HALF, "In the half with most pupil premium, or RISE schools"
        LEAD_MENTORS = npqs.LEAD_MENTORS, "The same, and lead mentors in teacher training"
        EARLY_HEADS = npqs.EARLY_HEADS, "For heads in their first five years"

    kind = models.CharField(max_length=16, choices=Kind)
    code = models.CharField(max_length=20, unique=True, help_text="Such as ST0454 or NPQH.")
    slug = models.SlugField("name in its address", max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True, max_length=1000)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    job_family = models.CharField(max_length=60, blank=True)
    typical_months = models.PositiveSmallIntegerField("usual length, months", null=True, blank=True)
    assessment_months = models.PositiveSmallIntegerField("assessment, months", default=0)
    max_funding_pence = models.PositiveIntegerField("most the levy pays", null=True, blank=True)
    fee_pence = models.PositiveIntegerField(
        "fee", null=True, blank=True, help_text="What it costs where it is not funded."
    )
    credits = models.PositiveSmallIntegerField(null=True, blank=True)
    funding_status = models.CharField(max_length=12, choices=Funding, default=Funding.FUNDED)
    funding_words = models.CharField(
        max_length=300, blank=True, help_text="The rule in a sentence, shown to people."
    )
    npq_rule = models.CharField(
        "NPQ: paid for whom",
        max_length=40,
        choices=NpqRule,
        blank=True,
        db_default="",
        help_text="The rule by which the Golden Thread says to somebody whether it is paid for them.",
    )
    last_funded_start_on = models.DateField("last funded start", null=True, blank=True)
    youngest_age = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest_age = models.PositiveSmallIntegerField(null=True, blank=True)
    off_job_hours = models.PositiveSmallIntegerField(
        "hours away from the job",
        null=True,
        blank=True,
        help_text="The least hours of off-the-job training of this standard.",
    )
    alternatives = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="alternative_to"
    )
    alternative_words = models.CharField(
        max_length=300,
        blank=True,
        help_text="Other ways that are not routes, such as the Leadership Academy.",
    )
    is_open = models.BooleanField("open to requests", default=True, help_text="Shown and open to requests.")
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "job_family", "level", "title"]
        constraints = [
            models.CheckConstraint(
                name="route_kind_known",
                condition=Q(kind__in=["apprenticeship", "masters", "npq", "chartered", "teacher_training"]),
            ),
            models.CheckConstraint(
                name="route_funding_known",
                condition=Q(
                    funding_status__in=[
                        "funded",
                        "age_limited",
                        "withdrawn",
                        "unconfirmed",
                        "trust",
                        "school_rule",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="route_withdrawn_has_last_start",
                condition=~Q(funding_status="withdrawn") | Q(last_funded_start_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
