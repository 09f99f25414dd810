"""The same form sent twenty times at once has one effect and one answer (RELIABILITY row 5): claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from entitlements.actions.claims import ask_about_claim, send_claim
from entitlements.models import ActivityKind, Claim, ClaimDecision, LedgerEntry, PlannedCredit
from staff.models import Message
from tests.system.web_server import all_at_once, cookie_of, post, serving

TIMES = 20
WORDS = "Only once."


def a_claim(get: Callable[[str], Any], title: str) -> Claim:
    person = get("teaching_assistant").person
    return send_claim(
        person=person,
        kind=ActivityKind.objects.get(code="webinar"),
        occurred_on=timezone.localdate() - timedelta(days=1),
        title=title,
        learned="Structure helps.",
        minutes=30,
        by=person,
        now=timezone.now(),
    )


def to_send(get):
    data = {
        "kind": ActivityKind.objects.get(code="webinar").pk,
        "title": "Sent",
        "occurred_on": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "hours": 1,
        "learned": "Much.",
    }
    return "teaching_assistant", reverse("entitlements:claim-new"), data


def to_answer(get):
    claim = a_claim(get, "Answered")
    ask_about_claim(claim_id=claim.pk, by=get("line_manager").person, now=timezone.now(), words="When?")
    return "teaching_assistant", reverse("entitlements:claim-answer", args=[claim.pk]), {"words": WORDS}


def to_withdraw(get):
    claim = a_claim(get, "Withdrawn")
    return "teaching_assistant", reverse("entitlements:claim-withdraw", args=[claim.pk]), {}


def to_decide(decision, get):
    claim = a_claim(get, decision)
    path = reverse("inbox-claim", args=[claim.pk])
    return "line_manager", path, {"decision": decision, "words": WORDS}


def to_verify_together(get):
    claim = a_claim(get, "Together")
    return "line_manager", reverse("inbox-claims"), {"claim": claim.pk}


#                                          rows: claims, decisions, ledger, planned, mails
CASES: dict[str, tuple[Callable[[Any], Any], tuple[int, int, int, int, int]]] = {
    "claim-new": (to_send, (1, 1, 0, 1, 1)),
    "claim-answer": (to_answer, (0, 1, 0, 0, 1)),
    "claim-withdraw": (to_withdraw, (0, 1, 0, -1, 0)),
    "verified": (partial(to_decide, "verified"), (0, 1, 1, -1, 1)),
    "together": (to_verify_together, (0, 1, 1, -1, 1)),
    "asked": (partial(to_decide, "asked"), (0, 1, 0, 0, 1)),
    "declined": (partial(to_decide, "declined"), (0, 1, 0, -1, 1)),
}


def rows() -> tuple[int, ...]:
    """How many rows there are of what a claim writes."""
    tables = (Claim, ClaimDecision, LedgerEntry, PlannedCredit, Message)
    return tuple(table.objects.count() for table in tables)


def test_every_form_of_entitlements_has_a_case(people_team):
    client = Client()
    client.force_login(people_team)
    takes_post = set()
    for pattern in get_resolver("entitlements.urls").url_patterns:
        words = dict.fromkeys(pattern.pattern.converters, 1)
        answer = client.options(reverse(f"entitlements:{pattern.name}", kwargs=words))
        if "POST" in answer.get("Allow", ""):
            takes_post.add(pattern.name)

    assert takes_post == {name for name in CASES if name.startswith("claim-")}


def test_each_form_sent_twenty_times_at_once(cloned_database, teaching_assistant, line_manager, request):
    get = request.getfixturevalue
    with serving(cloned_database) as port:
        for name, (make, expected) in CASES.items():
            who, path, data = make(get)
            cookie = cookie_of(get(who))
            before = rows()

            answers = all_at_once([partial(post, port, cookie, path, data) for _ in range(TIMES)])
            after = rows()
            answers.append(post(port, cookie, path, data))

            assert {(answer.status, answer.location) for answer in answers} == {(302, answers[0].location)}, (
                name
            )
            assert tuple(now - then for now, then in zip(after, before, strict=True)) == expected, name
            assert rows() == after, name
