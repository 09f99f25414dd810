"""CPD done elsewhere, claimed by the person and verified by somebody else (R9)."""

import uuid

from django.db import models
from django.db.models import F, Q

from entitlements.models.years import ActivityKind
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person


def evidence_path(claim: "Claim", filename: str) -> str:
    """Where evidence is kept: by random name; the name it came with is not trusted."""
    return f"evidence/{uuid.uuid4().hex}"


@tracked(exclude=["learned", "evidence_name"])
class Claim(models.Model):
    """One piece of CPD done elsewhere. Waiting, then verified, or back with a question."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a decision"
        QUESTIONED = "questioned", "Question for you"
        VERIFIED = "verified", "Verified"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="claims")
    occurred_on = models.DateField("date")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    title = models.CharField(max_length=200)
    body = models.CharField("professional body", max_length=120, blank=True)
    learned = models.TextField("what I took from it", max_length=4000)
    is_own_time = models.BooleanField("own time", default=False)
    evidence = models.FileField(upload_to=evidence_path, blank=True)
    evidence_name = models.CharField(max_length=150, blank=True)
    evidence_type = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    waiting_since_at = models.DateTimeField("waiting since", db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="claim_state_known",
                condition=Q(state__in=["waiting", "questioned", "verified", "declined", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="claim_has_minutes_or_amount",
                condition=Q(minutes__gt=0, amount__isnull=True) | Q(minutes__isnull=True, amount__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["waiting_since_at"], name="claim_waiting", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == self.State.WAITING

    @property
    def is_questioned(self) -> bool:
        """Whether the person was asked something."""
        return self.state == self.State.QUESTIONED


@tracked(exclude=["words"])
class ClaimDecision(models.Model):
    """Who decided what about a claim, when and why (DESIGN invariant 4).

    Nobody did where its year was closed first: then it is declined without anybody (R17).
    """

    class Decision(models.TextChoices):
        SENT = "sent", "Sent"
        ASKED = "asked", "Asked a question"
        ANSWERED = "answered", "Answered"
        VERIFIED = "verified", "Verified"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    claimant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="claim_decisions")
    decision = models.CharField(max_length=10, choices=Decision)
    words = models.TextField(blank=True, max_length=2000)
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="claim_decision_not_on_own",
                condition=Q(decision__in=["sent", "answered", "withdrawn"], actor=F("claimant"))
                | (Q(decision__in=["asked", "verified", "declined"]) & ~Q(actor=F("claimant"))),
            ),
            models.CheckConstraint(
                name="claim_decision_by_somebody_unless_declined",
                condition=Q(actor__isnull=False) | Q(decision="declined"),
            ),
            models.CheckConstraint(
                name="claim_decline_and_question_have_words",
                condition=~Q(decision__in=["asked", "declined"]) | ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}, {self.made_at}"
