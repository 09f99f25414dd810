"""Everything that has no tab of its own, and how somebody wants the portal to look."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from staff.models import MessagePreference, User


class ColourModeForm(forms.ModelForm):
    """Light, dark, or as the device."""

    class Meta:
        model = User
        fields = ("colour_mode",)
        widgets = {"colour_mode": forms.RadioSelect}
        labels = {"colour_mode": "Colours"}


class MailForm(forms.ModelForm):
    """Which mails somebody gets. What concerns a booking always comes, with its calendar entry."""

    class Meta:
        model = MessagePreference
        fields = ("wants_session_reminders", "wants_shortfall_nudges", "wants_decision_reminders")


@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """The rest of the portal, the person's own settings, and the way out."""
    form = ColourModeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.", extra_tags="passing")
        return redirect("more")
    context = {
        "form": form,
        "mail_form": MailForm(instance=_preference_of(request.user)),
        "nav_current": "more",
    }
    return render(request, "bwt_cpd/more.html", context)


@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    """Keep which mails this person wants."""
    preference = _preference_of(request.user)
    if preference is None:
        raise Http404
    form = MailForm(request.POST, instance=preference)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.", extra_tags="passing")
    return redirect("more")


def _preference_of(user: User) -> MessagePreference | None:
    """The stored choice or the defaults; an administrator without a staff record gets no such mail."""
    if user.person_id is None:
        return None
    return MessagePreference.objects.filter(person_id=user.person_id).first() or MessagePreference(
        person_id=user.person_id
    )
