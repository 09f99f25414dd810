"""`import_catalogue`: courses and sessions from CSV files."""

from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command

from courses.actions.bookings import book
from courses.actions.catalogue import register_interest
from courses.actions.catalogue_import import RowsRefused, import_catalogue
from courses.import_rows import COURSE_COLUMNS, NO_AUDIENCE, SESSION_COLUMNS, not_a_number
from courses.models import Course, Session, SessionPart, Strand
from courses.queries.imports import no_such_audience, no_such_hub, no_such_kind, session_of_another_course
from staff.actions.imports import rows_are_wrong
from staff.csv_files import RowError
from staff.import_rows import EMPTY_CELL, none_of, too_many_characters
from staff.models import Message
from tests.factories.courses import CourseFactory
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COURSE = {
    "code": "PTH-900",
    "title": "Number sense in Reception",
    "hub": "PTH",
    "strand": "Mathematics",
    "audience": "Teaching;all",
    "mode": "in_person",
    "minutes": "120",
    "kind": "course",
    "summary": "Counting, subitising.",
    "outcomes": "notice counting;lead short talks",
    "for_whom": "Reception teachers, and others.",
}
SESSION = {
    "course_code": "PTH-900",
    "session_code": "PTH-900-1",
    "school": "BPS",
    "room": "Hall",
    "online_link": "",
    "starts_at": "2026-12-10T15:45",
    "ends_at": "2026-12-10T17:45",
    "capacity": "20",
    "trainer_payroll_number": "",
    "booking_opens_at": "",
    "booking_closes_at": "",
    "parts": "",
}


def csv_of(columns, *rows, separator="\n"):
    def cell(text):
        return f'"{text}"' if any(char in text for char in ',"\n') else text

    return separator.join(
        [",".join(columns), *(",".join(cell(row[name]) for name in columns) for row in rows)]
    ).encode()


def courses_file(*rows):
    return "courses.csv", BytesIO(csv_of(COURSE_COLUMNS, *rows))


def sessions_file(*rows):
    return "sessions.csv", BytesIO(csv_of(SESSION_COLUMNS, *rows))


def run(*files, is_dry_run=False):
    return import_catalogue(files=files, by=None, now=NOW, is_dry_run=is_dry_run)


@pytest.fixture
def trust(primary_hub, beanfield, teacher_role):
    EntitlementPolicyFactory(year=AcademicYearFactory())
    ActivityKindFactory(code="course")


def snapshot():
    return (
        list(Course.objects.order_by("code").values()),
        list(Session.objects.order_by("code").values()),
        list(SessionPart.objects.order_by("pk").values()),
    )


def test_courses_and_sessions_come_in_together(trust):
    outcome = run(courses_file(COURSE), sessions_file(SESSION))

    course = Course.objects.get()
    session = course.sessions.get()
    assert (course.title, course.audience, course.outcome_lines, course.is_published) == (
        "Number sense in Reception",
        ["Teaching", "all"],
        ["notice counting", "lead short talks"],
        True,
    )
    assert (session.code, session.starts_at, session.capacity) == (
        "PTH-900-1",
        datetime(2026, 12, 10, 15, 45, tzinfo=UTC),
        20,
    )
    assert [(part.number, part.minutes) for part in session.parts.all()] == [(1, 120)]
    assert [str(change) for change in outcome.changes] == [
        "strands: new Mathematics",
        "courses: new PTH-900: Number sense in Reception",
        "sessions: new PTH-900-1: of PTH-900",
    ]


def test_a_second_run_changes_nothing(trust):
    files = (COURSE, SESSION | {"parts": "2026-12-10T15:45/2026-12-10T17:45"})
    run(courses_file(files[0]), sessions_file(files[1]))
    before = snapshot()

    outcome = run(courses_file(files[0]), sessions_file(files[1]))

    assert (outcome.changes, outcome.unchanged, snapshot()) == ([], 2, before)


