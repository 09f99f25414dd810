"""Importing what HR says: what is written, what is refused, and that a second run writes nothing."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.actions import bulk_rows
from staff.actions.imports import RowsRefused, not_written
from staff.csv_files import Change, RowError
from staff.import_rows import not_an_address
from staff.models import Absence, Contract, Department, JobRole, Person, School, User
from staff.refusals import ActionRefused
from staff.rules import import_comparison
from tests.factories.staff import PersonFactory, ResponsibilityFactory, UserFactory
from tests.staff.hr_files import ABSENCES, CONTRACTS, ON, PEOPLE, TRUST, bring_in

pytestmark = pytest.mark.django_db


def _audit_rows() -> int:
    return sum(
        model.objects.count()
        for model in apps.get_app_config("staff").get_models()
        if model.__name__.endswith("Event")
    )


def _refused(**texts) -> list[RowError]:
    with pytest.raises(RowsRefused) as refusal:
        bring_in(**texts)
    return refusal.value.errors


def _contracts(*rows: str) -> str:
    return CONTRACTS + "\n".join(rows) + "\n"


@pytest.fixture
def trust():
    bring_in(**TRUST)


def test_the_five_files_come_in(trust):
    cy = Contract.objects.get(contract_id="C003")

    assert (School.objects.count(), JobRole.objects.count(), Department.objects.count()) == (2, 2, 2)
    assert JobRole.objects.get(code="TA2").title == "Teaching assistant, level 2"
    assert Contract.objects.get(contract_id="C002").fte == Fraction(25, 37)
    assert (cy.person.last_name, cy.line_manager.full_name, cy.department.name, cy.ends_on) == (
        "Cole, junior",
        "Ann Ash",
        "Teaching",
        date(2027, 8, 31),
    )
    assert Absence.objects.get().absence_class == "family"


def test_everybody_has_a_sign_in_without_a_usable_password(trust):
    found = User.objects.order_by("person__payroll_number").values_list("email", "staff_number")

    assert list(found) == [("ann.ash@trust.example", None), (None, "P002"), ("cy.cole@trust.example", None)]
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_second_run_writes_nothing_not_even_audit_rows(trust):
    before = _audit_rows()

    with CaptureQueriesContext(connection) as queries:
        outcome = bring_in(**TRUST)

    assert outcome.plan.changes == []
    assert outcome.changed_person_ids == []
    assert _audit_rows() == before > 0
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_only_what_changed_is_written_and_the_audit_says_what_caused_it(trust):
    before = _audit_rows()

    outcome = bring_in(
        contracts=TRUST["contracts"].replace("C003,P003,BPS,TCH,0.6,3", "C003,P003,BPS,TCH,0.8,4")
    )

    cy = Person.objects.get(payroll_number="P003")
    assert [str(change) for change in outcome.plan.changes] == [
        "contracts: changed C003: fte 3/5 → 4/5, days_per_week 3 → 4"
    ]
    assert outcome.changed_person_ids == [cy.pk]
    assert _audit_rows() == before + 1
    event = apps.get_model("staff", "ContractEvent").objects.order_by("-pgh_id")[0]
    assert event.pgh_context.metadata["action"] == "import_staff"


def test_a_dry_run_says_the_same_and_writes_nothing():
    outcome = bring_in(**TRUST, is_dry_run=True)

    assert outcome.plan.counts() == {
        "schools: new": 2,
        "roles: new": 2,
        "people: new": 3,
        "contracts: new": 3,
        "absences: new": 1,
    }
    assert Person.objects.count() == School.objects.count() == User.objects.count() == 0


def test_nothing_is_written_where_one_row_is_wrong():
    errors = _refused(
        **{**TRUST, "absences": ABSENCES + "P003,family,2026-11-01,\nP009,family,2026-11-01,\n"}
    )

    assert errors == [
        RowError("absences.csv", 3, "payroll_number", import_comparison.no_such("person", "P009"))
    ]
    assert Person.objects.count() == 0


def test_unknown_school_role_and_person_are_named_all_at_once(trust):
    assert _refused(
        contracts=_contracts(
            "C9,P001,XXX,TCH,1,5,,2019-09-01,2019-09-30,,", "C8,P009,BPS,XXX,1,5,,2026-09-01,,,"
        )
    ) == [
        RowError("contracts.csv", 2, "school_code", import_comparison.no_such("school", "XXX")),
        RowError("contracts.csv", 3, "payroll_number", import_comparison.no_such("person", "P009")),
        RowError("contracts.csv", 3, "role_code", import_comparison.no_such("role", "XXX")),
    ]


def test_one_mistake_is_not_told_twice(trust):
    errors = _refused(
        people=PEOPLE + "P009,Dee,Dow,nonsense,\n",
        contracts=_contracts("C9,P009,BPS,TCH,1,5,,2026-09-01,,,true"),
    )

    assert errors == [RowError("people.csv", 2, "work_email", not_an_address("nonsense"))]


def test_two_main_contracts_at_once_are_named_by_row(trust):
    within_file = _refused(
        contracts=_contracts(
            "C7,P001,BPS,TCH,1,5,,2010-09-01,2015-08-31,,true",
            "C8,P001,BPS,TCH,1,5,,2015-08-31,2016-08-31,,true",
        )
    )
    with_the_database = _refused(contracts=_contracts("C9,P001,BPS,TA2,0.2,1,,2026-09-01,,,true"))

    in_2015 = import_comparison.two_main_contracts("C8", "C7", date(2015, 8, 31), other_line=2)
    in_2026 = import_comparison.two_main_contracts("C9", "C001", date(2026, 9, 1))
    assert within_file == [RowError("contracts.csv", 3, "is_main", in_2015)]
    assert with_the_database == [RowError("contracts.csv", 2, "is_main", in_2026)]


def test_the_main_mark_may_move_from_one_contract_to_another(trust):
    bring_in(
        contracts=_contracts(
            "C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,false", "C9,P001,BPS,TCH,1,5,,2026-09-01,,,true"
        )
    )

    assert list(
        Contract.objects.filter(person__payroll_number="P001", is_main=True).values_list("contract_id")
    ) == [("C9",)]


def test_a_contract_cannot_change_its_person(trust):
    assert _refused(contracts=_contracts("C001,P002,BPS,TCH,1,5,52.143,2020-09-01,,,false")) == [
        RowError("contracts.csv", 2, "payroll_number", import_comparison.belongs_to_another("C001", "P001"))
    ]


def test_a_manager_who_is_unknown_oneself_or_in_a_circle_is_a_warning(trust):
    outcome = bring_in(
        contracts=_contracts(
            "C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,P003,true",
            "C002,P002,BPS,TA2,25/37,5,39,2021-09-01,,P404,true",
            "C003,P003,BPS,TCH,0.6,3,,2022-09-01,2027-08-31,P001,yes",
            "C004,P003,BPS,TCH,0.2,1,,2027-09-01,,P003,yes",
        )
    )

    assert outcome.plan.warnings == [
        RowError(
            "contracts.csv",
            line,
            "manager_payroll_number",
            import_comparison.without_manager(manager, why, contract),
        )
        for line, manager, why, contract in (
            (2, "P003", import_comparison.CIRCLE_OF_MANAGERS, "C001"),
            (3, "P404", import_comparison.UNKNOWN_MANAGER, "C002"),
            (4, "P001", import_comparison.CIRCLE_OF_MANAGERS, "C003"),
            (5, "P003", import_comparison.OWN_MANAGER, "C004"),
        )
    ]
    assert not Contract.objects.filter(line_manager__isnull=False).exists()


def test_a_circle_with_a_contract_that_is_not_in_the_file_is_seen(trust):
    outcome = bring_in(contracts=_contracts("C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,P002,true"))

    assert len(outcome.plan.warnings) == 1
    assert Contract.objects.get(contract_id="C001").line_manager is None
    assert Contract.objects.get(contract_id="C002").line_manager.full_name == "Ann Ash"


def test_absences_of_each_person_named_are_replaced_and_others_left(trust):
    bring_in(absences=ABSENCES + "P001,sickness,2026-10-01,2026-11-10\n")
    before = _audit_rows()

    bring_in(absences=ABSENCES + "P001,sickness,2026-10-01,2026-11-10\nP001,unpaid,2027-01-01,\n")
    bring_in(absences=ABSENCES + "P001,unpaid,2027-01-01,\n")

    found = Absence.objects.order_by("person__payroll_number").values_list(
        "person__payroll_number", "absence_class"
    )
    assert list(found) == [("P001", "unpaid"), ("P003", "family")]
    assert _audit_rows() == before + 2


def test_rows_left_out_are_left_alone_unless_full(trust):
    bring_in(contracts=_contracts("C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,true"))

    assert Contract.objects.in_force(ON).count() == 3


def test_full_ends_what_is_left_out_but_is_held_above_5_percent(trust):
    files = {"contracts": _contracts("C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,true"), "is_full": True}

    with pytest.raises(ActionRefused) as refusal:
        bring_in(**files)
    held = bring_in(**files, is_dry_run=True)
    outcome = bring_in(**files, confirms_leavers=True)

    assert refusal.value.sentence == not_written(held.plan.held_words)
    assert held.plan.is_held
    assert (held.plan.leaving_contracts, held.plan.live_contracts) == (2, 3)
    assert [change.what for change in outcome.plan.changes] == ["ended", "ended"]
    assert Contract.objects.get(contract_id="C002").ends_on == date(2026, 11, 23)
    assert [contract.contract_id for contract in Contract.objects.in_force(ON)] == ["C001"]
    assert bring_in(**files).plan.changes == []


def test_full_is_not_held_at_5_percent(trust):
    numbers = range(100, 117)
    rows = [f"D{n},P{n},BPS,TCH,1,5,,2020-09-01,,,true" for n in numbers]
    people = "".join(f"P{n},First,Last{n},,\n" for n in numbers)
    known = TRUST["contracts"].removeprefix(CONTRACTS)
    bring_in(people=PEOPLE + people, contracts=_contracts(*rows))

    bring_in(contracts=_contracts(*rows[1:]) + known, is_full=True)  # 1 of 20

    assert Contract.objects.in_force(ON).count() == 19


def test_full_takes_back_a_contract_that_has_not_begun(trust):
    bring_in(contracts=_contracts("C9,P002,BPS,TCH,1,5,,2027-09-01,,,"))

    outcome = bring_in(contracts=TRUST["contracts"], is_full=True)

    assert outcome.plan.changes == [
        Change("contracts", "removed", "C9", import_comparison.not_in_the_files("P002"))
    ]
    assert not Contract.objects.filter(contract_id="C9").exists()


def test_a_changed_role_moves_department_and_names_the_people_whose_figures_change(trust):
    roles = TRUST["roles"].replace("Inclusion,Classroom support,support", "Teaching,Teaching,teacher")

    outcome = bring_in(roles=roles, contracts=TRUST["contracts"])

    ben = Person.objects.get(payroll_number="P002")
    assert ben.contracts.get().department.name == "Teaching"
    assert outcome.changed_person_ids == [ben.pk]


def test_two_people_may_swap_their_e_mails_and_losing_one_leaves_the_staff_number(trust):
    bring_in(
        people=PEOPLE
        + "P001,Ann,Ash,cy.cole@trust.example,1234567\n"
        + 'P003,Cy,"Cole, junior",ann.ash@trust.example,\n'
        + "P002,Ben,Box,ben@trust.example,\n"
    )
    bring_in(people=PEOPLE + "P001,Ann,Ash,,1234567\n")

    found = User.objects.order_by("person__payroll_number").values_list("email", "staff_number")
    assert list(found) == [(None, "P001"), ("ben@trust.example", "P002"), ("ann.ash@trust.example", None)]


def test_an_e_mail_of_two_people_is_named(trust):
    assert _refused(people=PEOPLE + "P009,Dee,Dow,ANN.ash@trust.example,\nP008,Eve,Elm,e@t.example,\nP007,F,G,e@t.example,\n") == [
        RowError("people.csv", 2, "work_email", import_comparison.sign_in_taken("ann.ash@trust.example", "P001")),
        RowError("people.csv", 4, "work_email", import_comparison.email_twice("e@t.example", "P008")),
    ]  # fmt: skip


def test_an_administrator_who_was_first_gets_their_staff_record():
    admin = UserFactory(person=None, email="ann.ash@trust.example", is_superuser=True)

    bring_in(**TRUST)

    admin.refresh_from_db()
    assert admin.person.payroll_number == "P001"


def test_the_sign_in_of_an_administrator_is_not_moved_by_a_file(trust):
    User.objects.filter(person__payroll_number="P001").update(is_superuser=True)

    outcome = bring_in(people=PEOPLE + "P001,Ann,Ash,other@trust.example,1234567\n")

    assert User.objects.get(person__payroll_number="P001").email == "ann.ash@trust.example"
    assert [warning.reason for warning in outcome.plan.warnings] == [
        import_comparison.guarded_sign_in("P001")
    ]


@pytest.mark.parametrize(("starts_on", "is_kept"), [(ON, True), (ON + timedelta(days=1), False)])
def test_the_sign_in_of_the_people_team_is_not_moved_by_a_file(trust, starts_on, is_kept):
    """They bring files in themselves: a new e-mail would be a way into a colleague's account."""
    ResponsibilityFactory(
        person=Person.objects.get(payroll_number="P001"), kind="people_team", starts_on=starts_on
    )

    outcome = bring_in(people=PEOPLE + "P001,Ann,Ash,other@trust.example,1234567\n")

    sign_in = User.objects.get(person__payroll_number="P001").email
    assert sign_in == ("ann.ash@trust.example" if is_kept else "other@trust.example")
    assert [warning.reason for warning in outcome.plan.warnings] == (
        [import_comparison.guarded_sign_in("P001")] if is_kept else []
    )


