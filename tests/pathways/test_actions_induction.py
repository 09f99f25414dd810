"""Inductions begin by themselves, once; steps are ticked by hand and by what is on record."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bwt_cpd.queries.home_parts import parts_of
from entitlements.actions.ledger import Credit, credit, reverse
from pathways.actions.induction import (
    FROM_THE_RECORD,
    choose_buddy,
    follow_start_dates,
    start_inductions,
    step_of_another,
    tick_from_record,
    tick_step,
    undo_step,
)
from pathways.actions.induction_letters import tell_of_starts
from pathways.actions.reference_induction import load_induction_templates
from pathways.models import Induction, InductionStep, InductionTemplate, InductionTemplateStep
from pathways.queries.induction_due import due_on
from pathways.rules.induction import Standing
from pathways.tasks import keep_inductions
from staff import clock
from staff.models import Delegation, JobRun, Message, Person
from staff.refusals import ActionRefused
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory
from tests.factories.pathways_induction import (
    InductionFactory,
    InductionStepFactory,
    InductionTemplateFactory,
    InductionTemplateStepFactory,
)
from tests.factories.staff import ContractFactory, JobRoleFactory, PersonFactory, UserFactory

ON = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/London"))
MANAGER = frozenset({Standing.MANAGER})
OWN = frozenset({Standing.OWN})


@pytest.fixture
def template(db):
    template = InductionTemplateFactory(name="Everybody")
    InductionTemplateStepFactory(template=template, title="Hello", due_days=0)
    InductionTemplateStepFactory(template=template, title="Review", due_days=90, done_by="manager")
    return template


def begin(on=ON):
    return start_inductions(on=on, now=NOW)


# Who is a starter ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "is_starter"), [(-31, False), (-30, True), (0, True), (14, True), (15, False)]
)
def test_starter_of_the_last_month_or_the_next_fortnight_gets_an_induction(template, days, is_starter):
    contract = ContractFactory(starts_on=ON + timedelta(days=days))

    assert begin() == is_starter
    steps = InductionStep.objects.filter(induction__contract=contract)
    assert [(step.title, step.due_on - contract.starts_on) for step in steps] == (
        [("Hello", timedelta(0)), ("Review", timedelta(days=90))] if is_starter else []
    )


@pytest.mark.parametrize(
    ("days", "entered", "portal_since", "is_starter"),
    [
        (-45, -1, -400, True),
        (-180, -1, -400, True),
        (-181, -1, -400, False),
        (-45, -31, -400, False),  # has been in the files for longer, and was no starter then
        (-45, -1, -20, False),  # the portal's first weeks: everybody is new to it
    ],
)
def test_whom_hr_enters_late_still_gets_an_induction(template, days, entered, portal_since, is_starter):
    def enter(contract, days_ago):
        Person.objects.filter(pk=contract.person_id).update(created_at=NOW + timedelta(days=days_ago))

    enter(ContractFactory(starts_on=date(2020, 9, 1)), portal_since)
    late = ContractFactory(starts_on=ON + timedelta(days=days))
    enter(late, entered)

    assert begin() == is_starter
    assert Induction.objects.filter(contract=late).exists() == is_starter


def test_change_of_contract_is_no_start(template):
    before = ContractFactory(starts_on=date(2020, 9, 1), ends_on=ON - timedelta(days=1))
    ContractFactory(person=before.person, starts_on=ON)

    assert begin() == 0


def test_who_comes_back_after_a_gap_starts_again(template):
    before = ContractFactory(starts_on=date(2020, 9, 1), ends_on=ON - timedelta(days=2))
    ContractFactory(person=before.person, starts_on=ON)

    assert begin() == 1


def test_two_contracts_from_one_day_are_one_induction_for_the_main_one(template):
    person = PersonFactory()
    ContractFactory(person=person, starts_on=ON, is_main=False)
    main = ContractFactory(person=person, starts_on=ON)

    assert begin() == 1
    assert Induction.objects.get().contract == main


def test_again_changes_nothing_even_where_the_template_has_grown(template):
    ContractFactory(starts_on=ON)
    begin()
    InductionTemplateStepFactory(template=template, title="New")
    mails = Message.objects.count()

    assert begin() == 0
    assert InductionStep.objects.count() == 2
    assert Message.objects.count() == mails


def test_statements_are_the_same_for_one_starter_and_for_five(template):
    ContractFactory(starts_on=ON)
    with CaptureQueriesContext(
        connection,
    ) as one:
        begin()
    for _ in range(5):
        ContractFactory(starts_on=ON)
    with CaptureQueriesContext(connection) as five:
        begin()

    assert len(five) == len(one)


def test_starter_and_manager_are_told(template):
    manager = PersonFactory()
    contract = ContractFactory(starts_on=ON, line_manager=manager)

    begin()

    assert set(Message.objects.values_list("person", flat=True)) == {contract.person_id, manager.pk}


def test_templates_are_chosen_by_group_family_role_and_site(template):
    cook = JobRoleFactory(code="COOK", staff_group="support", job_family="Catering")
    for name, conditions in {
        "Teachers": {"staff_groups": ["teacher"]},
        "Kitchen": {"staff_groups": ["support"], "job_families": ["Catering"]},
    }.items():
        InductionTemplateStepFactory(
            template=InductionTemplateFactory(name=name, **conditions), title=f"Step of {name}"
        )
    other = InductionTemplateFactory(name="Another role")
    other.job_roles.add(JobRoleFactory(code="HT"))
    InductionTemplateStepFactory(template=other, title="Step of another")
    gone = InductionTemplateFactory(name="Switched off", is_active=False)
    InductionTemplateStepFactory(template=gone, title="Step of nobody")
    ContractFactory(starts_on=ON, job_role=cook)

    begin()

    titles = set(InductionStep.objects.values_list("title", flat=True))
    assert titles == {"Hello", "Review", "Step of Kitchen"}


def test_moved_first_day_moves_what_is_open(template):
    contract = ContractFactory(starts_on=ON)
    begin()
    done = InductionStep.objects.get(title="Hello")
    tick_step(step_id=done.pk, by=contract.person, standings=OWN, on=ON)
    contract.starts_on = ON + timedelta(days=6)
    contract.save()

    assert follow_start_dates(on=ON) == 1
    assert follow_start_dates(on=ON) == 0
    assert InductionStep.objects.get(title="Hello").due_on == ON
    assert InductionStep.objects.get(title="Review").due_on == ON + timedelta(days=96)


def test_task_does_it_all_and_says_so(template):
    ContractFactory(starts_on=clock.today())

    keep_inductions()

    assert Induction.objects.count() == 1
    assert JobRun.objects.get(name="keep_inductions").is_successful


# What is on record -----------------------------------------------------------------------------
@pytest.fixture
def year(db):
    year = AcademicYearFactory(name="2026/27")
    EntitlementPolicyFactory(year=year)
    ActivityKindFactory(code="compliance", counts_as="capped_compliance")
    return year


def _credit(person, title, on, key="a:1"):
    return credit(
        Credit(
            person_id=person.pk,
            kind_code="compliance",
            occurred_on=on,
            title=title,
            minutes=45,
            source_key=key,
        ),
        by=None,
        today=ON,
    )


def test_training_on_record_ticks_and_a_reversal_unticks(year):
    step = InductionStepFactory(statutory_code="PREV", induction__contract__starts_on=date(2026, 11, 2))
    person = step.induction.person
    entry = _credit(person, "Prevent awareness", date(2026, 11, 10))

    assert tick_from_record(on=ON) == 1
    assert tick_from_record(on=ON) == 0
    step.refresh_from_db()
    assert (step.done_on, step.is_from_record) == (date(2026, 11, 10), True)
    step.induction.refresh_from_db()
    assert step.induction.completed_on == ON

    reverse(entry, reason="Not there", by=None, today=ON)
    tick_from_record(on=ON)
    step.refresh_from_db()
    step.induction.refresh_from_db()
    assert (step.done_on, step.is_from_record, step.induction.completed_on) == (None, False, None)


@pytest.mark.parametrize(("title", "on"), [("Prevent", date(2026, 11, 10)), ("Cooking", date(2026, 11, 10))])
def test_other_training_ticks_nothing(year, title, on):
    step = InductionStepFactory(statutory_code="PREV", induction__contract__starts_on=date(2026, 11, 2))
    _credit(step.induction.person, title, on)

    assert tick_from_record(on=ON) == 0


def test_tick_by_hand_is_not_touched_by_the_record(year):
    step = InductionStepFactory(statutory_code="PREV", induction__contract__starts_on=date(2026, 11, 2))
    tick_step(step_id=step.pk, by=step.induction.person, standings=OWN, on=ON)
    _credit(step.induction.person, "Prevent awareness", date(2026, 11, 10))

    assert tick_from_record(on=ON) == 0
    step.refresh_from_db()
    assert (step.done_on, step.is_from_record) == (ON, False)


# By hand ---------------------------------------------------------------------------------------
def test_last_tick_completes_and_undo_opens_again(db):
    step = InductionStepFactory()
    person = step.induction.person

    tick_step(step_id=step.pk, by=person, standings=OWN, on=ON)
    assert Induction.objects.get().completed_on == ON
    undo_step(step_id=step.pk, by=person, standings=OWN, on=ON)

    assert Induction.objects.get().completed_on is None
    assert InductionStep.objects.get().marked_by is None


def test_step_of_the_manager_is_not_the_starters_to_tick(db):
    step = InductionStepFactory(done_by="manager")

    with pytest.raises(ActionRefused) as refusal:
        tick_step(step_id=step.pk, by=step.induction.person, standings=OWN, on=ON)
    assert refusal.value.sentence == step_of_another(step)


def test_record_is_not_undone_by_hand(db):
    step = InductionStepFactory(done_on=ON, is_from_record=True)

    with pytest.raises(ActionRefused) as refusal:
        undo_step(step_id=step.pk, by=step.induction.person, standings=OWN, on=ON)
    assert refusal.value.sentence == FROM_THE_RECORD


def test_buddy_is_a_colleague_who_works_here_and_is_told(db):
    induction = InductionFactory(contract__line_manager=PersonFactory())
    buddy, stranger = ContractFactory().person, PersonFactory()

    def choose(person, standings=MANAGER):
        return choose_buddy(
            induction_id=induction.pk,
            buddy=person,
            by=induction.contract.line_manager,
            standings=standings,
            on=ON,
            now=NOW,
        )

    for wrong in (induction.person, induction.contract.line_manager, stranger):
        with pytest.raises(ActionRefused):
            choose(wrong)
    with pytest.raises(ActionRefused):
        choose(buddy, OWN)
    assert choose(buddy).buddy == buddy
    choose(buddy)
    assert Message.objects.filter(person=buddy).count() == 1


# Reminders and reference data ---------------------------------------------------------------------
def test_reminders_go_to_whose_the_step_is_and_late_ones_to_the_manager_too(db):
    manager = PersonFactory()
    induction = InductionFactory(contract__line_manager=manager)
    InductionStepFactory(induction=induction, title="Soon", due_on=ON + timedelta(days=2))
    InductionStepFactory(induction=induction, title="Late", due_on=ON - timedelta(days=3))
    InductionStepFactory(induction=induction, title="Done", due_on=ON - timedelta(days=3), done_on=ON)
    InductionStepFactory(
        induction=induction, title="Team", due_on=ON + timedelta(days=2), done_by="people_team"
    )

    told = {(one.person_id, one.kind) for one in due_on(ON)}

    starter = induction.person_id
    assert told == {
        (starter, "induction_due"),
        (starter, "induction_late"),
        (manager.pk, "induction_late"),
    }


def _told_of(induction, *users):
    """Who is told of the manager's late step by mail, of whom home says the same."""
    InductionStepFactory(induction=induction, title="Late", due_on=ON - timedelta(days=3), done_by="manager")
    mailed = {one.person_id for one in due_on(ON)}
    shown = {
        user.person_id
        for user in users
        if any(need.title == "Inductions that are late" for need in parts_of(user.person, ON).needs)
    }
    assert mailed == shown
    return mailed


