"""Getting in: the sign-in page, the printed code, the account that waits to be linked."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, LogoutView
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from staff import clock
from staff.actions.sign_in import link_identity, set_first_password, unlink_identity
from staff.forms.sign_in import FirstPasswordForm
from staff.models import User
from staff.pending_link import PendingLink
from staff.queries.sign_in import demo_people
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest
from staff.turns import take_turn

# For each staff number ten tries in ten minutes; a whole school shares one address.
CODE_RATES = {"first_password": "10/10m/key,300/10m/ip"}


class SignInView(LoginView):
    """allauth's page; in demo mode it offers the made-up people."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """`demo_people` beside the form, in demo mode only."""
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_people"] = demo_people()
        return context


login = SignInView.as_view()
# Open, so that who has just signed out with the same form is not sent to sign in first.
logout = login_not_required(LogoutView.as_view())


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Staff number and printed code set a password and sign in."""
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["staff_number"].strip().upper()
        # A try counts once it has not worked: whoever has the code may press as often as they like.
        if not _count_try(request, number, dry_run=True):
            form.add_error(None, "That did not work too many times. Please wait ten minutes and try again.")
            return render(request, "staff/first_password.html", {"form": form}, status=429)
        user = _user_of(form)
        if user is not None:
            messages.success(
                request, "Your password is set. From now on sign in with it and your staff number."
            )
            record_authentication(request, user, method="password")
            return perform_login(request, user, email_verification="none")
        _count_try(request, number)
    return render(request, "staff/first_password.html", {"form": form})


def _count_try(request: HttpRequest, number: str, *, dry_run: bool = False) -> bool:
    """Whether another try is allowed for this staff number and address; it counts unless `dry_run`."""
    with transaction.atomic():
        take_turn("tries of first passwords")  # allauth refuses whoever finds its list of tries in use
        rates = {"app": "staff", "action": "first_password", "config": CODE_RATES, "key": number}
        return ratelimit.consume(request, dry_run=dry_run, **rates) is not None


def _user_of(form: FirstPasswordForm) -> User | None:
    """Whoever holds the code, with the password set; None, and the form says why."""
    try:
        return set_first_password(
            staff_number=form.cleaned_data["staff_number"],
            code=form.cleaned_data["code"],
            password=form.cleaned_data["password"],
            now=clock.now(),
        )
    except ActionRefused as refusal:
        form.add_error(None, refusal.sentence)
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: SignedInRequest) -> HttpResponse:
    """Confirm that an outside account becomes a way into this sign-in, proved since that account asked."""
    pending = PendingLink.of(request)
    if pending is None or pending.user_id != request.user.pk:
        PendingLink.drop(request)
        if pending:
            messages.error(
                request, f"That {pending.provider} account is not yours to link: it is another person's."
            )
        # Nothing that waits: the answer was sent before, and leads where it led then.
        return redirect("home" if pending is None and request.method == "POST" else "profile")
    if not any(record["at"] > pending.noted for record in get_authentication_records(request, request.user)):
        if not request.user.has_usable_password():
            messages.error(
                request, "Set a password first, or ask the people team to link that account for you."
            )
            return redirect("profile")
        raise ReauthenticationRequired
    if request.method != "POST":
        return render(request, "staff/account_link.html", {"pending": pending, "nav_current": "more"})
    PendingLink.drop(request)
    if request.POST.get("answer") != "link":
        messages.info(request, f"Your {pending.provider} account was not linked.")
        return redirect("home")
    try:
        link_identity(
            user=request.user,
            issuer=pending.issuer,
            tenant=pending.tenant,
            subject=pending.subject,
            by=request.user,
            now=clock.now(),
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("profile")
    messages.success(request, f"Linked. From now on your {pending.provider} account lets you in.")
    return redirect("home")


@require_POST
@reauthentication_required
def unlink(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one of my linked accounts away."""
    try:
        unlink_identity(identity_id=pk, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "That account no longer lets you in.")
    return redirect("profile")
