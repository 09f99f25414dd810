"""A person's year in full: every entry with where it came from, what is planned, the caps, the why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from entitlements.models import AcademicYear, ActivityKind, CarryOver, LedgerEntry, PlannedCredit
from entitlements.queries.carry_overs import carried_into
from entitlements.queries.facts import facts_of, policy_of
from entitlements.queries.standing import Standing, contracts_in, standing_of
from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.explanation import Explanation, explain_target
from entitlements.rules.policy import CountsAs
from entitlements.rules.shares import GroupShare, capped_groups, counted_shares
from entitlements.rules.statement import CreditFacts
from staff.models import Contract, Person

SPRINGBOARD = "springboard"
VERIFIED_CLAIM = "Your claim, verified"
NEUTRAL_TITLE = "Personal development programme"
"""How that programme reads to anybody but the person themselves (DOMAIN section 9)."""
COACHING = frozenset({"coaching_given", "coaching_received", "mentoring_given", "mentoring_received"})
"""Kinds of which nobody but the person reads who entered them: it is whom they meet."""


@dataclass(frozen=True)
class Line:
    """One line of the account. `recorded` is negative in a reversal; `counted` is what of it counts.

    `is_void` is quiet: a credit that was reversed, or its reversal.
    """

    title: str
    source: str
    occurred_on: date
    recorded: int
    counted: int
    kind: str
    is_void: bool = False
    is_reversal: bool = False
    is_own_time: bool = False
    is_to_come: bool = False
    claim_id: int | None = None
    booking_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """Something that would be credited if all goes as planned."""

    title: str
    occurred_on: date
    minutes: int
    state: str
    state_words: str
    claim_id: int | None = None
    booking_id: int | None = None


@dataclass(frozen=True)
class PersonYear:
    """Everything the page of one year shows. `standing` is None without a contract in the year.

    `carried` is what may be taken beside the year's own days (R14), for the owner alone.
    """

    year: AcademicYear
    standing: Standing | None
    contract: Contract | None
    lines: list[Line]
    plans: list[Plan]
    groups: list[GroupShare] = field(default_factory=list)
    explanation: Explanation | None = None
    carried: CarryOver | None = None

    @property
    def role_words(self) -> str:
        """Role and school: of a closed year as it was closed; empty without a contract (R17)."""
        if self.standing and self.standing.is_frozen:
            return self.standing.frozen_role
        return f"{self.contract.job_role.title}, {self.contract.school.name}" if self.contract else ""


def years_of(person: Person, on: date) -> list[AcademicYear]:
    """The years in which the person had a contract or an entry, newest first, and always today's. One query."""
    employed = person.contracts.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_on")), starts_on__lte=OuterRef("ends_on")
    )
    entries = LedgerEntry.objects.filter(person=person, year=OuterRef("pk"))
    return list(
        AcademicYear.objects.select_related("policy")
        .filter(Q(starts_on__lte=on, ends_on__gte=on) | Exists(employed) | Exists(entries), starts_on__lte=on)
        .order_by("-starts_on")
    )


def year_for(person: Person, year: AcademicYear, on: date, *, for_owner: bool = True) -> PersonYear:
    """The year as the person sees it, or as who decides about them may see it. At most seven queries.

    Without `for_owner` the reasons of the target and what is carried over (which tell of absences) stay out,
    and the one programme whose name is its owner's reads neutrally; of coaching nobody is named.
    """
    contracts = contracts_in(year, [person.pk])[person.pk]
    standing = standing_of(person, year, on, contracts=contracts)
    entries = _entries(person, year)
    entitlement = standing.entitlement if standing else 0
    policy = policy_of(year)
    counting = [entry for entry in entries if not _is_void(entry) and entry.occurred_on <= on]
    credits = [_credit(entry) for entry in counting]
    shares = dict(
        zip((entry.pk for entry in counting), counted_shares(credits, entitlement, policy), strict=True)
    )
    is_owed = bool(standing and standing.is_owed)
    explanation = None
    if for_owner and is_owed:
        absences = [
            AbsenceFacts(*row) for row in person.absences.values_list("absence_class", "starts_on", "ends_on")
        ]
        facts = [facts_of(contract) for contract in contracts]
        explanation = explain_target(year.dates, facts, absences, policy, year.figures_on(on))
        if standing and standing.is_frozen and explanation.target_minutes != standing.expected:
            explanation = None  # contracts of today no longer say why
    return PersonYear(
        year=year,
        standing=standing,
        contract=speaking(contracts, on),
        lines=[_line(entry, shares, for_owner=for_owner, is_owed=is_owed) for entry in reversed(entries)],
        plans=[_plan(row, on, for_owner=for_owner) for row in _planned(person, year)],
        groups=capped_groups(credits, entitlement, policy) if is_owed else [],
        explanation=explanation,
        carried=carried_into(person, year) if for_owner else None,
    )


