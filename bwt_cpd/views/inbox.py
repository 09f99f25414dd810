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
from bwt_cpd.queries.inbox_decided import decided_by
from courses.access import get_booking_for
from entitlements.access import get_claim_to_decide
from entitlements.actions import claims as actions
from entitlements.actions.claims_together import verify_claims
from entitlements.forms import ChosenClaimsForm, DecisionForm
from entitlements.models import Claim
from entitlements.queries.claims import claim_page
from pathways.access.coaching import get_agreement
from pathways.access.requests import get_request_for
from pathways.models import CoachingAgreement, RouteRequest
from pathways.queries.request_case import buttons_of, case_of
from pathways.queries.request_deciders import decider_of
from staff import clock
from staff.access import person_or_404
from staff.models import Person
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest
from staff.wording import counted, listed

SHOWN = 50
_SAID = {"verified": "Verified", "asked": "Question sent", "declined": "Declined"}


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """What waits; where there is room for both, the oldest stands open beside the list. Or what I decided."""
    person = request.user.person
    if person is None:
        return render(request, "bwt_cpd/inbox.html", {"nav_current": "inbox"})
    if request.GET.get("show") == "decided":
        context = {"decided": decided_by(person, clock.today()), "nav_current": "inbox"}
        return render(request, "bwt_cpd/inbox_decided.html", context)
    return _show(request, person, chosen=None)


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """One claim, and the decision about it."""
    now = clock.now()
    claim = get_claim_to_decide(request.user, pk, timezone.localdate(now))
    person = person_or_404(request.user)
    if request.method != "POST":
        return _show(request, person, chosen=(queries.CLAIM, pk), opened=queries.Opened(claim=claim))
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
    opened = queries.Opened(claim=claim)
    return _show(request, person, chosen=(queries.CLAIM, pk), opened=opened, form=form, status=422)


@require_safe
def inbox_booking(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request for a place; the answer goes to `courses:booking-decide`."""
    booking = get_booking_for(request.user, pk, to="decide")
    opened = queries.Opened(booking=booking)
    return _show(request, person_or_404(request.user), chosen=(queries.BOOKING, pk), opened=opened)


@require_safe
def inbox_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One place that is offered to me; the answer goes to `courses:booking-accept` and `-decline`."""
    person = person_or_404(request.user)
    booking = get_object_or_404(
        queries.offers_to(person.pk).select_related("session__course__kind", "session__school"), pk=pk
    )
    return _show(request, person, chosen=(queries.OFFER, pk), opened=queries.Opened(booking=booking))


@require_safe
def inbox_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """One request for a funded route; the answer goes to `pathways:request-step`."""
    on = clock.today()
    asked = get_request_for(request.user, pk, on)
    person = person_or_404(request.user)
    if asked.person_id == person.pk or decider_of(asked, person, on) is None:
        return redirect("pathways:request-detail", pk)
    return _show(request, person, chosen=(queries.REQUEST, pk), opened=queries.Opened(asked=asked))


@require_safe
def inbox_coaching(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody who asks me to coach them; the answer goes to `pathways:coaching-answer`."""
    agreement = get_agreement(request.user, pk)
    person = person_or_404(request.user)
    if agreement.coach_id != person.pk or agreement.state != CoachingAgreement.State.ASKED:
        return redirect("pathways:coaching-agreement", pk)
    return _show(request, person, chosen=(queries.COACHING, pk), opened=queries.Opened(coaching=agreement))


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_claims(request: SignedInRequest) -> HttpResponse:
    """Plain claims with a box beside each, to verify those ticked with one press."""
    now = clock.now()
    person = person_or_404(request.user)
    form = ChosenClaimsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = verify_claims(claim_ids=form.cleaned_data["claim"], by=person, now=now)
        if done.verified:
            said = listed([f"{one.person.full_name}, “{one.title}”" for one in done.verified])
            messages.success(request, f"{counted(len(done.verified), 'claim')} verified: {said}.")
        for claim, sentence in done.refused:
            messages.error(request, f"Not verified: {claim.person.full_name}, “{claim.title}”. {sentence}")
        return redirect("inbox-claims" if done.refused else "inbox")
    context = {
        "claims": queries.plain_claims(person, timezone.localdate(now)),
        "form": form,
        "nav_current": "inbox",
    }
    return render(request, "bwt_cpd/inbox_claims.html", context, status=422 if form.is_bound else 200)


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
    opened: queries.Opened | None = None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list and the open item: the one chosen, else the oldest, which phones leave out."""
    on = clock.today()
    shows_all = request.GET.get("show") == "all"
    items = queries.items_for(person, on, shows_all=shows_all)
    is_chosen = chosen is not None
    if chosen is None and items:
        chosen = (items[0].what, items[0].pk)
        opened = queries.opened(items[0], person)
    opened = opened or queries.Opened()
    standing, contract = queries.asker_today(opened.person, on) if opened.person else (None, None)
    context = {
        "booking": opened.booking,
        "coaching": opened.coaching,
        **(request_context(opened.asked, person, on) if opened.asked else {}),
        "items": items,
        "shown": items[:SHOWN],
        "shows_all": shows_all,
        "has_claims": sum(item.what == queries.CLAIM for item in items) > 1 and not shows_all,
        "what": chosen[0] if chosen else "",
        "chosen": chosen,
        "is_chosen": is_chosen,
        "page": claim_page(opened.claim, reader=person, on=on) if opened.claim else None,
        "standing": standing,
        "contract": contract,
        "form": form or DecisionForm(),
        "lead": queries.lead_words(items, on, shows_all=shows_all),
        "nav_current": "inbox",
    }
    return render(request, "bwt_cpd/inbox.html", context, status=status)
