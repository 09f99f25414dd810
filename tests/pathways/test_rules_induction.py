"""Induction as arithmetic."""

from datetime import date

import pytest

from pathways.rules.induction import Fits, Standing, counts_from, is_record_of, may_tick, state_of_step

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("due_on", "done_on", "state"),
    [
        (date(2026, 11, 23), None, "overdue"),
        (date(2026, 11, 24), None, "due"),
        (date(2026, 12, 1), None, "due"),
        (date(2026, 12, 2), None, "later"),
        (date(2026, 11, 1), date(2026, 11, 20), "done"),
    ],
)
def test_step_is_late_from_the_day_after_it_was_due(due_on, done_on, state):
    assert state_of_step(due_on, done_on, ON) == state


@pytest.mark.parametrize(
    ("entry", "training", "is_record"),
    [
        ("Annual safeguarding update", "Annual safeguarding update and KCSIE Part one attestation", True),
        ("Cyber security awareness", "Cyber security awareness (NCSC)", True),
        ("PREVENT AWARENESS", "Prevent awareness", True),
        ("Prevent awareness for governors", "Prevent awareness", True),
        ("Fire safety awarenesses", "Fire safety awareness", False),
        ("Data", "Data protection", False),
        ("Manual handling", "Fire safety awareness", False),
    ],
)
def test_training_is_known_by_how_its_title_begins(entry, training, is_record):
    assert is_record_of(entry, training) is is_record


@pytest.mark.parametrize(
    ("months", "since"),
    [(0, date(2026, 10, 2)), (12, date(2025, 11, 1)), (24, date(2024, 11, 1)), (36, date(2023, 11, 1))],
)
def test_training_counts_while_it_is_in_date(months, since):
    assert counts_from(date(2026, 11, 1), months) == since


@pytest.mark.parametrize(
    ("done_by", "standing", "may"),
    [
        ("person", Standing.OWN, True),
        ("person", Standing.MANAGER, True),
        ("person", Standing.BUDDY, False),
        ("manager", Standing.OWN, False),
        ("buddy", Standing.BUDDY, True),
        ("buddy", Standing.READER, False),
        ("people_team", Standing.MANAGER, False),
        ("people_team", Standing.PEOPLE_TEAM, True),
    ],
)
def test_step_is_ticked_by_whose_it_is_and_who_helps(done_by, standing, may):
    assert may_tick(done_by, {standing}) is may


def test_template_fits_where_every_condition_holds():
    contract = {"staff_group": "support", "job_family": "Catering", "job_role": 4, "school": 2}

    def fits(**conditions):
        empty = {
            "staff_groups": frozenset(),
            "job_families": frozenset(),
            "job_roles": frozenset(),
            "schools": frozenset(),
        }
        return Fits(**(empty | conditions)).fits(**contract)

    assert fits()
    assert fits(staff_groups=frozenset({"support"}), job_families=frozenset({"Catering", "Estates"}))
    assert not fits(staff_groups=frozenset({"teacher"}))
    assert not fits(job_families=frozenset({"Catering"}), job_roles=frozenset({5}))
    assert not fits(schools=frozenset({1}))
