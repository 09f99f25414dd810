"""The report pages of pathways in the admin, under /admin/reports/."""

from django.contrib import admin
from django.urls import path

from pathways.views import request_reports

urlpatterns = [
    path("requests/", admin.site.admin_view(request_reports.requests_page), name="admin-report-requests"),
    path(
        "requests.csv", admin.site.admin_view(request_reports.requests_csv), name="admin-report-requests-csv"
    ),
    path(
        "requests.xlsx",
        admin.site.admin_view(request_reports.requests_xlsx),
        name="admin-report-requests-xlsx",
    ),
]
