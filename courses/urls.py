"""Addresses of the catalogue, bookings and registers."""

from django.urls import path

from courses.views import catalogue, manage

app_name = "courses"

urlpatterns = [
    path("", catalogue.course_list, name="course-list"),
    path("month/<str:month>/", catalogue.course_month, name="course-month"),
    # Running the catalogue
    path("manage/", manage.course_table, name="manage-list"),
    # One course: last, since a slug would take the words above
    path("<slug:slug>/", catalogue.course_detail, name="course-detail"),
    path("<slug:slug>/interest/", catalogue.course_interest, name="course-interest"),
]
