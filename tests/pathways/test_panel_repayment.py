"""Each Masters panel has its own scale of what a leaver repays, and an agreement keeps it (DOMAIN section 4)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pathways.actions import requests as actions
from pathways.models import MastersPanel, RepaymentTerms, RouteRequest
from pathways.queries.request_money import money_of
from pathways.rules.repayment import (
    A_SHARE_EACH,
    FALLING_SHARES,
    PERCENT_TO_100,
    RISING_MONTHS,
    Scale,
    scale_lines,
)
from staff import clock
from tests.factories.pathways_requests import RouteFactory, a_request_in

pytestmark = pytest.mark.django_db
DEADLINE = clock.today() + timedelta(days=150)


def a_panel(**scale):
    return MastersPanel.objects.create(
        name="September start", deadline_on=DEADLINE, meets_on=DEADLINE + timedelta(days=10), **scale
    )


def test_each_panel_has_its_own_scale_and_an_agreement_keeps_it(people_team):
    now = clock.now()
    on = timezone.localdate(now)
    asked = a_request_in("panel", route=RouteFactory(code="MA", kind="masters"))
    panel = a_panel(repay_during_percent=80, repay_months=[3], repay_percents=[40])
    RouteRequest.objects.filter(pk=asked.pk).update(panel=panel)
    assert money_of(RouteRequest.objects.get(pk=asked.pk), on).scale == scale_lines(Scale(80, (3,), (40,)))
    actions.award(request_id=asked.pk, by=people_team.person, now=now)
    MastersPanel.objects.update(repay_during_percent=100)

    terms = RepaymentTerms.objects.get(request=asked)
    assert (terms.during_percent, terms.months, terms.percents) == (80, [3], [40])
    assert money_of(RouteRequest.objects.get(pk=asked.pk), on).scale == []


@pytest.mark.parametrize(
    ("months", "percents", "sentence"),
    [
        ("6, 12", "75", A_SHARE_EACH),
        ("12, 6", "75, 50", RISING_MONTHS),
        ("6, 12", "50, 75", FALLING_SHARES),
        ("6", "101", PERCENT_TO_100),
    ],
)
def test_people_team_reads_what_is_wrong_with_a_scale(client, people_team, months, percents, sentence):
    client.force_login(people_team)
    form = {
        "name": "Next start", "deadline_on": DEADLINE.isoformat(), "meets_on": DEADLINE.isoformat(), "places": "4",
        "budget_pence": "20000", "repay_during_percent": "100", "repay_months": months, "repay_percents": percents,
    }  # fmt: skip
    page = client.post(reverse("admin:pathways_masterspanel_add"), form)
    assert page.context["adminform"].form.errors == {"repay_percents": [sentence]}
    assert not MastersPanel.objects.filter(name="Next start").exists()

    client.post(
        reverse("admin:pathways_masterspanel_add"), form | {"repay_months": "6", "repay_percents": "75"}
    )
    assert MastersPanel.objects.get(name="Next start").repay_percents == [75]


def test_database_keeps_a_share_for_each_month():
    with pytest.raises(IntegrityError, match="panel_share_for_each_month"), transaction.atomic():
        a_panel(repay_months=[6, 12], repay_percents=[75])
