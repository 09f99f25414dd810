"""My team: who is in it, what is said of them, and what never is."""

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bwt_cpd.queries.frame import has_team
from bwt_cpd.queries.team import HEADINGS
from entitlements.actions.ledger import Credit, credit_many
from entitlements.actions.ledger import reverse as reverse_entry
from entitlements.actions.statements import recompute_statements
from entitlements.queries.standing import year_on
from entitlements.queries.year import NEUTRAL_TITLE
from pathways.models import Goal, NeedsCycle, Pathway, Rung
from pathways.queries.induction import late_for_manager
from staff import clock
from staff.models import Absence, Delegation
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.factories.pathways_needs import NeedsCycleFactory, NeedsRatingFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import AbsenceFactory, ContractFactory, PersonFactory, ResponsibilityFactory


def today():
    return clock.today()


def compute():
    recompute_statements(year_on(today()), on=today())


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def counted(user, minutes, **other):
    facts = {
        "kind_code": "course",
        "occurred_on": today(),
        "title": "Early reading",
        "source_key": f"t:{user.pk}:1",
    }
    facts |= other
    credit_many([Credit(person_id=user.person.pk, minutes=minutes, **facts)], by=None, today=today())


@pytest.fixture
def team(teacher, teaching_assistant, line_manager, headteacher, outsider, cpd_lead):
    counted(teaching_assistant, 2220)
    counted(teacher, 60)
    compute()


@pytest.mark.parametrize(
    ("who", "query", "names"),
    [
        ("line_manager", "", ["Marta Kowalczyk", "Tessa Teacher"]),
        ("headteacher", "", ["Chris Lead", "Liam Manager"]),
        ("headteacher", "?show=all", ["Marta Kowalczyk", "Chris Lead", "Liam Manager", "Tessa Teacher"]),
        ("line_manager", "?show=all", ["Marta Kowalczyk", "Tessa Teacher"]),
        ("line_manager", "?status=met", ["Marta Kowalczyk"]),
        ("line_manager", "?q=tess teach", ["Tessa Teacher"]),
        ("line_manager", "?sort=least", ["Tessa Teacher", "Marta Kowalczyk"]),
        ("line_manager", "?sort=drop table&status=x&page=99", ["Marta Kowalczyk", "Tessa Teacher"]),
    ],
)
def test_who_is_shown(client, request, team, who, query, names):
    client.force_login(request.getfixturevalue(who))

    shown = client.get(f"/team/{query}").context["team"].members

    assert [member.person.full_name for member in shown] == names


def test_the_people_team_sees_everybody_but_themselves(client, team, people_team):
    client.force_login(people_team)

    shown = client.get("/team/").context["team"]

    assert {"Oscar Outsider", "Helen Head", "Marta Kowalczyk"} <= {
        one.person.full_name for one in shown.members
    }
    assert "Priya People" not in {one.person.full_name for one in shown.members}


