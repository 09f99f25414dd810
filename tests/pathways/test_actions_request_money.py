"""A Masters from the panel on: places, fees, what is signed before anything is paid, what is paid back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pathways.actions import panels
from pathways.actions import request_money as money
from pathways.actions import requests as actions
from pathways.actions.panels import decide_panel, rank
from pathways.actions.requests_programme import sign
from pathways.models import MastersPanel, RepaymentTerms, RouteFee, RouteSignature
from pathways.queries.request_money import balance_of, money_of
from staff.models import Message
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import RouteFactory, RouteRequestFactory, a_request_in
from tests.factories.staff import ContractFactory
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(on):
    return MastersPanel.objects.create(
        name="Next", deadline_on=on + timedelta(days=90), meets_on=on + timedelta(days=110), places=1
    )


@pytest.fixture
def masters():
    return RouteFactory(code="MA", kind="masters", typical_months=24)


@pytest.fixture
def agreed(teaching_assistant, people_team, masters, now, on):
    asked = a_request_in(
        "panel",
        person=teaching_assistant.person,
        route=masters,
        funded_by="trust",
        planned_starts_on=on - timedelta(days=90),
        planned_ends_on=on + timedelta(days=640),
    )
    return actions.award(request_id=asked.pk, by=people_team.person, now=now)


def _signed(request, now):
    for party in ("learner", "employer"):
        RouteSignature.objects.create(
            request=request,
            document="training_cost",
            party=party,
            signed_on=timezone.localdate(now),
            signed_by=request.person,
        )


def _who(request, by, now):
    return {"request_id": request.pk, "by": by.person, "now": now}


def test_award_writes_down_the_scale_of_the_day(agreed):
    terms = RepaymentTerms.objects.get(request=agreed)
    assert (terms.during_percent, terms.months, terms.percents) == (100, [6, 12, 24], [75, 50, 25])


@pytest.mark.parametrize("payer", ["dfe", "private", "levy"])
def test_nobody_is_out_of_repaying_by_naming_another_payer(people_team, masters, payer, now, on):
    """One of before the payers were told apart by kind: where the trust pays a share, there are terms."""
    asked = a_request_in("panel", route=masters, funded_by=payer)
    agreed = actions.award(request_id=asked.pk, by=people_team.person, now=now)
    who = _who(agreed, people_team, now)
    money.set_fees(years=[(640_000, 100)], **who)
    _signed(agreed, now)
    money.record_payment(year_number=1, paid_pence=640_000, paid_on=on, **who)

    assert money_of(agreed, on).balance.today_pence == 640_000


def test_nothing_is_paid_while_no_terms_are_written(agreed, people_team, now, on):
    who = _who(agreed, people_team, now)
    money.set_fees(years=[(320_000, 0)], **who)
    RepaymentTerms.objects.all().delete()
    RouteFee.objects.update(trust_percent=100)
    _signed(agreed, now)
    with pytest.raises(ActionRefused) as refusal:
        money.record_payment(year_number=1, paid_pence=1, paid_on=on, **who)
    assert refusal.value.sentence == money.NO_TERMS_WRITTEN


def test_a_masters_the_trust_pays_nothing_of_has_no_terms_until_it_does(people_team, masters, now):
    asked = a_request_in("panel", route=masters, funded_by="trust")
    who = _who(asked, people_team, now)
    money.set_fees(years=[(320_000, 0)], **who)
    actions.award(**who)
    assert not RepaymentTerms.objects.exists()

    money.set_fees(years=[(320_000, 0), (320_000, 10)], **who)
    assert RepaymentTerms.objects.filter(request=asked).exists()


def test_cost_is_not_signed_before_its_fees_are_written(agreed, teaching_assistant, people_team, now, on):
    who = _who(agreed, teaching_assistant, now)
    paper = {"document": "training_cost", "party": "learner", "signed_on": on}
    with pytest.raises(ActionRefused) as refusal:
        sign(**paper, **who)
    assert refusal.value.sentence == money.FEES_NEEDED_TO_SIGN

    money.set_fees(years=[(320_000, 80), (320_000, 80)], **_who(agreed, people_team, now))
    sign(**paper, **who)

    with pytest.raises(ActionRefused) as refusal:
        money.set_fees(years=[(100, 0)], **_who(agreed, people_team, now))
    assert refusal.value.sentence == money.FEES_ARE_SIGNED
    assert RouteFee.objects.filter(request=agreed, fee_pence=320_000).count() == 2


def test_nothing_is_paid_before_both_have_signed(agreed, people_team, now, on):
    who = _who(agreed, people_team, now)
    money.set_fees(years=[(320_000, 80)], **who)
    with pytest.raises(ActionRefused) as refusal:
        money.record_payment(year_number=1, paid_pence=1, paid_on=on, **who)
    assert refusal.value.sentence == money.unsigned("training_cost", "learner")
    with pytest.raises(IntegrityError, match="signed"), transaction.atomic():
        RouteFee.objects.filter(request=agreed).update(paid_pence=1, paid_on=on)

    _signed(agreed, now)
    with pytest.raises(ActionRefused) as refusal:
        money.record_payment(year_number=1, paid_pence=256_001, paid_on=on, **who)
    assert refusal.value.sentence == money.above_the_share(256_000)
    with pytest.raises(ActionRefused) as refusal:
        money.record_payment(year_number=1, paid_pence=1, paid_on=on + timedelta(days=1), **who)
    assert refusal.value.sentence == money.STILL_TO_COME
    money.record_payment(year_number=1, paid_pence=256_000, paid_on=on, **who)

    assert RouteFee.objects.get(request=agreed).paid_pence == 256_000


def test_nothing_was_paid_on_a_day_before_the_signatures(agreed, people_team, now, on):
    who = _who(agreed, people_team, now)
    money.set_fees(years=[(320_000, 80)], **who)
    _signed(agreed, now)
    RouteSignature.objects.filter(party="learner").update(signed_on=on - timedelta(days=9))
    yesterday = on - timedelta(days=1)
    with pytest.raises(ActionRefused) as refusal:
        money.record_payment(year_number=1, paid_pence=1, paid_on=yesterday, **who)
    assert refusal.value.sentence == money.signed_later(on)
    with pytest.raises(IntegrityError, match="signed"), transaction.atomic():
        RouteFee.objects.filter(request=agreed).update(paid_pence=1, paid_on=yesterday)

    money.record_payment(year_number=1, paid_pence=1, paid_on=on, **who)
    with pytest.raises(IntegrityError, match="signed"), transaction.atomic():
        RouteFee.objects.filter(request=agreed).update(paid_on=yesterday)


def test_control_without_the_trigger_a_payment_before_the_signatures_passes(agreed, people_team, now, on):
    money.set_fees(years=[(320_000, 80)], **_who(agreed, people_team, now))
    with without_triggers("pathways_routefee.paid_once_signed"):
        assert RouteFee.objects.filter(request=agreed).update(paid_pence=1, paid_on=on) == 1


@pytest.mark.parametrize(
    ("left_on", "pence"),
    [
        (date(2026, 12, 31), 480_000),
        (date(2027, 3, 31), 320_000),
        (date(2027, 9, 1), 160_000),
        (date(2028, 8, 1), 0),
    ],
)
def test_a_leavers_balance_stops_on_the_day_they_left(left_on, pence):
    """DOMAIN section 4, worked: 6,400 pounds paid, completed on 31 July 2026."""
    contract = ContractFactory(ends_on=left_on)
    request = RouteRequestFactory(person=contract.person, planned_starts_on=date(2024, 9, 1))
    request.state, request.starts_on, request.ended_on = "completed", date(2024, 9, 1), date(2026, 7, 31)
    terms = RepaymentTerms(request=request, during_percent=100, months=[6, 12, 24], percents=[75, 50, 25])

    found = [
        balance_of(request, terms, 640_000, left_on + timedelta(days=days)).today_pence
        for days in (0, 1, 400, 900)
    ]

    assert found == [pence] * 4


def test_balance_is_what_was_paid_falls_and_can_be_waived(agreed, people_team, now, on):
    who = _who(agreed, people_team, now)
    money.set_fees(years=[(640_000, 100)], **who)
    _signed(agreed, now)
    money.record_payment(year_number=1, paid_pence=640_000, paid_on=on, **who)

    balance = money_of(agreed, on).balance
    assert balance.today_pence == 640_000
    assert [step.pence for step in balance.steps] == [640_000, 480_000, 320_000, 160_000, 0]
    assert balance.steps[1].from_on == on + timedelta(days=640)

    money.waive_repayment(reason="redundancy", **who)
    assert money_of(agreed, on).balance.today_pence == 0


def test_others_than_the_people_team_keep_no_money(agreed, teaching_assistant, line_manager, now):
    for user in (teaching_assistant, line_manager):
        with pytest.raises(ActionRefused) as refusal:
            money.set_fees(years=[(1, 1)], **_who(agreed, user, now))
        assert refusal.value.sentence == money.NOT_PEOPLE_TEAM
        with pytest.raises(ActionRefused) as refusal:
            money.waive_repayment(reason="redundancy", **_who(agreed, user, now))
        assert refusal.value.sentence == money.NOT_PEOPLE_TEAM


def test_apprenticeship_never_has_terms(people_team, now):
    request = a_request_in("agreed")
    with pytest.raises(IntegrityError, match="never_for_an_apprenticeship"), transaction.atomic():
        RepaymentTerms.objects.create(request=request, months=[6], percents=[75])
    with pytest.raises(ActionRefused) as refusal:
        money.set_fees(years=[(1, 1)], **_who(request, people_team, now))
    assert refusal.value.sentence == money.MASTERS_ONLY


def test_masters_goes_to_the_next_panel_and_not_to_one_that_is_closed(
    teaching_assistant, line_manager, panel, masters, now, on
):
    draft = RouteRequestFactory(
        person=teaching_assistant.person, route=masters, funded_by="trust", university="Leicester",
        planned_starts_on=on + timedelta(days=200),
    )  # fmt: skip
    closed = MastersPanel.objects.create(
        name="Closed", deadline_on=on - timedelta(days=1), meets_on=on + timedelta(days=5)
    )
    draft.panel = closed
    draft.save()
    who = {"request_id": draft.pk, "by": teaching_assistant.person, "now": now}
    with pytest.raises(ActionRefused) as refusal:
        actions.send_request(**who)
    assert refusal.value.sentence == money.deadline_passed(closed.deadline_on)

    draft.panel = None
    draft.save()
    assert actions.send_request(**who).panel == panel


class TestThePanel:
    @pytest.fixture
    def two(self, teaching_assistant, teacher, masters, panel):
        return [
            a_request_in("panel", person=user.person, route=masters, funded_by="trust", panel=panel)
            for user in (teaching_assistant, teacher)
        ]

    def test_decides_together_and_tells_everybody(self, two, panel, people_team, now):
        done = decide_panel(
            panel_id=panel.pk,
            awarded=[two[0].pk],
            declined=[two[1].pk],
            words="One place this year. Ask again.",
            by=people_team.person,
            now=now,
        )

        assert [one.state for one in (*done.awarded, *done.declined)] == ["agreed", "declined"]
        assert two[1].decisions.last().reason_code == "places"
        assert set(Message.objects.values_list("kind", flat=True)) >= {"request_awarded", "request_declined"}

    def test_gives_no_more_places_than_there_are_and_nothing_by_halves(self, two, panel, people_team, now):
        who = {"panel_id": panel.pk, "by": people_team.person, "now": now}
        with pytest.raises(ActionRefused) as refusal:
            decide_panel(awarded=[one.pk for one in two], declined=[], words="", **who)
        assert refusal.value.sentence == panels.too_few_places(1, 2)
        with pytest.raises(ActionRefused) as refusal:
            decide_panel(awarded=[two[0].pk], declined=[two[1].pk], words=" ", **who)
        assert refusal.value.sentence == panels.WHY_NOT_NEEDED

        two[0].refresh_from_db()
        assert two[0].state == "panel"
        actions.award(request_id=two[0].pk, by=people_team.person, now=now)
        with pytest.raises(ActionRefused) as refusal:
            actions.award(request_id=two[1].pk, by=people_team.person, now=now)
        assert refusal.value.sentence == actions.panel_is_full(1)

    def test_keeps_a_ranking_with_each_place_once(self, two, panel, people_team, now):
        who = {"panel_id": panel.pk, "by": people_team.person, "now": now}
        with pytest.raises(ActionRefused) as refusal:
            rank(ranks={two[0].pk: 1, two[1].pk: 1}, **who)
        assert refusal.value.sentence == panels.PLACE_GIVEN_TWICE
        rank(ranks={two[0].pk: 2, two[1].pk: 1}, **who)

        two[0].refresh_from_db()
        assert two[0].panel_rank == 2

    def test_others_neither_rank_nor_decide(self, two, panel, line_manager, now):
        who = {"panel_id": panel.pk, "by": line_manager.person, "now": now}
        with pytest.raises(ActionRefused):
            rank(ranks={two[0].pk: 1}, **who)
        with pytest.raises(ActionRefused):
            decide_panel(awarded=[two[0].pk], declined=[], words="", **who)
