"""Who gets which answer at the addresses of induction; things of this part beside it."""

from __future__ import annotations

from typing import Any

from pathways.models import Induction
from tests.factories.pathways_induction import (
    InductionFactory,
    InductionStepFactory,
    InductionTemplateFactory,
)
from tests.factories.staff import ContractFactory
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

#                                       smhltpna
TABLE: dict[str, Entry] = {
    "pathways:induction-mine": page(ALL),
    "pathways:induction-team": page(ALL),
    "pathways:induction-team-download": page(ALL),
    "pathways:induction-detail": of(
        "induction", own=row("yyyyyyyL"), school=row("nyynnynL"), other=row("nnnnnynL")
    ),
    "pathways:induction-buddy": of(
        "induction",
        own=row(post="xxxxxxxL"),
        school=row(post="nyynnynL"),
        other=row(post="nnnnnynL"),
    ),
    "pathways:induction-tick": of(
        "induction step", own=row(post=ALL), school=row(post="nyynnynL"), other=row(post="nnnnnynL")
    ),
    "pathways:induction-undo": of(
        "induction step", own=row(post=ALL), school=row(post="nyynnynL"), other=row(post="nnnnnynL")
    ),
}


def _induction(made_for: World, person: Any) -> Induction:
    there = Induction.objects.filter(person=person).first()
    if there is not None:
        return there
    contract = person.contracts.first() or ContractFactory(person=person, ends_on="2020-09-30")
    return InductionFactory(contract=contract)


THINGS: dict[str, Maker] = {
    "induction": lambda made_for, role, scope: {
        "pk": _induction(made_for, made_for.owner(role, scope).person).pk
    },
    "induction step": lambda made_for, role, scope: {
        "pk": InductionStepFactory(induction=_induction(made_for, made_for.owner(role, scope).person)).pk
    },
}
world.ROWS.update(
    {
        "pathways.inductiontemplate": lambda made_for: InductionTemplateFactory(),
        "pathways.induction": lambda made_for: _induction(made_for, made_for.colleague.person),
    }
)
