"""The state words: what each is called, its tone and its icon. One idea, one word, everywhere."""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    words: str
    tone: str
    icon: str


# Tones are the classes `.state-…` of theme.css.
STATES = {
    # bookings
    "interest": State("Interested", "info", "star"),
    "requested": State("Requested", "requested", "send"),
    "offered": State("Place offered", "offered", "envelope-open-heart"),
    "booked": State("Booked", "booked", "calendar-check"),
    "waiting": State("On the waiting list", "waiting", "hourglass-split"),
    "attended": State("Attended", "attended", "check-circle-fill"),
    "part": State("Attended in part", "attended", "circle-half"),
    "absent": State("Absent", "absent", "x-circle-fill"),
    "cancelled": State("Cancelled", "cancelled", "slash-circle"),
    "lapsed": State("Offer ran out", "cancelled", "clock-history"),
    "expired": State("Offer ran out", "cancelled", "clock-history"),
    # the year (rule R7)
    "met": State("Met", "ok", "trophy"),
    "planned": State("Planned", "info", "calendar-check"),
    "on_track": State("On track", "ok", "check-circle-fill"),
    "behind": State("Behind", "warn", "exclamation-triangle-fill"),
    "paused": State("Paused", "quiet", "pause-circle"),
    "not_applicable": State("On request", "quiet", "chat-left-text"),
    # training that has to be kept up
    "up_to_date": State("Up to date", "ok", "check-circle-fill"),
    "due": State("Due soon", "warn", "clock-history"),
    "later": State("Later", "quiet", "calendar3"),
    "overdue": State("Overdue", "bad", "exclamation-circle-fill"),
    # requests, claims, applications
    "draft": State("Draft", "quiet", "pencil"),
    "submitted": State("Requested", "requested", "send"),
    "returned": State("Question for you", "warn", "chat-left-text"),
    "supported": State("Supported", "ok", "hand-thumbs-up-fill"),
    "approved": State("Agreed", "ok", "check-circle-fill"),
    "verified": State("Verified", "ok", "check-circle-fill"),
    "declined": State("Declined", "bad", "x-circle-fill"),
    "withdrawn": State("Withdrawn", "cancelled", "slash-circle"),
    "reversed": State("Reversed", "cancelled", "arrow-counterclockwise"),
    "sent": State("Sent", "ok", "check-lg"),
    "failed": State("Failed", "bad", "x-circle-fill"),
    # pathways and plans
    "here": State("You are here", "booked", "geo-alt-fill"),
    "goal": State("Your goal", "waiting", "flag-fill"),
    "done": State("Done", "ok", "check-circle-fill"),
    "now": State("In progress", "info", "play-circle"),
    "todo": State("To do", "quiet", "circle"),
    # coaching
    "asked": State("Asked", "requested", "send"),
    "agreed": State("Under way", "ok", "play-circle"),
    "completed": State("Completed", "ok", "check-circle-fill"),
    "ended": State("Ended early", "cancelled", "slash-circle"),
    # training to teach
    "interested": State("Interested", "requested", "star"),
    "advised": State("Advised", "info", "chat-left-text"),
    "applied": State("Applied", "requested", "send"),
    "placed": State("Placed", "ok", "check-circle-fill"),
    # tones alone
    "ok": State("", "ok", "check-circle-fill"),
    "info": State("", "info", "info-circle-fill"),
    "warn": State("", "warn", "exclamation-triangle-fill"),
    "bad": State("", "bad", "exclamation-circle-fill"),
    "quiet": State("", "quiet", "dash-circle"),
}


def state_of(kind: str) -> State:
    """How a state looks; one that is not in the list reads as its own name, quietly."""
    return STATES.get(kind) or State(kind.replace("_", " ").capitalize(), "quiet", "dash-circle")
