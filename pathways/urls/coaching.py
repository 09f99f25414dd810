"""Addresses of coaching."""

from django.urls import URLPattern, path

from pathways.views import coaching

urlpatterns: list[URLPattern] = [
    path("coaching/", coaching.coaching_mine, name="coaching-mine"),
    path("coaching/find/", coaching.coaching_find, name="coaching-find"),
    path("coaching/offer/", coaching.coaching_offer, name="coaching-offer"),
    path("coaching/figures/", coaching.coaching_figures, name="coaching-figures"),
    path("coaching/<int:pk>/", coaching.coaching_agreement, name="coaching-agreement"),
    path("coaching/<int:pk>/answer/", coaching.coaching_answer, name="coaching-answer"),
    path("coaching/<int:pk>/withdraw/", coaching.coaching_withdraw, name="coaching-withdraw"),
    path("coaching/<int:pk>/end/", coaching.coaching_end, name="coaching-end"),
    path("coaching/<int:pk>/log/", coaching.coaching_log, name="coaching-log"),
    path(
        "coaching/meetings/<int:pk>/remove/", coaching.coaching_meeting_remove, name="coaching-meeting-remove"
    ),
]
