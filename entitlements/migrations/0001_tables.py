"""What staff are owed and have had: years, kinds of CPD, the ledger, statements and claims."""

from django.db import migrations, models
from django.db.models import F, Q

import entitlements.models.claims
from staff.clock import PortalNow
from staff.migration_operations import CreateTable, primary_key, tracked_table


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_tables")]

    operations = [
        # Years
        CreateTable(
            name="AcademicYear",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=7, unique=True, help_text="As in 2026/27.")),
                ("starts_on", models.DateField(unique=True)),
                ("ends_on", models.DateField(unique=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, editable=False)),
            ],
            options={
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        name="academic_year_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
                    )
                ],
            },
        ),
        CreateTable(
            name="EntitlementPolicy",
            fields=[
                primary_key(),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "days_owed",
                    models.PositiveSmallIntegerField(
                        verbose_name="CPD days owed",
                        default=5,
                        help_text="Days a year of somebody full-time, in their own working days.",
                    ),
                ),
                (
                    "teacher_day_minutes",
                    models.PositiveSmallIntegerField(
                        verbose_name="a teacher’s day",
                        default=390,
                        help_text="Minutes of a full-time day: 390 are 6 hours 30.",
                    ),
                ),
                (
                    "leadership_day_minutes",
                    models.PositiveSmallIntegerField(
                        verbose_name="a leader’s day",
                        default=390,
                        help_text="Minutes of a full-time day: 390 are 6 hours 30.",
                    ),
                ),
                (
                    "support_day_minutes",
                    models.PositiveSmallIntegerField(
                        verbose_name="a day of support staff",
                        default=444,
                        help_text="Minutes of a full-time day: 444 are 7 hours 24.",
                    ),
                ),
                (
                    "pro_rata_part_time",
                    models.BooleanField(
                        verbose_name="less for part-time",
                        default=True,
                        help_text=(
                            "Part-time staff are owed their share of the days. Off: everybody is owed "
                            "all of them."
                        ),
                    ),
                ),
                (
                    "sickness_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="sickness that lowers what is expected",
                        default=28,
                        help_text="Days in a row from which it does; shorter changes nothing.",
                    ),
                ),
                (
                    "compliance_cap_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="required training counts up to",
                        blank=True,
                        null=True,
                        default=20,
                        help_text=(
                            "Per cent of the year’s entitlement. Statutory and mandatory refreshers. "
                            "Empty means no cap."
                        ),
                    ),
                ),
                (
                    "giving_cap_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="what is given to others counts up to",
                        blank=True,
                        null=True,
                        default=20,
                        help_text=(
                            "Per cent of the year’s entitlement. Coaching, mentoring and training "
                            "given. Empty means no cap."
                        ),
                    ),
                ),
                (
                    "nominal_cap_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="memberships and awards count up to",
                        blank=True,
                        null=True,
                        default=20,
                        help_text=(
                            "Per cent of the year’s entitlement. Memberships, chartered status, "
                            "accreditation. Empty means no cap."
                        ),
                    ),
                ),
                (
                    "on_track_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="on track from",
                        default=80,
                        help_text="Per cent of what is expected by the day; below is behind.",
                    ),
                ),
                (
                    "own_time_alert_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="own time to look at",
                        default=40,
                        help_text="Per cent of what counts. The people team is told of whoever has more.",
                    ),
                ),
                (
                    "daily_minutes_limit",
                    models.PositiveSmallIntegerField(
                        verbose_name="most on one date",
                        default=600,
                        help_text="Minutes. A claim beyond is refused, a register is flagged.",
                    ),
                ),
                (
                    "claim_escalation_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="claims are escalated after",
                        default=28,
                        help_text="Days of waiting; then everybody nearer than the people team is told.",
                    ),
                ),
                (
                    "year",
                    models.OneToOneField(
                        "entitlements.academicyear", related_name="policy", on_delete=models.PROTECT
                    ),
                ),
                (
                    "evidence_from_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="claims need evidence from",
                        default=1,
                        help_text="Days of the person’s own; shorter claims need none.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entitlement policies",
                "constraints": [
                    models.CheckConstraint(
                        name="policy_percentages_up_to_100",
                        condition=Q(on_track_percent__lte=100)
                        & Q(own_time_alert_percent__lte=100)
                        & (Q(compliance_cap_percent__isnull=True) | Q(compliance_cap_percent__lte=100))
                        & (Q(giving_cap_percent__isnull=True) | Q(giving_cap_percent__lte=100))
                        & (Q(nominal_cap_percent__isnull=True) | Q(nominal_cap_percent__lte=100)),
                    )
                ],
            },
        ),
        CreateTable(
            name="ActivityKind",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=30, unique=True)),
                ("title", models.CharField(max_length=100)),
                (
                    "unit",
                    models.CharField(
                        max_length=12,
                        default="MINUTES",
                        choices=[
                            ("MINUTES", "Minutes"),
                            ("DAY", "Days"),
                            ("HALF_DAY", "Half days"),
                            ("NOMINAL_0_25", "A quarter day each"),
                            ("NOMINAL_0_50", "Half a day each"),
                            ("NOMINAL_1_00", "A day each"),
                        ],
                    ),
                ),
                (
                    "counts_as",
                    models.CharField(
                        max_length=20,
                        default="full",
                        choices=[
                            ("full", "In full"),
                            ("capped_compliance", "Required training, capped"),
                            ("capped_giving", "Given to others, capped"),
                            ("capped_nominal", "Membership and awards, capped"),
                        ],
                    ),
                ),
                (
                    "needs_evidence",
                    models.CharField(
                        verbose_name="evidence",
                        max_length=60,
                        blank=True,
                        help_text="What shows that it happened.",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        max_length=8,
                        default="received",
                        choices=[("received", "Received"), ("given", "Given")],
                    ),
                ),
                (
                    "may_be_claimed",
                    models.BooleanField(default=True, help_text="Staff may claim it themselves."),
                ),
            ],
            options={
                "verbose_name": "kind of CPD",
                "verbose_name_plural": "kinds of CPD",
                "ordering": ["title"],
            },
        ),
        # Claims
        *tracked_table(
            "entitlements.Claim",
            fields=[
                primary_key(),
                ("occurred_on", models.DateField(verbose_name="date")),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("amount", models.DecimalField(blank=True, null=True, max_digits=6, decimal_places=2)),
                ("title", models.CharField(max_length=200)),
                ("body", models.CharField(verbose_name="professional body", max_length=120, blank=True)),
                ("learned", models.TextField(verbose_name="what I took from it", max_length=4000)),
                ("is_own_time", models.BooleanField(verbose_name="own time", default=False)),
                (
                    "evidence",
                    models.FileField(blank=True, upload_to=entitlements.models.claims.evidence_path),
                ),
                ("evidence_name", models.CharField(max_length=150, blank=True)),
                ("evidence_type", models.CharField(max_length=60, blank=True)),
                (
                    "state",
                    models.CharField(
                        max_length=12,
                        default="waiting",
                        choices=[
                            ("waiting", "Waiting for a decision"),
                            ("questioned", "Question for you"),
                            ("verified", "Verified"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "waiting_since_at",
                    models.DateTimeField(
                        verbose_name="waiting since", db_default=PortalNow(), editable=False
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        "entitlements.activitykind", related_name="claims", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="claims", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["-occurred_on", "-pk"],
                "indexes": [
                    models.Index(
                        name="claim_waiting", fields=["waiting_since_at"], condition=Q(state="waiting")
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="claim_state_known",
                        condition=Q(state__in=["waiting", "questioned", "verified", "declined", "withdrawn"]),
                    ),
                    models.CheckConstraint(
                        name="claim_has_minutes_or_amount",
                        condition=Q(amount__isnull=True, minutes__gt=0)
                        | Q(amount__gt=0, minutes__isnull=True),
                    ),
                ],
            },
            untracked=["learned", "evidence_name"],
        ),
        *tracked_table(
            "entitlements.ClaimDecision",
            fields=[
                primary_key(),
                (
                    "decision",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("sent", "Sent"),
                            ("asked", "Asked a question"),
                            ("answered", "Answered"),
                            ("verified", "Verified"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("words", models.TextField(max_length=2000, blank=True)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        "staff.person", null=True, related_name="claim_decisions", on_delete=models.PROTECT
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        "entitlements.claim", related_name="decisions", on_delete=models.PROTECT
                    ),
                ),
                ("claimant", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        name="claim_decision_not_on_own",
                        condition=Q(actor=F("claimant"), decision__in=["sent", "answered", "withdrawn"])
                        | (Q(decision__in=["asked", "verified", "declined"]) & ~Q(actor=F("claimant"))),
                    ),
                    models.CheckConstraint(
                        name="claim_decision_by_somebody_unless_declined",
                        condition=Q(actor__isnull=False) | Q(decision="declined"),
                    ),
                    models.CheckConstraint(
                        name="claim_decline_and_question_have_words",
                        condition=~Q(decision__in=["asked", "declined"]) | ~Q(words=""),
                    ),
                ],
            },
            untracked=["words"],
        ),
        # Ledger
        CreateTable(
            name="LedgerEntry",
            fields=[
                primary_key(),
                ("minutes", models.IntegerField()),
                ("occurred_on", models.DateField(verbose_name="date")),
                ("title", models.CharField(max_length=200)),
                (
                    "source_key",
                    models.CharField(verbose_name="key at its source", max_length=120, unique=True),
                ),
                (
                    "external_id",
                    models.CharField(verbose_name="number in the other system", max_length=80, blank=True),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        null=True,
                        help_text="In the kind's unit, before any fraction.",
                        max_digits=9,
                        decimal_places=4,
                    ),
                ),
                (
                    "cpd_fraction",
                    models.DecimalField(
                        verbose_name="share that is CPD", default=1, max_digits=25, decimal_places=24
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        verbose_name="professional body",
                        max_length=120,
                        blank=True,
                        help_text="The professional body of a nominal credit.",
                    ),
                ),
                ("is_own_time", models.BooleanField(verbose_name="own time", default=False)),
                (
                    "is_flagged",
                    models.BooleanField(
                        verbose_name="to check",
                        default=False,
                        help_text=(
                            "Over the plausible minutes of a day, or at the time of something else (R15)."
                        ),
                    ),
                ),
                ("reason", models.CharField(max_length=300, blank=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "contract",
                    models.ForeignKey(
                        "staff.contract",
                        blank=True,
                        null=True,
                        related_name="ledger_entries",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        "entitlements.activitykind", related_name="ledger_entries", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="ledger_entries", on_delete=models.PROTECT
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        "entitlements.ledgerentry",
                        blank=True,
                        null=True,
                        related_name="reversed_by",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        "entitlements.academicyear", related_name="ledger_entries", on_delete=models.PROTECT
                    ),
                ),
                (
                    "is_contract_given",
                    models.BooleanField(
                        default=False,
                        help_text="The contract was named; else it is the main one on the date.",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        "entitlements.ledgerentry",
                        blank=True,
                        null=True,
                        help_text=(
                            "The first entry, where a corrected contract made it worth other minutes (R12)."
                        ),
                        related_name="replaced_by",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "ordering": ["-occurred_on", "-pk"],
                "indexes": [
                    models.Index(
                        name="ledger_for_statements",
                        fields=["year", "person", "occurred_on"],
                        include=("minutes", "kind", "is_own_time"),
                    ),
                    models.Index(
                        name="ledger_by_external_id", fields=["external_id"], condition=~Q(external_id="")
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="ledger_credit_positive_reversal_negative",
                        condition=Q(minutes__gte=0, reverses__isnull=True)
                        | Q(minutes__lte=0, reverses__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="ledger_reversal_has_reason", condition=Q(reverses__isnull=True) | ~Q(reason="")
                    ),
                    models.CheckConstraint(
                        name="ledger_cpd_fraction_between_0_and_1",
                        condition=Q(cpd_fraction__gt=0, cpd_fraction__lte=1),
                    ),
                ],
            },
        ),
        CreateTable(
            name="PlannedCredit",
            fields=[
                primary_key(),
                ("minutes", models.PositiveIntegerField()),
                ("occurred_on", models.DateField(verbose_name="date")),
                ("title", models.CharField(max_length=200)),
                (
                    "source_key",
                    models.CharField(verbose_name="key at its source", max_length=120, unique=True),
                ),
                (
                    "external_id",
                    models.CharField(verbose_name="number in the other system", max_length=80, blank=True),
                ),
                (
                    "status",
                    models.CharField(
                        max_length=8,
                        default="planned",
                        choices=[
                            ("planned", "Booked"),
                            ("attended", "Register open"),
                            ("claimed", "Claim waiting"),
                        ],
                    ),
                ),
                ("body", models.CharField(verbose_name="professional body", max_length=120, blank=True)),
                ("is_own_time", models.BooleanField(verbose_name="own time", default=False)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "kind",
                    models.ForeignKey(
                        "entitlements.activitykind", related_name="planned_credits", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="planned_credits", on_delete=models.CASCADE
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        "entitlements.academicyear", related_name="planned_credits", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["occurred_on", "pk"],
                "indexes": [
                    models.Index(
                        name="planned_for_statements", fields=["year", "person"], include=("minutes", "kind")
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="planned_credit_status_known",
                        condition=Q(status__in=["planned", "attended", "claimed"]),
                    )
                ],
            },
        ),
        CreateTable(
            name="CarryOver",
            fields=[
                primary_key(),
                ("minutes", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "approved_by",
                    models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT),
                ),
                (
                    "from_year",
                    models.ForeignKey(
                        "entitlements.academicyear", related_name="carried_out", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="carry_overs", on_delete=models.PROTECT),
                ),
            ],
            options={
                "verbose_name": "carry-over",
                "verbose_name_plural": "carry-overs",
                "constraints": [
                    models.UniqueConstraint(name="carry_over_once_a_year", fields=["person", "from_year"]),
                    models.CheckConstraint(name="carry_over_not_own", condition=~Q(person=F("approved_by"))),
                ],
            },
        ),
        # Statements
        CreateTable(
            name="Statement",
            fields=[
                primary_key(),
                ("entitlement_minutes", models.IntegerField(null=True)),
                ("expected_minutes", models.IntegerField(null=True)),
                ("expected_to_date_minutes", models.IntegerField(null=True)),
                ("recorded_minutes", models.IntegerField(null=True)),
                ("counted_minutes", models.IntegerField(null=True)),
                ("planned_minutes", models.IntegerField(null=True)),
                ("shortfall_minutes", models.IntegerField(null=True)),
                ("own_time_minutes", models.IntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("not_applicable", "On request"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("planned", "Planned"),
                            ("on_track", "On track"),
                            ("behind", "Behind"),
                        ],
                    ),
                ),
                (
                    "is_in_contract",
                    models.BooleanField(help_text="Whether a contract is in force on the date."),
                ),
                ("computed_on", models.DateField()),
                ("computed_at", models.DateTimeField(db_default=PortalNow())),
                (
                    "main_contract",
                    models.ForeignKey("staff.contract", related_name="+", on_delete=models.CASCADE),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="statements", on_delete=models.CASCADE),
                ),
                (
                    "year",
                    models.ForeignKey(
                        "entitlements.academicyear", related_name="statements", on_delete=models.CASCADE
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(name="statement_by_status", fields=["year", "status"])],
                "constraints": [
                    models.UniqueConstraint(name="statement_once", fields=["year", "person"]),
                    models.CheckConstraint(
                        name="statement_figures_unless_not_applicable",
                        condition=Q(expected_minutes__isnull=True, status="not_applicable")
                        | (~Q(status="not_applicable") & Q(expected_minutes__isnull=False)),
                    ),
                ],
            },
        ),
        CreateTable(
            name="ClosedStatement",
            fields=[
                primary_key(),
                ("entitlement_minutes", models.IntegerField(null=True)),
                ("expected_minutes", models.IntegerField(null=True)),
                ("expected_to_date_minutes", models.IntegerField(null=True)),
                ("recorded_minutes", models.IntegerField(null=True)),
                ("counted_minutes", models.IntegerField(null=True)),
                ("planned_minutes", models.IntegerField(null=True)),
                ("shortfall_minutes", models.IntegerField(null=True)),
                ("own_time_minutes", models.IntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("not_applicable", "On request"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("planned", "Planned"),
                            ("on_track", "On track"),
                            ("behind", "Behind"),
                        ],
                    ),
                ),
                ("policy_version", models.PositiveSmallIntegerField()),
                ("closed_at", models.DateTimeField(db_default=PortalNow())),
                (
                    "main_contract",
                    models.ForeignKey("staff.contract", related_name="+", on_delete=models.PROTECT),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="closed_statements", on_delete=models.PROTECT
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        "entitlements.academicyear",
                        related_name="closed_statements",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        "staff.school", related_name="+", on_delete=models.PROTECT, db_index=False
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        "staff.department", related_name="+", on_delete=models.PROTECT, db_index=False
                    ),
                ),
                (
                    "line_manager",
                    models.ForeignKey(
                        "staff.person", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
                    ),
                ),
                (
                    "school_phase",
                    models.CharField(
                        max_length=10,
                        blank=True,
                        db_default="",
                        choices=[("primary", "Primary"), ("secondary", "Secondary"), ("", "Not a school")],
                    ),
                ),
                ("role_title", models.CharField(max_length=120, db_default="")),
                ("job_family", models.CharField(max_length=60, db_default="")),
                (
                    "staff_group",
                    models.CharField(
                        max_length=12,
                        db_default="",
                        choices=[
                            ("teacher", "Teachers"),
                            ("leadership", "Leadership"),
                            ("support", "Support staff"),
                            ("casual", "Casual"),
                        ],
                    ),
                ),
                (
                    "is_in_contract",
                    models.BooleanField(
                        db_default=True, help_text="Whether a contract was in force on the last day."
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(name="closed_statement_once", fields=["year", "person"]),
                    models.CheckConstraint(
                        name="closed_statement_staff_group_known",
                        condition=Q(staff_group__in=["teacher", "leadership", "support", "casual"]),
                    ),
                ]
            },
        ),
    ]
