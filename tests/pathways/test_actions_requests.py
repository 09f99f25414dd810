"""Asking for a funded route: who is asked, who may decide, and what each step leaves behind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pathways.actions import request_steps
from pathways.actions import requests as actions
from pathways.actions import requests_programme as programme
from pathways.actions.request_money import set_fees
from pathways.models import RouteCheck, RouteDecision, RouteRequest, RouteSignature
from pathways.queries.request_case import facts_of
from pathways.queries.request_deciders import WAITING, asked_about
from pathways.queries.request_funding import start_refused
from pathways.queries.requests_papers import signatures_needed
from pathways.queries.requests_waiting import requests_waiting_for, waits_for_nobody
from pathways.rules import funding, request_checks
from staff import clock
from staff.models import Delegation, Message, Person, Responsibility
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import RouteFactory, RouteRequestFactory, a_request_in
from tests.factories.staff import PersonFactory, ResponsibilityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget_holder(beanfield, leader_role):
    person = PersonFactory(first_name="Bea", last_name="Budget")
    ResponsibilityFactory(person=person, kind="budget_holder", school=beanfield)
    return person


@pytest.fixture
def sent(teaching_assistant, now):
    draft = RouteRequestFactory(person=teaching_assistant.person)
    return actions.send_request(request_id=draft.pk, by=teaching_assistant.person, now=now)


def _discuss(request, by, now):
    return actions.record_discussion(
        request_id=request.pk,
        by=by,
        now=now,
        held_on=timezone.localdate(now),
        outcome="Go for it.",
        cover_plan="Ann on Tuesdays.",
        off_job_timetable="Tuesday afternoons.",
    )


def _all_checked(request, by, now, **fields):
    """Everything that any kind needs, as the people team finds it; `fields` say what is otherwise."""
    outcomes = dict.fromkeys(RouteCheck.Kind.values, ("met", ""))
    usual = {"confirmed_payer": request.funded_by}
    if request.route.kind == "masters":
        set_fees(request_id=request.pk, years=[(320_000, 80), (320_000, 80)], by=by, now=now)
    else:
        forecast = 100_000 if request.funded_by == "levy" else None
        usual |= {"price_pence": 500_000, "off_job_hours": 400, "levy_forecast_pence": forecast}
        usual["planned_ends_on"] = request.planned_starts_on + timedelta(days=730)
    fields = {"outcomes": outcomes, **usual, **fields}
    actions.record_checks(request_id=request.pk, by=by, now=now, **fields)


def _all_signed(request, by, signed_on):
    for document, party in signatures_needed(request):
        RouteSignature.objects.create(
            request=request,
            document=document,
            party=party,
            signed_on=signed_on,
            signed_by=request.person if party == "learner" else by,
        )


class TestTheChain:
    def test_four_people_take_an_apprenticeship_to_its_start(
        self, sent, teaching_assistant, line_manager, budget_holder, people_team, now, on
    ):
        who = {"request_id": sent.pk, "now": now}
        _discuss(sent, line_manager.person, now)
        assert actions.support(by=line_manager.person, **who).state == "budget"
        assert actions.fund(by=budget_holder, **who).state == "people"
        _all_checked(sent, people_team.person, now)
        assert actions.check_request(by=people_team.person, **who).state == "agreed"
        for document, party in (
            ("training_plan", "learner"),
            ("training_plan", "employer"),
            ("training_plan", "provider"),
            ("apprenticeship", "learner"),
            ("apprenticeship", "employer"),
        ):
            by = teaching_assistant.person if party == "learner" else people_team.person
            programme.sign(document=document, party=party, signed_on=on, by=by, **who)
        started = programme.start(starts_on=on, by=people_team.person, **who)

        assert started.state == "on_programme"
        dates = list(started.reviews.values_list("due_on", flat=True))
        assert dates[0] == on + timedelta(weeks=12)
        assert dates[1] - dates[0] == timedelta(weeks=12)

    def test_masters_goes_to_the_panel_and_negative_levy_to_finance(self, people_team, now):
        masters = a_request_in("people", route=RouteFactory(code="MA", kind="masters"), funded_by="trust")
        levy = a_request_in("people", route=RouteFactory(code="ST9002"))
        _all_checked(masters, people_team.person, now)
        _all_checked(levy, people_team.person, now, levy_forecast_pence=-1)

        assert actions.check_request(request_id=masters.pk, by=people_team.person, now=now).state == "panel"
        assert actions.check_request(request_id=levy.pk, by=people_team.person, now=now).state == "finance"

    def test_masters_passes_the_panel_whatever_is_posted_of_the_levy(self, client, people_team):
        masters = a_request_in("people", route=RouteFactory(code="MA", kind="masters"), funded_by="trust")
        set_fees(request_id=masters.pk, years=[(1, 1)], by=people_team.person, now=clock.now())
        client.force_login(people_team)
        data = {f"{kind}_outcome": "met" for kind in RouteCheck.Kind.values}
        address = reverse("pathways:request-check", args=[masters.pk])
        answer = client.post(
            address, {**data, "confirmed_payer": "trust", "levy_forecast": "-1", "done": "1"}
        )

        masters.refresh_from_db()
        assert (answer.status_code, masters.state, masters.levy_forecast_pence) == (302, "panel", None)

    def test_checks_passed_on_are_the_same_twice_and_others_come_too_late(self, people_team, now):
        request = a_request_in("people", route=RouteFactory(code="N", kind="npq"), funded_by="dfe")
        _all_checked(request, people_team.person, now, confirmed_payer="dfe")
        actions.check_request(request_id=request.pk, by=people_team.person, now=now)

        _all_checked(request, people_team.person, now, confirmed_payer="dfe")
        with pytest.raises(ActionRefused) as refusal:
            _all_checked(request, people_team.person, now, confirmed_payer="dfe", price_pence=1)
        assert refusal.value.sentence == actions.NOT_YOURS_TO_CHECK

    def test_levy_forecast_is_kept_only_where_the_levy_pays(self, people_team, now):
        masters = a_request_in("people", route=RouteFactory(code="MA", kind="masters"), funded_by="trust")
        private = a_request_in("people", route=RouteFactory(code="ST9006"), funded_by="private")
        for request in (masters, private):
            with pytest.raises(ActionRefused) as refusal:
                _all_checked(request, people_team.person, now, levy_forecast_pence=-1)
            assert refusal.value.sentence == actions.NO_LEVY_FORECAST

    def test_payer_is_confirmed_and_its_correction_is_told(self, people_team, now):
        request = a_request_in("people", route=RouteFactory(code="N", kind="npq"), funded_by="dfe")
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        _all_checked(request, people_team.person, now, confirmed_payer="")
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(**who)
        assert refusal.value.sentence == request_checks.CONFIRM_PAYER
        with pytest.raises(ActionRefused) as refusal:
            _all_checked(request, people_team.person, now, confirmed_payer="levy")
        assert refusal.value.sentence == actions.NOT_A_PAYER
        _all_checked(request, people_team.person, now, confirmed_payer="trust")
        for _ in range(2):
            actions.check_request(words="No place was left.", **who)

        request.refresh_from_db()
        assert (request.state, request.funded_by, request.payer_asked) == ("agreed", "trust", "dfe")
        assert request.decisions.last().words == f"{request.payer_correction} No place was left."
        assert RouteRequest.FundedBy.DFE.label in [fact["value"] for fact in facts_of(request, None)]

    @pytest.mark.parametrize("payer", ["dfe", "trust"])
    def test_apprenticeship_is_not_sent_with_a_payer_that_avoids_its_rules(
        self, teaching_assistant, payer, now
    ):
        draft = RouteRequestFactory(person=teaching_assistant.person, funded_by=payer)
        with pytest.raises(ActionRefused) as refusal:
            actions.send_request(request_id=draft.pk, by=teaching_assistant.person, now=now)
        assert (refusal.value.field, refusal.value.sentence) == (
            "funded_by",
            funding.payers_are("apprenticeship"),
        )

    def test_hours_reach_the_least_whoever_pays(self, people_team, now):
        request = a_request_in("people", funded_by="private")
        _all_checked(request, people_team.person, now, off_job_hours=1)
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(request_id=request.pk, by=people_team.person, now=now)
        assert refusal.value.sentence == funding.too_few_hours(1, 187)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"levy_forecast_pence": None}, "levy_forecast"),
            ({"price_pence": None}, "price"),
            (
                {"outcomes": dict.fromkeys(RouteCheck.Kind.values, ("not_needed", ""))},
                "contract_outcome",
            ),
        ],
    )
    def test_check_refuses_what_has_no_content(self, people_team, now, fields, field):
        request = a_request_in("people")
        _all_checked(request, people_team.person, now, **fields)
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(request_id=request.pk, by=people_team.person, now=now)
        assert refusal.value.field == field

    def test_short_route_without_an_end_is_not_checked(self, people_team, now):
        request = a_request_in("people", route=RouteFactory(code="SHORT", typical_months=3))
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        _all_checked(request, people_team.person, now, planned_ends_on=None)
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(**who)
        assert refusal.value.sentence == request_checks.END_NEEDED
        ends_on = request.planned_starts_on + timedelta(days=100)
        _all_checked(request, people_team.person, now, planned_ends_on=ends_on)
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(**who)
        assert refusal.value.sentence == funding.TOO_SHORT

    def test_support_needs_a_discussion(self, sent, line_manager, now):
        with pytest.raises(ActionRefused) as refusal:
            actions.support(request_id=sent.pk, by=line_manager.person, now=now)
        assert refusal.value.sentence == actions.NOT_TALKED_OVER

    def test_check_refuses_what_is_open_and_what_is_not_met(self, people_team, now):
        request = a_request_in("people")
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(request_id=request.pk, by=people_team.person, now=now)
        assert refusal.value.sentence == actions.still_to_check(RouteCheck.Kind.FUNDING.label)
        _all_checked(request, people_team.person, now)
        RouteCheck.objects.filter(request=request, kind="age").update(outcome="not_met")
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(request_id=request.pk, by=people_team.person, now=now)
        assert refusal.value.sentence == actions.not_met(RouteCheck.Kind.AGE.label)

    def test_start_waits_for_every_signature(self, people_team, now, on):
        request = a_request_in("agreed")
        with pytest.raises(ActionRefused) as refusal:
            programme.start(request_id=request.pk, starts_on=on, by=people_team.person, now=now)
        assert refusal.value.sentence == programme.still_to_sign("training_plan", "learner")

    def test_start_is_asked_about_again_with_its_own_day(self, people_team, now, on):
        route = RouteFactory(
            code="WD", funding_status="withdrawn", last_funded_start_on=on - timedelta(days=10)
        )
        request = a_request_in("agreed", route=route, planned_starts_on=on - timedelta(days=20))
        _all_signed(request, people_team.person, on - timedelta(days=30))
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        with pytest.raises(ActionRefused) as refusal:
            programme.start(starts_on=on - timedelta(days=9), **who)
        assert refusal.value.sentence == start_refused(request, on - timedelta(days=9)).sentence

        assert programme.start(starts_on=on - timedelta(days=10), **who).state == "on_programme"

    def test_nobody_starts_before_the_last_signature(self, people_team, now, on):
        request = a_request_in("agreed")
        _all_signed(request, people_team.person, on - timedelta(days=5))
        request.signatures.filter(party="provider").update(signed_on=on - timedelta(days=2))
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        with pytest.raises(ActionRefused) as refusal:
            programme.start(starts_on=on - timedelta(days=3), **who)
        assert refusal.value.sentence == programme.before_last_signature(on - timedelta(days=2))

        assert programme.start(starts_on=on - timedelta(days=2), **who).state == "on_programme"

    def test_withdrawn_standard_is_refused_with_its_alternatives(self, teaching_assistant, now, on):
        other = RouteFactory(code="ST9003", title="Data technician")
        route = RouteFactory(
            code="ST9004", funding_status="withdrawn", last_funded_start_on=on - timedelta(days=90)
        )
        route.alternatives.add(other)
        draft = RouteRequestFactory(person=teaching_assistant.person, route=route)
        with pytest.raises(ActionRefused, match="Data technician"):
            actions.send_request(request_id=draft.pk, by=teaching_assistant.person, now=now)


class TestWhoDecides:
    def test_nobody_decides_about_their_own(self, line_manager, people_team, now):
        for state in ("people", "panel", "appealed"):
            kind = "masters" if state == "panel" else "apprenticeship"
            route = RouteFactory(code=state[:8], kind=kind)
            own = a_request_in(state, person=people_team.person, route=route)
            with pytest.raises(ActionRefused) as refusal:
                actions.decline_request(
                    request_id=own.pk, by=people_team.person, now=now, words="x", reason_code="cost"
                ) if state != "appealed" else actions.uphold(
                    request_id=own.pk, by=people_team.person, now=now
                )
            assert refusal.value.sentence == request_steps.OWN_REQUEST

    def test_supporter_does_not_also_decide_the_budget(
        self, teaching_assistant, line_manager, headteacher, people_team, beanfield, on
    ):
        ResponsibilityFactory(person=line_manager.person, kind="budget_holder", school=beanfield)
        request = a_request_in("budget", person=teaching_assistant.person, decider=line_manager.person)
        assert [one.person for one in asked_about(request, on).now] == [headteacher.person]

    def test_where_nobody_but_the_supporter_could_decide_it_waits(
        self, teaching_assistant, beanfield, line_manager, on
    ):
        """It used to fall back to the supporter; now the people team's board says that it waits for somebody."""
        ResponsibilityFactory(person=line_manager.person, kind="budget_holder", school=beanfield)
        Responsibility.objects.exclude(person=line_manager.person).update(ends_on=on - timedelta(days=1))
        request = a_request_in("budget", person=teaching_assistant.person, decider=line_manager.person)

        assert asked_about(request, on).now == ()
        assert RouteRequest.objects.filter(waits_for_nobody(on)).get() == request

    def test_nobody_takes_two_steps_though_others_are_there(
        self, teaching_assistant, people_team, headteacher, now, on
    ):
        other = PersonFactory()
        ResponsibilityFactory(person=other, kind="people_team")
        teaching_assistant.person.contracts.update(line_manager=people_team.person)
        request = a_request_in(
            "people",
            person=teaching_assistant.person,
            deciders={"supported": people_team.person, "funded": headteacher.person},
        )
        assert [one.person for one in asked_about(request, on).now] == [other]
        with pytest.raises(ActionRefused) as refusal:
            _all_checked(request, people_team.person, now)
        assert refusal.value.sentence == actions.NOT_YOURS_TO_CHECK
        _all_checked(request, other, now)
        with pytest.raises(ActionRefused) as refusal:
            actions.check_request(request_id=request.pk, by=people_team.person, now=now)
        assert refusal.value.sentence == request_steps.for_somebody_else(asked_about(request, on))

    def test_one_person_alone_does_not_take_it_to_the_start(self, sent, people_team, now, on):
        """A line manager of the people team where there is nobody else."""
        alone = people_team.person
        Responsibility.objects.exclude(person=alone).update(ends_on=on - timedelta(days=1))
        sent.person.contracts.update(line_manager=alone)
        _discuss(sent, alone, now)
        actions.support(request_id=sent.pk, by=alone, now=now)
        for step in (actions.fund, actions.cover, actions.award):
            with pytest.raises(ActionRefused):
                step(request_id=sent.pk, by=alone, now=now)
        with pytest.raises(ActionRefused):
            actions.decline_request(request_id=sent.pk, by=alone, now=now, words="No.", reason_code="cost")

    def test_who_checked_does_not_record_the_award_and_a_stand_in_counts_for_both(self, people_team, now, on):
        other = PersonFactory()
        ResponsibilityFactory(person=other, kind="people_team")
        stand_in = PersonFactory()
        Delegation.objects.create(
            from_person=people_team.person, to_person=stand_in, starts_on=on, ends_on=on
        )
        request = a_request_in("people", route=RouteFactory(code="MA", kind="masters"), funded_by="trust")
        _all_checked(request, stand_in, now)
        actions.check_request(request_id=request.pk, by=stand_in, now=now)
        for person in (stand_in, people_team.person):
            with pytest.raises(ActionRefused) as refusal:
                actions.award(request_id=request.pk, by=person, now=now)
            assert refusal.value.sentence == request_steps.for_somebody_else(asked_about(request, on))

        assert actions.award(request_id=request.pk, by=other, now=now).state == "agreed"

    def test_decliner_does_not_hear_the_appeal(self, people_team, now):
        request = a_request_in("appealed", decider=people_team.person)
        with pytest.raises(ActionRefused):
            actions.uphold(request_id=request.pk, by=people_team.person, now=now)
        other = PersonFactory()
        ResponsibilityFactory(person=other, kind="people_team")
        assert actions.uphold(request_id=request.pk, by=other, now=now).state == "manager"

    def test_stand_in_decides_for_the_manager(self, sent, line_manager, now, on):
        stand_in = PersonFactory()
        Delegation.objects.create(
            from_person=line_manager.person, to_person=stand_in, starts_on=on, ends_on=on
        )
        actions.ask_about_request(request_id=sent.pk, by=stand_in, now=now, words="When?")
        assert sent.decisions.last().on_behalf_of == line_manager.person

    def test_new_manager_has_it_from_the_first_day(
        self, sent, teaching_assistant, line_manager, cpd_lead, now, on
    ):
        teaching_assistant.person.contracts.update(line_manager=cpd_lead.person)
        with pytest.raises(ActionRefused) as refusal:
            actions.ask_about_request(request_id=sent.pk, by=line_manager.person, now=now, words="When?")
        assert refusal.value.sentence == request_steps.for_somebody_else(asked_about(sent, on))
        actions.ask_about_request(request_id=sent.pk, by=cpd_lead.person, now=now, words="When?")

    def test_overdue_opens_it_to_the_next_up(self, sent, headteacher, now):
        later = now + timedelta(days=20)
        with pytest.raises(ActionRefused):
            actions.ask_about_request(request_id=sent.pk, by=headteacher.person, now=now, words="When?")
        actions.ask_about_request(request_id=sent.pk, by=headteacher.person, now=later, words="When?")


