"""The mails about a claim: to who decides, and to the claimant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from entitlements.models import Claim, ClaimDecision
from entitlements.queries.claims import claim_amount
from staff.actions.messages import Letter, post_message, post_messages
from staff.models import Person
from staff.wording import date_words

_TO_CLAIMANT = {
    "verified": (
        "Verified: {title}",
        "Your claim is verified",
        "{says}",
    ),
    "asked": (
        "A question about your claim: {title}",
        "A question about your claim",
        "{who} asks you something before it can be verified.",
    ),
    "declined": ("Not verified: {title}", "Your claim was not verified", "{who} has declined it."),
}


def tell_decider(claim: Claim, decision: ClaimDecision, decider: Person, *, now: datetime) -> None:
    """A claim, or the answer to a question about it, waits for them."""
    name = claim.person.full_name
    is_answer = decision.decision == ClaimDecision.Decision.ANSWERED
    intro = f"{name} has answered your question." if is_answer else f"{name} claims CPD done elsewhere."
    post_message(
        person=decider,
        kind="claim_answered" if is_answer else "claim_sent",
        subject=f"{'Answered' if is_answer else 'To verify'}: {name}, {claim.title}",
        template="notice",
        dedupe_key=f"claim:{claim.pk}:{decision.pk}:to_decider:{decider.pk}",
        now=now,
        context={
            "title": "An answer about a claim" if is_answer else "A claim to verify",
            "intro": [intro, *([decision.words] if is_answer else [])],
            "facts": _facts(claim),
            "action_url": reverse("inbox-claim", args=[claim.pk]),
            "action_words": "Decide",
        },
    )


def tell_claimant(claim: Claim, decision: ClaimDecision, *, now: datetime, says: str = "") -> None:
    """What was decided, by whom and why; `says` is what a verified claim adds (`what_it_adds`)."""
    who = decision.actor.full_name if decision.actor else ""
    subject, title, intro = _TO_CLAIMANT[decision.decision]
    lines = [
        intro.format(who=who, says=says),
        *([f"{who} writes: “{decision.words}”"] if decision.words else []),
    ]
    post_message(
        person=claim.person,
        kind=f"claim_{decision.decision}",
        subject=subject.format(title=claim.title),
        template="notice",
        dedupe_key=f"claim:{claim.pk}:{decision.pk}:to_claimant",
        now=now,
        context={
            "title": title,
            "intro": lines,
            "facts": _facts(claim),
            "action_url": reverse("entitlements:claim-detail", args=[claim.pk]),
            "action_words": "Answer" if decision.decision == "asked" else "See your claim",
        },
    )


def tell_of_lapsed(decisions: Iterable[ClaimDecision], year: str, *, now: datetime) -> None:
    """To the claimants: nobody decided in time, and the year is closed. One statement for all of them."""
    post_messages(
        [
            Letter(
                person=decision.claimant,
                kind="claim_lapsed",
                subject=f"Not decided in time: {decision.claim.title}",
                template="notice",
                dedupe_key=f"claim:{decision.claim_id}:{decision.pk}:to_claimant",
                context={
                    "title": "Your claim was not decided in time",
                    "intro": [
                        decision.words,
                        f"It does not count towards your CPD days of {year}: nothing can be added to it any more.",
                    ],
                    "facts": _facts(decision.claim),
                    "action_url": reverse("entitlements:claim-detail", args=[decision.claim_id]),
                    "action_words": "See your claim",
                },
            )
            for decision in decisions
        ],
        now=now,
    )


def _facts(claim: Claim) -> list[tuple[str, str]]:
    facts = [("What", claim.title), ("Kind", claim.kind.title), ("When", date_words(claim.occurred_on))]
    facts.append(("How much", claim_amount(claim)))
    if claim.body:
        facts.append(("Body", claim.body))
    return facts
