"""Requests for funded routes, their panels and papers; interest in training to teach."""

from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

import pathways.models.panels
from staff.clock import PortalNow
from staff.migration_operations import primary_key, tracked_table

# From a state by a step to a state, and in which capacities (pathways/rules/requests.py).
REQUEST_MOVES = (
    ("agreed", "started", "on_programme", "people_team"),
    ("agreed", "withdrawn", "withdrawn", "people_team requester"),
    ("appealed", "dismissed", "closed", "people_team"),
    ("appealed", "upheld", "budget", "people_team"),
    ("appealed", "upheld", "finance", "people_team"),
    ("appealed", "upheld", "manager", "people_team"),
    ("appealed", "upheld", "panel", "people_team"),
    ("appealed", "upheld", "people", "people_team"),
    ("budget", "asked", "questioned", "budget_holder headteacher people_team"),
    ("budget", "declined", "declined", "budget_holder headteacher people_team"),
    ("budget", "funded", "people", "budget_holder headteacher people_team"),
    ("budget", "withdrawn", "withdrawn", "requester"),
    ("declined", "appealed", "appealed", "requester"),
    ("draft", "sent", "manager", "requester"),
    ("draft", "withdrawn", "withdrawn", "requester"),
    ("finance", "asked", "questioned", "finance"),
    ("finance", "covered", "agreed", "finance"),
    ("finance", "declined", "declined", "finance"),
    ("finance", "withdrawn", "withdrawn", "requester"),
    ("manager", "asked", "questioned", "headteacher line_manager people_team"),
    ("manager", "declined", "declined", "headteacher line_manager people_team"),
    ("manager", "supported", "budget", "headteacher line_manager people_team"),
    ("manager", "withdrawn", "withdrawn", "requester"),
    ("on_break", "resumed", "on_programme", "people_team"),
    ("on_break", "withdrawn", "withdrawn", "people_team requester"),
    ("on_programme", "completed", "completed", "people_team"),
    ("on_programme", "paused", "on_break", "people_team"),
    ("on_programme", "withdrawn", "withdrawn", "people_team requester"),
    ("panel", "asked", "questioned", "people_team"),
    ("panel", "awarded", "agreed", "people_team"),
    ("panel", "declined", "declined", "people_team"),
    ("panel", "withdrawn", "withdrawn", "requester"),
    ("people", "asked", "questioned", "people_team"),
    ("people", "checked", "agreed", "people_team"),
    ("people", "checked", "finance", "people_team"),
    ("people", "checked", "panel", "people_team"),
    ("people", "declined", "declined", "people_team"),
    ("people", "withdrawn", "withdrawn", "requester"),
    ("questioned", "answered", "budget", "requester"),
    ("questioned", "answered", "finance", "requester"),
    ("questioned", "answered", "manager", "requester"),
    ("questioned", "answered", "panel", "requester"),
    ("questioned", "answered", "people", "requester"),
    ("questioned", "withdrawn", "withdrawn", "requester"),
)
# From a state to a state, and in which capacities (pathways/rules/teaching_interest.py).
INTEREST_MOVES = (
    ("advised", "applied", "own people_team"),
    ("advised", "withdrawn", "own people_team"),
    ("applied", "offered", "people_team"),
    ("applied", "withdrawn", "own people_team"),
    ("interested", "advised", "people_team"),
    ("interested", "withdrawn", "own people_team"),
    ("offered", "placed", "people_team"),
    ("offered", "withdrawn", "own people_team"),
    ("placed", "withdrawn", "people_team"),
)


def any_of(moves, *columns):
    """The condition that a row is one of these moves; the last part of each lists its capacities."""
    rows = ((*move, capacity) for *move, capacities in moves for capacity in capacities.split())
    return reduce(or_, (Q(**dict(zip(columns, row, strict=True))) for row in rows))


