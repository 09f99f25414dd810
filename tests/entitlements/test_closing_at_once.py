"""A year that closes while claims of it are decided: each is either verified and counted, or ended (R17)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db.models import Sum

from entitlements.actions.claims import send_claim, verify_claim
from entitlements.actions.years import close_year
from entitlements.models import (
    AcademicYear,
    ActivityKind,
    Claim,
    ClosedStatement,
    LedgerEntry,
    PlannedCredit,
)
from staff.refusals import ActionRefused
from tests.at_once import at_once
from tests.factories.entitlements import ClaimFactory
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.usefixtures("cloned_database")
NOW = datetime(2027, 9, 30, 1, 10, tzinfo=UTC)


def test_claims_decided_while_their_year_closes_are_verified_or_ended() -> None:
    manager = ContractFactory().person
    claims = [
        ClaimFactory(person=ContractFactory(line_manager=manager).person, occurred_on=date(2026, 11, 2))
        for _ in range(6)
    ]
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")

    closed, *verified = at_once(
        partial(close_year, year, today=date(2027, 9, 30)),
        *(partial(verify_claim, claim_id=claim.pk, by=manager, now=NOW) for claim in claims),
    )

    assert closed == 7
    assert all(isinstance(one, Claim | ActionRefused) for one in verified), verified
    states = dict(Claim.objects.values_list("pk", "state"))
    entries = set(LedgerEntry.objects.values_list("person", flat=True))
    assert set(states.values()) <= {"verified", "declined"}
    assert entries == {claim.person_id for claim in claims if states[claim.pk] == "verified"}
    counted = ClosedStatement.objects.aggregate(minutes=Sum("counted_minutes"))["minutes"]
    assert counted == 60 * len(entries)


def test_no_claim_that_is_sent_while_its_year_closes_waits_for_ever() -> None:
    people = [ContractFactory().person for _ in range(6)]
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    facts = {
        "kind": ActivityKind.objects.get(code="webinar"),
        "occurred_on": date(2026, 11, 2),
        "minutes": 60,
    }
    words = {"title": "Dyslexia", "learned": "Structure helps."}

    closed, *sent = at_once(
        partial(close_year, year, today=date(2027, 9, 30)),
        *(partial(send_claim, person=one, by=one, now=NOW, **facts, **words) for one in people),
    )

    assert closed == 6
    assert all(isinstance(one, Claim | ActionRefused) for one in sent), sent
    assert set(Claim.objects.values_list("state", flat=True)) <= {"declined"}
    assert not PlannedCredit.objects.exists()
