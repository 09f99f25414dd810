"""A panel keeps to its budget or says why not, and nobody judges a round they have applied to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.actions import requests as actions
from pathways.actions.panel_budget import FEES_NEEDED, above_the_budget
from pathways.actions.panels import decide_panel, rank
from pathways.actions.request_money import record_payment, set_fees
from pathways.actions.requests_programme import withdraw
from pathways.models import (
    MastersPanel,
    PanelOverspend,
    PanelRanking,
    RouteDecision,
    RouteRequest,
    RouteSignature,
)
from pathways.queries.panels import budget_of
from pathways.rules.panels import PanelBudget
from staff import clock
from staff.models import Delegation
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import ContractFactory, PersonFactory, ResponsibilityFactory
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(on):
    return MastersPanel.objects.create(
        name="Next", deadline_on=on, meets_on=on + timedelta(days=20), budget_pence=1_000_000
    )


@pytest.fixture
def judge(people_team):
    return people_team.person


def _waits(panel, fee_pence=None, percent=100, **fields):
    route = RouteFactory(code="MA", kind="masters")
    fields = {"person": None, "funded_by": "trust", "route": route, "panel": panel, **fields}
    request = a_request_in("panel", **fields)
    if fee_pence is not None:
        request.fees.create(year_number=1, fee_pence=fee_pence, trust_percent=percent)
    return request


def _colleague():
    """Another of the people team."""
    person = ContractFactory().person
    ResponsibilityFactory(person=person, kind="people_team", school=None)
    return person


class TestBudget:
    @pytest.mark.parametrize(
        ("allocated", "awarded", "more", "left", "over"),
        [
            (1000, 0, 1000, 1000, 0),
            (1000, 0, 1001, 1000, 1),
            (1000, 999, 2, 1, 1),
            (1000, 1200, 50, -200, 50),
            (0, 5000, 50, -5000, 0),  # no fixed budget
        ],
    )
    def test_what_is_left_and_what_is_above_it(self, allocated, awarded, more, left, over):
        budget = PanelBudget(allocated, awarded)

        assert (budget.left_pence, budget.over_with(more)) == (left, over)

    def test_an_award_that_fits_to_the_penny_is_given(self, panel, judge, now):
        request = _waits(panel, 1_000_000)
        actions.award(request_id=request.pk, by=judge, now=now)

        assert budget_of(panel) == PanelBudget(1_000_000, 1_000_000)
        assert not PanelOverspend.objects.exists()

    def test_a_penny_above_is_refused_without_a_reason_and_kept_with_it(self, panel, judge, now):
        request = _waits(panel, 1_000_001)
        who = {"request_id": request.pk, "by": judge, "now": now}
        with pytest.raises(ActionRefused) as refusal:
            actions.award(**who)
        assert refusal.value.sentence == above_the_budget(1_000_000, 1_000_001)
        with pytest.raises(ActionRefused) as refusal:
            actions.award(overspend_reason="  ", **who)
        assert refusal.value.sentence == above_the_budget(1_000_000, 1_000_001)
        actions.award(overspend_reason=" The trustees agreed. ", **who)

        kept = PanelOverspend.objects.get()
        assert (kept.request, kept.over_pence, kept.reason) == (request, 1, "The trustees agreed.")
        assert (kept.made_by, kept.made_at) == (judge, now)

    def test_the_budget_pays_the_trusts_share_only(self, panel, judge, now):
        request = _waits(panel, 2_000_000, percent=50)
        actions.award(request_id=request.pk, by=judge, now=now)

        assert budget_of(panel).left_pence == 0

    def test_nothing_is_awarded_from_a_budget_before_its_cost_is_written(self, panel, judge, now):
        with pytest.raises(ActionRefused) as refusal:
            actions.award(request_id=_waits(panel).pk, by=judge, now=now)
        assert refusal.value.sentence == FEES_NEEDED

    def test_nothing_is_awarded_round_the_panel_that_pays(self, panel, judge, now):
        with pytest.raises(ActionRefused) as refusal:
            actions.award(request_id=_waits(None, 1).pk, by=judge, now=now)
        assert refusal.value.sentence == actions.NO_PANEL

    def test_the_meeting_counts_all_its_awards_together(self, panel, judge, now):
        chosen = [_waits(panel, 400_000).pk for _ in range(3)]
        meeting = {
            "panel_id": panel.pk,
            "awarded": chosen,
            "declined": [],
            "words": "",
            "by": judge,
            "now": now,
        }
        with pytest.raises(ActionRefused) as refusal:
            decide_panel(**meeting)
        assert refusal.value.sentence == above_the_budget(1_000_000, 1_200_000)
        assert budget_of(panel).awarded_pence == 0

        decide_panel(overspend_reason="Three headteachers of one school.", **meeting)
        assert budget_of(panel).over_pence == 200_000
        assert list(PanelOverspend.objects.values_list("request", "over_pence")) == [(max(chosen), 200_000)]

    def test_fees_of_an_award_rise_within_the_budget_or_with_a_reason(self, panel, judge, now):
        request = _waits(panel, 900_000)
        actions.award(request_id=request.pk, by=judge, now=now)
        who = {"request_id": request.pk, "by": judge, "now": now}
        set_fees(years=[(500_000, 100), (500_000, 100)], **who)
        with pytest.raises(ActionRefused) as refusal:
            set_fees(years=[(500_000, 100), (500_001, 100)], **who)
        assert refusal.value.sentence == above_the_budget(0, 1)
        set_fees(years=[(500_000, 100), (500_001, 100)], overspend_reason="The university raised it.", **who)
        set_fees(years=[(800_000, 100)], **who)

        assert budget_of(panel).left_pence == 200_000
        assert PanelOverspend.objects.get().over_pence == 1

    def test_who_withdraws_frees_what_was_not_paid(self, panel, judge, now, on):
        request = _waits(panel, 600_000)
        actions.award(request_id=request.pk, by=judge, now=now)
        for party in ("learner", "employer"):
            RouteSignature.objects.create(
                request=request, document="training_cost", party=party, signed_on=on, signed_by=request.person
            )
        record_payment(
            request_id=request.pk, year_number=1, paid_pence=100_000, paid_on=on, by=judge, now=now
        )
        withdraw(request_id=request.pk, by=request.person, now=now, words="I have moved.")

        assert budget_of(panel).awarded_pence == 100_000

    def test_an_overspend_says_why_and_is_never_changed(self, panel, judge, now):
        request = _waits(panel, 1_000_001)
        actions.award(request_id=request.pk, by=judge, now=now, overspend_reason="Agreed.")
        rows = PanelOverspend.objects.filter(request=request)
        for change in (lambda: rows.update(reason="Other"), rows.delete):
            with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
                change()
        for fields in ({"reason": "", "over_pence": 1}, {"reason": "x", "over_pence": 0}):
            with pytest.raises(IntegrityError, match="panel_overspend_has_reason"), transaction.atomic():
                PanelOverspend.objects.create(request=request, made_by=judge, **fields)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(
        st.tuples(st.integers(1, 900_000), st.integers(0, 100), st.booleans(), st.booleans()), max_size=5
    )
)
def test_allocated_less_awarded_is_left_on_random_histories(history, people_team):
    """RELIABILITY row 15: what the panel says it has left is what an independent count of its awards leaves."""
    on, now = clock.today(), clock.now()
    with transaction.atomic():
        panel = MastersPanel.objects.create(name="Any", deadline_on=on, meets_on=on, budget_pence=1_500_000)
        spent = over = 0
        for fee, percent, has_reason, leaves in history:
            request, share = _waits(panel, fee, percent), fee * percent // 100
            above = max(0, share - max(0, 1_500_000 - spent))
            who = {"request_id": request.pk, "by": people_team.person, "now": now}
            if above and not has_reason:
                with pytest.raises(ActionRefused):
                    actions.award(**who)
                continue
            actions.award(overspend_reason="Agreed." if has_reason else "", **who)
            over += above
            if leaves:
                withdraw(request_id=request.pk, by=request.person, now=now, words="No.")
            else:
                spent += share

        assert (budget_of(panel).awarded_pence, budget_of(panel).left_pence) == (spent, 1_500_000 - spent)
        assert sum(PanelOverspend.objects.values_list("over_pence", flat=True)) == over
        transaction.set_rollback(True)


class TestWhoHasApplied:
    @pytest.fixture
    def rival(self, panel):
        """One of the people team who has applied to the panel too."""
        person = _colleague()
        _waits(panel, 1, person=person)
        return person

    def _both(self, panel, request, by, now):
        yield lambda: rank(panel_id=panel.pk, ranks={request.pk: 1}, by=by, now=now)
        yield lambda: decide_panel(
            panel_id=panel.pk, awarded=[request.pk], declined=[], words="", by=by, now=now
        )
        yield lambda: actions.award(request_id=request.pk, by=by, now=now)

    def test_neither_ranks_nor_decides(self, panel, rival, judge, now):
        request = _waits(panel, 1)
        for act in self._both(panel, request, rival, now):
            with pytest.raises(ActionRefused), transaction.atomic():
                act()
        assert not PanelRanking.objects.exists()

        for act in self._both(panel, request, judge, now):
            with transaction.atomic():
                act()
        request.refresh_from_db()
        assert (request.state, request.panel_rank) == ("agreed", 1)
        assert PanelRanking.objects.get().actor == judge

    def test_nor_does_who_stands_in_for_them(self, panel, rival, now, on):
        stand_in = ContractFactory().person
        Delegation.objects.create(from_person=rival, to_person=stand_in, starts_on=on, ends_on=on)
        request = _waits(panel, 1)
        for act in self._both(panel, request, stand_in, now):
            with pytest.raises(ActionRefused), transaction.atomic():
                act()

    @pytest.mark.parametrize("state", ["draft", "withdrawn"])
    def test_a_draft_or_a_withdrawn_request_bars_nobody(self, panel, now, state):
        person = _colleague()
        route = RouteFactory(code="MA", kind="masters")
        a_request_in(state, person=person, route=route, funded_by="trust", panel=panel)
        request = _waits(panel, 1)
        for act in self._both(panel, request, person, now):
            act()

        request.refresh_from_db()
        assert request.state == "agreed"

    def test_another_round_is_open_to_them(self, panel, rival, now, on):
        other = MastersPanel.objects.create(name="Other", deadline_on=on, meets_on=on)
        request = _waits(other, 1)
        for act in self._both(other, request, rival, now):
            act()

        request.refresh_from_db()
        assert request.state == "agreed"


class TestDatabase:
    """The same in SQL, past every action."""

    def _decides(self, request, actor, step, to, on_behalf_of=None):
        return RouteDecision.objects.create(
            request=request,
            number=request.decision_count + 1,
            requester=request.person,
            actor=actor,
            on_behalf_of=on_behalf_of,
            capacity="people_team",
            step=step,
            from_state=request.state,
            to_state=to,
            reason_code="places",
            words="Because.",
        )

    @pytest.mark.parametrize(
        ("step", "to"), [("awarded", "agreed"), ("asked", "questioned"), ("declined", "declined")]
    )
    def test_refuses_a_decision_by_who_has_applied_or_for_them(self, panel, step, to):
        rival, request = _waits(panel).person, _waits(panel)
        for who in ({"actor": rival}, {"actor": PersonFactory(), "on_behalf_of": rival}):
            with pytest.raises(IntegrityError, match="follows_the_request"), transaction.atomic():
                self._decides(request, step=step, to=to, **who)
        self._decides(request, PersonFactory(), step, to)

    def test_refuses_a_check_and_an_appeal_by_who_has_applied(self, panel):
        rival, route = _waits(panel).person, RouteFactory(code="MA", kind="masters")
        for state, step, to in (("people", "checked", "panel"), ("appealed", "dismissed", "closed")):
            request = a_request_in(state, route=route, funded_by="trust", panel=panel)
            with pytest.raises(IntegrityError, match="follows_the_request"), transaction.atomic():
                self._decides(request, rival, step, to)
            self._decides(request, PersonFactory(), step, to)

    def test_refuses_a_ranking_by_who_has_applied_or_for_oneself(self, panel):
        rival, request = _waits(panel).person, _waits(panel)
        for who in ({"actor": rival}, {"actor": PersonFactory(), "on_behalf_of": rival}):
            with pytest.raises(IntegrityError, match="ranked_by_no_rival"), transaction.atomic():
                PanelRanking.objects.create(request=request, place=1, **who)
        with pytest.raises(IntegrityError, match="ranked_by_no_rival"), transaction.atomic():
            PanelRanking.objects.create(request=request, place=1, actor=request.person)
        with pytest.raises(IntegrityError, match="ranked_by_no_rival"), transaction.atomic():
            PanelRanking.objects.create(request=a_request_in("people"), place=1, actor=PersonFactory())
        PanelRanking.objects.create(request=request, place=1, actor=PersonFactory())

    def test_refuses_a_place_without_its_row(self, panel):
        request = _waits(panel)
        rows = RouteRequest.objects.filter(pk=request.pk)
        with pytest.raises(IntegrityError, match="ranked_by_a_row"), transaction.atomic():
            rows.update(panel_rank=1)
        PanelRanking.objects.create(request=request, place=1, actor=PersonFactory())
        with pytest.raises(IntegrityError, match="ranked_by_a_row"), transaction.atomic():
            rows.update(panel_rank=2)
        assert rows.update(panel_rank=1) == 1

    def test_control_without_the_triggers_a_rival_ranks_and_decides(self, panel):
        rival, request = _waits(panel).person, _waits(panel)
        with without_triggers(
            "pathways_routedecision.follows_the_request", "pathways_panelranking.ranked_by_no_rival"
        ):
            PanelRanking.objects.create(request=request, place=1, actor=rival)
            self._decides(request, rival, "awarded", "agreed")
        assert request.decisions.filter(actor=rival).exists()
