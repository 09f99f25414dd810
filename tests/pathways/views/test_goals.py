"""My goal, the map and the steps on their pages; and that nobody finds nothing."""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bwt_cpd.states import state_of
from pathways.actions.goals import YOUR_JOB
from pathways.actions.reference import load_pathways
from pathways.models import Goal, HeldCpd, Pathway, Route, Rung, RungCpd, RungVoice
from pathways.queries.careers import roles_without_pathway
from pathways.queries.gaps import BOOK, SEE_COURSE
from staff import clock
from staff.models import Contract, JobRole
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, JobRoleFactory, UserFactory
from tests.markup import without_layout

ROLES = Path(__file__).resolve().parents[3] / "staff" / "data" / "roles.csv"
TODAY = clock.today()


def rows():
    with ROLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def trust(some_database):
    """All the roles of the trust, and the pathways for them."""
    for row in rows():
        JobRoleFactory(**{key: row[key] for key in ("code", "title", "job_family", "staff_group")})
    load_pathways()


@pytest.fixture
def ladder(trust, teaching_assistant):
    return {rung.number: rung for rung in Rung.objects.filter(pathway__slug="ta-to-teacher")}


def test_no_role_opens_pathways_and_finds_nothing(client, trust, beanfield):
    """A person of each role: something of their own on the list, a marked step, and something to do."""
    nothing = []
    for role in JobRole.objects.order_by("code"):
        person = ContractFactory(job_role=role, school=beanfield).person
        client.force_login(UserFactory(person=person))
        mine = client.get("/pathways/").context["mine"]
        pages = [client.get(f"/pathways/{view.pathway.slug}/").content.decode() for view in mine]
        steps = [
            client.get(step.url).context["shown"] for view in mine for step in view.steps if step.is_here
        ]
        has_lines = any(shown.lines for shown in steps) or any(view.next_step for view in mine)
        if not mine or not all(state_of("here").words in page for page in pages) or not has_lines:
            nothing.append(role.code)

    assert nothing == []
    assert JobRole.objects.count() == len(rows())


def test_control_a_role_without_a_pathway_is_found(trust):
    assert roles_without_pathway(on=TODAY) == []
    ContractFactory(job_role=JobRoleFactory(code="LOLLY", title="Crossing patrol"))

    assert [(one.code, one.people) for one in roles_without_pathway(on=TODAY)] == [("LOLLY", 1)]


def test_map_and_list_say_the_same(client, ladder, teaching_assistant):
    Goal.objects.create(person=teaching_assistant.person, rung=ladder[2])
    client.force_login(teaching_assistant)

    drawn = client.get("/pathways/ta-to-teacher/").content.decode()
    listed = client.get("/pathways/ta-to-teacher/?as=list").content.decode()

    for page in (drawn, listed):
        assert [page.count(f'href="{url(rung)}"') >= 1 for rung in ladder.values()] == [True] * 4
        assert page.count(state_of("here").words) == 1
        assert page.count(state_of("goal").words) == 1
        assert "/pathways/send-and-inclusion/1/" in page  # sideways: the same job


def url(rung):
    return f"/pathways/ta-to-teacher/{rung.number}/"


def test_goal_from_step_to_reached(client, ladder, teaching_assistant):
    client.force_login(teaching_assistant)
    set_address = f"/pathways/rungs/{ladder[2].pk}/goal/"
    assert f'action="{set_address}"' in client.get(url(ladder[2])).content.decode()

    client.post(set_address, {"share": "yes"})
    shown = client.get("/pathways/goal/").context["shown"]
    assert (shown.goal.rung, shown.goal.is_shared) == (ladder[2], True)
    client.post("/pathways/goal/share/", {"share": "no"})
    assert not Goal.objects.get().is_shared
    client.post("/pathways/goal/drop/")
    undo_address = f"/pathways/goal/{Goal.objects.get().pk}/undo/"
    assert f'action="{undo_address}"' in client.get("/pathways/goal/").content.decode()
    client.post(undo_address)
    client.post("/pathways/goal/reached/")

    assert Goal.objects.get().is_reached


def test_own_step_cannot_be_set_and_says_why(client, ladder, teaching_assistant):
    client.force_login(teaching_assistant)

    page = client.post(f"/pathways/rungs/{ladder[1].pk}/goal/", follow=True).content.decode()

    assert YOUR_JOB in page
    assert not Goal.objects.exists()


