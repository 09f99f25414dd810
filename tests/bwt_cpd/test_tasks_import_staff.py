"""The HR files of the night: what the job brings in, and what it says where it cannot."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from bwt_cpd import tasks
from bwt_cpd.actions import staff_imports
from staff import clock
from staff.actions.imports import not_written
from staff.actions.jobs import overdue_jobs
from staff.models import Contract, JobRun, Person
from staff.refusals import ActionRefused
from staff.rules.import_plan import StaffPlan
from tests.staff.hr_files import PEOPLE, TRUST

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.STAFF_IMPORT_FOLDER = str(tmp_path)
    for kind, text in TRUST.items():
        leave(tmp_path / f"{kind}.csv", text)
    return tmp_path


def leave(path, text, minutes=3):
    """As the HR system leaves a file, so many minutes ago."""
    path.write_text(text)
    then = time.time() - 60 * minutes
    os.utime(path, (then, then))


def test_brings_in_what_lies_there_and_says_so(folder, people_team):
    before = Person.objects.count()

    tasks.import_staff()

    run = JobRun.objects.get()
    assert Person.objects.count() == before + 3
    assert run.is_successful
    assert "3 people: new" in run.detail


def test_old_files_are_not_taken_again_and_undo_nothing(folder):
    tasks.import_staff()
    Person.objects.filter(payroll_number="P001").update(last_name="Mended")

    with pytest.raises(ActionRefused) as refusal:
        tasks.import_staff()

    newest = datetime.fromtimestamp((folder / "people.csv").stat().st_mtime, tz=UTC)
    assert refusal.value.sentence == staff_imports.no_new_files(newest)
    assert Person.objects.get(payroll_number="P001").last_name == "Mended"
    JobRun.objects.update(started_at=clock.now() - timedelta(days=1))
    tasks.import_staff()
    assert Person.objects.get(payroll_number="P001").last_name != "Mended"


def test_file_that_is_still_being_written_waits(folder):
    leave(folder / "people.csv", PEOPLE, minutes=0)

    with pytest.raises(ActionRefused) as refusal:
        tasks.import_staff()

    assert refusal.value.sentence == staff_imports.STILL_BEING_WRITTEN


def test_is_late_only_from_its_own_first_run_on(db):
    limits = {"import_staff": timedelta(hours=26), "send_messages": timedelta(hours=26)}
    now, named = clock.now(), ("import_staff",)
    JobRun.objects.create(name="send_reminders", started_at=now - timedelta(days=9), is_successful=True)

    assert overdue_jobs(limits, now=now, when_named=named) == ["send_messages"]
    JobRun.objects.create(name="import_staff", started_at=now - timedelta(hours=27), is_successful=False)
    assert overdue_jobs(limits, now=now, when_named=named) == ["import_staff", "send_messages"]


def test_wrong_row_is_named_by_its_place_and_nothing_is_written(folder):
    leave(folder / "people.csv", PEOPLE + "P002,Ben,Box,nonsense,\n")

    with pytest.raises(ActionRefused):
        tasks.import_staff()

    run = JobRun.objects.get()
    assert not run.is_successful
    assert "The first: people.csv, line 2, column work_email." in run.detail
    assert "nonsense" not in run.detail
    assert not Person.objects.filter(payroll_number="P002").exists()


def test_no_file_is_a_failure_that_says_so(settings, tmp_path):
    settings.STAFF_IMPORT_FOLDER = str(tmp_path)

    with pytest.raises(ActionRefused) as refusal:
        tasks.import_staff()

    assert refusal.value.sentence == staff_imports.NO_FILE
    assert staff_imports.NO_FILE in JobRun.objects.get().detail


def test_many_leavers_wait_for_somebody(folder, settings):
    tasks.import_staff()
    JobRun.objects.update(started_at=clock.now() - timedelta(days=1))
    settings.STAFF_IMPORT_FULL = True
    leave(folder / "contracts.csv", TRUST["contracts"].splitlines()[0] + "\n")

    live = Contract.objects.in_force(clock.today()).filter(person__payroll_number__isnull=False).count()
    with pytest.raises(ActionRefused) as refusal:
        tasks.import_staff()

    everybody_leaves = StaffPlan(live_contracts=live, leaving_contracts=live)
    assert refusal.value.sentence == not_written(everybody_leaves.held_words)


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
