"""Who gets which answer at the addresses of coaching; things of this part beside it."""

from __future__ import annotations

from pathways.models import CoachingAgreement
from tests.factories.pathways_coaching import (
    CoachingAgreementFactory,
    CoachingMeetingFactory,
    CoachProfileFactory,
)
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

# An agreement is its two people's alone: neither manager nor head nor people team sees it.
NOBODY_ELSE = "nnnnnnnL"
#                                       smhltpna
TABLE: dict[str, Entry] = {
    "pathways:coaching-mine": page(ALL),
    "pathways:coaching-find": page(ALL, ALL),
    "pathways:coaching-offer": page(ALL, ALL),
    "pathways:coaching-figures": page("nnynnynL"),
    "pathways:coaching-agreement": of(
        "coaching of mine", own=row(ALL), school=row(NOBODY_ELSE), other=row(NOBODY_ELSE)
    ),
    # `own` is the coachee's: only the coach answers, only the coachee withdraws.
    "pathways:coaching-answer": of(
        "coaching of mine", own=row(post="xxxxxxxL"), school=row(post=NOBODY_ELSE)
    ),
    "pathways:coaching-withdraw": of("coaching of mine", own=row(post=ALL), school=row(post=NOBODY_ELSE)),
    "pathways:coaching-end": of("coaching of mine", own=row(post=ALL), school=row(post=NOBODY_ELSE)),
    "pathways:coaching-log": of("coaching of mine", own=row(post=ALL), school=row(post=NOBODY_ELSE)),
    "pathways:coaching-meeting-remove": of(
        "coaching meeting", own=row(post=ALL), school=row(post=NOBODY_ELSE)
    ),
}


def _agreement(made_for: World, role: str, scope: str) -> CoachingAgreement:
    return CoachingAgreementFactory(coachee=made_for.owner(role, scope).person)


THINGS: dict[str, Maker] = {
    "coaching of mine": lambda made_for, role, scope: {"pk": _agreement(made_for, role, scope).pk},
    "coaching meeting": lambda made_for, role, scope: {
        "pk": CoachingMeetingFactory(agreement=_agreement(made_for, role, scope)).pk
    },
}
world.ROWS.update(
    {
        "pathways.coachprofile": lambda made_for: CoachProfileFactory(),
    }
)
