"""Rating oneself, rating a colleague, and checking agreed levels: a whole list on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from django import forms
from django.forms.boundfield import BoundField

from pathways.actions.needs_ratings import ManagerAnswer, SelfAnswer
from pathways.models import NeedsPlanLine
from pathways.queries.needs import Line
from staff.form_options import FormData

FILE_NEEDED = "Choose a file."


def _choices(line: Line) -> list[tuple[str, str]]:
    """The five levels in the words the page uses for them."""
    return [(str(level), words) for level, (words, _) in line.levels.items()]


class _Level(forms.ChoiceField):
    """One of the five levels, as radios; none chosen is no answer yet."""

    def __init__(self, line: Line, *, label: str, initial: int | None = None) -> None:
        super().__init__(
            choices=_choices(line), required=False, widget=forms.RadioSelect, label=label, initial=initial
        )


def _words(line: Line) -> forms.TextInput:
    """A field whose name is said here: what unfolds it is no label."""
    return forms.TextInput(attrs={"aria-label": f"A few words on {line.title}"})


def _number(value: str) -> int | None:
    return int(value) if value else None


Answer: TypeAlias = Any
"""What was typed into one of the fields of a line: a level, words or a tick."""


class _ListForm(forms.Form):
    """A form with a few fields for every line of a sheet."""

    def __init__(self, data: FormData, lines: Sequence[Line]) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if self.is_asked(line)]
        for line in self.lines:
            self.fields.update(self.fields_of(line))

    def is_asked(self, line: Line) -> bool:
        """Whether there is something to answer for this line."""
        return True

    def fields_of(self, line: Line) -> dict[str, forms.Field]:
        """The fields of one line by name."""
        raise NotImplementedError

    def of(self, line: Line, name: str) -> BoundField | None:
        """A field of a line, where it has it."""
        key = f"{name}-{line.rating.pk}"
        return self[key] if key in self.fields else None

    def rows(self, lines: Sequence[Line]) -> list[dict[str, object]]:
        """Lines with their fields, for the page: {"line", "level", "words", "asked", "agreed"}."""
        names = ("level", "words", "asked", "agreed")
        return [{"line": line, **{name: self.of(line, name) for name in names}} for line in lines]

    def value(self, line: Line, name: str) -> Answer:
        """What was answered for a line."""
        return self.cleaned_data.get(f"{name}-{line.rating.pk}")


class SelfRatingForm(_ListForm):
    """My own view of each competency that nobody has agreed yet."""

    def is_asked(self, line: Line) -> bool:
        """What is agreed stands."""
        return not line.is_agreed

    def fields_of(self, line: Line) -> dict[str, forms.Field]:
        """Level, a wish for help, a few words."""
        rating = line.rating
        return {
            f"level-{rating.pk}": _Level(line, label=f"My level: {line.title}", initial=rating.self_level),
            f"asked-{rating.pk}": forms.BooleanField(
                label="I would like help with this", required=False, initial=rating.is_asked_for
            ),
            f"words-{rating.pk}": forms.CharField(
                label=f"A few words on “{line.title}”",
                required=False,
                max_length=300,
                initial=rating.self_words,
                widget=_words(line),
            ),
        }

    def answers(self) -> dict[int, SelfAnswer]:
        """By the rating's pk."""
        return {
            line.rating.pk: SelfAnswer(
                _number(self.value(line, "level")), self.value(line, "words"), self.value(line, "asked")
            )
            for line in self.lines
        }


class _ConversationForm(_ListForm):
    """With the day people talked."""

    def __init__(self, data: FormData, lines: Sequence[Line]) -> None:
        super().__init__(data, lines)
        self.fields["conversation_on"] = forms.DateField(
            label="When did you talk about it?",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write the date as day, month and year, such as 24/11/2026."},
        )

    @property
    def conversation_on(self) -> date | None:
        """The day, where it was entered."""
        return self.cleaned_data["conversation_on"]

    def agreed_field(self, line: Line) -> forms.ChoiceField:
        """The level both have agreed."""
        return forms.ChoiceField(
            label="Agreed",
            required=False,
            choices=[("", "Not agreed yet"), *_choices(line)],
            initial="" if line.rating.agreed_level is None else line.rating.agreed_level,
            widget=forms.Select(attrs={"aria-label": f"Agreed level: {line.title}"}),
        )


class ManagerRatingForm(_ConversationForm):
    """The manager's view of each competency, and the level agreed where both have rated."""

    def fields_of(self, line: Line) -> dict[str, forms.Field]:
        """Level, a few words, and the level agreed once the colleague has rated."""
        rating = line.rating
        fields: dict[str, forms.Field] = {
            f"level-{rating.pk}": _Level(
                line, label=f"Your view: {line.title}", initial=rating.manager_level
            ),
            f"words-{rating.pk}": forms.CharField(
                label=f"A few words on “{line.title}”",
                required=False,
                max_length=300,
                initial=rating.manager_words,
                widget=_words(line),
            ),
        }
        if rating.self_level is not None:
            fields[f"agreed-{rating.pk}"] = self.agreed_field(line)
        return fields

    def answers(self) -> dict[int, ManagerAnswer]:
        """By the rating's pk."""
        return {
            line.rating.pk: ManagerAnswer(
                _number(self.value(line, "level")),
                self.value(line, "words"),
                _number(self.value(line, "agreed") or ""),
            )
            for line in self.lines
        }


class ModerationForm(_ConversationForm):
    """Agreed levels, where both have rated."""

    def is_asked(self, line: Line) -> bool:
        """Without both ratings there is nothing to agree."""
        return line.is_rated

    def fields_of(self, line: Line) -> dict[str, forms.Field]:
        """The level agreed."""
        return {f"agreed-{line.rating.pk}": self.agreed_field(line)}

    def levels(self) -> dict[int, int]:
        """By the rating's pk, where one is chosen."""
        chosen = {line.rating.pk: _number(self.value(line, "agreed")) for line in self.lines}
        return {pk: level for pk, level in chosen.items() if level is not None}


class PlanItemForm(forms.Form):
    """A line for one's own plan."""

    title = forms.CharField(label="What will you do?", max_length=200)
    due_on = forms.DateField(
        label="By when?", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    rating = forms.IntegerField(required=False, widget=forms.HiddenInput)
    course = forms.IntegerField(required=False, widget=forms.HiddenInput)
    route = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PlanLineForm(forms.Form):
    """A line for the CPD plan of the trust."""

    title = forms.CharField(label="What will be done?", max_length=200)
    owner = forms.ChoiceField(label="Who sees to it?", choices=NeedsPlanLine.Owner.choices)
    due_on = forms.DateField(
        label="By when?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as day, month and year, such as 24/11/2026."},
    )
    competency = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ThemesForm(forms.Form):
    """The file of survey themes; the second time, what was read of it."""

    file = forms.FileField(
        label="File of themes",
        required=False,
        help_text="A CSV file with the columns title, words, mentions, competency_codes (several with ; between).",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200_000, strip=False)

    def clean(self) -> dict[str, object]:
        """A file of text, or its text."""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None:
            if upload.size > 200_000:
                raise forms.ValidationError("The file is larger than 200 kB.")
            cleaned["content"] = upload.read().decode("utf-8-sig", errors="replace")
        if not cleaned.get("content") and not self.errors:
            self.add_error("file", FILE_NEEDED)
        return cleaned
