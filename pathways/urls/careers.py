"""Addresses of the career pathways. The last of all: a slug takes whatever is left."""

from django.urls import path

from pathways.views import careers

urlpatterns = [
    path("", careers.pathway_list, name="pathway-list"),
    path("<slug:slug>/", careers.pathway_detail, name="pathway-detail"),
]
