"""RELIABILITY row 14: every state × step × state × capacity, stated here and compared, in rules and in SQL."""

from datetime import timedelta
from itertools import count, product

import pytest
from django.db import DatabaseError, connection, transaction

from pathways.models import RouteDecision, RouteRequest
from pathways.rules.requests import (
    ALLOWED,
    ASKED_OF,
    DECIDING,
    Capacity,
    RequestState,
    RequestStep,
    after_checks,
    is_allowed,
    steps_from,
)
from staff import clock
from tests.factories.pathways_requests import WAYS, RouteFactory, a_request_in, talked_over
from tests.factories.staff import PersonFactory
from tests.triggers import without_triggers

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
# Reviewed by hand: who says yes for a part of the trust. Nobody takes two of these steps of one request.
SAYS_YES = {"supported", "funded", "checked", "covered", "awarded"}
MAY = {(source, step, target, who) for source, step, target, whose in STATED for who in whose}
PRODUCT = list(product(RequestState, RequestStep, RequestState, Capacity))


def test_product_is_what_is_stated():
    wrong = [one for one in PRODUCT if is_allowed(*one) != (tuple(part.value for part in one) in MAY)]
    assert wrong == []
    assert len(ALLOWED) == len(MAY)


def test_deciding_steps_are_those_stated():
    assert {step.value for step in DECIDING} == SAYS_YES


# Reviewed by hand: where a checked request goes, by kind, payer and forecast.
AFTER_CHECKS = {
    ("apprenticeship", "levy", None): "agreed",
    ("apprenticeship", "levy", 0): "agreed",
    ("apprenticeship", "levy", -1): "finance",
    ("apprenticeship", "private", None): "agreed",
    ("apprenticeship", "private", -1): "agreed",
    ("masters", "trust", None): "panel",
    ("masters", "trust", -1): "panel",
    ("masters", "levy", -1): "panel",
    ("npq", "dfe", -1): "agreed",
}


@pytest.mark.parametrize(("facts", "target"), list(AFTER_CHECKS.items()))
def test_checked_request_goes_where_its_facts_lead(facts, target):
    assert after_checks(*facts) == target


def test_steps_offered_are_those_of_the_table():
    for state, capacity in product(RequestState, Capacity):
        expected = {step for source, step, _, who in MAY if (source, who) == (state, capacity)}
        assert {step.value for step in steps_from(state, capacity)} == expected


# The same in SQL ---------------------------------------------------------------------------
INSERT = """
    INSERT INTO pathways_routedecision (request_id, number, requester_id, actor_id, capacity, step, from_state,
        to_state, on_behalf_of_id, reason_code, words, effective_on, made_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'cost', 'Because.', '2026-11-02', portal_now())
"""
NUMBERS = count(1)
WAITING = ("manager", "budget", "people", "finance", "panel")


@pytest.fixture
def decider(db):
    return PersonFactory()


# A savepoint for each of 46,000 attempts takes a minute of CPU; a subtransaction inside one statement a tenth
# of that. What is neither a constraint's nor a trigger's refusal, such as a misspelt column, fails the test.
TRIAL = """
    CREATE OR REPLACE FUNCTION pg_temp.passes(statements text[]) RETURNS boolean[] LANGUAGE plpgsql AS $$
    DECLARE
        statement text;
        passed boolean[] := '{}';
    BEGIN
        FOREACH statement IN ARRAY statements LOOP
            BEGIN
                EXECUTE statement;
                RAISE EXCEPTION USING ERRCODE = 'PASSD';
            EXCEPTION
                WHEN SQLSTATE 'PASSD' THEN passed := passed || true;
                WHEN raise_exception OR integrity_constraint_violation THEN passed := passed || false;
            END;
        END LOOP;
        RETURN passed;
    END $$
"""


