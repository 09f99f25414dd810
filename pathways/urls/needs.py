"""Addresses of learning needs analysis and the plans from it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
