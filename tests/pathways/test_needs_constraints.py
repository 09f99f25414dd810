"""What the database itself holds of ratings, whoever writes them; and the nightly job."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from pathways.models import NeedsRating
from pathways.tasks import keep_needs_cycles
from staff import clock
from staff.models import JobRun
from tests.factories.pathways_needs import NeedsCycleFactory, NeedsRatingFactory, RoleProfileFactory
from tests.factories.staff import PersonFactory

TODAY = clock.today()


@pytest.fixture
def rating(db):
    return NeedsRatingFactory()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"self_level": 5}, "needs_rating_levels_to_4"),
        ({"self_level": 2, "agreed_level": 2}, "needs_rating_agreed_after_both"),
        ({"manager_level": 2, "agreed_level": 2}, "needs_rating_agreed_after_both"),
        ({"self_level": 4, "manager_level": 2, "agreed_level": 3}, "needs_rating_apart_needs_conversation"),
        ({"self_level": 0, "manager_level": 2, "agreed_level": 1}, "needs_rating_apart_needs_conversation"),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(rating, facts, constraint):
    by = PersonFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NeedsRating.objects.filter(pk=rating.pk).update(agreed_by=by, **facts)


def test_control_with_the_day_of_the_conversation_it_is_taken(rating):
    changed = NeedsRating.objects.filter(pk=rating.pk).update(
        agreed_by=PersonFactory(), self_level=4, manager_level=2, agreed_level=3, conversation_on=TODAY
    )

    assert changed == 1


def test_nobody_agrees_their_own_level(rating):
    with pytest.raises(IntegrityError, match="needs_rating_agreed_by_another"), transaction.atomic():
        NeedsRating.objects.filter(pk=rating.pk).update(
            self_level=2, manager_level=2, agreed_level=2, agreed_by=rating.person_id
        )


def test_nobody_is_their_own_manager(rating):
    with pytest.raises(IntegrityError, match="needs_rating_manager_is_another"), transaction.atomic():
        NeedsRating.objects.filter(pk=rating.pk).update(manager=rating.person_id)


def test_night_opens_the_cycle_whose_first_day_it_is(teaching_assistant, assistant_role):
    RoleProfileFactory(job_role=assistant_role)
    NeedsCycleFactory(opens_on=TODAY, closes_on=TODAY + timedelta(days=9), **_later())

    keep_needs_cycles()

    assert NeedsRating.objects.count() == 1
    assert JobRun.objects.get(name="keep_needs_cycles").detail == "1 rating asked for"


def _later():
    return {
        "moderated_on": TODAY + timedelta(days=19),
        "planned_on": TODAY + timedelta(days=29),
    }