class TestTwice:
    def test_same_step_twice_is_one(self, sent, line_manager, now):
        _discuss(sent, line_manager.person, now)
        _discuss(sent, line_manager.person, now)
        for _ in range(2):
            actions.support(request_id=sent.pk, by=line_manager.person, now=now)
        assert sent.decisions.filter(step="supported").count() == 1
        assert sent.discussions.count() == 1

    def test_second_decider_is_told_who_was_first(self, people_team, now):
        other = PersonFactory(first_name="Olu", last_name="Other")
        ResponsibilityFactory(person=other, kind="people_team")
        request = a_request_in("people")
        actions.ask_about_request(request_id=request.pk, by=other, now=now, words="When?")
        with pytest.raises(ActionRefused) as refusal:
            actions.decline_request(
                request_id=request.pk, by=people_team.person, now=now, words="No.", reason_code="cost"
            )
        request.refresh_from_db()
        assert refusal.value.sentence == request_steps.too_late(request, request.decisions.get(actor=other))


class TestBackAndForth:
    def test_answer_goes_back_to_who_asked(self, sent, teaching_assistant, line_manager, now):
        actions.ask_about_request(request_id=sent.pk, by=line_manager.person, now=now, words="When?")
        answered = actions.answer_request(
            request_id=sent.pk, by=teaching_assistant.person, now=now, words="May."
        )
        assert answered.state == "manager"

    def test_appeal_once_and_in_time(self, teaching_assistant, people_team, now):
        person = teaching_assistant.person
        request = a_request_in("declined", person=person)
        late = now + timedelta(days=31)  # 21 working days at least, on whatever day this runs
        with pytest.raises(ActionRefused) as refusal:
            actions.appeal(request_id=request.pk, by=person, now=late, words="Please.")
        assert refusal.value.sentence == actions.APPEAL_IS_LATE
        actions.appeal(request_id=request.pk, by=person, now=now, words="Please.")
        actions.uphold(request_id=request.pk, by=people_team.person, now=now)
        assert RouteRequest.objects.get(pk=request.pk).state == "manager"

    def test_each_step_writes_to_who_is_next(self, sent, line_manager, teaching_assistant):
        to = list(Message.objects.values_list("person", "kind"))
        assert to == [(line_manager.person.pk, "request_waits")]

    def test_people_team_withdraws_somebody_with_words_and_a_day(self, people_team, client, now, on):
        request = a_request_in("on_programme")
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        started_on = request.starts_on
        with pytest.raises(ActionRefused) as refusal:
            programme.withdraw(words=" ", on=on, **who)
        assert refusal.value.sentence == programme.REASON_NEEDED
        with pytest.raises(ActionRefused) as refusal:
            programme.withdraw(words="Left the course.", **who)
        assert refusal.value.sentence == programme.LAST_DAY_NEEDED
        with pytest.raises(ActionRefused) as refusal:
            programme.withdraw(words="Left.", on=started_on - timedelta(days=1), **who)
        assert refusal.value.sentence == programme.BEFORE_THE_START
        with pytest.raises(ActionRefused) as refusal:
            programme.withdraw(words="Left.", on=on + timedelta(days=1), **who)
        assert refusal.value.sentence == programme.STILL_TO_COME
        client.force_login(people_team)
        address = reverse("pathways:request-step", args=[request.pk, "withdrawn"])
        assert client.post(address, {"words": "", "effective_on": ""}).status_code == 422
        client.post(address, {"words": "Left the course.", "effective_on": started_on.isoformat()})

        request.refresh_from_db()
        decision = request.decisions.last()
        assert (request.state, request.ended_on, decision.effective_on) == (
            "withdrawn",
            started_on,
            started_on,
        )

    def test_break_moves_the_reviews(self, people_team, now, on):
        request = a_request_in("on_programme")
        review = request.reviews.create(number=1, due_on=on + timedelta(days=30))
        who = {"request_id": request.pk, "by": people_team.person, "now": now}
        programme.pause(on=on, expected_back_on=None, words="Family leave.", **who)
        programme.resume(on=on + timedelta(days=10), **who)
        review.refresh_from_db()
        assert review.due_on == on + timedelta(days=40)


