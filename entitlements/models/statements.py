"""Where everybody stands: today's figures, rebuildable, and those of closed years, frozen."""

from django.db import models
from django.db.models import Q

from entitlements.models.years import AcademicYear
from staff.clock import PortalNow
from staff.models import Contract, Department, Person, School, StaffGroup


class StatementStatus(models.TextChoices):
    """The status words of R7, in the order in which the first that holds is taken."""

    NOT_APPLICABLE = "not_applicable", "On request"
    PAUSED = "paused", "Paused"
    MET = "met", "Met"
    PLANNED = "planned", "Planned"
    ON_TRACK = "on_track", "On track"
    BEHIND = "behind", "Behind"


class Figures(models.Model):
    """The figures of one person for one year on one date, in whole minutes (R4, R7)."""

    entitlement_minutes = models.IntegerField(null=True)
    expected_minutes = models.IntegerField(null=True)
    expected_to_date_minutes = models.IntegerField(null=True)
    recorded_minutes = models.IntegerField(null=True)
    counted_minutes = models.IntegerField(null=True)
    planned_minutes = models.IntegerField(null=True)
    shortfall_minutes = models.IntegerField(null=True)
    own_time_minutes = models.IntegerField(null=True)
    status = models.CharField(max_length=14, choices=StatementStatus)

    class Meta:
        abstract = True


class Statement(Figures):
    """Today's figures: a cache that the one statement of SQL can rebuild from zero at any time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="statements")
    year = models.ForeignKey(AcademicYear, on_delete=models.CASCADE, related_name="statements")
    main_contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    is_in_contract = models.BooleanField(help_text="Whether a contract is in force on the date.")
    computed_on = models.DateField()
    computed_at = models.DateTimeField(db_default=PortalNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "person"], name="statement_once"),
            models.CheckConstraint(
                name="statement_figures_unless_not_applicable",
                condition=Q(status="not_applicable", expected_minutes__isnull=True)
                | (~Q(status="not_applicable") & Q(expected_minutes__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["year", "status"], name="statement_by_status")]

    def __str__(self) -> str:
        return f"Statement of {self.person_id} for {self.year_id}"

    # What a ClosedStatement keeps, read by the same names.
    @property
    def school(self) -> School:
        """Where the contract is that speaks for them."""
        return self.main_contract.school

    @property
    def department(self) -> Department:
        """Its department."""
        return self.main_contract.department

    @property
    def line_manager(self) -> Person | None:
        """Its line manager."""
        return self.main_contract.line_manager

    @property
    def role_title(self) -> str:
        """The title of its role."""
        return self.main_contract.job_role.title

    @property
    def job_family(self) -> str:
        """The family of its role."""
        return self.main_contract.job_role.job_family

    @property
    def staff_group(self) -> str:
        """The group of its role."""
        return self.main_contract.job_role.staff_group


def _kept(model: type[models.Model], *, null: bool = False) -> models.ForeignKey:
    """What is read by its year alone needs no index of its own."""
    return models.ForeignKey(model, on_delete=models.PROTECT, related_name="+", db_index=False, null=null)


class ClosedStatement(Figures):
    """The figures of a closed year with the policy version they were made under (R17).

    What reports group and filter by is kept beside them as it was at closing: a contract that is put right
    later, a move or another line manager changes nothing of a reported year.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="closed_statements")
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="closed_statements")
    main_contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    school = _kept(School)
    school_phase = models.CharField(max_length=10, choices=School.Phase, blank=True, db_default="")
    department = _kept(Department)
    line_manager = _kept(Person, null=True)
    role_title = models.CharField(max_length=120, db_default="")
    job_family = models.CharField(max_length=60, db_default="")
    staff_group = models.CharField(max_length=12, choices=StaffGroup, db_default="")
    is_in_contract = models.BooleanField(
        db_default=True, help_text="Whether a contract was in force on the last day."
    )
    policy_version = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField(db_default=PortalNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "person"], name="closed_statement_once"),
            models.CheckConstraint(
                name="closed_statement_staff_group_known",
                condition=Q(staff_group__in=["teacher", "leadership", "support", "casual"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Closed statement of {self.person_id} for {self.year_id}"
