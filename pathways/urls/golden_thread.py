"""Addresses of the Golden Thread of teaching."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
