"""My learning needs, and those of the people I manage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from pathways.access.needs import Rated, get_person_to_moderate, get_person_to_rate, get_rated_person
from pathways.actions import needs_ratings
from pathways.forms.needs import ManagerRatingForm, ModerationForm, SelfRatingForm
from pathways.models import NeedsRating
from pathways.queries.needs import Sheet, cycle_of, open_first, sheet_of
from pathways.queries.needs_raters import people_rated_by
from pathways.queries.needs_team import SHOWN, TEAM_PAGE, TeamRows, cycles_with, members_of, team_in
from pathways.rules.needs import MODERATORS
from staff import clock
from staff.access import person_or_404
from staff.form_options import FormData
from staff.loose_types import TemplateContext
from staff.models import Person
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

_Form = TypeVar("_Form", ManagerRatingForm, ModerationForm)


@require_http_methods(["GET", "HEAD", "POST"])
def needs_mine(request: SignedInRequest) -> HttpResponse:
    """My own list: what my role asks for, what I say, what my manager says, what we agreed."""
    person, now = person_or_404(request.user), clock.now()
    sheet = _sheet(person, timezone.localdate(now))
    if sheet is None:
        context = {"nav_current": "pathways", "plans_cpd": _plans_cpd(request)}
        return render(request, "pathways/needs_mine.html", context)
    form = SelfRatingForm(request.POST if request.method == "POST" else None, sheet.lines)
    if form.is_bound and form.is_valid():
        return _save_mine(request, person, sheet, form, now)
    context = {**_context(sheet, form), "plans_cpd": _plans_cpd(request)}
    template = "pathways/needs_mine.html#saved" if request.htmx else "pathways/needs_mine.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _save_mine(
    request: SignedInRequest, person: Person, sheet: Sheet, form: SelfRatingForm, now: datetime
) -> HttpResponse:
    """Keep what I say; what is chosen is sent at once as well, and answered with how far I am."""
    try:
        done = needs_ratings.rate_self(
            cycle_id=sheet.cycle.pk, person=person, by=person, answers=form.answers(), now=now
        )
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
        whole = redirect("pathways:needs-mine")
        return HttpResponseClientRedirect(whole.url) if request.htmx else whole
    if request.htmx:
        after = sheet_of(person, sheet.cycle, timezone.localdate(now))
        context = {**_context(after, SelfRatingForm(None, after.lines)), "is_saved": True}
        return render(request, "pathways/needs_mine.html#saved", context)
    left = sheet.total - done
    messages.success(request, f"Saved. {left} to go." if left else "Saved. You have rated everything.")
    return redirect("pathways:needs-mine")


@require_safe
def needs_team(request: SignedInRequest) -> HttpResponse:
    """Who of my people has rated, and what I do next about each."""
    person, on = person_or_404(request.user), clock.today()
    people = people_rated_by(person, on)
    cycles = list(cycles_with(people, on).order_by(*open_first(on)))
    cycle = next((one for one in cycles if str(one.pk) == request.GET.get("cycle")), None)
    cycle, show = cycle or (cycles[0] if cycles else None), request.GET.get("show", "")
    rows: TeamRows = team_in(cycle, people, show=show) if cycle else NeedsRating.objects.none().values()
    page = Paginator(rows, TEAM_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycles": cycles,
        "cycle": cycle,
        "page": page,
        "members": members_of(page.object_list, on),
        "options": SHOWN.items(),
        "shown": show,
        "nav_current": "pathways",
    }
    return render(request, "pathways/needs_team.html", context)


@require_safe
def needs_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One colleague, both ratings side by side."""
    on = clock.today()
    rated = get_rated_person(request.user, pk, on)
    sheet = _sheet(rated.person, on, _wanted(request))
    return _person_page(request, rated, sheet, _form_for(rated, sheet, None))


@require_POST
def needs_person_rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what the manager says, the day of the conversation and the levels agreed."""
    now = clock.now()
    rated = get_person_to_rate(request.user, pk, timezone.localdate(now))

    def keep(sheet: Sheet, form: ManagerRatingForm) -> int:
        return needs_ratings.rate_person(
            cycle_id=sheet.cycle.pk,
            person=rated.person,
            by=person_or_404(request.user),
            answers=form.answers(),
            now=now,
            conversation_on=form.conversation_on,
        )

    return _keep(request, rated, ManagerRatingForm, keep, now=now, without_round="pathways:needs-team")


@require_POST
def needs_person_moderate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct agreed levels after closing."""
    now = clock.now()
    rated = get_person_to_moderate(request.user, pk, timezone.localdate(now))

    def keep(sheet: Sheet, form: ModerationForm) -> int:
        return needs_ratings.moderate(
            cycle_id=sheet.cycle.pk,
            person=rated.person,
            by=person_or_404(request.user),
            levels=form.levels(),
            now=now,
            conversation_on=form.conversation_on,
        )

    return _keep(request, rated, ModerationForm, keep, now=now, without_round="pathways:needs-progress")


