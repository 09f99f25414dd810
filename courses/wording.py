"""How the catalogue says whom a course is for and how it is held."""

from __future__ import annotations

from collections.abc import Sequence

from staff.models import StaffGroup

MOST = 2
_GROUPS = dict(StaffGroup.choices)


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
