"""Scheduled jobs leave a row behind, so that readiness can tell when one has stopped."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Min

from staff import clock
from staff.models import JobRun
from staff.refusals import ActionRefused

KEPT = timedelta(days=30)


@contextmanager
def recorded_job(name: str) -> Iterator[JobRun]:
    """Write a JobRun around the block: successful unless it raises, with `run.detail` as its words, or why
    it was refused.

    The row of a killed job stays without an end. Rows older than 30 days go with the next success.
    """
    run = JobRun.objects.create(name=name, started_at=clock.now())
    try:
        yield run
    except Exception as failure:
        detail = failure.sentence if isinstance(failure, ActionRefused) else type(failure).__name__
        _finish(run, is_successful=False, detail=detail)
        raise
    _finish(run, is_successful=True, detail=run.detail)
    JobRun.objects.filter(name=name, started_at__lt=clock.now() - KEPT).delete()


def _finish(run: JobRun, *, is_successful: bool, detail: str) -> None:
    run.finished_at, run.is_successful, run.detail = clock.now(), is_successful, detail[:300]
    run.save(update_fields=["finished_at", "is_successful", "detail"])


def overdue_jobs(
    limits: dict[str, timedelta], *, now: datetime, when_named: Collection[str] = ()
) -> list[str]:
    """Names of the jobs whose last success is older than their limit; two queries.

    A job that never succeeded is given its whole limit from its first run, and one that never ran from the
    first run of any job; of `when_named` jobs, which are there since somebody named them, only from their own.
    """
    finished = JobRun.objects.filter(is_successful=True).order_by("name", "-finished_at").distinct("name")
    last = {run.name: run.finished_at for run in finished}
    began = dict(JobRun.objects.order_by().values_list("name").annotate(Min("started_at")))
    first = min(began.values(), default=now)

    def since(name: str) -> datetime:
        return last.get(name) or began.get(name) or (now if name in when_named else first)

    return [name for name, limit in limits.items() if since(name) < now - limit]


def last_success(name: str) -> datetime | None:
    """When the last run of a job began that went well."""
    runs = JobRun.objects.filter(name=name, is_successful=True).order_by("-started_at")
    return runs.values_list("started_at", flat=True).first()