def _keep(
    request: SignedInRequest,
    rated: Rated,
    form_class: type[_Form],
    keep: Callable[[Sheet, _Form], int],
    *,
    now: datetime,
    without_round: str,
) -> HttpResponse:
    """Keep what the form says about a colleague, or show it again with its mistakes."""
    sheet = _sheet(rated.person, timezone.localdate(now), _wanted(request))
    if sheet is None:
        return redirect(without_round)
    form = form_class(request.POST, sheet.lines)
    if not form.is_valid():
        return _person_page(request, rated, sheet, form, status=422)
    try:
        done = keep(sheet, form)
    except ActionRefused as refused:
        form.add_error(None, refused.sentence)
        return _person_page(request, rated, sheet, form, status=422)
    messages.success(request, f"Saved. {done} of {sheet.total} agreed.")
    return _back(rated.person.pk, sheet)


def _plans_cpd(request: SignedInRequest) -> bool:
    """Whether to show the way to the reports; the responsibilities have been read for the frame already."""
    planning = {*MODERATORS, "headteacher"}
    return any(held.kind in planning for held in request.user.responsibilities)


def _wanted(request: SignedInRequest) -> str:
    """The round asked for: somebody can be in two, and the levels of one are checked while the next is open."""
    return request.POST.get("cycle") or request.GET.get("cycle", "")


def _back(pk: int, sheet: Sheet) -> HttpResponse:
    return redirect(f"{reverse('pathways:needs-person', args=[pk])}?cycle={sheet.cycle.pk}")


def _sheet(person: Person, on: date, wanted: str = "") -> Sheet | None:
    cycle = cycle_of(person, on, wanted)
    return sheet_of(person, cycle, on) if cycle else None


def _form_for(rated: Rated, sheet: Sheet | None, data: FormData) -> ManagerRatingForm | ModerationForm | None:
    """The form that this reader may use today; None where the page is to read."""
    if sheet is None:
        return None
    if sheet.is_open and rated.may_rate:
        return ManagerRatingForm(data, sheet.lines)
    if sheet.in_moderation and rated.may_moderate:
        return ModerationForm(data, sheet.lines)
    return None


def _person_page(
    request: SignedInRequest,
    rated: Rated,
    sheet: Sheet | None,
    form: ManagerRatingForm | ModerationForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"rated": rated, "member": rated.person, **_context(sheet, form)}
    context["is_moderation"] = isinstance(form, ModerationForm)
    return render(request, "pathways/needs_person.html", context, status=status)


def _context(
    sheet: Sheet | None, form: SelfRatingForm | ManagerRatingForm | ModerationForm | None
) -> dict[str, object]:
    words = sheet.levels.values() if sheet else ()
    levels = [{"words": name, "about": about} for name, about in words]
    parts = _parts(sheet, form) if sheet else []
    return {"sheet": sheet, "form": form, "parts": parts, "levels": levels, "nav_current": "pathways"}


def _parts(
    sheet: Sheet, form: SelfRatingForm | ManagerRatingForm | ModerationForm | None
) -> list[TemplateContext]:
    """Each domain with its rows and whether it is unfolded: where one goes on, and where something is wrong.

    What is only to read is unfolded throughout.
    """
    is_own = isinstance(form, SelfRatingForm)
    finished = [part.is_rated if is_own else part.is_settled for part in sheet.sections]
    first = finished.index(False) if False in finished else None
    wrong = set(form.errors) if form else set()
    parts: list[TemplateContext] = []
    for number, part in enumerate(sheet.sections):
        rows = form.rows(part.lines) if form else [{"line": line} for line in part.lines]
        names = {field.html_name for row in rows for field in row.values() if hasattr(field, "html_name")}
        is_open = not form or number == first or bool(names & wrong)
        parts.append({"section": part, "rows": rows, "is_open": is_open})
    return parts
