"""How the catalogue says whom a course is for and what it counts."""

from __future__ import annotations

from collections.abc import Sequence

from entitlements.durations import in_hours
from staff.models import StaffGroup

MOST = 2
_GROUPS = dict(StaffGroup.choices)
_DAYS = {"DAY": "One working day", "HALF_DAY": "Half a working day"}


def audience_word(word: str) -> str:
    """ "Everyone" for all, "Teachers" for a staff group, a job family as it is called."""
    if word == "all":
        return "Everyone"
    if word == "partner":
        return "Partner trusts"
    return str(_GROUPS.get(word, word))


def audience_words(audience: Sequence[str], *, most: int = MOST) -> str:
    """ "Teaching, Classroom support and 3 more"; everybody where nobody is named."""
    words = list(dict.fromkeys(audience_word(word) for word in audience))
    if not words or "all" in audience:
        return "Everyone"
    if len(words) <= most + 1:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def worth_words(unit: str, minutes: int, *, days: int | None = None) -> str:
    """What full attendance counts: "2 hours", or of a kind in days the own working day, "One working day" (R8).

    `days`: on how many days it takes place, where that is known.
    """
    if unit not in _DAYS:
        return in_hours(minutes)
    if days == 1:
        return _DAYS[unit]
    return f"{_DAYS[unit]}, for each {f'of {days} days' if days else 'day of it'}"