def test_held_takes_a_line_off_and_can_be_taken_back(client, ladder, teaching_assistant):
    client.force_login(teaching_assistant)
    client.post(f"/pathways/rungs/{ladder[2].pk}/goal/")
    line = RungCpd.objects.get(rung=ladder[2], words="HLTA assessment")

    answer = client.post(f"/pathways/held/{line.pk}/", {"held_on": "2024-05-01", "words": ""})
    assert answer.url == "/pathways/goal/"
    assert [one.cpd.words for one in client.get("/pathways/goal/").context["shown"].in_place] == [line.words]
    held = HeldCpd.objects.get().pk
    client.post(f"/pathways/held/{held}/take-back/")

    assert client.get("/pathways/goal/").context["shown"].in_place == []
    assert client.post(f"/pathways/held/{held}/take-back/").url == "/pathways/goal/"


@pytest.mark.parametrize("day", ["", "2090-01-01", "soon"])
def test_held_without_a_good_day_comes_back(client, ladder, teaching_assistant, day):
    client.force_login(teaching_assistant)
    line = RungCpd.objects.filter(rung=ladder[2]).first()

    answer = client.post(f"/pathways/held/{line.pk}/", {"held_on": day, "words": "At college"})

    assert answer.status_code == 422
    assert "At college" in answer.content.decode()


def test_offers_are_of_courses_for_me_with_a_date_first(client, ladder, teaching_assistant):
    line = RungCpd.objects.get(rung=ladder[2], words="Behaviour practice")
    dated, undated, others = (
        CourseFactory(title=title, audience=audience)
        for title, audience in (("Dated", ["all"]), ("Undated", ["all"]), ("Others", ["Finance"]))
    )
    full = CourseFactory(title="Full", audience=["all"])
    line.courses.set([others, undated, full, dated])
    later = clock.now() + timedelta(days=9)
    SessionFactory(course=dated, starts_at=later)
    SessionFactory(course=full, starts_at=later, capacity=1, booked_count=1)
    client.force_login(teaching_assistant)

    shown = client.get(url(ladder[2])).context["shown"]

    offers = next(one for one in shown.lines if one.cpd.pk == line.pk).offers
    assert [(offer.title, offer.label) for offer in offers] == [
        ("Dated", BOOK),
        ("Full", SEE_COURSE),
        ("Undated", SEE_COURSE),
    ]


def test_route_comes_before_what_only_prepares_for_it(client, ladder, teaching_assistant):
    line = RungCpd.objects.get(rung=ladder[2], words="HLTA assessment")
    line.route = Route.objects.create(code="HLTA", slug="hlta", kind="chartered", title="HLTA status")
    line.save()
    course = CourseFactory(title="Towards HLTA")
    line.courses.set([course])
    SessionFactory(course=course, starts_at=clock.now() + timedelta(days=9))
    client.force_login(teaching_assistant)

    shown = client.get(url(ladder[2])).context["shown"]

    found = next(one for one in shown.lines if one.cpd.pk == line.pk)
    assert [offer.title for offer in found.offers] == ["HLTA status", "Towards HLTA"]
    assert found.only_prepares


def test_a_set_is_offered_in_its_own_order(client, ladder, teaching_assistant):
    line = RungCpd.objects.get(rung=ladder[2], words="Behaviour practice")
    RungCpd.objects.filter(pk=line.pk).update(courses_needed=2)
    first, second = CourseFactory(title="Part one"), CourseFactory(title="Part two")
    line.courses.add(first)
    line.courses.add(second)
    for course, days in ((first, 40), (second, 9)):
        SessionFactory(course=course, starts_at=clock.now() + timedelta(days=days))
    client.force_login(teaching_assistant)

    shown = client.get(url(ladder[2])).context["shown"]

    offers = next(one for one in shown.lines if one.cpd.pk == line.pk).offers
    assert [offer.title for offer in offers] == ["Part one", "Part two"]


def test_voice_is_shown_once_published_and_to_nobody_before(client, ladder, teaching_assistant, outsider):
    client.force_login(teaching_assistant)
    client.post(f"/pathways/rungs/{ladder[1].pk}/voice/", {"words": "I like the mornings."})
    waiting = client.get(url(ladder[1]))
    assert waiting.context["shown"].my_voice.published_at is None
    assert "I like the mornings." in waiting.content.decode()
    client.force_login(outsider)
    assert "I like the mornings." not in client.get(url(ladder[1])).content.decode()

    RungVoice.objects.update(published_at=clock.now())

    assert "I like the mornings." in client.get(url(ladder[1])).content.decode()


