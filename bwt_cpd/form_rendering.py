"""Forms in the portal's look: `{{ form }}` anywhere comes out right, with no classes in a form.

The templates are templates/django/forms/. A widget that brings a class of its own (the admin's
all do) keeps it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
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
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Django's attributes (required, aria-invalid, aria-describedby) and the class."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if (
            "class" not in built
            and "class" not in widget.attrs
            and (css := css_class_of(widget))
        ):
            built["class"] = css
        return built


class LookRenderer(TemplatesSetting):
    """The renderer named in settings: the project's templates before Django's."""

    bound_field_class = LookBoundField
