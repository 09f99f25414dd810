"""One's own statement to keep or print."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from entitlements.queries.year import year_for, years_of
from entitlements.statement_pdf import statement_pdf
from staff import clock
from staff.access import person_or_404
from staff.requests import SignedInRequest


@require_safe
def statement(request: SignedInRequest) -> HttpResponse:
    """My year as a PDF, today's unless the address names another (`?year=2025/26`)."""
    person, on = person_or_404(request.user), clock.today()
    wanted = request.GET.get("year")
    year = next((one for one in years_of(person, on) if wanted in (None, "", one.name)), None)
    if year is None:
        raise Http404("There is no such year.")
    file = statement_pdf(year_for(person, year, on), name=person.full_name, on=on)
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="cpd-{year.name.replace("/", "-")}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
