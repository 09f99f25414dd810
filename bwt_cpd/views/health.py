"""Is the portal alive, and can it serve?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bwt_cpd.schedule import OVERDUE_AFTER, WHEN_NAMED
from staff import clock
from staff.actions.jobs import overdue_jobs
from staff.database import why_not_usable


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answers as long as the process runs; touches nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database is as it has to be and every scheduled job has succeeded in time, else 503 with which not."""
    try:
        if unusable := why_not_usable(connection):
            return JsonResponse(
                {"status": "unavailable", "database": "unusable", "reason": unusable}, status=503
            )
        overdue = overdue_jobs(OVERDUE_AFTER, now=clock.now(), when_named=WHEN_NAMED)
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "down"}, status=503)
    status = {"status": "overdue" if overdue else "ok", "database": "ok", "overdue_jobs": overdue}
    return JsonResponse(status, status=503 if overdue else 200)
