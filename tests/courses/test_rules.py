"""Who may have a place, who is next, and what is said: `courses.rules`, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from courses import rules
from courses.rules import Booker, Employment, HeldTime, Occasion

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 12, 10, 15, 45, tzinfo=UTC)
END = START + timedelta(hours=2)
HERE, ELSEWHERE = 1, 2

OPEN = Occasion(
    session_id=7,
    starts_at=START,
    ends_at=END,
    parts=((START, END),),
    capacity=2,
    audience=frozenset({"Teaching"}),
    audience_words="Teaching",
    own_school_name="Beanfield Primary School",
)
TEACHER = Booker((Employment(date(2020, 9, 1), None, HERE, frozenset({"Teaching", "teacher"})),))


def held(starts_at: datetime, ends_at: datetime, session_id: int = 99) -> HeldTime:
    return HeldTime(starts_at, ends_at, session_id, 5, "Phonics")


@pytest.mark.parametrize(
    ("session", "booker", "code", "sentence"),
    [
        ({}, {}, "", ""),
        ({"is_cancelled": True}, {}, "cancelled", "This session was cancelled."),
        ({"starts_at": NOW}, {}, "past", "This session began on Tue 24 Nov 2026 at 09:00."),
        (
            {"opens_at": NOW + timedelta(seconds=1)},
            {},
            "not_open",
            "Booking opens on Tue 24 Nov 2026 at 09:00.",
        ),
        ({"opens_at": NOW}, {}, "", ""),
        ({"closes_at": NOW}, {}, "closed", "Booking closed on Tue 24 Nov 2026 at 09:00."),
        ({"closes_at": NOW + timedelta(seconds=1)}, {}, "", ""),
        ({}, {"employments": ()}, "not_employed", "You have no contract with the trust on Thu 10 Dec 2026."),
        (
            {},
            {
                "employments": (
                    Employment(date(2020, 9, 1), date(2026, 12, 9), HERE, frozenset({"Teaching"})),
                )
            },
            "not_employed",
            "You have no contract with the trust on Thu 10 Dec 2026.",
        ),
        (
            {},
            {
                "employments": (
                    Employment(date(2026, 12, 10), date(2026, 12, 10), HERE, frozenset({"Teaching"})),
                )
            },
            "",
            "",
        ),
        ({"own_school_id": HERE}, {}, "", ""),
        (
            {"own_school_id": ELSEWHERE},
            {},
            "own_school",
            "This session is for staff of Beanfield Primary School.",
        ),
        (
            {"audience": frozenset({"Catering"}), "audience_words": "Catering"},
            {},
            "audience",
            "This course is for: Catering.",
        ),
        ({"audience": frozenset({"teacher"})}, {}, "", ""),
        ({"audience": frozenset({"all"})}, {}, "", ""),
        ({"audience": frozenset()}, {}, "", ""),
        ({"audience": frozenset({"all"})}, {"employments": (), "is_partner": True}, "", ""),
        ({"audience": frozenset({"partner"})}, {"employments": (), "is_partner": True}, "", ""),
        ({}, {"employments": (), "is_partner": True}, "audience", "This course is for: Teaching."),
        (
            {},
            {"held": (held(START - timedelta(hours=1), START + timedelta(minutes=1)),)},
            "clash",
            "You already have a place at that time: Phonics, Thu 10 Dec 2026, 14:45–15:46.",
        ),
        ({}, {"held": (held(START - timedelta(hours=1), START),)}, "", ""),
        ({}, {"held": (held(END, END + timedelta(hours=1)),)}, "", ""),
        ({}, {"held": (held(START, END, session_id=7),)}, "", ""),
        ({"booked": 2}, {}, "", ""),
    ],
)
def test_may_book(session, booker, code, sentence):
    verdict = rules.may_book(replace(OPEN, **session), replace(TEACHER, **booker), NOW)

    assert (verdict.is_allowed, verdict.code, verdict.sentence) == (not code, code, sentence)


def test_a_clash_in_any_part_is_found_and_named():
    later = START + timedelta(days=7)
    session = replace(OPEN, parts=((START, END), (later, later + timedelta(hours=2))))
    clash = held(later + timedelta(hours=1), later + timedelta(hours=3))

    verdict = rules.may_book(session, replace(TEACHER, held=(clash,)), NOW)

    assert verdict.clash == clash


def test_the_london_day_counts_for_the_contract():
    # 23:30 UTC on 30 June is the first of July on the clocks here.
    start = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    session = replace(OPEN, starts_at=start, ends_at=start + timedelta(hours=1), parts=())
    from_july = Booker((Employment(date(2027, 7, 1), None, HERE, frozenset({"Teaching"})),))

    assert rules.may_book(session, from_july, NOW).is_allowed


def test_a_freed_place_asks_only_for_employment_and_time():
    closed = replace(OPEN, closes_at=NOW - timedelta(days=1), audience=frozenset({"Catering"}))

    assert rules.may_have_freed_place(closed, TEACHER).is_allowed
    assert rules.may_have_freed_place(closed, Booker()).code == "not_employed"
    busy = replace(TEACHER, held=(held(START, END),))
    assert rules.may_have_freed_place(closed, busy).code == "clash"


@pytest.mark.parametrize(
    ("needs_approval", "places_left", "state"),
    [
        (True, 5, "requested"),
        (True, 0, "requested"),
        (False, 1, "booked"),
        (False, 0, "waiting"),
        (False, -1, "waiting"),
    ],
)
def test_state_on_asking(needs_approval, places_left, state):
    assert rules.state_on_asking(needs_approval=needs_approval, places_left=places_left) == state


def test_a_freed_place_is_offered_where_the_session_gives_time():
    assert [rules.state_on_freed_place(hours) for hours in (None, 0, 24)] == ["booked", "booked", "offered"]


def test_an_offer_never_outlasts_the_start():
    assert rules.offer_ends(NOW, 24, START) == NOW + timedelta(hours=24)
    assert rules.offer_ends(START - timedelta(hours=3), 24, START) == START


def test_standing_says_where_and_why():
    asked = datetime(2026, 11, 16, 8, 12, tzinfo=UTC)

    stands = rules.standing(place=3, of=9, asked_at=asked, offer_hours=24)

    assert stands.sentence == "You are 3rd of 9 waiting."
    assert stands.reasons == (
        "you joined on Mon 16 Nov 2026 at 08:12, after two others;",
        "places go to people in the order they asked; nobody has priority by role.",
    )
    assert stands.because == "You are 3rd of 9 because"
    assert stands.why == (
        "You joined on Mon 16 Nov 2026 at 08:12, after two others. "
        "Places go to people in the order they asked; nobody has priority by role."
    )
    assert stands.what_happens == (
        "If a place comes free we offer it to you by e-mail and here, and hold it for 24 hours."
    )


def test_standing_speaks_to_another_reader_by_name_and_keeps_what_else_is_booked():
    obstacle = rules.may_have_freed_place(OPEN, replace(TEACHER, held=(held(START, END),)))

    stands = rules.standing(place=1, of=2, asked_at=NOW, offer_hours=24, obstacle=obstacle, name="Ann Ash")

    assert stands.because == "Ann Ash is 1st of 2 because"
    assert stands.sentence == "Ann Ash is 1st of 2 waiting."
    assert stands.reasons[0] == (
        "Ann Ash joined on Tue 24 Nov 2026 at 09:00, before everybody else who waits;"
    )
    assert stands.reasons[2] == (
        "As things are, a free place goes to the next person. "
        "Ann Ash already has a place elsewhere at that time."
    )
    assert stands.what_happens == (
        "If a place comes free we offer it to them by e-mail and here, and hold it for 24 hours."
    )


def test_standing_says_what_would_let_a_place_pass_by():
    obstacle = rules.may_have_freed_place(OPEN, replace(TEACHER, held=(held(START, END),)))

    stands = rules.standing(place=1, of=1, asked_at=NOW, offer_hours=None, obstacle=obstacle)

    assert stands.reasons[0] == "you joined on Tue 24 Nov 2026 at 09:00, before everybody else who waits;"
    assert stands.reasons[2] == (
        "As things are, a free place goes to the next person. "
        "You already have a place at that time: Phonics, Thu 10 Dec 2026, 15:45–17:45."
    )
    assert (
        stands.what_happens
        == "If a place comes free it is yours at once, and we tell you by e-mail and here."
    )


@pytest.mark.parametrize(
    ("state", "starts_at", "refused"),
    [
        ("booked", START, False),
        ("booked", NOW, True),
        ("waiting", NOW, False),
        ("offered", NOW, False),
        ("requested", START, False),
        ("cancelled", START, True),
        ("lapsed", START, True),
        ("declined", START, True),
    ],
)
def test_may_cancel(state, starts_at, refused):
    assert bool(rules.may_cancel(state, starts_at, NOW)) is refused


@pytest.mark.parametrize(
    ("minutes", "refused"), [(None, True), (0, True), (1, False), (120, False), (121, True), (-5, True)]
)
def test_minutes_in_part_fit_the_part(minutes, refused):
    assert bool(rules.minutes_refused(minutes, 120)) is refused
