"""Forms in the portal's look: `{{ form }}` anywhere comes out right, with no classes in a form.

The templates are templates/django/forms/. A widget that brings a class of its own (the admin's
all do) keeps it.
"""

from __future__ import annotations

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import TemplatesSetting

TICKED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


def css_class_of(widget: forms.Widget) -> str:
    """The class of Bootstrap that a control takes; none for what is not seen."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, TICKED):
        return "form-check-input"
    if isinstance(widget, forms.Select | forms.SelectDateWidget):
        return "form-select"
    return "form-control"


class LookBoundField(BoundField):
    """A bound field whose control knows its class."""

    def build_widget_attrs(
        self, attrs: dict[str, str | bool], widget: forms.Widget | None = None
    ) -> dict[str, str | bool]:
        """Django's attributes (required, aria-invalid, aria-describedby) and the class."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if "class" not in built and "class" not in widget.attrs and (css := css_class_of(widget)):
            built["class"] = css
        return built


class LookRenderer(TemplatesSetting):
    """The renderer named in settings: the project's templates before Django's."""

    bound_field_class = LookBoundField


def mistakes(form: forms.BaseForm) -> int:
    """How many sentences the error summary holds."""
    return sum(len(errors) for errors in form.errors.values())


def answer_needed(label: str, *, choose: bool = False) -> str:
    """What is said of a field that was left empty; `choose` where there is a list to choose from."""
    return f"{'Choose an answer to' if choose else 'Fill in'} “{label}”"


def mistakes_of(field: BoundField) -> list[str]:
    """The sentences about a field. Django's "This field is required." names no field: ours does,
    since in the summary it stands alone.
    """
    bare = str(forms.Field.default_error_messages["required"])
    choose = isinstance(field.field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple)
    named = answer_needed(str(field.label), choose=choose)
    return [named if str(error) == bare else str(error) for error in field.errors]


def focus_id(field: BoundField) -> str:
    """The id of the control a mistake links to: of a group of choices the first one."""
    if field.use_fieldset and field.subwidgets:
        return field.subwidgets[0].id_for_label or field.auto_id
    return field.id_for_label or field.auto_id


def choices_of(field: BoundField) -> list[BoundWidget]:
    """The single choices of a group of radios or tick boxes; none for any other field."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return field.subwidgets
    return []


def is_tick(field: BoundField) -> bool:
    """One tick box, whose label stands beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


def is_optional(field: BoundField) -> bool:
    """Worth saying only where another field of the form has to be filled in."""
    return not field.field.required and any(other.field.required for other in field.form.visible_fields())
