"""Offering to coach, looking for a coach, and logging that people met."""

from __future__ import annotations

from django import forms

from pathways.models import CoachingTopic, CoachProfile
from pathways.rules.coaching import FEWEST, MOST

PHASES = [("primary", "Primary"), ("secondary", "Secondary"), ("central", "Central team")]
MEETINGS = [(n, f"{n} meetings") for n in range(FEWEST, MOST + 1)]
MINUTES = [(30, "30 minutes"), (45, "45 minutes"), (60, "1 hour"), (90, "1½ hours")]


def _day(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as day, month and year, such as 24/11/2026."},
        required=required,
    )


def _several(
    label: str, choices: list[tuple[str, str]], *, required: bool = True, help_text: str = ""
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        required=required,
        help_text=help_text,
    )


class OfferForm(forms.Form):
    """My profile as a coach."""

    training = forms.ChoiceField(label="Your training as a coach", choices=CoachProfile.Training.choices)
    topics = _several("What you coach on", list(CoachingTopic.choices))
    approaches = _several("How you work", list(CoachProfile.Approach.choices), required=False)
    phases = _several(
        "Where you know the work", PHASES, required=False, help_text="None chosen: you coach anybody."
    )
    capacity = forms.IntegerField(label="How many people at a time", min_value=1, max_value=10, initial=2)
    about = forms.CharField(
        label="About you, in a line or two",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody in the trust can read it.",
    )
    supervised_on = _day("Your last supervision", required=False)
    is_open = forms.BooleanField(label="I have time for somebody new", required=False, initial=True)


class FindForm(forms.Form):
    """What it is about, in the address, so that a search can be shared."""

    topic = forms.ChoiceField(label="What is it about?", choices=CoachingTopic.choices)
    approach = forms.ChoiceField(
        label="How would you like to work?",
        choices=[("", "I do not mind"), *CoachProfile.Approach.choices],
        required=False,
    )


class AskForm(FindForm):
    """Asking one of the coaches suggested."""

    coach = forms.IntegerField(widget=forms.HiddenInput)
    meetings = forms.TypedChoiceField(label="Meetings", choices=MEETINGS, coerce=int, initial=FEWEST)


class AnswerForm(forms.Form):
    """The coach's answer; who agrees may change how often the two meet."""

    answer = forms.ChoiceField(choices=[("agree", "Agree"), ("decline", "Decline")])
    meetings = forms.TypedChoiceField(
        label="How many meetings?", choices=MEETINGS, coerce=int, required=False, empty_value=None
    )


class MeetingForm(forms.Form):
    """The day and how long: nothing else is asked, nothing else is kept."""

    held_on = _day("When did you meet?")
    minutes = forms.TypedChoiceField(label="How long?", choices=MINUTES, coerce=int, initial=60)
