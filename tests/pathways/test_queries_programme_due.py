"""Reminders of funded routes beside decisions: `pathways.queries.programme_due`."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bwt_cpd.queries.reminders import KINDS
from bwt_cpd.queries.reminders_pathways import PREFERENCES
from pathways.models import MastersPanel, RouteRequest
from pathways.queries.programme_due import due_on
from tests.factories.pathways_requests import RouteFactory, RouteRequestFactory, a_request_in

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


def told(on: date) -> list[tuple[str, int, str]]:
    return sorted((due.kind, due.person_id, due.label) for due in due_on(on))


def since(request: RouteRequest, on: date) -> RouteRequest:
    RouteRequest.objects.filter(pk=request.pk).update(
        state_since_at=timezone.make_aware(datetime(on.year, on.month, on.day, 9))
    )
    return request


def said_over_100_days() -> set[tuple[str, int, str]]:
    """What is said to whom, once for each key, over a hundred days from the Monday."""
    days = [MONDAY + timedelta(days=number) for number in range(100)]
    return {(due.kind, due.person_id, due.subject_key) for on in days for due in due_on(on)}


def test_a_question_that_waits_five_working_days_is_asked_again(teaching_assistant):
    request = since(a_request_in("questioned", person=teaching_assistant.person), MONDAY)

    assert told(date(2026, 11, 6)) == []
    assert told(date(2026, 11, 9)) == [("request_question", teaching_assistant.person.pk, "Answer")]
    assert len(said_over_100_days()) == 1
    assert next(iter(due_on(date(2026, 11, 9)))).url == f"/pathways/requests/{request.pk}/"


def test_missing_signatures_are_told_to_who_signs_and_to_the_people_team(teaching_assistant, people_team):
    request = since(a_request_in("agreed", person=teaching_assistant.person), MONDAY)
    both = [
        ("request_unsigned", people_team.person.pk, "See the request"),
        ("request_unsigned", teaching_assistant.person.pk, "See what is to be signed"),
    ]

    assert told(date(2026, 11, 10)) == sorted(both)

    for document, party in (("training_plan", "learner"), ("apprenticeship", "learner")):
        request.signatures.create(
            document=document, party=party, signed_on=MONDAY, signed_by=people_team.person
        )
    assert told(date(2026, 11, 10)) == both[:1]


def test_a_draft_for_the_masters_is_reminded_of_the_panels_deadline(teacher):
    masters = RouteFactory(code="MA1", kind="masters")
    RouteRequestFactory(person=teacher.person, route=masters, funded_by="trust")
    RouteRequestFactory(person=teacher.person)
    MastersPanel.objects.create(
        name="September 2027", deadline_on=date(2026, 12, 1), meets_on=date(2026, 12, 9)
    )

    assert told(date(2026, 11, 16)) == []
    assert told(date(2026, 11, 17)) == [("panel_deadline", teacher.person.pk, "Finish it")]
    assert told(date(2026, 12, 2)) == []


def test_reviews_go_to_both_and_late_ones_to_the_people_team_too(
    teaching_assistant, line_manager, people_team
):
    request = a_request_in("on_programme", person=teaching_assistant.person)
    review = request.reviews.create(number=1, due_on=date(2026, 11, 20))
    person, manager, team = (one.person.pk for one in (teaching_assistant, line_manager, people_team))

    assert told(date(2026, 11, 12)) == []
    assert [(kind, pk) for kind, pk, _ in told(date(2026, 11, 13))] == sorted(
        [("programme_review_due", person), ("programme_review_due", manager)]
    )
    assert [(kind, pk) for kind, pk, _ in told(date(2026, 11, 21))] == sorted(
        [("programme_review_late", pk) for pk in (person, manager, team)]
    )
    assert len(said_over_100_days()) == 5
    review.held_on = date(2026, 11, 20)
    review.save()
    assert said_over_100_days() == set()


def test_who_is_expected_back_is_asked_and_the_people_team_told(teaching_assistant, people_team):
    request = a_request_in("on_break", person=teaching_assistant.person)
    RouteRequest.objects.filter(pk=request.pk).update(expected_back_on=date(2026, 11, 20))

    assert told(date(2026, 11, 12)) == []
    assert [(kind, pk) for kind, pk, _ in told(date(2026, 11, 13))] == sorted(
        ("back_from_break", one.person.pk) for one in (teaching_assistant, people_team)
    )


def test_every_kind_has_its_place_in_the_digest_and_its_choice():
    kinds = {"request_question", "request_unsigned", "panel_deadline", "back_from_break"}
    kinds |= {"programme_review_due", "programme_review_late"}

    assert kinds <= set(KINDS)
    assert kinds <= PREFERENCES.keys()


def test_as_many_statements_for_1_and_3_programmes(people_team):
    counts = []
    for _ in (1, 2):
        request = a_request_in("on_programme")
        request.reviews.create(number=1, due_on=MONDAY)
        since(a_request_in("questioned"), MONDAY - timedelta(days=30))
        since(a_request_in("agreed"), MONDAY - timedelta(days=30))
        with CaptureQueriesContext(connection) as seen:
            list(due_on(MONDAY))
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 9
