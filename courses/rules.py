"""Who may have a place, who is next, and the sentences that say why.

Facts in, answers out: no database, no clock. Moments are aware datetimes; days are London days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from staff.wording import counted, date_words, in_london, ordinal, time_words, when

EVERYONE = "all"
PARTNERS = "partner"


@dataclass(frozen=True)
class Employment:
    """A contract as far as booking asks: its days, where, and the groups an audience may name."""

    starts_on: date
    ends_on: date | None
    school_id: int
    groups: frozenset[str]

    def covers(self, on: date) -> bool:
        """Whether it is in force on the day; both ends are inside."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class HeldTime:
    """A part of another session for which the person has a place, booked or offered."""

    starts_at: datetime
    ends_at: datetime
    session_id: int
    booking_id: int
    title: str

    @property
    def words(self) -> str:
        """ "Adaptive teaching, Thu 10 Dec 2026, 15:45–17:45"."""
        return f"{self.title}, {when(self.starts_at, self.ends_at)}"


@dataclass(frozen=True)
class Booker:
    """Somebody who asks for a place."""

    employments: tuple[Employment, ...] = ()
    is_partner: bool = False
    held: tuple[HeldTime, ...] = ()

    def works_on(self, on: date) -> bool:
        """Whether they have a contract on that day or come from a partner trust."""
        return self.is_partner or any(one.covers(on) for one in self.employments)


@dataclass(frozen=True)
class Occasion:
    """A session as booking sees it. `parts` are its dated spans; counters are places, whole numbers."""

    session_id: int
    starts_at: datetime
    ends_at: datetime
    parts: tuple[tuple[datetime, datetime], ...]
    capacity: int
    booked: int = 0
    offered: int = 0
    is_cancelled: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    needs_approval: bool = False
    offer_hours: int | None = None
    own_school_id: int | None = None
    own_school_name: str = ""
    audience: frozenset[str] = frozenset()
    audience_words: str = ""

    @property
    def places_left(self) -> int:
        """Places neither booked nor offered."""
        return self.capacity - self.booked - self.offered

    @property
    def on(self) -> date:
        """The London day on which it begins."""
        local = in_london(self.starts_at)
        return local.date() if isinstance(local, datetime) else local


@dataclass(frozen=True)
class Verdict:
    """May they, and if not, why: a code for screens and a sentence for the person."""

    is_allowed: bool
    code: str = ""
    sentence: str = ""
    clash: HeldTime | None = None


ALLOWED = Verdict(is_allowed=True)


def may_book(session: Occasion, booker: Booker, now: datetime) -> Verdict:
    """Whether this person may ask for a place now; the first reason against it is the one said.

    A full session is no reason: then they wait. Codes: cancelled, past, not_open, closed,
    not_employed, own_school, audience, clash.
    """
    return _open_now(session, now) or _for_them(session, booker) or _free_then(session, booker) or ALLOWED


def may_have_freed_place(session: Occasion, booker: Booker) -> Verdict:
    """Whether somebody who waits can take a place now: still with the trust or a partner, and free then."""
    return _still_here(session, booker) or _free_then(session, booker) or ALLOWED


CANCELLED = "This session was cancelled."


def _open_now(session: Occasion, now: datetime) -> Verdict | None:
    if session.is_cancelled:
        return Verdict(False, "cancelled", CANCELLED)
    if session.starts_at <= now:
        return Verdict(False, "past", f"This session began on {_moment(session.starts_at)}.")
    if session.opens_at and now < session.opens_at:
        return Verdict(False, "not_open", f"Booking opens on {_moment(session.opens_at)}.")
    if session.closes_at and session.closes_at <= now:
        return Verdict(False, "closed", f"Booking closed on {_moment(session.closes_at)}.")
    return None


def no_contract_on(day: date) -> str:
    """Why a leaver has no place on a later session, told to them."""
    return f"You have no contract with the trust on {date_words(day)}."


def _still_here(session: Occasion, booker: Booker) -> Verdict | None:
    if booker.works_on(session.on):
        return None
    return Verdict(False, "not_employed", no_contract_on(session.on))


def _for_them(session: Occasion, booker: Booker) -> Verdict | None:
    if gone := _still_here(session, booker):
        return gone
    then = [one for one in booker.employments if one.covers(session.on)]
    if session.own_school_id is not None and session.own_school_id not in {one.school_id for one in then}:
        return Verdict(False, "own_school", f"This session is for staff of {session.own_school_name}.")
    groups = frozenset[str]().union(*(one.groups for one in then))
    if booker.is_partner:
        groups |= {PARTNERS}
    if is_in_audience(session.audience, groups):
        return None
    return Verdict(False, "audience", is_for(session.audience_words))


def is_for(audience_words: str) -> str:
    """Why a course isn't for the reader: it says who it is for."""
    return f"This course is for: {audience_words}."


def is_in_audience(audience: Collection[str], groups: Collection[str]) -> bool:
    """Whether a course for `audience` is for somebody of these groups; no audience is everybody."""
    return not audience or EVERYONE in audience or not set(audience).isdisjoint(groups)


