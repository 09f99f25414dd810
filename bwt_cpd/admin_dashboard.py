"""The first page of the admin."""

from django.http import HttpRequest

from bwt_cpd.queries.admin_today import today
from staff import clock


def dashboard(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """What the people team sees first: figures, what waits for them, when the jobs last ran."""
    on = clock.today()
    return {**context, "title": "Today", "on": on, "today": today(on, clock.now())}
