"""Addresses of the catalogue, bookings and registers."""

from django.urls import path

from courses.views import bookings, catalogue, feeds, manage, registers

app_name = "courses"

urlpatterns = [
    path("", catalogue.course_list, name="course-list"),
    path("month/<str:month>/", catalogue.course_month, name="course-month"),
    # Places
    path("sessions/<int:pk>/book/", bookings.session_book, name="session-book"),
    path("bookings/", bookings.booking_list, name="booking-list"),
    path("bookings/<int:pk>/", bookings.booking_detail, name="booking-detail"),
    path("bookings/<int:pk>/calendar.ics", bookings.booking_calendar, name="booking-calendar"),
    path("bookings/<int:pk>/cancel/", bookings.booking_cancel, name="booking-cancel"),
    path("bookings/<int:pk>/accept/", bookings.booking_accept, name="booking-accept"),
    path("bookings/<int:pk>/decline/", bookings.booking_decline, name="booking-decline"),
    path("bookings/<int:pk>/decide/", bookings.booking_decide, name="booking-decide"),
    # Registers
    path("registers/", registers.register_list, name="register-list"),
    path("sessions/<int:pk>/register/", registers.session_register, name="session-register"),
    path("sessions/<int:pk>/register/undo/", registers.register_undo, name="register-undo"),
    path("sessions/<int:pk>/register/add/", registers.register_add, name="register-add"),
    # The private calendar's page; its address itself is /calendar/<token>.ics
    path("feed/", feeds.feed_page, name="feed-page"),
    path("feed/make/", feeds.feed_make, name="feed-make"),
    path("feed/revoke/", feeds.feed_revoke, name="feed-revoke"),
    # Running the catalogue
    path("manage/", manage.course_table, name="manage-list"),
    # One course: last, since a slug would take the words above
    path("<slug:slug>/", catalogue.course_detail, name="course-detail"),
    path("<slug:slug>/interest/", catalogue.course_interest, name="course-interest"),
]
