"""Where each role can lead: open to everybody in the trust."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pathways.access.careers import get_own_voice, get_rung
from pathways.actions.voices import remove_voice, write_voice
from pathways.forms.careers import VoiceForm
from pathways.queries.careers import all_pathways, rung_page
from pathways.queries.goals import goal_for_home, rung_url
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

SHOWN = {"": ("Map", "signpost-split"), "list": ("List", "list-ul")}


@require_safe
def pathway_list(request: SignedInRequest) -> HttpResponse:
    """Every pathway, those with my own role first, and my goal on top."""
    person, on = request.user.person, clock.today()
    views = all_pathways(person, on=on)
    context = {
        "goal": goal_for_home(person, on) if person else None,
        "mine": [view for view in views if view.here],
        "others": [view for view in views if not view.here],
        "nav_current": "pathways",
    }
    return render(request, "pathways/pathway_list.html", context)


@require_safe
def pathway_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """One pathway as a map or, with `?as=list`, as a list: where I stand, my goal, the ways to others."""
    views = all_pathways(request.user.person, on=clock.today())
    shown = next((view for view in views if view.pathway.slug == slug), None)
    if shown is None:
        raise Http404("There is no such pathway.")
    chosen = "list" if request.GET.get("as") == "list" else ""
    options = [
        {"words": words, "icon": icon, "url": f"?as={name}" if name else "?", "on": name == chosen}
        for name, (words, icon) in SHOWN.items()
    ]
    context = {
        "shown": shown,
        "sideways": [view for view in views if view.here and view is not shown],
        "options": options,
        "is_list": chosen == "list",
        "nav_current": "pathways",
    }
    return render(request, "pathways/pathway_detail.html", context)


@require_safe
def rung_detail(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One rung: what it asks, what I have of it, what can be booked, what people say who are on it."""
    return _rung(request, slug, number, None)


@require_POST
def voice_write(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what my job is like; the people team reads it first."""
    person, rung = person_or_404(request.user), get_rung(pk)
    form = VoiceForm(request.POST)
    if form.is_valid():
        try:
            write_voice(
                person=person,
                rung=rung,
                words=form.cleaned_data["words"],
                by=person,
                on=clock.today(),
            )
        except ActionRefused as refused:
            form.add_error("words", refused.sentence)
        else:
            messages.success(request, "Thank you. It is shown here once the people team has read it.")
            return redirect(rung_url(rung))
    return _rung(request, rung.pathway.slug, rung.number, form, status=422)


@require_POST
def voice_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take my own words away."""
    voice, rung = get_own_voice(request.user, pk)
    if voice is not None:
        remove_voice(voice=voice, by=person_or_404(request.user))
    messages.success(request, "Your words are gone.", extra_tags="passing")
    return redirect(rung_url(rung))


def _rung(
    request: SignedInRequest, slug: str, number: int, form: VoiceForm | None, *, status: int = 200
) -> HttpResponse:
    now, person = clock.now(), request.user.person
    views = all_pathways(person, on=timezone.localdate(now))
    shown = rung_page(views, slug, number, person, now=now)
    if shown is None:
        raise Http404("There is no such step.")
    if form is None and shown.step.is_mine:
        form = VoiceForm(initial={"words": shown.my_voice.words if shown.my_voice else ""})
    context: dict[str, object] = {
        "shown": shown,
        "step": shown.step,
        "pathway": shown.view.pathway,
        "may_write": person is not None,
        "form": form,
        "nav_current": "pathways",
    }
    return render(request, "pathways/rung_detail.html", context, status=status)
