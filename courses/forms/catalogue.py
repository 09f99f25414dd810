"""What hub leads fill in about a course."""

from __future__ import annotations

from typing import ClassVar, Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.text import slugify

from courses.models import Course
from courses.rules import PARTNERS
from courses.wording import audience_word
from staff.form_options import FormData, FormOptions
from staff.models import Hub, JobRole, StaffGroup

# Words of the address that a course may not be called.
RESERVED = frozenset({"manage", "month", "bookings", "sessions", "registers", "feed"})


def audience_choices() -> list[tuple[str, str]]:
    """Everybody, the staff groups, the job families, partner trusts. One query."""
    families = JobRole.objects.order_by("job_family").values_list("job_family", flat=True).distinct()
    return [
        ("all", audience_word("all")),
        *((group.value, f"All {group.label.lower()}") for group in StaffGroup),
        *((family, family) for family in families),
        (PARTNERS, audience_word(PARTNERS)),
    ]


class CourseForm(forms.ModelForm):
    """A course of a hub that the editor runs. The address is made from title and code once, and stays."""

    audience = forms.MultipleChoiceField(
        label="For",
        widget=forms.CheckboxSelectMultiple,
        help_text="Who may book: everyone, whole staff groups, or job families.",
    )

    class Meta:
        model = Course
        fields: ClassVar[list[str]] = [
            "title",
            "code",
            "hub",
            "strand",
            "summary",
            "outcomes",
            "audience",
            "for_whom",
            "mode",
            "minutes",
            "kind",
        ]
        labels: ClassVar[dict[str, str]] = {
            "hub": "Offered by",
            "for_whom": "Who it is for, in words",
            "mode": "How",
            "minutes": "Length in minutes",
            "kind": "Counts as",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "code": "Short and unique, such as PTH-042.",
            "summary": "Two or three sentences: what it is and what happens there.",
            "minutes": "What full attendance credits: two hours are 120. A kind counted in days or half days "
            "credits everybody’s own working day instead.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "summary": forms.Textarea({"rows": 4}),
            "outcomes": forms.Textarea({"rows": 4}),
        }

    def __init__(
        self,
        data: FormData = None,
        *,
        hubs: QuerySet[Hub],
        instance: Course | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **options)
        for name, field in self.fields.items():
            if name == "hub" and isinstance(field, forms.ModelChoiceField):
                field.queryset = hubs
            if name in ("strand", "kind") and isinstance(field, forms.ModelChoiceField):
                field.empty_label = "Choose one"
            if name == "audience" and isinstance(field, forms.MultipleChoiceField):
                field.choices = audience_choices()

    def clean_code(self) -> str:
        """Codes are in capitals and without spaces."""
        code = self.cleaned_data["code"].upper()
        if " " in code:
            raise forms.ValidationError("A code has no spaces.")
        return code

    def save(self, commit: bool = True) -> Course:
        """The course with its address; a new one is not published yet."""
        if not self.instance.slug:
            self.instance.slug = slugify(f"{self.cleaned_data['title'][:90]}-{self.cleaned_data['code']}")
            self.instance.is_published = False
        return super().save(commit)

    def clean(self) -> dict[str, object]:
        """The address has to have a word in it that no page of the portal is called."""
        cleaned = super().clean() or self.cleaned_data
        words = slugify(f"{cleaned.get('title', '')}-{cleaned.get('code', '')}")
        if {"title", "code"} <= set(cleaned) and (not words or words in RESERVED):
            self.add_error("title", "This title makes no address; use letters.")
        return cleaned