def _which_pass(cursor, statements):
    """Whether each statement (SQL, values) passes, tried on its own; all are undone."""
    cursor.execute(TRIAL)
    cursor.execute("SELECT pg_temp.passes(%s)", [[cursor.mogrify(*one).decode() for one in statements]])
    return cursor.fetchone()[0]


def _decision(request, decider, step, source, target, who, on_behalf_of=None):
    """The statement that writes this decision, and its values."""
    actor = request.person_id if who == ME else decider.pk
    number = request.decision_count + 1
    stand_in = on_behalf_of and on_behalf_of.pk
    return INSERT, [request.pk, number, request.person_id, actor, who, step, source, target, stand_in]


def _taken(cursor, sql, values):
    """Whether this one statement passes; undone either way."""
    return _which_pass(cursor, [(sql, values)]) == [True]


def _insert(cursor, *decision, **more):
    """Whether the database takes this one decision; undone either way."""
    return _taken(cursor, *_decision(*decision, **more))


def _a_request(state, kind="apprenticeship", **fields):
    if kind == "masters":
        fields = {"funded_by": "trust", **fields}
    return a_request_in(state, route=RouteFactory(code=f"S{next(NUMBERS)}", kind=kind), **fields)


def _step(request, step, to, who, actor=None):
    """Walk on by one step, as the database demands."""
    is_own = who == ME
    RouteDecision.objects.create(
        request=request, number=request.decision_count + 1, requester=request.person, capacity=who, step=step,
        actor=request.person if is_own else actor or PersonFactory(), from_state=request.state, to_state=to,
        reason_code="cost", words="Because.", effective_on="2026-11-02", made_at=clock.now(),
    )  # fmt: skip
    request.state, request.decision_count = to, request.decision_count + 1
    request.save()
    return request


def _kind_at(state):
    return "masters" if state == "panel" else "apprenticeship"


def _asked_in(state):
    return _step(_a_request(state, _kind_at(state)), "asked", "questioned", next(iter(ASKED_OF[state])))


def _appealed_in(state):
    request = _step(_a_request(state, _kind_at(state)), "declined", "declined", next(iter(ASKED_OF[state])))
    return _step(request, "appealed", "appealed", ME)


def _discussed(request):
    talked_over(request)
    return request


def _not(*steps):
    """The stated moves of a state without these (step, target)."""
    return lambda step, target: (step, target) not in steps


def _back_to(step, state):
    """Of the stated moves of a state: this step to this state alone."""
    return lambda taken, target: taken != step or target == state


_CHECKED = [("checked", "agreed"), ("checked", "finance"), ("checked", "panel")]
# Reviewed by hand: the way that the facts of a request leave of what is stated for its state. In every state
# that is not here, all of it.
WAYS_LEFT = {
    "manager, not talked over": (lambda: _a_request("manager"), _not(("supported", "budget"))),
    "manager, talked over": (lambda: _discussed(_a_request("manager")), _not()),
    "manager, talked over before it was declined": (
        lambda: _step(_declined_after_talk(), "upheld", "manager", PT),
        _not(("supported", "budget")),
    ),
    "apprenticeship, no forecast": (lambda: _a_request("people"), _not(*_CHECKED[1:])),
    "apprenticeship, forecast 0": (
        lambda: _a_request("people", levy_forecast_pence=0),
        _not(*_CHECKED[1:]),
    ),
    "apprenticeship, forecast below 0": (
        lambda: _a_request("people", levy_forecast_pence=-1),
        _not(_CHECKED[0], _CHECKED[2]),
    ),
    "apprenticeship, paid privately, forecast below 0": (
        lambda: _a_request("people", funded_by="private", levy_forecast_pence=-1),
        _not(*_CHECKED[1:]),
    ),
    "masters": (lambda: _a_request("people", "masters"), _not(*_CHECKED[:2])),
    "masters, forecast below 0": (
        lambda: _a_request("people", "masters", levy_forecast_pence=-1, funded_by="levy"),
        _not(*_CHECKED[:2]),
    ),
    "npq, forecast below 0": (
        lambda: _a_request("people", "npq", funded_by="dfe", levy_forecast_pence=-1),
        _not(*_CHECKED[1:]),
    ),
    **{
        f"questioned by {state}": (
            lambda state=state: _asked_in(state),
            _back_to("answered", state),
        )
        for state in WAITING
    },
    **{
        f"appealed after {state}": (
            lambda state=state: _appealed_in(state),
            _back_to("upheld", state),
        )
        for state in WAITING
    },
    "declined, for the second time": (
        lambda: _step(
            _step(_appealed_in("manager"), "upheld", "manager", PT), "declined", "declined", "line_manager"
        ),
        _not(("appealed", "appealed")),
    ),
    **{
        f"any other way in {state}": (lambda state=state: _a_request(state, _kind_at(state)), _not())
        for state in WAYS
        if state not in {"manager", "people", "questioned", "appealed"}
    },
}


