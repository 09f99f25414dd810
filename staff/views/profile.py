"""My profile: what HR knows of me, and what I settle myself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff import clock
from staff.access import get_delegation_of
from staff.actions.responsibilities import delegate, end_delegation
from staff.forms.profile import ColourModeForm, DelegationForm, MessagePreferenceForm
from staff.loose_types import NamedSettings
from staff.models import MessagePreference
from staff.queries.colleagues import plausible_stand_ins
from staff.queries.profile import profile_of
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


def _show(request: SignedInRequest, *, status: int = 200, **forms: object) -> HttpResponse:
    """The page, with a form that came back in the place of a fresh one."""
    profile = profile_of(request.user, clock.today())
    providers: list[NamedSettings] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]  # type: ignore[assignment]
    names = {one["settings"]["tenant"]: one["name"] for one in providers}
    linked = {one.tenant for one in profile.linked}
    context = {
        "profile": profile,
        "colours": forms.get("colours") or ColourModeForm(instance=request.user),
        "reminders": forms.get("reminders")
        or (profile.preference and MessagePreferenceForm(instance=profile.preference)),
        "providers": [one for one in providers if one["settings"]["tenant"] not in linked],
        "linked": [(one, names.get(one.tenant, one.issuer)) for one in profile.linked],
        "nav_current": "more",
    }
    return render(request, "staff/profile.html", context, status=status)


@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    """Name, school and role from HR; colours, reminders, sign-in and who stands in for me."""
    return _show(request)


@require_POST
def colours(request: SignedInRequest) -> HttpResponse:
    """Light, dark, or as the device."""
    form = ColourModeForm(request.POST, instance=request.user)
    if not form.is_valid():
        request.user.refresh_from_db()
        return _show(request, status=422, colours=form)
    form.save()
    messages.success(request, "Saved.", extra_tags="passing")
    return redirect("profile")


@require_POST
def reminders(request: SignedInRequest) -> HttpResponse:
    """Which reminders come by mail."""
    person = request.user.person
    if person is None:
        raise Http404
    preference = MessagePreference.objects.filter(person=person).first()
    form = MessagePreferenceForm(request.POST, instance=preference or MessagePreference(person=person))
    if not form.is_valid():
        return _show(request, status=422, reminders=form)
    # Of two first times at once the second finds the row of the first.
    MessagePreference.objects.update_or_create(person=person, defaults=form.cleaned_data)
    messages.success(request, "Saved.", extra_tags="passing")
    return redirect("profile")


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: SignedInRequest) -> HttpResponse:
    """Ask a colleague to decide for me between two dates."""
    person = request.user.person
    if person is None:
        raise Http404
    today = clock.today()
    form = DelegationForm(request.POST or None, colleagues=plausible_stand_ins(person, today), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            given = delegate(from_person=person, by=person, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{given.to_person} decides for you in that time.")
            return redirect("profile")
    context = {"form": form, "nav_current": "more"}
    return render(request, "staff/delegation_new.html", context, status=422 if form.errors else 200)


@require_POST
def delegation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take my decisions back."""
    delegation, to_person = get_delegation_of(request.user, pk)
    try:
        end_delegation(delegation_id=delegation, by=request.user.person, today=clock.today())
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{to_person} no longer decides for you.")
    return redirect("profile")
