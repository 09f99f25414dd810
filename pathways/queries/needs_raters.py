"""Who rates whom: line manager and headteacher, and the people team where there is neither."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from pathways.models import NeedsRating
from pathways.rules.needs import RATERS, RATERS_FAILING
from staff.models import Person
from staff.queries.deciders import may_decide_about, people_decided_by, people_nearest_to
from staff.queries.nearest import asked_about


def people_rated_by(rater: Person, on: date) -> QuerySet[Person]:
    """Everybody whom this person may rate. Two queries when called."""
    return people_decided_by(rater, on, kinds=RATERS, failing=RATERS_FAILING)


def may_rate(rater: Person | None, person: Person, on: date) -> bool:
    """Whether one may rate the other. Three queries at most."""
    return may_decide_about(rater, person, on, kinds=RATERS, failing=RATERS_FAILING)


def asked_to_rate(ratings: QuerySet[NeedsRating], on: date) -> dict[int, int]:
    """How many of the people of these ratings each is asked to rate: those nearest who may, and who stands in.

    By the key of who is asked, in order. Three queries at most.
    """
    asked = asked_about(ratings.values("person"), on).values()
    raters = Counter(pk for found in asked for pk in {one.person_id for one in found})
    return dict(sorted(raters.items()))


def waiting_for(rater: Person, on: date) -> QuerySet[Person]:
    """The people in an open cycle whom this person is asked to rate and who are not rated. Two queries when called."""
    return people_nearest_to(rater, on).filter(Exists(unrated(on).filter(person=OuterRef("pk"))))


def unrated(on: date) -> QuerySet[NeedsRating]:
    """What nobody has rated in the cycles that are open."""
    return NeedsRating.objects.filter(
        cycle__opens_on__lte=on,
        cycle__closes_on__gte=on,
        manager_level__isnull=True,
        agreed_level__isnull=True,
    )
