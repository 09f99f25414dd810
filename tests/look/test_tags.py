"""Filters and tags of templates."""

from datetime import UTC, datetime

from django.template import engines
from django.test import RequestFactory


def drawn(source: str, path: str = "/courses/", **context: object) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get(path)).strip()


def test_words():
    assert drawn("{{ 780|duration:300 }}") == "2 days 3 hours"
    assert drawn("{{ 90|duration }}") == "1 hour 30 minutes"
    assert drawn("{{ minutes|duration:300 }}", minutes=None) == ""
    assert drawn('{{ 1|plural:"person,people" }}, {{ 2|plural:"person,people" }}') == "1 person, 2 people"
    assert drawn("{{ at|when }}", at=datetime(2026, 11, 24, 15, 45, tzinfo=UTC)) == "Tue 24 Nov 2026, 15:45"


def test_state_has_icon_word_and_tone():
    said = drawn('{% state "waiting" "3rd of 9 waiting" %}')

    assert 'class="state state-waiting"' in said
    assert "#hourglass-split" in said
    assert "3rd of 9 waiting" in said


def test_state_escapes_its_words():
    assert "&lt;b&gt;" in drawn('{% state "booked" words %}', words="<b>")


def test_unknown_state_reads_as_its_name():
    assert "On loan" in drawn('{% state "on_loan" %}')


def test_address_replaces_and_drops_the_page():
    assert drawn("{% address mode='online' %}", "/courses/?q=reading&page=3") == "?q=reading&amp;mode=online"
    assert drawn("{% address page=2 %}", "/courses/?q=reading&page=3") == "?q=reading&amp;page=2"
    assert drawn("{% address q=None %}", "/courses/?q=reading") == "/courses/"


def test_address_without_takes_out_one_value():
    path = "/courses/?for=ta&for=teacher&page=2"

    assert drawn('{% address_without "for" "ta" %}', path) == "?for=teacher"
    assert drawn('{% address_without "for" %}', path) == "/courses/"


def test_callout_holds_markup_and_escapes_its_title():
    said = drawn('{% callout title=title tone="ok" %}<p>Yes</p>{% endcallout %}', title="<i>")

    assert "<p>Yes</p>" in said
    assert "&lt;i&gt;" in said


def test_ring_says_its_figures():
    said = drawn(
        '{% include "components/ring.html" with counted=780 planned=0 expected=None target=1500 day_minutes=300 only %}'
    )

    assert 'aria-label="2 days 3 hours counted of 5 days"' in said
    assert "ring-mark" not in said
    assert "ring-gap" in said


def test_places_says_the_last_one():
    line = '{% include "components/places.html" with capacity=20 left=left waiting=9 only %}'

    assert "Last place" in drawn(line, left=1)
    assert "2 places left" in drawn(line, left=2)
    assert "Full, 9 waiting" in drawn(line, left=0)