def test_somebody_erased_stays_erased(trust):
    Person.objects.filter(payroll_number="P002").update(
        first_name="", last_name="Erased", erased_at="2026-11-01T00:00Z"
    )

    outcome = bring_in(people=TRUST["people"])

    assert Person.objects.get(payroll_number="P002").last_name == "Erased"
    assert [warning.column for warning in outcome.plan.warnings] == ["payroll_number"]


def test_a_delegate_without_payroll_number_is_not_touched(trust):
    partner = PersonFactory(payroll_number=None)

    bring_in(contracts=TRUST["contracts"], is_full=True)

    assert Person.objects.filter(pk=partner.pk).exists()


def test_the_number_of_statements_does_not_grow_with_the_rows(trust):
    def files(first: int, last: int) -> dict[str, str]:
        numbers = range(first, last)
        return {
            "people": PEOPLE + "".join(f"Q{n},First,Last{n},q{n}@trust.example,\n" for n in numbers),
            "contracts": CONTRACTS
            + "".join(f"Q{n},Q{n},BPS,TCH,1,5,,2020-09-01,,P001,true\n" for n in numbers),
            "absences": ABSENCES + "".join(f"Q{n},family,2026-11-01,\n" for n in numbers),
        }

    with CaptureQueriesContext(connection) as few:
        bring_in(**files(0, 3))
    with CaptureQueriesContext(connection) as many:
        bring_in(**files(3, 300))

    assert len(few) == len(many) <= 25


def test_each_batch_takes_the_same_few_statements_whether_rows_are_new_or_changed(trust, monkeypatch):
    """Batches of 50 instead of 5,000, so that there are several."""
    monkeypatch.setattr(bulk_rows, "BATCH", 50)

    def statements(numbers: range, last_name: str, fte: str, absence: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            bring_in(
                people=PEOPLE + "".join(f"Q{n},First,{last_name},q{n}@trust.example,\n" for n in numbers),
                contracts=CONTRACTS
                + "".join(f"Q{n},Q{n},BPS,TCH,{fte},5,,2020-09-01,,P001,true\n" for n in numbers),
                absences=ABSENCES + "".join(f"Q{n},{absence},2026-11-01,\n" for n in numbers),
            )
        return len(seen)

    parts = [range(50), range(100, 200), range(300, 450)]  # one, two and three batches
    new = [statements(part, "Old", "1", "family") for part in parts]
    changed = [statements(part, "New", "0.6", "unpaid") for part in parts]

    for one, two, three in (new, changed):
        assert three - two == two - one <= 12, (new, changed)


def test_no_files_at_all_is_refused():
    with pytest.raises(ActionRefused):
        bring_in()
