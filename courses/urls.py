"""Addresses of the catalogue, bookings and registers."""

from django.urls import path

from courses.views import catalogue

app_name = "courses"

urlpatterns = [
    path("", catalogue.course_list, name="course-list"),
]
