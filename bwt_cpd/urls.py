"""Every address of the portal. What is not opened here one by one needs a sign-in (settings)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from bwt_cpd.views import about, components, health, home, more
from courses.views import feeds

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)

handler400 = "bwt_cpd.views.errors.bad_request"
handler403 = "bwt_cpd.views.errors.permission_denied"
handler404 = "bwt_cpd.views.errors.not_found"
handler500 = "bwt_cpd.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("courses/", include("courses.urls")),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path("entitlements/", include("entitlements.urls")),
    path("pathways/", include("pathways.urls")),
    path("more/", more.more, name="more"),
    path("help/", about.help_page, name="help"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("components/", components.gallery, name="components"),
    path("", include("staff.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
]
