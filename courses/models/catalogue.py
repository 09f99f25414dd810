"""What is on offer: courses, by hub and strand, for an audience."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse

from courses.wording import worth_words
from entitlements.models import ActivityKind
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Hub, Person


class Strand(models.Model):
    """A theme of the catalogue, such as Early reading."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("name in its address", max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=["search"])
class Course(models.Model):
    """Something that can be attended, on any number of sessions.

    `audience` lists job families, staff groups or `all`. `minutes` is its length, and what one
    full attendance credits unless its kind is counted in days.
    """

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online"
        HYBRID = "hybrid", "In person or online"
        IN_SCHOOL = "in_school", "In your school"

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField("name in its address", max_length=120, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=1000)
    outcomes = models.TextField(blank=True, help_text="One a line: what somebody will be able to do.")
    for_whom = models.CharField(max_length=300, blank=True)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="courses")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="courses")
    audience = ArrayField(models.CharField(max_length=60), default=list)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.IN_PERSON)
    minutes = models.PositiveIntegerField("length, minutes")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="courses")
    is_published = models.BooleanField("published", default=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="course_minutes_positive", condition=Q(minutes__gt=0)),
            models.CheckConstraint(
                name="course_mode_known", condition=Q(mode__in=["in_person", "online", "hybrid", "in_school"])
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="course_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="course_title_trigram"),
            GinIndex(fields=["audience"], name="course_audience"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course-detail", args=[self.slug])

    @property
    def outcome_lines(self) -> list[str]:
        """The outcomes, one each."""
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]

    @property
    def worth(self) -> str:
        """What full attendance counts, in words. Reads `kind`."""
        return worth_words(self.kind.unit, self.minutes)

    @property
    def counts_in_days(self) -> bool:
        """Whether it credits everybody's own working day and not its length (R8). Reads `kind`."""
        return self.kind.unit in (ActivityKind.Unit.DAY, ActivityKind.Unit.HALF_DAY)


class Interest(models.Model):
    """Somebody who wants to be told when a course has a date."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="interests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interests")
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "person"], name="interest_once")]

    def __str__(self) -> str:
        return f"Interest in {self.course_id}"
