"""Each form of the table sent many times at once, over HTTP (RELIABILITY row 5)."""

from __future__ import annotations

import pytest

from tests.system.repeats.cases import TIMES, differences
from tests.system.repeats.routes import CASES, EACH_KIND_OF_GUARD, PARTS
from tests.system.web_server import serving

FEW = 6


def presses(case: str) -> int:
    """Twenty for one form of each kind of guard, six for the others."""
    return TIMES if case in EACH_KIND_OF_GUARD.values() else FEW


@pytest.mark.parametrize("part", PARTS)
def test_each_form_sent_many_times_at_once(cloned_database, part, request):
    with serving(cloned_database, application="tests.system.quick_passwords:application") as port:
        found = list(differences(port, PARTS[part], request.getfixturevalue, presses))

    assert not found, "\n".join(found)


@pytest.mark.full
@pytest.mark.parametrize("part", PARTS)
def test_each_form_sent_twenty_times_at_once(cloned_database, part, request):
    with serving(cloned_database, application="tests.system.quick_passwords:application") as port:
        found = list(differences(port, PARTS[part], request.getfixturevalue))

    assert not found, "\n".join(found)


def test_each_kind_of_guard_has_a_case():
    assert set(EACH_KIND_OF_GUARD.values()) <= CASES.keys()
