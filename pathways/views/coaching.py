"""My coaching, as coachee and as coach; finding a coach; offering to be one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entitlements.academic_year import YearDates
from pathways.access.coaching import (
    get_agreement,
    get_agreement_to_answer,
    get_agreement_to_withdraw,
    get_figures_scope,
    get_meeting,
)
from pathways.actions import coaching as actions
from pathways.actions.coaching_meetings import log_meeting, remove_meeting
from pathways.forms.coaching import MEETINGS, AnswerForm, AskForm, FindForm, MeetingForm, OfferForm
from pathways.models import CoachingAgreement, CoachProfile
from pathways.queries.coaching import LIVE, agreements_of, coaching_years, line_of, suggested
from pathways.queries.coaching_figures import culture, since_of
from pathways.rules.coaching import supervision_state
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def coaching_mine(request: SignedInRequest) -> HttpResponse:
    """Who coaches me, whom I coach, what waits for an answer."""
    person, on = person_or_404(request.user), clock.today()
    agreements = list(agreements_of(person))
    profile = CoachProfile.objects.filter(person=person).first()
    live = [one for one in agreements if one.state in ("asked", "agreed")]
    given, received = coaching_years(person, YearDates.for_date(on).first_day)
    context = {
        "as_coachee": [one for one in live if one.coachee_id == person.pk],
        "as_coach": [one for one in live if one.coach_id == person.pk],
        "over": [one for one in agreements if one not in live],
        "profile": profile,
        "supervision": supervision_state(profile.supervision_due_on, on) if profile else "",
        "given": given,
        "received": received,
        "sees_figures": _sees_figures(request),
        "nav_current": "pathways",
    }
    return render(request, "pathways/coaching_mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def coaching_find(request: SignedInRequest) -> HttpResponse:
    """Coaches who fit, best first, each with why; ask one of them."""
    person, now = person_or_404(request.user), clock.now()
    if request.method == "POST":
        asked = AskForm(request.POST)
        if asked.is_valid():
            try:
                agreement = actions.ask_coach(
                    coach_id=asked.cleaned_data["coach"],
                    coachee=person,
                    by=person,
                    topic=asked.cleaned_data["topic"],
                    approach=asked.cleaned_data["approach"],
                    meetings=asked.cleaned_data["meetings"],
                    now=now,
                )
            except ActionRefused as refused:
                messages.error(request, refused.sentence)
            else:
                messages.success(request, f"Asked. {agreement.coach} has a message and answers you.")
                return redirect("pathways:coaching-agreement", agreement.pk)
        else:
            messages.error(request, "Choose a topic and a coach.")
    form = FindForm((request.POST or request.GET) or None)
    found = None
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        found = suggested(person, chosen["topic"], chosen["approach"], timezone.localdate(now))
    context = {"form": form, "found": found, "meetings": MEETINGS, "nav_current": "pathways"}
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/coaching_find.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def coaching_offer(request: SignedInRequest) -> HttpResponse:
    """My profile as a coach."""
    person, on = person_or_404(request.user), clock.today()
    profile = CoachProfile.objects.filter(person=person).first()
    names = OfferForm.base_fields
    initial = {name: getattr(profile, name) for name in names} if profile else {}
    form = OfferForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.offer_coaching(person=person, by=person, on=on, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Saved. Whoever looks for a coach can find you now.")
            return redirect("pathways:coaching-mine")
    context = {"form": form, "profile": profile, "nav_current": "pathways"}
    return render(request, "pathways/coaching_offer.html", context, status=422 if form.errors else 200)


@require_safe
def coaching_agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    """One agreement and its log of days and minutes."""
    agreement = get_agreement(request.user, pk)
    return _agreement_page(request, agreement, _empty_log())


@require_POST
def coaching_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree or decline, as the coach."""
    agreement = get_agreement_to_answer(request.user, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Agree or decline, and choose 4, 5 or 6 meetings.")
        return _agreement_page(request, agreement, _empty_log(), status=422)
    agrees, meetings = form.cleaned_data["answer"] == "agree", form.cleaned_data["meetings"]
    said = "Agreed. Find a first date together." if agrees else "Declined. They are told kindly."
    return _do(
        request,
        pk,
        said,
        lambda: actions.answer(
            agreement_id=pk,
            by=person_or_404(request.user),
            agrees=agrees,
            meetings=meetings,
            now=clock.now(),
        ),
    )


@require_POST
def coaching_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back what one has asked."""
    get_agreement_to_withdraw(request.user, pk)
    return _do(
        request,
        pk,
        "Withdrawn.",
        lambda: actions.withdraw(agreement_id=pk, by=person_or_404(request.user), now=clock.now()),
    )


@require_POST
def coaching_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Complete it, or end it early."""
    get_agreement(request.user, pk)
    is_complete = request.POST.get("how") == "complete"
    return _do(
        request,
        pk,
        "Completed. Well done, both of you." if is_complete else "Ended.",
        lambda: actions.end(
            agreement_id=pk, by=person_or_404(request.user), is_complete=is_complete, now=clock.now()
        ),
    )


@require_POST
def coaching_log(request: SignedInRequest, pk: int) -> HttpResponse:
    """Log a meeting: it counts for both at once."""
    agreement = get_agreement(request.user, pk)
    form = MeetingForm(request.POST)
    if form.is_valid():
        try:
            log_meeting(agreement_id=pk, by=person_or_404(request.user), now=clock.now(), **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Logged. It counts for both of you.")
            return redirect("pathways:coaching-agreement", pk)
    return _agreement_page(request, agreement, form, status=422)


@require_POST
def coaching_meeting_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a meeting out of the log, and both credits back."""
    meeting = get_meeting(request.user, pk)
    return _do(
        request,
        meeting.agreement_id,
        "Removed. It no longer counts for either of you.",
        lambda: remove_meeting(meeting_id=pk, by=person_or_404(request.user), now=clock.now()),
    )


@require_safe
def coaching_figures(request: SignedInRequest) -> HttpResponse:
    """How much of a coaching culture there is, small groups hidden."""
    on = clock.today()
    scope = get_figures_scope(request.user, on)
    shown = culture(on, since=since_of(on), school_ids=None if scope.is_trust else scope.school_ids)
    context = {"culture": shown, "since": since_of(on), "is_trust": scope.is_trust, "nav_current": "pathways"}
    return render(request, "pathways/coaching_figures.html", context)


def _do(request: SignedInRequest, pk: int, said: str, act: Callable[[], object]) -> HttpResponse:
    """Do it, say so or say why not, and back to the agreement."""
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, said)
    return redirect("pathways:coaching-agreement", pk)


def _agreement_page(
    request: SignedInRequest, agreement: CoachingAgreement, form: MeetingForm, *, status: int = 200
) -> HttpResponse:
    is_coach = agreement.coach_id == request.user.person_id
    is_live = agreement.state in LIVE
    context = {
        "agreement": agreement,
        "is_coach": is_coach,
        "other": agreement.coachee if is_coach else agreement.coach,
        "is_in_line": is_live and agreement.coach_id in line_of(agreement.coachee, clock.today()),
        "form": form,
        "answer_form": AnswerForm(initial={"meetings": agreement.meetings_planned}),
        "nav_current": "pathways",
    }
    return render(request, "pathways/coaching_agreement.html", context, status=status)


def _empty_log() -> MeetingForm:
    return MeetingForm(initial={"held_on": clock.today()})


def _sees_figures(request: SignedInRequest) -> bool:
    """Read for the frame already."""
    kinds = {"headteacher", "cpd_lead", "school_improvement", "people_team"}
    return any(held.kind in kinds for held in request.user.responsibilities)
