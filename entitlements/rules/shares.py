"""What each entry adds to what counts, one by one (R10, R12): recorded beside counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from entitlements.rules.policy import CountsAs, EntitlementPolicy
from entitlements.rules.statement import CreditFacts


@dataclass(frozen=True)
class GroupShare:
    """One capped group: what is recorded, what of it counts, and the most that could; whole minutes."""

    counts_as: CountsAs
    recorded_minutes: int
    counted_minutes: int
    cap_minutes: int

    @property
    def is_full(self) -> bool:
        """Whether more of this kind would add nothing."""
        return self.counted_minutes >= self.cap_minutes


def counted_shares(
    entries: Iterable[CreditFacts], entitlement_minutes: int, policy: EntitlementPolicy
) -> list[int]:
    """For each entry, in the order given, the minutes by which it raises what counts.

    They sum to what `counted_by_group` gives for all of them. An entry beyond its group's cap, or for a
    body that has a higher one already, adds 0 or a part of itself.
    """
    recorded = dict.fromkeys(CountsAs, 0)
    highest: dict[str, int] = {}
    shares = []
    for entry in entries:
        group = entry.counts_as
        before = recorded[group]
        if group is CountsAs.NOMINAL:
            body = entry.body.strip().lower()
            held = highest.get(body, 0)
            highest[body] = max(held, entry.minutes)
            recorded[group] += highest[body] - held
        else:
            recorded[group] += entry.minutes
        cap = policy.cap_minutes(group, entitlement_minutes)
        if cap is None:
            shares.append(recorded[group] - before)
        else:
            shares.append(min(recorded[group], cap) - min(before, cap))
    return shares


def capped_groups(
    entries: Iterable[CreditFacts], entitlement_minutes: int, policy: EntitlementPolicy
) -> list[GroupShare]:
    """The capped groups in which anything is recorded."""
    given = list(entries)
    shares = counted_shares(given, entitlement_minutes, policy)
    found = []
    for group in CountsAs:
        cap = policy.cap_minutes(group, entitlement_minutes)
        recorded = sum(entry.minutes for entry in given if entry.counts_as is group)
        if cap is None or not recorded:
            continue
        counted = sum(share for entry, share in zip(given, shares, strict=True) if entry.counts_as is group)
        found.append(GroupShare(group, recorded, counted, cap))
    return found
