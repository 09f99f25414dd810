"""Running the catalogue: for hub leads their hub's, for the people team all of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.access import courses_managed_by, door_to_managing


@require_safe
def course_table(request: HttpRequest) -> HttpResponse:
    """My courses, with the next date and how full it is."""
    door_to_managing(request.user)
    return render(request, "courses/manage_list.html", {"courses": courses_managed_by(request.user)})
