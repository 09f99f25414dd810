"""My CPD: what each kind of person sees first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bwt_cpd.views.home import greeting
from entitlements.actions.ledger import Credit, credit_many


def in_days(days: int, hour: int = 15) -> datetime:
    at = timezone.now() + timedelta(days=days)
    return at.replace(hour=hour, minute=45, second=0, microsecond=0)


def home(client, user) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_greeting_follows_the_clock(hour, words):
    assert greeting(datetime(2026, 11, 24, hour, 59, tzinfo=UTC)) == words


def test_home_shows_the_figures_of_the_statement(client, teaching_assistant):
    today = timezone.localdate()
    credit_many(
        [
            Credit(
                person_id=teaching_assistant.person.pk,
                kind_code="course",
                occurred_on=today,
                title="Early reading",
                source_key="test:1:1",
                minutes=444 + 60,
            )
        ],
        by=None,
        today=today,
    )

    page = home(client, teaching_assistant)

    assert ", Marta</h1>" in page
    assert "Teaching assistant, Beanfield Primary School" in page
    assert "<span>Counted</span><b>1 day 1 hour</b>" in page
