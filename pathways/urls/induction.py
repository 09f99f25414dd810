"""Addresses of induction."""

from django.urls import URLPattern, path

from pathways.views import induction

urlpatterns: list[URLPattern] = [
    path("induction/", induction.induction_mine, name="induction-mine"),
    path("induction/team/", induction.induction_team, name="induction-team"),
    path("induction/team/download/", induction.induction_team_download, name="induction-team-download"),
    path("induction/<int:pk>/", induction.induction_detail, name="induction-detail"),
    path("induction/<int:pk>/buddy/", induction.induction_buddy, name="induction-buddy"),
    path("induction/steps/<int:pk>/tick/", induction.induction_tick, name="induction-tick"),
    path("induction/steps/<int:pk>/undo/", induction.induction_undo, name="induction-undo"),
]
