"""What would close the gap: each reason to leave a session out, and adding up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bwt_cpd.queries.suggestions import Suggestion, Suggestions, choose, suggestions_for
from courses.models import Attendance, Session, SessionPart
from courses.queries.facts import booker_of, occasion_of
from courses.rules import may_book
from entitlements.durations import in_hours
from entitlements.models import ActivityKind
from entitlements.queries.standing import standing_of, year_on
from staff import clock
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.staff import AbsenceFactory, ContractFactory, SchoolFactory


def soon(days=20):
    return (clock.now() + timedelta(days=days)).replace(hour=15, minute=45, second=0, microsecond=0)


def found_for(user, **change):
    on = clock.today()
    standing = replace(standing_of(user.person, year_on(on), on), **change)
    return suggestions_for(user.person, standing, now=clock.now())


def sessions(user):
    return [item.session for item in found_for(user).items]


@pytest.fixture
def here(beanfield):
    """A session at the teacher's own school with places, which fits unless something is changed."""
    return lambda **other: SessionFactory(**{"school": beanfield, "starts_at": soon(), **other})


def test_what_fits_is_offered_with_what_it_adds(teacher, here):
    here(course__minutes=90)

    (item,) = found_for(teacher).items

    assert (item.adds, item.minutes, item.place) == (f"+ {in_hours(90)}", 90, item.session.school.name)


def test_what_comes_after_their_last_day_is_not(teacher, here):
    here()
    teacher.person.contracts.update(ends_on=clock.today() + timedelta(days=10))

    assert sessions(teacher) == []


@pytest.mark.parametrize(
    "other",
    [
        {"course__audience": ["support"]},
        {"course__is_published": False},
        {"status": "cancelled"},
        {"starts_at": soon(-3)},
        {"starts_at": soon(400)},
        {"booked_count": 20},
        {"booked_count": 15, "offered_count": 5},
        {"booking_opens_at": soon(5)},
        {"booking_closes_at": soon(-1)},
    ],
)
def test_what_cannot_be_booked_or_is_not_for_them_is_not(teacher, here, other):
    here(**other)

    assert sessions(teacher) == []


def test_another_schools_own_session_is_not_offered(teacher):
    SessionFactory(school=SchoolFactory(code="KSA"), starts_at=soon(), is_own_school_only=True)

    assert sessions(teacher) == []


FIXED = datetime(2026, 11, 24, 9, tzinfo=UTC)


def _offered_on_a_fixed_day(user):
    """What is offered on that day, and what booking says of each session of the year."""
    year = year_on(FIXED.date())
    booker = booker_of(user.person, now=FIXED)
    offered = suggestions_for(user.person, standing_of(user.person, year, FIXED.date()), now=FIXED)
    may = {
        session.pk: may_book(occasion_of(session), booker, FIXED)
        for session in Session.objects.select_related("course", "school")
    }
    return {item.session.pk for item in offered.items}, may


def test_nothing_is_offered_for_a_day_after_the_last_contract(teacher, here):
    teacher.person.contracts.update(ends_on=date(2027, 1, 31))
    before, last, after = (
        here(starts_at=datetime(2027, 1, 29, 15, 45, tzinfo=UTC)),
        here(starts_at=datetime(2027, 1, 31, 15, 45, tzinfo=UTC)),
        here(starts_at=datetime(2027, 2, 1, 15, 45, tzinfo=UTC)),
    )

    offered, may = _offered_on_a_fixed_day(teacher)

    assert offered == {before.pk, last.pk}
    assert [may[one.pk].code for one in (before, last, after)] == ["", "", "not_employed"]


def test_nothing_is_offered_in_a_gap_between_contracts_nor_for_the_role_before_it(
    teacher, here, assistant_role
):
    teacher.person.contracts.update(ends_on=date(2027, 1, 31))
    ContractFactory(person=teacher.person, job_role=assistant_role, starts_on=date(2027, 3, 1))
    gap = here(starts_at=datetime(2027, 2, 10, 15, 45, tzinfo=UTC))
    teaching = here(starts_at=datetime(2027, 3, 10, 15, 45, tzinfo=UTC), course__audience=["teacher"])
    supporting = here(starts_at=datetime(2027, 3, 11, 15, 45, tzinfo=UTC), course__audience=["support"])

    offered, may = _offered_on_a_fixed_day(teacher)

    assert offered == {supporting.pk}
    assert [may[one.pk].code for one in (gap, teaching, supporting)] == ["not_employed", "audience", ""]


@pytest.mark.parametrize("kind", ["compliance", "springboard", "leadership_programme"])
def test_a_capped_kind_or_one_to_apply_for_is_not_offered(teacher, here, kind):
    here(course__kind=ActivityKind.objects.get(code=kind))

    assert sessions(teacher) == []


def test_what_is_meant_for_few_jobs_comes_before_what_is_for_many(teacher, here):
    """Also where it is farther away. "All teachers" are many. Two of these are enough for the gap."""
    family = teacher.person.contracts.get().job_role.job_family
    many = [family, "Catering", "Estates", "Finance", "People", "Operations"]
    here(course__audience=["teacher"])
    here(course__audience=many)
    far = SessionFactory(school=SchoolFactory(code="KSA"), starts_at=soon(30), course__audience=[family])
    online = SessionFactory(school=None, starts_at=soon(32), course__audience=[family, "Estates"])

    four_hours = found_for(teacher, shortfall=240, planned=0).items

    assert {item.session for item in four_hours} == {online, far}


