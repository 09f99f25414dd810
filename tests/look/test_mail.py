"""The mail that says one thing, in both its parts."""

from django.template.loader import render_to_string

CONTEXT = {
    "subject": "Booked: Reading & writing, Thu 10 Dec",
    "public_url": "https://cpd.example",
    "intro": ["Hello Marta,", "You are booked."],
    "facts": [("When", "Thu 10 Dec 2026, 15:45–17:45")],
    "action_url": "/courses/bookings/7/",
    "action_words": "See your booking",
    "outro": ["Cannot come? Cancel in the portal."],
}


TEXT = """\
Booked: Reading & writing, Thu 10 Dec

Hello Marta,

You are booked.

When: Thu 10 Dec 2026, 15:45–17:45

See your booking: https://cpd.example/courses/bookings/7/

Cannot come? Cancel in the portal.

--
Brooke Weston Trust staff development: https://cpd.example/
Choose which mails you get: https://cpd.example/profile/"""


def test_text_part_reads_as_plain_words():
    assert render_to_string("mail/notice.txt", CONTEXT).strip() == TEXT


def test_html_part_escapes_and_points_to_the_portal():
    said = render_to_string("mail/notice.html", CONTEXT)

    assert "Reading &amp; writing" in said
    assert 'href="https://cpd.example/courses/bookings/7/"' in said
    assert 'src="https://cpd.example/static/img/mark-96' in said
    assert "<script" not in said


def test_whole_address_stays_as_it_is():
    said = render_to_string("mail/notice.html", {**CONTEXT, "action_url": "https://elsewhere.example/x"})

    assert 'href="https://elsewhere.example/x"' in said
