"""Where each role can lead: open to everybody in the trust."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pathways.queries.careers import pathways_with_rungs, role_ids_of, view_of
from staff.requests import SignedInRequest


@require_safe
def pathway_list(request: SignedInRequest) -> HttpResponse:
    """Every pathway, those with my own role first."""
    roles = role_ids_of(request.user.person, on=timezone.localdate())
    views = [view_of(pathway, roles) for pathway in pathways_with_rungs()]
    context = {
        "mine": [view for view in views if view.here],
        "others": [view for view in views if not view.here],
    }
    return render(request, "pathways/pathway_list.html", context)


@require_safe
def pathway_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """One pathway rung by rung, and the other ways from where I am."""
    roles = role_ids_of(request.user.person, on=timezone.localdate())
    views = [view_of(pathway, roles) for pathway in pathways_with_rungs()]
    shown = next((view for view in views if view.pathway.slug == slug), None)
    if shown is None:
        raise Http404("There is no such pathway.")
    sideways = [view for view in views if view.here and view is not shown]
    return render(request, "pathways/pathway_detail.html", {"shown": shown, "sideways": sideways})
