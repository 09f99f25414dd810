"""Every list and form of the admin: who gets in, and that no list asks more for more rows."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertTemplateUsed

from bwt_cpd.actions.figures import refresh_figures
from entitlements.models import LedgerEntry, PlannedCredit
from pathways.models import CoachProfile, SurveyTheme
from pathways.models.coaching import CoachingTopic
from staff import clock
from staff.models import Delegation, Message
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, ClaimFactory
from tests.factories.pathways_needs import CompetencyFactory, NeedsCycleFactory
from tests.factories.staff import (
    AbsenceFactory,
    ContractFactory,
    DepartmentFactory,
    HubFactory,
    JobRoleFactory,
    PersonFactory,
    ResponsibilityFactory,
    SchoolFactory,
    UserFactory,
)
from tests.markup import without_layout

pytestmark = pytest.mark.django_db
OWN = {"staff", "entitlements", "courses"}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OWN),
    key=lambda model: model._meta.label_lower,
)


@pytest.fixture
def superuser():
    return UserFactory(person=None, email="root@trust.example", is_superuser=True)


def _fill(number: int) -> None:
    """One more row of everything, each with its own of what it points to."""
    school = SchoolFactory(code=f"S{number}")
    role = JobRoleFactory(code=f"R{number}", department=DepartmentFactory(name=f"Department {number}"))
    hub = HubFactory(code=f"H{number}")
    manager, person = PersonFactory(), PersonFactory()
    contract = ContractFactory(person=person, school=school, job_role=role, line_manager=manager)
    ContractFactory(person=person, school=school, job_role=role, is_main=False)
    AbsenceFactory(person=person)
    ResponsibilityFactory(person=person, school=school)
    ResponsibilityFactory(person=manager, kind="hub_lead", hub=hub)
    Delegation.objects.create(
        from_person=manager, to_person=person, starts_on="2026-11-01", ends_on="2026-11-30"
    )
    UserFactory(person=person)
    Message.objects.create(
        person=person,
        kind="x",
        subject="A mail",
        body_text="Hello",
        dedupe_key=f"k{number}",
        message_id=f"m{number}",
    )
    session = SessionFactory(course=CourseFactory(hub=hub), school=school)
    BookingFactory(session=session, person=person)
    BookingFactory(session=session, person=manager, state="waiting")
    ClaimFactory(person=person)
    year, kind = AcademicYearFactory(), ActivityKindFactory(code=f"kind-{number}")
    facts = {"person": person, "year": year, "kind": kind, "occurred_on": "2026-11-02", "title": "Reading"}
    entry = LedgerEntry.objects.create(**facts, minutes=60, source_key=f"t:{number}:1", contract=contract)
    LedgerEntry.objects.create(
        **facts, minutes=-60, source_key=f"t:{number}:2", reverses=entry, reason="Twice", created_by=manager
    )
    PlannedCredit.objects.create(**facts, minutes=60, source_key=f"p:{number}")


def _list(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_list_works_and_asks_the_same_with_more_rows(client, superuser, model):
    _fill(1)
    client.force_login(superuser)
    client.get(_list(model))
    with CaptureQueriesContext(connection) as one:
        assert client.get(_list(model)).status_code == 200
    _fill(2)
    _fill(3)
    with CaptureQueriesContext(connection) as three:
        assert client.get(_list(model)).status_code == 200

    assert len(three) <= len(one), [query["sql"] for query in three]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_search_and_every_form_works(client, superuser, model):
    _fill(1)
    client.force_login(superuser)
    row = model._default_manager.first()

    assert client.get(f"{_list(model)}?q=a").status_code in (200, 302)
    if row is not None:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        assert client.get(reverse(name, args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_a_teacher_sees_no_list_and_the_people_team_sees_theirs(client, teacher, people_team, model):
    client.force_login(teacher)
    assert client.get(_list(model)).status_code == 302

    client.force_login(people_team)
    assert client.get(_list(model)).status_code == 200


def test_a_persons_page_asks_the_same_with_more_contracts(client, superuser, beanfield, teacher_role):
    person = PersonFactory()
    ContractFactory(person=person, school=beanfield, job_role=teacher_role)
    client.force_login(superuser)
    url = reverse("admin:staff_person_change", args=[person.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(3):
        role = JobRoleFactory(code=f"X{number}", department=DepartmentFactory(name=f"D{number}"))
        ContractFactory(person=person, is_main=False, job_role=role, line_manager=PersonFactory())
        ResponsibilityFactory(person=person, school=SchoolFactory(code=f"Y{number}"))
    with CaptureQueriesContext(connection) as four:
        client.get(url)

    assert len(four) <= len(one)


def test_the_first_page_has_figures_and_leads_on(client, people_team):
    _fill(1)
    refresh_figures([people_team.person.pk], on=clock.today(), by=None)
    client.force_login(people_team)

    response = client.get("/admin/")

    assert response.status_code == 200
    assert f'href="{reverse("admin-import-staff")}"' in response.content.decode()
    assert f'href="{reverse("admin-report-entitlement-people")}?manager=none"' in response.content.decode()


def test_the_admin_has_its_own_policy_and_the_portal_the_strict_one(client, people_team):
    client.force_login(people_team)

    assert "'unsafe-eval'" in client.get("/admin/").headers["Content-Security-Policy"]
    assert "unsafe" not in client.get("/help/").headers["Content-Security-Policy"]


def test_a_mail_is_shown_in_a_sandbox(client, people_team, teacher):
    message = Message.objects.create(
        person=teacher.person, kind="x", subject="A mail", body_text="Hello", dedupe_key="k", message_id="m",
        body_html="<html><head></head><body><script>alert(1)</script><p style='color: red'>Hello</p></body></html>",
    )  # fmt: skip
    client.force_login(people_team)

    page = client.get(reverse("admin:staff_message_change", args=[message.pk])).content.decode()
    body = client.get(reverse("admin:staff_message_body", args=[message.pk]))

    assert f'src="/admin/staff/message/{message.pk}/body/" sandbox' in page
    assert "alert(1)</script>" not in page
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "script" not in body.headers["Content-Security-Policy"]


def test_the_page_of_a_row_says_in_words_whose_it_is(client, people_team, teacher):
    profile = CoachProfile.objects.create(person=teacher.person, topics=["next_step"], phases=["primary"])
    client.force_login(people_team)

    page = client.get(reverse("admin:pathways_coachprofile_change", args=[profile.pk])).content.decode()

    assert str(profile) not in page
    assert str(teacher.person) in page
    assert CoachingTopic.NEXT_STEP.label in page


def test_an_empty_list_says_so_and_a_search_without_finds_what_to_do(client, people_team):
    client.force_login(people_team)

    empty = client.get(reverse("admin:staff_delegation_changelist"))
    unfound = client.get(reverse("admin:staff_person_changelist"), {"q": "zzz"})

    assert (empty.context["cl"].result_count, unfound.context["cl"].result_count) == (0, 0)
    assertTemplateUsed(empty, "unfold/helpers/empty_results.html")
    assertTemplateUsed(unfound, "unfold/helpers/empty_results.html")
    add = reverse("admin:staff_delegation_add")
    assert re.search(
        rf'<a href="{add}[^"]*" class="[^"]*bg-primary-600', without_layout(empty.content.decode())
    )


def test_a_deletion_names_what_goes_and_no_table_between(client, people_team):
    cycle = NeedsCycleFactory()
    theme = SurveyTheme.objects.create(cycle=cycle, title="More practice")
    theme.competencies.add(CompetencyFactory())
    client.force_login(people_team)

    page = client.get(reverse("admin:pathways_surveytheme_delete", args=[theme.pk])).content.decode()

    assert "Delete “More practice”?" in page
    assert "relationship" not in page


def test_the_foot_of_the_side_bar_names_the_reader(client, people_team):
    client.force_login(people_team)

    page = client.get(reverse("admin:index")).content.decode()

    assert str(people_team.person) in page
