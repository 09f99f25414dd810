"""What a school or the trust needs: departments, progress, demand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pathways.access.needs import Scope, get_report_scope, get_trust_scope
from pathways.actions.needs_lines import add_plan_line
from pathways.forms.needs import PlanLineForm
from pathways.models import NeedsCycle
from pathways.queries.needs_demand import demand_by_competency, progress_by_school
from pathways.queries.needs_reports import TABLE_HEADER, cycles_to_report, heatmap
from pathways.queries.needs_team import TEAM_PAGE, members_of, people_at, team_in
from pathways.rules.needs import MODERATORS
from staff import clock
from staff.access import person_or_404
from staff.exports import csv_lines, xlsx_file
from staff.loose_types import TemplateContext
from staff.models import School
from staff.queries.deciders import people_decided_by
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def needs_heatmap(request: SignedInRequest) -> HttpResponse:
    """Mean gaps by competency and department, small groups hidden."""
    on = clock.today()
    scope = get_report_scope(request.user, on)
    context = _choice(request, scope)
    if context["cycle"]:
        context["heat"] = heatmap(context["cycle"], school=context["school"], on=on)
    context["as_table"] = request.GET.get("show") == "table"
    return render(request, "pathways/needs_heatmap.html", context)


@require_safe
def needs_heatmap_download(request: SignedInRequest) -> HttpResponseBase:
    """The same figures as a file, with the same groups hidden."""
    on = clock.today()
    context = _choice(request, get_report_scope(request.user, on))
    cycle = context["cycle"]
    rows = heatmap(cycle, school=context["school"], on=on).table() if cycle else iter(())
    if request.GET.get("format") == "xlsx":
        response: HttpResponseBase = HttpResponse(
            xlsx_file([("Learning needs", TABLE_HEADER, rows)]),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        response["Content-Disposition"] = 'attachment; filename="learning-needs.xlsx"'
        return response
    response = StreamingHttpResponse(csv_lines(TABLE_HEADER, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="learning-needs.csv"'
    return response


@require_safe
def needs_progress(request: SignedInRequest) -> HttpResponse:
    """How far each school is, and of one school the people whose levels are still to be agreed."""
    on = clock.today()
    scope = get_report_scope(request.user, on)
    context = _choice(request, scope)
    cycle, school = context["cycle"], context["school"]
    if cycle:
        shown = [school] if school else context["schools"]
        context["rows"], context["together"] = progress_by_school(cycle, schools=shown, on=on)
    if cycle and school:
        people = people_decided_by(person_or_404(request.user), on, kinds=MODERATORS)
        here = people_at(school, people, min(on, cycle.closes_on))
        rows = team_in(cycle, here, show="open")
        context["page"] = Paginator(rows, TEAM_PAGE).get_page(request.GET.get("page"))
        context["members"] = members_of(context["page"].object_list, on)
    return render(request, "pathways/needs_progress.html", context)


@require_safe
def needs_demand(request: SignedInRequest) -> HttpResponse:
    """What people need against what can be booked."""
    return _demand_page(request, get_report_scope(request.user, clock.today()), PlanLineForm())


@require_POST
def needs_line_add(request: SignedInRequest) -> HttpResponse:
    """Put an unmet need into the CPD plan."""
    scope = get_trust_scope(request.user, clock.today())
    form = PlanLineForm(request.POST)
    cycle = _choice(request, scope)["cycle"]
    if not form.is_valid() or cycle is None:
        return _demand_page(request, scope, form, status=422)
    data = form.cleaned_data
    try:
        add_plan_line(
            cycle=cycle,
            title=data["title"],
            owner=data["owner"],
            due_on=data["due_on"],
            competency_id=data["competency"],
            by=person_or_404(request.user),
        )
    except ActionRefused as refused:
        form.add_error("title", refused.sentence)
        return _demand_page(request, scope, form, status=422)
    messages.success(request, "In the CPD plan.")
    return redirect(f"{request.path.removesuffix('lines/')}?cycle={cycle.pk}")


def _demand_page(
    request: SignedInRequest, scope: Scope, form: PlanLineForm, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    on, context = timezone.localdate(now), _choice(request, scope)
    if context["cycle"]:
        context["demands"] = demand_by_competency(context["cycle"], school=context["school"], now=now, on=on)
    chosen = request.GET.get("for") or request.POST.get("competency")
    context["chosen"] = next(
        (one for one in context.get("demands", []) if str(one.competency.pk) == chosen), None
    )
    if context["chosen"] and not form.is_bound:
        form.initial = {"competency": chosen}
    context["form"] = form
    return render(request, "pathways/needs_demand.html", context, status=status)


def _choice(request: SignedInRequest, scope: Scope) -> TemplateContext:
    """Cycle and school of the address, as far as this reader may see them. `school` None: the whole trust."""
    cycles = list(cycles_to_report(clock.today()))
    wanted = request.GET.get("cycle") or request.POST.get("cycle")
    cycle: NeedsCycle | None = next((one for one in cycles if str(one.pk) == wanted), None)
    schools = scope.narrowed_to("")
    asked = [one for one in schools if one.code == request.GET.get("school")]
    school: School | None = (asked or ([] if scope.is_trust else schools[:1]) or [None])[0]  # type: ignore[list-item]
    return {
        "scope": scope,
        "cycles": cycles,
        "cycle": cycle or (cycles[0] if cycles else None),
        "schools": schools,
        "school": school,
        "nav_current": "pathways",
    }
