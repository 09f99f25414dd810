"""What waits for the people team on the first page of the admin: own time (R13) and entries to check (R15)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bwt_cpd.actions.figures import refresh_figures
from bwt_cpd.queries.admin_today import LATE_CLAIMS, NO_SIGN_IN, OWN_TIME, TO_CHECK, today
from entitlements.actions.ledger import Credit, credit, reverse
from entitlements.models import AcademicYear, LedgerEntry
from staff import clock
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.entitlements import AcademicYearFactory, ClaimFactory
from tests.factories.staff import ContractFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def a_credit(user, key, minutes, **other):
    on = clock.today()
    one = Credit(
        person_id=user.person.pk, kind_code="course", occurred_on=on, title="Reading", source_key=key,
        minutes=minutes, **other,
    )  # fmt: skip
    return credit(one, by=None, today=on)


def waiting(on: date | None = None):
    found = today(on or clock.today(), clock.now())
    return {one.words: (one.number, one.url) for one in found.waiting}


@pytest.mark.parametrize(("own", "is_told"), [(40, False), (41, True)])
def test_more_than_two_fifths_in_own_time_is_told(teacher, own, is_told):
    a_credit(teacher, "t:1:1", 100 - own)
    a_credit(teacher, "t:2:1", own, is_own_time=True)

    assert (OWN_TIME in waiting()) is is_told


def test_it_leads_to_just_those_people(client, people_team, teacher, headteacher):
    a_credit(teacher, "t:1:1", 90, is_own_time=True)
    a_credit(headteacher, "t:2:1", 90)
    client.force_login(people_team)

    number, url = waiting()[OWN_TIME]
    page = client.get(url).content.decode()

    assert number == 1
    assert "Teacher" in page
    assert "Helen Head" not in page


def test_who_has_nobody_named_is_counted_as_the_report_lists_them(client, people_team, teacher):
    """By the contract that speaks for them: another post without a manager is no matter."""
    ContractFactory(
        person=teacher.person, school=SchoolFactory(), is_main=False, line_manager=None, fte_denominator=5
    )
    refresh_figures([teacher.person.pk, people_team.person.pk], on=clock.today(), by=None)
    client.force_login(people_team)

    number, url = waiting()["People without a line manager"]
    page = client.get(url).content.decode()

    assert number == 1
    assert "Priya People" in page
    assert "Tessa Teacher" not in page


def test_the_share_is_the_policys(teacher):
    a_credit(teacher, "t:1:1", 50)
    entry = a_credit(teacher, "t:2:1", 50, is_own_time=True)
    type(entry.year.policy).objects.filter(year=entry.year).update(own_time_alert_percent=50)

    assert OWN_TIME not in waiting()


def test_a_day_that_is_too_long_is_there_to_check_until_it_is_reversed_or_old(client, people_team, teacher):
    entry = a_credit(teacher, "t:1:1", 601)
    client.force_login(people_team)

    number, url = waiting()[TO_CHECK]
    assert number == 1
    assert "Reading" in client.get(url).content.decode()
    later = today(clock.today() + timedelta(days=29), clock.now() + timedelta(days=29))
    assert TO_CHECK not in [one.words for one in later.waiting]

    reverse(entry, reason="A mistake", by=None, today=clock.today())

    assert TO_CHECK not in waiting()


def test_each_number_leads_to_just_so_many_rows(client, people_team, teacher, headteacher):
    """Beside what is counted stands one of each that is not: young, old or with a sign-in."""
    now = clock.now()
    for days in (0, 400):
        ClaimFactory(person=teacher.person, waiting_since_at=now - timedelta(days=days))
    new = a_credit(teacher, "t:1:1", 601)
    LedgerEntry.objects.create(
        person=headteacher.person, year=new.year, kind=new.kind, minutes=601, is_flagged=True,
        occurred_on=new.occurred_on, source_key="t:2:1", created_at=now - timedelta(days=40),
    )  # fmt: skip
    ContractFactory()
    client.force_login(people_team)

    told = waiting()
    lists = {words: (number, url) for words, (number, url) in told.items() if "/admin/reports/" not in url}

    assert {LATE_CLAIMS, TO_CHECK, NO_SIGN_IN} <= lists.keys()
    for words, (number, url) in lists.items():
        assert client.get(url).context["cl"].result_count == number, words


# Before a year closes -------------------------------------------------------------------------
CLAIMS = "Claims not decided yet: 2024/25 closes on Tue 30 Sep 2025"
REGISTERS = "Registers to mark: 2024/25 closes on Tue 30 Sep 2025"


def at(on: date, hour: int = 15) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


@pytest.fixture
def left_over(teacher):
    """A year of its own: of each day around the year's two ends a claim that waits and a session without a register."""
    AcademicYearFactory(name="2024/25")
    for on in (date(2024, 8, 31), date(2024, 9, 1), date(2025, 8, 31), date(2025, 9, 1)):
        ClaimFactory(person=teacher.person, occurred_on=on, waiting_since_at=at(on))
        BookingFactory(session=SessionFactory(starts_at=at(on), booked_count=1))
    ClaimFactory(person=teacher.person, occurred_on=date(2025, 5, 4), state="questioned")
    ClaimFactory(person=teacher.person, occurred_on=date(2025, 5, 4), state="verified")


def before_closing(on: date):
    told = {one.words: (one.number, one.url) for one in today(on, at(on)).waiting}
    return {words: found for words, found in told.items() if "closes on" in words}


@pytest.mark.parametrize("on", [date(2025, 9, 2), date(2025, 9, 29)])
def test_what_waits_in_a_year_that_is_over_is_told_until_it_closes(client, people_team, left_over, on):
    client.force_login(people_team)

    told = before_closing(on)

    assert {words: number for words, (number, _) in told.items()} == {CLAIMS: 3, REGISTERS: 2}
    for words, (number, url) in told.items():
        assert client.get(url).context["cl"].result_count == number, words


@pytest.mark.parametrize("on", [date(2025, 8, 31), date(2025, 9, 30), date(2025, 12, 1)])
def test_nothing_is_told_before_the_year_is_over_nor_from_its_closing_on(left_over, on):
    assert before_closing(on) == {}


def test_nothing_is_told_of_a_year_that_is_closed(left_over):
    AcademicYear.objects.filter(name="2024/25").update(closed_at=at(date(2025, 9, 15)))

    assert before_closing(date(2025, 9, 20)) == {}
