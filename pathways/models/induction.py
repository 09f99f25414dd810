"""Induction: what a starter goes through, by role and site, with a date for each step."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from courses.models import Course
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Contract, JobRole, Person, School


class DoneBy(models.TextChoices):
    """Whose step it is."""

    PERSON = "person", "You"
    MANAGER = "manager", "Line manager"
    BUDDY = "buddy", "Buddy"
    PEOPLE_TEAM = "people_team", "People team"


@tracked()
class InductionTemplate(models.Model):
    """A list of steps for those starters whom it fits; empty lists mean everybody."""

    name = models.CharField(max_length=120, unique=True)
    staff_groups = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    job_families = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    job_roles = models.ManyToManyField(JobRole, blank=True, related_name="induction_templates")
    schools = models.ManyToManyField(School, blank=True, related_name="induction_templates")
    is_active = models.BooleanField("in use", default=True)
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class InductionTemplateStep(models.Model):
    """One step, due so many days after the start, ticked by hand or by what is on record."""

    template = models.ForeignKey(InductionTemplate, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    words = models.CharField(max_length=300, blank=True)
    done_by = models.CharField(max_length=12, choices=DoneBy, default=DoneBy.PERSON)
    due_days = models.PositiveSmallIntegerField(
        "due after, days", default=0, help_text="Days after the start; 0 is day one."
    )
    course = models.ForeignKey(
        Course,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Ticked by attending it.",
    )
    statutory_code = models.CharField(
        "statutory training",
        max_length=12,
        blank=True,
        help_text="Such as SG-IND: ticked by a record of that training.",
    )

    class Meta:
        ordering = ["template_id", "number"]
        constraints = [
            models.UniqueConstraint(name="induction_template_step_once", fields=["template", "number"]),
            models.CheckConstraint(
                name="induction_template_step_done_by_known",
                condition=Q(done_by__in=["person", "manager", "buddy", "people_team"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Induction(models.Model):
    """One starter's induction: made from the templates that fit, on the first day of a contract."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inductions")
    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="induction")
    buddy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="buddy_inductions"
    )
    starts_on = models.DateField()
    completed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="induction_buddy_is_another",
                condition=Q(buddy__isnull=True) | ~Q(buddy=models.F("person")),
            )
        ]

    def __str__(self) -> str:
        return f"Induction of person {self.person_id} from {self.starts_on}"


@tracked(exclude=["note"])
class InductionStep(models.Model):
    """One step of one induction: a copy of the template's, so that a later change of it rewrites nothing."""

    induction = models.ForeignKey(Induction, on_delete=models.PROTECT, related_name="steps")
    template_step = models.ForeignKey(
        InductionTemplateStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    words = models.CharField(max_length=300, blank=True)
    done_by = models.CharField(max_length=12, choices=DoneBy)
    due_on = models.DateField()
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    statutory_code = models.CharField(max_length=12, blank=True)
    done_on = models.DateField(null=True, blank=True)
    marked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_from_record = models.BooleanField(default=False, help_text="Ticked by what was on record.")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["induction_id", "due_on", "number"]
        constraints = [
            models.UniqueConstraint(name="induction_step_once", fields=["induction", "title"]),
            models.CheckConstraint(
                name="induction_step_record_has_date",
                condition=Q(is_from_record=False) | Q(done_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="induction_step_open", condition=Q(done_on__isnull=True))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_the_starters(self) -> bool:
        """Whether the starter does it themselves."""
        return self.done_by == DoneBy.PERSON

    @property
    def doer(self) -> str:
        """Who does it, within a sentence: "the starter", "line manager"."""
        return "the starter" if self.is_the_starters else self.get_done_by_display().lower()
