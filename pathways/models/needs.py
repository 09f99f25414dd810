"""Learning needs analysis: what roles ask for, how people are rated, and what follows (DOMAIN section 6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from courses.models import Course
from pathways.models.routes import Route
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import JobRole, Person, School

LEVELS = [
    (0, "None yet"),
    (1, "Aware"),
    (2, "Working"),
    (3, "Skilled"),
    (4, "Leads others"),
]


def _level(**options: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(choices=LEVELS, null=True, blank=True, **options)  # type: ignore[arg-type]


@tracked()
class NeedsLevel(models.Model):
    """What people read for one of the five levels; a level without a row has the words of the rules."""

    level = models.PositiveSmallIntegerField(unique=True, choices=[(n, str(n)) for n, _ in LEVELS])
    words = models.CharField(max_length=30)
    about = models.CharField(max_length=120)
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "level"
        verbose_name_plural = "levels"
        ordering = ["level"]
        constraints = [models.CheckConstraint(name="needs_level_to_4", condition=Q(level__lte=4))]

    def __str__(self) -> str:
        return f"{self.level}: {self.words}"


@tracked()
class Competency(models.Model):
    """Something a role asks people to be able to do."""

    code = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=120)
    domain = models.CharField(max_length=60)
    applies_to = models.CharField(max_length=120, blank=True)
    is_safety = models.BooleanField(
        "compliance or safety", default=False, help_text="Adds 2 to the priority."
    )
    courses = models.ManyToManyField(Course, blank=True, related_name="competencies")
    routes = models.ManyToManyField(Route, blank=True, related_name="competencies")
    is_active = models.BooleanField("in use", default=True)
    source = models.CharField(max_length=120, blank=True)
    last_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["domain", "code"]
        verbose_name_plural = "competencies"

    def __str__(self) -> str:
        return self.title


@tracked()
class RoleProfile(models.Model):
    """The level of one competency that one job role asks for, and how much it weighs there."""

    job_role = models.ForeignKey(JobRole, on_delete=models.CASCADE, related_name="profile")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="profiles")
    required_level = models.PositiveSmallIntegerField(choices=LEVELS)
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["job_role_id", "competency_id"]
        constraints = [
            models.UniqueConstraint(name="role_profile_once", fields=["job_role", "competency"]),
            models.CheckConstraint(name="role_profile_level_to_4", condition=Q(required_level__lte=4)),
            models.CheckConstraint(
                name="role_profile_weight_1_to_3", condition=Q(weight__gte=1, weight__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_role}: {self.competency}"


@tracked()
class NeedsCycle(models.Model):
    """One round of learning needs analysis, from opening to plan.

    For everybody with a role profile, unless it names schools or says from when people have joined.
    """

    name = models.CharField(max_length=60, unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="The last day on which people and managers rate.")
    moderated_on = models.DateField(help_text="The last day of moderation.")
    planned_on = models.DateField(help_text="When the plan is made.")
    schools = models.ManyToManyField(
        School, blank=True, related_name="needs_cycles", help_text="None chosen means every school."
    )
    joined_from = models.DateField(
        null=True, blank=True, help_text="Only people whose contract began on this day or later."
    )
    priorities = models.ManyToManyField(
        Competency, blank=True, related_name="prioritised_in", help_text="Trust priorities: each adds 1."
    )

    class Meta:
        verbose_name = "round"
        verbose_name_plural = "rounds"
        ordering = ["-opens_on"]
        constraints = [
            models.CheckConstraint(
                name="needs_cycle_dates_in_order",
                condition=Q(
                    closes_on__gt=F("opens_on"),
                    moderated_on__gte=F("closes_on"),
                    planned_on__gte=F("moderated_on"),
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=["self_words", "manager_words"])
class NeedsRating(models.Model):
    """How one person stands in one competency: their own view, the manager's, and what both agreed.

    Never averaged. `required_level` and `weight` are a copy of the profile when the cycle opened, so
    that a later change of it does not rewrite a cycle. Two levels apart or more needs a conversation.
    """

    cycle = models.ForeignKey(
        NeedsCycle, on_delete=models.PROTECT, related_name="ratings", verbose_name="round"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="needs_ratings")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="ratings")
    required_level = models.PositiveSmallIntegerField(choices=LEVELS)
    weight = models.PositiveSmallIntegerField(default=1)
    self_level = _level()
    self_words = models.CharField(max_length=300, blank=True)
    is_asked_for = models.BooleanField("I would like help with this", default=False)
    self_rated_at = models.DateTimeField(null=True, blank=True)
    manager_level = _level()
    manager_words = models.CharField(max_length=300, blank=True)
    manager = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    manager_rated_at = models.DateTimeField(null=True, blank=True)
    agreed_level = _level()
    agreed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    conversation_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "rating"
        verbose_name_plural = "ratings"
        ordering = ["cycle_id", "person_id", "competency_id"]
        constraints = [
            models.UniqueConstraint(name="needs_rating_once", fields=["cycle", "person", "competency"]),
            models.CheckConstraint(
                name="needs_rating_levels_to_4",
                condition=(Q(self_level__isnull=True) | Q(self_level__lte=4))
                & (Q(manager_level__isnull=True) | Q(manager_level__lte=4))
                & (Q(agreed_level__isnull=True) | Q(agreed_level__lte=4)),
            ),
            models.CheckConstraint(
                name="needs_rating_manager_is_another",
                condition=Q(manager__isnull=True) | ~Q(manager=F("person")),
            ),
            models.CheckConstraint(
                name="needs_rating_agreed_after_both",
                condition=Q(agreed_level__isnull=True)
                | Q(self_level__isnull=False, manager_level__isnull=False, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="needs_rating_agreed_by_another",
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("person")),
            ),
            models.CheckConstraint(
                name="needs_rating_apart_needs_conversation",
                condition=Q(agreed_level__isnull=True)
                | Q(conversation_on__isnull=False)
                | (Q(self_level__lt=F("manager_level") + 2) & Q(manager_level__lt=F("self_level") + 2)),
            ),
        ]
        indexes = [models.Index(fields=["person", "cycle"], name="needs_rating_by_person")]

    def __str__(self) -> str:
        return f"Rating of person {self.person_id} in {self.competency_id}"


@tracked(exclude=["title"])
class PlanItem(models.Model):
    """One line of somebody's personal development plan."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plan_items")
    rating = models.ForeignKey(
        NeedsRating, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_items"
    )
    title = models.CharField(max_length=200)
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(Route, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["state", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="plan_item_once", fields=["person", "title"]),
            models.CheckConstraint(
                name="plan_item_state_known", condition=Q(state__in=["planned", "done", "dropped"])
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        """Whether it has been done."""
        return self.state == self.State.DONE


@tracked()
class NeedsPlanLine(models.Model):
    """What the trust will do about a demand the catalogue does not meet: a line of the CPD plan."""

    class Owner(models.TextChoices):
        LEARNING = "learning", "Teaching and learning leads"
        PEOPLE = "people", "People team"
        IMPROVEMENT = "improvement", "School improvement team"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        IN_HAND = "in_hand", "In hand"
        MET = "met", "Met"

    cycle = models.ForeignKey(
        NeedsCycle, on_delete=models.PROTECT, related_name="plan_lines", verbose_name="round"
    )
    competency = models.ForeignKey(
        Competency, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_lines"
    )
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=12, choices=Owner)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True, blank=True)
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        verbose_name = "line of the CPD plan"
        verbose_name_plural = "lines of the CPD plan"
        ordering = ["cycle_id", "title"]
        constraints = [models.UniqueConstraint(name="needs_plan_line_once", fields=["cycle", "title"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_met(self) -> bool:
        """Whether it is done."""
        return self.state == self.State.MET

    @property
    def is_in_hand(self) -> bool:
        """Whether someone is working on it."""
        return self.state == self.State.IN_HAND


@tracked()
class SurveyTheme(models.Model):
    """A theme of the staff survey, taken as evidence into a cycle and traced to a plan line."""

    cycle = models.ForeignKey(
        NeedsCycle, on_delete=models.PROTECT, related_name="themes", verbose_name="round"
    )
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True, max_length=2000)
    mentions = models.PositiveIntegerField(default=0, help_text="How many answers name it.")
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    competencies = models.ManyToManyField(Competency, blank=True, related_name="themes")
    plan_line = models.ForeignKey(
        NeedsPlanLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="themes"
    )
    imported_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["-mentions", "title"]
        constraints = [models.UniqueConstraint(name="survey_theme_once", fields=["cycle", "title"])]

    def __str__(self) -> str:
        return self.title
