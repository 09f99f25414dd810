"""RELIABILITY row 14: every state × step × state × capacity, stated here and compared, in rules and in SQL."""

from itertools import product

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from pathways.models import RouteDecision, RouteRequest
from pathways.rules.requests import ALLOWED, Capacity, RequestState, RequestStep, is_allowed, steps_from
from tests.factories.pathways_requests import WAYS, RouteFactory, a_request_in
from tests.factories.staff import PersonFactory

ME, PT = "requester", "people_team"
BY_MANAGER = ("line_manager", "headteacher", PT)
BY_BUDGET = ("budget_holder", "headteacher", PT)

# Reviewed by hand: who may take which step from which state to which. Nothing else may happen.
STATED = [
    ("draft", "sent", "manager", [ME]),
    ("draft", "withdrawn", "withdrawn", [ME]),
    ("manager", "supported", "budget", BY_MANAGER),
    ("manager", "asked", "questioned", BY_MANAGER),
    ("manager", "declined", "declined", BY_MANAGER),
    ("manager", "withdrawn", "withdrawn", [ME]),
    ("budget", "funded", "people", BY_BUDGET),
    ("budget", "asked", "questioned", BY_BUDGET),
    ("budget", "declined", "declined", BY_BUDGET),
    ("budget", "withdrawn", "withdrawn", [ME]),
    ("people", "checked", "agreed", [PT]),
    ("people", "checked", "finance", [PT]),
    ("people", "checked", "panel", [PT]),
    ("people", "asked", "questioned", [PT]),
    ("people", "declined", "declined", [PT]),
    ("people", "withdrawn", "withdrawn", [ME]),
    ("finance", "covered", "agreed", ["finance"]),
    ("finance", "asked", "questioned", ["finance"]),
    ("finance", "declined", "declined", ["finance"]),
    ("finance", "withdrawn", "withdrawn", [ME]),
    ("panel", "awarded", "agreed", [PT]),
    ("panel", "asked", "questioned", [PT]),
    ("panel", "declined", "declined", [PT]),
    ("panel", "withdrawn", "withdrawn", [ME]),
    ("questioned", "answered", "manager", [ME]),
    ("questioned", "answered", "budget", [ME]),
    ("questioned", "answered", "people", [ME]),
    ("questioned", "answered", "finance", [ME]),
    ("questioned", "answered", "panel", [ME]),
    ("questioned", "withdrawn", "withdrawn", [ME]),
    ("declined", "appealed", "appealed", [ME]),
    ("appealed", "upheld", "manager", [PT]),
    ("appealed", "upheld", "budget", [PT]),
    ("appealed", "upheld", "people", [PT]),
    ("appealed", "upheld", "finance", [PT]),
    ("appealed", "upheld", "panel", [PT]),
    ("appealed", "dismissed", "closed", [PT]),
    ("agreed", "started", "on_programme", [PT]),
    ("agreed", "withdrawn", "withdrawn", [ME, PT]),
    ("on_programme", "paused", "on_break", [PT]),
    ("on_programme", "completed", "completed", [PT]),
    ("on_programme", "withdrawn", "withdrawn", [ME, PT]),
    ("on_break", "resumed", "on_programme", [PT]),
    ("on_break", "withdrawn", "withdrawn", [ME, PT]),
]
MAY = {(source, step, target, who) for source, step, target, whose in STATED for who in whose}
PRODUCT = list(product(RequestState, RequestStep, RequestState, Capacity))


def test_product_is_what_is_stated():
    wrong = [one for one in PRODUCT if is_allowed(*one) != (tuple(part.value for part in one) in MAY)]
    assert wrong == []
    assert len(ALLOWED) == len(MAY)


def test_steps_offered_are_those_of_the_table():
    for state, capacity in product(RequestState, Capacity):
        expected = {step for source, step, _, who in MAY if (source, who) == (state, capacity)}
        assert {step.value for step in steps_from(state, capacity)} == expected


# The same in SQL ---------------------------------------------------------------------------
INSERT = """
    INSERT INTO pathways_routedecision (request_id, number, requester_id, actor_id, capacity, step, from_state,
        to_state, reason_code, words, made_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'cost', 'Because.', now())
"""


