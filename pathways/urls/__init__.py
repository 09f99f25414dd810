"""Addresses of pathways, each part in its own file."""

from pathways.urls import careers, coaching, golden_thread, induction, needs, requests

app_name = "pathways"

urlpatterns = [
    *requests.urlpatterns,
    *needs.urlpatterns,
    *induction.urlpatterns,
    *coaching.urlpatterns,
    *golden_thread.urlpatterns,
    *careers.urlpatterns,
]
