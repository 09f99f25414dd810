"""Addresses of the Golden Thread of teaching."""

from django.urls import URLPattern, path

from pathways.views import early_career, golden_thread, teaching_interest

urlpatterns: list[URLPattern] = [
    path("thread/", golden_thread.thread, name="thread"),
    path("thread/ects/", early_career.ect_list, name="ect-list"),
    path("thread/ects/new/<int:pk>/", early_career.ect_register, name="ect-register"),
    path("thread/ect/<int:pk>/", early_career.ect_detail, name="ect-detail"),
    path("thread/ect/<int:pk>/edit/", early_career.ect_edit, name="ect-edit"),
    path("thread/ect/<int:pk>/complete/", early_career.ect_complete, name="ect-complete"),
    path("thread/reviews/<int:pk>/", early_career.ect_review, name="ect-review"),
    path("thread/capacity/", golden_thread.capacity_list, name="capacity-list"),
    path("thread/capacity/<int:pk>/", golden_thread.capacity_edit, name="capacity-edit"),
    path("teach/", teaching_interest.teach_mine, name="teach-mine"),
    path("teach/board/", teaching_interest.teach_board, name="teach-board"),
    path("teach/<int:pk>/", teaching_interest.teach_detail, name="teach-detail"),
    path("teach/<int:pk>/<slug:to>/", teaching_interest.teach_move, name="teach-move"),
]
