"""Themes of the staff survey as evidence of needs, traced to the line of the plan that answers them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pathways.access.needs import get_report_scope, get_trust_scope
from pathways.actions.needs_lines import import_themes, read_themes, trace_theme
from pathways.forms.needs import ThemesForm
from pathways.models import NeedsCycle, NeedsPlanLine, SurveyTheme
from pathways.queries.needs_reports import cycles_to_report
from staff import clock
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def theme_list(request: SignedInRequest) -> HttpResponse:
    """What people said, how often, and which line of the plan answers it."""
    scope = get_report_scope(request.user, clock.today())
    cycle, cycles = _cycle(request)
    themes = SurveyTheme.objects.filter(cycle=cycle).select_related("plan_line")
    lines = NeedsPlanLine.objects.filter(cycle=cycle).select_related("competency")
    context = {
        "scope": scope,
        "cycle": cycle,
        "cycles": cycles,
        "themes": themes.prefetch_related("competencies"),
        "lines": lines,
        "nav_current": "pathways",
    }
    return render(request, "pathways/needs_themes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def theme_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file, look at what is in it, then take it in. Nothing is written before."""
    get_trust_scope(request.user, clock.today())
    cycle, _ = _cycle(request)
    form = ThemesForm(request.POST, request.FILES) if request.method == "POST" else ThemesForm()
    context: dict[str, object] = {"form": form, "cycle": cycle, "nav_current": "pathways"}
    if cycle is None or not form.is_bound or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "pathways/needs_themes_import.html", context, status=status)
    content = form.cleaned_data["content"]
    rows, errors = read_themes(content)
    if "confirm" in request.POST and not errors:
        taken = import_themes(cycle=cycle, rows=rows)
        messages.success(request, f"{taken} theme{'s' if taken > 1 else ''} taken in.")
        return redirect("pathways:needs-themes")
    context |= {"rows": rows, "errors": errors, "content": content}
    return render(request, "pathways/needs_themes_import.html", context, status=422 if errors else 200)


@require_POST
def theme_trace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say which line of the plan answers a theme."""
    get_trust_scope(request.user, clock.today())
    theme = get_object_or_404(SurveyTheme, pk=pk)
    line = request.POST.get("line", "")
    try:
        trace_theme(theme=theme, line_id=int(line) if line.isascii() and line.isdigit() else None)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Noted.")
    return redirect("pathways:needs-themes")


def _cycle(request: SignedInRequest) -> tuple[NeedsCycle | None, list[NeedsCycle]]:
    cycles = list(cycles_to_report(clock.today()))
    wanted = request.GET.get("cycle") or request.POST.get("cycle")
    found = next((one for one in cycles if str(one.pk) == wanted), cycles[0] if cycles else None)
    return found, cycles
