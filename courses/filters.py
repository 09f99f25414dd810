"""What the catalogue can be narrowed by, from the address alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypedDict

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.half_terms import half_term_of, week_of
from courses.models import Course
from courses.queries.catalogue import Choices
from courses.queries.narrowing import Narrowing
from courses.queries.readers import Reader
from courses.queries.searching import Words, words_of
from courses.wording import audience_word
from staff.loose_types import CleanedData
from staff.models import Hub, StaffGroup
from staff.wording import date_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LENGTHS = {
    "hour": ("Up to an hour", Q(minutes__lte=60)),
    "half": ("Up to half a day", Q(minutes__gt=60, minutes__lte=240)),
    "day": ("Longer", Q(minutes__gt=240)),
}
SORTS = {
    "best": "Best match",
    "soonest": "Soonest",
    "title": "Title, A to Z",
    "shortest": "Shortest",
}
WITH_PLACES = "Has places left"
WHEN = {"week": "This week", "half-term": "This half term"}


@dataclass(frozen=True)
class Chip:
    """A chosen filter that can be taken out: the words, and the parameter it stands for."""

    words: str
    name: str
    value: str


@dataclass(frozen=True)
class Group:
    """The choices of one filter as the page draws them: (value, words, is chosen)."""

    name: str
    label: str
    is_select: bool
    options: list[tuple[str, str, bool]]


class CatalogueFilter(django_filters.FilterSet):
    """Filters of courses, and of the sessions that make a course count.

    `qs` narrows the courses; `narrowing` says which sessions make a course count. What cannot be understood
    (a hub that is not there, 31 February) narrows nothing; a wrong date says so in the form.
    """

    q = django_filters.CharFilter(method="by_nothing")
    mine = django_filters.BooleanFilter(method="by_my_role", widget=forms.CheckboxInput, label="My role")
    audience = django_filters.ChoiceFilter(method="by_audience", label="For", empty_label="Anyone")
    when = django_filters.ChoiceFilter(
        method="by_nothing", label="When", choices=list(WHEN.items()), empty_label="Any time"
    )
    start = django_filters.DateFilter(
        method="by_nothing", label="From", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    end = django_filters.DateFilter(
        method="by_nothing", label="To", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    places = django_filters.BooleanFilter(method="by_nothing", label=WITH_PLACES, widget=forms.CheckboxInput)
    school = django_filters.ChoiceFilter(method="by_nothing", label="Where", empty_label="Any school")
    mode = django_filters.MultipleChoiceFilter(
        label="How",
        choices=Course.Mode.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    length = django_filters.ChoiceFilter(
        method="by_length",
        label="How long",
        choices=[(key, words) for key, (words, _) in LENGTHS.items()],
        empty_label="Any length",
    )
    hub = django_filters.MultipleChoiceFilter(
        field_name="hub__code",
        label="Offered by",
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    strand = django_filters.ChoiceFilter(method="by_strand", label="About", empty_label="Anything")
    sort = django_filters.ChoiceFilter(
        method="by_nothing", label="Sort by", choices=list(SORTS.items()), empty_label=None
    )

    class Meta:
        model = Course
        fields: ClassVar[list[str]] = []

    def __init__(
        self,
        data: object,
        queryset: QuerySet[Course],
        *,
        reader: Reader,
        choices: Choices,
        on: date,
    ) -> None:
        super().__init__(data, queryset)
        self.reader, self.choices, self.on = reader, choices, on
        self.hubs = {code: (key, name) for key, code, name in choices.hubs}
        self.strands = {code: (key, name) for key, code, name in choices.strands}
        self.schools = {code: (key, name) for key, code, name in choices.schools}
        self.filters["hub"].extra["choices"] = [(code, name) for _, code, name in choices.hubs]
        self.filters["strand"].extra["choices"] = [(code, name) for _, code, name in choices.strands]
        self.filters["school"].extra["choices"] = [(code, name) for _, code, name in choices.schools]
        audiences = [(group.value, group.label) for group in StaffGroup] + [
            (name, name) for name in choices.audiences
        ]
        self.filters["audience"].extra["choices"] = audiences

    # Courses ------------------------------------------------------------------------------
    def by_nothing(self, courses: QuerySet[Course], name: str, value: object) -> QuerySet[Course]:
        """Read elsewhere: it narrows the sessions, or puts them in order."""
        return courses

    def by_my_role(self, courses: QuerySet[Course], name: str, value: bool) -> QuerySet[Course]:
        """For everybody, for my job family or for my staff group."""
        return courses.filter(audience__overlap=self.reader.audience) if value else courses

    def by_audience(self, courses: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Named in the audience."""
        return courses.filter(audience__contains=[value])

    def by_strand(self, courses: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Of one strand."""
        return courses.filter(strand_id=self.strands[value][0])

    def by_length(self, courses: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """By what one attendance takes."""
        return courses.filter(LENGTHS[value][1])

    # Sessions -----------------------------------------------------------------------------
    @cached_property
    def _chosen(self) -> CleanedData:
        self.form.is_valid()
        return self.form.cleaned_data

    @cached_property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day asked for; a named stretch wins over dates typed."""
        chosen = self._chosen
        if chosen.get("when") == "week":
            return week_of(self.on)
        if chosen.get("when") == "half-term":
            half = half_term_of(self.on)
            return half.first_day, half.last_day
        return chosen.get("start"), chosen.get("end")

    @property
    def narrowing(self) -> Narrowing:
        """The days, the school and the places asked for; a course without such a session is left out."""
        chosen = self._chosen
        first, last = self.days
        school = chosen.get("school")
        return Narrowing(
            starts=_midnight(first) if first else None,
            # The last day there is has no day after it; it ends nothing.
            ends=_midnight(last + timedelta(days=1)) if last and last < date.max else None,
            school_id=self.schools[school][0] if school else None,
            has_places=bool(chosen.get("places")),
        )

    # The rest -----------------------------------------------------------------------------
    @cached_property
    def words(self) -> Words:
        """What was typed into the search box."""
        hubs = [(key, name) for key, _, name in self.choices.hubs]
        strands = [(key, name) for key, _, name in self.choices.strands]
        return words_of(self._chosen.get("q") or "", hubs=hubs, strands=strands)

    @property
    def groups(self) -> list[Group]:
        """Every filter that is a list of choices, drawn by the page's own loop: a form's widgets take
        longer to render than the rest of the page.
        """
        found = []
        for name in ("when", "school", "strand", "audience", "length", "mode", "hub", "sort"):
            one = self.filters[name]
            is_select = not isinstance(one, django_filters.MultipleChoiceFilter)
            values = set(self.data.getlist(name))
            options = [(value, words, value in values) for value, words in one.extra["choices"]]
            if is_select and one.extra.get("empty_label"):
                options.insert(0, ("", one.extra["empty_label"], False))
            found.append(Group(name, one.label, is_select, options))
        return found

    @property
    def order(self) -> str:
        """The order asked for: best match with words, soonest without."""
        chosen = self._chosen.get("sort") or "best"
        return "soonest" if chosen == "best" and not self.words.text else chosen

    @cached_property
    def chips(self) -> list[Chip]:
        """What is chosen, in the order of the form, each as it can be taken out again."""
        chosen = self._chosen
        when = chosen.get("when")
        words: dict[str, str | None] = {
            "q": self.words.text and f"“{self.words.text}”",
            "mine": chosen.get("mine") and "For my role",
            "audience": chosen.get("audience") and audience_word(chosen["audience"]),
            "when": when and WHEN[when],
            "start": f"From {date_words(chosen['start'])}" if chosen.get("start") and not when else None,
            "end": f"To {date_words(chosen['end'])}" if chosen.get("end") and not when else None,
            "places": chosen.get("places") and WITH_PLACES,
            "school": chosen.get("school") and self.schools[chosen["school"]][1],
            "length": chosen.get("length") and LENGTHS[chosen["length"]][0],
            "strand": chosen.get("strand") and self.strands[chosen["strand"]][1],
        }
        chips = [Chip(said, name, self.data.get(name, "")) for name, said in words.items() if said]
        modes = dict(Course.Mode.choices)
        chips += [Chip(modes[value], "mode", value) for value in chosen.get("mode") or []]
        return chips + [Chip(self.hubs[value][1], "hub", value) for value in chosen.get("hub") or []]


class _Managed(TypedDict):
    """What `managed_courses` reads with each course."""

    dates: int
    waiting: int
    interested: int


class ManagedCourseFilter(django_filters.FilterSet):
    """The catalogue as its hub sees it: by words, hub, and whether it is published or has a date."""

    q = django_filters.CharFilter(method="by_words", label="Title or code")
    hub = django_filters.ModelChoiceFilter(queryset=Hub.objects.none(), label="Hub", empty_label="All hubs")
    show = django_filters.ChoiceFilter(
        method="by_what",
        label="Show",
        empty_label="All courses",
        choices=[
            ("published", "Published"),
            ("draft", "Not published"),
            ("no-date", "Without a date"),
            ("waiting", "With people waiting"),
        ],
    )

    class Meta:
        model = Course
        fields: ClassVar[list[str]] = []

    def __init__(self, data: object, queryset: QuerySet[Course], *, hubs: QuerySet[Hub]) -> None:
        super().__init__(data, queryset)
        self.filters["hub"].queryset = hubs
        self.filters["hub"].field.queryset = hubs

    def by_words(self, courses: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Part of a title or the beginning of a code."""
        return courses.filter(Q(title__icontains=value) | Q(code__istartswith=value))

    def by_what(
        self, courses: QuerySet[WithAnnotations[Course, _Managed]], name: str, value: str
    ) -> QuerySet[Course]:
        """The courses that need looking at."""
        if value == "no-date":
            return courses.filter(dates=0)
        if value == "waiting":
            return courses.filter(Q(waiting__gt=0) | Q(interested__gt=0))
        return courses.filter(is_published=value == "published")


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))
