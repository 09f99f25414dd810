"""The gallery: each component in every state, and the page the accessibility test reads."""

from __future__ import annotations

from datetime import date

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bwt_cpd.states import STATES

TONES = ("ok", "info", "warn", "bad", "quiet")
HEAT = (
    ("Teachers", (91, 86, None)),
    ("Teaching assistants", (73, 61, None)),
    ("Site and office", (47, 31, 77)),
)


class SampleForm(forms.Form):
    """Each kind of field once."""

    title = forms.CharField(label="What did you do?", help_text="A title your manager will recognise.")
    took = forms.CharField(
        label="How long did it take?",
        error_messages={"required": "Enter how long it took, such as 1 hour 30 minutes"},
    )
    kind = forms.ChoiceField(choices=[("module", "Online learning module"), ("conference", "Conference")])
    time = forms.ChoiceField(
        label="When was it?",
        widget=forms.RadioSelect,
        choices=[("paid", "In paid time"), ("own", "In my own time")],
        error_messages={"required": "Choose whether it was in paid time"},
    )
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    topics = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("reading", "Reading"),
            ("send", "SEND"),
            ("digital", "Digital skills"),
        ],
    )
    certificate = forms.FileField(required=False, help_text="PDF or a photo, up to 5 MB.")
    difference = forms.CharField(
        label="What will you do differently?", widget=forms.Textarea(attrs={"rows": 3})
    )
    is_shared = forms.BooleanField(
        label="My line manager may see what I wrote",
        required=False,
        help_text="You can change this later.",
    )


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Each component in every state; for staff of the portal and in the demonstration only."""
    if not (settings.DEMO or request.user.is_staff):
        raise Http404
    context = {
        "states": [kind for kind in STATES if kind not in TONES],
        "tones": TONES,
        "day": date(2026, 12, 9),
        "form": SampleForm(initial={"title": "Webinar on dyslexia"}),
        "wrong_form": SampleForm({"title": "Webinar on dyslexia", "on": "2026-11-31"}, prefix="wrong"),
        "chips": [{"words": "Teaching assistants", "name": "for", "value": "ta"}],
        "views": [
            {"words": "List", "url": "#chips", "icon": "list-ul", "on": True},
            {"words": "Calendar", "url": "#chips", "icon": "calendar3"},
        ],
        "page": Paginator(range(9), 3).get_page(2),
        "heat": HEAT,
        **_figures(),
        **_request(),
    }
    return render(request, "components/gallery.html", context)


def _figures() -> dict[str, object]:
    return {
        "tiles": [
            {
                "words": "People counted",
                "figure": "1,432",
                "note": "86 casual left out",
            },
            {"words": "On track", "figure": "45%", "note": "644 people"},
            {"words": "Waiting for you", "figure": "3", "url": "/inbox/"},
            {
                "words": "Small group",
                "figure": "–",
                "note": "hidden: fewer than 5 people",
            },
        ],
        "year_facts": [
            {"words": "Counted", "value": "2 days 3 hours"},
            {"words": "Planned", "value": "1 day 3 hours"},
            {"words": "Left to find", "value": "4 hours"},
        ],
        "bars": [
            {"words": "Gretton Primary School", "value": 90, "shown": "90%"},
            {
                "words": "Thomas Clarkson Academy",
                "value": 58,
                "shown": "58%",
                "low": True,
            },
            {"words": "Central team", "value": None, "shown": "hidden"},
        ],
        "months": ["1 Sep", "1 Oct", "1 Nov", "1 Dec", "1 Jan", "1 Feb", "1 Mar"],
        "series": [
            ("Counted", [0, 205, 310, 440, None, None, None]),
            ("Expected", [0, 130, 260, 385, 515, 645, 760]),
        ],
    }


def _request() -> dict[str, object]:
    return {
        "facts": [
            {"words": "Length", "value": "24 months"},
            {"words": "Training in paid hours", "value": "5 hours a week"},
            {"words": "Cover, from your budget", "value": "£670.70"},
        ],
        "total": {"words": "Budget left after this", "value": "£979.30"},
        "checks": [
            {"words": "Funded for a January 2027 start", "is": "ok"},
            {"words": "Two others in Year 1 are released on Wednesdays", "is": "warn"},
            {"words": "The contract ends before the course does", "is": "no"},
            {"words": "GCSE grade 4 in English and maths", "is": "todo"},
        ],
        "steps": [
            {"title": "Request sent", "words": "Wed 18 Nov", "is": "done"},
            {
                "title": "Line manager supports it",
                "words": "Ruth Ellison, Tue 24 Nov: “Cover is arranged.”",
                "is": "done",
            },
            {
                "title": "Headteacher",
                "words": "Philippa Dean, by Tue 8 Dec",
                "is": "now",
            },
            {
                "title": "Declined",
                "words": "Not funded for this start date. You can ask again or appeal.",
                "is": "no",
            },
            {"title": "Training plan signed", "words": "Not started"},
        ],
    }
