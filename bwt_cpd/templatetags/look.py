"""What templates need of the look: words, icons, states, drawn figures, addresses.

A builtin of the template engine: no `{% load %}`. The cheat sheet is templates/components/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bwt_cpd import drawing, form_rendering
from bwt_cpd.icons import sprite_with
from bwt_cpd.states import state_of
from entitlements.durations import in_days, in_hours_short
from staff import wording

register = template.Library()


# Words ------------------------------------------------------------------------------------
@register.filter
def duration(minutes: int | None, day_minutes: int | None = None) -> str:
    """ "2 days 3 hours" in days of `day_minutes`; without them "13 hours". Nothing for None."""
    return "" if minutes is None else in_days(minutes, day_minutes or None)


@register.filter
def duration_short(minutes: int | None) -> str:
    """ "1 h 30 min", for tight tables and charts."""
    return "" if minutes is None else in_hours_short(minutes)


@register.filter
def duration_parts(minutes: int | None, day_minutes: int | None = None) -> list[str]:
    """The same in its parts, one a line inside the ring: ["2 days", "3 hours"]."""
    words = duration(minutes, day_minutes).split()
    return [" ".join(words[start : start + 2]) for start in range(0, len(words), 2)]


@register.filter
def date_words(on: date | datetime | None) -> str:
    """ "Tue 24 Nov 2026"."""
    return wording.date_words(on) if on else ""


@register.filter
def day_words(on: date | datetime | None) -> str:
    """ "Tue 24 Nov", where the year stands beside it."""
    return wording.day_words(on) if on else ""


@register.filter
def month_words(on: date | None) -> str:
    """ "Nov"."""
    return wording.MONTHS[on.month - 1] if on else ""


@register.filter
def time_words(at: datetime | None) -> str:
    """ "15:45"."""
    return wording.time_words(at) if at else ""


@register.filter
def when(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """ "Tue 24 Nov 2026, 15:45–16:30": `{{ session.starts_at|when:session.ends_at }}`."""
    return wording.when(starts_at, ends_at) if starts_at else ""


@register.filter
def time_range(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """ "15:45–16:30"."""
    if not starts_at:
        return ""
    return wording.time_range(starts_at, ends_at) if ends_at else wording.time_words(starts_at)


@register.filter
def money(pence: int | None) -> str:
    """ "£670.70" from whole pence."""
    return "" if pence is None else wording.money(pence)


@register.filter
def ordinal(number: int) -> str:
    """ "3rd"."""
    return wording.ordinal(int(number))


@register.filter
def plural(number: int, noun: str) -> str:
    """ "1 place", "14 places"; an odd plural after a comma: `{{ n|plural:"person,people" }}`."""
    one, _, many = noun.partition(",")
    return wording.counted(int(number), one, many)


@register.filter
def number(value: int | None) -> str:
    """ "1,432"."""
    return "" if value is None else f"{value:,}"


@register.filter
def less(value: float | None, other: float | None) -> float:
    """`value` minus `other`, for lengths."""
    return (value or 0) - (other or 0)


@register.filter
def listed(words: list[object]) -> str:
    """ "Ann, Ben and Cy"."""
    return wording.listed([str(word) for word in words])


@register.filter
def initials(name: object) -> str:
    """ "MK"."""
    return wording.initials(str(name))


@register.filter
def first_word(name: object) -> str:
    """ "Marta" of "Marta Kowalczyk"."""
    return str(name).split(" ", 1)[0]


@register.filter
def london(moment: datetime | None) -> date | datetime | None:
    """The moment on the clocks here, for what reads its parts (the date tile)."""
    return wording.in_london(moment) if moment else None


# Icons and states -------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: str = "", words: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers; `words` are read out instead of it."""
    drawn = _drawn(name, size)
    if words:
        return format_html('{}<span class="visually-hidden">{}</span>', drawn, words)
    return drawn


@lru_cache(maxsize=512)
def _drawn(name: str, size: str) -> SafeString:
    """A list has a hundred icons, and each is always the same."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" icon-{size}" if size else "",
        static(sprite_with(name)),
        name,
    )


@register.simple_tag
def state(kind: str, words: str = "", icon_name: str = "") -> SafeString:
    """Icon, word and tone of a state: `{% state "waiting" "3rd of 9 waiting" %}`."""
    known = state_of(str(kind))
    return format_html(
        '<span class="state state-{}">{}{}</span>',
        known.tone,
        icon(icon_name or known.icon),
        words or known.words,
    )


@register.simple_tag
def tick(kind: str) -> SafeString:
    """The icon of something that was checked: `{% tick "warn" %}`; anything but ok, warn and no is to do."""
    return icon(*_TICKS.get(kind, ("circle", "", "To do:")))


_TICKS = {
    "ok": ("check-circle-fill", "", "Fine:"),
    "warn": ("exclamation-triangle-fill", "", "Look at this:"),
    "no": ("x-circle-fill", "", "Not met:"),
}


@dataclass(frozen=True)
class StepMark:
    """How one step of a line is drawn: its icon, none for a step that has its number, and the icon's words."""

    icon: str = ""
    words: str = ""
    is_now: bool = False


