"""My messages: the mailbox of demo mode, and a second copy outside it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.messages import MessageFactory

HTML = '<html><head></head><body><p style="color:#0e5a63">You have a place.</p></body></html>'


@pytest.fixture
def message(client, teacher):
    client.force_login(teacher)
    return MessageFactory(person=teacher.person, subject="You have a place", body_html=HTML, state="shown")


def test_the_list_shows_mine_newest_first(client, message, outsider):
    MessageFactory(person=message.person, subject="A second one")
    MessageFactory(person=outsider.person, subject="Not mine")

    page = client.get("/messages/")

    assert [shown.subject for shown in page.context["page"]] == ["A second one", "You have a place"]


def test_an_empty_list_leads_to_the_courses(client, teacher):
    client.force_login(teacher)

    page = client.get("/messages/")

    assert list(page.context["page"]) == []
    assert 'class="btn btn-primary mt-2" href="/courses/"' in page.content.decode()


def test_one_is_shown_in_a_sandboxed_frame_and_counts_as_read(client, message):
    page = client.get(f"/messages/{message.pk}/")

    message.refresh_from_db()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.content.decode()
    assert message.read_at is not None


def test_the_frame_has_the_mail_as_it_was_written_and_links_that_open_outside_it(client, message):
    body = client.get(f"/messages/{message.pk}/body/")

    assert body.content.decode() == HTML.replace("<head>", '<head><base target="_blank">')
    assert body["X-Frame-Options"] == "SAMEORIGIN"


def test_a_calendar_entry_is_a_file(client, message):
    message.calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    message.save()

    entry = client.get(f"/messages/{message.pk}/calendar.ics")

    assert entry["Content-Disposition"] == 'attachment; filename="session.ics"'
    assert entry.content.decode() == message.calendar


def test_a_mail_without_a_calendar_entry_has_none(client, message):
    assert client.get(f"/messages/{message.pk}/calendar.ics").status_code == 404


@pytest.mark.parametrize("part", ["", "body/", "calendar.ics"])
def test_somebody_elses_is_not_there(client, message, outsider, part):
    client.force_login(outsider)

    assert client.get(f"/messages/{message.pk}/{part}").status_code == 404


def test_failed_and_dropped_ones_never_arrived(client, message):
    message.state = "dropped"
    message.save()

    assert client.get(f"/messages/{message.pk}/").status_code == 404


def test_the_list_asks_the_same_for_one_and_for_three(client, message):
    client.get("/messages/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/messages/")
    MessageFactory.create_batch(2, person=message.person)

    with CaptureQueriesContext(connection) as for_three:
        client.get("/messages/")

    assert len(for_three) == len(for_one) < 12
