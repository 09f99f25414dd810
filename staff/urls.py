"""One's own pages: profile, messages, getting in."""

from django.urls import path
from django.views.generic import RedirectView

from staff.views import messages, profile, second_factor, sign_in

urlpatterns = [
    # Before allauth's own: the sign-in page with the demo people, and no way to change one's e-mail,
    # which comes from the HR system, or to keep a linked account anywhere else than in SsoIdentity.
    path("accounts/login/", sign_in.login, name="account_login"),
    path("accounts/logout/", sign_in.logout, name="account_logout"),
    path("accounts/2fa/totp/activate/", second_factor.activate, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", second_factor.deactivate, name="mfa_deactivate_totp"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        second_factor.generate_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        second_factor.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("accounts/email/", RedirectView.as_view(pattern_name="profile")),
    path("accounts/3rdparty/", RedirectView.as_view(pattern_name="profile")),
    path("accounts/first-password/", sign_in.first_password, name="first-password"),
    path("profile/", profile.profile, name="profile"),
    path("profile/colours/", profile.colours, name="profile-colours"),
    path("profile/reminders/", profile.reminders, name="profile-reminders"),
    path("profile/delegations/new/", profile.delegation_new, name="delegation-new"),
    path("profile/delegations/<int:pk>/end/", profile.delegation_end, name="delegation-end"),
    path("profile/link/", sign_in.link, name="sso-link"),
    path("profile/linked/<int:pk>/remove/", sign_in.unlink, name="sso-unlink"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<int:pk>/", messages.message_detail, name="message-detail"),
    path("messages/<int:pk>/body/", messages.message_body, name="message-body"),
    path("messages/<int:pk>/calendar.ics", messages.message_calendar, name="message-calendar"),
]
