"""What people type reaches calendars and mail headers as words, never as lines of their own (RELIABILITY row 17).

Written as the portal writes it, by booking; read as others read it: `icalendar` for the calendar, a mail
server on loopback and Python's parser for the mail.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from courses import icalendars
from courses.actions.bookings import book
from courses.actions.letters import KINDS
from courses.icalendars import calendar_of, spans_of, uid_of
from staff.actions import messages, outbox
from staff.models import Message
from staff.wording import day_words
from tests import smtp_sink
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, HubFactory, PersonFactory, SchoolFactory, UserFactory
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADERS = {
    "Content-Type",
    "MIME-Version",
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Peer",
    "X-MailFrom",
    "X-RcptTo",
}
NAMES = [
    "BEGIN",
    "VERSION",
    "PRODID",
    "METHOD",
    "BEGIN",
    "SUMMARY",
    "DTSTART",
    "DTEND",
    "DTSTAMP",
    "UID",
    "SEQUENCE",
    "ATTENDEE",
    "DESCRIPTION",
    "LOCATION",
    "ORGANIZER",
    "STATUS",
    "TRANSP",
    "URL",
    "END",
    "END",
]
# What is typed, and the one line that everybody should read instead.
TYPED = {
    "a header of its own": ("Phonics\r\nBcc: all@trust.example", "Phonics Bcc: all@trust.example"),
    "a bare line feed": ("Phonics\nX-Evil: 1", "Phonics X-Evil: 1"),
    "a bare return": ("Phonics\rX-Evil: 1", "Phonics X-Evil: 1"),
    "a folded header": ("Phonics\r\n X-Evil: 1", "Phonics X-Evil: 1"),
    "a property of its own": (
        "Phonics\r\nATTACH:https://evil.example",
        "Phonics ATTACH:https://evil.example",
    ),
    "an entry of its own": (
        "Phonics\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2",
        "Phonics END:VEVENT BEGIN:VEVENT UID:2",
    ),
    "line ends of Unicode": ("Pho\u2028nics\u2029X:\x851\x0b2\x0c3", "Pho nics X: 1 2 3"),
    "control characters": ("Pho\x07nics\x1b[31m\x7fday", "Pho nics [31m day"),
    "commas, semicolons, colons": (
        "Reading, writing; talk: a day, and more",
        "Reading, writing; talk: a day, and more",
    ),
    "backslashes": (r"C:\new\; \n \, day", r"C:\new\; \n \, day"),
    "quotes": ('The "why" of it, it\'s "here"', 'The "why" of it, it\'s "here"'),
    "right to left": ("Invoice \u202egnp.exe\u202c \u200fend", "Invoice gnp.exe end"),
    "letters of other languages": ("Łódź für Kinder — phonics ☕ 読書", "Łódź für Kinder — phonics ☕ 読書"),
    "a very long line": (f"{'Wiśniewska ' * 10}end", f"{'Wiśniewska ' * 10}end"),
    "a long word": ("Ł" * 110, "Ł" * 110),
    "a formula": ('=HYPERLINK("x")', '=HYPERLINK("x")'),
}
every_text = pytest.mark.parametrize(("typed", "said"), TYPED.values(), ids=TYPED)


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler = Sink()
    controller = smtp_sink.start(handler)
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    yield handler
    controller.stop()


def book_with(typed: str):
    """A booking whose course, room, school, town, hub and person are all called that."""
    school = SchoolFactory(code="TXT", name=typed, town=typed[:60])
    person = PersonFactory(first_name=typed[:60], last_name="Ash", work_email="ann@trust.example")
    UserFactory(person=person)
    ContractFactory(person=person, school=school)
    course = CourseFactory(title=typed, hub=HubFactory(code="TXT", name=typed[:100]))
    session = SessionFactory(course=course, school=school, room=typed)
    return book(person=person, session_id=session.pk, by=person, now=NOW)


def book_calendar(typed: str) -> str:
    """The calendar file of such a booking."""
    booking = book_with(typed)
    parts = spans_of(booking.session.parts.all())
    return calendar_of([(booking, booking.session, parts)], method="REQUEST", stamped_at=NOW)


def lines_of(calendar: str) -> list[str]:
    """The lines of a calendar file as they travel, after unfolding."""
    return calendar.replace("\r\n ", "").split("\r\n")


def names_of(calendar: str) -> list[str]:
    """The names of its properties, in their order."""
    return [line.split(":")[0].split(";")[0] for line in lines_of(calendar) if line]


# Calendars --------------------------------------------------------------------------------
@every_text
def test_a_calendar_entry_says_it_in_one_line(typed, said):
    booking = book_with(typed)

    words = Message.objects.get(person=booking.person).calendar
    assert names_of(words) == NAMES
    (event,) = Calendar.from_ical(words).walk("VEVENT")
    assert str(event["summary"]) == said
    assert str(event["location"]).startswith(f"{said}, {said}")
    assert "all@trust.example" not in str(event["attendee"])


@every_text
def test_a_calendar_line_is_at_most_75_bytes_and_breaks_no_letter(typed, said):
    words = Message.objects.get(person=book_with(typed).person).calendar

    assert words.endswith("\r\n")
    for line in words.encode().split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # RFC 5545 3.1: no fold within a letter
    assert "\n" not in words.replace("\r\n", "")
    assert "\r" not in words.replace("\r\n", "")


@every_text
def test_names_in_quotes_stay_one_name(typed, said):
    """The organiser's and attendee's names are parameters: no quote, colon or semicolon ends them."""
    words = Message.objects.get(person=book_with(typed).person).calendar

    (event,) = Calendar.from_ical(words).walk("VEVENT")
    assert str(event["attendee"]) == "mailto:ann@trust.example"
    assert str(event["organizer"]).startswith("mailto:")
    assert set(event["attendee"].params) == {"CN", "ROLE", "PARTSTAT", "RSVP"}
    assert set(event["organizer"].params) == {"CN"}
    # The parser takes backslashes out of a parameter that the file holds as they are.
    assert event["organizer"].params["cn"].replace("\\", "") == said[:100].strip().replace("\\", "")


def test_control_without_the_guard_what_cannot_be_seen_goes_into_the_calendar(monkeypatch):
    """The library escapes a line end in a text; marks of direction and escape codes it lets through."""
    monkeypatch.setattr(icalendars, "one_line", lambda words: words)

    words = [book_calendar(TYPED[name][0]) for name in ("right to left", "control characters")]

    assert ("\u202e" in words[0], "\x1b[31m" in words[1]) == (True, True)


def test_control_without_any_escape_a_title_is_a_line_of_its_own(monkeypatch):
    """With neither our one line nor the library's escapes, the title writes a property."""
    monkeypatch.setattr(icalendars, "one_line", lambda words: words)
    monkeypatch.setattr("icalendar.prop.vText.to_ical", lambda text: str(text).encode())
    monkeypatch.setattr("icalendar.parser.Contentline.__new__", _a_line_as_it_is)
    monkeypatch.setattr("icalendar.parser.Contentline.to_ical", lambda line: str(line).encode())

    assert "ATTACH" in names_of(book_calendar(TYPED["a property of its own"][0]))


