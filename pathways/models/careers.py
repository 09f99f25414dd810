"""Career pathways: where each role can lead, what takes people there, and who is on the way."""

from django.db import models
from django.db.models import Q

from courses.models import Course
from pathways.models.routes import Route
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import JobRole, Person


@tracked()
class Pathway(models.Model):
    """A line of roles that lead on from one another, open to everybody in the trust."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("name in its address", max_length=80, unique=True)
    summary = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Rung(models.Model):
    """One step of a pathway: the roles on it, and how long people usually stay."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="rungs")
    number = models.PositiveSmallIntegerField()
    job_roles = models.ManyToManyField(JobRole, related_name="rungs")
    typical_time = models.CharField(max_length=60, blank=True)
    experience = models.TextField(
        blank=True, max_length=1000, help_text="What somebody usually has done before this step."
    )

    class Meta:
        verbose_name = "step"
        verbose_name_plural = "steps"
        ordering = ["pathway_id", "number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="rung_numbered_once")]

    def __str__(self) -> str:
        return f"{self.pathway}, step {self.number}"


class RungCpd(models.Model):
    """One thing that is required or recommended on a rung, with what can be booked or requested for it."""

    class Need(models.TextChoices):
        REQUIRED = "required", "Needed"
        RECOMMENDED = "recommended", "Helps"

    rung = models.ForeignKey(Rung, on_delete=models.CASCADE, related_name="cpd", verbose_name="step")
    number = models.PositiveSmallIntegerField(default=1)
    need = models.CharField(max_length=12, choices=Need)
    words = models.CharField("in words", max_length=120)
    statutory_code = models.CharField(
        "statutory training",
        max_length=12,
        blank=True,
        help_text="Such as SG-IND, where it is statutory training.",
    )
    route = models.ForeignKey(
        Route, null=True, blank=True, on_delete=models.SET_NULL, related_name="rung_cpd"
    )
    other_route = models.ForeignKey(
        Route,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where it says “or”.",
    )
    courses = models.ManyToManyField(Course, blank=True, related_name="rung_cpd")
    courses_needed = models.PositiveSmallIntegerField(
        default=1,
        help_text="How many of the courses make it up: 1 where any of them does, 0 where they only prepare.",
    )

    class Meta:
        verbose_name = "line of CPD"
        verbose_name_plural = "CPD of the step"
        ordering = ["rung_id", "-need", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rung", "words"], name="rung_cpd_once"),
            models.CheckConstraint(
                name="rung_cpd_need_known", condition=Q(need__in=["required", "recommended"])
            ),
        ]

    def __str__(self) -> str:
        return self.words


@tracked(exclude=["words"])
class RungVoice(models.Model):
    """What somebody on a rung says about it; shown once the people team has read it."""

    rung = models.ForeignKey(Rung, on_delete=models.CASCADE, related_name="voices", verbose_name="step")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rung_voices")
    words = models.TextField(max_length=600)
    written_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "voice"
        verbose_name_plural = "voices"
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["rung", "person"], name="rung_voice_once"),
            models.CheckConstraint(
                name="rung_voice_not_published_by_oneself",
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"Person {self.person_id} about {self.rung_id}"


@tracked()
class Goal(models.Model):
    """The rung somebody works towards; the manager sees it where the person shares it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="goals")
    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="goals", verbose_name="step")
    is_shared = models.BooleanField("share with my manager", default=False)
    set_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_reached = models.BooleanField(default=False)

    class Meta:
        ordering = ["-set_at"]
        constraints = [
            models.UniqueConstraint(
                name="goal_one_at_a_time", fields=["person"], condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"Person {self.person_id} to {self.rung_id}"


@tracked(exclude=["words"])
class HeldCpd(models.Model):
    """Somebody's own statement that they have something of a rung already, and since when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="held_cpd")
    cpd = models.ForeignKey(RungCpd, on_delete=models.CASCADE, related_name="held")
    held_on = models.DateField()
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-held_on"]
        constraints = [models.UniqueConstraint(fields=["person", "cpd"], name="held_cpd_once")]
        verbose_name_plural = "held CPD"

    def __str__(self) -> str:
        return f"Person {self.person_id} has {self.cpd_id}"
