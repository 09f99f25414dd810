"""My CPD: what each kind of person sees first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bwt_cpd.queries.home_parts import Parts, parts_of
from bwt_cpd.views.home import greeting
from entitlements.actions.ledger import Credit, credit_many, plan_many
from pathways.models import Goal, Induction, NeedsCycle, Pathway, Rung
from staff import clock
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.entitlements import ClaimFactory
from tests.factories.pathways_coaching import CoachingAgreementFactory, CoachProfileFactory
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.factories.pathways_needs import NeedsCycleFactory, NeedsRatingFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import (
    AbsenceFactory,
    ContractFactory,
    JobRoleFactory,
    PersonFactory,
    SchoolFactory,
    UserFactory,
)
from tests.markup import without_layout

FIND_CPD = 'class="btn btn-primary mt-2" href="/courses/"'  # the one suggestion of the empty "Next up"


def in_days(days: int, hour: int = 15) -> datetime:
    at = clock.now() + timedelta(days=days)
    return at.replace(hour=hour, minute=45, second=0, microsecond=0)


def home(client, user) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return without_layout(response.content.decode())


def credit(user, minutes, key="test:1:1", title="Early reading", **other):
    today = clock.today()
    facts = {"kind_code": "course", "occurred_on": today, **other}
    one = Credit(person_id=user.person.pk, title=title, source_key=key, minutes=minutes, **facts)
    credit_many([one], by=None, today=today)


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_greeting_follows_the_clock(hour, words):
    assert greeting(datetime(2026, 11, 24, hour, 59, tzinfo=UTC)) == words


def test_the_figures_are_those_of_the_statement(client, teaching_assistant):
    credit(teaching_assistant, 444 + 60)

    page = home(client, teaching_assistant)

    assert ", Marta</h1>" in page
    contract = teaching_assistant.person.contracts.get()
    assert f"{contract.job_role.title}, {contract.school.name}" in page
    assert "<span>Counted</span><b>1 day 1 hour</b>" in page


def test_what_needs_me(client, teacher):
    offer = BookingFactory(
        person=teacher.person,
        state="offered",
        offer_ends_at=clock.now() + timedelta(hours=5),
        session=SessionFactory(starts_at=in_days(9), course__title="Adaptive teaching"),
    )
    ClaimFactory(person=teacher.person, state="questioned", title="A webinar")
    led = SessionFactory(starts_at=in_days(-2), course__title="Early maths")
    BookingFactory(session=led)
    led.trainers.add(teacher.person)

    page = home(client, teacher)

    needs = page[page.index('id="needs"') : page.index('id="next"')]
    assert f"/inbox/offers/{offer.pk}/" in needs
    for words in ("A place came free", "A question about your claim", "A register to save", "Early maths"):
        assert words in needs


def test_what_waits_for_a_manager_is_one_line(client, line_manager, teacher, teaching_assistant):
    ClaimFactory(person=teacher.person)
    ClaimFactory(person=teaching_assistant.person)

    assert "2 decisions wait for you" in home(client, line_manager)


def test_next_up_is_by_date_with_the_place_in_the_queue(client, teacher):
    waiting = SessionFactory(starts_at=in_days(5), course__title="Sooner")
    for _ in range(2):
        BookingFactory(session=waiting, state="waiting")
    BookingFactory(session=waiting, person=teacher.person, state="waiting")
    BookingFactory(session=SessionFactory(starts_at=in_days(9), course__title="Later"), person=teacher.person)
    BookingFactory(session=SessionFactory(starts_at=in_days(-9), course__title="Over"), person=teacher.person)
    today = clock.today()
    day = Credit(
        person_id=teacher.person.pk,
        kind_code="twilight",
        occurred_on=today + timedelta(days=7),
        title="Trust evening",
        source_key="inset:1",
        minutes=90,
    )
    plan_many([day], status="planned", today=today)

    page = home(client, teacher)

    assert page.index("Sooner") < page.index("Trust evening") < page.index("Later")
    assert "3rd of 3 waiting" in page
    assert "Over" not in page


def test_a_new_starter_is_told_what_to_do(client, teacher):
    page = home(client, teacher)

    assert client.get("/").context["home"].suggests_booking
    assert FIND_CPD in page
    assert 'id="needs"' not in page


def test_casual_staff_have_no_target(client, beanfield):
    role = JobRoleFactory(code="CAS", title="Casual midday supervisor", staff_group="casual")
    user = UserFactory(person=PersonFactory(first_name="Cass", last_name="Casual"))
    ContractFactory(person=user.person, school=beanfield, job_role=role)

    page = home(client, user)

    standing = client.get("/").context["home"].standing
    assert standing.status == "not_applicable"
    assert f"<h2>{standing.words.headline}</h2>" in page
    assert "On request" in page
    assert 'class="ring' not in page


def test_somebody_away_is_not_chased(client, teacher):
    today = clock.today()
    AbsenceFactory(person=teacher.person, absence_class="family", starts_on=today - timedelta(days=9))

    page = home(client, teacher)

    standing = client.get("/").context["home"].standing
    assert standing.status == "paused"
    assert f">{standing.words.headline}</h2>" in page
    assert 'id="gap"' not in page


def test_a_partners_delegate_has_no_account(client, partner):
    page = home(client, partner)

    shown = client.get("/").context["home"]
    assert (shown.standing, shown.contract) == (None, None)
    assert f'<p class="lead">{partner.person.partner.name}</p>' in page
    assert page.count("btn-primary") == 1
    assert reverse("entitlements:claim-new") not in page


def test_an_administrator_has_no_staff_record(client, db):
    user = UserFactory(person=None, email="root@trust.example", is_superuser=True)

    page = home(client, user)

    assert "home" not in client.get("/").context
    assert f'class="btn btn-primary" href="{reverse("admin:index")}"' in page


def test_close_the_gap_offers_what_adds_up(client, teaching_assistant, beanfield):
    for number in range(3):
        SessionFactory(starts_at=in_days(20 + number), school=beanfield, course__title=f"Fits {number}")

    page = home(client, teaching_assistant)

    suggestions = client.get("/").context["home"].suggestions
    assert [item.minutes for item in suggestions.items] == [120, 120, 120]
    assert (suggestions.adds, suggestions.left) == (360, 2220)
    assert suggestions.items[0].adds in page
    assert suggestions.sentence in page


def test_home_asks_the_same_with_one_and_three(client, line_manager, teacher, beanfield):
    def one_more(number):
        credit(line_manager, 30, key=f"test:{number}:1")
        ClaimFactory(person=line_manager.person, state="questioned")
        ClaimFactory(person=teacher.person)
        SessionFactory(starts_at=in_days(30 + number), school=beanfield)
        for state in ("booked", "waiting", "offered"):
            session = SessionFactory(starts_at=in_days(40 + number), school=SchoolFactory(code=f"S{number}"))
            ends = clock.now() + timedelta(hours=5) if state == "offered" else None
            BookingFactory(session=session, person=line_manager.person, state=state, offer_ends_at=ends)
        led = SessionFactory(starts_at=in_days(-2 - number), booked_count=3)
        led.trainers.add(line_manager.person)

    one_more(1)
    home(client, line_manager)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as three:
        client.get("/")

    assert len(three) == len(one)
    assert len(one) <= 26


def test_home_cannot_be_posted_to(client, teacher):
    client.force_login(teacher)

    assert client.post("/").status_code == 405


# The parts of pathways ---------------------------------------------------------------------
def with_everything(user, number=0):
    """One of each part of pathways for somebody, and one more of what there can be several of."""
    today = clock.today()
    person = user.person
    route = RouteFactory(code=f"H{person.pk}{number}", title=f"Route {number}")
    a_request_in("questioned" if number else "manager", person=person, route=route)
    CoachingAgreementFactory(coach=person, state="asked", starts_on=None)
    induction = InductionFactory(contract=ContractFactory(), buddy=person)
    InductionStepFactory(induction=induction)
    contract = ContractFactory(line_manager=person)
    late = InductionFactory(contract=contract)
    InductionStepFactory(induction=late, due_on=today - timedelta(days=3))
    cycle = NeedsCycle.objects.first() or NeedsCycleFactory(
        opens_on=today - timedelta(days=9),
        closes_on=today + timedelta(days=9),
        moderated_on=today + timedelta(days=19),
        planned_on=today + timedelta(days=29),
    )
    NeedsRatingFactory(cycle=cycle, person=person)
    NeedsRatingFactory(cycle=cycle, person=contract.person)
    if not number:
        own = InductionFactory(contract=person.contracts.get(), starts_on=today - timedelta(days=4))
        InductionStepFactory(induction=own, title="Meet the site team", due_on=today + timedelta(days=4))
        CoachProfileFactory(person=person, supervision_due_on=today - timedelta(days=2))
        pathway = Pathway.objects.create(name=f"Pathway {person.pk}", slug=f"pathway-{person.pk}")
        Goal.objects.create(person=person, rung=Rung.objects.create(pathway=pathway, number=1))


def test_every_part_says_what_is_due_and_what_goes_on(client, teacher):
    with_everything(teacher)
    with_everything(teacher, 1)

    page = home(client, teacher)

    needs = page[page.index('id="needs"') : page.index('id="next"')]
    for words in (
        "Route 1: a question for you.",
        "asks you to be their coach: Confidence.",
        "Your coaching supervision was due on",
        "Induction: Meet the site team, by",
        "Say where you stand in 2 things your job asks for",
        "2 people in your team wait for you to rate their learning needs.",
        "2 starters of yours with something late.",
    ):
        assert words in needs
    going_on = page[page.index('id="under-way"') :]
    assert "Route 0: with the line manager." in going_on
    starters = Induction.objects.filter(buddy=teacher.person)
    assert len(starters) == 2
    for starter in starters:
        assert f'href="{reverse("pathways:induction-detail", args=[starter.pk])}"' in going_on
    assert 'id="goal">My goal<' in page
    # The two who ask for coaching stand by name, so they are not counted as decisions again.
    assert "decisions wait for you" not in page


def test_nothing_empty_is_shown_but_one_suggestion(client, teacher):
    page = home(client, teacher)

    assert client.get("/").context["home"].suggests_booking
    assert FIND_CPD in page
    for name in ("needs", "goal", "gap", "under-way", "latest"):
        assert f'id="{name}"' not in page


def test_without_a_goal_the_pathways_are_suggested_once_there_is_something_booked(client, teacher):
    BookingFactory(session=SessionFactory(starts_at=in_days(9)), person=teacher.person)

    page = home(client, teacher)

    shown = client.get("/").context["home"]
    assert (shown.suggests_booking, shown.suggests_goal) == (False, True)
    assert FIND_CPD not in page
    assert f'class="btn btn-secondary" href="{reverse("pathways:pathway-list")}"' in page


def test_a_draft_nags_nobody_and_a_signature_does(client, teacher):
    draft = a_request_in("draft", person=teacher.person, route=RouteFactory(code="D1", title="Drafted"))
    agreed = a_request_in("agreed", person=teacher.person, route=RouteFactory(code="A1", title="Agreed on"))

    page = home(client, teacher)

    needs = page[page.index('id="needs"') : page.index('id="next"')]
    under_way = page[page.index('id="under-way"') :]
    assert f'href="{reverse("pathways:request-detail", args=[agreed.pk])}"' in needs
    assert "Agreed on" in needs
    assert "Drafted" not in needs
    assert f'href="{reverse("pathways:request-edit", args=[draft.pk])}"' in under_way
    assert "Drafted" in under_way


def test_home_with_every_part_asks_the_same_with_one_and_three(client, line_manager):
    with_everything(line_manager)
    home(client, line_manager)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    with_everything(line_manager, 1)
    with_everything(line_manager, 2)
    with CaptureQueriesContext(connection) as three:
        client.get("/")

    assert len(three) == len(one)
    assert len(one) <= 45


def test_who_has_nothing_of_pathways_pays_one_query_for_it(client, teacher, django_assert_num_queries):
    parts_of(teacher.person, clock.today())

    with django_assert_num_queries(1):
        assert parts_of(teacher.person, clock.today()) == Parts()