def test_without_a_line_manager_the_head_is_told_of_manager_steps(teacher, headteacher, line_manager):
    teacher.person.contracts.update(line_manager=None)
    induction = InductionFactory(contract=teacher.person.contracts.get())

    assert _told_of(induction, headteacher, line_manager) == {headteacher.person_id}


def test_without_a_head_either_the_people_team_is_told_of_manager_steps(hub_lead, headteacher, people_team):
    induction = InductionFactory(contract=hub_lead.person.contracts.get())

    assert _told_of(induction, headteacher, people_team) == {people_team.person_id}


def test_who_stands_in_for_the_manager_is_told_of_manager_steps(teacher, line_manager, cpd_lead):
    Delegation.objects.create(
        from_person=line_manager.person, to_person=cpd_lead.person, starts_on=ON, ends_on=ON
    )
    induction = InductionFactory(contract=teacher.person.contracts.get())

    assert _told_of(induction, line_manager, cpd_lead) == {line_manager.person_id, cpd_lead.person_id}


def test_the_manager_of_another_post_is_not_told(teacher, line_manager, kettering):
    manager = UserFactory()
    ContractFactory(person=manager.person)
    second = ContractFactory(
        person=teacher.person, school=kettering, line_manager=manager.person, is_main=False
    )

    assert _told_of(InductionFactory(contract=second), line_manager, manager) == {manager.person_id}


def test_who_will_manage_a_starter_without_a_line_manager_is_told_of_the_start(beanfield, headteacher):
    contract = ContractFactory(school=beanfield, starts_on=ON + timedelta(days=7))

    tell_of_starts([InductionFactory(contract=contract)], on=ON, now=NOW)

    told = set(Message.objects.values_list("person", flat=True))
    assert told == {contract.person_id, headteacher.person_id}


def test_reference_is_loaded_once_and_what_the_people_team_changed_stays(db):
    unknown = load_induction_templates()
    InductionTemplateStep.objects.filter(title="Safeguarding induction").update(due_days=1)
    count = InductionTemplateStep.objects.count()
    load_induction_templates()

    assert "IN-005" in unknown
    assert InductionTemplateStep.objects.count() == count > 50
    assert InductionTemplateStep.objects.get(title="Safeguarding induction").due_days == 1
    # Roles that the trust does not have: such a list is for nobody rather than for everybody.
    assert not InductionTemplate.objects.get(name="Leaders and managers").is_active
