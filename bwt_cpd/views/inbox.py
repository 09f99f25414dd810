"""The inbox: every decision that waits for me, the oldest first, with its facts beside the buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bwt_cpd.queries import inbox as queries
from courses.access import get_booking_for
from courses.models import Booking
from entitlements.access import get_claim_to_decide
from entitlements.actions import claims as actions
from entitlements.forms import DecisionForm
from entitlements.models import Claim
from entitlements.queries.claims import claim_page
from pathways.models import RouteRequest
from pathways.queries.request_case import buttons_of, case_of
from staff.access import person_or_404
from staff.models import Person
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

SHOWN = 50
_SAID = {"verified": "Verified", "asked": "Question sent", "declined": "Declined"}


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """What waits; where there is room for both, the oldest stands open beside the list. Or what I decided."""
    person = request.user.person
    if person is None:
        return render(request, "bwt_cpd/inbox.html", {"nav_current": "inbox"})
    if request.GET.get("show") == "decided":
        context = {"decided": queries.decided_by(person), "nav_current": "inbox"}
        return render(request, "bwt_cpd/inbox_decided.html", context)
    return _show(request, person, chosen=None)


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """One claim, and the decision about it."""
    now = timezone.now()
    claim = get_claim_to_decide(request.user, pk, timezone.localdate(now))
    person = person_or_404(request.user)
    if request.method != "POST":
        return _show(request, person, chosen=(queries.CLAIM, pk), claim=claim)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            _decide(form.cleaned_data["decision"])(
                claim_id=pk, by=person, now=now, words=form.cleaned_data["words"]
            )
        except actions.ClaimRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("inbox-claim", pk)
        else:
            said = _SAID[form.cleaned_data["decision"]]
            messages.success(request, f"{said}: {claim.person.full_name}, {claim.title}.")
            return redirect("inbox")
    return _show(request, person, chosen=(queries.CLAIM, pk), claim=claim, form=form, status=422)


@require_safe
def inbox_booking(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request for a place; the answer goes to `courses:booking-decide`."""
    booking = get_booking_for(request.user, pk, to="decide")
    return _show(request, person_or_404(request.user), chosen=(queries.BOOKING, pk), booking=booking)


@require_safe
def inbox_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One place that is offered to me; the answer goes to `courses:booking-accept` and `-decline`."""
    person = person_or_404(request.user)
    booking = get_object_or_404(
        queries.offers_to(person.pk).select_related("session__course", "session__school"), pk=pk
    )
    return _show(request, person, chosen=(queries.OFFER, pk), booking=booking)


def _decide(decision: str) -> Callable[..., Claim]:
    return {
        "verified": actions.verify_claim,
        "asked": actions.ask_about_claim,
        "declined": actions.decline_claim,
    }[decision]


def request_context(asked: RouteRequest, person: Person, on: date) -> dict[str, object]:
    """What the open request shows in the inbox: its case, and its buttons."""
    case = case_of(asked, reader=person, on=on)
    return {"case": case, "route_request": asked, **buttons_of(case)}


def _show(
    request: SignedInRequest,
    person: Person,
    *,
    chosen: tuple[str, int] | None,
    claim: Claim | None = None,
    booking: Booking | None = None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list and the open item: the one chosen, else the oldest, which phones leave out."""
    on = timezone.localdate()
    asked: RouteRequest | None = None
    shows_all = request.GET.get("show") == "all"
    items = queries.items_for(person, on, shows_all=shows_all)
    is_chosen = chosen is not None
    if chosen is None and items:
        chosen = (items[0].what, items[0].pk)
        claim, booking, asked = queries.opened(items[0])
    about = claim or booking or asked
    standing, contract = queries.asker_today(about.person, on) if about else (None, None)
    context = {
        "booking": booking,
        **(request_context(asked, person, on) if asked else {}),
        "items": items,
        "shown": items[:SHOWN],
        "shows_all": shows_all,
        "what": chosen[0] if chosen else "",
        "chosen": chosen,
        "is_chosen": is_chosen,
        "page": claim_page(claim, reader=person, on=on) if claim else None,
        "standing": standing,
        "contract": contract,
        "form": form or DecisionForm(),
        "lead": queries.lead_words(items, on, shows_all=shows_all),
        "nav_current": "inbox",
    }
    return render(request, "bwt_cpd/inbox.html", context, status=status)
