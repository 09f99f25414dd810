"""Sign-ins: printed codes, linked accounts, closing an account, a lost phone."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from staff import clock
from staff.actions.sign_in import hand_out_codes, link_identity, take_away_second_factor
from staff.admin.once import OnceAdmin, form_key
from staff.models import Person, SsoIdentity, User
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

# Ways round what this house does by itself: accounts come from the import, links are SsoIdentity rows,
# identity providers stand in settings, second factors are their owners' own, rights follow from duties.
for made_by_others in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, Group):
    if admin.site.is_registered(made_by_others):
        admin.site.unregister(made_by_others)

MOST_AT_ONCE = 200


@admin.action(description="Print one-time codes for the first password", permissions=["change"])
def print_codes(model_admin: OnceAdmin, request: SignedInRequest, chosen: QuerySet) -> HttpResponse | None:
    """A slip for each chosen person, on paper only: the answer is the one place that has the codes."""
    people = list(_people_of(chosen)[: MOST_AT_ONCE + 1])
    if len(people) > MOST_AT_ONCE:
        messages.error(request, f"At most {MOST_AT_ONCE} people at once: filter by school first.")
        return None
    try:
        slips, left_out = hand_out_codes(
            people=people, by=request.user, now=clock.now(), sheet=form_key(request)
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
        return None
    address = f"{settings.PUBLIC_URL}/accounts/first-password/"
    page = render(
        request, "staff/print_codes.html", {"slips": slips, "left_out": left_out, "address": address}
    )
    add_never_cache_headers(page)
    return page


def _people_of(chosen: QuerySet) -> QuerySet[Person]:
    if chosen.model is Person:
        return chosen
    return Person.objects.filter(pk__in=chosen.filter(person__isnull=False).values("person"))


@admin.register(User)
class UserAdmin(OnceAdmin):
    """Who can sign in. Passwords are set by their owners alone, and sign-ins come from the import."""

    list_display = ["sign_in", "person", "staff_number", "is_active", "last_login"]
    list_filter = [("is_active", BooleanRadioFilter)]
    list_select_related = ["person"]
    search_fields = ["email", "staff_number", "person__first_name", "person__last_name"]
    fields = ["person", "email", "staff_number", "is_active", "is_superuser", "last_login"]
    readonly_fields = ["person", "last_login"]
    actions = [print_codes, "remove_second_factor"]

    def formfield_for_dbfield(
        self, db_field: Field[object, object], request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        """Django's own words for an administrator are for programmers."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None and db_field.name == "is_superuser":
            found.label, found.help_text = "Administrator", "May do and see everything here."
        return found

    @display(description="Administrator", boolean=True, ordering="is_superuser")
    def administrator(self, user: User) -> bool:
        return user.is_superuser

    @display(description="Sign-in", ordering="email")
    def sign_in(self, user: User) -> str:
        return str(user)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only an administrator makes administrators, and only they are shown the switch."""
        return [name for name in self.fields if name != "is_superuser" or request.user.is_superuser]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [*self.list_display, "administrator"] if request.user.is_superuser else self.list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by the import, by a printed code or by `invite_admin`, always for somebody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A sign-in is closed, never deleted: what it did stays attributed."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever sees everybody's records is changed by an administrator: a new e-mail is a way in."""
        if obj is not None and not request.user.is_superuser and (obj.is_superuser or obj.is_people_team):
            return False
        return super().has_change_permission(request, obj)

    @admin.action(description="Take away a lost second factor", permissions=["change"])
    def remove_second_factor(self, request: SignedInRequest, chosen: QuerySet[User]) -> None:
        for user in chosen.select_related("person"):
            try:
                take_away_second_factor(user=user, by=request.user, now=clock.now())
            except ActionRefused as refusal:
                messages.error(request, refusal.sentence)
            else:
                messages.success(
                    request, f"{user} signs in without a second factor until a new one is set up."
                )


@admin.register(SsoIdentity)
class SsoIdentityAdmin(OnceAdmin):
    """Outside accounts: those that ask, and those that let somebody in."""

    list_display = ["whose", "issuer", "subject", "asked_at", "confirmed_at", "confirmed_by"]
    list_filter = ["confirmed_at"]
    list_select_related = ["user__person", "confirmed_by"]
    search_fields = ["user__email", "user__person__first_name", "user__person__last_name", "subject"]
    fields = ["user", "issuer", "tenant", "subject", "asked_at", "confirmed_at", "confirmed_by"]
    actions = ["confirm"]

    @display(description="Whose")
    def whose(self, identity: SsoIdentity) -> str:
        return str(identity.user.person or identity.user)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        """Nothing is typed in here: the identity provider says who somebody is."""
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SsoIdentity | None = None) -> bool:
        """Taking a link away opens nothing."""
        return self.has_change_permission(request, obj)

    @admin.action(description="Confirm: this account belongs to this person", permissions=["change"])
    def confirm(self, request: SignedInRequest, chosen: QuerySet[SsoIdentity]) -> None:
        for identity in chosen.select_related("user"):
            try:
                link_identity(
                    user=identity.user,
                    issuer=identity.issuer,
                    tenant=identity.tenant,
                    subject=identity.subject,
                    by=request.user,
                    now=clock.now(),
                )
            except ActionRefused as refusal:
                messages.error(request, refusal.sentence)
            else:
                messages.success(request, f"{identity.user} gets in with it from now on.")
