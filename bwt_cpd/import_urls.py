"""The import pages of the admin, under /admin/import/."""

from django.contrib import admin
from django.urls import path

from bwt_cpd.views import admin_imports

urlpatterns = [
    path("staff/", admin.site.admin_view(admin_imports.choose_files), name="admin-import-staff"),
    path(
        "staff/<uuid:token>/",
        admin.site.admin_view(admin_imports.difference),
        name="admin-import-staff-difference",
    ),
    path(
        "staff/<uuid:token>/difference.csv",
        admin.site.admin_view(admin_imports.difference_csv),
        name="admin-import-staff-difference-csv",
    ),
]
