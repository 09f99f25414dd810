"""Tests of the demo trust. `ON` is the day as of which the one of the fixture `trust` is made."""

from datetime import date

ON = date(2026, 11, 24)
