"""The mails about coaching: asked, answered, withdrawn, ended. Never what was said."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from pathways.models import CoachingAgreement
from staff.actions.messages import post_message
from staff.models import Person

# What happened: who is told (by the field), the subject and the first line. {other} is the one who did it.
_WORDS = {
    "asked": ("coach", "{other} asks you to be their coach", "{other} would like you as a coach."),
    "agreed": ("coachee", "{other} is your coach now", "{other} has agreed. Find a first date together."),
    "declined": (
        "coachee",
        "{other} cannot coach you at the moment",
        "{other} cannot take it on at the moment. The others who fit you are on the page of coaches.",
    ),
    "withdrawn": ("coach", "{other} has withdrawn their question", "You need not do anything."),
    "completed": ("", "Your coaching with {other} is completed", "Well done, both of you."),
    "ended": (
        "",
        "Your coaching with {other} has ended",
        "You need not say why. Another coach is easy to find.",
    ),
}


def tell(agreement: CoachingAgreement, what: str, *, now: datetime, by: Person | None = None) -> None:
    """Tell the other side what has happened."""
    side, subject, intro = _WORDS[what]
    if not side:
        side = "coachee" if by is not None and by.pk == agreement.coach_id else "coach"
    person = agreement.coach if side == "coach" else agreement.coachee
    other = agreement.coachee if side == "coach" else agreement.coach
    post_message(
        person=person,
        kind=f"coaching_{what}",
        subject=subject.format(other=other.full_name),
        template="notice",
        dedupe_key=f"coaching:{agreement.pk}:{what}",
        now=now,
        context={
            "title": subject.format(other=other.full_name),
            "intro": [intro.format(other=other.full_name)],
            "facts": [
                ("Topic", agreement.get_topic_display()),
                ("Meetings", str(agreement.meetings_planned)),
            ],
            "action_url": reverse("pathways:coaching-agreement", args=[agreement.pk]),
            "action_words": "Answer" if what == "asked" else "Open it",
        },
    )
