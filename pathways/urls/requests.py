"""Addresses of funded routes and the requests for them."""

from django.urls import URLPattern, path

from pathways.views import request_board, request_money, requests, requests_steps, routes

urlpatterns: list[URLPattern] = [
    path("requests/", requests.request_list, name="request-list"),
    path("routes/", routes.route_list, name="route-list"),
    path("routes/<slug:slug>/", routes.route_detail, name="route-detail"),
    path("routes/<slug:slug>/request/", requests.request_start, name="request-start"),
    path("requests/board/", request_board.request_board, name="request-board"),
    path("requests/panels/", request_board.panel_list, name="panel-list"),
    path("requests/panels/<int:pk>/", request_board.panel_detail, name="panel-detail"),
    path("requests/<int:pk>/fees/", request_money.request_fees, name="request-fees"),
    path("requests/<int:pk>/fees/paid/", request_money.request_pay, name="request-pay"),
    path("requests/<int:pk>/fees/waive/", request_money.request_waive, name="request-waive"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/edit/", requests.request_edit, name="request-edit"),
    path("requests/<int:pk>/discussion/", requests_steps.request_discussion, name="request-discussion"),
    path("requests/<int:pk>/check/", requests_steps.request_check, name="request-check"),
    path("requests/<int:pk>/sign/", requests_steps.request_sign, name="request-sign"),
    path("requests/<int:pk>/reviews/<int:number>/", requests_steps.request_review, name="request-review"),
    path("requests/<int:pk>/step/<slug:step>/", requests_steps.request_step, name="request-step"),
]