def test_voice_without_words_or_job_comes_back(client, ladder, teaching_assistant, outsider):
    client.force_login(teaching_assistant)
    assert client.post(f"/pathways/rungs/{ladder[1].pk}/voice/", {"words": " "}).status_code == 422
    client.force_login(outsider)

    answer = client.post(f"/pathways/rungs/{ladder[1].pk}/voice/", {"words": "Easy."})

    assert answer.status_code == 422
    assert not RungVoice.objects.exists()


@pytest.mark.parametrize(
    "path", ["goal/", "", "ta-to-teacher/", "ta-to-teacher/2/", "ta-to-teacher/?as=list"]
)
def test_queries_are_the_same_for_one_and_three(client, ladder, teaching_assistant, path):
    def more(number):
        line = RungCpd.objects.create(rung=ladder[2], need="required", words=f"More {number}")
        line.courses.add(CourseFactory())
        rung = Rung.objects.create(pathway=Pathway.objects.get(slug="finance"), number=20 + number)
        rung.job_roles.add(Contract.objects.filter(person=teaching_assistant.person).first().job_role)

    Goal.objects.create(person=teaching_assistant.person, rung=ladder[2])
    more(1)
    client.force_login(teaching_assistant)
    client.get(f"/pathways/{path}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/pathways/{path}")
    more(2)
    more(3)
    with CaptureQueriesContext(connection) as three:
        client.get(f"/pathways/{path}")

    assert len(three) == len(one)


def test_what_another_has_taken_back_is_not_there(client, ladder, teaching_assistant, line_manager):
    line = RungCpd.objects.filter(rung=ladder[2]).first()
    held = HeldCpd.objects.create(person=teaching_assistant.person, cpd=line, held_on="2024-05-01")
    voice = RungVoice.objects.create(person=teaching_assistant.person, rung=ladder[1], words="Good.")
    gone = f"/pathways/held/{held.pk}/take-back/", f"/pathways/voices/{voice.pk}/remove/"
    held.delete()
    voice.delete()

    client.force_login(line_manager)

    assert [client.post(address).status_code for address in gone] == [404, 404]


def test_goal_of_another_is_never_shown(client, ladder, teaching_assistant, line_manager):
    goal = Goal.objects.create(person=teaching_assistant.person, rung=ladder[2], ended_at=clock.now())
    client.force_login(line_manager)

    assert client.get("/pathways/goal/").context["shown"] is None
    assert client.post(f"/pathways/goal/{goal.pk}/undo/").status_code == 404
    assert client.post("/pathways/goal/drop/").status_code == 404


def test_no_two_steps_of_a_pathway_read_alike(client, trust, teacher):
    client.force_login(teacher)

    pages = [client.get(f"/pathways/{pathway.slug}/").context["shown"] for pathway in Pathway.objects.all()]

    alike = [
        view.pathway.name for view in pages if len({step.title for step in view.steps}) < len(view.steps)
    ]
    assert alike == []
    assert len(pages) > 10


def test_a_goal_is_called_as_its_step_is(client, trust, teacher):
    rung = Rung.objects.get(pathway__slug="finance", number=2)
    Goal.objects.create(person=teacher.person, rung=rung)
    client.force_login(teacher)

    goal, step = client.get("/pathways/goal/").context["shown"], client.get("/pathways/finance/2/")

    assert goal.title == step.context["step"].title == "Finance assistant, with AAT level 3"
    assert client.get("/pathways/").context["goal"].title == goal.title


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_any_step_can_be_a_goal_however_many_jobs_are_below(client, trust, teacher, number):
    rung = Rung.objects.get(pathway__slug="ta-to-teacher", number=number)
    Goal.objects.create(person=teacher.person, rung=rung)
    client.force_login(teacher)

    step = client.get(f"/pathways/ta-to-teacher/{number}/").context["step"]

    assert client.get("/pathways/goal/").context["shown"].title == step.title


def test_key_and_other_pathways_are_said_only_where_they_are_true(client, trust, teaching_assistant):
    client.force_login(teaching_assistant)

    finance, own = client.get("/pathways/finance/"), client.get("/pathways/ta-to-teacher/")

    assert [b"climb-key" in page.content for page in (finance, own)] == [False, True]
    assert [bool(page.context["shown"].here) for page in (finance, own)] == [False, True]
    assert all(page.context["sideways"] for page in (finance, own))
    headings = [
        re.search(r'<h2 id="other">(.*?)</h2>', without_layout(page.content.decode())).group(1)
        for page in (finance, own)
    ]
    assert headings[0] != headings[1]