@register.filter
def step_mark(kind: str) -> StepMark:
    """The mark of a step that is done, now, no (refused) or to come: `{% with mark=step.is|step_mark %}`."""
    return _STEP_MARKS.get(kind, StepMark())


_STEP_MARKS = {
    "done": StepMark("check-lg", "Done"),
    "no": StepMark("x-lg", "Not agreed"),
    "now": StepMark(is_now=True),
}


@register.filter
def is_few(left: int) -> bool:
    """Whether so few places are left that the list says it louder."""
    return left <= FEW_PLACES


FEW_PLACES = 3


# Drawn figures ----------------------------------------------------------------------------
@register.simple_tag
def progress_of(
    counted: int | None = 0,
    planned: int | None = 0,
    expected: int | None = None,
    target: int | None = 0,
) -> drawing.Progress:
    """Lengths of a ring or bar: `{% progress_of counted planned expected target as drawn %}`."""
    return drawing.progress(_number(counted), _number(planned), _number(expected), _number(target))


@register.simple_tag
def ring_words(
    counted: int, planned: int | None, expected: int | None, target: int, day_minutes: int | None
) -> str:
    """What a ring shows, for a screen reader: "2 days 3 hours counted of 5 days, 1 day planned"."""
    words = f"{duration(counted, day_minutes)} counted of {duration(target, day_minutes)}"
    if planned:
        words += f", {duration(planned, day_minutes)} planned"
    if expected not in (None, ""):
        words += f", {duration(expected, day_minutes)} expected by today"
    return words


@register.filter
def share_of(part: int | None, whole: int | None) -> float:
    """A length in percent, between 0 and 100."""
    return drawing.share(_number(part), _number(whole))


@register.simple_tag
def line_chart_of(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    unit: str = "",
    step: int | None = None,
) -> drawing.LineChart:
    """Points of a line chart. `unit` "minutes" says values as hours, "pence" as money, "%" as a share."""
    words = {
        "minutes": lambda value: in_hours_short(int(value)),
        "pence": lambda value: wording.money(int(value)),
        "%": lambda value: f"{value:g}%",
    }.get(unit, lambda value: f"{value:g}")
    return drawing.line_chart(labels, series, words, step or (300 if unit == "minutes" else None))


@register.filter
def heat_step(percent: float | None) -> int:
    """0 to 4: under 40, 55, 70 and 80 per cent, and from there."""
    return sum((percent or 0) >= edge for edge in (40, 55, 70, 80))


def _number(value: object) -> int | None:
    """An unset template variable arrives as an empty string: no figure."""
    return None if value is None or value == "" else int(value)  # type: ignore[call-overload]


# Addresses --------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def address(context: RequestContext, **changes: object) -> str:
    """This page with other parameters: `{% address page=2 %}`; None or "" takes one out.

    The page number goes with every other change, since page 3 of another list means nothing.
    """
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if isinstance(value, list | tuple):
            query.setlist(name, [str(one) for one in value])
        elif value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_tag(takes_context=True)
def address_without(context: RequestContext, name: str, value: object = None) -> str:
    """This page without one chosen value of `name` (or all of them): the cross on a chip."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    kept = [one for one in query.getlist(name) if value is not None and one != str(value)]
    query.pop(name, None)
    if kept:
        query.setlist(name, kept)
    return f"?{query.urlencode()}" if query else context["request"].path


# Parts that hold others -------------------------------------------------------------------
@register.simple_block_tag
def callout(
    content: str,
    *,
    title: str = "",
    tone: str = "",
    icon_name: str = "",
    level: str = "h3",
    live: bool = False,
) -> SafeString:
    """`{% callout title="Booked" tone="ok" %}…{% endcallout %}`: see components/callout.html."""
    inputs = {
        "content": content,
        "title": title,
        "tone": tone,
        "icon_name": icon_name,
        "level": level,
        "live": live,
    }
    return render_to_string("components/callout.html", inputs)


@register.simple_block_tag
def dialog(content: str, *, id: str, title: str) -> SafeString:  # noqa: A002 - the template writes id=
    """`{% dialog id="cancel" title="Cancel your booking?" %}<form…>{% enddialog %}`."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title})


# Forms: what templates/django/forms/ and the error summary ask of a bound field -------------
for ask in (
    form_rendering.mistakes,
    form_rendering.mistakes_of,
    form_rendering.focus_id,
    form_rendering.choices_of,
    form_rendering.is_tick,
    form_rendering.is_optional,
):
    register.filter(ask.__name__, ask)
