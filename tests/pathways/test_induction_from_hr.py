"""From the HR file to the first day: nobody has to remember anybody's induction (DOMAIN section 0, 12)."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from bwt_cpd.schedule import BEAT_SCHEDULE
from entitlements.academic_year import YearDates
from pathways.actions.reference_induction import load_induction_templates
from pathways.models import Induction
from pathways.tasks import keep_inductions
from staff import clock
from staff.models import JobRun, Message, Person
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory
from tests.staff.hr_files import CONTRACTS, PEOPLE, TRUST, bring_in

TODAY = clock.today()
ADDRESS = "/pathways/induction/"


@pytest.fixture
def trust(db):
    """Ann, Ben and Cy have been here for years; the templates are those of the project."""
    bring_in(TODAY, **TRUST)
    load_induction_templates()
    keep_inductions()
    assert not Induction.objects.exists()


def hired(starts_on, role="TA2", number="P100"):
    """What HR sends when somebody is appointed."""
    return {
        "people": PEOPLE + f"{number},Nia,New,{number}@trust.example,\n",
        "contracts": CONTRACTS + f"C{number},{number},BPS,{role},1,5,39,{starts_on},,P001,true\n",
    }


@pytest.mark.parametrize("days", [-30, -3, 0, 14])
def test_starter_of_the_file_has_an_induction_after_the_job(trust, days):
    bring_in(TODAY, **hired(TODAY + timedelta(days=days)))
    keep_inductions()

    [induction] = Induction.objects.all()
    doers = set(induction.steps.values_list("done_by", flat=True))
    assert (induction.person.payroll_number, induction.starts_on) == ("P100", TODAY + timedelta(days=days))
    assert induction.contract.line_manager.payroll_number == "P001"
    assert doers == {"person", "manager", "buddy", "people_team"}
    assert "1 induction begun" in JobRun.objects.filter(name="keep_inductions").latest("pk").detail


def test_role_of_the_file_chooses_the_steps(trust):
    bring_in(TODAY, **hired(TODAY))
    bring_in(TODAY, **hired(TODAY, role="TCH", number="P101"))
    keep_inductions()

    assistant, teacher = Induction.objects.order_by("person__payroll_number")
    own = {
        one.pk: set(one.steps.values_list("template_step__template__name", flat=True))
        for one in (assistant, teacher)
    }
    assert own[assistant.pk] == {"Everybody", "Classroom and pastoral support"}
    assert own[teacher.pk] == {"Everybody", "Teachers"}


def test_again_and_again_it_stays_one_and_one_letter_each(trust):
    for _ in range(2):
        bring_in(TODAY, **hired(TODAY))
        keep_inductions()

    assert Induction.objects.count() == 1
    letters = Message.objects.filter(kind="induction_started").order_by("person__payroll_number")
    assert [letter.person.payroll_number for letter in letters] == ["P001", "P100"]


def test_first_day_that_hr_moves_takes_the_steps_along(trust):
    bring_in(TODAY, **hired(TODAY + timedelta(days=7)))
    keep_inductions()
    before = dict(Induction.objects.get().steps.values_list("title", "due_on"))

    bring_in(TODAY, **hired(TODAY + timedelta(days=9)))
    keep_inductions()

    after = dict(Induction.objects.get().steps.values_list("title", "due_on"))
    assert after == {title: due_on + timedelta(days=2) for title, due_on in before.items()}


def test_training_brought_along_ticks_its_step(trust, client, tmp_path):
    """An activity imported from another system is on record before the induction begins."""
    bring_in(TODAY, **hired(TODAY))
    EntitlementPolicyFactory(year=AcademicYearFactory(name=YearDates.for_date(TODAY).label))
    ActivityKindFactory(code="compliance", counts_as="capped_compliance")
    file = tmp_path / "activities.csv"
    file.write_text(
        "external_id,payroll_number,kind,amount,occurred_on,title,status,cpd_fraction,body,own_time\n"
        f"E1,P100,compliance,45,{TODAY - timedelta(days=20)},Prevent awareness,verified,,,\n"
    )
    call_command("import_activities", str(file))
    keep_inductions()

    ticked = Induction.objects.get().steps.filter(is_from_record=True)
    assert [(step.statutory_code, step.done_on) for step in ticked] == [("PREV", TODAY - timedelta(days=20))]


def test_starter_who_signs_in_on_day_one_finds_it(trust, client):
    bring_in(TODAY, **hired(TODAY))
    keep_inductions()
    person = Person.objects.get(payroll_number="P100")
    client.force_login(person.user)

    journey = client.get(ADDRESS).context["journey"]

    assert journey.total == person.inductions.get().steps.count() > 10
    assert journey.next_row.step.due_on == TODAY


def test_nobody_who_changes_their_contract_starts_again(trust):
    ended = f"C002,P002,BPS,TA2,25/37,5,39,2021-09-01,{TODAY - timedelta(days=1)},P001,true\n"
    anew = f"C902,P002,BPS,TCH,1,5,,{TODAY},,P001,true\n"
    bring_in(TODAY, contracts=CONTRACTS + ended + anew)

    keep_inductions()

    assert not Induction.objects.exists()


def test_job_is_on_the_clock():
    assert BEAT_SCHEDULE["keep_inductions"]["task"] == "pathways.tasks.keep_inductions"
