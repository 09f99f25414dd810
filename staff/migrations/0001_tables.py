"""The people of the trust: schools, contracts, duties, sign-in, messages and jobs."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CITextExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models
from django.db.models import F, Q, Value

import staff.clock
from staff.clock import PortalNow
from staff.migration_operations import CreateTable, primary_key, run_sql_file, tracked_table
from staff.models.people import DateSpan


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        # What the tables need of the database; the check before says what to do where it has none of it.
        BtreeGistExtension(),
        CITextExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        run_sql_file(__file__, "clock.sql"),
        # Schools
        CreateTable(
            name="School",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        max_length=10,
                        default="school",
                        choices=[
                            ("school", "School"),
                            ("central", "Central team"),
                            ("partner", "Partner trust"),
                        ],
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        max_length=10,
                        blank=True,
                        choices=[("primary", "Primary"), ("secondary", "Secondary"), ("", "Not a school")],
                    ),
                ),
                ("town", models.CharField(max_length=60, blank=True)),
                ("local_authority", models.CharField(max_length=80, blank=True)),
                (
                    "urn",
                    models.CharField(
                        verbose_name="URN",
                        max_length=6,
                        blank=True,
                        help_text="Six digits from Get Information about Schools.",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        name="school_kind_known", condition=Q(kind__in=["school", "central", "partner"])
                    )
                ],
            },
        ),
        CreateTable(
            name="Hub",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.CharField(max_length=300, blank=True)),
                ("contact_email", models.EmailField(max_length=254, blank=True)),
            ],
            options={"ordering": ["name"]},
        ),
        CreateTable(
            name="Department",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
            options={"ordering": ["name"]},
        ),
        CreateTable(
            name="JobRole",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("job_family", models.CharField(max_length=60)),
                (
                    "staff_group",
                    models.CharField(
                        max_length=12,
                        choices=[
                            ("teacher", "Teachers"),
                            ("leadership", "Leadership"),
                            ("support", "Support staff"),
                            ("casual", "Casual"),
                        ],
                    ),
                ),
                (
                    "department",
                    models.ForeignKey("staff.department", related_name="job_roles", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["title"],
                "constraints": [
                    models.CheckConstraint(
                        name="job_role_staff_group_known",
                        condition=Q(staff_group__in=["teacher", "leadership", "support", "casual"]),
                    )
                ],
            },
        ),
        # People
        *tracked_table(
            "staff.Person",
            fields=[
                primary_key(),
                ("payroll_number", models.CharField(max_length=20, unique=True, blank=True, null=True)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("work_email", models.EmailField(max_length=254, blank=True)),
                (
                    "trn",
                    models.CharField(
                        verbose_name="TRN",
                        max_length=7,
                        blank=True,
                        help_text="Teacher reference number, seven digits.",
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True, editable=False)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "partner",
                    models.ForeignKey(
                        "staff.school",
                        blank=True,
                        null=True,
                        help_text="The partner trust, for a delegate without a contract.",
                        limit_choices_to={"kind": "partner"},
                        related_name="delegates",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["last_name", "first_name", "pk"],
                "indexes": [
                    GinIndex(
                        name="person_name_trigram",
                        fields=["first_name", "last_name"],
                        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="person_trn_seven_digits", condition=Q(trn="") | Q(trn__regex="^[0-9]{7}$")
                    ),
                    models.CheckConstraint(
                        name="person_payroll_number_not_blank",
                        condition=Q(payroll_number__isnull=True) | ~Q(payroll_number=""),
                    ),
                    models.UniqueConstraint(
                        name="person_without_number_once",
                        violation_error_message="Somebody of this name, without a number, is there already.",
                        fields=["first_name", "last_name", "work_email", "partner"],
                        condition=Q(erased_at__isnull=True, payroll_number__isnull=True),
                        nulls_distinct=False,
                    ),
                ],
            },
            untracked=["first_name", "last_name", "work_email", "trn"],
        ),
        *tracked_table(
            "staff.Contract",
            fields=[
                primary_key(),
                ("contract_id", models.CharField(verbose_name="contract number", max_length=40, unique=True)),
                ("fte_numerator", models.PositiveIntegerField(default=1)),
                ("fte_denominator", models.PositiveIntegerField(default=1)),
                ("week_days_numerator", models.PositiveIntegerField(default=5)),
                ("week_days_denominator", models.PositiveIntegerField(default=1)),
                (
                    "weeks_per_year",
                    models.DecimalField(blank=True, null=True, max_digits=5, decimal_places=3),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("is_main", models.BooleanField(verbose_name="main contract", default=False)),
                (
                    "department",
                    models.ForeignKey("staff.department", related_name="contracts", on_delete=models.PROTECT),
                ),
                (
                    "job_role",
                    models.ForeignKey("staff.jobrole", related_name="contracts", on_delete=models.PROTECT),
                ),
                (
                    "line_manager",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        related_name="reports_contracts",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="contracts", on_delete=models.PROTECT),
                ),
                (
                    "school",
                    models.ForeignKey("staff.school", related_name="contracts", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["person_id", "starts_on", "contract_id"],
                "indexes": [models.Index(name="contract_by_school", fields=["school", "starts_on"])],
                "constraints": [
                    models.CheckConstraint(
                        name="contract_fte_between_0_and_1",
                        condition=Q(
                            fte_denominator__lte=10000,
                            fte_numerator__gt=0,
                            fte_numerator__lte=F("fte_denominator"),
                        ),
                    ),
                    models.CheckConstraint(
                        name="contract_week_days_between_0_and_7",
                        condition=Q(
                            week_days_denominator__gt=0,
                            week_days_denominator__lte=10000,
                            week_days_numerator__gt=0,
                            week_days_numerator__lte=F("week_days_denominator") * Value(7),
                        ),
                    ),
                    models.CheckConstraint(
                        name="contract_ends_after_start",
                        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                    ),
                    models.CheckConstraint(
                        name="contract_not_own_manager",
                        condition=Q(line_manager__isnull=True) | ~Q(line_manager=F("person")),
                    ),
                    ExclusionConstraint(
                        name="contract_one_main_at_a_time",
                        expressions=[("person", "="), (DateSpan("starts_on", "ends_on", Value("[]")), "&&")],
                        condition=Q(is_main=True),
                        deferrable=models.Deferrable.DEFERRED,
                    ),
                ],
            },
        ),
        *tracked_table(
            "staff.Absence",
            fields=[
                primary_key(),
                (
                    "absence_class",
                    models.CharField(
                        max_length=12,
                        choices=[
                            ("family", "Family leave"),
                            ("sickness", "Sickness"),
                            ("unpaid", "Unpaid leave"),
                            ("secondment", "Secondment out"),
                        ],
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="absences", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["person_id", "starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        name="absence_class_known",
                        condition=Q(absence_class__in=["family", "sickness", "unpaid", "secondment"]),
                    ),
                    models.CheckConstraint(
                        name="absence_ends_after_start",
                        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                    ),
                    models.UniqueConstraint(
                        name="absence_once", fields=["person", "absence_class", "starts_on"]
                    ),
                ],
            },
        ),
        # Messages
        CreateTable(
            name="Message",
            fields=[
                primary_key(),
                (
                    "kind",
                    models.CharField(max_length=40, help_text="What it is about, such as booking_confirmed."),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body_text", models.TextField(verbose_name="as text")),
                ("body_html", models.TextField(blank=True)),
                (
                    "calendar",
                    models.TextField(
                        verbose_name="calendar entry",
                        blank=True,
                        help_text="An iCalendar file that travels with the mail.",
                    ),
                ),
                ("calendar_method", models.CharField(max_length=10, blank=True)),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("not_before", models.DateTimeField(db_default=PortalNow())),
                ("not_after", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        max_length=8,
                        default="due",
                        choices=[
                            ("due", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("shown", "Shown here only"),
                            ("dropped", "Dropped"),
                            ("failed", "Failed"),
                        ],
                    ),
                ),
                (
                    "is_uncertain",
                    models.BooleanField(
                        verbose_name="may have arrived twice",
                        default=False,
                        help_text="A repeat after a crash: it may have arrived twice.",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(max_length=300, blank=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow())),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="messages", on_delete=models.CASCADE),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        name="message_to_send",
                        fields=["not_before", "id"],
                        condition=Q(state__in=["due", "sending"]),
                    ),
                    models.Index(name="message_of_person", fields=["person", "-created_at"]),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="message_state_known",
                        condition=Q(state__in=["due", "sending", "sent", "shown", "dropped", "failed"]),
                    ),
                    models.CheckConstraint(
                        name="message_sending_is_leased",
                        condition=~Q(state="sending") | Q(leased_until__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="message_not_after_later",
                        condition=Q(not_after__isnull=True) | Q(not_after__gte=F("not_before")),
                    ),
                ],
            },
        ),
        CreateTable(
            name="Reminder",
            fields=[
                primary_key(),
                ("kind", models.CharField(max_length=40)),
                (
                    "subject_key",
                    models.CharField(max_length=80, help_text="What it is about, such as part:412."),
                ),
                ("reminded_on", models.DateField()),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="reminders", on_delete=models.CASCADE),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(name="reminder_once", fields=["person", "kind", "subject_key"])
                ]
            },
        ),
        CreateTable(
            name="MessagePreference",
            fields=[
                primary_key(),
                (
                    "wants_session_reminders",
                    models.BooleanField(
                        verbose_name="Reminders a week and a day before a session", default=True
                    ),
                ),
                (
                    "wants_shortfall_nudges",
                    models.BooleanField(verbose_name="A note each term on my five days", default=True),
                ),
                (
                    "wants_decision_reminders",
                    models.BooleanField(verbose_name="Reminders of decisions that wait for me", default=True),
                ),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", related_name="message_preference", on_delete=models.CASCADE
                    ),
                ),
                (
                    "wants_induction_reminders",
                    models.BooleanField(
                        verbose_name="What is due in an induction: mine, or of somebody I help to start",
                        default=True,
                    ),
                ),
                (
                    "wants_needs_reminders",
                    models.BooleanField(
                        verbose_name="A week before learning needs close: what I or my team have not rated",
                        default=True,
                    ),
                ),
                (
                    "wants_growth_reminders",
                    models.BooleanField(
                        verbose_name="What comes next in coaching and in the early years of teaching",
                        default=True,
                    ),
                ),
            ],
        ),
        CreateTable(
            name="JobRun",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField(db_default=PortalNow())),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("is_successful", models.BooleanField(verbose_name="went well", null=True)),
                ("detail", models.CharField(max_length=300, blank=True)),
            ],
            options={
                "ordering": ["-started_at"],
                "indexes": [models.Index(name="job_run_latest", fields=["name", "-finished_at"])],
            },
        ),
        # Responsibilities
        *tracked_table(
            "staff.Responsibility",
            fields=[
                primary_key(),
                (
                    "kind",
                    models.CharField(
                        max_length=20,
                        choices=[
                            ("headteacher", "Headteacher"),
                            ("budget_holder", "Budget holder"),
                            ("cpd_lead", "CPD lead"),
                            ("school_improvement", "School improvement"),
                            ("people_team", "People team"),
                            ("finance", "Finance"),
                            ("hub_lead", "Hub lead"),
                            ("trainer", "Trainer"),
                        ],
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "hub",
                    models.ForeignKey(
                        "staff.hub",
                        blank=True,
                        null=True,
                        related_name="responsibilities",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="responsibilities", on_delete=models.PROTECT
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        "staff.school",
                        blank=True,
                        null=True,
                        related_name="responsibilities",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "responsibilities",
                "ordering": ["kind", "person_id"],
                "constraints": [
                    models.CheckConstraint(
                        name="responsibility_for_school_or_hub_or_trust",
                        condition=Q(school__isnull=True) | Q(hub__isnull=True),
                    ),
                    models.CheckConstraint(
                        name="responsibility_headteacher_of_a_school",
                        condition=~Q(kind__in=("headteacher", "budget_holder")) | Q(school__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="responsibility_hub_lead_of_a_hub",
                        condition=~Q(kind="hub_lead") | Q(hub__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="responsibility_people_team_of_the_trust",
                        condition=~Q(kind="people_team") | Q(hub__isnull=True, school__isnull=True),
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
                ],
            },
        ),
        *tracked_table(
            "staff.Delegation",
            fields=[
                primary_key(),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(max_length=200, blank=True)),
                ("created_at", models.DateTimeField(default=staff.clock.now, editable=False)),
                (
                    "from_person",
                    models.ForeignKey(
                        "staff.person", related_name="delegations_given", on_delete=models.PROTECT
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        "staff.person", related_name="delegations_received", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        name="delegation_not_to_oneself", condition=~Q(from_person=F("to_person"))
                    ),
                    models.CheckConstraint(
                        name="delegation_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
                    ),
                    models.UniqueConstraint(
                        name="delegation_once", fields=["from_person", "to_person", "starts_on", "ends_on"]
                    ),
                ],
            },
        ),
        # Sign in
        CreateTable(
            name="User",
            fields=[
                primary_key(),
                ("password", models.CharField(verbose_name="password", max_length=128)),
                ("last_login", models.DateTimeField(verbose_name="last login", blank=True, null=True)),
                (
                    "is_superuser",
                    models.BooleanField(
                        verbose_name="superuser status",
                        default=False,
                        help_text=(
                            "Designates that this user has all permissions without explicitly assigning them."
                        ),
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, blank=True, null=True)),
                ("staff_number", models.CharField(max_length=20, unique=True, blank=True, null=True)),
                ("is_active", models.BooleanField(verbose_name="may sign in", default=True)),
                ("must_change_password", models.BooleanField(default=False, editable=False)),
                (
                    "colour_mode",
                    models.CharField(
                        max_length=5,
                        blank=True,
                        default="",
                        choices=[("", "As my device"), ("light", "Light"), ("dark", "Dark")],
                    ),
                ),
                ("date_joined", models.DateTimeField(default=staff.clock.now, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        "auth.group",
                        verbose_name="groups",
                        blank=True,
                        help_text=(
                            "The groups this user belongs to. A user will get all permissions granted to each "
                            "of their groups."
                        ),
                        related_name="user_set",
                        related_query_name="user",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        "auth.permission",
                        verbose_name="user permissions",
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", blank=True, null=True, related_name="user", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in",
                "verbose_name_plural": "sign-ins",
                "constraints": [
                    models.CheckConstraint(
                        name="user_has_email_or_staff_number",
                        condition=Q(email__isnull=False) | Q(staff_number__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="user_identifiers_not_blank",
                        condition=(Q(email__isnull=True) | ~Q(email=""))
                        & (Q(staff_number__isnull=True) | ~Q(staff_number="")),
                    ),
                ],
            },
        ),
        CreateTable(
            name="OneTimeCode",
            fields=[
                primary_key(),
                ("code_hash", models.CharField(max_length=128, unique=True)),
                ("created_at", models.DateTimeField(default=staff.clock.now, editable=False)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        null=True,
                        related_name="codes_handed_out",
                        on_delete=models.SET_NULL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, related_name="one_time_codes", on_delete=models.CASCADE
                    ),
                ),
            ],
            options={"ordering": ["-created_at"]},
        ),
        CreateTable(
            name="SsoIdentity",
            fields=[
                primary_key(),
                ("issuer", models.CharField(max_length=200)),
                ("tenant", models.CharField(max_length=100, blank=True)),
                ("subject", models.CharField(max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, related_name="sso_identities", on_delete=models.CASCADE
                    ),
                ),
                ("asked_at", models.DateTimeField(default=staff.clock.now, editable=False)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, editable=False)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        blank=True,
                        null=True,
                        editable=False,
                        related_name="+",
                        on_delete=models.SET_NULL,
                    ),
                ),
            ],
            options={
                "verbose_name": "linked account",
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(name="sso_identity_once", fields=["issuer", "tenant", "subject"]),
                    models.UniqueConstraint(
                        name="sso_identity_one_confirmed_each",
                        fields=["user", "issuer", "tenant"],
                        condition=Q(confirmed_at__isnull=False),
                    ),
                ],
            },
        ),
    ]
