"""My team as its page and its download show it: the figures of everybody's statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator

from bwt_cpd.filters import ALL, MINE, TeamChoice
from bwt_cpd.queries.team_people import (
    Member,
    Together,
    Totals,
    in_order,
    members_of,
    narrowed,
    out_together,
    people_in_scope,
    schools_of,
    totals_of,
    with_figures,
)
from bwt_cpd.queries.team_together import Beside, beside
from bwt_cpd.states import state_of
from entitlements.models import AcademicYear
from pathways.queries.induction import late_for_manager
from pathways.queries.needs_due import waiting_for_manager
from staff.models import Person, User
from staff.wording import date_words

PER_PAGE = 25
SHOWN_FIRST = 3


@dataclass(frozen=True)
class Team:
    """One page of a team."""

    page: Page
    members: list[Member]
    totals: Totals
    scope: str
    has_wider: bool
    schools: dict[str, str]
    choice: TeamChoice
    start_here: list[Member]
    together: list[Together]
    beside: dict[int, Beside]
    to_rate: int
    late_starters: str

    @property
    def rows(self) -> list[tuple[Member, Beside]]:
        """Each person of the page with what else is under way."""
        return [(one, self.beside[one.person.pk]) for one in self.members]

    @property
    def only_school(self) -> str:
        """The name of the school where there is just one."""
        return next(iter(self.schools.values())) if len(self.schools) == 1 else ""


def team_of(
    user: User,
    person: Person,
    year: AcademicYear,
    data: Mapping[str, str],
    *,
    on: date,
    now: datetime,
    number: str | None,
) -> Team:
    """The team as chosen in the address. The same number of queries for 3 people and for 1,500."""
    people, scope, has_wider = people_in_scope(user, person, on, _wish(data))
    schools = schools_of(people, on)
    choice = TeamChoice.of(data, school_codes=list(schools))
    chosen = narrowed(with_figures(people, year, on=on, now=now), choice, on)
    totals = totals_of(chosen)
    if choice.status:
        chosen = chosen.filter(status=choice.status)
    page = Paginator(in_order(chosen, choice.sort), PER_PAGE).get_page(number)
    furthest = with_figures(people, year, on=on, now=now).filter(status="behind", next_at=None, is_away=False)
    members = members_of(list(page), year, on)
    return Team(
        page=page,
        members=members,
        totals=totals,
        scope=scope,
        has_wider=has_wider,
        schools=schools,
        choice=choice,
        start_here=members_of(list(in_order(furthest, "least")[:SHOWN_FIRST]), year, on),
        together=out_together(people, now=now) if scope == MINE else [],
        beside=beside(members, reader=person, on=on),
        to_rate=waiting_for_manager(person, on),
        late_starters=late_for_manager(person, on),
    )


def _wish(data: Mapping[str, str]) -> str:
    wish = data.get("show", "")
    return wish if wish in (MINE, ALL) else ""


HEADINGS = (
    "Name",
    "Role",
    "School",
    "Status",
    "Away",
    "Target, minutes",
    "Expected by today, minutes",
    "Counted, minutes",
    "Planned, minutes",
    "Left to find, minutes",
    "Counted, per cent",
    "Next booking",
)


def team_rows(
    user: User, person: Person, year: AcademicYear, data: Mapping[str, str], *, on: date, now: datetime
) -> Iterator[list[object]]:
    """The rows of the download under HEADINGS: what the page shows, for all of its pages."""
    people, _, _ = people_in_scope(user, person, on, _wish(data))
    choice = TeamChoice.of(data, school_codes=list(schools_of(people, on)))
    chosen = narrowed(with_figures(people, year, on=on, now=now), choice, on)
    if choice.status:
        chosen = chosen.filter(status=choice.status)
    for member in members_of(list(in_order(chosen, choice.sort)), year, on):
        yield _cells(member)


def _cells(member: Member) -> list[object]:
    contract, standing = member.contract, member.standing
    is_owed = standing is not None and standing.is_owed
    figures: list[object] = [""] * 6
    if standing is not None and is_owed:
        figures = [
            standing.expected,
            standing.expected_to_date,
            standing.counted,
            standing.planned,
            standing.left,
            standing.percent,
        ]
    return [
        member.person.full_name,
        contract.job_role.title if contract else "",
        contract.school.name if contract else "",
        state_of(standing.status).words if standing else "Not computed yet",
        "Away" if member.is_away else "",
        *figures,
        date_words(member.next_at) if member.next_at else "",
    ]
