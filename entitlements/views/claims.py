"""My claims: what I sent, what became of it, and sending one. Deciding is done in the inbox."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entitlements.access import get_claim_for, get_own_claim
from entitlements.actions import claims as actions
from entitlements.forms import AnswerForm, ClaimForm
from entitlements.models import Claim
from entitlements.queries.claims import claim_page, claims_of
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

PER_PAGE = 25


@require_safe
def claim_list(request: SignedInRequest) -> HttpResponse:
    """Everything I claimed, newest first."""
    person = request.user.person
    claims = claims_of(person) if person else Claim.objects.none()
    page = Paginator(claims, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "entitlements/claim_list.html", {"page": page, "nav_current": "year"})


@require_http_methods(["GET", "HEAD", "POST"])
def claim_new(request: SignedInRequest) -> HttpResponse:
    """Claim CPD done elsewhere."""
    person, now = person_or_404(request.user), clock.now()
    form = ClaimForm(request.POST or None, request.FILES or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        try:
            claim = actions.send_claim(person=person, by=person, now=now, **form.facts())
        except actions.ClaimRefused as refused:
            form.refuse(refused.field, refused.sentence)
        else:
            messages.success(request, "Sent. You get a mail when it is verified.")
            return redirect("entitlements:claim-detail", claim.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "length": [form["hours"], form["minutes"]], "nav_current": "year"}
    return render(request, "entitlements/claim_new.html", context, status=status)


@require_safe
def claim_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One claim with its history; mine to answer or withdraw, or somebody's about whom I decide."""
    return _show(request, get_claim_for(request.user, pk, clock.today()), AnswerForm())


@require_POST
def claim_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the question that was asked."""
    now = clock.now()
    claim = get_own_claim(request.user, pk, timezone.localdate(now))
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, claim, form, status=422)
    data = form.cleaned_data
    try:
        actions.answer_question(
            claim_id=pk, by=claim.person, now=now, words=data["words"], evidence=data["evidence"]
        )
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Answered. The claim waits for a decision again.")
    return redirect("entitlements:claim-detail", pk)


@require_POST
def claim_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a claim back."""
    now = clock.now()
    claim = get_own_claim(request.user, pk, timezone.localdate(now))
    try:
        actions.withdraw_claim(claim_id=pk, by=claim.person, now=now)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Withdrawn. Nobody has to decide about it any more.")
    return redirect("entitlements:claim-detail", pk)


@require_safe
def claim_evidence(request: SignedInRequest, pk: int) -> FileResponse:
    """The attached file, always as a download, never shown inside the portal."""
    claim = get_claim_for(request.user, pk, clock.today())
    name = claim.evidence.name
    if not name or not claim.evidence.storage.exists(name):
        raise Http404("Nothing is attached to this claim.")
    response = FileResponse(
        claim.evidence.open("rb"),
        as_attachment=True,
        filename=claim.evidence_name,
        content_type=claim.evidence_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _show(request: SignedInRequest, claim: Claim, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    page = claim_page(claim, reader=request.user.person, on=clock.today())
    context = {"page": page, "claim": claim, "form": form, "nav_current": "year" if page.is_own else "inbox"}
    return render(request, "entitlements/claim_detail.html", context, status=status)
