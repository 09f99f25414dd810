"""`./portal test`, `test-full` and `bench`: pytest in a process of its own, with what it cost at the end."""

import argparse
import ctypes
import os
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .children import run_and_wait
from .installation import install
from .places import ROOT
from .postgres import MAJOR
from .programs import other_postgres
from .telling import say

PR_SET_CHILD_SUBREAPER = 36

BOTH_CORES = ("-n", "2", "--dist", "worksteal")
SMALL, WHOLE = "not full and not bench", "not bench"
WITHOUT_BROWSER = f"{SMALL} and not browser"
OLDEST_POSTGRES = 15  # as staff/database.py has it
NO_MORE: Mapping[str, str] = {}
INTERRUPTED = 2  # pytest's exit code after Ctrl-C
LATER = (200, 800)  # days; a date written into a test is found by one of them


def run_tests(which: str, arguments: list[str]) -> int:
    """Run the tests of a command; what follows its name goes to pytest. Returns the exit code."""
    install("dev")
    days_ahead, more = _days_ahead(arguments)
    _adopt_orphans()
    if which == "bench":
        named = any(Path(argument.partition("::")[0]).exists() for argument in more)
        return _pytest("bench", ["-s", *([] if named else ["tests/benchmarks"]), *more])
    if which == "test":
        return _pytest(WITHOUT_BROWSER if days_ahead else SMALL, [*BOTH_CORES, *more], _ahead(days_ahead))
    return _test_full([*BOTH_CORES, *more])


def _test_full(arguments: list[str]) -> int:
    """Everything, and then the tests of every commit on later days and on another PostgreSQL."""
    rounds = [(f"{days} days ahead", _ahead(days)) for days in LATER]
    if other := other_postgres(than=MAJOR, oldest=OLDEST_POSTGRES):
        rounds.append((f"on PostgreSQL {other[1]}", {"PORTAL_TEST_POSTGRES": str(other[0])}))
    codes = [_pytest(WHOLE, arguments)]
    for where, environment in rounds:
        if codes[-1] == INTERRUPTED:
            break
        say(f"\n== The tests of every commit, without the browser, {where} ==")
        codes.append(_pytest(WITHOUT_BROWSER, arguments, environment))
    if not other:
        say("NOT TESTED on another PostgreSQL than the embedded one: none is installed.")
    return max(codes)


def _ahead(days: int) -> dict[str, str]:
    """The environment of tests that run as on a later day."""
    return {"PORTAL_DAYS_AHEAD": str(days), "PORTAL_UNDER_TEST": "1"} if days else {}


def _days_ahead(arguments: list[str]) -> tuple[int, list[str]]:
    """The number after --days-ahead, and the arguments without it."""
    parser = argparse.ArgumentParser("./portal test", add_help=False, allow_abbrev=False)
    parser.add_argument("--days-ahead", type=int, default=0)
    known, more = parser.parse_known_args(arguments)
    return known.days_ahead, more


def _pytest(selected: str, arguments: Sequence[str], more: Mapping[str, str] = NO_MORE) -> int:
    """One run of pytest; says at its end what everything it started has cost."""
    os.chdir(ROOT)
    began, before = time.monotonic(), _seconds_of_children()
    code = run_and_wait([install("dev"), "-m", "pytest", "-m", selected, *arguments], {**os.environ, **more})
    _wait_for_orphans()
    cost, wall = _seconds_of_children() - before, time.monotonic() - began
    say(f"CPU {cost:.0f} s (user and system, servers and browser included), wall {wall:.0f} s")
    return code


def _adopt_orphans() -> None:
    """Inherit what the tests leave behind, so that its CPU is counted with theirs. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return


def _seconds_of_children() -> float:
    """User and system time of every child that has ended, with all that it had started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
