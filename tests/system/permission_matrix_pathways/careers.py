"""Who gets which answer at the addresses of the career pathways; things of this part beside it."""

from __future__ import annotations

from datetime import date

from pathways.models import Goal, HeldCpd, Pathway, Rung, RungCpd, RungVoice
from staff import clock
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

# What somebody says of themselves and works towards is theirs alone: not their manager's either.
NOBODY_ELSE = "nnnnnnnL"
TABLE: dict[str, Entry] = {
    "pathways:pathway-list": page(ALL),
    "pathways:pathway-detail": of("pathway", any=row(ALL)),
    "pathways:rung-detail": of("step of a pathway", any=row(ALL)),
    "pathways:goal": page(ALL),
    "pathways:goal-set": of("rung", any=row(post=ALL)),
    "pathways:goal-share": of("goal that stands", own=row(post=ALL)),
    "pathways:goal-drop": of("goal that stands", own=row(post=ALL)),
    "pathways:goal-reached": of("goal that stands", own=row(post=ALL)),
    "pathways:goal-undo": of(
        "goal that is over", own=row(post=ALL), school=row(post=NOBODY_ELSE), other=row(post=NOBODY_ELSE)
    ),
    "pathways:held-say": of("line of a rung", any=row(ALL, ALL)),
    "pathways:held-take-back": of(
        "held", own=row(post=ALL), school=row(post=NOBODY_ELSE), other=row(post=NOBODY_ELSE)
    ),
    "pathways:voice-write": of("rung", any=row(post=ALL)),
    "pathways:voice-remove": of(
        "voice", own=row(post=ALL), school=row(post=NOBODY_ELSE), other=row(post=NOBODY_ELSE)
    ),
}


def _rung() -> Rung:
    pathway, _ = Pathway.objects.get_or_create(slug="classroom", name="Classroom")
    return Rung.objects.get_or_create(pathway=pathway, number=1)[0]


def _line() -> RungCpd:
    return RungCpd.objects.get_or_create(rung=_rung(), words="A course", defaults={"need": "required"})[0]


def _standing(made_for: World, role: str, scope: str) -> dict[str, object]:
    """The goal is found by its owner: the address names nothing."""
    Goal.objects.get_or_create(person=made_for.owner(role, scope).person, rung=_rung(), ended_at=None)
    return {}


def _over(made_for: World, role: str, scope: str) -> dict[str, object]:
    goal = Goal.objects.create(person=made_for.owner(role, scope).person, rung=_rung(), ended_at=clock.now())
    return {"pk": goal.pk}


def _held(made_for: World, role: str, scope: str) -> dict[str, object]:
    person = made_for.owner(role, scope).person
    held, _ = HeldCpd.objects.get_or_create(
        person=person, cpd=_line(), defaults={"held_on": date(2025, 1, 8)}
    )
    return {"pk": held.pk}


def _voice(made_for: World, role: str, scope: str) -> dict[str, object]:
    person = made_for.owner(role, scope).person
    return {"pk": RungVoice.objects.get_or_create(person=person, rung=_rung(), words="Good.")[0].pk}


THINGS: dict[str, Maker] = {
    "pathway": lambda made_for, role, scope: {"slug": _rung().pathway.slug},
    "step of a pathway": lambda made_for, role, scope: {"slug": _rung().pathway.slug, "number": 1},
    "rung": lambda made_for, role, scope: {"pk": _rung().pk},
    "line of a rung": lambda made_for, role, scope: {"pk": _line().pk},
    "goal that stands": _standing,
    "goal that is over": _over,
    "held": _held,
    "voice": _voice,
}
world.ROWS.update(
    {
        "pathways.pathway": lambda made_for: _rung().pathway,
        "pathways.rung": lambda made_for: _rung(),
        "pathways.rungvoice": lambda made_for: RungVoice.objects.get_or_create(
            person=made_for.colleague.person, rung=_rung(), words="Good."
        )[0],
    }
)
