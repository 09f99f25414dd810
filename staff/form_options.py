"""What Django's forms and fields take, for those of ours that pass it on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import TypeAlias, TypedDict

from django.core.files.uploadedfile import UploadedFile
from django.forms import Widget
from django.forms.renderers import BaseRenderer
from django.forms.utils import ErrorList
from django.utils.datastructures import MultiValueDict

FormData: TypeAlias = Mapping[str, object] | None
FormFiles: TypeAlias = MultiValueDict[str, UploadedFile] | None


class FieldOptions(TypedDict, total=False):
    """The options that every form field takes."""

    required: bool
    widget: Widget | type[Widget] | None
    initial: object
    error_messages: Mapping[str, str] | None
    validators: Iterable[Callable[[object], None]]
    localize: bool
    disabled: bool
    label_suffix: str | None


class WordedFieldOptions(FieldOptions, total=False):
    """The same with the words beside the field."""

    label: str | None
    help_text: str


class FormOptions(TypedDict, total=False):
    """The options that every form takes, beside its data and files."""

    auto_id: bool | str
    prefix: str | None
    initial: MutableMapping[str, object] | None
    error_class: type[ErrorList]
    label_suffix: str | None
    empty_permitted: bool
    use_required_attribute: bool | None
    renderer: BaseRenderer | None
