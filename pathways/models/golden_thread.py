"""The Golden Thread: from training to teach through the early career to headship (DOMAIN section 3)."""

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from entitlements.models import AcademicYear
from pathways.models.routes import Route
from pathways.rules.teaching_interest import ALLOWED
from staff.audit import tracked
from staff.models import Person, School

_MOVES = reduce(
    or_,
    (Q(from_state=source, to_state=target, capacity=capacity) for source, target, capacity in ALLOWED),
)


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
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["person_id"]

    def __str__(self) -> str:
        return f"Person {self.person_id}: {self.get_stage_display()}"


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
        triggers = [
            pgtrigger.Trigger(
                name="not_run_where_it_checks",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__lead_school__df=pgtrigger.F("new__lead_school")),
                func="""
                IF EXISTS (
                    SELECT 1 FROM pathways_earlycareer
                    WHERE appropriate_body_id = NEW.id AND school_id = NEW.lead_school_id
                      AND completed_on IS NULL
                ) THEN
                    RAISE EXCEPTION 'A body cannot check inductions at the school it is run from'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

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
    created_at = models.DateTimeField(db_default=Now(), editable=False)

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
        triggers = [
            pgtrigger.Trigger(
                name="not_the_bodys_lead_school",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF EXISTS (
                    SELECT 1 FROM pathways_appropriatebody
                    WHERE id = NEW.appropriate_body_id AND lead_school_id = NEW.school_id
                ) THEN
                    RAISE EXCEPTION 'A body cannot check inductions at the school it is run from'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
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


@tracked(exclude=["words"])
class TeachingInterest(models.Model):
    """Somebody's interest in training to teach, followed from the first word to a placement.

    `state` moves only together with a TeachingInterestStep that says so (`pathways.rules.teaching_interest`).
    """

    class State(models.TextChoices):
        INTERESTED = "interested", "Interested"
        ADVISED = "advised", "Advised"
        APPLIED = "applied", "Applied"
        OFFERED = "offered", "Offered a place"
        PLACED = "placed", "Placed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="teaching_interests")
    route = models.ForeignKey(
        Route, null=True, blank=True, on_delete=models.PROTECT, related_name="interests"
    )
    phase = models.CharField(
        max_length=10,
        choices=[("primary", "Primary"), ("secondary", "Secondary"), ("unsure", "Not sure yet")],
    )
    subject = models.CharField(max_length=60, blank=True)
    has_degree = models.BooleanField("I have a degree")
    has_english_and_maths = models.BooleanField("I have GCSE English and maths at grade 4 or above")
    has_science = models.BooleanField("I have GCSE science at grade 4 or above", default=False)
    words = models.TextField(blank=True, max_length=1000)
    state = models.CharField(max_length=10, choices=State, default=State.INTERESTED)
    step_count = models.PositiveSmallIntegerField(default=0, editable=False)
    placed_at = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="trainee_placements"
    )
    mentor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="trainees"
    )
    starts_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    state_since_at = models.DateTimeField("since", db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="teaching_interest_live_once",
                fields=["person"],
                condition=~Q(state__in=["withdrawn", "placed"]),
            ),
            models.CheckConstraint(
                name="teaching_interest_placed_somewhere",
                condition=~Q(state="placed") | Q(placed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="teaching_interest_mentor_is_another",
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("person")),
            ),
            models.CheckConstraint(
                name="teaching_interest_state_known",
                condition=Q(state__in=["interested", "advised", "applied", "offered", "placed", "withdrawn"]),
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since_at"], name="teaching_interest_by_state")]
        triggers = [
            pgtrigger.Trigger(
                name="begins_as_interested",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state__df="interested") | pgtrigger.Q(new__step_count__df=0),
                func="RAISE EXCEPTION 'An interest begins as interested' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="moves_by_step",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state"))
                | pgtrigger.Q(old__step_count__df=pgtrigger.F("new__step_count"))
                | pgtrigger.Q(old__person__df=pgtrigger.F("new__person")),
                func="""
                IF NEW.person_id <> OLD.person_id OR NEW.step_count <> OLD.step_count + 1
                   OR NOT EXISTS (
                    SELECT 1 FROM pathways_teachingintereststep
                    WHERE interest_id = NEW.id AND number = NEW.step_count
                      AND from_state = OLD.state AND to_state = NEW.state
                ) THEN
                    RAISE EXCEPTION 'An interest moves by a step only' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Interest of person {self.person_id}"


@tracked(exclude=["words"])
class TeachingInterestStep(models.Model):
    """Who moved an interest on, as what, when and why. Never changed, never removed."""

    interest = models.ForeignKey(TeachingInterest, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Whose interest it is."
    )
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(
        max_length=11, choices=[("own", "Themselves"), ("people_team", "People team")]
    )
    from_state = models.CharField(max_length=10, choices=TeachingInterest.State)
    to_state = models.CharField(max_length=10, choices=TeachingInterest.State)
    words = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["interest_id", "number"]
        constraints = [
            models.UniqueConstraint(name="teaching_step_numbered_once", fields=["interest", "number"]),
            models.CheckConstraint(name="teaching_step_is_a_move", condition=_MOVES),
            models.CheckConstraint(
                name="teaching_step_not_on_own",
                condition=Q(capacity="own", actor=F("person")) | (~Q(capacity="own") & ~Q(actor=F("person"))),
            ),
            models.CheckConstraint(name="teaching_step_says_why", condition=Q(capacity="own") | ~Q(words="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="follows_the_interest",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM pathways_teachinginterest
                    WHERE id = NEW.interest_id AND person_id = NEW.person_id
                      AND state = NEW.from_state AND step_count + 1 = NEW.number
                ) THEN
                    RAISE EXCEPTION 'A step follows on the state of its interest'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_state}, {self.made_at}"
