"""Fees, payments and waivers of a Masters, for the people team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pathways.access.requests import get_masters_to_run
from pathways.actions import request_money as actions
from pathways.actions.request_steps import RequestRefused
from pathways.forms.request_money import FeesForm, PaymentForm, WaiveForm
from pathways.models import RouteRequest
from pathways.queries.request_money import money_of
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def request_fees(request: SignedInRequest, pk: int) -> HttpResponse:
    """The fees of each year and the trust's share, until somebody has signed them."""
    now = clock.now()
    found = get_masters_to_run(request.user, pk, timezone.localdate(now))
    form = _fees_form(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data.get("overspend_reason", "")
        by = person_or_404(request.user)
        try:
            actions.set_fees(request_id=pk, years=form.years(), by=by, now=now, overspend_reason=why)
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "The fees are kept.")
            return redirect("pathways:request-fees", pk)
    return _page(request, found, form, PaymentForm(fees=found.fees.all()))


@require_POST
def request_pay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record what the trust has paid."""
    now = clock.now()
    found = get_masters_to_run(request.user, pk, timezone.localdate(now))
    form = PaymentForm(request.POST, fees=found.fees.all())
    if form.is_valid():
        try:
            actions.record_payment(request_id=pk, by=person_or_404(request.user), now=now, **form.content())
        except RequestRefused as refused:
            form.add_error(refused.field, refused.sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Payment recorded.")
            return redirect("pathways:request-fees", pk)
    return _page(request, found, _fees_form(found), form)


@require_POST
def request_waive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that nothing is repaid, and why."""
    now = clock.now()
    get_masters_to_run(request.user, pk, timezone.localdate(now))
    form = WaiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose why nothing is repaid.")
        return redirect("pathways:request-fees", pk)
    try:
        actions.waive_repayment(
            request_id=pk, reason=form.cleaned_data["reason"], by=person_or_404(request.user), now=now
        )
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Nothing is repaid.")
    return redirect("pathways:request-fees", pk)


def _fees_form(found: RouteRequest, data: QueryDict | None = None) -> FeesForm:
    is_awarded = found.panel_id is not None and found.state == RouteRequest.State.AGREED
    return FeesForm(data, fees=found.fees.all(), is_awarded=is_awarded)


def _page(
    request: SignedInRequest, found: RouteRequest, form: FeesForm, payment_form: PaymentForm
) -> HttpResponse:
    money = money_of(found, clock.today())
    years = [(form[f"fee_{year}"], form[f"percent_{year}"]) for year in range(1, 5)]
    context = {
        "route_request": found,
        "form": form,
        "years": years,
        "overspend_reason": form["overspend_reason"] if "overspend_reason" in form.fields else None,
        "payment_form": payment_form,
        "waive_form": WaiveForm(),
        "money": money,
        "is_signed": found.signatures.filter(document="training_cost").exists(),
        "nav_current": "inbox",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/request_fees.html", context, status=status)
