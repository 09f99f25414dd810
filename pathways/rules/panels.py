"""The budget of a Masters panel as arithmetic: allocated, awarded, left (DOMAIN section 4). Whole pence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PanelBudget:
    """What a panel may spend in all, and what its awards cost so far; allocated 0 is no fixed budget."""

    allocated_pence: int
    awarded_pence: int

    @property
    def is_fixed(self) -> bool:
        """Whether there is a budget to keep to."""
        return self.allocated_pence > 0

    @property
    def left_pence(self) -> int:
        """What is left to award; below 0 where more was awarded than allocated."""
        return self.allocated_pence - self.awarded_pence

    @property
    def over_pence(self) -> int:
        """How far the awards so far are above the budget; 0 where they are not."""
        return max(0, -self.left_pence) if self.is_fixed else 0

    def over_with(self, more_pence: int) -> int:
        """How much of a further spend is above what is left; 0 where it fits or no budget is fixed."""
        return max(0, more_pence - max(0, self.left_pence)) if self.is_fixed else 0
