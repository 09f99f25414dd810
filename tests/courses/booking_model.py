"""Booking as a child would play it with cards: plain lists, no database (RELIABILITY row 4).

Written from the glossary and DESIGN invariant 1, not from the code it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIVE = ("requested", "offered", "booked", "waiting")


class Refused(Exception):
    """What the rules do not allow now."""


@dataclass
class Card:
    """One booking."""

    person: int
    state: str
    position: int
    deadline: datetime | None = None
    mark: str = "unmarked"
    credits: int = 0


@dataclass
class Table:
    """One session."""

    number: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    offer_hours: int | None = None
    needs_approval: bool = False
    is_cancelled: bool = False
    cards: list[Card] = field(default_factory=list)

    def free(self) -> int:
        return self.capacity - sum(card.state in ("booked", "offered") for card in self.cards)

    def live(self, person: int) -> Card | None:
        return next((card for card in self.cards if card.person == person and card.state in LIVE), None)


class Model:
    """The sessions, the people, and how many letters of each kind everybody is due."""

    def __init__(self, tables: list[Table], now: datetime) -> None:
        self.tables, self.now = tables, now
        self.letters: dict[tuple[int, str], int] = {}

    def write(self, person: int, kind: str) -> None:
        self.letters[person, kind] = self.letters.get((person, kind), 0) + 1

    def busy(self, person: int, table: Table) -> bool:
        """Whether they have a place elsewhere at that time."""
        return any(
            other is not table
            and not other.is_cancelled
            and other.starts_at < table.ends_at
            and table.starts_at < other.ends_at
            and (card := other.live(person)) is not None
            and card.state in ("booked", "offered")
            for other in self.tables
        )

    def book(self, table: Table, person: int) -> Card:
        there = table.live(person)
        if there and self.now < table.ends_at:
            return there
        if table.is_cancelled or table.starts_at <= self.now or self.busy(person, table):
            raise Refused
        state = "requested" if table.needs_approval else "booked" if table.free() > 0 else "waiting"
        card = Card(person, state, len(table.cards) + 1)
        table.cards.append(card)
        self.write(person, state)
        return card

    def hand_out(self) -> None:
        """Every free place to the first who can take it; sessions in order."""
        for table in self.tables:
            for card in sorted(table.cards, key=lambda card: card.position):
                if table.is_cancelled or table.starts_at <= self.now or table.free() <= 0:
                    break
                if card.state == "waiting" and not self.busy(card.person, table):
                    card.state = "offered" if table.offer_hours else "booked"
                    if table.offer_hours:
                        card.deadline = min(self.now + timedelta(hours=table.offer_hours), table.starts_at)
                    self.write(card.person, "offered" if table.offer_hours else "promoted")

    def cancel(self, table: Table, card: Card) -> None:
        if card.state not in LIVE:
            return
        if card.state == "booked" and table.starts_at <= self.now:
            raise Refused
        self.write(card.person, "cancelled" if card.state in ("booked", "offered") else "left")
        card.state = "cancelled"
        self.hand_out()

    def accept(self, card: Card) -> None:
        if card.state == "booked":
            return
        if card.state != "offered" or card.deadline is None or card.deadline <= self.now:
            raise Refused
        card.state = "booked"
        self.write(card.person, "booked")

    def decline(self, table: Table, card: Card) -> None:
        if card.state == "booked":
            raise Refused
        self.cancel(table, card)

    def decide(self, table: Table, card: Card, *, agrees: bool) -> None:
        if card.state != "requested" or table.starts_at <= self.now:
            raise Refused
        if not agrees:
            card.state = "declined"
            self.write(card.person, "not_agreed")
            return
        if self.busy(card.person, table):
            raise Refused
        card.state = "booked" if table.free() > 0 else "waiting"
        self.write(card.person, "agreed" if card.state == "booked" else "waiting")

    def set_capacity(self, table: Table, capacity: int) -> None:
        if capacity < max(1, table.capacity - table.free()):
            raise Refused
        if capacity != table.capacity:
            table.capacity = capacity
            self.hand_out()

    def call_off(self, table: Table) -> None:
        if table.is_cancelled:
            return
        if any(card.mark != "unmarked" for card in table.cards):
            raise Refused
        for card in table.cards:
            if card.state in LIVE:
                holds = card.state in ("booked", "offered")
                self.write(card.person, "session_cancelled" if holds else "session_cancelled_while_waiting")
                card.state = "cancelled"
        table.is_cancelled = True
        self.hand_out()

    def pass_time(self, hours: int) -> None:
        """Time goes by, and the job that ends offers and requests runs."""
        self.now += timedelta(hours=hours)
        for table in self.tables:
            for card in table.cards:
                if card.state == "requested" and table.starts_at <= self.now:
                    card.state = "declined"
                    self.write(card.person, "undecided")
                if card.state == "offered" and card.deadline is not None and card.deadline <= self.now:
                    card.state = "lapsed"
                    self.write(card.person, "lapsed")
            # The job goes session by session: a place is handed on before the next is looked at.
            self.hand_out()

    def mark(self, table: Table, card: Card, mark: str) -> None:
        if table.is_cancelled or self.now < table.starts_at or card.state != "booked":
            raise Refused
        if mark != card.mark:
            card.credits += mark in ("present", "part")
            card.mark = mark