@pytest.mark.parametrize("path", ["/team/", "/team/download/"])
@pytest.mark.parametrize("who", ["teacher", "cpd_lead", "partner"])
def test_who_decides_about_nobody_has_no_team(client, request, team, path, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(path).status_code == 403


def test_the_figures_are_those_of_the_statement(client, team, line_manager):
    client.force_login(line_manager)

    response = client.get("/team/")

    marta, tessa = response.context["team"].members
    assert (marta.standing.counted, marta.standing.status, marta.standing.percent) == (2220, "met", 100)
    assert (tessa.standing.counted, tessa.standing.day_minutes) == (60, 390)
    assert "5 days" in words_of(response)
    totals = response.context["team"].totals
    assert (totals.people, totals.counted_minutes) == (2, 2280)


@pytest.mark.parametrize("absence_class", Absence.AbsenceClass.values)
@pytest.mark.parametrize("path", ["/team/", "/team/download/", "person"])
def test_an_absence_is_away_and_nothing_more(client, team, line_manager, teacher, absence_class, path):
    starts = today() - timedelta(days=60)
    AbsenceFactory(person=teacher.person, absence_class=absence_class, starts_on=starts, ends_on=today())
    compute()
    client.force_login(line_manager)

    response = client.get(reverse("team-person", args=[teacher.person.pk]) if path == "person" else path)

    page = words_of(response)
    assert "Paused" in page
    assert "Away" in page or path == "person"
    for word in ("sick", "maternity", "family", "unpaid", "secondment", "leave", f"{starts.day} {starts:%b}"):
        assert word not in page.lower().replace("leave out", "")


def test_control_the_owner_reads_the_dates_of_their_absence(client, team, teacher):
    starts = today() - timedelta(days=60)
    AbsenceFactory(person=teacher.person, absence_class="family", starts_on=starts, ends_on=today())
    compute()
    client.force_login(teacher)

    assert f"{starts.day} {starts:%b}" in words_of(client.get("/entitlements/"))


def test_a_part_for_htmx_is_the_part(client, team, line_manager):
    client.force_login(line_manager)

    part = client.get("/team/", headers={"HX-Request": "true", "HX-Target": "people"})

    assert "<html" not in words_of(part)
    assert "Tessa Teacher" in words_of(part)
    assert "HX-Request" in part["Vary"]


def test_the_page_asks_the_same_with_two_and_thirty_people(
    client, team, line_manager, beanfield, teacher_role
):
    client.force_login(line_manager)
    client.get("/team/")
    with CaptureQueriesContext(connection) as few:
        client.get("/team/")
    for _ in range(28):
        person = PersonFactory()
        ContractFactory(
            person=person, school=beanfield, job_role=teacher_role, line_manager=line_manager.person
        )
        AbsenceFactory(person=person, starts_on=today())
    compute()
    with CaptureQueriesContext(connection) as many:
        response = client.get("/team/")

    assert response.context["team"].totals.people == 30
    assert len(response.context["team"].members) == 25
    assert len(many) == len(few)


def test_a_starter_without_figures_yet_is_there(client, team, line_manager, beanfield, teacher_role):
    starter = PersonFactory(first_name="Nia", last_name="New")
    ContractFactory(person=starter, school=beanfield, job_role=teacher_role, line_manager=line_manager.person)
    client.force_login(line_manager)

    page = client.get("/team/")

    standings = {row.person: row.standing for row, _ in page.context["team"].rows}
    assert standings[starter] is None
    assert "Nia New" in words_of(page)


def test_who_is_out_at_the_same_time(client, team, line_manager, teacher, teaching_assistant, outsider):
    session = SessionFactory(starts_at=clock.now() + timedelta(days=7), course__title="Adaptive teaching")
    for user in (teacher, teaching_assistant, outsider):
        BookingFactory(session=session, person=user.person, state="booked")
    client.force_login(line_manager)

    (together,) = client.get("/team/").context["team"].together

    assert (together.title, together.names) == ("Adaptive teaching", ["Marta Kowalczyk", "Tessa Teacher"])


@pytest.mark.parametrize(
    "who",
    [
        "line_manager",
        "headteacher",
        "people_team",
        "teacher",
        "cpd_lead",
        "hub_lead",
        "partner",
        "budget_holder",
        "stand_in",
        "stand_in_for_nobody",
    ],
)
def test_the_way_to_the_team_is_shown_to_whom_it_is_open(client, request, team, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    assert has_team(user, on=today()) == (client.get("/team/").status_code == 200)


@pytest.fixture
def budget_holder(outsider, kettering):
    ResponsibilityFactory(person=outsider.person, kind="budget_holder", school=kettering)
    return outsider


@pytest.fixture
def stand_in(cpd_lead, headteacher):
    Delegation.objects.create(
        from_person=headteacher.person, to_person=cpd_lead.person, starts_on=today(), ends_on=today()
    )
    return cpd_lead


@pytest.fixture
def stand_in_for_nobody(outsider, teacher):
    Delegation.objects.create(
        from_person=teacher.person, to_person=outsider.person, starts_on=today(), ends_on=today()
    )
    return outsider


# The download ------------------------------------------------------------------------------
def rows(response):
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_download_is_what_is_filtered(client, team, line_manager, beanfield):
    client.force_login(line_manager)

    response = client.get("/team/download/?status=met")

    header, row = rows(response)
    assert response["Content-Disposition"] == f'attachment; filename="team-{today().isoformat()}.csv"'
    assert header == list(HEADINGS)
    who, (target, _, *figures), next_booking = row[:5], row[5:11], row[11:]
    assert who == ["Marta Kowalczyk", "Teaching assistant", beanfield.name, "Met", ""]
    assert (target, figures) == ("2220", ["2220", "0", "0", "100"])
    assert next_booking == [""]


def test_a_name_cannot_be_a_formula(client, team, line_manager, teacher):
    teacher.person.first_name = "=HYPERLINK(1)"
    teacher.person.save()
    client.force_login(line_manager)

    names = [row[0] for row in rows(client.get("/team/download/"))]

    assert "'=HYPERLINK(1) Teacher" in names


# One person --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("line_manager", 200),
        ("headteacher", 200),
        ("people_team", 200),
        ("teacher", 404),
        ("teaching_assistant", 404),
        ("outsider", 404),
    ],
)
def test_who_sees_one_persons_year(client, request, team, teaching_assistant, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("team-person", args=[teaching_assistant.person.pk])).status_code == status


def test_one_persons_programme_reads_neutrally_to_others(client, team, line_manager, teacher):
    counted(teacher, 120, kind_code="springboard", title="Springboard day 1", source_key="t:sb:1")
    client.force_login(line_manager)
    theirs = words_of(client.get(reverse("team-person", args=[teacher.person.pk])))
    client.force_login(teacher)
    mine = words_of(client.get("/entitlements/"))

    assert NEUTRAL_TITLE in theirs
    assert "Springboard" not in theirs
    assert "Springboard day 1" in mine


