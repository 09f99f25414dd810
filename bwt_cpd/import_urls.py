"""The import pages of the admin, under /admin/import/: three addresses for each import."""

from django.contrib import admin
from django.urls import path

from bwt_cpd.actions.file_imports import IMPORTS
from bwt_cpd.views import admin_imports

urlpatterns = [
    path(
        f"{slug}/{rest}",
        admin.site.admin_view(view),
        {"slug": slug},
        name=f"admin-import-{slug}{step}",
    )
    for slug in IMPORTS
    for rest, view, step in (
        ("", admin_imports.choose_files, ""),
        ("<uuid:token>/", admin_imports.difference, "-difference"),
        ("<uuid:token>/difference.csv", admin_imports.difference_csv, "-difference-csv"),
    )
]