def _declined_after_talk():
    request = _discussed(_a_request("manager"))
    made_at = clock.now()
    request.discussions.update(written_at=made_at - timedelta(days=1))
    return _step(_step(request, "declined", "declined", "line_manager"), "appealed", "appealed", ME)


@pytest.mark.parametrize("way", list(WAYS_LEFT))
def test_database_takes_the_stated_decisions_of_this_way_and_no_other(way, decider):
    """One request, and every step × state × capacity after it."""
    make, is_left = WAYS_LEFT[way]
    request = make()
    tried = [
        (step.value, target.value, who.value)
        for step, target, who in product(RequestStep, RequestState, Capacity)
    ]
    with connection.cursor() as cursor:
        passed = _which_pass(
            cursor,
            [_decision(request, decider, step, request.state, target, who) for step, target, who in tried],
        )
    stated = {
        (step, target, who)
        for step, target, who in tried
        if (request.state, step, target, who) in MAY and is_left(step, target)
    }
    assert {one for one, has_passed in zip(tried, passed, strict=True) if has_passed} == stated


@pytest.mark.django_db
def test_every_state_is_gone_through():
    assert {make().state for make, _ in WAYS_LEFT.values()} == {state.value for state in RequestState}


# Reviewed by hand: who took which step before whom is refused in which state. In place of the state × role
# product with one more side: the same person in each deciding step and in each state after it.
@pytest.mark.parametrize("state", ["budget", "people", "finance", "panel"])
@pytest.mark.parametrize("by_delegation", [False, True])
def test_database_refuses_two_deciding_steps_by_one_person(state, by_delegation, decider):
    kind = _kind_at(state)
    taken = [step for step in ("supported", "funded", "checked") if step in _steps_to(state)]
    for before in taken:
        request = _a_request(state, kind, deciders={before: decider})
        for step, target, who in {
            (step, target, who)
            for source, step, target, who in MAY
            if source == state and who != ME and (source, step) != ("people", "checked")
        }:
            actor, stand_in = (PersonFactory(), decider) if by_delegation else (decider, None)
            with connection.cursor() as cursor:
                assert not _insert(cursor, request, actor, step, state, target, who, stand_in), (before, step)
                assert _insert(cursor, request, PersonFactory(), step, state, target, who), (before, step)


def test_who_decided_in_each_state_is_stated():
    assert [_steps_to(state) for state in ("budget", "people", "finance", "panel")] == [
        {"supported"},
        {"supported", "funded"},
        {"supported", "funded", "checked"},
        {"supported", "funded", "checked"},
    ]


def _steps_to(state):
    order = ("supported", "funded", "checked")
    return set(order[: {"budget": 1, "people": 2}.get(state, 3)])