def _a_line_as_it_is(cls, value, strict=False, encoding="utf-8"):
    line = str.__new__(cls, value.decode() if isinstance(value, bytes) else value)
    line.strict = strict
    return line


# Mail -------------------------------------------------------------------------------------
@every_text
def test_a_mail_has_the_headers_we_gave_it_and_its_subject_in_one_line(sink, typed, said):
    booking = book_with(typed)
    message = Message.objects.get(person=booking.person)

    outbox.send_due_messages(time_now=lambda: NOW)

    (mail,) = sink.mails
    assert set(mail.keys()) <= HEADERS
    day = day_words(booking.session.starts_at)
    assert mail["Subject"].strip() == KINDS["booked"].subject.format(title=said, day=day)
    assert (mail["To"], mail["X-RcptTo"]) == ("ann@trust.example", None)
    (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_content().replace("\r\n", "\n") == message.calendar.replace("\r\n", "\n")
    assert calendar["Content-Type"].params["method"] == "REQUEST"


def test_each_part_of_a_session_is_an_invitation_of_its_own(sink):
    """RFC 5546: a calendar takes one entry from a message; of two it would show the first alone."""
    session = SessionFactory(course__title="Phonics", capacity=5)
    second = session.ends_at + timedelta(days=7)
    session.parts.create(number=2, starts_at=second, ends_at=second + timedelta(hours=2), minutes=120)
    person = ContractFactory(person__work_email="ann@trust.example").person
    booking = book(person=person, session_id=session.pk, by=person, now=NOW)

    outbox.send_due_messages(time_now=lambda: NOW)

    (mail,) = sink.mails
    files = {part.get_filename(): part.get_content() for part in mail.walk() if part.get_filename()}
    entries = [Calendar.from_ical(text) for text in files.values()]
    assert list(files) == ["part-1-of-2.ics", "part-2-of-2.ics"]
    assert [[str(event["UID"]) for event in one.walk("VEVENT")] for one in entries] == [
        [uid_of(booking, 1)],
        [uid_of(booking, 2)],
    ]
    assert {str(one["METHOD"]) for one in entries} == {"REQUEST"}
    (taken_in,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert Calendar.from_ical(taken_in.get_content()) == entries[0]


def test_control_without_the_guard_no_mail_goes_out(sink, monkeypatch):
    """A subject of two lines is what Django refuses to send: the guard is what lets the mail leave at all."""
    monkeypatch.setattr(messages, "one_line", lambda words: words)
    booking = book_with(TYPED["a header of its own"][0])

    outbox.send_due_messages(time_now=lambda: NOW)

    message = Message.objects.get(person=booking.person)
    assert (message.state, message.last_error, sink.mails) == ("due", "BadHeaderError", [])
