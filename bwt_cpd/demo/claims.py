"""Claims of the demo trust in every state, with their decisions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple

from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from entitlements.actions.ledger import Credit, credit_many, plan_many
from entitlements.models import ActivityKind, Claim, ClaimDecision

CLASS: Final = frozenset({"Teaching", "School leadership", "Classroom support"})
OFFICE: Final = frozenset(
    {"Administration", "Finance", "People", "Operations", "IT and data", "Library and careers"}
)
SITE: Final = frozenset({"Estates", "Technicians"})
KITCHEN: Final = frozenset({"Catering", "Lunchtime"})
ALL: Final = CLASS | OFFICE | SITE | KITCHEN | {"Pastoral"}


class Elsewhere(NamedTuple):
    """Something people do elsewhere and claim: its kind, title, minutes and lesson, and whose jobs it fits."""

    kind: str
    title: str
    minutes: int
    learned: str
    families: frozenset[str]


DONE_ELSEWHERE: Final = (
    Elsewhere(
        "webinar",
        "Webinar: vocabulary in science",
        60,
        "I will pre-teach three words before each practical.",
        CLASS,
    ),
    Elsewhere(
        "reading",
        "Read “Making every lesson count”, chapters 1 to 4",
        180,
        "Shorter explanations, more practice.",
        CLASS,
    ),
    Elsewhere(
        "observation",
        "Lesson study with Year 4",
        90,
        "Pupils explain better when they rehearse with a partner first.",
        CLASS,
    ),
    Elsewhere(
        "shadowing",
        "Half a day in the reception class at Oakley Vale",
        200,
        "How they set up the carpet session.",
        CLASS,
    ),
    Elsewhere("masters", "MA module: leading change", 240, "How to read a stakeholder map.", CLASS),
    Elsewhere(
        "conference",
        "Regional site managers' conference",
        300,
        "A better way to keep the legionella record.",
        SITE,
    ),
    Elsewhere(
        "shadowing", "A morning with the trust's electrician", 180, "What to look at before I call him.", SITE
    ),
    Elsewhere(
        "online",
        "Allergens module of the food standards body",
        90,
        "Separate boards and a label on everything.",
        KITCHEN,
    ),
    Elsewhere(
        "shadowing",
        "Lunch service at another school",
        120,
        "Two queues, and the tables turn a sitting sooner.",
        KITCHEN,
    ),
    Elsewhere(
        "network", "Exams officers' network", 120, "New rules on laptops in access arrangements.", OFFICE
    ),
    Elsewhere(
        "webinar", "Webinar: pivot tables for schools", 60, "One table instead of nine sheets.", OFFICE
    ),
    Elsewhere(
        "reading",
        "Read the county's guide to attendance conversations",
        90,
        "I start with what is going well.",
        frozenset({"Pastoral"}),
    ),
    Elsewhere(
        "webinar",
        "Webinar: looking after yourself in a busy term",
        60,
        "I take my break away from the desk.",
        ALL,
    ),
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
        family = trust.roles[member.role].job_family
        done = random.choice(
            [
                one
                for one in DONE_ELSEWHERE
                if family in one.families and (member.person.pk, one.title) not in told
            ]
        )
        told.add((member.person.pk, done.title))
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
                kind=kinds[done.kind],
                occurred_on=on - timedelta(days=days),
                minutes=done.minutes,
                title=done.title,
                learned=done.learned,
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
        "questioned": ("asked", "Could you add what you will do differently in your own work?"),
        "declined": ("declined", "This was part of a training day that is already counted."),
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
