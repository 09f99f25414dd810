"""The yearly Masters panel: its places and budget, its ranking, and what it spends above its budget."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from pathways.rules.repayment import SUGGESTED, Scale
from staff.audit import tracked
from staff.clock import PortalNow
from staff.models import Person


def suggested_months() -> list[int]:
    """The months of the suggested scale."""
    return list(SUGGESTED.months)


def suggested_percents() -> list[int]:
    """Its percents."""
    return list(SUGGESTED.percents)


@tracked()
class MastersPanel(models.Model):
    """The yearly panel that awards places on the trust's Masters offer (DOMAIN section 4)."""

    name = models.CharField(max_length=60, unique=True, help_text="As in September 2027 start.")
    deadline_on = models.DateField("deadline")
    meets_on = models.DateField()
    places = models.PositiveSmallIntegerField(default=0, help_text="0 means no fixed number.")
    budget_pence = models.PositiveIntegerField("budget", default=0)
    repay_during_percent = models.PositiveSmallIntegerField(
        "repaid during the course, per cent",
        default=SUGGESTED.during,
        db_default=SUGGESTED.during,
        help_text="Of what the trust has paid, by somebody who leaves before the end of the course.",
    )
    repay_months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="months after the course",
        default=suggested_months,
        db_default=list(SUGGESTED.months),
        help_text="Upper bounds, such as 6, 12, 24: under 6 months, 6 to under 12, 12 to under 24. Nothing after the last.",
    )
    repay_percents = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="repaid until then, per cent",
        default=suggested_percents,
        db_default=list(SUGGESTED.percents),
        help_text="One for each number of months, such as 75, 50, 25.",
    )

    class Meta:
        ordering = ["-deadline_on"]
        constraints = [
            models.CheckConstraint(
                name="panel_share_for_each_month",
                condition=Q(repay_months__len=F("repay_percents__len")) & Q(repay_during_percent__lte=100),
            ),
            models.CheckConstraint(
                name="panel_meets_after_deadline", condition=Q(meets_on__gte=F("deadline_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a scale of repayment that does not hold together."""
        try:
            _ = self.repayment
        except ValueError as wrong:
            raise ValidationError({"repay_percents": str(wrong)}) from None

    @property
    def repayment(self) -> Scale:
        """What a leaver repays whose place this panel awards (DOMAIN section 4). Raises ValueError as `Scale`."""
        return Scale(self.repay_during_percent, tuple(self.repay_months), tuple(self.repay_percents))


@tracked()
class PanelRanking(models.Model):
    """One place given in the ranking of a panel, or taken away: whose request, by whom and when.

    Never changed, never removed; `RouteRequest.panel_rank` is the last of them, and changes with one only:
    triggers see to it (`pathways/migrations/sql/`), and that nobody ranks a panel they have applied to.
    """

    request = models.ForeignKey("pathways.RouteRequest", on_delete=models.PROTECT, related_name="rankings")
    place = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty where it is taken away.")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="By delegation."
    )
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["request_id", "pk"]

    def __str__(self) -> str:
        return f"Place {self.place} of request {self.request_id}"


@tracked(exclude=["reason"])
class PanelOverspend(models.Model):
    """What an award, or higher fees of one, take a panel above its budget: how much, why, who and when.

    Never changed, never removed: a trigger refuses it (`pathways/migrations/sql/append_only.sql`).
    """

    request = models.ForeignKey("pathways.RouteRequest", on_delete=models.PROTECT, related_name="overspends")
    over_pence = models.PositiveIntegerField("above the budget")
    reason = models.TextField(max_length=2000)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=PortalNow(), editable=False)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="panel_overspend_has_reason", condition=Q(over_pence__gt=0) & ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"Overspend with request {self.request_id}"
