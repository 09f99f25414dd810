"""Requests for funded routes: the case, every step of it, the discussion and the checks."""

from django.db import models
from django.db.models import F, Q

from pathways.models.careers import Rung
from pathways.models.panels import MastersPanel
from pathways.models.routes import Route
from pathways.rules.requests import ALLOWED, OVER, Capacity, RequestState, RequestStep
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person

_STATES = sorted(state.value for state in RequestState)
_STEPS = [
    Q(from_state=source, step=step, to_state=target, capacity=capacity)
    for source, step, target, capacity in sorted(ALLOWED)
]


def _any_of(conditions: list[Q]) -> Q:
    found = conditions[0]
    for condition in conditions[1:]:
        found |= condition
    return found


@tracked(exclude=["why", "provider", "dissertation_theme", "conflict_of_interest"])
class RouteRequest(models.Model):
    """One person's request for one route, from idea to completion (DOMAIN section 4).

    `state` moves only together with a RouteDecision that says so: triggers (`pathways/migrations/sql/`) refuse
    a change of state without its row; a row that the table of moves does not have (`pathways.rules.requests`)
    is refused by a constraint.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        MANAGER = "manager", "With the line manager"
        BUDGET = "budget", "With the budget holder"
        PEOPLE = "people", "With the people team"
        FINANCE = "finance", "With finance"
        PANEL = "panel", "Waiting for the panel"
        QUESTIONED = "questioned", "Question for you"
        AGREED = "agreed", "Agreed"
        ON_PROGRAMME = "on_programme", "On programme"
        ON_BREAK = "on_break", "On a break"
        COMPLETED = "completed", "Completed"
        DECLINED = "declined", "Declined"
        APPEALED = "appealed", "Appeal waiting"
        CLOSED = "closed", "Appeal dismissed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class FundedBy(models.TextChoices):
        LEVY = "levy", "Apprenticeship levy"
        DFE = "dfe", "Department for Education"
        TRUST = "trust", "Trust"
        PRIVATE = "private", "Paid privately by the school"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="route_requests")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    decision_count = models.PositiveSmallIntegerField(default=0, editable=False)
    why = models.TextField("why this, and what it does for the school", max_length=4000, blank=True)
    rung = models.ForeignKey(
        Rung,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="step",
        help_text="The step it leads to.",
    )
    provider = models.CharField("provider, if there is one in mind", max_length=120, blank=True)
    planned_starts_on = models.DateField("planned start", null=True, blank=True)
    planned_ends_on = models.DateField("planned end", null=True, blank=True)
    funded_by = models.CharField(max_length=8, choices=FundedBy, blank=True)
    payer_asked = models.CharField(
        "payer as asked for",
        max_length=8,
        choices=FundedBy,
        blank=True,
        db_default="",
        editable=False,
        help_text="Kept when the people team confirms who pays.",
    )
    is_age_declared = models.BooleanField(
        "I am within the ages that are funded",
        default=False,
        help_text="Nobody's date of birth is kept here.",
    )
    is_on_other_funded_programme = models.BooleanField("on another funded programme", default=False)
    # Masters
    university = models.CharField(max_length=120, blank=True)
    award = models.CharField(max_length=60, blank=True)
    study_days = models.PositiveSmallIntegerField("study days a year", null=True, blank=True)
    dissertation_theme = models.CharField(max_length=300, blank=True)
    trust_priority = models.CharField(max_length=120, blank=True)
    conflict_of_interest = models.CharField(max_length=300, blank=True)
    panel = models.ForeignKey(
        MastersPanel, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    panel_rank = models.PositiveSmallIntegerField(
        "place in the panel's ranking", null=True, blank=True, help_text="1 is first."
    )
    # What the people team finds
    price_pence = models.PositiveIntegerField("agreed price, pence", null=True, blank=True)
    off_job_hours = models.PositiveSmallIntegerField("agreed off-the-job hours", null=True, blank=True)
    levy_forecast_pence = models.BigIntegerField(
        "levy forecast",
        null=True,
        blank=True,
        help_text="What the levy account is forecast to hold with this in it; below 0 finance decides.",
    )
    asked_from = models.CharField(max_length=12, blank=True, editable=False)
    starts_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    expected_back_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    state_since_at = models.DateTimeField(db_default=PortalNow(), editable=False)
    due_on = models.DateField(null=True, blank=True, editable=False, help_text="When the decision is due.")

    class Meta:
        verbose_name = "request"
        verbose_name_plural = "requests"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="route_request_state_known", condition=Q(state__in=_STATES)),
            models.UniqueConstraint(
                name="route_request_live_once",
                fields=["person", "route"],
                condition=~Q(state__in=sorted(state.value for state in OVER)),
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
        ]
        indexes = [models.Index(fields=["state", "state_since_at"], name="route_request_by_state")]

    def __str__(self) -> str:
        return f"{self.route} for person {self.person_id}"

    @property
    def is_draft(self) -> bool:
        """Whether it has not been sent."""
        return self.state == self.State.DRAFT

    @property
    def is_on_programme(self) -> bool:
        """Whether the learner is on the programme, and not on a break."""
        return self.state == self.State.ON_PROGRAMME

    @property
    def badge(self) -> str:
        """The word of `bwt_cpd.states` whose icon and tone fit its state."""
        return _BADGES.get(self.state, "submitted")

    @property
    def payer_correction(self) -> str:
        """ "Paid by: Trust. Asked for: Department for Education."; empty where it is paid as asked."""
        if self.payer_asked in ("", self.funded_by):
            return ""
        return f"Paid by: {self.get_funded_by_display()}. Asked for: {self.get_payer_asked_display()}."


_BADGES: dict[str, str] = {
    RouteRequest.State.DRAFT: "draft",
    RouteRequest.State.QUESTIONED: "returned",
    RouteRequest.State.AGREED: "ok",
    RouteRequest.State.ON_PROGRAMME: "now",
    RouteRequest.State.ON_BREAK: "paused",
    RouteRequest.State.COMPLETED: "ok",
    RouteRequest.State.DECLINED: "declined",
    RouteRequest.State.CLOSED: "declined",
    RouteRequest.State.WITHDRAWN: "withdrawn",
}


@tracked(exclude=["words"])
class RouteDecision(models.Model):
    """One step of a request: who, as what, when and why. Never changed, never removed.

    Triggers hold the way that decisions lead (`pathways/migrations/sql/route_decisions.sql`).
    """

    class ReasonCode(models.TextChoices):
        COVER = "cover", "Cover or timetable"
        COST = "cost", "Cost or no budget left"
        TIMING = "timing", "Not now: a better time was named"
        FIT = "fit", "Does not fit the role"
        ELIGIBILITY = "eligibility", "Does not meet the funding rules"
        OTHER_ROUTE = "other_route", "Another route fits better"
        PLACES = "places", "More applied than there are places"

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="route_decisions")
    capacity = models.CharField(max_length=14, choices=[(one.value, one.value) for one in Capacity])
    on_behalf_of = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="By delegation."
    )
    step = models.CharField(max_length=10, choices=[(one.value, one.value) for one in RequestStep])
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=12, choices=ReasonCode, blank=True)
    words = models.TextField(blank=True, max_length=4000)
    effective_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["request_id", "number"]
        constraints = [
            models.UniqueConstraint(name="route_decision_numbered_once", fields=["request", "number"]),
            models.CheckConstraint(name="route_decision_is_a_move", condition=_any_of(_STEPS)),
            models.CheckConstraint(
                name="route_decision_not_on_own",
                condition=Q(capacity="requester", actor=F("requester"))
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
        ]

    def __str__(self) -> str:
        return f"{self.step} of request {self.request_id}"


@tracked(exclude=["outcome", "cover_plan", "off_job_timetable"])
class RouteDiscussion(models.Model):
    """The recorded conversation with the manager: content, not a tick (DOMAIN section 4, step 2)."""

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="discussions")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    outcome = models.TextField("what was agreed", max_length=4000)
    cover_plan = models.TextField("who covers, and when", max_length=2000)
    cover_days = models.DecimalField("days of cover a year", max_digits=5, decimal_places=1, default=0)
    cover_pence = models.PositiveIntegerField("cost of cover a year, pence", default=0)
    off_job_timetable = models.TextField(
        "when off-the-job or study time happens", max_length=2000, blank=True
    )
    off_job_minutes_a_week = models.PositiveSmallIntegerField(null=True, blank=True)
    written_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["request_id", "held_on", "pk"]

    def __str__(self) -> str:
        return f"Discussion of request {self.request_id} on {self.held_on}"


@tracked(exclude=["words"])
class RouteCheck(models.Model):
    """One eligibility check by the people team (DOMAIN section 4, step 4)."""

    class Kind(models.TextChoices):
        FUNDING = "funding", "Funding is open for the start date"
        AGE = "age", "Within the funded ages, where there are any"
        CONTRACT = "contract", "Contract lasts long enough"
        PROGRAMME = "programme", "Not on another funded programme"
        RIGHT_TO_WORK = "right_to_work", "Right to work and residency"
        PRIOR_LEARNING = "prior_learning", "Prior learning taken off price and hours"
        HOURS = "hours", "Off-the-job hours reach the least for the standard"
        PROVIDER = "provider", "Provider is on the register"
        LEVY = "levy", "Levy account forecast"

    class Outcome(models.TextChoices):
        MET = "met", "Met"
        NOT_MET = "not_met", "Not met"
        NOT_NEEDED = "not_needed", "Does not apply"

    request = models.ForeignKey(RouteRequest, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=14, choices=Kind)
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["request_id", "kind"]
        constraints = [
            models.UniqueConstraint(name="route_check_once", fields=["request", "kind"]),
            models.CheckConstraint(
                name="route_check_outcome_known", condition=Q(outcome__in=["met", "not_met", "not_needed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"
