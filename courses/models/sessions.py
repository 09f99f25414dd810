"""Dated occasions of a course."""

from django.db import models
from django.db.models import F, Q

from courses.models.catalogue import Course
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person, School
from staff.wording import date_words


@tracked(exclude=["booked_count", "offered_count", "next_position"])
class Session(models.Model):
    """One occasion of a course, in one or more dated parts, with its places.

    `booked_count + offered_count` never exceeds `capacity`; the counters change only under the row's
    lock (DESIGN invariant 1). `next_position` is given out under the same lock. `starts_at` and
    `ends_at` are the first part's start and the last part's end.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        CANCELLED = "cancelled", "Cancelled"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    code = models.CharField(max_length=40, unique=True)
    school = models.ForeignKey(
        School,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
        help_text="Where it is held.",
    )
    room = models.CharField(max_length=120, blank=True)
    online_link = models.URLField(blank=True)
    trainers = models.ManyToManyField(Person, related_name="sessions_led", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    booked_count = models.PositiveIntegerField("places booked", default=0, editable=False)
    offered_count = models.PositiveIntegerField("places offered", default=0, editable=False)
    next_position = models.PositiveIntegerField(default=1, editable=False)
    booking_opens_at = models.DateTimeField(null=True, blank=True)
    booking_closes_at = models.DateTimeField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False, help_text="A manager agrees before a place is held.")
    offer_hours = models.PositiveSmallIntegerField(
        "hours to take up an offer",
        null=True,
        blank=True,
        help_text="A freed place is offered for so many hours; empty books it at once.",
    )
    is_own_school_only = models.BooleanField(
        "own school only", default=False, help_text="For staff of the school where it is held."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.SCHEDULED)
    cancel_reason = models.CharField(max_length=300, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    register_saved_at = models.DateTimeField("register saved", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_places_within_capacity",
                condition=Q(capacity__gte=F("booked_count") + F("offered_count")),
            ),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_capacity_positive", condition=Q(capacity__gt=0)),
            models.CheckConstraint(
                name="session_status_known", condition=Q(status__in=["scheduled", "cancelled"])
            ),
        ]
        indexes = [
            models.Index(fields=["course", "starts_at"], name="session_of_course"),
            models.Index(fields=["starts_at"], name="session_to_come", condition=Q(status="scheduled")),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {date_words(self.starts_at)}"

    @property
    def places_left(self) -> int:
        """Places neither booked nor offered."""
        return self.capacity - self.booked_count - self.offered_count

    @property
    def is_full(self) -> bool:
        """Whether every place is booked or offered."""
        return self.places_left <= 0

    @property
    def is_cancelled(self) -> bool:
        """Whether it won't be held."""
        return self.status == self.Status.CANCELLED


class SessionPart(models.Model):
    """One dated part of a session; attendance is marked and credited part by part (R14)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(help_text="What full attendance of this part credits.")

    class Meta:
        ordering = ["session_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="session_part_numbered_once"),
            models.CheckConstraint(
                name="session_part_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_part_by_start")]

    def __str__(self) -> str:
        return f"Part {self.number} of {self.session_id}"
