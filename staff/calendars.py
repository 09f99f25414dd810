"""Calendar entries as they travel with a mail: one message to a calendar is about one entry (RFC 5546, 3.2)."""

from __future__ import annotations

from icalendar import Calendar, Component


def one_by_one(calendar: str) -> list[str]:
    """An iCalendar object as one for each of its entries, in order, with the same method and headings."""
    whole = Calendar.from_ical(calendar)
    entries = whole.walk("VEVENT")
    if len(entries) < 2:
        return [calendar]
    return [_only(whole, entry) for entry in entries]


def _only(whole: Calendar, entry: Component) -> str:
    one = Calendar()
    for name, value in whole.items():
        one[name] = value
    one.add_component(entry)
    return str(one.to_ical().decode())
