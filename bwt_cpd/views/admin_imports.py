"""Imports by upload: choose files, look at the difference, confirm. Nothing is written before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bwt_cpd.actions.file_imports import IMPORTS, Difference, FileImport, Sent
from bwt_cpd.actions.kept_uploads import forget_uploads, keep_uploads, kept_files
from staff import clock
from staff.actions.imports import RowsRefused
from staff.csv_files import RowError
from staff.exports import csv_lines
from staff.form_options import FormData, FormFiles, FormOptions
from staff.models import User
from staff.refusals import ActionRefused
from staff.turns import take_turn

SHOWN = 300
LARGEST = 50 * 1024 * 1024
LONGEST = 120  # seconds that a second press waits for the first
CHOOSE_THE_FILE = "Choose the file."
CHOOSE_A_FILE = "Choose at least one file."


def import_is_done(said: str) -> str:
    """What is said once it is written; `said` is the difference in words, empty where there was none."""
    return f"The import is done: {said or 'nothing had changed'}."


class FilesForm(forms.Form):
    """Any of an import's files."""

    is_full = forms.BooleanField(
        label="These files are everything there is",
        required=False,
        help_text="Live contracts that the files leave out end yesterday. Held back above 5% until you confirm it.",
    )

    def __init__(
        self,
        data: FormData = None,
        files: FormFiles = None,
        *,
        found: FileImport,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.asked = found.fields
        if not found.can_be_full:
            del self.fields["is_full"]
        for one in found.fields:
            self.fields[one.name] = forms.FileField(
                required=False,
                label=one.name.capitalize(),
                widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
            )

    @property
    def file_fields(self) -> list[tuple[BoundField, list[tuple[str, str]]]]:
        """The file inputs, each with the words of its columns."""
        return [(self[one.name], one.words) for one in self.asked]

    @property
    def chosen(self) -> dict[str, UploadedFile]:
        """The files that were sent, by the name of their field."""
        names = [one.name for one in self.asked]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    def clean(self) -> dict[str, object]:
        """At least one, none of them huge."""
        cleaned = super().clean() or {}
        if not self.chosen and not self.errors:
            raise forms.ValidationError(CHOOSE_THE_FILE if len(self.asked) == 1 else CHOOSE_A_FILE)
        if any((file.size or 0) > LARGEST for file in self.chosen.values()):
            raise forms.ValidationError(f"A file is larger than {LARGEST // 1024 // 1024} MB.")
        return cleaned


def _reader(request: HttpRequest) -> User:
    """The signed-in user; only someone signed in reaches the admin."""
    assert isinstance(request.user, User)
    return request.user


def _admitted(request: HttpRequest, slug: str) -> FileImport:
    """The import, only for who may do it."""
    found = IMPORTS[slug]
    if not request.user.has_perm(found.permission):
        raise PermissionDenied
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The first step: which files. They are kept for this user until confirmed."""
    found = _admitted(request, slug)
    is_sent = request.method == "POST"
    form = FilesForm(request.POST if is_sent else None, request.FILES if is_sent else None, found=found)
    if form.is_bound and form.is_valid():
        user = _reader(request)
        is_full = form.cleaned_data.get("is_full", False)
        token = keep_uploads(what=slug, files=form.chosen, is_full=is_full, by=user)
        return redirect(f"admin-import-{slug}-difference", token=token)
    context = {"form": form, "title": found.title, "asked": found, **admin.site.each_context(request)}
    return render(request, "admin/imports/choose.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: HttpRequest, slug: str, token: uuid.UUID) -> HttpResponse:
    """The second step: what the files would change, what is wrong with them, and the button that does it."""
    found = _admitted(request, slug)
    if request.method != "POST":
        return _difference(request, found, token, _run(request, found, token))
    user = _reader(request)
    with transaction.atomic():
        # Of two presses the second waits, as long as an import takes, and finds what the first one left.
        take_turn("kept uploads", token, seconds=LONGEST)
        with kept_files(token, what=slug, by=user) as kept:
            if kept is None:
                raise Http404
            said = kept.said
        if not said and "give_up" in request.POST:
            said = "Given up: nothing was written and the files are gone."
        elif not said:
            done = _run(request, found, token)
            if done.is_refused:
                return _difference(request, found, token, done)
            said = import_is_done(done.plan.said)
        forget_uploads(token, by=user, said=said)
    messages.success(request, said)
    return redirect(f"admin-import-{slug}")


@dataclass(frozen=True)
class _Compared:
    """What came of comparing: the difference, the bad rows, and why it was refused."""

    plan: Difference = field(default_factory=Difference)
    errors: Sequence[RowError] = ()
    refusal: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.errors or self.refusal)


def _difference(
    request: HttpRequest, found: FileImport, token: uuid.UUID, compared: _Compared
) -> HttpResponse:
    """The page; 422 where it cannot be done so."""
    plan, errors = compared.plan, compared.errors
    context = {
        "title": f"{found.title}: what would change",
        "asked": found,
        "plan": plan,
        "errors": errors[:SHOWN],
        "error_count": len(errors),
        "refusal": compared.refusal,
        "changes": plan.changes[:SHOWN],
        "left_out": max(0, len(plan.changes) - SHOWN),
        "csv_url": reverse(f"admin-import-{found.slug}-difference-csv", args=[token]),
        **admin.site.each_context(request),
    }
    status = 422 if compared.is_refused else 200
    return render(request, "admin/imports/difference.html", context, status=status)


@never_cache
@require_safe
def difference_csv(request: HttpRequest, slug: str, token: uuid.UUID) -> StreamingHttpResponse:
    """Every row of the difference, or everything that is wrong, for a spreadsheet."""
    compared = _run(request, _admitted(request, slug), token)
    if compared.errors:
        header: tuple[str, ...] = ("File", "Line", "Column", "What is wrong")
        rows: list[tuple[object, ...]] = [
            (one.file, one.line, one.column, one.reason) for one in compared.errors
        ]
    else:
        header = ("File", "What", "Key", "Difference")
        rows = [(one.file, one.what, one.key, one.words) for one in compared.plan.changes]
    headers = {"Content-Disposition": 'attachment; filename="import-difference.csv"'}
    return StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8", headers=headers
    )


def _run(request: HttpRequest, found: FileImport, token: uuid.UUID) -> _Compared:
    """Compare on GET, write on POST. 404 for others' files."""
    user = _reader(request)
    with kept_files(token, what=found.slug, by=user) as kept:
        if kept is None or kept.is_over:
            raise Http404
        sent = Sent(kept.files, user.person, clock.now(), kept.is_full, "confirms_leavers" in request.POST)
        try:
            return _Compared(found.compare(sent, request.method != "POST"))
        except RowsRefused as refusal:
            return _Compared(errors=refusal.errors, refusal=refusal.sentence)
        except ActionRefused as refusal:
            return _Compared(refusal=refusal.sentence)
