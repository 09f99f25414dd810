"""Where staff are going: routes, careers, goals, coaching, induction, learning needs and the plan."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q, Value

from staff.clock import PortalNow
from staff.migration_operations import CreateTable, primary_key, tracked_table


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_tables"), ("courses", "0001_tables"), ("entitlements", "0001_tables")]

    operations = [
        # Routes
        *tracked_table(
            "pathways.Route",
            fields=[
                primary_key(),
                (
                    "kind",
                    models.CharField(
                        max_length=16,
                        choices=[
                            ("apprenticeship", "Apprenticeship"),
                            ("masters", "Masters"),
                            ("npq", "NPQ"),
                            ("chartered", "Chartered status or accreditation"),
                            ("teacher_training", "Teacher training"),
                        ],
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, help_text="Such as ST0454 or NPQH.")),
                ("slug", models.SlugField(verbose_name="name in its address", max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.TextField(max_length=1000, blank=True)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("job_family", models.CharField(max_length=60, blank=True)),
                (
                    "typical_months",
                    models.PositiveSmallIntegerField(
                        verbose_name="usual length, months", blank=True, null=True
                    ),
                ),
                (
                    "assessment_months",
                    models.PositiveSmallIntegerField(verbose_name="assessment, months", default=0),
                ),
                (
                    "max_funding_pence",
                    models.PositiveIntegerField(verbose_name="most the levy pays", blank=True, null=True),
                ),
                (
                    "fee_pence",
                    models.PositiveIntegerField(
                        verbose_name="fee",
                        blank=True,
                        null=True,
                        help_text="What it costs where it is not funded.",
                    ),
                ),
                ("credits", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "funding_status",
                    models.CharField(
                        max_length=12,
                        default="funded",
                        choices=[
                            ("funded", "Funded"),
                            ("age_limited", "Funded for some ages"),
                            ("withdrawn", "Funding withdrawn"),
                            ("unconfirmed", "Funding to be confirmed"),
                            ("trust", "Paid by the trust"),
                            ("school_rule", "Funded in some schools"),
                        ],
                    ),
                ),
                (
                    "funding_words",
                    models.CharField(
                        max_length=300, blank=True, help_text="The rule in a sentence, shown to people."
                    ),
                ),
                (
                    "last_funded_start_on",
                    models.DateField(verbose_name="last funded start", blank=True, null=True),
                ),
                ("youngest_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("oldest_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "off_job_hours",
                    models.PositiveSmallIntegerField(
                        verbose_name="hours away from the job",
                        blank=True,
                        null=True,
                        help_text="The least hours of off-the-job training of this standard.",
                    ),
                ),
                (
                    "alternative_words",
                    models.CharField(
                        max_length=300,
                        blank=True,
                        help_text="Other ways that are not routes, such as the Leadership Academy.",
                    ),
                ),
                (
                    "is_open",
                    models.BooleanField(
                        verbose_name="open to requests", default=True, help_text="Shown and open to requests."
                    ),
                ),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                (
                    "alternatives",
                    models.ManyToManyField("pathways.route", blank=True, related_name="alternative_to"),
                ),
                (
                    "npq_rule",
                    models.CharField(
                        verbose_name="NPQ: paid for whom",
                        max_length=40,
                        blank=True,
                        db_default="",
                        choices=[
                            ("all_publicly_funded", "In every publicly funded school"),
                            (
                                "publicly_funded_early_years_and_schools",
                                "In publicly funded schools and early years settings",
                            ),
                            ("pp50_or_rise", "In the half with most pupil premium, or RISE schools"),
                            (
                                "pp50_or_rise_or_itt_lead_mentor",
                                "The same, and lead mentors in teacher training",
                            ),
                            ("first_5_years_of_headship_with_NPQH", "For heads in their first five years"),
                        ],
                        help_text=(
                            "The rule by which the Golden Thread says to somebody whether it is paid "
                            "for them."
                        ),
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "job_family", "level", "title"],
                "constraints": [
                    models.CheckConstraint(
                        name="route_kind_known",
                        condition=Q(
                            kind__in=["apprenticeship", "masters", "npq", "chartered", "teacher_training"]
                        ),
                    ),
                    models.CheckConstraint(
                        name="route_funding_known",
                        condition=Q(
                            funding_status__in=[
                                "funded",
                                "age_limited",
                                "withdrawn",
                                "unconfirmed",
                                "trust",
                                "school_rule",
                            ]
                        ),
                    ),
                    models.CheckConstraint(
                        name="route_withdrawn_has_last_start",
                        condition=~Q(funding_status="withdrawn") | Q(last_funded_start_on__isnull=False),
                    ),
                ],
            },
            untracked=["alternatives"],
        ),
        # Careers
        *tracked_table(
            "pathways.Pathway",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=80, unique=True)),
                ("slug", models.SlugField(verbose_name="name in its address", max_length=80, unique=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=120, blank=True)),
                ("summary", models.CharField(max_length=300, blank=True)),
            ],
            options={"ordering": ["name"]},
        ),
        *tracked_table(
            "pathways.Rung",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("typical_time", models.CharField(max_length=60, blank=True)),
                ("job_roles", models.ManyToManyField("staff.jobrole", related_name="rungs")),
                (
                    "pathway",
                    models.ForeignKey("pathways.pathway", related_name="rungs", on_delete=models.CASCADE),
                ),
                (
                    "experience",
                    models.TextField(
                        max_length=1000,
                        blank=True,
                        help_text="What somebody usually has done before this step.",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["pathway_id", "number"],
                "constraints": [
                    models.UniqueConstraint(name="rung_numbered_once", fields=["pathway", "number"])
                ],
            },
            untracked=["job_roles"],
        ),
        CreateTable(
            name="RungCpd",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "need",
                    models.CharField(
                        max_length=12, choices=[("required", "Needed"), ("recommended", "Helps")]
                    ),
                ),
                ("words", models.CharField(verbose_name="in words", max_length=120)),
                (
                    "statutory_code",
                    models.CharField(
                        verbose_name="statutory training",
                        max_length=12,
                        blank=True,
                        help_text="Such as SG-IND, where it is statutory training.",
                    ),
                ),
                ("courses", models.ManyToManyField("courses.course", blank=True, related_name="rung_cpd")),
                (
                    "other_route",
                    models.ForeignKey(
                        "pathways.route",
                        blank=True,
                        null=True,
                        help_text="Where it says “or”.",
                        related_name="+",
                        on_delete=models.SET_NULL,
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        "pathways.route",
                        blank=True,
                        null=True,
                        related_name="rung_cpd",
                        on_delete=models.SET_NULL,
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        "pathways.rung", verbose_name="step", related_name="cpd", on_delete=models.CASCADE
                    ),
                ),
                (
                    "courses_needed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text=(
                            "How many of the courses make it up: 1 where any of them does, 0 where "
                            "they only prepare."
                        ),
                    ),
                ),
            ],
            options={
                "verbose_name": "line of CPD",
                "verbose_name_plural": "CPD of the step",
                "ordering": ["rung_id", "-need", "number"],
                "constraints": [
                    models.UniqueConstraint(name="rung_cpd_once", fields=["rung", "words"]),
                    models.CheckConstraint(
                        name="rung_cpd_need_known", condition=Q(need__in=["required", "recommended"])
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.RungVoice",
            fields=[
                primary_key(),
                ("words", models.TextField(max_length=600)),
                ("written_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="rung_voices", on_delete=models.PROTECT),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        "pathways.rung", verbose_name="step", related_name="voices", on_delete=models.CASCADE
                    ),
                ),
            ],
            options={
                "verbose_name": "voice",
                "verbose_name_plural": "voices",
                "ordering": ["-written_at"],
                "constraints": [
                    models.UniqueConstraint(name="rung_voice_once", fields=["rung", "person"]),
                    models.CheckConstraint(
                        name="rung_voice_not_published_by_oneself",
                        condition=Q(published_by__isnull=True) | ~Q(published_by=F("person")),
                    ),
                ],
            },
            untracked=["words"],
        ),
        *tracked_table(
            "pathways.Goal",
            fields=[
                primary_key(),
                ("is_shared", models.BooleanField(verbose_name="share with my manager", default=False)),
                ("set_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True, editable=False)),
                ("is_reached", models.BooleanField(default=False)),
                ("person", models.ForeignKey("staff.person", related_name="goals", on_delete=models.PROTECT)),
                (
                    "rung",
                    models.ForeignKey(
                        "pathways.rung", verbose_name="step", related_name="goals", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["-set_at"],
                "constraints": [
                    models.UniqueConstraint(
                        name="goal_one_at_a_time", fields=["person"], condition=Q(ended_at__isnull=True)
                    )
                ],
            },
        ),
        *tracked_table(
            "pathways.HeldCpd",
            fields=[
                primary_key(),
                ("held_on", models.DateField()),
                ("words", models.CharField(max_length=200, blank=True)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="held_cpd", on_delete=models.PROTECT),
                ),
                ("cpd", models.ForeignKey("pathways.rungcpd", related_name="held", on_delete=models.CASCADE)),
            ],
            options={
                "verbose_name_plural": "held CPD",
                "ordering": ["-held_on"],
                "constraints": [models.UniqueConstraint(name="held_cpd_once", fields=["person", "cpd"])],
            },
            untracked=["words"],
        ),
        # Coaching
        *tracked_table(
            "pathways.CoachProfile",
            fields=[
                primary_key(),
                (
                    "training",
                    models.CharField(
                        max_length=14,
                        default="none",
                        choices=[
                            ("none", "No training yet"),
                            ("introduced", "Introduction to coaching"),
                            ("ilm3", "ILM level 3"),
                            ("ilm5", "ILM level 5"),
                            ("ilm7", "ILM level 7"),
                            ("instructional", "Instructional coach"),
                        ],
                    ),
                ),
                (
                    "approaches",
                    ArrayField(
                        blank=True,
                        default=list,
                        base_field=models.CharField(
                            max_length=14,
                            choices=[
                                ("instructional", "Instructional coaching"),
                                ("grow", "GROW"),
                                ("oskar", "Solution-focused (OSKAR)"),
                                ("executive", "Executive coaching"),
                                ("peer", "Peer coaching"),
                                ("mentoring", "Mentoring"),
                            ],
                        ),
                        size=None,
                    ),
                ),
                (
                    "topics",
                    ArrayField(
                        blank=True,
                        default=list,
                        base_field=models.CharField(
                            max_length=14,
                            choices=[
                                ("leading", "Leading a team"),
                                ("next_step", "My next step"),
                                ("workload", "Workload and priorities"),
                                ("confidence", "Confidence"),
                                ("conversations", "Difficult conversations"),
                                ("teaching", "Teaching practice"),
                                ("new_role", "A new role"),
                                ("change", "Leading change"),
                                ("return", "Coming back after leave"),
                            ],
                        ),
                        size=None,
                    ),
                ),
                (
                    "phases",
                    ArrayField(
                        blank=True,
                        default=list,
                        help_text="primary, secondary, central; empty: any.",
                        base_field=models.CharField(max_length=10),
                        size=None,
                    ),
                ),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="coachees at a time", default=2)),
                ("about", models.CharField(max_length=400, blank=True)),
                ("is_open", models.BooleanField(verbose_name="open to new coachees", default=True)),
                ("trained_on", models.DateField(blank=True, null=True)),
                ("supervised_on", models.DateField(verbose_name="last supervision", blank=True, null=True)),
                ("supervision_due_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", related_name="coach_profile", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={"verbose_name": "coach", "verbose_name_plural": "coaches", "ordering": ["person_id"]},
            untracked=["about"],
        ),
        *tracked_table(
            "pathways.CoachingAgreement",
            fields=[
                primary_key(),
                (
                    "topic",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("leading", "Leading a team"),
                            ("next_step", "My next step"),
                            ("workload", "Workload and priorities"),
                            ("confidence", "Confidence"),
                            ("conversations", "Difficult conversations"),
                            ("teaching", "Teaching practice"),
                            ("new_role", "A new role"),
                            ("change", "Leading change"),
                            ("return", "Coming back after leave"),
                        ],
                    ),
                ),
                (
                    "approach",
                    models.CharField(
                        max_length=14,
                        blank=True,
                        choices=[
                            ("instructional", "Instructional coaching"),
                            ("grow", "GROW"),
                            ("oskar", "Solution-focused (OSKAR)"),
                            ("executive", "Executive coaching"),
                            ("peer", "Peer coaching"),
                            ("mentoring", "Mentoring"),
                        ],
                    ),
                ),
                ("meetings_planned", models.PositiveSmallIntegerField(default=4)),
                (
                    "state",
                    models.CharField(
                        max_length=10,
                        default="asked",
                        choices=[
                            ("asked", "Asked"),
                            ("agreed", "Under way"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("completed", "Completed"),
                            ("ended", "Ended early"),
                        ],
                    ),
                ),
                ("asked_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("answered_at", models.DateTimeField(blank=True, null=True, editable=False)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "coach",
                    models.ForeignKey(
                        "staff.person", related_name="coaching_given", on_delete=models.PROTECT
                    ),
                ),
                (
                    "coachee",
                    models.ForeignKey(
                        "staff.person", related_name="coaching_received", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(name="coaching_waiting", fields=["asked_at"], condition=Q(state="asked"))
                ],
                "constraints": [
                    models.CheckConstraint(name="coaching_of_another", condition=~Q(coach=F("coachee"))),
                    models.CheckConstraint(
                        name="coaching_of_4_to_6_meetings",
                        condition=Q(meetings_planned__gte=4, meetings_planned__lte=6),
                    ),
                    models.CheckConstraint(
                        name="coaching_state_known",
                        condition=Q(
                            state__in=["asked", "agreed", "declined", "withdrawn", "completed", "ended"]
                        ),
                    ),
                    models.UniqueConstraint(
                        name="coaching_live_once",
                        fields=["coach", "coachee"],
                        condition=Q(state__in=["asked", "agreed"]),
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.CoachingMeeting",
            fields=[
                primary_key(),
                ("held_on", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("logged_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("removed_at", models.DateTimeField(blank=True, null=True, editable=False)),
                (
                    "agreement",
                    models.ForeignKey(
                        "pathways.coachingagreement", related_name="meetings", on_delete=models.PROTECT
                    ),
                ),
                ("logged_by", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
            ],
            options={
                "ordering": ["held_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        name="coaching_meeting_once_a_day",
                        fields=["agreement", "held_on"],
                        condition=Q(removed_at__isnull=True),
                    ),
                    models.CheckConstraint(
                        name="coaching_meeting_10_to_180_minutes",
                        condition=Q(minutes__gte=10, minutes__lte=180),
                    ),
                ],
            },
        ),
        # Early career
        *tracked_table(
            "pathways.AppropriateBody",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "is_training_provider",
                    models.BooleanField(
                        verbose_name="trains teachers too",
                        default=False,
                        help_text="It is also an accredited provider of initial teacher training.",
                    ),
                ),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                (
                    "lead_school",
                    models.ForeignKey(
                        "staff.school",
                        blank=True,
                        null=True,
                        related_name="appropriate_bodies",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={"verbose_name_plural": "appropriate bodies", "ordering": ["name"]},
        ),
        *tracked_table(
            "pathways.EarlyCareer",
            fields=[
                primary_key(),
                ("starts_on", models.DateField()),
                ("lead_provider", models.CharField(max_length=80, blank=True)),
                ("delivery_partner", models.CharField(max_length=80, blank=True)),
                (
                    "terms_needed",
                    models.PositiveSmallIntegerField(
                        default=6,
                        editable=False,
                        help_text="Six full time; ten at 0.6. Worked out from the contracts.",
                    ),
                ),
                ("completed_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "appropriate_body",
                    models.ForeignKey(
                        "pathways.appropriatebody", related_name="early_careers", on_delete=models.PROTECT
                    ),
                ),
                (
                    "induction_tutor",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="tutees", on_delete=models.PROTECT
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        related_name="mentees",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", related_name="early_career", on_delete=models.PROTECT
                    ),
                ),
                (
                    "school",
                    models.ForeignKey("staff.school", related_name="early_careers", on_delete=models.PROTECT),
                ),
                (
                    "trained_with",
                    models.ForeignKey(
                        "pathways.appropriatebody",
                        blank=True,
                        null=True,
                        help_text=(
                            "The accredited provider of their teacher training, where it is one of "
                            "these bodies."
                        ),
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(blank=True, null=True, editable=False, help_text="Worked out as well."),
                ),
                (
                    "extends_for_family",
                    models.BooleanField(
                        verbose_name="extend for family leave",
                        default=False,
                        help_text="The teacher's own choice.",
                    ),
                ),
                (
                    "terms_agreed",
                    models.PositiveSmallIntegerField(
                        verbose_name="terms agreed with the appropriate body",
                        blank=True,
                        null=True,
                        help_text="Where it has agreed to fewer. Empty: as worked out.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "early careers",
                "ordering": ["-starts_on"],
                "constraints": [
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
                        condition=Q(terms_needed__gt=0)
                        & (Q(terms_agreed__isnull=True) | Q(terms_agreed__gt=0)),
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.EarlyCareerReview",
            fields=[
                primary_key(),
                ("term", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        max_length=8,
                        choices=[("progress", "Progress review"), ("formal", "Formal assessment")],
                    ),
                ),
                ("due_on", models.DateField()),
                ("held_on", models.DateField(blank=True, null=True)),
                ("is_on_track", models.BooleanField(verbose_name="on track", blank=True, null=True)),
                ("words", models.CharField(max_length=300, blank=True)),
                (
                    "early_career",
                    models.ForeignKey(
                        "pathways.earlycareer", related_name="reviews", on_delete=models.CASCADE
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["early_career_id", "term"],
                "indexes": [
                    models.Index(
                        name="early_career_review_due", fields=["due_on"], condition=Q(held_on__isnull=True)
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(name="early_career_review_once", fields=["early_career", "term"]),
                    models.CheckConstraint(
                        name="early_career_review_held_says_how",
                        condition=Q(held_on__isnull=True)
                        | Q(is_on_track__isnull=False, recorded_by__isnull=False),
                    ),
                ],
            },
            untracked=["words"],
        ),
        # Golden thread
        *tracked_table(
            "pathways.CareerStage",
            fields=[
                primary_key(),
                (
                    "stage",
                    models.CharField(
                        max_length=16,
                        choices=[
                            ("before_training", "Before teacher training"),
                            ("trainee", "Trainee teacher"),
                            ("ect1", "Early career teacher, year 1"),
                            ("ect2", "Early career teacher, year 2"),
                            ("teacher", "Teacher"),
                            ("middle_leader", "Specialist or middle leader"),
                            ("senior_leader", "Senior leader"),
                            ("head", "Headteacher"),
                            ("executive", "Executive leader"),
                        ],
                    ),
                ),
                ("since_on", models.DateField(verbose_name="since", blank=True, null=True)),
                ("set_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "person",
                    models.OneToOneField(
                        "staff.person", related_name="career_stage", on_delete=models.PROTECT
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={"ordering": ["person_id"]},
        ),
        *tracked_table(
            "pathways.TrainingCapacity",
            fields=[
                primary_key(),
                ("mentors", models.PositiveSmallIntegerField(default=0)),
                ("placements", models.PositiveSmallIntegerField(default=0)),
                (
                    "school",
                    models.ForeignKey(
                        "staff.school", related_name="training_capacity", on_delete=models.CASCADE
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        "entitlements.academicyear",
                        related_name="training_capacity",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "training capacity",
                "ordering": ["school_id", "-year_id"],
                "constraints": [
                    models.UniqueConstraint(name="training_capacity_once", fields=["school", "year"])
                ],
            },
        ),
        *tracked_table(
            "pathways.SchoolFunding",
            fields=[
                primary_key(),
                (
                    "is_top_half",
                    models.BooleanField(
                        verbose_name="in the half with most pupil premium",
                        blank=True,
                        null=True,
                        help_text="Of all schools in England.",
                    ),
                ),
                ("is_rise", models.BooleanField(verbose_name="in the RISE programme", blank=True, null=True)),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                (
                    "school",
                    models.OneToOneField(
                        "staff.school", related_name="npq_funding", on_delete=models.CASCADE
                    ),
                ),
            ],
            options={"verbose_name_plural": "schools and NPQ funding", "ordering": ["school_id"]},
        ),
        # Induction
        *tracked_table(
            "pathways.InductionTemplate",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "staff_groups",
                    ArrayField(
                        blank=True, default=list, base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                (
                    "job_families",
                    ArrayField(
                        blank=True, default=list, base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                ("is_active", models.BooleanField(verbose_name="in use", default=True)),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                (
                    "job_roles",
                    models.ManyToManyField("staff.jobrole", blank=True, related_name="induction_templates"),
                ),
                (
                    "schools",
                    models.ManyToManyField("staff.school", blank=True, related_name="induction_templates"),
                ),
            ],
            options={"ordering": ["name"]},
            untracked=["job_roles", "schools"],
        ),
        *tracked_table(
            "pathways.InductionTemplateStep",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("words", models.CharField(max_length=300, blank=True)),
                (
                    "done_by",
                    models.CharField(
                        max_length=12,
                        default="person",
                        choices=[
                            ("person", "You"),
                            ("manager", "Line manager"),
                            ("buddy", "Buddy"),
                            ("people_team", "People team"),
                        ],
                    ),
                ),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="due after, days",
                        default=0,
                        help_text="Days after the start; 0 is day one.",
                    ),
                ),
                (
                    "statutory_code",
                    models.CharField(
                        verbose_name="statutory training",
                        max_length=12,
                        blank=True,
                        help_text="Such as SG-IND: ticked by a record of that training.",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        "courses.course",
                        blank=True,
                        null=True,
                        help_text="Ticked by attending it.",
                        related_name="+",
                        on_delete=models.SET_NULL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        "pathways.inductiontemplate", related_name="steps", on_delete=models.CASCADE
                    ),
                ),
            ],
            options={
                "ordering": ["template_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        name="induction_template_step_once", fields=["template", "number"]
                    ),
                    models.CheckConstraint(
                        name="induction_template_step_done_by_known",
                        condition=Q(done_by__in=["person", "manager", "buddy", "people_team"]),
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.Induction",
            fields=[
                primary_key(),
                ("starts_on", models.DateField()),
                ("completed_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "buddy",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        related_name="buddy_inductions",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "contract",
                    models.OneToOneField(
                        "staff.contract", related_name="induction", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="inductions", on_delete=models.PROTECT),
                ),
            ],
            options={
                "ordering": ["-starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        name="induction_buddy_is_another",
                        condition=Q(buddy__isnull=True) | ~Q(buddy=F("person")),
                    )
                ],
            },
        ),
        *tracked_table(
            "pathways.InductionStep",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("words", models.CharField(max_length=300, blank=True)),
                (
                    "done_by",
                    models.CharField(
                        max_length=12,
                        choices=[
                            ("person", "You"),
                            ("manager", "Line manager"),
                            ("buddy", "Buddy"),
                            ("people_team", "People team"),
                        ],
                    ),
                ),
                ("due_on", models.DateField()),
                ("statutory_code", models.CharField(max_length=12, blank=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                (
                    "is_from_record",
                    models.BooleanField(default=False, help_text="Ticked by what was on record."),
                ),
                ("note", models.CharField(max_length=300, blank=True)),
                (
                    "course",
                    models.ForeignKey(
                        "courses.course", blank=True, null=True, related_name="+", on_delete=models.SET_NULL
                    ),
                ),
                (
                    "induction",
                    models.ForeignKey("pathways.induction", related_name="steps", on_delete=models.PROTECT),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "template_step",
                    models.ForeignKey(
                        "pathways.inductiontemplatestep",
                        blank=True,
                        null=True,
                        related_name="+",
                        on_delete=models.SET_NULL,
                    ),
                ),
            ],
            options={
                "ordering": ["induction_id", "due_on", "number"],
                "indexes": [
                    models.Index(
                        name="induction_step_open", fields=["due_on"], condition=Q(done_on__isnull=True)
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(name="induction_step_once", fields=["induction", "title"]),
                    models.CheckConstraint(
                        name="induction_step_record_has_date",
                        condition=Q(is_from_record=False) | Q(done_on__isnull=False),
                    ),
                ],
            },
            untracked=["note"],
        ),
        # Needs
        *tracked_table(
            "pathways.NeedsLevel",
            fields=[
                primary_key(),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        unique=True, choices=[(0, "0"), (1, "1"), (2, "2"), (3, "3"), (4, "4")]
                    ),
                ),
                ("words", models.CharField(max_length=30)),
                ("about", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "level",
                "verbose_name_plural": "levels",
                "ordering": ["level"],
                "constraints": [models.CheckConstraint(name="needs_level_to_4", condition=Q(level__lte=4))],
            },
        ),
        *tracked_table(
            "pathways.Competency",
            fields=[
                primary_key(),
                ("code", models.CharField(max_length=10, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("domain", models.CharField(max_length=60)),
                ("applies_to", models.CharField(max_length=120, blank=True)),
                (
                    "is_safety",
                    models.BooleanField(
                        verbose_name="compliance or safety",
                        default=False,
                        help_text="Adds 2 to the priority.",
                    ),
                ),
                ("is_active", models.BooleanField(verbose_name="in use", default=True)),
                ("source", models.CharField(max_length=120, blank=True)),
                ("last_checked_on", models.DateField(blank=True, null=True)),
                (
                    "courses",
                    models.ManyToManyField("courses.course", blank=True, related_name="competencies"),
                ),
                ("routes", models.ManyToManyField("pathways.route", blank=True, related_name="competencies")),
            ],
            options={"verbose_name_plural": "competencies", "ordering": ["domain", "code"]},
            untracked=["courses", "routes"],
        ),
        *tracked_table(
            "pathways.RoleProfile",
            fields=[
                primary_key(),
                (
                    "required_level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "None yet"),
                            (1, "Aware"),
                            (2, "Working"),
                            (3, "Skilled"),
                            (4, "Leads others"),
                        ]
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                (
                    "competency",
                    models.ForeignKey(
                        "pathways.competency", related_name="profiles", on_delete=models.CASCADE
                    ),
                ),
                (
                    "job_role",
                    models.ForeignKey("staff.jobrole", related_name="profile", on_delete=models.CASCADE),
                ),
            ],
            options={
                "ordering": ["job_role_id", "competency_id"],
                "constraints": [
                    models.UniqueConstraint(name="role_profile_once", fields=["job_role", "competency"]),
                    models.CheckConstraint(
                        name="role_profile_level_to_4", condition=Q(required_level__lte=4)
                    ),
                    models.CheckConstraint(
                        name="role_profile_weight_1_to_3", condition=Q(weight__gte=1, weight__lte=3)
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.NeedsCycle",
            fields=[
                primary_key(),
                ("name", models.CharField(max_length=60, unique=True)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField(help_text="The last day on which people and managers rate.")),
                ("moderated_on", models.DateField(help_text="The last day of moderation.")),
                ("planned_on", models.DateField(help_text="When the plan is made.")),
                (
                    "priorities",
                    models.ManyToManyField(
                        "pathways.competency",
                        blank=True,
                        help_text="Trust priorities: each adds 1.",
                        related_name="prioritised_in",
                    ),
                ),
                (
                    "joined_from",
                    models.DateField(
                        blank=True,
                        null=True,
                        help_text="Only people whose contract began on this day or later.",
                    ),
                ),
                (
                    "schools",
                    models.ManyToManyField(
                        "staff.school",
                        blank=True,
                        help_text="None chosen means every school.",
                        related_name="needs_cycles",
                    ),
                ),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "ordering": ["-opens_on"],
                "constraints": [
                    models.CheckConstraint(
                        name="needs_cycle_dates_in_order",
                        condition=Q(
                            closes_on__gt=F("opens_on"),
                            moderated_on__gte=F("closes_on"),
                            planned_on__gte=F("moderated_on"),
                        ),
                    )
                ],
            },
            untracked=["priorities", "schools"],
        ),
        *tracked_table(
            "pathways.NeedsRating",
            fields=[
                primary_key(),
                (
                    "required_level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "None yet"),
                            (1, "Aware"),
                            (2, "Working"),
                            (3, "Skilled"),
                            (4, "Leads others"),
                        ]
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                (
                    "self_level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        choices=[
                            (0, "None yet"),
                            (1, "Aware"),
                            (2, "Working"),
                            (3, "Skilled"),
                            (4, "Leads others"),
                        ],
                    ),
                ),
                ("self_words", models.CharField(max_length=300, blank=True)),
                (
                    "is_asked_for",
                    models.BooleanField(verbose_name="I would like help with this", default=False),
                ),
                ("self_rated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "manager_level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        choices=[
                            (0, "None yet"),
                            (1, "Aware"),
                            (2, "Working"),
                            (3, "Skilled"),
                            (4, "Leads others"),
                        ],
                    ),
                ),
                ("manager_words", models.CharField(max_length=300, blank=True)),
                ("manager_rated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreed_level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        choices=[
                            (0, "None yet"),
                            (1, "Aware"),
                            (2, "Working"),
                            (3, "Skilled"),
                            (4, "Leads others"),
                        ],
                    ),
                ),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("conversation_on", models.DateField(blank=True, null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "competency",
                    models.ForeignKey(
                        "pathways.competency", related_name="ratings", on_delete=models.PROTECT
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        "pathways.needscycle",
                        verbose_name="round",
                        related_name="ratings",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="needs_ratings", on_delete=models.PROTECT),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ["cycle_id", "person_id", "competency_id"],
                "indexes": [models.Index(name="needs_rating_by_person", fields=["person", "cycle"])],
                "constraints": [
                    models.UniqueConstraint(
                        name="needs_rating_once", fields=["cycle", "person", "competency"]
                    ),
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
                        | Q(agreed_by__isnull=False, manager_level__isnull=False, self_level__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="needs_rating_agreed_by_another",
                        condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("person")),
                    ),
                    models.CheckConstraint(
                        name="needs_rating_apart_needs_conversation",
                        condition=Q(agreed_level__isnull=True)
                        | Q(conversation_on__isnull=False)
                        | (
                            Q(self_level__lt=F("manager_level") + Value(2))
                            & Q(manager_level__lt=F("self_level") + Value(2))
                        ),
                    ),
                ],
            },
            untracked=["self_words", "manager_words"],
        ),
        *tracked_table(
            "pathways.PlanItem",
            fields=[
                primary_key(),
                ("title", models.CharField(max_length=200)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        max_length=8,
                        default="planned",
                        choices=[("planned", "Planned"), ("done", "Done"), ("dropped", "Dropped")],
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "course",
                    models.ForeignKey(
                        "courses.course", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                ("created_by", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "person",
                    models.ForeignKey("staff.person", related_name="plan_items", on_delete=models.PROTECT),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        "pathways.needsrating",
                        blank=True,
                        null=True,
                        related_name="plan_items",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        "pathways.route", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["state", "due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(name="plan_item_once", fields=["person", "title"]),
                    models.CheckConstraint(
                        name="plan_item_state_known", condition=Q(state__in=["planned", "done", "dropped"])
                    ),
                ],
            },
            untracked=["title"],
        ),
        *tracked_table(
            "pathways.NeedsPlanLine",
            fields=[
                primary_key(),
                ("title", models.CharField(max_length=200)),
                (
                    "owner",
                    models.CharField(
                        max_length=12,
                        choices=[
                            ("learning", "Teaching and learning leads"),
                            ("people", "People team"),
                            ("improvement", "School improvement team"),
                        ],
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        max_length=8,
                        default="open",
                        choices=[("open", "Open"), ("in_hand", "In hand"), ("met", "Met")],
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "competency",
                    models.ForeignKey(
                        "pathways.competency",
                        blank=True,
                        null=True,
                        related_name="plan_lines",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        "courses.course", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                ("created_by", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "cycle",
                    models.ForeignKey(
                        "pathways.needscycle",
                        verbose_name="round",
                        related_name="plan_lines",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the CPD plan",
                "verbose_name_plural": "lines of the CPD plan",
                "ordering": ["cycle_id", "title"],
                "constraints": [
                    models.UniqueConstraint(name="needs_plan_line_once", fields=["cycle", "title"])
                ],
            },
        ),
        *tracked_table(
            "pathways.SurveyTheme",
            fields=[
                primary_key(),
                ("title", models.CharField(max_length=200)),
                ("words", models.TextField(max_length=2000, blank=True)),
                ("mentions", models.PositiveIntegerField(default=0, help_text="How many answers name it.")),
                (
                    "tags",
                    ArrayField(
                        blank=True, default=list, base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                ("imported_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "competencies",
                    models.ManyToManyField("pathways.competency", blank=True, related_name="themes"),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        "pathways.needscycle",
                        verbose_name="round",
                        related_name="themes",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "plan_line",
                    models.ForeignKey(
                        "pathways.needsplanline",
                        blank=True,
                        null=True,
                        related_name="themes",
                        on_delete=models.SET_NULL,
                    ),
                ),
            ],
            options={
                "ordering": ["-mentions", "title"],
                "constraints": [models.UniqueConstraint(name="survey_theme_once", fields=["cycle", "title"])],
            },
            untracked=["competencies"],
        ),
    ]
