"""Find CPD: the list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.filters import WITH_PLACES
from courses.half_terms import half_term_of
from courses.models import Strand
from courses.queries.cards import JOIN_WAITING_LIST
from staff import clock
from tests.courses.views.conftest import soon
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.many_courses import make_many_courses
from tests.factories.staff import HubFactory

URL = "/courses/"


def titles(response):
    return [card.course.title for card in response.context["cards"]]


@pytest.fixture
def catalogue(phonics, primary_hub, beanfield, kettering):
    """Four courses that differ in everything the filters ask for."""
    leadership = HubFactory(code="LA", name="Leadership Academy")
    reading = phonics.strand
    numbers = Strand.objects.create(name="Mathematics", slug="mathematics")
    bar_models = CourseFactory(
        code="PTH-002",
        title="Bar models without tears",
        summary="From objects to bars.",
        hub=primary_hub,
        strand=numbers,
        audience=["Teaching"],
        minutes=60,
        mode="online",
    )
    leading = CourseFactory(
        code="LA-001",
        title="Leading a team",
        summary="Feedback and phonics.",
        hub=leadership,
        strand=reading,
        audience=["leadership"],
        minutes=360,
    )
    CourseFactory(
        code="LA-002",
        title="Awkward conversations",
        hub=leadership,
        strand=reading,
        audience=["Classroom support"],
        minutes=180,
    )
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(20))
    SessionFactory(course=bar_models, school=None, starts_at=soon(10), capacity=1, booked_count=1)
    SessionFactory(course=leading, school=kettering, starts_at=soon(30))


# Works ------------------------------------------------------------------------------------
def test_list_shows_courses_with_their_next_date(as_teacher, phonics, beanfield):
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(7))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(3))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(-3))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(1), status="cancelled")

    (card,) = as_teacher.get(URL).context["cards"]

    assert (card.course, card.session.starts_at, card.dates) == (phonics, soon(3), 2)


def test_my_own_state_takes_the_place_of_the_places(
    as_teacher, teacher, line_manager, phonics_session, beanfield
):
    later = SessionFactory(course=phonics_session.course, school=beanfield, starts_at=soon(30))
    BookingFactory(session=later, person=line_manager.person, state="waiting", position=1)
    BookingFactory(session=later, person=teacher.person, state="waiting", position=2)

    (card,) = as_teacher.get(URL).context["cards"]

    assert (card.session.pk, card.state, card.state_words, card.elsewhen.pk) == (
        later.pk,
        "waiting",
        "2nd of 2 waiting",
        phonics_session.pk,
    )


def test_a_full_date_points_to_one_with_places(as_teacher, phonics, beanfield):
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(3), capacity=1, booked_count=1)
    free = SessionFactory(course=phonics, school=beanfield, starts_at=soon(9))

    (card,) = as_teacher.get(URL).context["cards"]

    assert (card.elsewhen.pk, card.action) == (free.pk, JOIN_WAITING_LIST)


def test_unpublished_courses_and_sessions_of_other_schools_staff_are_not_shown(
    as_teacher, phonics, kettering, primary_hub
):
    CourseFactory(is_published=False, hub=primary_hub)
    SessionFactory(course=phonics, school=kettering, starts_at=soon(3), is_own_school_only=True)

    (card,) = as_teacher.get(URL).context["cards"]

    assert (card.course, card.session) == (phonics, None)


@pytest.mark.parametrize(
    ("who", "status"),
    [("partner", 200), ("people_team", 200), ("outsider", 200), ("teaching_assistant", 200)],
)
def test_the_catalogue_is_open_to_everybody_signed_in(client, request, phonics_session, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(URL).status_code == status


def test_refuses_visitors_and_writing(client, as_teacher, phonics_session):
    assert as_teacher.post(URL).status_code == 405
    client.logout()
    assert client.get(URL).status_code == 302


def test_an_administrator_without_a_staff_record_sees_the_list(client, phonics_session, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("admin@trust.example", "x"))

    assert titles(client.get(URL)) == [phonics_session.course.title]


# Words ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("phonics", ["Phonics fidelity walk: spotting drift", "Leading a team"]),  # title before summary
        ("visiting lesson", ["Phonics fidelity walk: spotting drift"]),  # stems
        ("phon", ["Phonics fidelity walk: spotting drift", "Leading a team"]),  # half a word
        ("the bar mod", ["Bar models without tears"]),
        ("idelity", ["Phonics fidelity walk: spotting drift"]),  # the middle of a title
        ("pth-002", ["Bar models without tears"]),
        ("leadership academy", ["Leading a team", "Awkward conversations"]),
        ("mathemat", ["Bar models without tears"]),
        ("phonics -walk", ["Leading a team"]),
        ('"fidelity walk"', ["Phonics fidelity walk: spotting drift"]),
        ("bar or awkward", ["Bar models without tears", "Awkward conversations"]),
        ("zzzqqq", []),
        ("lesson smith", []),  # near to nothing that is meant
    ],
)
def test_search_finds(as_teacher, catalogue, words, found):
    assert titles(as_teacher.get(URL, {"q": words})) == found


@pytest.mark.parametrize(
    ("words", "found", "meant"),
    [
        ("fonics", ["Phonics fidelity walk: spotting drift"], "phonics"),
        ("phonix fidelty", ["Phonics fidelity walk: spotting drift"], "phonics fidelity"),
        ("leding team", ["Leading a team"], "leading team"),
        ("akward conversation", ["Awkward conversations"], "awkward conversation"),
        ("taem", ["Leading a team"], "team"),  # letters that changed places share no trigram
        ("saptial braed", [], ""),
    ],
)
def test_search_forgives_spelling_and_says_what_it_took_it_for(as_teacher, catalogue, words, found, meant):
    response = as_teacher.get(URL, {"q": words})

    assert titles(response) == found
    assert response.context["found"].did_you_mean == meant


@pytest.mark.parametrize(
    "words", ["'", "\\", "a & | ! :*", "%_", "\0", "()", "<script>", "x" * 500, "-", '"', ":*"]
)
def test_no_words_break_the_search(as_teacher, catalogue, words):
    assert as_teacher.get(URL, {"q": words}).status_code == 200


# Filters ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"hub": "LA"}, ["Awkward", "Leading"]),
        ({"hub": ["LA", "PTH"]}, ["Awkward", "Bar", "Leading", "Phonics"]),
        ({"strand": "mathematics"}, ["Bar"]),
        ({"audience": "Teaching"}, ["Bar"]),
        ({"mine": "on"}, ["Bar", "Phonics"]),
        ({"mode": "online"}, ["Bar"]),
        ({"school": "KSA"}, ["Leading"]),
        ({"places": "on"}, ["Leading", "Phonics"]),
        ({"length": "hour"}, ["Bar"]),
        ({"length": "half"}, ["Awkward", "Phonics"]),
        ({"length": "day"}, ["Leading"]),
        ({"q": "phonics", "hub": "LA"}, ["Leading"]),
        ({"hub": "NONE", "strand": "none", "start": "2026-02-31"}, ["Awkward", "Bar", "Leading", "Phonics"]),
    ],
)
def test_filters(as_teacher, catalogue, query, found):
    shown = titles(as_teacher.get(URL, query | {"sort": "title"}))

    assert [title.split()[0] for title in shown] == found


def test_filter_by_days_shows_the_date_that_fits(as_teacher, phonics, beanfield):
    for days in (5, 15, 25):
        SessionFactory(course=phonics, school=beanfield, starts_at=soon(days))
    day = timezone.localdate(soon(15)).isoformat()

    (card,) = as_teacher.get(URL, {"start": day, "end": day}).context["cards"]

    assert card.session.starts_at == soon(15)


def test_this_week_and_this_half_term(as_teacher, phonics, beanfield):
    last = half_term_of(clock.today()).last_day
    late = timezone.make_aware(timezone.datetime(last.year, last.month, last.day, 12)) + timedelta(days=1)
    SessionFactory(course=phonics, school=beanfield, starts_at=late)

    assert titles(as_teacher.get(URL, {"when": "half-term"})) == []
    assert titles(as_teacher.get(URL, {"when": "week"})) == []
    assert titles(as_teacher.get(URL)) == [phonics.title]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", ["Bar", "Phonics", "Leading", "Awkward"]),
        ("soonest", ["Bar", "Phonics", "Leading", "Awkward"]),
        ("title", ["Awkward", "Bar", "Leading", "Phonics"]),
        ("shortest", ["Bar", "Phonics", "Awkward", "Leading"]),
    ],
)
def test_sort(as_teacher, catalogue, sort, found):
    assert [title.split()[0] for title in titles(as_teacher.get(URL, {"sort": sort}))] == found


def test_chips_name_what_is_chosen(as_teacher, catalogue, primary_hub):
    response = as_teacher.get(URL, {"q": "bar", "hub": ["PTH", "LA"], "places": "on", "mode": "online"})

    assert [(chip.words, chip.name) for chip in response.context["chosen"].chips] == [
        ("“bar”", "q"),
        (WITH_PLACES, "places"),
        ("Online", "mode"),
        (primary_hub.name, "hub"),
        ("Leadership Academy", "hub"),
    ]


def test_nothing_found_says_what_to_do(as_teacher, catalogue):
    page = as_teacher.get(URL, {"q": "zzzqqq", "places": "on"})

    assert page.context["cards"] == []
    assert 'class="empty"' in page.content.decode()
    assert 'href="?places=on"' in page.content.decode()


# Pages and parts --------------------------------------------------------------------------
def test_pages(as_teacher, primary_hub):
    CourseFactory.create_batch(30, hub=primary_hub)

    first, second, beyond = (as_teacher.get(URL, {"page": number}) for number in (1, 2, 99))

    assert [len(titles(page)) for page in (first, second, beyond)] == [25, 5, 25]
    assert second.context["found"].total == 30
    assert not set(titles(first)) & set(titles(second))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31", "2026-02-31", "x"])
@pytest.mark.parametrize("name", ["start", "end"])
def test_an_odd_day_is_answered(as_teacher, phonics_session, name, day):
    assert as_teacher.get(URL, {name: day}).status_code == 200
    assert as_teacher.get(f"{URL}month/2026-11/", {name: day}).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "9" * 30])
def test_an_odd_page_number_is_the_first(as_teacher, phonics, page):
    assert as_teacher.get(URL, {"page": page}).context["found"].page.number == 1


@pytest.mark.parametrize(
    ("headers", "begins"),
    [
        ({}, "<!DOCTYPE html>"),
        ({"HX-Request": "true", "HX-Target": "results"}, '<div class="stack" id="results">'),
        ({"HX-Request": "true", "HX-Target": "find"}, '<div id="find" class="stack">'),
        (
            {"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"},
            "<!DOCTYPE html>",
        ),
        ({"HX-Request": "true", "HX-Target": "../../etc"}, "<!DOCTYPE html>"),
    ],
)
def test_htmx_gets_its_part_and_history_the_page(as_teacher, phonics_session, headers, begins):
    response = as_teacher.get(URL, headers=headers)

    assert response.content.decode().lstrip().startswith(begins)
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_part_brings_its_address_without_what_nobody_chose(as_teacher, phonics):
    response = as_teacher.get(
        f"{URL}?q=phonics&when=&school=&hub=&sort=best",
        headers={"HX-Request": "true", "HX-Target": "results"},
    )

    assert response["HX-Push-Url"] == "/courses/?q=phonics"
    assert 'href="/courses/"' in response.content.decode()  # the chip's cross


# Cost -------------------------------------------------------------------------------------
def _statements(client, url):
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    return len(seen), response


@pytest.mark.parametrize("url", [URL, f"{URL}?q=course", f"{URL}?places=on&mine=on&when=half-term"])
def test_as_many_statements_for_1_3_and_230_courses_and_at_most_12(
    as_teacher, teacher, line_manager, primary_hub, beanfield, url
):
    counts = []
    for more in (1, 2):
        for course in CourseFactory.create_batch(more, hub=primary_hub):
            for days in (2, 9):
                session = SessionFactory(course=course, school=beanfield, starts_at=soon(days))
            BookingFactory(session=session, person=line_manager.person, state="waiting")
            BookingFactory(session=session, person=teacher.person, state="waiting")
        counts.append(_statements(as_teacher, url)[0])
    make_many_courses(range(3, 230), school=beanfield)
    counts.append(_statements(as_teacher, url)[0])

    assert counts == [counts[0]] * 3
    assert counts[0] <= 12


def test_a_page_of_25_is_at_most_60_kb(as_teacher, primary_hub, beanfield):
    for number in range(30):
        course = CourseFactory(
            title=f"A rather long title for a course, number {number}: with a second half after the colon",
            hub=primary_hub,
            audience=["Teaching", "Classroom support", "School leadership", "Pastoral"],
        )
        SessionFactory(course=course, school=beanfield, starts_at=soon(5))
        SessionFactory(course=course, school=beanfield, starts_at=soon(9))

    _, response = _statements(as_teacher, URL)

    assert len(response.context["cards"]) == 25
    assert len(response.content) <= 60_000
