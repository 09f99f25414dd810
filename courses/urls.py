"""Addresses of the catalogue, bookings and registers."""

from django.urls import path

from courses.views import bookings, catalogue, feeds, manage, manage_sessions, registers

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
    path("manage/new/", manage.course_new, name="manage-new"),
    path("manage/reach/", manage.audience_reach, name="manage-reach"),
    path("manage/courses/<slug:slug>/", manage.course_manage, name="manage-course"),
    path("manage/courses/<slug:slug>/edit/", manage.course_edit, name="manage-edit"),
    path("manage/courses/<slug:slug>/publish/", manage.course_publish, name="manage-publish"),
    path("manage/courses/<slug:slug>/sessions/", manage_sessions.sessions_new, name="manage-sessions-new"),
    path("manage/sessions/<int:pk>/", manage_sessions.session_people, name="manage-session"),
    path(
        "manage/sessions/<int:pk>/people.csv", manage_sessions.session_people_csv, name="manage-session-csv"
    ),
    path("manage/sessions/<int:pk>/edit/", manage_sessions.session_edit, name="manage-session-edit"),
    path(
        "manage/sessions/<int:pk>/capacity/", manage_sessions.session_capacity, name="manage-session-capacity"
    ),
    path("manage/sessions/<int:pk>/cancel/", manage_sessions.session_cancel, name="manage-session-cancel"),
    # One course: last, since a slug would take the words above
    path("<slug:slug>/", catalogue.course_detail, name="course-detail"),
    path("<slug:slug>/interest/", catalogue.course_interest, name="course-interest"),
]
