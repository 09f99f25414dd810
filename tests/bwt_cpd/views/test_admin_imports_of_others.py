"""Activities and courses by upload: the same two steps as the import of staff."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bwt_cpd.actions.file_imports import IMPORTS
from bwt_cpd.actions.import_columns import COLUMN_WORDS
from bwt_cpd.views.admin_imports import CHOOSE_A_FILE, CHOOSE_THE_FILE, import_is_done
from courses.models import Course, Session
from entitlements.actions.activities import no_such_kind
from entitlements.models import LedgerEntry
from tests.courses.test_import_catalogue import COURSE, COURSE_COLUMNS, SESSION, SESSION_COLUMNS, csv_of

pytestmark = pytest.mark.django_db
ACTIVITIES, CATALOGUE = "/admin/import/activities/", "/admin/import/catalogue/"
HEADER = "external_id,payroll_number,kind,amount,occurred_on,title,status,cpd_fraction,body,own_time\n"


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def as_people_team(client, people_team):
    client.force_login(people_team)
    return client


def _file(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def _activities(client, person, rows="E-1,{},course,90,2026-11-03,Phonics,verified,,,\n"):
    text = HEADER + rows.format(person.payroll_number)
    return client.post(ACTIVITIES, {"activities": _file("teams.csv", text)})


def test_activities_show_the_difference_and_are_credited_once_confirmed(
    as_people_team, people_team, teacher, kept_here
):
    sent = _activities(as_people_team, teacher.person)
    page = as_people_team.get(sent.url).content.decode()

    assert "Entries, credited" in page
    assert f"90 minutes on Tue 3 Nov 2026 (line 2, {teacher.person.payroll_number})" in page
    assert not LedgerEntry.objects.exists()

    done = [as_people_team.post(sent.url, follow=True) for _ in "ab"]

    entry = LedgerEntry.objects.get()
    assert (entry.person, entry.minutes, entry.created_by) == (teacher.person, 90, people_team.person)
    said = [str(message) for page in done for message in page.context["messages"]]
    assert said == [import_is_done("1 credited entry")] * 2
    assert not list(kept_here.rglob("*.csv"))


def test_sent_again_with_another_amount_it_is_reversed_and_credited_anew(as_people_team, teacher):
    as_people_team.post(_activities(as_people_team, teacher.person).url)

    again = _activities(as_people_team, teacher.person, "E-1,{},course,60,2026-11-03,Phonics,verified,,,\n")
    said = as_people_team.post(again.url, follow=True).content.decode()

    assert "1 reversed entry, 1 credited entry" in said
    assert sum(LedgerEntry.objects.values_list("minutes", flat=True)) == 60


def test_bad_activities_are_named_with_line_and_column(as_people_team, teacher):
    sent = _activities(as_people_team, teacher.person, "E-1,{},dancing,90,2026-11-03,X,verified,,,\n")

    page = as_people_team.get(sent.url)

    assert page.status_code == as_people_team.post(sent.url).status_code == 422
    words = page.content.decode()
    assert no_such_kind("dancing") in words
    assert IMPORTS["activities"].source in words
    assert '<button class="do" type="submit">' not in words
    assert not LedgerEntry.objects.exists()


def test_courses_and_sessions_come_in_together(as_people_team, primary_hub, beanfield, teacher_role):
    files = {
        "courses": _file("courses.csv", csv_of(COURSE_COLUMNS, COURSE)),
        "sessions": _file("sessions.csv", csv_of(SESSION_COLUMNS, SESSION)),
    }

    sent = as_people_team.post(CATALOGUE, files)
    page = as_people_team.get(sent.url).content.decode()
    said = as_people_team.post(sent.url, follow=True).content.decode()

    assert "Number sense in Reception" in page
    assert "1 new strand, 1 new course, 1 new session" in said
    assert (Course.objects.get().code, Session.objects.get().code) == ("PTH-900", "PTH-900-1")


@pytest.mark.parametrize(("path", "says"), [(ACTIVITIES, CHOOSE_THE_FILE), (CATALOGUE, CHOOSE_A_FILE)])
def test_nothing_chosen_is_said(as_people_team, path, says):
    page = as_people_team.post(path)

    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == [says]


def test_files_of_one_import_are_none_of_another(as_people_team, teacher):
    token = _activities(as_people_team, teacher.person).url.rstrip("/").rpartition("/")[2]

    assert as_people_team.get(reverse("admin-import-catalogue-difference", args=[token])).status_code == 404
    assert (
        as_people_team.get(reverse("admin-import-activities-difference-csv", args=[token])).status_code == 200
    )


@pytest.mark.parametrize("slug", IMPORTS)
def test_every_column_has_its_words_on_the_page(as_people_team, slug):
    page = as_people_team.get(f"/admin/import/{slug}/").content.decode()

    for one in IMPORTS[slug].fields:
        assert set(COLUMN_WORDS[one.name]) == set(one.columns)
        assert all(f"<code>{column}</code>" in page for column in one.columns)
