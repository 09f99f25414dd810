"""My year: the figures, why, every entry, the caps, other years."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.actions.ledger import Credit, credit_many, plan_many, reverse
from entitlements.models import AcademicYear, LedgerEntry, Statement
from entitlements.queries.standing import year_on
from entitlements.queries.year import VERIFIED_CLAIM, year_for
from staff import clock
from tests.factories.courses import SessionFactory
from tests.factories.entitlements import ClosedStatementFactory
from tests.markup import without_layout

YEAR = "/entitlements/"


def today():
    return clock.today()


def credit(user, minutes, key, **other):
    facts = {
        "kind_code": "course",
        "occurred_on": today(),
        "title": f"Entry {key}",
        "minutes": minutes,
        **other,
    }
    return credit_many([Credit(person_id=user.person.pk, source_key=key, **facts)], by=None, today=today())[0]


def year(client, user, query=""):
    client.force_login(user)
    response = client.get(f"{YEAR}{query}")
    assert response.status_code == 200
    return response, without_layout(response.content.decode())


def test_the_figures_are_those_of_the_statement(client, teaching_assistant):
    credit(teaching_assistant, 504, "test:1:1")

    response, page = year(client, teaching_assistant)

    statement = Statement.objects.get(person=teaching_assistant.person, year__name="2026/27")
    standing = response.context["mine"].standing
    assert (standing.counted, standing.expected, standing.status) == (
        statement.counted_minutes,
        statement.expected_minutes,
        statement.status,
    )
    assert "1 day 1 hour" in page


def test_a_statement_of_yesterday_is_not_shown_as_todays(client, teacher):
    credit(teacher, 60, "test:1:1")
    Statement.objects.filter(person=teacher.person).update(
        computed_on=today() - timedelta(days=1), counted_minutes=9, status="behind"
    )

    response, _ = year(client, teacher)

    assert response.context["mine"].standing.counted == 60


def test_the_target_is_explained_in_sentences(client, teaching_assistant):
    teaching_assistant.person.contracts.update(fte_numerator=25, fte_denominator=37)

    response, page = year(client, teaching_assistant)

    why = response.context["mine"].explanation
    assert (why.target_minutes, why.day_minutes, why.in_words) == (1500, 300, "5 days")
    assert len(why.sentences) == 3
    for sentence in why.sentences:
        assert sentence in page


def test_every_entry_says_where_it_came_from(client, teacher, line_manager):
    wrong = credit(teacher, 45, "register:412:7:1", title="Copilot")
    reverse(wrong, reason="Marked present by mistake", by=line_manager.person, today=today())
    credit_many(
        [
            Credit(
                person_id=teacher.person.pk,
                kind_code="webinar",
                occurred_on=today(),
                title="Dyslexia",
                source_key="claim:3:1",
                minutes=60,
            )
        ],
        by=line_manager.person,
        today=today(),
    )

    response, page = year(client, teacher)

    lines = {line.title: line for line in response.context["mine"].lines}
    assert "Reversal: Copilot" in lines
    assert lines["Reversal: Copilot"].source == "Corrected by Liam Manager: Marked present by mistake"
    assert (lines["Reversal: Copilot"].recorded, lines["Copilot"].recorded) == (-45, 45)
    assert lines["Copilot"].is_void
    assert lines["Dyslexia"].source == f"{VERIFIED_CLAIM} by {line_manager.person}"
    assert "minus 45 minutes" in page
    assert page.index("Reversal: Copilot") < page.index('row">Copilot')
    assert response.context["mine"].standing.counted == 60


def test_the_lines_sum_to_the_statement_whatever_the_caps(client, teacher):
    credit(teacher, 450, "t:1:1", kind_code="compliance")
    credit(teacher, 300, "t:2:1", kind_code="coaching_given")
    credit(teacher, 300, "t:3:1", kind_code="mentoring_given")
    credit(teacher, None, "t:4:1", kind_code="membership", amount=Decimal(1), body="CCT")
    credit(teacher, None, "t:5:1", kind_code="chartered_maintained", amount=Decimal(1), body="cct")
    void = credit(teacher, 100, "t:6:1", kind_code="compliance")
    reverse(void, reason="Twice", by=None, today=today())
    credit(teacher, 70, "t:7:1")

    response, page = year(client, teacher)

    mine = response.context["mine"]
    assert sum(line.counted for line in mine.lines) == mine.standing.counted == 390 + 390 + 195 + 70
    assert sum(line.recorded for line in mine.lines) == mine.standing.recorded
    assert 'id="caps"' in page


def test_planned_and_own_time_are_shown(client, teacher):
    credit(teacher, 90, "t:1:1", is_own_time=True)
    plan = Credit(
        person_id=teacher.person.pk,
        kind_code="twilight",
        occurred_on=today() + timedelta(days=7),
        title="Trust evening",
        source_key="inset:1",
        minutes=90,
    )
    plan_many([plan], status="planned", today=today())

    response, page = year(client, teacher)

    assert "Trust evening" in page
    assert response.context["mine"].standing.own_time == 90
    assert response.context["own_time_alert"]
    assert "1 hour 30 minutes" in page[page.index('id="own"') :]


@pytest.mark.parametrize(("days", "words"), [(0, ""), (1, "Register still open")])
def test_what_is_planned_of_a_day_that_is_past_waits_for_its_register(teacher, days, words):
    day = date(2026, 11, 24)
    plan = Credit(
        person_id=teacher.person.pk, kind_code="twilight", occurred_on=day, title="Trust evening",
        source_key="inset:1", minutes=90,
    )  # fmt: skip
    plan_many([plan], status="planned", today=day)

    mine = year_for(teacher.person, year_on(day), day + timedelta(days=days))

    assert [(one.state, one.state_words) for one in mine.plans] == [
        ("requested" if words else "booked", words)
    ]


def test_another_year_is_a_link_away(client, teacher):
    credit(teacher, 60, "t:1:1", occurred_on=today().replace(year=today().year - 1))

    response, page = year(client, teacher, "?year=2025/26")

    assert response.context["mine"].year.name == "2025/26"
    assert response.context["mine"].standing.counted == 60
    assert response.context["suggestions"] is None
    assert [option["words"] for option in response.context["options"]] == ["2025/26", "2026/27"]
    assert response.context["mine"].year.starts_on == date(2025, 9, 1)
    assert response.context["dates"] in page


@pytest.mark.parametrize("wanted", ["2019/20", "2027/28", "nonsense"])
def test_a_year_that_is_not_mine_is_not_there(client, teacher, wanted):
    client.force_login(teacher)

    assert client.get(YEAR, {"year": wanted}).status_code == 404


def test_a_closed_year_keeps_its_figures(client, teacher):
    closed = AcademicYear.objects.get(name="2025/26")
    ClosedStatementFactory(
        year=closed,
        main_contract=teacher.person.contracts.get(),
        expected_minutes=1950,
        counted_minutes=1950,
    )
    AcademicYear.objects.filter(pk=closed.pk).update(closed_at=datetime(2026, 9, 30, 3, tzinfo=UTC))

    response, _ = year(client, teacher, "?year=2025/26")

    assert response.context["mine"].standing.is_frozen
    assert (response.context["mine"].standing.counted, response.context["mine"].standing.status) == (
        1950,
        "met",
    )


def test_somebody_elses_entries_are_not_mine(client, teacher, teaching_assistant):
    credit(teaching_assistant, 60, "t:1:1", title="Hers alone")

    response, page = year(client, teacher)

    assert "Hers alone" not in page
    assert response.context["mine"].lines == []


def test_the_page_asks_the_same_with_one_and_three(client, teacher, line_manager, beanfield):
    def one_more(number):
        credit(teacher, 30, f"t:{number}:1")
        void = credit(teacher, 45, f"v:{number}:1")
        reverse(void, reason="Twice", by=line_manager.person, today=today())
        SessionFactory(starts_at=clock.now() + timedelta(days=9 + number), school=beanfield)

    one_more(1)
    year(client, teacher)
    with CaptureQueriesContext(connection) as one:
        client.get(YEAR)
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as three:
        response = client.get(YEAR)

    assert len(response.context["mine"].lines) == 9 == LedgerEntry.objects.count()
    assert len(three) == len(one)


def test_without_a_staff_record_there_is_no_year(client, superuser_without_person):
    response, page = year(client, superuser_without_person)

    assert "mine" not in response.context
    assert 'class="empty"' in page


@pytest.fixture
def superuser_without_person(db):
    from tests.factories.staff import UserFactory

    return UserFactory(person=None, email="root@trust.example", is_superuser=True)
