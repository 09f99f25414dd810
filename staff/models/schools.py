"""Places and the jobs done there."""

from django.db import models
from django.db.models import Q


class School(models.Model):
    """A work site of the trust, its central team, or a partner trust."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School"
        CENTRAL = "central", "Central team"
        PARTNER = "partner", "Partner trust"

    class Phase(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        NONE = "", "Not a school"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SCHOOL)
    phase = models.CharField(max_length=10, choices=Phase, blank=True)
    town = models.CharField(max_length=60, blank=True)
    local_authority = models.CharField(max_length=80, blank=True)
    urn = models.CharField(
        "URN", max_length=6, blank=True, help_text="Six digits from Get Information about Schools."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="school_kind_known",
                condition=Q(kind__in=["school", "central", "partner"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Hub(models.Model):
    """A team that offers CPD, such as the Primary Training Hub."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    contact_email = models.EmailField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department as the HR system names it, the same across schools."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StaffGroup(models.TextChoices):
    """The group whose working day and entitlement apply (R1)."""

    TEACHER = "teacher", "Teachers"
    LEADERSHIP = "leadership", "Leadership"
    SUPPORT = "support", "Support staff"
    CASUAL = "casual", "Casual"


class JobRole(models.Model):
    """A job that people hold a contract for."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="job_roles")
    job_family = models.CharField(max_length=60)
    staff_group = models.CharField(max_length=12, choices=StaffGroup)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                name="job_role_staff_group_known",
                condition=Q(staff_group__in=["teacher", "leadership", "support", "casual"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title
