"""How long the demo trust of 1,500 people takes to write, part by part (issue, section 8). Prints the figures."""

import time

import pytest

from bwt_cpd.demo.trust import make_demo_trust

pytestmark = pytest.mark.bench

PEOPLE = 1500
BAR = 30.0  # seconds, on two cores


class Clock:
    """Stops the time of what was said last whenever something new is said."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self.last = "tables and years"
        self.since = self.started = time.perf_counter()

    def say(self, words: str) -> None:
        now = time.perf_counter()
        self.parts[self.last] = self.parts.get(self.last, 0) + now - self.since
        self.last, self.since = words, now

    @property
    def whole(self) -> float:
        return time.perf_counter() - self.started


def test_the_demo_trust_is_written_in_half_a_minute(cloned_database, capsys):
    clock = Clock()
    make_demo_trust(count=PEOPLE, seed=1, on=clock.today(), say=clock.say)
    clock.say("")

    with capsys.disabled():
        print(f"\n  {PEOPLE:,} people in {clock.whole:.1f} s (at most {BAR:.0f})")
        for part, seconds in clock.parts.items():
            print(f"    {seconds:5.1f} s  {part}")
    assert clock.whole < BAR
