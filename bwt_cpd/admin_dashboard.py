"""The first page of the admin."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bwt_cpd.queries.admin_today import today


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the people team sees first: figures, what waits for them, when the jobs last ran."""
    on = timezone.localdate()
    return {**context, "title": "Today", "on": on, "today": today(on, timezone.now())}
