"""A form of the admin sent twice has one effect; what is not the same form has its own."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from staff.admin.once import OnceAdmin
from staff.models import School
from tests.factories.pathways_golden_thread import CareerStageFactory
from tests.system.repeats.pages import read_form

pytestmark = pytest.mark.django_db
ADD = "/admin/staff/school/add/"
NEW = {"code": "NEW", "name": "New School", "kind": "school", "phase": "primary"}


@pytest.fixture
def as_people_team(client, people_team):
    client.force_login(people_team)
    return client


def test_every_admin_of_the_house_takes_a_form_once():
    others = [type(one).__name__ for one in admin.site._registry.values() if not isinstance(one, OnceAdmin)]

    assert others == []


def test_same_form_twice_is_one_row_with_one_answer_and_one_line_of_the_log(as_people_team, people_team):
    sent = {**read_form(people_team, ADD), **NEW}

    answers = [as_people_team.post(ADD, sent).url for _ in range(2)]

    assert answers == [reverse("admin:staff_school_changelist")] * 2
    assert School.objects.filter(code="NEW").count() == LogEntry.objects.count() == 1
    assert LogEntry.objects.get().get_change_message() == "Added."


def test_form_that_came_back_is_taken_once_it_is_right(as_people_team, people_team):
    page = read_form(people_team, ADD)
    assert as_people_team.post(ADD, {**page, **NEW, "name": ""}).status_code == 200

    assert as_people_team.post(ADD, {**page, **NEW}).status_code == 302

    assert School.objects.filter(code="NEW").exists()


def test_page_gone_back_to_and_filled_in_otherwise_is_another_form(as_people_team, people_team):
    page = read_form(people_team, ADD)
    as_people_team.post(ADD, {**page, **NEW})

    as_people_team.post(ADD, {**page, **NEW, "code": "NEXT", "name": "Next School"})

    assert School.objects.filter(code__in=["NEW", "NEXT"]).count() == 2


def test_same_words_on_a_page_read_afresh_are_another_form(as_people_team, people_team, kettering):
    path = reverse("admin:staff_school_change", args=[kettering.pk])
    for _ in range(2):
        as_people_team.post(path, {**read_form(people_team, path), "town": "Kettering"})

    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told == ["Changed Town.", "No fields changed."]


def test_deleting_twice_has_one_answer_and_a_row_that_never_was_another(as_people_team, people_team):
    stage = CareerStageFactory()
    path = reverse("admin:pathways_careerstage_delete", args=[stage.pk])
    sent = read_form(people_team, path)

    answers = [as_people_team.post(path, sent).url for _ in range(2)]
    never = as_people_team.post(reverse("admin:pathways_careerstage_delete", args=[stage.pk + 1]), sent)

    assert answers == [reverse("admin:pathways_careerstage_changelist")] * 2
    assert never.url == reverse("admin:index")
    assert LogEntry.objects.count() == 1


def test_nobody_is_told_of_a_row_that_another_has_deleted(as_people_team, people_team, client, outsider):
    stage = CareerStageFactory()
    path = reverse("admin:pathways_careerstage_delete", args=[stage.pk])
    as_people_team.post(path, read_form(people_team, path))

    client.force_login(outsider)

    assert client.post(path, {"post": "yes"}).url.startswith("/admin/login/")


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ("absences", {"absence_class": "family", "starts_on": "2026-11-02"}),
        ("responsibilities", {"kind": "cpd_lead", "school": "", "starts_on": "2026-11-02"}),
    ],
)
def test_what_is_there_already_comes_back_with_a_word(as_people_team, people_team, teacher, rows, row):
    path = reverse("admin:staff_person_change", args=[teacher.person.pk])

    def sent(*places):
        typed = {f"{rows}-{at}-{name}": value for at in places for name, value in row.items()}
        return {**read_form(people_team, path), f"{rows}-TOTAL_FORMS": str(places[-1] + 1), **typed}

    assert as_people_team.post(path, sent(0, 1)).status_code == 200
    assert as_people_team.post(path, sent(0)).status_code == 302
    assert as_people_team.post(path, sent(1)).status_code == 200

    assert getattr(teacher.person, rows).count() == 1


def test_address_that_no_text_can_hold_is_no_row(as_people_team):
    path = reverse("admin:pathways_pathway_delete", args=["7"]).replace("/7/", "/%00/")

    answer = as_people_team.post(path, {"post": "yes"})

    assert (answer.status_code, answer.url) == (302, "/admin/")
