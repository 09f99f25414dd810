"""The HR files of the night: what the job brings in, and what it says where it cannot."""

import os
import subprocess
import sys

import pytest

from bwt_cpd import tasks
from staff.models import JobRun, Person
from staff.refusals import ActionRefused
from tests.staff.hr_files import PEOPLE, TRUST

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.STAFF_IMPORT_FOLDER = str(tmp_path)
    for kind, text in TRUST.items():
        (tmp_path / f"{kind}.csv").write_text(text)
    return tmp_path


def test_brings_in_what_lies_there_and_says_so(folder, people_team):
    before = Person.objects.count()

    tasks.import_staff()
    tasks.import_staff()

    first, second = JobRun.objects.order_by("pk")
    assert Person.objects.count() == before + 3
    assert first.is_successful
    assert "3 people: new" in first.detail
    assert (second.is_successful, second.detail) == (True, "Nothing had changed")


def test_wrong_row_is_named_by_its_place_and_nothing_is_written(folder):
    (folder / "people.csv").write_text(PEOPLE + "P002,Ben,Box,nonsense,\n")

    with pytest.raises(ActionRefused):
        tasks.import_staff()

    run = JobRun.objects.get()
    assert not run.is_successful
    assert "The first: people.csv, line 2, column work_email." in run.detail
    assert "nonsense" not in run.detail
    assert not Person.objects.filter(payroll_number="P002").exists()


def test_no_file_is_a_failure_that_says_so(settings, tmp_path):
    settings.STAFF_IMPORT_FOLDER = str(tmp_path)

    with pytest.raises(ActionRefused, match="The HR system has left no file"):
        tasks.import_staff()

    assert "left no file" in JobRun.objects.get().detail


def test_many_leavers_wait_for_somebody(folder, settings):
    tasks.import_staff()
    settings.STAFF_IMPORT_FULL = True
    (folder / "contracts.csv").write_text(TRUST["contracts"].splitlines()[0] + "\n")

    with pytest.raises(ActionRefused, match="this needs to be confirmed"):
        tasks.import_staff()


@pytest.mark.parametrize(("folder_name", "planned"), [("/hr", True), ("", False)])
def test_runs_at_night_only_where_a_folder_is_named(folder_name, planned):
    asked = "from bwt_cpd.schedule import *; print('import_staff' in BEAT_SCHEDULE, 'import_staff' in OVERDUE_AFTER)"

    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "STAFF_IMPORT_FOLDER": folder_name},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.split() == [str(planned)] * 2
