"""Places: requested, offered, booked, waiting; and what the register says."""

from django.db import models
from django.db.models import F, Q

from courses.models.sessions import Session, SessionPart
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person

LIVE_STATES = ("requested", "offered", "booked", "waiting")


@tracked()
class Booking(models.Model):
    """One person's place, or wait for one, on one session.

    requested: awaits approval, holds no place. offered: a place is held until `offer_ends_at`.
    booked: the place is theirs. waiting: stands in the queue by `position`. The rest is over; declined is
    also what nobody had decided when the session began.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        OFFERED = "offered", "Place offered"
        BOOKED = "booked", "Booked"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Cancelled"
        DECLINED = "declined", "Not agreed"
        LAPSED = "lapsed", "Offer lapsed"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=10, choices=State)
    position = models.PositiveIntegerField(
        "place in the order", help_text="Order of asking, given under the session's lock."
    )
    offer_ends_at = models.DateTimeField(null=True, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    state_changed_at = models.DateTimeField("changed at", db_default=PortalNow())
    state_changed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="changed by"
    )
    state_reason = models.CharField("reason", max_length=300, blank=True)

    class Meta:
        ordering = ["session_id", "position"]
        constraints = [
            models.CheckConstraint(
                name="booking_state_known",
                condition=Q(
                    state__in=["requested", "offered", "booked", "waiting", "cancelled", "declined", "lapsed"]
                ),
            ),
            models.UniqueConstraint(
                name="booking_one_live_per_person_and_session",
                fields=["session", "person"],
                condition=Q(state__in=LIVE_STATES),
            ),
            models.UniqueConstraint(name="booking_position_once", fields=["session", "position"]),
            models.CheckConstraint(
                name="booking_offer_has_deadline",
                condition=~Q(state="offered") | Q(offer_ends_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["session", "position"], name="booking_waiting_list", condition=Q(state="waiting")
            ),
            models.Index(fields=["person", "state"], name="booking_of_person"),
            models.Index(
                fields=["offer_ends_at"], name="booking_offers_to_end", condition=Q(state="offered")
            ),
            models.Index(fields=["session"], name="booking_requests_to_end", condition=Q(state="requested")),
        ]

    def __str__(self) -> str:
        return f"Booking {self.pk}, {self.get_state_display()}"

    @property
    def is_live(self) -> bool:
        """Whether it still stands."""
        return self.state in LIVE_STATES

    @property
    def is_requested(self) -> bool:
        """Whether it's waiting for a decision."""
        return self.state == self.State.REQUESTED

    @property
    def is_offered(self) -> bool:
        """Whether a place is held for an answer."""
        return self.state == self.State.OFFERED

    @property
    def is_booked(self) -> bool:
        """Whether there is a place."""
        return self.state == self.State.BOOKED

    @property
    def is_waiting(self) -> bool:
        """Whether it is on the waiting list."""
        return self.state == self.State.WAITING


@tracked()
class BookingDecision(models.Model):
    """Who agreed to a requested booking or not, when and why; never the person themselves."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="decisions")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="booking_decisions")
    is_agreed = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(name="booking_decision_not_on_own", condition=~Q(actor=F("requester"))),
            models.CheckConstraint(
                name="booking_decline_has_reason", condition=Q(is_agreed=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{'Agreed' if self.is_agreed else 'Not agreed'}, booking {self.booking_id}"


@tracked()
class Attendance(models.Model):
    """What the register says of one booking for one part. `revision` counts credits of it (DESIGN invariant 2)."""

    class Mark(models.TextChoices):
        PRESENT = "present", "Attended"
        PART = "part", "Attended in part"
        ABSENT = "absent", "Absent"
        UNMARKED = "unmarked", "Not marked"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="attendances")
    part = models.ForeignKey(SessionPart, on_delete=models.PROTECT, related_name="attendances")
    mark = models.CharField(max_length=8, choices=Mark, default=Mark.UNMARKED)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes attended, where in part.")
    revision = models.PositiveIntegerField(default=0)
    marked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(db_default=PortalNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "part"], name="attendance_once_a_part"),
            models.CheckConstraint(
                name="attendance_mark_known", condition=Q(mark__in=["present", "part", "absent", "unmarked"])
            ),
            models.CheckConstraint(
                name="attendance_part_has_minutes", condition=~Q(mark="part") | Q(minutes__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()}, booking {self.booking_id}"


class CalendarFeed(models.Model):
    """A person's private calendar address; only the token's hash is kept, and it can be revoked.

    The token follows from `created_at` and the portal's secret key, so that it can be shown again.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.person_id}"
