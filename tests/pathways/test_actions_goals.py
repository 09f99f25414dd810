"""Goals and voices: what may be done, by whom, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from pathways.actions import goals, voices
from pathways.actions.goals import (
    end_goal,
    say_held,
    set_goal,
    share_goal,
    take_back_held,
    take_up_again,
)
from pathways.actions.voices import hide_voice, publish_voice, remove_voice, write_voice
from pathways.models import Goal, HeldCpd, Pathway, Rung, RungCpd
from staff import clock
from staff.refusals import ActionRefused

NOW = clock.now()
TODAY = clock.today()


@pytest.fixture
def rungs(assistant_role, teacher_role):
    pathway = Pathway.objects.create(name="TA to teacher", slug="ta-to-teacher")
    for number, role in enumerate((assistant_role, teacher_role), start=1):
        Rung.objects.create(pathway=pathway, number=number).job_roles.add(role)
    return list(pathway.rungs.order_by("number"))


@pytest.fixture
def person(teaching_assistant):
    return teaching_assistant.person


def set_to(rung, person, *, is_shared=False, by=None):
    return set_goal(person=person, rung=rung, is_shared=is_shared, by=by or person, now=NOW)


def test_one_goal_at_a_time(rungs, person):
    third = Rung.objects.create(pathway=rungs[0].pathway, number=3)
    first = set_to(rungs[1], person)

    second = set_to(third, person, is_shared=True)

    first.refresh_from_db()
    assert (first.ended_at, first.is_reached) == (NOW, False)
    assert list(Goal.objects.filter(ended_at__isnull=True)) == [second]


def test_database_holds_one_goal_at_a_time(rungs, person):
    Goal.objects.create(person=person, rung=rungs[0])

    with pytest.raises(IntegrityError, match="goal_one_at_a_time"), transaction.atomic():
        Goal.objects.create(person=person, rung=rungs[1])


def test_the_same_goal_again_only_changes_who_sees_it(rungs, person):
    goal = set_to(rungs[1], person)

    again = set_to(rungs[1], person, is_shared=True)

    assert (again.pk, again.is_shared, Goal.objects.count()) == (goal.pk, True, 1)


def test_own_job_is_no_goal(rungs, person):
    with pytest.raises(ActionRefused) as refusal:
        set_to(rungs[0], person)
    assert refusal.value.sentence == goals.YOUR_JOB


def test_a_further_step_with_the_same_job_is_one(rungs, person, assistant_role):
    rungs[1].job_roles.add(assistant_role)

    assert set_to(rungs[1], person).rung == rungs[1]


def test_nobody_sets_shares_or_ends_another_ones_goal(rungs, person, line_manager):
    by = line_manager.person
    with pytest.raises(ActionRefused):
        set_to(rungs[1], person, by=by)
    goal = set_to(rungs[1], person)

    with pytest.raises(ActionRefused):
        share_goal(goal=goal, is_shared=True, by=by)
    with pytest.raises(ActionRefused):
        end_goal(goal=goal, is_reached=True, by=by, now=NOW)
    with pytest.raises(ActionRefused):
        say_held(person=person, cpd=make_line(rungs), held_on=TODAY, by=by, on=TODAY)


def test_let_go_and_taken_up_again_not_shared(rungs, person):
    goal = end_goal(goal=set_to(rungs[1], person, is_shared=True), is_reached=False, by=person, now=NOW)

    again = take_up_again(goal=goal, by=person, now=NOW + timedelta(days=14))

    assert (again.ended_at, again.is_shared) == (None, False)


def test_taken_up_again_only_soon_and_without_another(rungs, person):
    third = Rung.objects.create(pathway=rungs[0].pathway, number=3)
    goal = end_goal(goal=set_to(rungs[1], person), is_reached=False, by=person, now=NOW)

    with pytest.raises(ActionRefused) as refusal:
        take_up_again(goal=goal, by=person, now=NOW + timedelta(days=15))
    assert refusal.value.sentence == goals.TOO_LONG_AGO
    set_to(third, person)
    with pytest.raises(ActionRefused) as refusal:
        take_up_again(goal=goal, by=person, now=NOW)
    assert refusal.value.sentence == goals.ANOTHER_GOAL


def test_reached_once(rungs, person):
    goal = end_goal(goal=set_to(rungs[1], person), is_reached=True, by=person, now=NOW)

    assert end_goal(goal=goal, is_reached=True, by=person, now=NOW + timedelta(days=1)).ended_at == NOW
    with pytest.raises(ActionRefused) as refusal:
        end_goal(goal=goal, is_reached=False, by=person, now=NOW)
    assert refusal.value.sentence == goals.OVER_ALREADY


def make_line(rungs):
    return RungCpd.objects.create(rung=rungs[1], need="required", words="A certificate")


def test_held_is_said_corrected_and_taken_back(rungs, person):
    line = make_line(rungs)
    say_held(person=person, cpd=line, held_on=date(2020, 1, 1), by=person, on=TODAY)

    held = say_held(person=person, cpd=line, held_on=date(2021, 1, 1), by=person, on=TODAY)

    assert HeldCpd.objects.get().held_on == date(2021, 1, 1)
    take_back_held(held=held, by=person)
    assert not HeldCpd.objects.exists()


def test_held_since_a_day_to_come_is_refused(rungs, person):
    with pytest.raises(ActionRefused) as refusal:
        say_held(person=person, cpd=make_line(rungs), held_on=TODAY + timedelta(days=1), by=person, on=TODAY)
    assert refusal.value.sentence == goals.STILL_TO_COME


def speak(rungs, person, words="A good job."):
    return write_voice(person=person, rung=rungs[0], words=words, by=person, on=TODAY)


def test_voice_waits_until_another_has_published_it(rungs, person, people_team):
    voice = speak(rungs, person)
    assert voice.published_at is None

    publish_voice(voice_id=voice.pk, by=people_team.person, now=NOW)
    changed = speak(rungs, person, "Better still.")

    assert (changed.pk, changed.published_at, changed.published_by) == (voice.pk, None, None)


def test_nobody_publishes_their_own_nor_without_a_staff_record(rungs, person):
    voice = speak(rungs, person)

    with pytest.raises(ActionRefused) as refusal:
        publish_voice(voice_id=voice.pk, by=person, now=NOW)
    assert refusal.value.sentence == voices.OWN_WORDS
    with pytest.raises(ActionRefused) as refusal:
        publish_voice(voice_id=voice.pk, by=None, now=NOW)
    assert refusal.value.sentence == voices.NO_STAFF_RECORD


def test_only_who_is_in_the_job_speaks_of_it(rungs, person, teacher):
    with pytest.raises(ActionRefused) as refusal:
        write_voice(person=teacher.person, rung=rungs[0], words="Easy.", by=teacher.person, on=TODAY)
    assert refusal.value.sentence == voices.NOT_IN_THIS_JOB
    with pytest.raises(ActionRefused) as refusal:
        speak(rungs, person, "  ")
    assert refusal.value.sentence == voices.WORDS_NEEDED


def test_voice_is_hidden_and_taken_away(rungs, person, people_team, teacher):
    voice = publish_voice(voice_id=speak(rungs, person).pk, by=people_team.person, now=NOW)

    assert hide_voice(voice_id=voice.pk).published_at is None
    with pytest.raises(ActionRefused):
        remove_voice(voice=voice, by=teacher.person)
    remove_voice(voice=voice, by=person)
