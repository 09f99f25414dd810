"""The report of requests for funded routes, in the admin's frame."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from entitlements.models import AcademicYear
from pathways.models import Route
from pathways.queries.request_reports import HEADER, Report, requests_report
from staff import clock
from staff.exports import csv_lines, xlsx_file
from staff.loose_types import TemplateContext


def _asked(request: HttpRequest) -> tuple[Report, TemplateContext]:
    """Only for who may see requests; Http404 for a year that is not there. An unknown kind is every kind."""
    if not request.user.has_perm("pathways.view_routerequest"):
        raise PermissionDenied
    years = list(AcademicYear.objects.all())
    today, wanted = clock.today(), request.GET.get("year")
    current = (year for year in years if year.starts_on <= today)
    year = next((year for year in years if year.name == wanted), None) if wanted else next(current, None)
    if year is None:
        raise Http404("There is no such year.")
    kind = request.GET.get("kind", "")
    kind = kind if kind in Route.Kind.values else ""
    report = requests_report(year.starts_on, year.ends_on, kind=kind)
    return report, {"year": year, "years": years, "kind": kind, "kinds": Route.Kind.choices}


@never_cache
@require_safe
def requests_page(request: HttpRequest) -> HttpResponse:
    """Refusal rate, time to decision and cost by staff group, small groups hidden."""
    report, chosen = _asked(request)
    query = urlencode({"year": chosen["year"].name, "kind": chosen["kind"]})
    context = {
        **admin.site.each_context(request),
        **chosen,
        "title": "Requests for funded routes",
        "report": report,
        "header": HEADER,
        "rows": [(row.name, list(zip(HEADER[1:], row.cells, strict=True))) for row in report.rows],
        "total": list(zip(HEADER[1:], report.total.cells, strict=True)),
        "query": query,
    }
    return render(request, "admin/reports/requests.html", context)


@never_cache
@require_safe
def requests_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV, with the same figures hidden."""
    report, _ = _asked(request)
    response = StreamingHttpResponse(
        csv_lines(HEADER, report.table()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="requests.csv"'
    return response


@never_cache
@require_safe
def requests_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, with the same figures hidden."""
    report, _ = _asked(request)
    response = HttpResponse(
        xlsx_file([("Requests", HEADER, report.table())]),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = 'attachment; filename="requests.xlsx"'
    return response
