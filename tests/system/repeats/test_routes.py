"""The table of forms is whole: every address that takes a POST has a case or a reason why it needs none."""

from __future__ import annotations

from tests.system.repeats.routes import NEEDS_NONE, posted_to, with_a_case


def test_every_address_that_takes_a_post_has_a_case_or_a_reason():
    stated = with_a_case() | NEEDS_NONE.keys()

    assert sorted(posted_to() - stated) == [], "give them a case in tests/system/repeats/"
    assert sorted(stated - posted_to()) == [], "these take no POST any more"


def test_what_has_a_case_needs_no_reason():
    assert sorted(with_a_case() & NEEDS_NONE.keys()) == []