def _entries(person: Person, year: AcademicYear) -> list[LedgerEntry]:
    """All entries of the year, oldest first, a reversal right after what it reverses. One query."""
    entries = (
        LedgerEntry.objects.filter(person=person, year=year)
        .select_related("kind", "created_by", "reverses", "reversed_by")
        .order_by("occurred_on", "pk")
    )
    return sorted(entries, key=lambda entry: (entry.occurred_on, entry.reverses_id or entry.pk, entry.pk))


def _planned(person: Person, year: AcademicYear) -> QuerySet[PlannedCredit]:
    return (
        PlannedCredit.objects.filter(person=person, year=year)
        .select_related("kind")
        .order_by("occurred_on", "pk")
    )


def _is_void(entry: LedgerEntry) -> bool:
    return entry.reverses_id is not None or hasattr(entry, "reversed_by")


def _credit(entry: LedgerEntry) -> CreditFacts:
    return CreditFacts(
        minutes=entry.minutes,
        occurred_on=entry.occurred_on,
        counts_as=CountsAs(entry.kind.counts_as),
        body=entry.body,
        own_time=entry.is_own_time,
    )


def _line(entry: LedgerEntry, shares: dict[int, int], *, for_owner: bool, is_owed: bool) -> Line:
    title = _title(entry.title, entry.kind, for_owner=for_owner)
    is_reversal = entry.reverses_id is not None
    is_void = _is_void(entry)
    counted = shares.get(entry.pk, 0)
    if is_void:
        counted = entry.minutes
    return Line(
        title=f"Reversal: {title}" if is_reversal else title,
        source=_source(entry, for_owner=for_owner),
        occurred_on=entry.occurred_on,
        recorded=entry.minutes,
        counted=counted if is_owed else entry.minutes,
        kind=entry.kind.title,
        is_void=is_void and not is_reversal,
        is_reversal=is_reversal,
        is_own_time=entry.is_own_time,
        is_to_come=not is_void and entry.pk not in shares,
        **_references((entry.reverses or entry).source_key),
    )


def _source(entry: LedgerEntry, *, for_owner: bool) -> str:
    """Where an entry came from, and who entered it."""
    is_named = for_owner or entry.kind.code not in COACHING
    by = f" by {entry.created_by}" if entry.created_by and is_named else ""
    if entry.reverses_id is not None:
        return f"Corrected{by}: {entry.reason}"
    if entry.source_key.startswith("register:"):
        return f"Register, marked{by}" if by else "Register"
    if entry.source_key.startswith("claim:"):
        return f"{VERIFIED_CLAIM}{by}" if by else "Claim"
    if entry.source_key.startswith("coaching:"):
        return f"Coaching log{by and ', entered'}{by}"
    if entry.external_id:
        return "Register of another system"
    return f"Entered{by}" if by else "The trust’s own record"


def _plan(row: PlannedCredit, on: date, *, for_owner: bool) -> Plan:
    """What is planned of a day that is past waits for its register: nothing is written when a day passes."""
    state, words = {
        PlannedCredit.Status.PLANNED: (
            ("requested", "Register still open") if row.occurred_on < on else ("booked", "")
        ),
        PlannedCredit.Status.ATTENDED: ("requested", "Register still open"),
        PlannedCredit.Status.CLAIMED: ("requested", "Claim waiting"),
    }[PlannedCredit.Status(row.status)]
    title = _title(row.title, row.kind, for_owner=for_owner)
    return Plan(title, row.occurred_on, row.minutes, state, words, **_references(row.source_key))


def _title(title: str, kind: ActivityKind, *, for_owner: bool) -> str:
    return NEUTRAL_TITLE if kind.code == SPRINGBOARD and not for_owner else title


def _references(source_key: str) -> dict[str, int]:
    """The claim or booking a key names: `claim:12:1`, `register:412:7:1`, `booking:17:3`."""
    what, _, rest = source_key.partition(":")
    number = rest.split(":", 1)[0]
    if not number.isdigit():
        return {}
    return {
        "claim": {"claim_id": int(number)},
        "register": {"booking_id": int(number)},
        "booking": {"booking_id": int(number)},
    }.get(what, {})


def speaking(contracts: Sequence[Contract], on: date) -> Contract | None:
    """The contract whose role and school the page names: the main one on the date, else the latest."""
    live = [one for one in contracts if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)]
    if live:
        return min(live, key=lambda one: (not one.is_main, -one.fte, one.contract_id))  # R6
    return max(contracts, key=lambda one: (one.starts_on, one.is_main, one.fte), default=None)
