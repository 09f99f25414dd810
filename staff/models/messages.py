"""The outbox: every mail is a row first (DESIGN invariant 3)."""

from django.db import models
from django.db.models import F, Q

from staff.clock import PortalNow
from staff.models.people import Person


class Message(models.Model):
    """One mail to one person, written in the transaction that causes it and sent by the poller.

    `dedupe_key` makes it once only; after `not_after` it is stale and dropped; the Message-ID is
    ours, so that a repeat in the one uncertain moment can be recognised.
    """

    class State(models.TextChoices):
        DUE = "due", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        SHOWN = "shown", "Shown here only"
        DROPPED = "dropped", "Dropped"
        FAILED = "failed", "Failed"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40, help_text="What it is about, such as booking_confirmed.")
    subject = models.CharField(max_length=200)
    body_text = models.TextField("as text")
    body_html = models.TextField(blank=True)
    calendar = models.TextField(
        "calendar entry", blank=True, help_text="An iCalendar file that travels with the mail."
    )
    calendar_method = models.CharField(max_length=10, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    not_before = models.DateTimeField(db_default=PortalNow())
    not_after = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    is_uncertain = models.BooleanField(
        "may have arrived twice",
        default=False,
        help_text="A repeat after a crash: it may have arrived twice.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow())
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=["due", "sending", "sent", "shown", "dropped", "failed"]),
            ),
            models.CheckConstraint(
                name="message_sending_is_leased",
                condition=~Q(state="sending") | Q(leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="message_not_after_later",
                condition=Q(not_after__isnull=True) | Q(not_after__gte=F("not_before")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="message_to_send", condition=Q(state__in=["due", "sending"])
            ),
            models.Index(fields=["person", "-created_at"], name="message_of_person"),
        ]

    def __str__(self) -> str:
        return self.subject


class Reminder(models.Model):
    """That somebody has been reminded of one thing in one way: once only (RELIABILITY row 11)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=80, help_text="What it is about, such as part:412.")
    reminded_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "subject_key"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_key}"


class MessagePreference(models.Model):
    """What a person does not want by mail. Booking mails with their calendar entry always come."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="message_preference")
    wants_session_reminders = models.BooleanField("Reminders a week and a day before a session", default=True)
    wants_shortfall_nudges = models.BooleanField("A note each term on my five days", default=True)
    wants_decision_reminders = models.BooleanField("Reminders of decisions that wait for me", default=True)
    wants_induction_reminders = models.BooleanField(
        "What is due in an induction: mine, or of somebody I help to start", default=True
    )
    wants_needs_reminders = models.BooleanField(
        "A week before learning needs close: what I or my team have not rated", default=True
    )
    wants_growth_reminders = models.BooleanField(
        "What comes next in coaching and in the early years of teaching", default=True
    )

    def __str__(self) -> str:
        return f"Preferences of {self.person_id}"


class JobRun(models.Model):
    """One run of a scheduled job; readiness turns red when one is overdue."""

    name = models.CharField(max_length=60)
    started_at = models.DateTimeField(db_default=PortalNow())
    finished_at = models.DateTimeField(null=True, blank=True)
    is_successful = models.BooleanField("went well", null=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["name", "-finished_at"], name="job_run_latest")]

    def __str__(self) -> str:
        return f"{self.title}, {self.started_at}"

    @property
    def title(self) -> str:
        """The job in words: “Send messages”."""
        return self.name.replace("_", " ").capitalize()