def test_nobody_else_reads_who_coaches_somebody(client, team, line_manager, teacher, outsider):
    """As the ledger has it from before, when whoever logged a meeting stood at the entry of both."""
    once = Credit(
        person_id=teacher.person.pk,
        kind_code="coaching_received",
        occurred_on=today(),
        title="Being coached",
        minutes=45,
        source_key="coaching:7:received:1",
    )
    again = replace(once, source_key="coaching:8:received:1")
    entry, _ = credit_many([once, again], by=outsider.person, today=today())
    reverse_entry(entry, reason="Taken out of the log.", by=outsider.person, today=today())
    client.force_login(line_manager)
    theirs = words_of(client.get(reverse("team-person", args=[teacher.person.pk])))
    client.force_login(teacher)
    mine = words_of(client.get("/entitlements/"))

    assert "Oscar Outsider" not in theirs
    assert "Coaching log" in theirs
    assert "Corrected: Taken out of the log." in theirs
    assert "Coaching log, entered by Oscar Outsider" in mine


def test_a_claim_of_theirs_is_not_opened_from_there(client, team, line_manager, teacher):
    counted(teacher, 30, source_key="claim:12:1", occurred_on=today() - timedelta(days=1))
    client.force_login(line_manager)

    assert "/entitlements/claims/12/" not in words_of(
        client.get(reverse("team-person", args=[teacher.person.pk]))
    )


# What else is under way --------------------------------------------------------------------
def under_way(user, number=0):
    """A request, a late induction, needs to rate and a shared goal of somebody."""
    person = user.person
    a_request_in("manager", person=person, route=RouteFactory(code=f"T{person.pk}{number}", title="HLTA"))
    if number:
        return
    induction = InductionFactory(contract=person.contracts.get())
    InductionStepFactory(induction=induction, due_on=today() - timedelta(days=3))
    cycle = NeedsCycle.objects.first() or NeedsCycleFactory(
        opens_on=today() - timedelta(days=9),
        closes_on=today() + timedelta(days=9),
        moderated_on=today() + timedelta(days=19),
        planned_on=today() + timedelta(days=29),
    )
    NeedsRatingFactory(cycle=cycle, person=person, self_level=2)
    rung, _ = Rung.objects.get_or_create(
        pathway=Pathway.objects.get_or_create(name="Support", slug="support")[0], number=1
    )
    Goal.objects.create(person=person, rung=rung, is_shared=True)


LINES = [
    "Induction: 1 step late",
    "Request: HLTA: with the line manager",
    "Learning needs: rated by them, 1 left for you",
    "Goal: Step 1",
]


@pytest.mark.parametrize("path", ["/team/", "person"])
@pytest.mark.parametrize(
    ("who", "lines"),
    [("line_manager", LINES), ("headteacher", LINES[:-1]), ("people_team", LINES[:-1])],
)
def test_what_goes_on_with_somebody_stands_together(client, request, team, teacher, who, lines, path):
    under_way(teacher)
    client.force_login(request.getfixturevalue(who))

    answer = client.get(
        f"{path}?show=all" if path == "/team/" else reverse("team-person", args=[teacher.person.pk])
    )
    beside = answer.context["beside" if path == "person" else "team"]
    beside = beside if path == "person" else beside.beside[teacher.person.pk]

    assert [line.words for line in beside.lines] == lines
    page = words_of(answer)
    assert all(line.url in page for line in beside.lines)


def test_a_goal_that_is_not_shared_and_a_draft_are_not_told(client, team, line_manager, teacher):
    under_way(teacher)
    Goal.objects.update(is_shared=False)
    a_request_in("draft", person=teacher.person, route=RouteFactory(code="DR", title="A secret draft"))
    client.force_login(line_manager)

    for path in ("/team/", reverse("team-person", args=[teacher.person.pk])):
        page = words_of(client.get(path))
        assert "Goal:" not in page
        assert "secret" not in page


def test_the_manager_is_told_what_to_do_for_the_team(client, team, line_manager, headteacher, teacher):
    under_way(teacher)
    client.force_login(line_manager)

    page = client.get("/team/")

    team = page.context["team"]
    assert (team.to_rate, team.late_starters) == (1, late_for_manager(line_manager.person, today()))
    assert f"{team.late_starters}." in words_of(page)
    for name in ("needs-team", "induction-team"):
        assert f'class="strong" href="{reverse(f"pathways:{name}")}"' in words_of(page)


def test_the_page_asks_the_same_with_one_and_three_of_whom_much_goes_on(
    client, team, line_manager, beanfield, teacher_role, teacher
):
    client.force_login(line_manager)
    under_way(teacher)
    client.get("/team/")
    with CaptureQueriesContext(connection) as one:
        client.get("/team/")
    for _ in range(2):
        person = PersonFactory()
        ContractFactory(
            person=person, school=beanfield, job_role=teacher_role, line_manager=line_manager.person
        )
        under_way(SimpleNamespace(person=person))
        under_way(SimpleNamespace(person=person), 1)
    with CaptureQueriesContext(connection) as three:
        response = client.get("/team/")

    assert sum(len(beside.lines) for _, beside in response.context["team"].rows) == 14
    assert len(three) == len(one)
