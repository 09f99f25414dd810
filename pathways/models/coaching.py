"""Coach and be coached: who offers it, who works with whom, and how long; never what was said."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person


class CoachingTopic(models.TextChoices):
    """What people ask a coach about, as the trust lists it."""

    LEADING = "leading", "Leading a team"
    NEXT_STEP = "next_step", "My next step"
    WORKLOAD = "workload", "Workload and priorities"
    CONFIDENCE = "confidence", "Confidence"
    CONVERSATIONS = "conversations", "Difficult conversations"
    TEACHING = "teaching", "Teaching practice"
    NEW_ROLE = "new_role", "A new role"
    CHANGE = "change", "Leading change"
    RETURN = "return", "Coming back after leave"


@tracked(exclude=["about"])
class CoachProfile(models.Model):
    """Somebody who offers coaching: their training, whom they can take, and when supervision is due."""

    class Training(models.TextChoices):
        NONE = "none", "No training yet"
        INTRODUCED = "introduced", "Introduction to coaching"
        ILM3 = "ilm3", "ILM level 3"
        ILM5 = "ilm5", "ILM level 5"
        ILM7 = "ilm7", "ILM level 7"
        INSTRUCTIONAL = "instructional", "Instructional coach"

    class Approach(models.TextChoices):
        INSTRUCTIONAL = "instructional", "Instructional coaching"
        GROW = "grow", "GROW"
        OSKAR = "oskar", "Solution-focused (OSKAR)"
        EXECUTIVE = "executive", "Executive coaching"
        PEER = "peer", "Peer coaching"
        MENTORING = "mentoring", "Mentoring"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="coach_profile")
    training = models.CharField(max_length=14, choices=Training, default=Training.NONE)
    approaches = ArrayField(models.CharField(max_length=14, choices=Approach), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=14, choices=CoachingTopic), default=list, blank=True)
    phases = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="primary, secondary, central; empty: any.",
    )
    capacity = models.PositiveSmallIntegerField("coachees at a time", default=2)
    about = models.CharField(max_length=400, blank=True)
    is_open = models.BooleanField("open to new coachees", default=True)
    trained_on = models.DateField(null=True, blank=True)
    supervised_on = models.DateField("last supervision", null=True, blank=True)
    supervision_due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        verbose_name = "coach"
        verbose_name_plural = "coaches"
        ordering = ["person_id"]

    def __str__(self) -> str:
        return f"Coach {self.person_id}"


@tracked()
class CoachingAgreement(models.Model):
    """Four to six meetings between two people, asked for by one of them and agreed by the coach.

    Topic and approach are chosen from lists: nothing of the content is kept (DOMAIN section 6).
    """

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Under way"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        COMPLETED = "completed", "Completed"
        ENDED = "ended", "Ended early"

    coach = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="coaching_given")
    coachee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="coaching_received")
    topic = models.CharField(max_length=14, choices=CoachingTopic)
    approach = models.CharField(max_length=14, choices=CoachProfile.Approach, blank=True)
    meetings_planned = models.PositiveSmallIntegerField(default=4)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    starts_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="coaching_of_another", condition=~Q(coach=F("coachee"))),
            models.CheckConstraint(
                name="coaching_of_4_to_6_meetings",
                condition=Q(meetings_planned__gte=4, meetings_planned__lte=6),
            ),
            models.CheckConstraint(
                name="coaching_state_known",
                condition=Q(state__in=["asked", "agreed", "declined", "withdrawn", "completed", "ended"]),
            ),
            models.UniqueConstraint(
                name="coaching_live_once",
                fields=["coach", "coachee"],
                condition=Q(state__in=["asked", "agreed"]),
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="coaching_waiting", condition=Q(state="asked"))]

    def __str__(self) -> str:
        return f"Coaching of {self.coachee_id} by {self.coach_id}"

    @property
    def is_asked(self) -> bool:
        """Whether the coach has yet to answer."""
        return self.state == self.State.ASKED

    @property
    def is_under_way(self) -> bool:
        """Whether they meet."""
        return self.state == self.State.AGREED

    @property
    def is_completed(self) -> bool:
        """Whether they have met as often as they wanted to."""
        return self.state == self.State.COMPLETED


@tracked()
class CoachingMeeting(models.Model):
    """That they met, and for how long. Credited to both sides; `removed_at` takes both credits back."""

    agreement = models.ForeignKey(CoachingAgreement, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    logged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="coaching_meeting_once_a_day",
                fields=["agreement", "held_on"],
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="coaching_meeting_10_to_180_minutes", condition=Q(minutes__gte=10, minutes__lte=180)
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting on {self.held_on}, {self.minutes} minutes"
