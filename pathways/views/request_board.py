"""The people team's board of requests, and the Masters panels."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pathways.access.requests import get_board, get_panel
from pathways.actions import panels as actions
from pathways.actions.request_steps import RequestRefused
from pathways.forms.request_money import BoardForm, PanelForm
from pathways.queries.panels import panel_view, panels_for_list
from pathways.queries.request_board import board_of
from staff.access import person_or_404
from staff.models import School
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def request_board(request: SignedInRequest) -> HttpResponse:
    """Every request under way by stage: who, what, how long, and what is overdue."""
    on = timezone.localdate()
    seen = get_board(request.user, on)
    form = BoardForm(request.GET, schools=School.objects.exclude(kind=School.Kind.PARTNER).order_by("name"))
    board = board_of(seen, on, **form.choice)
    context = {"board": board, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/request_board.html", context)


@require_safe
def panel_list(request: SignedInRequest) -> HttpResponse:
    """The yearly Masters panels."""
    on = timezone.localdate()
    get_board(request.user, on)
    context = {"panels": list(panels_for_list()), "on": on, "nav_current": "pathways"}
    return render(request, "pathways/panel_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def panel_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who applied, in the ranking; keep the ranking, or decide together."""
    now = timezone.now()
    on = timezone.localdate(now)
    panel, seen = get_panel(request.user, pk, on)
    person = person_or_404(request.user)
    view = panel_view(panel, person, seen, on)
    if request.method == "POST" and view.has_applied:
        raise PermissionDenied("Who has applied to a panel neither ranks nor decides in its round.")
    form = PanelForm(request.POST or None, ranked=view.may_rank, decided=view.may_decide)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rank(panel_id=pk, ranks=form.ranks(), by=person, now=now)
            if "decide" not in request.POST:
                messages.success(request, "The ranking is kept.")
                return redirect("pathways:panel-detail", pk)
            done = actions.decide_panel(panel_id=pk, by=person, now=now, **form.decision())
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(
                request,
                f"Decided: {len(done.awarded)} awarded, {len(done.declined)} not. All have been told.",
            )
            return redirect("pathways:panel-detail", pk)
    rows = [
        (one, form.field_of("rank", one.request.pk), form.field_of("decision", one.request.pk))
        for one in view.waiting
    ]
    context = {"view": view, "panel": panel, "form": form, "rows": rows, "nav_current": "pathways"}
    return render(
        request, "pathways/panel_detail.html", context, status=422 if request.method == "POST" else 200
    )
