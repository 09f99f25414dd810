"""Addresses of funded routes and the requests for them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
