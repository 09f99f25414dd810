"""The HR import by upload: choose files, look at the difference, confirm. Nothing is written before."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bwt_cpd.actions.kept_uploads import forget_uploads, keep_uploads, kept_files
from bwt_cpd.actions.staff_imports import import_staff_files
from staff.actions.imports import RowsRefused
from staff.csv_files import RowError
from staff.exports import csv_lines
from staff.import_rows import FILE_KINDS
from staff.refusals import ActionRefused
from staff.rules.import_plan import StaffPlan
from staff.turns import take_turn
from staff.wording import counted

SHOWN = 300
LARGEST = 50 * 1024 * 1024
LONGEST = 120  # seconds that a second press waits for the first
_ONE = {
    "schools": "school",
    "roles": "role",
    "people": "person",
    "contracts": "contract",
    "absences": "absence",
}


class FilesForm(forms.Form):
    """Any of the five files."""

    is_full = forms.BooleanField(
        label="These files are everything there is",
        required=False,
        help_text="Live contracts that the files leave out end yesterday. Held back above 5% until you confirm it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, found in FILE_KINDS.items():
            self.fields[kind] = forms.FileField(
                required=False,
                label=kind.capitalize(),
                help_text=", ".join(found.columns),
                widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
            )

    @property
    def file_fields(self) -> list[Any]:
        """The five file inputs."""
        return [self[kind] for kind in FILE_KINDS]

    def clean(self) -> dict[str, Any]:
        """At least one, none of them huge."""
        cleaned = super().clean() or {}
        chosen = [cleaned[kind] for kind in FILE_KINDS if cleaned.get(kind)]
        if not chosen and not self.errors:
            raise forms.ValidationError("Choose at least one file.")
        if any(file.size > LARGEST for file in chosen):
            raise forms.ValidationError(f"A file is larger than {LARGEST // 1024 // 1024} MB.")
        return cleaned


def _admitted(request: HttpRequest) -> None:
    """Only for who may change contracts."""
    if not request.user.has_perm("staff.change_contract"):
        raise PermissionDenied


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_files(request: HttpRequest) -> HttpResponse:
    """The first step: which files. They are kept for this user until confirmed."""
    _admitted(request)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if form.is_bound and form.is_valid():
        files = {kind: form.cleaned_data[kind] for kind in FILE_KINDS if form.cleaned_data.get(kind)}
        token = keep_uploads(files=files, is_full=form.cleaned_data["is_full"], by=request.user)  # type: ignore[arg-type]
        return redirect("admin-import-staff-difference", token=token)
    context = {"form": form, "title": "Import staff", **admin.site.each_context(request)}
    return render(request, "admin/imports/choose.html", context, status=422 if form.errors else 200)


def _said(counts: dict[str, int]) -> str:
    """ "2 new people, 1 changed school", from counts such as "people: new"."""
    said = []
    for what, count in counts.items():
        kinds, change = what.split(": ")
        said.append(counted(count, f"{change} {_ONE[kinds]}", f"{change} {kinds}"))
    return ", ".join(said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The second step: what the files would change, what is wrong with them, and the button that does it."""
    _admitted(request)
    if request.method != "POST":
        return _difference(request, token, *_run(request, token))
    user: Any = request.user
    with transaction.atomic():
        # Of two presses the second waits, as long as an import takes, and finds what the first one left.
        take_turn("kept uploads", token, seconds=LONGEST)
        with kept_files(token, by=user) as kept:
            if kept is None:
                raise Http404
            said = kept.said
        if not said and "give_up" in request.POST:
            said = "Given up: nothing was written and the files are gone."
        elif not said:
            plan, errors, refusal = _run(request, token)
            if errors or refusal:
                return _difference(request, token, plan, errors, refusal)
            said = f"The import is done: {_said(plan.counts()) or 'nothing had changed'}."
        forget_uploads(token, by=user, said=said)
    messages.success(request, said)
    return redirect("admin-import-staff")


def _difference(
    request: HttpRequest, token: uuid.UUID, plan: StaffPlan, errors: list[RowError], refusal: str
) -> HttpResponse:
    """The page; 422 where it cannot be done so."""
    context = {
        "title": "Import staff: what would change",
        "plan": plan,
        "errors": errors[:SHOWN],
        "error_count": len(errors),
        "refusal": refusal,
        "counts": [(*what.split(": "), count) for what, count in plan.counts().items()],
        "changes": plan.changes[:SHOWN],
        "left_out": max(0, len(plan.changes) - SHOWN),
        "token": token,
        **admin.site.each_context(request),
    }
    return render(request, "admin/imports/difference.html", context, status=422 if errors or refusal else 200)


@never_cache
@require_safe
def difference_csv(request: HttpRequest, token: uuid.UUID) -> StreamingHttpResponse:
    """Every row of the difference, or everything that is wrong, for a spreadsheet."""
    _admitted(request)
    plan, errors, _ = _run(request, token)
    if errors:
        header: tuple[str, ...] = ("File", "Line", "Column", "What is wrong")
        rows: list[tuple[Any, ...]] = [(one.file, one.line, one.column, one.reason) for one in errors]
    else:
        header = ("File", "What", "Key", "Difference")
        rows = [(one.file, one.what, one.key, one.words) for one in plan.changes]
    headers = {"Content-Disposition": 'attachment; filename="import-difference.csv"'}
    return StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8", headers=headers
    )


def _run(request: HttpRequest, token: uuid.UUID) -> tuple[StaffPlan, list[RowError], str]:
    """Compare on GET, write on POST: the plan, the bad rows, and why it was refused. 404 for others' files."""
    user: Any = request.user
    with kept_files(token, by=user) as kept:
        if kept is None or kept.is_over:
            raise Http404
        try:
            outcome = import_staff_files(
                files=kept.files,
                on=timezone.localdate(),
                by=user.person,
                is_full=kept.is_full,
                confirms_leavers="confirms_leavers" in request.POST,
                is_dry_run=request.method != "POST",
            )
        except RowsRefused as refusal:
            return StaffPlan(), refusal.errors, refusal.sentence
        except ActionRefused as refusal:
            return StaffPlan(), [], refusal.sentence
    return outcome.plan, [], ""
