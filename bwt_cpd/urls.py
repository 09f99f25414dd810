"""Every address of the portal. What is not opened here one by one needs a sign-in (settings)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from bwt_cpd.views import about, components, health, home, inbox, more, search, team, year
from courses.views import feeds
from entitlements import urls as entitlements_urls
from staff.views import sign_in

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's way in

handler400 = "bwt_cpd.views.errors.bad_request"
handler403 = "bwt_cpd.views.errors.permission_denied"
handler404 = "bwt_cpd.views.errors.not_found"
handler500 = "bwt_cpd.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("courses/", include("courses.urls")),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    # My year shows what would close the gap as well, so it is composed here.
    path(
        "entitlements/",
        include(([path("", year.my_year, name="year"), *entitlements_urls.urlpatterns], "entitlements")),
    ),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/claims/", inbox.inbox_claims, name="inbox-claims"),
    path("inbox/claims/<int:pk>/", inbox.inbox_claim, name="inbox-claim"),
    path("inbox/bookings/<int:pk>/", inbox.inbox_booking, name="inbox-booking"),
    path("inbox/offers/<int:pk>/", inbox.inbox_offer, name="inbox-offer"),
    path("inbox/requests/<int:pk>/", inbox.inbox_request, name="inbox-request"),
    path("inbox/coaching/<int:pk>/", inbox.inbox_coaching, name="inbox-coaching"),
    path("team/", team.team, name="team"),
    path("team/download/", team.team_download, name="team-download"),
    path("team/<int:pk>/", team.team_person, name="team-person"),
    path("pathways/", include("pathways.urls")),
    path("search/", search.search, name="search"),
    path("more/", more.more, name="more"),
    path("help/", about.help_page, name="help"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("components/", components.gallery, name="components"),
    path("", include("staff.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/reports/", include("entitlements.report_urls")),
    path("admin/reports/", include("pathways.report_urls")),
    path("admin/import/", include("bwt_cpd.import_urls")),
    # One way to a new password: that of the portal, with its mail and what it asks first.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/logout/", sign_in.logout),  # the portal's: whoever presses it twice is signed out once
    path("admin/", admin.site.urls),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
]
