"""What the people team has to have found out before a request goes on, by kind of route (DOMAIN section 4, step 4).

A check is met, not met or does not apply. Some have to be met for their kind; of the others "does not apply" is
said with a word why, unless the route or the payer already says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

MET, NOT_NEEDED = "met", "not_needed"

MUST_BE_MET: Final[dict[str, frozenset[str]]] = {
    "apprenticeship": frozenset({"contract", "right_to_work", "hours", "provider"}),
    "masters": frozenset({"contract"}),
    "npq": frozenset({"contract", "provider"}),
    "chartered": frozenset({"contract"}),
    "teacher_training": frozenset({"contract"}),
}
"""The checks that apply to everybody who asks for this kind of route."""
_OF_LEVY: Final = frozenset({"funding", "programme", "levy"})
CONFIRM_PAYER = "Confirm who pays."
END_NEEDED = "Write the planned end: an apprenticeship has a least length."
FEES_NEEDED = "Write the fees of each year first: the panel decides by them."


@dataclass(frozen=True)
class Found:
    """What the people team has found so far. `outcomes` are (outcome, words) by kind of check, `has_ages` is
    whether the levy pays at some ages only, `has_fees` whether the fees by year are written."""

    kind: str
    payer: str
    is_payer_confirmed: bool
    outcomes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    has_ages: bool = False
    price_pence: int | None = None
    forecast_pence: int | None = None
    ends_on: date | None = None
    has_fees: bool = False


@dataclass(frozen=True)
class Gap:
    """What is missing: the field of the form, the check it is about if any, and a sentence."""

    field: str
    check: str
    sentence: str


def gaps(found: Found) -> list[Gap]:
    """What still has to be found out or written, payer first; nothing of checks that are open or not met."""
    return [*_content(found), *_checks(found)]


def must_be_met(found: Found) -> frozenset[str]:
    """The checks that cannot be left as "does not apply"."""
    more = _OF_LEVY if found.payer == "levy" else frozenset()
    return (
        MUST_BE_MET[found.kind]
        | more
        | ({"age"} if found.has_ages and found.payer == "levy" else frozenset())
    )


def _content(found: Found) -> Iterator[Gap]:
    is_apprenticeship, is_masters = found.kind == "apprenticeship", found.kind == "masters"
    if not found.is_payer_confirmed:
        yield Gap("confirmed_payer", "", CONFIRM_PAYER)
    if found.price_pence is None and not is_masters and (is_apprenticeship or found.payer != "dfe"):
        yield Gap("price", "", "Write the agreed price.")
    if is_masters and not found.has_fees:
        yield Gap("", "", FEES_NEEDED)
    if is_apprenticeship and found.ends_on is None:
        yield Gap("planned_ends_on", "", END_NEEDED)
    if found.payer == "levy" and found.forecast_pence is None:
        yield Gap("levy_forecast", "", "Write what the levy account is forecast to hold.")


def _checks(found: Found) -> Iterator[Gap]:
    required = must_be_met(found)
    silent = {
        *({"age"} if not found.has_ages else ()),
        *({"hours"} if found.kind != "apprenticeship" else ()),
        *({"levy"} if found.payer != "levy" else ()),
    }
    for check, (outcome, words) in found.outcomes.items():
        if outcome != NOT_NEEDED:
            continue
        if check in required:
            yield Gap(f"{check}_outcome", check, "this always applies here, so it has to be met.")
        elif check not in silent and not words.strip():
            yield Gap(f"{check}_words", check, "write why it does not apply.")