@pytest.fixture
def decider(db):
    return PersonFactory()


def _taken(cursor, sql, values):
    """Whether the statement passes; undone either way."""
    cursor.execute("SAVEPOINT trial")
    try:
        cursor.execute(sql, values)
    except DatabaseError:
        return False
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT trial")
    return True


def _insert(cursor, request, decider, step, source, target, who):
    actor = request.person_id if who == ME else decider.pk
    number = request.decision_count + 1
    values = [request.pk, number, request.person_id, actor, who, step, source, target]
    return _taken(cursor, INSERT, values)


def test_database_takes_the_stated_decisions_and_no_other(decider):
    """One request in each state, and every step × state × capacity after it."""
    assert set(WAYS) == {state.value for state in RequestState}
    requests = {
        state: a_request_in(state, route=RouteFactory(code=f"S{number}"), decider=decider)
        for number, state in enumerate(WAYS)
    }
    with connection.cursor() as cursor:
        wrong = [
            (source, step, target, who)
            for source, step, target, who in PRODUCT
            if _insert(cursor, requests[source], decider, step.value, source.value, target.value, who.value)
            != ((source.value, step.value, target.value, who.value) in MAY)
        ]
    assert wrong == []


def test_database_refuses_a_decision_that_does_not_follow_on_the_state(decider):
    request = a_request_in("manager", decider=decider)
    with connection.cursor() as cursor:
        assert not _insert(cursor, request, decider, "funded", "budget", "people", "budget_holder")
        assert _insert(cursor, request, decider, "supported", "manager", "budget", "line_manager")


@pytest.mark.parametrize("capacity", [one.value for one in Capacity if one != "requester"])
def test_database_refuses_a_decision_on_ones_own(capacity, decider):
    for state in ("manager", "budget", "people", "finance", "panel", "appealed", "agreed"):
        request = a_request_in(state, route=RouteFactory(code=f"{state[:6]}"), decider=decider)
        with connection.cursor() as cursor:
            for step, target in {
                (step, to) for source, step, to, who in MAY if (source, who) == (state, capacity)
            }:
                assert not _insert(cursor, request, request.person, step, state, target, capacity)


def test_database_refuses_every_change_of_state_without_its_decision(decider):
    update = "UPDATE pathways_routerequest SET state = %s, decision_count = %s WHERE id = %s"
    for number, source in enumerate(WAYS):
        request = a_request_in(source, route=RouteFactory(code=f"S{number}"), decider=decider)
        with connection.cursor() as cursor:
            for target, more in product(RequestState, (0, 1)):
                if target.value == source and not more:
                    continue
                values = [target.value, request.decision_count + more, request.pk]
                assert not _taken(cursor, update, values), (source, target)


def test_database_refuses_a_request_that_does_not_begin_as_a_draft(decider):
    draft = a_request_in("draft")
    for state in RequestState:
        request = RouteRequest(person=draft.person, route=RouteFactory(code="OTHER"), state=state.value)
        if state == RequestState.DRAFT:
            continue
        with pytest.raises(DatabaseError), transaction.atomic():
            request.save()


def test_database_keeps_decisions_for_good(decider):
    decision = a_request_in("manager", decider=decider).decisions.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        RouteDecision.objects.filter(pk=decision.pk).update(words="Other words")
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.delete()


def test_control_without_the_trigger_the_illegal_change_passes(decider):
    request = a_request_in("manager", decider=decider)
    with pgtrigger.ignore("pathways.RouteRequest:moves_by_decision"):
        RouteRequest.objects.filter(pk=request.pk).update(state="agreed")
    assert RouteRequest.objects.get(pk=request.pk).state == "agreed"


def test_control_without_the_trigger_a_decision_can_be_rewritten(decider):
    decision = a_request_in("manager", decider=decider).decisions.get()
    with pgtrigger.ignore("pathways.RouteDecision:append_only"):
        RouteDecision.objects.filter(pk=decision.pk).update(words="Other words")
    assert RouteDecision.objects.get(pk=decision.pk).words == "Other words"
