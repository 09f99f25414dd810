"""Where somebody stands, in words."""

from datetime import date

import pytest

from entitlements.durations import in_hours
from entitlements.rules.policy import Status
from entitlements.rules.sentences import Figures, Words, is_away, words_about, words_for

TODAY, LAST = date(2026, 11, 24), date(2027, 8, 31)


def said(status, *, expected=1500, by_now=349, counted=0, planned=0, on=TODAY):
    figures = Figures(Status(status), expected, by_now, counted, planned)
    words = words_for(figures, day_minutes=300, last_day=LAST, on=on)
    return words.headline, words.sentence


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            said("on_track", counted=780, planned=480),
            (
                "4 hours left to find by 31 August",
                (
                    "You are ahead of where you need to be today, which is 1 day 49 minutes. "
                    "What is planned brings you to 4 days 1 hour."
                ),
            ),
        ),
        (
            said("on_track", counted=300),
            (
                "4 days left to find by 31 August",
                "You are close to where you need to be today, which is 1 day 49 minutes. Nothing more is booked yet.",
            ),
        ),
        (
            said("behind", counted=60),
            (
                "4 days 4 hours left to find by 31 August",
                "By today 1 day 49 minutes would be usual, and you have 1 hour counted. Nothing more is booked yet.",
            ),
        ),
        (
            said("behind"),
            (
                "5 days left to find by 31 August",
                "By today 1 day 49 minutes would be usual, and nothing is counted yet. Nothing more is booked yet.",
            ),
        ),
        (
            said("planned", counted=900, planned=600),
            (
                "All of it is counted or planned",
                "What is planned brings you to 5 days. There is nothing more you have to find.",
            ),
        ),
        (
            said("met", counted=1560),
            (
                "You have had your CPD days",
                (
                    "You have 5 days 1 hour counted, 1 hour more than the target. The target is a minimum: "
                    "everything on offer stays open to you."
                ),
            ),
        ),
        (
            said("behind", counted=1200, on=LAST),
            ("1 day short", "You have 4 days counted of the 5 days expected of you in the year."),
        ),
        (
            said("met", expected=0, by_now=0),
            ("Nothing is expected of you this year", "What you do is recorded and counts for you."),
        ),
    ],
)
def test_the_sentence_of_each_status(words, expected):
    assert words == expected


def test_a_pause_is_told_to_others_without_a_reason():
    words = words_about(
        Figures(Status.PAUSED, 983, 200, 0, 0), "Ola", day_minutes=390, last_day=LAST, on=TODAY
    )

    assert words == Words("Paused", is_away("Ola"))
    assert in_hours(983) not in words.sentence


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_words_for_both(status):
    figures = Figures(status, 1500, 349, 60, 0)

    assert words_for(figures, day_minutes=None, last_day=LAST, on=TODAY).sentence
    assert words_about(figures, "Ola", day_minutes=None, last_day=LAST, on=TODAY).sentence
