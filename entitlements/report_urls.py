"""The report pages of the admin, under /admin/reports/."""

from django.contrib import admin
from django.urls import path

from entitlements.views import reports

urlpatterns = [
    path("entitlement/", admin.site.admin_view(reports.entitlement), name="admin-report-entitlement"),
    path(
        "entitlement/people/",
        admin.site.admin_view(reports.entitlement_people),
        name="admin-report-entitlement-people",
    ),
    path(
        "entitlement.csv", admin.site.admin_view(reports.entitlement_csv), name="admin-report-entitlement-csv"
    ),
    path(
        "entitlement.xlsx",
        admin.site.admin_view(reports.entitlement_xlsx),
        name="admin-report-entitlement-xlsx",
    ),
]
