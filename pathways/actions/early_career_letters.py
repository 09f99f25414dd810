"""The mails to whoever is asked to help with an induction."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from pathways.models import EarlyCareer
from staff.actions.messages import Letter, post_messages
from staff.wording import date_words


def tell_help(career: EarlyCareer, *, now: datetime) -> None:
    """Tell mentor and induction tutor, each once, what they are asked to do."""
    name = career.person.full_name
    helpers = (
        (career.mentor, "mentor", "You meet regularly and help them to grow. You do not judge them."),
        (career.induction_tutor, "induction tutor", "You judge their progress and record each review."),
    )
    post_messages(
        [
            Letter(
                person=helper,
                kind="induction_help",
                subject=f"You are the {what} of {name}",
                template="notice",
                dedupe_key=f"ect:{career.pk}:{what}:{helper.pk}",
                context={
                    "title": f"You are the {what} of {name}",
                    "intro": [words],
                    "facts": [("School", career.school.name), ("First day", date_words(career.starts_on))],
                    "action_url": reverse("pathways:ect-detail", args=[career.pk]),
                    "action_words": "See the induction",
                },
            )
            for helper, what, words in helpers
            if helper is not None
        ],
        now=now,
    )
