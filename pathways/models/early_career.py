"""The statutory induction of early career teachers, and the bodies that check it (DOMAIN section 3)."""

from django.db import models
from django.db.models import F, Q

from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person, School


@tracked()
class AppropriateBody(models.Model):
    """Who quality-assures statutory induction. `lead_school` is the school it is run from, where that is ours."""

    name = models.CharField(max_length=120, unique=True)
    lead_school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="appropriate_bodies"
    )
    is_training_provider = models.BooleanField(
        "trains teachers too",
        default=False,
        help_text="It is also an accredited provider of initial teacher training.",
    )
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "appropriate bodies"

    def __str__(self) -> str:
        return self.name


@tracked()
class EarlyCareer(models.Model):
    """One teacher's two-year statutory induction, term by term."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="early_career")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="early_careers")
    starts_on = models.DateField()
    appropriate_body = models.ForeignKey(
        AppropriateBody, on_delete=models.PROTECT, related_name="early_careers"
    )
    trained_with = models.ForeignKey(
        AppropriateBody,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The accredited provider of their teacher training, where it is one of these bodies.",
    )
    lead_provider = models.CharField(max_length=80, blank=True)
    delivery_partner = models.CharField(max_length=80, blank=True)
    mentor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="mentees"
    )
    induction_tutor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="tutees"
    )
    terms_needed = models.PositiveSmallIntegerField(
        default=6, editable=False, help_text="Six full time; ten at 0.6. Worked out from the contracts."
    )
    ends_on = models.DateField(null=True, blank=True, editable=False, help_text="Worked out as well.")
    terms_agreed = models.PositiveSmallIntegerField(
        "terms agreed with the appropriate body",
        null=True,
        blank=True,
        help_text="Where it has agreed to fewer. Empty: as worked out.",
    )
    extends_for_family = models.BooleanField(
        "extend for family leave", default=False, help_text="The teacher's own choice."
    )
    completed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-starts_on"]
        verbose_name_plural = "early careers"
        constraints = [
            models.CheckConstraint(
                name="early_career_mentor_is_another",
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("person")),
            ),
            models.CheckConstraint(
                name="early_career_tutor_is_another",
                condition=Q(induction_tutor__isnull=True) | ~Q(induction_tutor=F("person")),
            ),
            models.CheckConstraint(
                name="early_career_body_did_not_train",
                condition=Q(trained_with__isnull=True) | ~Q(trained_with=F("appropriate_body")),
            ),
            models.CheckConstraint(
                name="early_career_mentor_is_not_tutor",
                condition=Q(mentor__isnull=True)
                | Q(induction_tutor__isnull=True)
                | ~Q(mentor=F("induction_tutor")),
            ),
            models.CheckConstraint(
                name="early_career_some_terms",
                condition=Q(terms_needed__gt=0) & (Q(terms_agreed__isnull=True) | Q(terms_agreed__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"Early career of person {self.person_id}"


@tracked(exclude=["words"])
class EarlyCareerReview(models.Model):
    """A progress review or formal assessment at the end of a term of induction."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Progress review"
        FORMAL = "formal", "Formal assessment"

    early_career = models.ForeignKey(EarlyCareer, on_delete=models.CASCADE, related_name="reviews")
    term = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    due_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    is_on_track = models.BooleanField("on track", null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["early_career_id", "term"]
        constraints = [
            models.UniqueConstraint(name="early_career_review_once", fields=["early_career", "term"]),
            models.CheckConstraint(
                name="early_career_review_held_says_how",
                condition=Q(held_on__isnull=True) | Q(is_on_track__isnull=False, recorded_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="early_career_review_due", condition=Q(held_on__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, term {self.term}"

    @property
    def is_formal(self) -> bool:
        """Whether it is a formal assessment."""
        return self.kind == self.Kind.FORMAL