def _free_then(session: Occasion, booker: Booker) -> Verdict | None:
    clash = clash_of(session.session_id, session.parts, booker.held)
    if clash is None:
        return None
    return Verdict(False, "clash", you_have_place_then(clash), clash)


def you_have_place_then(clash: HeldTime) -> str:
    """Why the reader can't have two places at the same time."""
    return f"You already have a place at that time: {clash.words}."


def clash_of(
    session_id: int, parts: Iterable[tuple[datetime, datetime]], held: Sequence[HeldTime]
) -> HeldTime | None:
    """The first held time of another session that overlaps; touching ends do not."""
    spans = list(parts)
    for one in sorted(held, key=lambda time: time.starts_at):
        if one.session_id != session_id and any(
            one.starts_at < end and start < one.ends_at for start, end in spans
        ):
            return one
    return None


def state_on_asking(*, needs_approval: bool, places_left: int) -> str:
    """What a booking becomes: requested where somebody has to agree, booked with a place, else waiting."""
    if needs_approval:
        return "requested"
    return "booked" if places_left > 0 else "waiting"


def state_on_freed_place(offer_hours: int | None) -> str:
    """What a waiting booking becomes: booked at once, or offered where the session gives time to answer."""
    return "offered" if offer_hours else "booked"


def offer_ends(now: datetime, offer_hours: int, starts_at: datetime) -> datetime:
    """Until when an offered place is held: so many hours, but never past the start."""
    return min(now + timedelta(hours=offer_hours), starts_at)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in the waiting list: the sentence, short words, and the reasons.

    `who` is "You", or the name where somebody else reads it.
    """

    place: int
    of: int
    reasons: tuple[str, ...]
    what_happens: str
    who: str = "You"

    @property
    def short(self) -> str:
        """ "3rd of 9 waiting"."""
        return f"{ordinal(self.place)} of {self.of} waiting"

    @property
    def sentence(self) -> str:
        """ "You are 3rd of 9 waiting."."""
        return f"{self._who_is} {self.short}."

    @property
    def because(self) -> str:
        """ "You are 3rd of 9 because", as the heading over the reasons."""
        return f"{self._who_is} {ordinal(self.place)} of {self.of} because"

    @property
    def why(self) -> str:
        """The reasons as sentences: "You joined on …, after two others. Places go …"."""
        return " ".join(f"{reason[0].upper()}{reason[1:].rstrip(';.')}." for reason in self.reasons)

    @property
    def _who_is(self) -> str:
        return f"{self.who} {'are' if self.who == 'You' else 'is'}"


def standing(
    *,
    place: int,
    of: int,
    asked_at: datetime,
    offer_hours: int | None,
    obstacle: Verdict = ALLOWED,
    name: str = "",
) -> Standing:
    """Say where somebody stands and why, to themselves; to another reader with a `name`.

    `obstacle`: why a place would pass them by as things are. Another reader is not told what else they booked.
    """
    ahead = f"after {_people(place - 1)}" if place > 1 else "before everybody else who waits"
    reasons = [
        f"{name or 'you'} joined on {_moment(asked_at)}, {ahead};",
        "places go to people in the order they asked; nobody has priority by role.",
    ]
    if not obstacle.is_allowed:
        why = obstacle.sentence if not name else _obstacle_of(name, obstacle)
        reasons.append(f"As things are, a free place goes to the next person. {why}")
    whom = "them" if name else "you"
    if offer_hours:
        held = counted(offer_hours, "hour")
        happens = f"If a place comes free we offer it to {whom} by e-mail and here, and hold it for {held}."
    else:
        theirs = "theirs" if name else "yours"
        happens = f"If a place comes free it is {theirs} at once, and we tell {whom} by e-mail and here."
    return Standing(place, of, tuple(reasons), happens, name or "You")


def _obstacle_of(name: str, obstacle: Verdict) -> str:
    if obstacle.code == "clash":
        return f"{name} already has a place elsewhere at that time."
    return f"{name} has no contract with the trust on the day of this session."


HAS_BEGUN = "The session has begun. Tell the trainer, who marks the register."


def may_cancel(state: str, starts_at: datetime, now: datetime) -> str:
    """Why a booking cannot be cancelled any more; empty when it can."""
    if state not in ("requested", "offered", "booked", "waiting"):
        return "This booking is already over."
    if state == "booked" and starts_at <= now:
        return HAS_BEGUN
    return ""


def minutes_out_of_range(most: int) -> str:
    """Why so many minutes, or none, cannot be attendance in part of a part this long."""
    return f"Minutes in part are between 1 and {most}, the length of this part."


def minutes_refused(minutes: int | None, part_minutes: int) -> str:
    """Why these minutes cannot stand for attendance in part; empty when they can."""
    if minutes is None:
        return "Say how many minutes they were there."
    if not 0 < minutes <= part_minutes:
        return minutes_out_of_range(part_minutes)
    return ""


def _moment(at: datetime) -> str:
    return f"{date_words(at)} at {time_words(at)}"


def _people(number: int) -> str:
    words = ("", "one other", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[1] if number == 1 else f"{words[number] if number < len(words) else number} others"
