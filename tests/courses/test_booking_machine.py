"""Booking as a state machine agrees with a plain model (RELIABILITY row 4); mutants of it do not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Count, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from courses.actions import bookings as actions
from courses.actions import offers, places, registers, sessions
from courses.actions.changes import Changes
from courses.models import Attendance, Booking, Session
from entitlements.models import LedgerEntry, PlannedCredit
from staff.models import Message, Person
from staff.refusals import ActionRefused
from tests.courses.booking_model import Card, Model, Refused, Table
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, ResponsibilityFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 11, 26, 9, tzinfo=UTC)
PEOPLE = 4
MINUTES = 120
# (hours after START, places, hours an offer is held, whether somebody has to agree)
MARKS = ["present", "part", "absent", "unmarked"]
SESSIONS = [(0, 1, None, False), (1, 2, 12, False), (0, 1, None, True), (30, 1, 24, False)]
TO_AGREE = 2


def make_world() -> tuple[list[Person], Person, list[Session]]:
    """Who plays, who decides, and the sessions: the same at the beginning of every game."""
    course = CourseFactory(minutes=MINUTES)
    first = ContractFactory()
    shared = {"school": first.school, "job_role": first.job_role, "department": first.department}
    people = [ContractFactory(**shared).person for _ in range(PEOPLE)]
    decider = ResponsibilityFactory(kind="people_team").person
    ContractFactory(person=decider, **shared)
    sessions_of_the_game = [
        SessionFactory(
            course=course,
            school=first.school,
            starts_at=START + timedelta(hours=hours),
            capacity=capacity,
            offer_hours=offer_hours,
            needs_approval=needs_approval,
        )
        for hours, capacity, offer_hours, needs_approval in SESSIONS
    ]
    return people, decider, sessions_of_the_game


class Machine(RuleBasedStateMachine):
    """The same moves on the portal and on the model; after each both are compared."""

    world: tuple[list[Person], Person, list[Session]]
    people_range = st.integers(0, PEOPLE - 1)
    session_range = st.integers(0, len(SESSIONS) - 1)
    any_of_them = st.integers(0, 11)

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.people, self.decider, self.sessions = self.world
        self.model = Model(
            [
                Table(number, one.starts_at, one.ends_at, one.capacity, one.offer_hours, one.needs_approval)
                for number, one in enumerate(self.sessions)
            ],
            NOW,
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def both(self, real: Callable[[], object], model: Callable[[], object]) -> None:
        """Do the same on both; they refuse the same."""
        refused = []
        for act, refusal in ((real, ActionRefused), (model, Refused)):
            try:
                act()
                refused.append(False)
            except refusal:
                refused.append(True)
        assert refused[0] == refused[1], f"portal refused: {refused[0]}, model refused: {refused[1]}"

    def row(self, number: int, card: Card) -> Booking:
        """The portal's booking behind a card."""
        return Booking.objects.select_related("person").get(
            session=self.sessions[number], position=card.position
        )

    def pick(self, number: int, *states: str) -> tuple[Table, Card, Booking] | None:
        """One of the bookings in these states, chosen by a number; any booking where none is given."""
        cards = [
            (table, card)
            for table in self.model.tables
            for card in table.cards
            if not states or card.state in states
        ]
        if not cards:
            return None
        table, card = cards[number % len(cards)]
        return table, card, self.row(table.number, card)

    # Moves --------------------------------------------------------------------------------
    @initialize(places=st.integers(1, 2), offer_hours=st.sampled_from([None, 12]))
    def a_crowd(self, places: int, offer_hours: int | None) -> None:
        """Everybody asks for the first session: most of them wait."""
        Session.objects.filter(pk=self.sessions[0].pk).update(offer_hours=offer_hours)
        self.model.tables[0].offer_hours = offer_hours
        self.change_capacity(0, places)
        for person in range(PEOPLE):
            self.book(0, person)

    @rule(number=session_range, person=people_range)
    def book(self, number: int, person: int) -> None:
        who, now = self.people[person], self.model.now
        self.both(
            lambda: actions.book(person=who, session_id=self.sessions[number].pk, by=who, now=now),
            lambda: self.model.book(self.model.tables[number], person),
        )

    @rule(number=any_of_them)
    def cancel(self, number: int) -> None:
        if picked := self.pick(number, "booked", "offered", "requested", "waiting"):
            table, card, row = picked
            self.both(
                lambda: actions.cancel_booking(booking_id=row.pk, by=row.person, now=self.model.now),
                lambda: self.model.cancel(table, card),
            )

    @rule(number=any_of_them, says_yes=st.booleans(), is_late=st.booleans())
    def answer(self, number: int, says_yes: bool, is_late: bool) -> None:
        picked = self.pick(number, "offered") or self.pick(number)
        if picked:
            table, card, row = picked
            act = actions.accept_offer if says_yes else actions.decline_offer
            # Between the deadline and the job that ends the offer it can no longer be taken.
            if is_late and card.state == "offered" and says_yes:
                self.model.now = max(self.model.now, card.deadline or self.model.now)
            self.both(
                lambda: act(booking_id=row.pk, by=row.person, now=self.model.now),
                lambda: self.model.accept(card) if says_yes else self.model.decline(table, card),
            )

    @rule(number=any_of_them, agrees=st.booleans())
    def decide(self, number: int, agrees: bool) -> None:
        if picked := self.pick(number, "requested"):
            table, card, row = picked
            self.both(
                lambda: actions.decide_request(
                    booking_id=row.pk, by=self.decider, is_agreed=agrees, reason="So", now=self.model.now
                ),
                lambda: self.model.decide(table, card, agrees=agrees),
            )

    @rule(number=session_range, capacity=st.integers(0, 3))
    def change_capacity(self, number: int, capacity: int) -> None:
        self.both(
            lambda: sessions.change_capacity(
                session_id=self.sessions[number].pk, capacity=capacity, by=None, now=self.model.now
            ),
            lambda: self.model.set_capacity(self.model.tables[number], capacity),
        )

    @rule(hours=st.sampled_from([5, 13, 25]))
    def time_passes(self, hours: int) -> None:
        self.model.pass_time(hours)
        offers.end_offers(now=self.model.now)
        offers.end_requests(now=self.model.now)

    @rule(number=any_of_them)
    def let_an_offer_run_out(self, number: int) -> None:
        """Somebody gives a place back, and whoever is offered it says nothing for a day."""
        self.cancel(number)
        self.time_passes(25)

    @rule(person=people_range)
    def let_a_request_run_out(self, person: int) -> None:
        """Somebody asks to go where somebody has to agree, and nobody says a word until it has begun."""
        table = self.model.tables[TO_AGREE]
        self.book(TO_AGREE, person)
        if self.model.now < table.starts_at:
            self.time_passes(-(-(table.starts_at - self.model.now) // timedelta(hours=1)))

    @rule(number=session_range, is_snowing=st.integers(0, 3))
    def call_off(self, number: int, is_snowing: int) -> None:
        if is_snowing == 0:
            self.both(
                lambda: sessions.cancel_session(
                    session_id=self.sessions[number].pk, reason="Snow", by=None, now=self.model.now
                ),
                lambda: self.model.call_off(self.model.tables[number]),
            )

    @rule(number=any_of_them, marks=st.lists(st.sampled_from(MARKS), min_size=2, max_size=4))
    def keep_the_register(self, number: int, marks: list[str]) -> None:
        """Mark one person, wait for the session if it has not begun, and mark again."""
        if picked := self.pick(number, "booked"):
            table, card, row = picked
            for mark in marks:
                self.mark(table, card, row, mark)
                if self.model.now < table.starts_at:
                    self.time_passes(-(-(table.starts_at - self.model.now) // timedelta(hours=1)))

    def mark(self, table: Table, card: Card, row: Booking, mark: str) -> None:
        part = self.sessions[table.number].parts.get()
        wanted = registers.Mark(mark, 45 if mark == "part" else None)
        self.both(
            lambda: registers.mark_register(
                session_id=part.session_id,
                part_id=part.pk,
                marks={row.pk: wanted},
                by=None,
                now=self.model.now,
            ),
            lambda: self.model.mark(table, card, mark),
        )

    # What has to agree --------------------------------------------------------------------
    @invariant()
    def places_agree(self) -> None:
        held = {one.pk: one for one in Session.objects.all()}
        bookings = defaultdict(list)
        for row in Booking.objects.order_by("position"):
            bookings[row.session_id].append((row.person_id, row.state, row.position))
        for session, table in zip(self.sessions, self.model.tables, strict=True):
            one = held[session.pk]
            assert bookings[one.pk] == [
                (self.people[card.person].pk, card.state, card.position) for card in table.cards
            ]
            states = Counter(card.state for card in table.cards)
            assert (one.booked_count, one.offered_count) == (states["booked"], states["offered"])
            assert (one.capacity, one.status == Session.Status.CANCELLED) == (
                table.capacity,
                table.is_cancelled,
            )

    @invariant()
    def planned_and_ledger_agree(self) -> None:
        planned, counted, credits = Counter(), Counter(), Counter()
        for table in self.model.tables:
            for card in table.cards:
                pk = self.people[card.person].pk
                planned[pk] += MINUTES * (card.state == "booked" and card.mark == "unmarked")
                counted[pk] += {"present": MINUTES, "part": 45}.get(card.mark, 0)
                credits[pk] += card.credits
        plans = PlannedCredit.objects.values_list("person_id").annotate(Sum("minutes"))
        entries = LedgerEntry.objects.order_by().values_list("person_id").annotate(Sum("minutes"))
        first = LedgerEntry.objects.filter(reverses__isnull=True).order_by().values_list("person_id")
        assert +Counter(dict(plans)) == +planned
        assert +Counter(dict(entries)) == +counted
        assert +Counter(dict(first.annotate(Count("pk")))) == +credits

    @invariant()
    def letters_agree(self) -> None:
        kinds = Message.objects.filter(person__in=self.people).values_list("person_id", "kind")
        real = Counter(kinds)
        due = {
            (self.people[person].pk, f"booking_{kind}"): number
            for (person, kind), number in self.model.letters.items()
        }
        assert dict(real) == due

    @invariant()
    def the_trail_ends_where_things_stand(self) -> None:
        trail = apps.get_model("courses", "BookingEvent").objects
        last = (
            trail.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id").values_list("pgh_obj_id", "state")
        )
        assert dict(last) == dict(Booking.objects.values_list("pk", "state"))


def play(examples: int) -> None:
    """So many games, each of which leaves the world as it was."""
    Machine.world = make_world()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=8,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if examples > 120 else [Phase.generate],
        ),
    )


def test_sixty_games_agree():
    play(60)


@pytest.mark.full
def test_two_thousand_games_agree():
    play(2000)


def nobody_is_promoted(monkeypatch):
    for module in (actions, offers, sessions):
        monkeypatch.setattr(module, "fill_all", lambda *args: [])
    monkeypatch.setattr(sessions, "fill", lambda *args: [])


def places_are_not_given_back(monkeypatch):
    monkeypatch.setattr(actions, "count_places", lambda *args, **changes: None)


def nothing_is_planned(monkeypatch):
    monkeypatch.setattr(Changes, "plan", lambda *args, **kwargs: None)


def plans_stay(monkeypatch):
    monkeypatch.setattr(Changes, "unplan", lambda *args, **kwargs: None)


def nobody_is_told(monkeypatch):
    monkeypatch.setattr(Changes, "tell", lambda *args, **kwargs: None)


def nothing_is_reversed(monkeypatch):
    monkeypatch.setattr(registers, "reverse_many", lambda *args, **kwargs: [])


def clashes_are_not_seen(monkeypatch):
    monkeypatch.setattr(actions.rules, "clash_of", lambda *args: None)


def offers_are_ended_by_nobody(monkeypatch):
    monkeypatch.setattr(offers, "sessions_with_ended_offers", lambda **kwargs: [])


def requests_are_ended_by_nobody(monkeypatch):
    monkeypatch.setattr(offers, "sessions_with_undecided_requests", lambda **kwargs: [])


def the_last_is_first(monkeypatch):
    real = places.who_can_take_a_place
    monkeypatch.setattr(places, "who_can_take_a_place", lambda *args: real(*args).order_by("-position"))


def marks_are_not_written(monkeypatch):
    monkeypatch.setattr(Attendance.objects, "bulk_create", lambda *args, **kwargs: [])


# Games -----------------------------------------------------------------------------------------
# Each was found by the machine where it had been set against a mutant; `a_crowd` comes before it.
Game = Callable[[Machine], object]


def nothing_more(game: Machine) -> None:
    """The crowd asks, and that is all."""


def first_gives_up(game: Machine) -> None:
    game.cancel(0)


def first_asks_for_a_clash(game: Machine) -> None:
    game.book(1, 0)


def an_offer_runs_out(game: Machine) -> None:
    game.let_an_offer_run_out(0)


def a_request_runs_out(game: Machine) -> None:
    game.let_a_request_run_out(3)


def first_is_marked_twice(game: Machine) -> None:
    game.keep_the_register(0, ["present", "present", "absent"])  # the first is refused: it has not begun


MUTANTS: dict[Callable[[pytest.MonkeyPatch], None], Game] = {
    nobody_is_promoted: first_gives_up,
    places_are_not_given_back: first_gives_up,
    nothing_is_planned: nothing_more,
    plans_stay: first_gives_up,
    nobody_is_told: nothing_more,
    nothing_is_reversed: first_is_marked_twice,
    clashes_are_not_seen: first_asks_for_a_clash,
    offers_are_ended_by_nobody: an_offer_runs_out,
    requests_are_ended_by_nobody: a_request_runs_out,
    the_last_is_first: first_gives_up,
    marks_are_not_written: first_is_marked_twice,
}


def replay(game: Game) -> None:
    """One game, move by move; portal and model have to agree at its end."""
    Machine.world = make_world()
    machine = Machine()
    try:
        machine.a_crowd(places=1, offer_hours=12 if game is an_offer_runs_out else None)
        game(machine)
        machine.places_agree()
        machine.planned_and_ledger_agree()
        machine.letters_agree()
        machine.the_trail_ends_where_things_stand()
    finally:
        machine.teardown()


@pytest.mark.parametrize("game", dict.fromkeys(MUTANTS.values()), ids=lambda game: game.__name__)
def test_a_found_game_agrees(game):
    replay(game)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_mutant_is_found(mutant, monkeypatch):
    """The control: each way of doing it wrong makes its game disagree."""
    mutant(monkeypatch)

    with pytest.raises(Exception):  # noqa: B017 - whichever comparison or constraint is first
        replay(MUTANTS[mutant])


@pytest.mark.full
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_random_games_find_a_mutant(mutant, monkeypatch):
    mutant(monkeypatch)

    with pytest.raises(Exception):  # noqa: B017 - whichever comparison or constraint is first
        play(120)
