"""Where a teacher is on the Golden Thread, and what comes next (DOMAIN section 3, "Stage engine")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class ThreadStage(StrEnum):
    """The line from before training to leading several schools, in its order."""

    BEFORE_TRAINING = "before_training"
    TRAINEE = "trainee"
    ECT1 = "ect1"
    ECT2 = "ect2"
    TEACHER = "teacher"
    MIDDLE_LEADER = "middle_leader"
    SENIOR_LEADER = "senior_leader"
    HEAD = "head"
    EXECUTIVE = "executive"


_S = ThreadStage
ORDER: Final = tuple(ThreadStage)

BY_ROLE: Final[dict[str, ThreadStage]] = {
    "TRAINEE": _S.TRAINEE,
    "TCH-ECT": _S.ECT1,
    "TCH": _S.TEACHER,
    "TCH-LEAD": _S.MIDDLE_LEADER,
    "HOY": _S.MIDDLE_LEADER,
    "SENCO": _S.MIDDLE_LEADER,
    "LEADPRAC": _S.MIDDLE_LEADER,
    "AHT": _S.SENIOR_LEADER,
    "DHT": _S.SENIOR_LEADER,
    "HT": _S.HEAD,
    "EXH": _S.EXECUTIVE,
}
"""What a job role says by itself; an instructor without a qualification is before training."""

EARLY_HEADSHIP_YEARS: Final = 5
"""The early headship coaching offer is for heads in their first five years."""


@dataclass(frozen=True)
class Post:
    """One contract in force, as far as the thread needs it."""

    role_code: str
    staff_group: str
    school_id: int
    starts_on: date


@dataclass(frozen=True)
class ThreadFacts:
    """What is known of somebody: their posts, their induction, what the people team has set.

    `ect_year` is 1 or 2 while a statutory induction runs; `set_stage` what the people team says.
    """

    posts: tuple[Post, ...] = ()
    ect_year: int | None = None
    has_passed_induction: bool = False
    set_stage: ThreadStage | None = None
    is_placed_trainee: bool = False


def stage_of(facts: ThreadFacts) -> ThreadStage:
    """The stage, from the surest fact: induction under way, what the people team set, then the posts.

    Somebody with several posts is where the furthest of them is. A post of an early career teacher
    whose induction is completed is that of a teacher; a placed trainee without a teaching post is a trainee.
    """
    if facts.ect_year is not None:
        return _S.ECT1 if facts.ect_year == 1 else _S.ECT2
    if facts.set_stage is not None:
        return facts.set_stage
    found = max((_stage_of_post(post) for post in facts.posts), key=ORDER.index, default=_S.BEFORE_TRAINING)
    if found == _S.ECT1 and facts.has_passed_induction:
        return _S.TEACHER
    if found == _S.BEFORE_TRAINING and facts.is_placed_trainee:
        return _S.TRAINEE
    return found


def _stage_of_post(post: Post) -> ThreadStage:
    """A role that is not in the table stands by its staff group."""
    if post.role_code == "UQT":
        return _S.BEFORE_TRAINING
    if post.role_code in BY_ROLE:
        return BY_ROLE[post.role_code]
    return {"teacher": _S.TEACHER}.get(post.staff_group, _S.BEFORE_TRAINING)


@dataclass(frozen=True)
class Station:
    """One stop of the line: done, now, next or later."""

    stage: ThreadStage
    standing: str


def line_of_stations(stage: ThreadStage) -> tuple[Station, ...]:
    """The whole line, seen from a stage."""
    here = ORDER.index(stage)
    words = {-1: "done", 0: "now", 1: "next"}
    return tuple(Station(one, words.get(max(place - here, -1), "later")) for place, one in enumerate(ORDER))


@dataclass(frozen=True)
class NextStep:
    """Something that leads on. `route` is a code of `Route`, `page` a name of an address, `search` for courses."""

    title: str
    words: str
    route: str = ""
    page: str = ""
    search: str = ""


_SPECIALIST: Final = ("NPQLT", "NPQLBC", "NPQLL", "NPQLPM")
_NPQ_WORDS: Final[dict[str, tuple[str, str]]] = {
    "NPQLT": ("NPQ: Leading teaching", "Lead teaching in a subject, year group or phase."),
    "NPQLBC": ("NPQ: Leading behaviour and culture", "Lead on behaviour, attendance and how school feels."),
    "NPQLL": ("NPQ: Leading literacy", "Lead on reading, writing and talk across a school."),
    "NPQLPM": ("NPQ: Leading primary mathematics", "Lead on maths in a primary school."),
    "NPQLTD": ("NPQ: Leading teacher development", "Train and mentor other teachers."),
    "NPQSENCO": (
        "NPQ: Special educational needs co-ordinator",
        "A SENCO in post has to gain it within three years of appointment, unless they hold the older award.",
    ),
    "NPQSL": ("NPQ: Senior leadership", "For whoever leads, or is about to lead, across a school."),
    "NPQH": ("NPQ: Headship", "For whoever is, or wants to be, a head."),
    "NPQEL": ("NPQ: Executive leadership", "For whoever leads, or wants to lead, several schools."),
    "EHCO": ("Early headship coaching offer", "Coaching for heads in their first five years."),
}
_MENTOR: Final = NextStep(
    "Train as a mentor",
    "Mentors of early career teachers have a year of training, 20 hours of it funded.",
    search="mentor",
)
_ACADEMY: Final = NextStep(
    "Leadership Academy", "The trust's own two-year programme for leaders.", search="Leadership Academy"
)


def _npqs(*codes: str) -> tuple[NextStep, ...]:
    return tuple(NextStep(*_NPQ_WORDS[code], route=code) for code in codes)


_NEXT: Final[dict[ThreadStage, tuple[NextStep, ...]]] = {
    _S.BEFORE_TRAINING: (
        NextStep(
            "SCITT: train in our schools",
            "With a degree: about a year, run by schools, to qualified teacher status.",
            route="SCITT",
        ),
        NextStep(
            "Postgraduate teaching apprenticeship",
            "With a degree: a year in school, on a salary.",
            route="ST0490",
        ),
        NextStep(
            "Teacher degree apprenticeship",
            "Without one: the degree and the training in one.",
            route="ST1502",
        ),
    ),
    _S.TRAINEE: (
        NextStep(
            "Early career training",
            "Two years from your first post, with a mentor and time off the timetable.",
            search="early career",
        ),
    ),
    _S.ECT1: (
        NextStep(
            "Your second year",
            "A mentor all year and 5% off your timetable, after the first formal assessment.",
            search="early career",
        ),
    ),
    _S.ECT2: (*_npqs(*_SPECIALIST), _MENTOR),
    _S.TEACHER: (*_npqs(*_SPECIALIST, "NPQLTD"), _MENTOR),
    _S.MIDDLE_LEADER: (*_npqs("NPQLT", "NPQLTD", "NPQSL"), _ACADEMY),
    _S.SENIOR_LEADER: (*_npqs("NPQSL", "NPQH"), _ACADEMY),
    _S.HEAD: _npqs("NPQEL"),
    _S.EXECUTIVE: (
        NextStep(
            "Coach somebody on their way",
            "Heads and new leaders look for you.",
            page="pathways:coaching-offer",
        ),
    ),
}


def next_steps(stage: ThreadStage, facts: ThreadFacts, on: date) -> tuple[NextStep, ...]:
    """What leads on from a stage, the most pressing first.

    A SENCO sees theirs first; a head of less than five years the coaching offer before anything else.
    """
    found = _NEXT[stage]
    codes = {post.role_code for post in facts.posts}
    if "SENCO" in codes:
        found = (*_npqs("NPQSENCO"), *found)
    if stage == _S.HEAD and _is_early_head(facts, on):
        found = (*_npqs("EHCO"), *found)
    return found


def _is_early_head(facts: ThreadFacts, on: date) -> bool:
    since = [post.starts_on for post in facts.posts if post.role_code == "HT"]
    return bool(since) and on < _years_after(min(since), EARLY_HEADSHIP_YEARS)


def _years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
