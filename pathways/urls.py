"""Addresses of the career pathways."""

from django.urls import path

from pathways.views import careers

app_name = "pathways"

urlpatterns = [
    path("", careers.pathway_list, name="pathway-list"),
    path("<slug:slug>/", careers.pathway_detail, name="pathway-detail"),
]
