"""Somebody's interest in training to teach, and the steps that move it on (DOMAIN section 3)."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from pathways.models.routes import Route
from pathways.rules.teaching_interest import ALLOWED
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person, School

_MOVES = reduce(
    or_,
    (Q(from_state=source, to_state=target, capacity=capacity) for source, target, capacity in ALLOWED),
)


@tracked(exclude=["words"])
class TeachingInterest(models.Model):
    """Somebody's interest in training to teach, followed from the first word to a placement.

    `state` moves only together with a TeachingInterestStep that says so (`pathways.rules.teaching_interest`,
    `pathways/migrations/sql/teaching_interest.sql`).
    """

    class State(models.TextChoices):
        INTERESTED = "interested", "Interested"
        ADVISED = "advised", "Advised"
        APPLIED = "applied", "Applied"
        OFFERED = "offered", "Offered a place"
        PLACED = "placed", "Placed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="teaching_interests")
    route = models.ForeignKey(
        Route, null=True, blank=True, on_delete=models.PROTECT, related_name="interests"
    )
    phase = models.CharField(
        max_length=10,
        choices=[("primary", "Primary"), ("secondary", "Secondary"), ("unsure", "Not sure yet")],
    )
    subject = models.CharField(max_length=60, blank=True)
    has_degree = models.BooleanField("I have a degree")
    has_english_and_maths = models.BooleanField("I have GCSE English and maths at grade 4 or above")
    has_science = models.BooleanField("I have GCSE science at grade 4 or above", default=False)
    words = models.TextField(blank=True, max_length=1000)
    state = models.CharField(max_length=10, choices=State, default=State.INTERESTED)
    step_count = models.PositiveSmallIntegerField(default=0, editable=False)
    placed_at = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="trainee_placements"
    )
    mentor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="trainees"
    )
    starts_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    state_since_at = models.DateTimeField("since", db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="teaching_interest_live_once",
                fields=["person"],
                condition=~Q(state__in=["withdrawn", "placed"]),
            ),
            models.CheckConstraint(
                name="teaching_interest_placed_somewhere",
                condition=~Q(state="placed") | Q(placed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="teaching_interest_mentor_is_another",
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("person")),
            ),
            models.CheckConstraint(
                name="teaching_interest_state_known",
                condition=Q(state__in=["interested", "advised", "applied", "offered", "placed", "withdrawn"]),
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since_at"], name="teaching_interest_by_state")]

    def __str__(self) -> str:
        return f"Interest of person {self.person_id}"

    @property
    def is_new(self) -> bool:
        """Whether it's still unanswered."""
        return self.state == self.State.INTERESTED

    @property
    def is_placed(self) -> bool:
        """Whether a school has taken them."""
        return self.state == self.State.PLACED

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was ended."""
        return self.state == self.State.WITHDRAWN


@tracked(exclude=["words"])
class TeachingInterestStep(models.Model):
    """Who moved an interest on, as what, when and why. Never changed, never removed."""

    interest = models.ForeignKey(TeachingInterest, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Whose interest it is."
    )
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(
        max_length=11, choices=[("own", "Themselves"), ("people_team", "People team")]
    )
    from_state = models.CharField(max_length=10, choices=TeachingInterest.State)
    to_state = models.CharField(max_length=10, choices=TeachingInterest.State)
    words = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["interest_id", "number"]
        constraints = [
            models.UniqueConstraint(name="teaching_step_numbered_once", fields=["interest", "number"]),
            models.CheckConstraint(name="teaching_step_is_a_move", condition=_MOVES),
            models.CheckConstraint(
                name="teaching_step_not_on_own",
                condition=Q(capacity="own", actor=F("person")) | (~Q(capacity="own") & ~Q(actor=F("person"))),
            ),
            models.CheckConstraint(name="teaching_step_says_why", condition=Q(capacity="own") | ~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.to_state}, {self.made_at}"
