"""The forms of claims: sending, answering, withdrawing, deciding, several at once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.urls import reverse

from entitlements.actions.claims import ask_about_claim, send_claim
from entitlements.models import ActivityKind, Claim
from staff import clock
from tests.system.repeats.cases import Cases, Form, Get

WORDS = "Only once."
CERTIFICATE = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _yesterday() -> str:
    return (clock.today() - timedelta(days=1)).isoformat()


def a_claim(get: Get, title: str) -> Claim:
    person = get("teaching_assistant").person
    get("line_manager")
    return send_claim(
        person=person,
        kind=ActivityKind.objects.get(code="webinar"),
        occurred_on=clock.today() - timedelta(days=1),
        title=title,
        learned="Structure helps.",
        minutes=30,
        by=person,
        now=clock.now(),
    )


def to_send(get: Get) -> Form:
    """With a file as evidence, as whoever was in a course for an hour has it."""
    data = {
        "kind": ActivityKind.objects.get(code="webinar").pk,
        "title": "Sent",
        "occurred_on": _yesterday(),
        "hours": 1,
        "learned": "Much.",
    }
    get("line_manager")
    files = {"evidence": ("certificate.pdf", CERTIFICATE)}
    return Form("teaching_assistant", reverse("entitlements:claim-new"), data, files=files)


def to_answer(get: Get) -> Form:
    claim = a_claim(get, "Answered")
    ask_about_claim(claim_id=claim.pk, by=get("line_manager").person, now=clock.now(), words="When?")
    path = reverse("entitlements:claim-answer", args=[claim.pk])
    return Form("teaching_assistant", path, {"words": WORDS})


def to_withdraw(get: Get) -> Form:
    claim = a_claim(get, "Withdrawn")
    return Form("teaching_assistant", reverse("entitlements:claim-withdraw", args=[claim.pk]))


def to_decide(decision: str, get: Get) -> Form:
    claim = a_claim(get, decision)
    path = reverse("inbox-claim", args=[claim.pk])
    return Form("line_manager", path, {"decision": decision, "words": WORDS})


def to_verify_together(get: Get) -> Form:
    claims = [a_claim(get, title).pk for title in ("Together", "Both")]
    return Form("line_manager", reverse("inbox-claims"), {"claim": claims})


CASES: Cases = {
    "entitlements:claim-new": (
        to_send,
        {
            "+entitlements.claim": 1,
            "+entitlements.claimdecision": 1,
            "+entitlements.plannedcredit": 1,
            "+staff.message": 1,
        },
    ),
    "entitlements:claim-answer": (
        to_answer,
        {"+entitlements.claimdecision": 1, "+staff.message": 1, "entitlements.claim": 1},
    ),
    "entitlements:claim-withdraw": (
        to_withdraw,
        {"+entitlements.claimdecision": 1, "-entitlements.plannedcredit": 1, "entitlements.claim": 1},
    ),
    "inbox-claim, verified": (
        partial(to_decide, "verified"),
        {
            "+entitlements.claimdecision": 1,
            "+entitlements.ledgerentry": 1,
            "+staff.message": 1,
            "-entitlements.plannedcredit": 1,
            "entitlements.claim": 1,
        },
    ),
    "inbox-claim, asked": (
        partial(to_decide, "asked"),
        {"+entitlements.claimdecision": 1, "+staff.message": 1, "entitlements.claim": 1},
    ),
    "inbox-claim, declined": (
        partial(to_decide, "declined"),
        {
            "+entitlements.claimdecision": 1,
            "+staff.message": 1,
            "-entitlements.plannedcredit": 1,
            "entitlements.claim": 1,
        },
    ),
    "inbox-claims": (
        to_verify_together,
        {
            "+entitlements.claimdecision": 2,
            "+entitlements.ledgerentry": 2,
            "+staff.message": 2,
            "-entitlements.plannedcredit": 2,
            "entitlements.claim": 2,
        },
    ),
}
