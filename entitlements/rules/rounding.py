"""The one way figures are rounded (R4): exact until the end, then once, half up."""

from __future__ import annotations

from fractions import Fraction


def half_up(exact: Fraction | int) -> int:
    """An exact amount to the nearest whole minute; an exact half goes up, away from zero."""
    doubled = 2 * abs(Fraction(exact))
    nearest = (doubled.numerator // doubled.denominator + 1) // 2
    return nearest if exact >= 0 else -nearest
