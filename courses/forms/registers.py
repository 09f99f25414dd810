"""The register as a form: a mark for each person, and what one tap marks for the rest."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from courses import rules
from courses.actions.registers import UNMARKED, Mark
from courses.queries.registers import NO_MARK, Register, Row
from staff.form_options import FormData

MARKS = [("present", "Here"), ("part", "Part"), ("absent", "Absent")]


@dataclass(frozen=True)
class Choice:
    """One person in the form: the row, what is chosen and typed, and what is wrong with it."""

    row: Row
    mark: str
    minutes: str
    error: str

    @property
    def minutes_name(self) -> str:
        """The name of the field for minutes."""
        return f"minutes-{self.row.booking.pk}"

    @property
    def name(self) -> str:
        """The name of the three radios."""
        return f"mark-{self.row.booking.pk}"

    @property
    def is_present(self) -> bool:
        """Whether "Here" is chosen."""
        return self.mark == "present"

    @property
    def is_part(self) -> bool:
        """Whether "Part" is chosen."""
        return self.mark == "part"

    @property
    def is_absent(self) -> bool:
        """Whether "Absent" is chosen."""
        return self.mark == "absent"


class RegisterForm(forms.Form):
    """Radios named `mark-<booking>` and `minutes-<booking>`; `rest` marks those without a choice, `clear`
    takes one mark off. `marks` holds the result for the action.
    """

    def __init__(self, data: FormData = None, *, register: Register) -> None:
        super().__init__(data)
        self.register = register
        self.marks: dict[int, Mark] = {}
        for row in register.rows:
            self.fields[f"mark-{row.booking.pk}"] = forms.ChoiceField(choices=MARKS, required=False)
            self.fields[f"minutes-{row.booking.pk}"] = forms.IntegerField(required=False)
        self.fields["rest"] = forms.ChoiceField(choices=MARKS, required=False)
        self.fields["clear"] = forms.IntegerField(required=False)

    def clean(self) -> dict[str, object]:
        """Turn the choices into marks; minutes have to fit the part."""
        chosen = super().clean() or {}
        for row in self.register.rows:
            pk = row.booking.pk
            word = chosen.get(f"mark-{pk}") or chosen.get("rest")
            if chosen.get("clear") == pk:
                self.marks[pk] = UNMARKED
            elif word == "part":
                minutes = chosen.get(f"minutes-{pk}")
                if refused := rules.minutes_refused(minutes, self.register.part.minutes):
                    self.add_error(f"minutes-{pk}", f"{row.name}: {refused}")
                self.marks[pk] = Mark("part", minutes)
            elif word:
                self.marks[pk] = Mark(word)
        return chosen

    @property
    def choices(self) -> list[Choice]:
        """Everybody on the list with what was chosen, or else what is saved."""
        return [self._choice(row) for row in self.register.rows]

    def _choice(self, row: Row) -> Choice:
        pk = row.booking.pk
        saved = "" if row.mark == NO_MARK else row.mark
        minutes = "" if row.minutes is None else str(row.minutes)
        if not self.is_bound:
            return Choice(row, saved, minutes, "")
        errors = self.errors.get(f"minutes-{pk}")
        return Choice(
            row,
            self.data.get(f"mark-{pk}", saved),
            self.data.get(f"minutes-{pk}", minutes),
            str(errors[0]) if errors else "",
        )


class WalkInForm(forms.Form):
    """A name or a staff number to look for."""

    q = forms.CharField(label="Name or staff number", min_length=2, max_length=80, strip=True)
