"""What can be chosen on the team page; all of it is in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bwt_cpd.states import state_of
from entitlements.models import StatementStatus

MINE, ALL = "mine", "all"
SORTS = {"name": "Name", "least": "Least counted first", "school": "School", "next": "Next booking"}


@dataclass(frozen=True)
class TeamChoice:
    """One reader's choice. Whatever the address says that is not known is as if it were not said."""

    scope: str = ""
    words: str = ""
    school: str = ""
    status: str = ""
    sort: str = "name"

    @classmethod
    def of(cls, data: Mapping[str, str], *, school_codes: Sequence[str]) -> TeamChoice:
        """Read the address."""

        def one_of(name: str, known: Sequence[str], default: str = "") -> str:
            value = data.get(name, "")
            return value if value in known else default

        return cls(
            scope=one_of("show", [MINE, ALL]),
            words=data.get("q", "").strip()[:80],
            school=one_of("school", list(school_codes)),
            status=one_of("status", StatementStatus.values),
            sort=one_of("sort", list(SORTS), "name"),
        )

    def chips(self, schools: Mapping[str, str]) -> list[dict[str, str]]:
        """The filters chosen, each of which can be taken out."""
        found = []
        if self.words:
            found.append({"words": f"“{self.words}”", "name": "q", "value": self.words})
        if self.school:
            found.append({"words": schools[self.school], "name": "school", "value": self.school})
        if self.status:
            found.append({"words": state_of(self.status).words, "name": "status", "value": self.status})
        return found