def test_the_own_school_comes_before_online_before_elsewhere(teacher, here):
    elsewhere = SessionFactory(school=SchoolFactory(code="KSA"), starts_at=soon(3))
    online = SessionFactory(school=None, starts_at=soon(4))
    own = [here(starts_at=soon(days)) for days in (5, 6)]

    found = sessions(teacher)
    two_days = found_for(teacher, shortfall=360, planned=0).items

    assert set(found) == {elsewhere, online, *own}
    assert {item.session for item in two_days} == {online, *own}


def test_what_one_has_booked_or_attended_is_not_offered_again(teacher, here):
    booked, attended, free = (CourseFactory() for _ in range(3))
    BookingFactory(person=teacher.person, session=here(course=booked, starts_at=soon(40)))
    past = here(course=attended, starts_at=soon(-20))
    booking = BookingFactory(person=teacher.person, session=past)
    Attendance.objects.create(booking=booking, part=SessionPart.objects.get(session=past), mark="present")
    for course in (booked, attended, free):
        here(course=course, starts_at=soon(20))

    assert [session.course for session in sessions(teacher)] == [free]


def test_not_at_a_time_one_has_a_place_nor_while_away(teacher, here):
    BookingFactory(person=teacher.person, session=here(starts_at=soon(20)))
    AbsenceFactory(
        person=teacher.person,
        absence_class="sickness",
        starts_on=soon(30).date(),
        ends_on=soon(32).date(),
    )
    here(starts_at=soon(20) + timedelta(minutes=30))
    here(starts_at=soon(31))
    free = here(starts_at=soon(33))

    assert sessions(teacher) == [free]


@pytest.mark.parametrize("change", [{"shortfall": 0}, {"planned": 5000}, {"status": "paused"}])
def test_nothing_is_offered_where_there_is_no_gap(teacher, here, change):
    from entitlements.rules.policy import Status

    here()
    if "status" in change:
        change = {"status": Status.PAUSED}

    assert found_for(teacher, **change) is None


# Adding up ---------------------------------------------------------------------------------
def candidate(number, minutes, *, course=None, day=None):
    starts = soon(10 + (number if day is None else day))
    session = Session(pk=number, course_id=course or number, starts_at=starts)
    ends = starts + timedelta(minutes=minutes)
    session._prefetched_objects_cache = {"parts": _Parts([SessionPart(starts_at=starts, ends_at=ends)])}
    return Suggestion(session, minutes)


class _Parts(list):
    """What `prefetch_related` leaves behind, as far as `.all()` asks."""

    def all(self):
        return self


def picked(candidates, minutes):
    return [one.session.pk for one in choose(candidates, minutes)]


def test_up_to_five_that_add_up():
    many = [candidate(number, 60) for number in range(1, 9)]

    assert picked(many, 30) == [1, 2, 3]
    assert picked(many, 240) == [1, 2, 3, 4]
    assert picked(many, 900) == [1, 2, 3, 4, 5]


def test_the_longest_where_the_first_fall_short():
    many = [candidate(number, 30) for number in range(1, 6)] + [candidate(9, 300), candidate(10, 240)]

    assert {9, 10} <= set(picked(many, 600))


def test_a_two_day_course_is_no_answer_to_a_day_and_a_half():
    """840 minutes for a gap of 570: never before, nor beside, what fits."""
    many = [candidate(1, 840), candidate(2, 390), candidate(3, 390), candidate(4, 180), candidate(5, 60)]

    assert picked(many, 570) == [2, 4]


def test_what_nearly_fits_is_as_good():
    assert picked([candidate(1, 840), candidate(2, 600)], 570) == [2]
    assert picked([candidate(1, 300), candidate(2, 60), candidate(3, 90)], 45) == [2, 3]


def test_what_is_too_long_comes_last_and_only_where_the_rest_is_too_little():
    many = [candidate(1, 1200), candidate(2, 840), candidate(3, 60), candidate(4, 90)]

    assert picked(many, 570) == [3, 4, 2]
    assert picked([candidate(1, 1200), candidate(2, 840)], 100) == [2, 1]


def test_one_session_a_course_and_none_at_the_time_of_another():
    many = [candidate(1, 60, course=7), candidate(2, 60, course=7), candidate(3, 60, day=1), candidate(4, 60)]

    assert picked(many, 600) == [1, 4]


@pytest.mark.parametrize(
    ("minutes", "left", "sentence"),
    [
        ([60, 60, 60], 45, "Any one of these is enough."),
        ([60], 45, "This one is enough."),
        ([60, 60, 60], 150, "These three add 3 hours and suit your role, your school and your dates."),
        ([60, 60], 600, "These two add 2 hours of the 1 day 3 hours 30 minutes left to find."),
        ([], 600, ""),
    ],
)
def test_the_sentence_says_how_they_add_up(minutes, left, sentence):
    items = [candidate(number, each) for number, each in enumerate(minutes, 1)]

    assert Suggestions(items, left, 390).sentence == sentence