class TestInboxQuery:
    def test_one_condition_says_the_same_as_the_deciders(
        self,
        teaching_assistant,
        line_manager,
        headteacher,
        people_team,
        budget_holder,
        outsider,
        beanfield,
        on,
    ):
        finance, second = PersonFactory(), PersonFactory()
        ResponsibilityFactory(person=finance, kind="finance")
        ResponsibilityFactory(person=second, kind="people_team")
        Delegation.objects.create(
            from_person=budget_holder, to_person=outsider.person, starts_on=on, ends_on=on
        )
        everybody = list(Person.objects.all())
        requests = []
        number = 0
        for person in (
            teaching_assistant.person,
            line_manager.person,
            headteacher.person,
            people_team.person,
            budget_holder,
        ):
            for state in ("manager", "budget", "people", "finance", "panel", "appealed", "agreed", "draft"):
                for decider in (headteacher.person, people_team.person, budget_holder):
                    if decider == person:
                        continue
                    number += 1
                    kind = "masters" if state == "panel" or number % 3 == 0 else "apprenticeship"
                    kind = "apprenticeship" if state == "finance" else kind
                    route = RouteFactory(code=f"R{number}", kind=kind)
                    # Nobody checks a Masters who has applied to its panel: another step of it is theirs.
                    step = "funded" if kind == "masters" else "checked"
                    who = {"deciders": {step: decider}} if number % 2 else {"decider": decider}
                    requests.append(a_request_in(state, person=person, route=route, **who))
        requests.append(a_request_in("finance", person=finance))
        now = {one.pk: [by.person for by in asked_about(one, on).now] for one in requests}
        for person in everybody:
            found = set(requests_waiting_for(person.pk, on).values_list("pk", flat=True))
            assert found == {pk for pk, people in now.items() if person in people}, person
        stuck = {one.pk for one in requests if one.state in WAITING and not now[one.pk]}
        assert set(RouteRequest.objects.filter(waits_for_nobody(on)).values_list("pk", flat=True)) == stuck
        assert stuck
        assert any(requests_waiting_for(finance.pk, on))
        assert RouteDecision.objects.exists()
