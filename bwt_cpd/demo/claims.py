"""Claims of the demo trust in every state, with their decisions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from bwt_cpd.demo.people import Member, Trust
from entitlements.actions.ledger import Credit, credit_many, plan_many
from entitlements.models import ActivityKind, Claim, ClaimDecision

DONE_ELSEWHERE: Final = (
    ("webinar", "Webinar: vocabulary in science", 60, "I will pre-teach three words before each practical."),
    (
        "reading",
        "Read “Making every lesson count”, chapters 1 to 4",
        180,
        "Shorter explanations, more practice.",
    ),
    (
        "observation",
        "Lesson study with Year 4",
        90,
        "Pupils explain better when they rehearse with a partner first.",
    ),
    (
        "shadowing",
        "Half a day in the reception class at Oakley Vale",
        200,
        "How they set up the carpet session.",
    ),
    ("conference", "Regional site managers' conference", 300, "A better way to keep the legionella record."),
    (
        "online",
        "Allergens module of the food standards body",
        90,
        "Separate boards and a label on everything.",
    ),
    ("network", "Exams officers' network", 120, "New rules on laptops in access arrangements."),
    ("masters", "MA module: leading change", 240, "How to read a stakeholder map."),
)


def make_claims(random: Random, trust: Trust, kinds: dict[str, ActivityKind], on: date) -> None:
    """Some 8% of people have claimed; half of it is verified, the rest waits, is asked about or declined."""
    claimants = [member for member in trust.members if _may_claim(member) and random.random() < 0.08]
    demo = {member.demo_name: member for member in trust.members if member.demo_name}
    for name in ("teacher", "ta"):
        claimants = [member for member in claimants if member is not demo[name]] + [demo[name], demo[name]]
    claims, makers = [], []
    told: set[tuple[int, str]] = set()
    for number, member in enumerate(claimants):
        fresh = [one for one in DONE_ELSEWHERE if (member.person.pk, one[1]) not in told]
        code, title, minutes, learned = random.choice(fresh)
        told.add((member.person.pk, title))
        days = random.randint(4, 75)
        days += max(0, (on - timedelta(days=days)).weekday() - 4)  # a weekend's is of the Friday before
        sent_at = timezone.make_aware(datetime.combine(on - timedelta(days=max(1, days - 3)), time(17, 20)))
        is_last_of_demo = number >= len(claimants) - 4 and number % 2
        state = (
            "waiting"
            if is_last_of_demo
            else random.choices(("verified", "waiting", "questioned", "declined"), (55, 30, 10, 5))[0]
        )
        claims.append(
            Claim(
                person=member.person,
                kind=kinds[code],
                occurred_on=on - timedelta(days=days),
                minutes=minutes,
                title=title,
                learned=learned,
                state=state,
                is_own_time=random.random() < 0.3,
                created_at=sent_at,
                waiting_since_at=sent_at,
            )
        )
        makers.append(member)
    Claim.objects.bulk_create(claims)
    ClaimDecision.objects.bulk_create(
        decision
        for claim, member in zip(claims, makers, strict=True)
        for decision in _decisions(claim, member)
    )
    _to_the_ledger(claims, on)


def _may_claim(member: Member) -> bool:
    return (
        member.manager is not None
        and member.ends_on is None
        and member.role != "INV"
        and not member.demo_name
    )


def _decisions(claim: Claim, member: Member) -> list[ClaimDecision]:
    sent = ClaimDecision(
        claim=claim, claimant=member.person, actor=member.person, decision="sent", made_at=claim.created_at
    )
    words = {
        "verified": ("verified", ""),
        "questioned": ("asked", "Could you add what you will do differently with your own class?"),
        "declined": ("declined", "This was part of your planning time, so it is already counted."),
    }.get(claim.state)
    if words is None or member.manager is None:
        return [sent]
    return [
        sent,
        ClaimDecision(
            claim=claim,
            claimant=member.person,
            actor=member.manager.person,
            decision=words[0],
            words=words[1],
            made_at=claim.created_at + timedelta(days=2),
        ),
    ]


def _to_the_ledger(claims: list[Claim], on: date) -> None:
    def as_credit(claim: Claim, revision: str) -> Credit:
        return Credit(
            person_id=claim.person_id,
            kind_code=claim.kind.code,
            occurred_on=claim.occurred_on,
            title=claim.title,
            minutes=claim.minutes,
            is_own_time=claim.is_own_time,
            source_key=f"claim:{claim.pk}{revision}",
        )

    credit_many([as_credit(claim, ":1") for claim in claims if claim.state == "verified"], by=None, today=on)
    waiting = [as_credit(claim, "") for claim in claims if claim.state in {"waiting", "questioned"}]
    plan_many(waiting, status="claimed", today=on)
