"""Each form of the table sent twenty times at once, over HTTP (RELIABILITY row 5)."""

from __future__ import annotations

import pytest

from tests.system.repeats.cases import differences
from tests.system.repeats.routes import PARTS
from tests.system.web_server import serving


@pytest.mark.parametrize("part", PARTS)
def test_each_form_sent_twenty_times_at_once(cloned_database, part, request):
    with serving(cloned_database, application="tests.system.quick_passwords:application") as port:
        found = list(differences(port, PARTS[part], request.getfixturevalue))

    assert not found, "\n".join(found)