def test_parts_share_the_minutes_by_length_and_summer_time_is_london(trust):
    parts = "2027-06-10T09:00/2027-06-10T10:00;2027-06-17T09:00/2027-06-17T11:00"

    run(courses_file(COURSE), sessions_file(SESSION | {"starts_at": "", "ends_at": "", "parts": parts}))

    assert list(SessionPart.objects.values_list("number", "starts_at", "minutes")) == [
        (1, datetime(2027, 6, 10, 8, 0, tzinfo=UTC), 40),
        (2, datetime(2027, 6, 17, 8, 0, tzinfo=UTC), 80),
    ]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(trust):
    outcome = run(courses_file(COURSE), sessions_file(SESSION), is_dry_run=True)

    assert len(outcome.changes) == 3
    assert (Course.objects.count(), Session.objects.count(), Strand.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"code": ""}, "code", EMPTY_CELL),
        ({"title": ""}, "title", EMPTY_CELL),
        ({"title": "x" * 121}, "title", too_many_characters(121, 120)),
        ({"hub": "XXX"}, "hub", no_such_hub("XXX")),
        ({"audience": "Pirates"}, "audience", no_such_audience("Pirates")),
        ({"audience": ""}, "audience", NO_AUDIENCE),
        ({"mode": "by owl"}, "mode", none_of("by owl", Course.Mode.values)),
        ({"minutes": "2.5"}, "minutes", not_a_number("2.5")),
        ({"minutes": "0"}, "minutes", not_a_number("0")),
        ({"kind": "magic"}, "kind", no_such_kind("magic")),
    ],
)
def test_a_bad_course_is_named_and_nothing_is_written(trust, change, column, reason):
    with pytest.raises(RowsRefused) as refusal:
        run(courses_file(COURSE | {"code": "PTH-901"}, COURSE | change))

    assert [(error.file, error.line, error.column, error.reason) for error in refusal.value.errors] == [
        ("courses.csv", 3, column, reason)
    ]
    assert not Course.objects.exists()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"course_code": "NONE-1"}, "course_code"),
        ({"session_code": ""}, "session_code"),
        ({"school": "XXX"}, "school"),
        ({"online_link": "javascript:alert(1)"}, "online_link"),
        ({"starts_at": "2026-02-31T10:00"}, "starts_at"),
        ({"starts_at": ""}, "starts_at"),
        ({"ends_at": "2026-12-10T15:00"}, "ends_at"),
        ({"capacity": "-1"}, "capacity"),
        ({"trainer_payroll_number": "P-NOBODY"}, "trainer_payroll_number"),
        (
            {"booking_opens_at": "2026-12-02T10:00", "booking_closes_at": "2026-12-01T10:00"},
            "booking_closes_at",
        ),
        ({"parts": "2026-12-10T15:45"}, "parts"),
        ({"parts": "2026-12-10T15:45/2026-12-10T17:45;2026-12-10T17:00/2026-12-10T18:00"}, "parts"),
        ({"parts": "2026-12-11T15:45/2026-12-11T17:45", "ends_at": ""}, "starts_at"),
    ],
)
def test_a_bad_session_is_named_and_nothing_is_written(trust, change, column):
    with pytest.raises(RowsRefused) as refusal:
        run(courses_file(COURSE), sessions_file(SESSION | change))

    assert [(error.file, error.line, error.column) for error in refusal.value.errors] == [
        ("sessions.csv", 2, column)
    ]
    assert not Course.objects.exists()


def test_all_errors_of_all_files_at_once(trust):
    with pytest.raises(RowsRefused) as refusal:
        run(
            courses_file(COURSE | {"hub": "XXX", "minutes": "x"}, COURSE, COURSE),
            sessions_file(SESSION | {"capacity": "many"}),
        )

    found = [(error.file, error.line, error.column) for error in refusal.value.errors]
    assert refusal.value.sentence == rows_are_wrong(4)
    assert found == [
        ("courses.csv", 2, "hub"),
        ("courses.csv", 2, "minutes"),
        ("courses.csv", 3, "code"),
        ("courses.csv", 4, "code"),
        ("sessions.csv", 2, "capacity"),
    ]


