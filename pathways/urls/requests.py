"""Addresses of funded routes and the requests for them."""

from django.urls import URLPattern, path

from pathways.views import requests, requests_steps, routes

urlpatterns: list[URLPattern] = [
    path("requests/", requests.request_list, name="request-list"),
    path("routes/", routes.route_list, name="route-list"),
    path("routes/<slug:slug>/", routes.route_detail, name="route-detail"),
    path("routes/<slug:slug>/request/", requests.request_start, name="request-start"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/edit/", requests.request_edit, name="request-edit"),
    path("requests/<int:pk>/discussion/", requests_steps.request_discussion, name="request-discussion"),
    path("requests/<int:pk>/check/", requests_steps.request_check, name="request-check"),
    path("requests/<int:pk>/sign/", requests_steps.request_sign, name="request-sign"),
    path("requests/<int:pk>/reviews/<int:number>/", requests_steps.request_review, name="request-review"),
    path("requests/<int:pk>/step/<slug:step>/", requests_steps.request_step, name="request-step"),
]
