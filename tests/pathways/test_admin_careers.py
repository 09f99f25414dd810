"""The people team's side of careers: voices published by another, roles on no pathway named."""

import pytest

from pathways.actions.voices import OWN_WORDS
from pathways.admin.careers import FEW
from pathways.models import Goal, Pathway, Rung, RungVoice
from tests.factories.staff import JobRoleFactory, PersonFactory


@pytest.fixture
def rung(teacher_role):
    rung = Rung.objects.create(pathway=Pathway.objects.create(name="Classroom", slug="classroom"), number=1)
    rung.job_roles.add(teacher_role)
    return rung


def act(client, name, voice):
    return client.post(
        "/admin/pathways/rungvoice/", {"action": name, "_selected_action": [voice.pk]}, follow=True
    ).content.decode()


def test_voices_are_published_and_hidden(client, rung, people_team, teacher):
    voice = RungVoice.objects.create(rung=rung, person=teacher.person, words="Good.")
    client.force_login(people_team)

    act(client, "publish", voice)
    voice.refresh_from_db()
    assert voice.published_by == people_team.person
    act(client, "hide", voice)

    voice.refresh_from_db()
    assert voice.published_at is None


def test_own_words_are_published_by_a_colleague(client, rung, people_team):
    voice = RungVoice.objects.create(rung=rung, person=people_team.person, words="Good.")
    client.force_login(people_team)

    page = act(client, "publish", voice)

    assert OWN_WORDS in page
    voice.refresh_from_db()
    assert voice.published_at is None


def test_roles_on_no_pathway_are_named_with_what_to_do(client, rung, people_team):
    JobRoleFactory(code="LOLLY", title="Crossing patrol")
    client.force_login(people_team)

    page = client.get("/admin/pathways/pathway/")

    assert ("LOLLY", 0) in [(one.code, one.people) for one in page.context["left_out"]]
    assert "Crossing patrol (LOLLY)" in page.content.decode()


def test_goals_are_counted_and_small_counts_hidden(client, rung, people_team):
    other = Rung.objects.create(pathway=rung.pathway, number=2)
    for _ in range(5):
        Goal.objects.create(person=PersonFactory(), rung=rung)
    Goal.objects.create(person=PersonFactory(), rung=other)
    client.force_login(people_team)

    page = client.get("/admin/pathways/rung/").content.decode()

    assert "5 people" in page
    assert FEW in page
    assert "1 person" not in page