@pytest.mark.parametrize("header", ["", "code,title", "code,title,hub,colour", "\ufeffcode,code"])
def test_a_header_that_is_neither_is_refused(trust, header):
    with pytest.raises(RowsRefused):
        run(("x.csv", BytesIO(header.encode())))


def test_byte_order_mark_crlf_and_blank_lines_are_fine(trust):
    data = b"\xef\xbb\xbf" + csv_of(COURSE_COLUMNS, COURSE, separator="\r\n") + b"\r\n\r\n,,,,,,,,,,\r\n"

    run(("courses.csv", BytesIO(data)))

    assert Course.objects.get().code == "PTH-900"


def test_people_with_a_place_are_told_of_a_move(trust, teacher):
    run(courses_file(COURSE), sessions_file(SESSION))
    session = Session.objects.get()
    book(person=teacher.person, session_id=session.pk, by=teacher.person, now=NOW)

    outcome = run(
        sessions_file(
            SESSION | {"starts_at": "2026-12-11T15:45", "ends_at": "2026-12-11T17:45", "capacity": "30"}
        )
    )

    session.refresh_from_db()
    assert [str(change) for change in outcome.changes] == ["sessions: changed PTH-900-1: times, capacity"]
    assert (session.starts_at.day, session.capacity, session.booked_count) == (11, 30, 1)
    assert Message.objects.filter(person=teacher.person, kind__contains="changed").count() == 1


def test_fewer_places_than_are_booked_is_named_and_nothing_is_written(trust, teacher, line_manager):
    run(courses_file(COURSE), sessions_file(SESSION))
    session = Session.objects.get()
    for user in (teacher, line_manager):
        book(person=user.person, session_id=session.pk, by=user.person, now=NOW)

    with pytest.raises(RowsRefused) as refusal:
        run(courses_file(COURSE | {"title": "Another title"}), sessions_file(SESSION | {"capacity": "1"}))

    assert [error.column for error in refusal.value.errors] == ["session_code"]
    assert Course.objects.get().title == "Number sense in Reception"


def test_who_asked_for_a_date_is_told_once(trust, teacher):
    run(courses_file(COURSE))
    register_interest(person=teacher.person, course_id=Course.objects.get().pk, by=teacher.person)

    run(sessions_file(SESSION))
    run(sessions_file(SESSION, SESSION | {"session_code": "PTH-900-2"}))

    assert Message.objects.filter(person=teacher.person, kind="course_has_date").count() == 1


def test_a_session_of_another_course_is_refused(trust, primary_hub):
    CourseFactory(code="PTH-901", hub=primary_hub)
    run(courses_file(COURSE), sessions_file(SESSION))

    with pytest.raises(RowsRefused) as refusal:
        run(sessions_file(SESSION | {"course_code": "PTH-901"}))

    assert refusal.value.errors[0].reason == session_of_another_course("PTH-900")


def test_command_names_bad_rows_and_exits_with_an_error(trust, tmp_path):
    path = tmp_path / "courses.csv"
    path.write_bytes(csv_of(COURSE_COLUMNS, COURSE | {"hub": "XXX"}))
    told = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("import_catalogue", str(path), stderr=told)

    assert str(failure.value) == rows_are_wrong(1)
    assert told.getvalue() == f"{RowError('courses.csv', 2, 'hub', no_such_hub('XXX'))}\n"


def test_command_writes_and_says_so(trust, tmp_path):
    path = tmp_path / "courses.csv"
    path.write_bytes(csv_of(COURSE_COLUMNS, COURSE))
    said = StringIO()

    call_command("import_catalogue", str(path), stdout=said)

    assert said.getvalue() == "Written: 2 changes; 0 rows unchanged.\n"


def test_many_new_rows_take_as_many_statements_as_few(trust, django_assert_max_num_queries):
    rows = [COURSE | {"code": f"PTH-{number}"} for number in range(1000, 1400)]
    sessions = [SESSION | {"course_code": row["code"], "session_code": f"{row['code']}-1"} for row in rows]

    with django_assert_max_num_queries(25):
        run(courses_file(*rows), sessions_file(*sessions))

    assert (Course.objects.count(), SessionPart.objects.count()) == (400, 400)