def test_database_refuses_a_stand_in_for_the_requester_or_for_oneself(decider):
    request = _a_request("budget")
    step = ("funded", "budget", "people", "budget_holder")
    with connection.cursor() as cursor:
        assert not _insert(cursor, request, decider, *step, on_behalf_of=request.person)
        assert not _insert(cursor, request, decider, *step, on_behalf_of=decider)
        assert _insert(cursor, request, decider, *step, on_behalf_of=PersonFactory())
        assert not _insert(
            cursor, request, decider, "withdrawn", "budget", "withdrawn", ME, on_behalf_of=decider
        )


def test_database_refuses_the_appeal_to_who_declined(decider):
    request = a_request_in("appealed", deciders={"declined": decider})
    other = PersonFactory()
    with connection.cursor() as cursor:
        for step in ("upheld", "dismissed"):
            target = "manager" if step == "upheld" else "closed"
            assert not _insert(cursor, request, decider, step, "appealed", target, PT)
            assert not _insert(cursor, request, other, step, "appealed", target, PT, on_behalf_of=decider)
            assert _insert(cursor, request, other, step, "appealed", target, PT)


@pytest.mark.parametrize("state", ["agreed", "on_programme", "on_break"])
def test_database_refuses_to_withdraw_somebody_else_without_words_or_a_day(state, decider):
    request = _a_request(state)
    start = [request.pk, request.decision_count + 1, request.person_id, decider.pk, PT, "withdrawn", state]
    with connection.cursor() as cursor:
        assert _taken(cursor, INSERT, [*start, "withdrawn", None])
        assert not _taken(cursor, INSERT.replace("'Because.'", "''"), [*start, "withdrawn", None])
        dateless = INSERT.replace("'2026-11-02'", "NULL")
        assert _taken(cursor, dateless, [*start, "withdrawn", None]) == (state == "agreed")


def test_control_without_the_trigger_an_answer_skips_the_way(decider):
    request = _asked_in("manager")
    with without_triggers("pathways_routedecision.follows_the_request"), connection.cursor() as cursor:
        assert _insert(cursor, request, decider, "answered", "questioned", "panel", ME)
        assert not _insert(cursor, request, decider, "answered", "questioned", "agreed", ME)


def test_database_refuses_a_decision_that_does_not_follow_on_the_state(decider):
    request = _discussed(a_request_in("manager"))
    with connection.cursor() as cursor:
        assert not _insert(cursor, request, decider, "funded", "budget", "people", "budget_holder")
        assert _insert(cursor, request, decider, "supported", "manager", "budget", "line_manager")


@pytest.mark.parametrize("capacity", [one.value for one in Capacity if one != "requester"])
def test_database_refuses_a_decision_on_ones_own(capacity, decider):
    for state in ("manager", "budget", "people", "finance", "panel", "appealed", "agreed"):
        request = _a_request(state, _kind_at(state))
        with connection.cursor() as cursor:
            for step, target in {
                (step, to) for source, step, to, who in MAY if (source, who) == (state, capacity)
            }:
                assert not _insert(cursor, request, request.person, step, state, target, capacity)


def test_database_refuses_every_change_of_state_without_its_decision(decider):
    update = "UPDATE pathways_routerequest SET state = %s, decision_count = %s WHERE id = %s"
    for source in WAYS:
        request = _a_request(source, _kind_at(source))
        changes = [
            (update, [target.value, request.decision_count + more, request.pk])
            for target, more in product(RequestState, (0, 1))
            if target.value != source or more
        ]
        with connection.cursor() as cursor:
            assert not any(_which_pass(cursor, changes)), source


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
    with without_triggers("pathways_routerequest.moves_by_decision"):
        RouteRequest.objects.filter(pk=request.pk).update(state="agreed")
    assert RouteRequest.objects.get(pk=request.pk).state == "agreed"


def test_control_without_the_trigger_a_decision_can_be_rewritten(decider):
    decision = a_request_in("manager", decider=decider).decisions.get()
    with without_triggers("pathways_routedecision.kept_for_good"):
        RouteDecision.objects.filter(pk=decision.pk).update(words="Other words")
    assert RouteDecision.objects.get(pk=decision.pk).words == "Other words"
