"""Who gets which answer at the addresses of learning needs; things of this part beside it."""

from __future__ import annotations

from typing import Any

from pathways.models import NeedsLevel, NeedsPlanLine, PlanItem, SurveyTheme
from tests.factories.pathways_needs import (
    CompetencyFactory,
    NeedsCycleFactory,
    NeedsRatingFactory,
    RoleProfileFactory,
)
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

# Reports are for whoever plans CPD: the head (and CPD lead) of a school, the people team of the trust.
PLANNERS = "nnynnynL"
OF_THE_TRUST = "nnxnnynL"
#                                       smhltpna
TABLE: dict[str, Entry] = {
    "pathways:needs-mine": page(ALL, ALL),
    "pathways:needs-team": page(ALL),
    "pathways:needs-person": of("person", own=row("nnnnnnnL"), school=row("nyynnynL"), other=row("nnnnnynL")),
    # The other school has no head: where nobody is nearer the people team rates.
    "pathways:needs-person-rate": of(
        "person", own=row(post="nnnnnnnL"), school=row(post="nyynnxnL"), other=row(post="nnnnnynL")
    ),
    "pathways:needs-person-moderate": of(
        "person", own=row(post="nnnnnnnL"), school=row(post="nxxnnynL"), other=row(post="nnnnnynL")
    ),
    "pathways:needs-heatmap": page(PLANNERS),
    "pathways:needs-heatmap-download": page(PLANNERS),
    "pathways:needs-progress": page(PLANNERS),
    "pathways:needs-demand": page(PLANNERS),
    "pathways:needs-line-add": page(post=OF_THE_TRUST),
    "pathways:needs-themes": page(PLANNERS),
    "pathways:needs-themes-import": page(OF_THE_TRUST, OF_THE_TRUST),
    "pathways:needs-theme-trace": of("survey theme", any=row(post=OF_THE_TRUST)),
    "pathways:plan": page(ALL),
    "pathways:plan-add": page(post=ALL),
    "pathways:plan-done": of(
        "plan item", own=row(post=ALL), school=row(post="nnnnnnnL"), other=row(post="nnnnnnnL")
    ),
    "pathways:plan-drop": of(
        "plan item", own=row(post=ALL), school=row(post="nnnnnnnL"), other=row(post="nnnnnnnL")
    ),
}


def _theme(made_for: World) -> SurveyTheme:
    return SurveyTheme.objects.get_or_create(cycle=NeedsCycleFactory(), title="Time")[0]


def _item(made_for: World, person: Any) -> PlanItem:
    number = PlanItem.objects.count()
    return PlanItem.objects.create(person=person, created_by=person, title=f"Line {number}")


THINGS: dict[str, Maker] = {
    "survey theme": lambda made_for, role, scope: {"pk": _theme(made_for).pk},
    "plan item": lambda made_for, role, scope: {"pk": _item(made_for, made_for.owner(role, scope).person).pk},
}
world.ROWS.update(
    {
        "pathways.competency": lambda made_for: CompetencyFactory(),
        "pathways.roleprofile": lambda made_for: RoleProfileFactory(),
        "pathways.needslevel": lambda made_for: NeedsLevel.objects.get_or_create(level=2, words="Working")[0],
        "pathways.needscycle": lambda made_for: NeedsCycleFactory(),
        "pathways.needsrating": lambda made_for: NeedsRatingFactory(person=made_for.colleague.person),
        "pathways.planitem": lambda made_for: _item(made_for, made_for.colleague.person),
        "pathways.needsplanline": lambda made_for: NeedsPlanLine.objects.create(
            cycle=NeedsCycleFactory(), title="A line", owner="people", created_by=made_for.colleague.person
        ),
        "pathways.surveytheme": _theme,
    }
)
