"""What staff can attend: the catalogue, sessions, bookings, registers and calendars."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchConfig,
    SearchVector,
    SearchVectorField,
)
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Upper

from staff.clock import PortalNow
from staff.migration_operations import CreateTable, primary_key, tracked_table


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_tables"), ("entitlements", "0001_tables")]

    operations = [
        # Catalogue
        CreateTable(
            name="Strand",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=80, unique=True)),
                ("slug", models.SlugField(verbose_name="name in its address", max_length=80, unique=True)),
            ],
            options={"ordering": ["name"]},
        ),
        *tracked_table(
            "courses.Course",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=20, unique=True)),
                ("slug", models.SlugField(verbose_name="name in its address", max_length=120, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.TextField(max_length=1000)),
                (
                    "outcomes",
                    models.TextField(blank=True, help_text="One a line: what somebody will be able to do."),
                ),
                ("for_whom", models.CharField(max_length=300, blank=True)),
                ("audience", ArrayField(default=list, base_field=models.CharField(max_length=60), size=None)),
                (
                    "mode",
                    models.CharField(
                        max_length=10,
                        default="in_person",
                        choices=[
                            ("in_person", "In person"),
                            ("online", "Online"),
                            ("hybrid", "In person or online"),
                            ("in_school", "In your school"),
                        ],
                    ),
                ),
                ("minutes", models.PositiveIntegerField(verbose_name="length, minutes")),
                ("is_published", models.BooleanField(verbose_name="published", default=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=CombinedSearchVector(
                            SearchVector("title", weight="A", config="english"),
                            "||",
                            SearchVector("summary", weight="C", config="english"),
                            SearchConfig("english"),
                        ),
                        output_field=SearchVectorField(),
                    ),
                ),
                ("hub", models.ForeignKey("staff.hub", related_name="courses", on_delete=models.PROTECT)),
                (
                    "kind",
                    models.ForeignKey(
                        "entitlements.activitykind", related_name="courses", on_delete=models.PROTECT
                    ),
                ),
                (
                    "strand",
                    models.ForeignKey("courses.strand", related_name="courses", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["title"],
                "indexes": [
                    GinIndex(name="course_search", fields=["search"]),
                    GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="course_title_trigram"),
                    GinIndex(name="course_audience", fields=["audience"]),
                ],
                "constraints": [
                    models.CheckConstraint(name="course_minutes_positive", condition=Q(minutes__gt=0)),
                    models.CheckConstraint(
                        name="course_mode_known",
                        condition=Q(mode__in=["in_person", "online", "hybrid", "in_school"]),
                    ),
                ],
            },
            untracked=["search"],
        ),
        CreateTable(
            name="Interest",
            fields=[
                primary_key(),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey("courses.course", related_name="interests", on_delete=models.CASCADE),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="interests", on_delete=models.CASCADE),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(name="interest_once", fields=["course", "person"])]
            },
        ),
        # Sessions
        *tracked_table(
            "courses.Session",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=40, unique=True)),
                ("room", models.CharField(max_length=120, blank=True)),
                ("online_link", models.URLField(blank=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.PositiveIntegerField()),
                (
                    "booked_count",
                    models.PositiveIntegerField(verbose_name="places booked", default=0, editable=False),
                ),
                (
                    "offered_count",
                    models.PositiveIntegerField(verbose_name="places offered", default=0, editable=False),
                ),
                ("next_position", models.PositiveIntegerField(default=1, editable=False)),
                ("booking_opens_at", models.DateTimeField(blank=True, null=True)),
                ("booking_closes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "needs_approval",
                    models.BooleanField(default=False, help_text="A manager agrees before a place is held."),
                ),
                (
                    "offer_hours",
                    models.PositiveSmallIntegerField(
                        verbose_name="hours to take up an offer",
                        blank=True,
                        null=True,
                        help_text="A freed place is offered for so many hours; empty books it at once.",
                    ),
                ),
                (
                    "is_own_school_only",
                    models.BooleanField(
                        verbose_name="own school only",
                        default=False,
                        help_text="For staff of the school where it is held.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        max_length=10,
                        default="scheduled",
                        choices=[("scheduled", "Scheduled"), ("cancelled", "Cancelled")],
                    ),
                ),
                ("cancel_reason", models.CharField(max_length=300, blank=True)),
                ("calendar_sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "register_saved_at",
                    models.DateTimeField(
                        verbose_name="register saved", blank=True, null=True, editable=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "course",
                    models.ForeignKey("courses.course", related_name="sessions", on_delete=models.PROTECT),
                ),
                (
                    "school",
                    models.ForeignKey(
                        "staff.school",
                        blank=True,
                        null=True,
                        help_text="Where it is held.",
                        related_name="sessions",
                        on_delete=models.PROTECT,
                    ),
                ),
                ("trainers", models.ManyToManyField("staff.person", blank=True, related_name="sessions_led")),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(name="session_of_course", fields=["course", "starts_at"]),
                    models.Index(
                        name="session_to_come", fields=["starts_at"], condition=Q(status="scheduled")
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="session_places_within_capacity",
                        condition=Q(capacity__gte=F("booked_count") + F("offered_count")),
                    ),
                    models.CheckConstraint(
                        name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
                    ),
                    models.CheckConstraint(name="session_capacity_positive", condition=Q(capacity__gt=0)),
                    models.CheckConstraint(
                        name="session_status_known", condition=Q(status__in=["scheduled", "cancelled"])
                    ),
                ],
            },
            untracked=["booked_count", "offered_count", "next_position", "trainers"],
        ),
        CreateTable(
            name="SessionPart",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveIntegerField(help_text="What full attendance of this part credits."),
                ),
                (
                    "session",
                    models.ForeignKey("courses.session", related_name="parts", on_delete=models.CASCADE),
                ),
            ],
            options={
                "ordering": ["session_id", "number"],
                "indexes": [models.Index(name="session_part_by_start", fields=["starts_at"])],
                "constraints": [
                    models.UniqueConstraint(name="session_part_numbered_once", fields=["session", "number"]),
                    models.CheckConstraint(
                        name="session_part_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
                    ),
                ],
            },
        ),
        # Bookings
        *tracked_table(
            "courses.Booking",
            fields=[
                primary_key(),
                (
                    "state",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("requested", "Requested"),
                            ("offered", "Place offered"),
                            ("booked", "Booked"),
                            ("waiting", "On the waiting list"),
                            ("cancelled", "Cancelled"),
                            ("declined", "Not agreed"),
                            ("lapsed", "Offer lapsed"),
                        ],
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        verbose_name="place in the order",
                        help_text="Order of asking, given under the session's lock.",
                    ),
                ),
                ("offer_ends_at", models.DateTimeField(blank=True, null=True)),
                ("calendar_sequence", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("state_changed_at", models.DateTimeField(verbose_name="changed at", db_default=PortalNow())),
                ("state_reason", models.CharField(verbose_name="reason", max_length=300, blank=True)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="bookings", on_delete=models.PROTECT),
                ),
                (
                    "state_changed_by",
                    models.ForeignKey(
                        "staff.person",
                        verbose_name="changed by",
                        blank=True,
                        null=True,
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey("courses.session", related_name="bookings", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["session_id", "position"],
                "indexes": [
                    models.Index(
                        name="booking_waiting_list",
                        fields=["session", "position"],
                        condition=Q(state="waiting"),
                    ),
                    models.Index(name="booking_of_person", fields=["person", "state"]),
                    models.Index(
                        name="booking_offers_to_end", fields=["offer_ends_at"], condition=Q(state="offered")
                    ),
                    models.Index(
                        name="booking_requests_to_end", fields=["session"], condition=Q(state="requested")
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="booking_state_known",
                        condition=Q(
                            state__in=[
                                "requested",
                                "offered",
                                "booked",
                                "waiting",
                                "cancelled",
                                "declined",
                                "lapsed",
                            ]
                        ),
                    ),
                    models.UniqueConstraint(
                        name="booking_one_live_per_person_and_session",
                        fields=["session", "person"],
                        condition=Q(state__in=("requested", "offered", "booked", "waiting")),
                    ),
                    models.UniqueConstraint(name="booking_position_once", fields=["session", "position"]),
                    models.CheckConstraint(
                        name="booking_offer_has_deadline",
                        condition=~Q(state="offered") | Q(offer_ends_at__isnull=False),
                    ),
                ],
            },
        ),
        *tracked_table(
            "courses.BookingDecision",
            fields=[
                primary_key(),
                ("is_agreed", models.BooleanField()),
                ("reason", models.CharField(max_length=300, blank=True)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        "staff.person", related_name="booking_decisions", on_delete=models.PROTECT
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey("courses.booking", related_name="decisions", on_delete=models.PROTECT),
                ),
                ("requester", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
            ],
            options={
                "ordering": ["made_at"],
                "constraints": [
                    models.CheckConstraint(
                        name="booking_decision_not_on_own", condition=~Q(actor=F("requester"))
                    ),
                    models.CheckConstraint(
                        name="booking_decline_has_reason", condition=Q(is_agreed=True) | ~Q(reason="")
                    ),
                ],
            },
        ),
        *tracked_table(
            "courses.Attendance",
            fields=[
                primary_key(),
                (
                    "mark",
                    models.CharField(
                        max_length=8,
                        default="unmarked",
                        choices=[
                            ("present", "Attended"),
                            ("part", "Attended in part"),
                            ("absent", "Absent"),
                            ("unmarked", "Not marked"),
                        ],
                    ),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, help_text="Minutes attended, where in part."
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("marked_at", models.DateTimeField(db_default=PortalNow())),
                (
                    "marked_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        "courses.booking", related_name="attendances", on_delete=models.PROTECT
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        "courses.sessionpart", related_name="attendances", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(name="attendance_once_a_part", fields=["booking", "part"]),
                    models.CheckConstraint(
                        name="attendance_mark_known",
                        condition=Q(mark__in=["present", "part", "absent", "unmarked"]),
                    ),
                    models.CheckConstraint(
                        name="attendance_part_has_minutes",
                        condition=~Q(mark="part") | Q(minutes__isnull=False),
                    ),
                ]
            },
        ),
        CreateTable(
            name="CalendarFeed",
            fields=[
                primary_key(),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", related_name="calendar_feed", on_delete=models.CASCADE
                    ),
                ),
            ],
        ),
    ]
