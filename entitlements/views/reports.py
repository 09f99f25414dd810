"""The entitlement report of the people team, in the admin's frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from entitlements.filters import ReportForm
from entitlements.models import AcademicYear
from entitlements.queries import reports
from entitlements.queries.report_choices import choices_for
from entitlements.queries.reports import GROUPINGS, Group, Scope
from entitlements.views.report_drawing import bar, cells, heatmap, people_url, tiles, year_words
from staff import clock
from staff.exports import csv_lines, xlsx_file
from staff.models import StaffGroup

PER_PAGE = 50
PEOPLE_HEADER = (
    "Payroll number",
    "Last name",
    "First name",
    "School",
    "Role",
    "Staff group",
    "Job family",
    "Department",
    "Manager",
    "Status",
    "Target minutes",
    "Counted minutes",
    "Own time minutes",
    "Planned minutes",
    "Shortfall minutes",
    "Percent",
)
GROUP_HEADER = (
    "People",
    "Target minutes",
    "Counted minutes",
    "Own time minutes",
    "Planned minutes",
    "Shortfall minutes",
    "Percent",
    "Behind",
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the form, and the scope where the form makes sense."""

    years: list[AcademicYear]
    year: AcademicYear
    form: ReportForm
    scope: Scope | None

    @property
    def query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        values = self.form.cleaned_data if self.scope else {}
        kept = {name: "on" if value is True else value for name, value in values.items() if value}
        return {"year": self.year.name, **kept}

    def narrowed(self, row: Group) -> dict[str, str]:
        """The filters of one group."""
        return {**self.query, self.query.get("group_by", "school"): row.key}


def _asked(request: HttpRequest) -> Asked:
    """Only for who may see statements. Raises Http404 for a year that is not there."""
    if not request.user.has_perm("entitlements.view_statement"):
        raise PermissionDenied
    years = list(AcademicYear.objects.all())
    today, wanted = clock.today(), request.GET.get("year")
    current = (year for year in years if year.starts_on <= today)
    year = next((year for year in years if year.name == wanted), None) if wanted else next(current, None)
    if year is None:
        raise Http404
    form = ReportForm(request.GET, choices=choices_for(year))
    return Asked(years, year, form, form.scope(year) if form.is_valid() else None)


@never_cache
@require_safe
def entitlement(request: HttpRequest) -> HttpResponse:
    """Tiles, bars, a trend and the figures by group; every number leads to the people behind it."""
    asked = _asked(request)
    context = {"asked": asked, "title": "Five-day entitlement", **admin.site.each_context(request)}
    if asked.scope is not None:
        figures = reports.total(asked.scope)
        rows = reports.groups(asked.scope)
        on = reports.computed_on(asked.scope)
        context |= {
            "on": on,
            "year_words": year_words(asked.year, on, clock.today()),
            "grouping": GROUPINGS[asked.scope.group_by].words,
            "total": figures,
            "tiles": tiles(figures, asked.query),
            "bars": [bar(row, asked.narrowed(row)) for row in rows],
            "rows": [(row, cells(row, asked.narrowed(row))) for row in rows],
            "heatmap": heatmap(reports.promises(asked.scope), asked.query),
            "trend": (trend := reports.trend(asked.scope, figures, on or clock.today())),
            "trend_series": [("Recorded", trend.recorded), ("Expected", trend.expected)],
            "filters": _filter_words(asked),
            "query": urlencode(asked.query),
            "all": cells(figures, asked.query),
        }
    return render(request, "admin/reports/entitlement.html", context, status=200 if asked.scope else 400)


@never_cache
@require_safe
def entitlement_people(request: HttpRequest) -> HttpResponse:
    """The people behind a number, 50 on a page, each leading to their entries."""
    asked = _asked(request)
    if asked.scope is None:
        raise Http404
    page = Paginator(reports.people(asked.scope), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "title": "Five-day entitlement: people",
        "year_words": year_words(asked.year, reports.computed_on(asked.scope), clock.today()),
        "query": urlencode(asked.query),
        "filters": _filter_words(asked),
        "sorts": [
            (words, people_url({**asked.query, "sort": key}), key == asked.scope.sort)
            for key, words in (
                ("name", "Name"),
                ("shortfall", "Largest shortfall"),
                ("percent", "Lowest percentage"),
                ("own_time", "Most own time"),
            )
        ],
        **admin.site.each_context(request),
    }
    return render(request, "admin/reports/entitlement_people.html", context)


@never_cache
@require_safe
def entitlement_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the people of the filters, as CSV."""
    scope = _exported(request)
    lines = csv_lines(PEOPLE_HEADER, _people_rows(scope))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": _attachment(scope, "csv")},
    )


@never_cache
@require_safe
def entitlement_xlsx(request: HttpRequest) -> HttpResponse:
    """Exactly the people of the filters, and the figures by group, as a workbook."""
    scope = _exported(request)
    words = GROUPINGS[scope.group_by].words
    book = xlsx_file(
        [
            ("People", PEOPLE_HEADER, _people_rows(scope)),
            (f"By {words.lower()}", (words, *GROUP_HEADER), map(_group_row, reports.groups(scope))),
        ]
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(book, content_type=kind, headers={"Content-Disposition": _attachment(scope, "xlsx")})


def _exported(request: HttpRequest) -> Scope:
    scope = _asked(request).scope
    if scope is None:
        raise Http404
    return scope


def _attachment(scope: Scope, ending: str) -> str:
    return f'attachment; filename="entitlement-{scope.year.name.replace("/", "-")}.{ending}"'


def _people_rows(scope: Scope) -> Iterator[tuple[object, ...]]:
    for row in reports.people(scope).iterator(chunk_size=2000):
        yield (
            row.person.payroll_number or "",
            row.person.last_name,
            row.person.first_name,
            row.school.name,
            row.role_title,
            StaffGroup(row.staff_group).label,
            row.job_family,
            row.department.name,
            str(row.line_manager or ""),
            row.get_status_display(),
            row.expected_minutes,
            row.counted_minutes,
            row.own_time_minutes,
            row.planned_minutes,
            row.shortfall_minutes,
            None if row.expected_minutes is None else row.percent,
        )


def _group_row(row: Group) -> tuple[object, ...]:
    return (
        row.name,
        row.people,
        row.expected,
        row.counted,
        row.own_time,
        row.planned,
        row.shortfall,
        row.percent,
        row.behind,
    )


def _filter_words(asked: Asked) -> list[str]:
    """The filters in words, for the head of the page and of its print."""
    said = []
    for name, value in asked.query.items():
        if name in ("year", "sort", "group_by"):
            continue
        field = asked.form.fields[name]
        choices = getattr(field, "choices", ())
        label = str(field.label or "") or name.replace("_", " ").capitalize()
        said.append(label if name == "leavers" else f"{label}: {dict(choices).get(value, value)}")
    return said