class Migration(migrations.Migration):
    initial = True
    dependencies = [("pathways", "0001_tables")]

    operations = [
        # Panels
        *tracked_table(
            "pathways.MastersPanel",
            fields=[
                primary_key(),
                (
                    "name",
                    models.CharField(max_length=60, unique=True, help_text="As in September 2027 start."),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("meets_on", models.DateField()),
                ("places", models.PositiveSmallIntegerField(default=0, help_text="0 means no fixed number.")),
                ("budget_pence", models.PositiveIntegerField(verbose_name="budget", default=0)),
                (
                    "repay_during_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="repaid during the course, per cent",
                        default=100,
                        db_default=100,
                        help_text=(
                            "Of what the trust has paid, by somebody who leaves before the end of the course."
                        ),
                    ),
                ),
                (
                    "repay_months",
                    ArrayField(
                        verbose_name="months after the course",
                        default=pathways.models.panels.suggested_months,
                        db_default=[6, 12, 24],
                        help_text=(
                            "Upper bounds, such as 6, 12, 24: under 6 months, 6 to under 12, 12 to "
                            "under 24. Nothing after the last."
                        ),
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                    ),
                ),
                (
                    "repay_percents",
                    ArrayField(
                        verbose_name="repaid until then, per cent",
                        default=pathways.models.panels.suggested_percents,
                        db_default=[75, 50, 25],
                        help_text="One for each number of months, such as 75, 50, 25.",
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                    ),
                ),
            ],
            options={
                "ordering": ["-deadline_on"],
                "constraints": [
                    models.CheckConstraint(
                        name="panel_share_for_each_month",
                        condition=Q(repay_months__len=F("repay_percents__len"))
                        & Q(repay_during_percent__lte=100),
                    ),
                    models.CheckConstraint(
                        name="panel_meets_after_deadline", condition=Q(meets_on__gte=F("deadline_on"))
                    ),
                ],
            },
        ),
        # Requests
        *tracked_table(
            "pathways.RouteRequest",
            fields=[
                primary_key(),
                (
                    "state",
                    models.CharField(
                        max_length=12,
                        default="draft",
                        choices=[
                            ("draft", "Draft"),
                            ("manager", "With the line manager"),
                            ("budget", "With the budget holder"),
                            ("people", "With the people team"),
                            ("finance", "With finance"),
                            ("panel", "Waiting for the panel"),
                            ("questioned", "Question for you"),
                            ("agreed", "Agreed"),
                            ("on_programme", "On programme"),
                            ("on_break", "On a break"),
                            ("completed", "Completed"),
                            ("declined", "Declined"),
                            ("appealed", "Appeal waiting"),
                            ("closed", "Appeal dismissed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("decision_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "why",
                    models.TextField(
                        verbose_name="why this, and what it does for the school", max_length=4000, blank=True
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        verbose_name="provider, if there is one in mind", max_length=120, blank=True
                    ),
                ),
                ("planned_starts_on", models.DateField(verbose_name="planned start", blank=True, null=True)),
                ("planned_ends_on", models.DateField(verbose_name="planned end", blank=True, null=True)),
                (
                    "funded_by",
                    models.CharField(
                        max_length=8,
                        blank=True,
                        choices=[
                            ("levy", "Apprenticeship levy"),
                            ("dfe", "Department for Education"),
                            ("trust", "Trust"),
                            ("private", "Paid privately by the school"),
                        ],
                    ),
                ),
                (
                    "is_age_declared",
                    models.BooleanField(
                        verbose_name="I am within the ages that are funded",
                        default=False,
                        help_text="Nobody's date of birth is kept here.",
                    ),
                ),
                (
                    "is_on_other_funded_programme",
                    models.BooleanField(verbose_name="on another funded programme", default=False),
                ),
                ("university", models.CharField(max_length=120, blank=True)),
                ("award", models.CharField(max_length=60, blank=True)),
                (
                    "study_days",
                    models.PositiveSmallIntegerField(verbose_name="study days a year", blank=True, null=True),
                ),
                ("dissertation_theme", models.CharField(max_length=300, blank=True)),
                ("trust_priority", models.CharField(max_length=120, blank=True)),
                ("conflict_of_interest", models.CharField(max_length=300, blank=True)),
                (
                    "price_pence",
                    models.PositiveIntegerField(verbose_name="agreed price, pence", blank=True, null=True),
                ),
                (
                    "off_job_hours",
                    models.PositiveSmallIntegerField(
                        verbose_name="agreed off-the-job hours", blank=True, null=True
                    ),
                ),
                (
                    "levy_forecast_pence",
                    models.BigIntegerField(
                        verbose_name="levy forecast",
                        blank=True,
                        null=True,
                        help_text=(
                            "What the levy account is forecast to hold with this in it; below 0 "
                            "finance decides."
                        ),
                    ),
                ),
                ("asked_from", models.CharField(max_length=12, blank=True, editable=False)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("expected_back_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("state_since_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "due_on",
                    models.DateField(
                        blank=True, null=True, editable=False, help_text="When the decision is due."
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        "pathways.masterspanel",
                        blank=True,
                        null=True,
                        related_name="requests",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="route_requests", on_delete=models.PROTECT
                    ),
                ),
                (
                    "route",
                    models.ForeignKey("pathways.route", related_name="requests", on_delete=models.PROTECT),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        "pathways.rung",
                        verbose_name="step",
                        blank=True,
                        null=True,
                        help_text="The step it leads to.",
                        related_name="+",
                        on_delete=models.SET_NULL,
                    ),
                ),
                (
                    "panel_rank",
                    models.PositiveSmallIntegerField(
                        verbose_name="place in the panel's ranking",
                        blank=True,
                        null=True,
                        help_text="1 is first.",
                    ),
                ),
                (
                    "payer_asked",
                    models.CharField(
                        verbose_name="payer as asked for",
                        max_length=8,
                        blank=True,
                        db_default="",
                        editable=False,
                        choices=[
                            ("levy", "Apprenticeship levy"),
                            ("dfe", "Department for Education"),
                            ("trust", "Trust"),
                            ("private", "Paid privately by the school"),
                        ],
                        help_text="Kept when the people team confirms who pays.",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "ordering": ["-created_at", "-pk"],
                "indexes": [models.Index(name="route_request_by_state", fields=["state", "state_since_at"])],
                "constraints": [
                    models.CheckConstraint(
                        name="route_request_state_known",
                        condition=Q(
                            state__in=[
                                "agreed",
                                "appealed",
                                "budget",
                                "closed",
                                "completed",
                                "declined",
                                "draft",
                                "finance",
                                "manager",
                                "on_break",
                                "on_programme",
                                "panel",
                                "people",
                                "questioned",
                                "withdrawn",
                            ]
                        ),
                    ),
                    models.UniqueConstraint(
                        name="route_request_live_once",
                        fields=["person", "route"],
                        condition=~Q(state__in=["closed", "completed", "declined", "withdrawn"]),
                    ),
                    models.CheckConstraint(
                        name="route_request_ends_after_start",
                        condition=Q(planned_ends_on__isnull=True)
                        | Q(planned_starts_on__isnull=True)
                        | Q(planned_ends_on__gt=F("planned_starts_on")),
                    ),
                    models.CheckConstraint(
                        name="route_request_running_has_start",
                        condition=~Q(state__in=["on_programme", "on_break", "completed"])
                        | Q(starts_on__isnull=False),
                    ),
                ],
            },
            untracked=["why", "provider", "dissertation_theme", "conflict_of_interest"],
        ),
        # Panels
        *tracked_table(
            "pathways.PanelRanking",
            fields=[
                primary_key(),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, help_text="Empty where it is taken away."
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("actor", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        help_text="By delegation.",
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="rankings", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={"ordering": ["request_id", "pk"]},
        ),
        *tracked_table(
            "pathways.PanelOverspend",
            fields=[
                primary_key(),
                ("over_pence", models.PositiveIntegerField(verbose_name="above the budget")),
                ("reason", models.TextField(max_length=2000)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("made_by", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="overspends", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        name="panel_overspend_has_reason", condition=Q(over_pence__gt=0) & ~Q(reason="")
                    )
                ],
            },
            untracked=["reason"],
        ),
        # Requests
        *tracked_table(
            "pathways.RouteDecision",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "capacity",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("requester", "requester"),
                            ("line_manager", "line_manager"),
                            ("budget_holder", "budget_holder"),
                            ("headteacher", "headteacher"),
                            ("people_team", "people_team"),
                            ("finance", "finance"),
                        ],
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("sent", "sent"),
                            ("supported", "supported"),
                            ("funded", "funded"),
                            ("checked", "checked"),
                            ("covered", "covered"),
                            ("awarded", "awarded"),
                            ("asked", "asked"),
                            ("answered", "answered"),
                            ("declined", "declined"),
                            ("appealed", "appealed"),
                            ("upheld", "upheld"),
                            ("dismissed", "dismissed"),
                            ("started", "started"),
                            ("paused", "paused"),
                            ("resumed", "resumed"),
                            ("completed", "completed"),
                            ("withdrawn", "withdrawn"),
                        ],
                    ),
                ),
                ("from_state", models.CharField(max_length=12)),
                ("to_state", models.CharField(max_length=12)),
                (
                    "reason_code",
                    models.CharField(
                        max_length=12,
                        blank=True,
                        choices=[
                            ("cover", "Cover or timetable"),
                            ("cost", "Cost or no budget left"),
                            ("timing", "Not now: a better time was named"),
                            ("fit", "Does not fit the role"),
                            ("eligibility", "Does not meet the funding rules"),
                            ("other_route", "Another route fits better"),
                            ("places", "More applied than there are places"),
                        ],
                    ),
                ),
                ("words", models.TextField(max_length=4000, blank=True)),
                ("effective_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        "staff.person", related_name="route_decisions", on_delete=models.PROTECT
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        help_text="By delegation.",
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
                ("requester", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="decisions", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["request_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        name="route_decision_numbered_once", fields=["request", "number"]
                    ),
                    models.CheckConstraint(
                        name="route_decision_is_a_move",
                        condition=any_of(REQUEST_MOVES, "from_state", "step", "to_state", "capacity"),
                    ),
                    models.CheckConstraint(
                        name="route_decision_not_on_own",
                        condition=Q(actor=F("requester"), capacity="requester")
                        | (~Q(capacity="requester") & ~Q(actor=F("requester"))),
                    ),
                    models.CheckConstraint(
                        name="route_decline_has_reason",
                        condition=~Q(step="declined") | (~Q(reason_code="") & ~Q(words="")),
                    ),
                    models.CheckConstraint(
                        name="route_question_has_words",
                        condition=~Q(step__in=["asked", "answered", "appealed", "dismissed", "paused"])
                        | ~Q(words=""),
                    ),
                ],
            },
            untracked=["words"],
        ),
        *tracked_table(
            "pathways.RouteDiscussion",
            fields=[
                primary_key(),
                ("held_on", models.DateField()),
                ("outcome", models.TextField(verbose_name="what was agreed", max_length=4000)),
                ("cover_plan", models.TextField(verbose_name="who covers, and when", max_length=2000)),
                (
                    "cover_days",
                    models.DecimalField(
                        verbose_name="days of cover a year", default=0, max_digits=5, decimal_places=1
                    ),
                ),
                (
                    "cover_pence",
                    models.PositiveIntegerField(verbose_name="cost of cover a year, pence", default=0),
                ),
                (
                    "off_job_timetable",
                    models.TextField(
                        verbose_name="when off-the-job or study time happens", max_length=2000, blank=True
                    ),
                ),
                ("off_job_minutes_a_week", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("written_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("manager", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="discussions", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={"ordering": ["request_id", "held_on", "pk"]},
            untracked=["outcome", "cover_plan", "off_job_timetable"],
        ),
        *tracked_table(
            "pathways.RouteCheck",
            fields=[
                primary_key(),
                (
                    "kind",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("funding", "Funding is open for the start date"),
                            ("age", "Within the funded ages, where there are any"),
                            ("contract", "Contract lasts long enough"),
                            ("programme", "Not on another funded programme"),
                            ("right_to_work", "Right to work and residency"),
                            ("prior_learning", "Prior learning taken off price and hours"),
                            ("hours", "Off-the-job hours reach the least for the standard"),
                            ("provider", "Provider is on the register"),
                            ("levy", "Levy account forecast"),
                        ],
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        max_length=10,
                        choices=[("met", "Met"), ("not_met", "Not met"), ("not_needed", "Does not apply")],
                    ),
                ),
                ("words", models.CharField(max_length=300, blank=True)),
                ("checked_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("checked_by", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="checks", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["request_id", "kind"],
                "constraints": [
                    models.UniqueConstraint(name="route_check_once", fields=["request", "kind"]),
                    models.CheckConstraint(
                        name="route_check_outcome_known",
                        condition=Q(outcome__in=["met", "not_met", "not_needed"]),
                    ),
                ],
            },
            untracked=["words"],
        ),
        # Request papers
        *tracked_table(
            "pathways.RouteFee",
            fields=[
                primary_key(),
                ("year_number", models.PositiveSmallIntegerField(verbose_name="year of the course")),
                ("fee_pence", models.PositiveIntegerField(verbose_name="fee")),
                (
                    "trust_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="share of the trust, per cent", default=100
                    ),
                ),
                (
                    "paid_pence",
                    models.PositiveIntegerField(
                        verbose_name="paid by the trust",
                        default=0,
                        help_text="What the trust has paid of it.",
                    ),
                ),
                ("paid_on", models.DateField(blank=True, null=True)),
                (
                    "request",
                    models.ForeignKey("pathways.routerequest", related_name="fees", on_delete=models.PROTECT),
                ),
            ],
            options={
                "verbose_name": "Masters fee",
                "verbose_name_plural": "Masters fees",
                "ordering": ["request_id", "year_number"],
                "constraints": [
                    models.UniqueConstraint(name="route_fee_year_once", fields=["request", "year_number"]),
                    models.CheckConstraint(
                        name="route_fee_share_to_100", condition=Q(trust_percent__lte=100)
                    ),
                    models.CheckConstraint(
                        name="route_fee_paid_has_date", condition=Q(paid_pence=0) | Q(paid_on__isnull=False)
                    ),
                ],
            },
        ),
        *tracked_table(
            "pathways.RouteSignature",
            fields=[
                primary_key(),
                (
                    "document",
                    models.CharField(
                        max_length=14,
                        choices=[
                            ("training_plan", "Training plan"),
                            ("apprenticeship", "Apprenticeship agreement"),
                            ("training_cost", "Training cost agreement"),
                        ],
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        max_length=8,
                        choices=[("learner", "Learner"), ("employer", "Trust"), ("provider", "Provider")],
                    ),
                ),
                ("signed_on", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="signatures", on_delete=models.PROTECT
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        "staff.person",
                        help_text="Who recorded it.",
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "ordering": ["request_id", "document", "party"],
                "constraints": [
                    models.UniqueConstraint(name="route_signed_once", fields=["request", "document", "party"])
                ],
            },
        ),
        *tracked_table(
            "pathways.RouteReview",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("held_on", models.DateField(blank=True, null=True)),
                (
                    "off_job_minutes",
                    models.PositiveIntegerField(
                        verbose_name="off-the-job minutes so far",
                        blank=True,
                        null=True,
                        help_text="From the start to this review.",
                    ),
                ),
                ("is_on_track", models.BooleanField(blank=True, null=True)),
                ("words", models.TextField(max_length=2000, blank=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        "pathways.routerequest", related_name="reviews", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={
                "ordering": ["request_id", "number"],
                "indexes": [
                    models.Index(
                        name="route_review_due", fields=["due_on"], condition=Q(held_on__isnull=True)
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(name="route_review_numbered_once", fields=["request", "number"])
                ],
            },
            untracked=["words"],
        ),
        *tracked_table(
            "pathways.RepaymentTerms",
            fields=[
                primary_key(),
                ("during_percent", models.PositiveSmallIntegerField(default=100)),
                (
                    "months",
                    ArrayField(
                        help_text="Such as 6, 12, 24.",
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                    ),
                ),
                (
                    "percents",
                    ArrayField(
                        help_text="Such as 75, 50, 25.",
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                    ),
                ),
                ("waived_reason", models.CharField(max_length=200, blank=True)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "waived_by",
                    models.ForeignKey(
                        "staff.person", blank=True, null=True, related_name="+", on_delete=models.PROTECT
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        "pathways.routerequest", related_name="repayment_terms", on_delete=models.PROTECT
                    ),
                ),
            ],
            options={"verbose_name_plural": "repayment terms"},
        ),
        # Teaching interest
        *tracked_table(
            "pathways.TeachingInterest",
            fields=[
                primary_key(),
                (
                    "phase",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("primary", "Primary"),
                            ("secondary", "Secondary"),
                            ("unsure", "Not sure yet"),
                        ],
                    ),
                ),
                ("subject", models.CharField(max_length=60, blank=True)),
                ("has_degree", models.BooleanField(verbose_name="I have a degree")),
                (
                    "has_english_and_maths",
                    models.BooleanField(verbose_name="I have GCSE English and maths at grade 4 or above"),
                ),
                (
                    "has_science",
                    models.BooleanField(
                        verbose_name="I have GCSE science at grade 4 or above", default=False
                    ),
                ),
                ("words", models.TextField(max_length=1000, blank=True)),
                (
                    "state",
                    models.CharField(
                        max_length=10,
                        default="interested",
                        choices=[
                            ("interested", "Interested"),
                            ("advised", "Advised"),
                            ("applied", "Applied"),
                            ("offered", "Offered a place"),
                            ("placed", "Placed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                (
                    "state_since_at",
                    models.DateTimeField(verbose_name="since", db_default=PortalNow(), editable=False),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        "staff.person",
                        blank=True,
                        null=True,
                        related_name="trainees",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person", related_name="teaching_interests", on_delete=models.PROTECT
                    ),
                ),
                (
                    "placed_at",
                    models.ForeignKey(
                        "staff.school",
                        blank=True,
                        null=True,
                        related_name="trainee_placements",
                        on_delete=models.PROTECT,
                    ),
                ),
                (
                    "route",
                    models.ForeignKey(
                        "pathways.route",
                        blank=True,
                        null=True,
                        related_name="interests",
                        on_delete=models.PROTECT,
                    ),
                ),
                ("step_count", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(name="teaching_interest_by_state", fields=["state", "state_since_at"])
                ],
                "constraints": [
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
                        condition=Q(
                            state__in=["interested", "advised", "applied", "offered", "placed", "withdrawn"]
                        ),
                    ),
                ],
            },
            untracked=["words"],
        ),
        *tracked_table(
            "pathways.TeachingInterestStep",
            fields=[
                primary_key(),
                (
                    "to_state",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("interested", "Interested"),
                            ("advised", "Advised"),
                            ("applied", "Applied"),
                            ("offered", "Offered a place"),
                            ("placed", "Placed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("words", models.CharField(max_length=300, blank=True)),
                ("made_at", models.DateTimeField(db_default=PortalNow(), editable=False)),
                ("actor", models.ForeignKey("staff.person", related_name="+", on_delete=models.PROTECT)),
                (
                    "interest",
                    models.ForeignKey(
                        "pathways.teachinginterest", related_name="steps", on_delete=models.PROTECT
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        max_length=11, choices=[("own", "Themselves"), ("people_team", "People team")]
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("interested", "Interested"),
                            ("advised", "Advised"),
                            ("applied", "Applied"),
                            ("offered", "Offered a place"),
                            ("placed", "Placed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        "staff.person",
                        help_text="Whose interest it is.",
                        related_name="+",
                        on_delete=models.PROTECT,
                    ),
                ),
            ],
            options={
                "ordering": ["interest_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        name="teaching_step_numbered_once", fields=["interest", "number"]
                    ),
                    models.CheckConstraint(
                        name="teaching_step_is_a_move",
                        condition=any_of(INTEREST_MOVES, "from_state", "to_state", "capacity"),
                    ),
                    models.CheckConstraint(
                        name="teaching_step_not_on_own",
                        condition=Q(actor=F("person"), capacity="own")
                        | (~Q(capacity="own") & ~Q(actor=F("person"))),
                    ),
                    models.CheckConstraint(
                        name="teaching_step_says_why", condition=Q(capacity="own") | ~Q(words="")
                    ),
                ],
            },
            untracked=["words"],
        ),
    ]
