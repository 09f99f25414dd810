"""Who answers for what: responsibilities and their delegation, both dated."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from staff import clock
from staff.audit import tracked
from staff.models.people import DatedQuerySet, Person
from staff.models.schools import Hub, School

OF_A_SCHOOL: Final = ("headteacher", "budget_holder")


SCHOOL_NEEDED = "Choose the school: this responsibility is for one school."
HUB_NEEDED = "Choose the hub that this person leads."
FOR_THE_WHOLE_TRUST = "Leave this empty: the people team works for the whole trust."
ONE_OF_THE_TWO = "Choose a school or a hub, not both."


@tracked()
class Responsibility(models.Model):
    """A duty somebody holds for one school, one hub or the whole trust, between two dates."""

    class Kind(models.TextChoices):
        HEADTEACHER = "headteacher", "Headteacher"
        BUDGET_HOLDER = "budget_holder", "Budget holder"
        CPD_LEAD = "cpd_lead", "CPD lead"
        SCHOOL_IMPROVEMENT = "school_improvement", "School improvement"
        PEOPLE_TEAM = "people_team", "People team"
        FINANCE = "finance", "Finance"
        HUB_LEAD = "hub_lead", "Hub lead"
        TRAINER = "trainer", "Trainer"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responsibilities")
    kind = models.CharField(max_length=20, choices=Kind)
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    hub = models.ForeignKey(
        Hub, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "person_id"]
        verbose_name_plural = "responsibilities"
        constraints = [
            models.CheckConstraint(
                name="responsibility_for_school_or_hub_or_trust",
                condition=Q(school__isnull=True) | Q(hub__isnull=True),
            ),
            models.CheckConstraint(
                name="responsibility_headteacher_of_a_school",
                condition=~Q(kind__in=OF_A_SCHOOL) | Q(school__isnull=False),
            ),
            models.CheckConstraint(
                name="responsibility_hub_lead_of_a_hub", condition=~Q(kind="hub_lead") | Q(hub__isnull=False)
            ),
            models.CheckConstraint(
                name="responsibility_people_team_of_the_trust",
                condition=~Q(kind="people_team") | Q(school__isnull=True, hub__isnull=True),
            ),
            models.CheckConstraint(
                name="responsibility_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(
                name="responsibility_once",
                fields=["person", "kind", "school", "hub", "starts_on"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.school or self.hub or 'the trust'}"

    def clean(self) -> None:
        """For what it can be held, said at the field where it can be mended."""
        super().clean()
        said = {}
        if self.kind in OF_A_SCHOOL and self.school_id is None:
            said["school"] = SCHOOL_NEEDED
        if self.kind == self.Kind.HUB_LEAD and self.hub_id is None:
            said["hub"] = HUB_NEEDED
        if self.kind == self.Kind.PEOPLE_TEAM:
            for name in ("school", "hub"):
                if getattr(self, f"{name}_id") is not None:
                    said[name] = FOR_THE_WHOLE_TRUST
        elif self.school_id is not None and self.hub_id is not None:
            said["hub"] = ONE_OF_THE_TWO
        if said:
            raise ValidationError(said)


@tracked()
class Delegation(models.Model):
    """What one person may decide, another decides for them between two dates."""

    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_given")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_received")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="delegation_not_to_oneself", condition=~Q(from_person=F("to_person"))
            ),
            models.CheckConstraint(
                name="delegation_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="delegation_once", fields=["from_person", "to_person", "starts_on", "ends_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"From {self.from_person} to {self.to_person}, {self.starts_on} to {self.ends_on}"
