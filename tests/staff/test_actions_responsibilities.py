"""Lending decisions."""

from datetime import date

import pytest

from staff.actions.responsibilities import delegate, end_delegation
from staff.models import Delegation
from staff.queries.deciders import may_decide_about
from staff.refusals import ActionRefused

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


def _lend(giver, receiver, by=None, starts_on=FIRST, ends_on=LAST):
    return delegate(
        from_person=giver.person,
        to_person=receiver.person,
        starts_on=starts_on,
        ends_on=ends_on,
        by=(by or giver).person,
    )


def test_delegate_lets_somebody_decide_in_ones_stead(line_manager, teacher, cpd_lead):
    _lend(line_manager, cpd_lead)

    assert may_decide_about(cpd_lead.person, teacher.person, FIRST)


def test_delegating_and_ending_twice_is_once(line_manager, cpd_lead, teacher):
    first, second = _lend(line_manager, cpd_lead), _lend(line_manager, cpd_lead)

    assert second == first
    assert Delegation.objects.count() == 1
    for _ in range(2):
        end_delegation(delegation_id=first.pk, by=line_manager.person, today=date(2026, 11, 24))
    assert not Delegation.objects.exists()


def test_the_people_team_may_delegate_for_somebody(line_manager, cpd_lead, people_team, teacher):
    _lend(line_manager, cpd_lead, by=people_team)

    assert Delegation.objects.count() == 1


def test_delegate_is_refused_to_oneself_to_outsiders_twice_and_backwards(
    line_manager, cpd_lead, teacher, outsider, partner
):
    _lend(line_manager, cpd_lead)

    for call in (
        lambda: _lend(line_manager, line_manager),
        lambda: _lend(line_manager, outsider, by=cpd_lead),
        lambda: _lend(line_manager, partner),
        lambda: _lend(line_manager, cpd_lead, starts_on=LAST, ends_on=LAST),
        lambda: _lend(line_manager, outsider, starts_on=LAST, ends_on=FIRST),
        lambda: _lend(teacher, outsider),
    ):
        with pytest.raises(ActionRefused):
            call()
    assert Delegation.objects.count() == 1


def test_end_delegation_takes_it_back_at_once(line_manager, cpd_lead, teacher):
    delegation = _lend(line_manager, cpd_lead)

    end_delegation(delegation_id=delegation.pk, by=line_manager.person, today=date(2026, 12, 5))

    assert not may_decide_about(cpd_lead.person, teacher.person, date(2026, 12, 5))
    assert may_decide_about(cpd_lead.person, teacher.person, date(2026, 12, 4))


def test_end_delegation_before_it_began_removes_it_and_strangers_may_not(
    line_manager, cpd_lead, teacher, outsider
):
    delegation = _lend(line_manager, cpd_lead)

    with pytest.raises(ActionRefused):
        end_delegation(delegation_id=delegation.pk, by=outsider.person, today=FIRST)
    end_delegation(delegation_id=delegation.pk, by=cpd_lead.person, today=date(2026, 11, 24))

    assert not Delegation.objects.exists()
