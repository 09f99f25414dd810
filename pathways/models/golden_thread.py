"""The Golden Thread: where a teacher is on it, and what each school can give to it (DOMAIN section 3)."""

from django.db import models

from entitlements.models import AcademicYear
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person, School


@tracked()
class CareerStage(models.Model):
    """Where a teacher is on the thread, where it is not what their job role says."""

    class Stage(models.TextChoices):
        BEFORE_TRAINING = "before_training", "Before teacher training"
        TRAINEE = "trainee", "Trainee teacher"
        ECT1 = "ect1", "Early career teacher, year 1"
        ECT2 = "ect2", "Early career teacher, year 2"
        TEACHER = "teacher", "Teacher"
        MIDDLE_LEADER = "middle_leader", "Specialist or middle leader"
        SENIOR_LEADER = "senior_leader", "Senior leader"
        HEAD = "head", "Headteacher"
        EXECUTIVE = "executive", "Executive leader"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="career_stage")
    stage = models.CharField(max_length=16, choices=Stage)
    since_on = models.DateField("since", null=True, blank=True)
    set_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["person_id"]

    def __str__(self) -> str:
        return f"Person {self.person_id}: {self.get_stage_display()}"


@tracked()
class TrainingCapacity(models.Model):
    """How many trainees and mentors one school can have in one year."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="training_capacity")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="training_capacity")
    mentors = models.PositiveSmallIntegerField(default=0)
    placements = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["school_id", "-year_id"]
        verbose_name_plural = "training capacity"
        constraints = [models.UniqueConstraint(name="training_capacity_once", fields=["school", "year"])]

    def __str__(self) -> str:
        return f"{self.school}, {self.year}"


@tracked()
class SchoolFunding(models.Model):
    """What the funding of NPQs asks of a school; unknown where nobody has looked it up."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="npq_funding")
    is_top_half = models.BooleanField(
        "in the half with most pupil premium", null=True, blank=True, help_text="Of all schools in England."
    )
    is_rise = models.BooleanField("in the RISE programme", null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["school_id"]
        verbose_name_plural = "schools and NPQ funding"

    def __str__(self) -> str:
        return f"NPQ funding, {self.school}"
