"""Addresses of the career pathways. The last of all: a slug takes whatever is left."""

from django.urls import path

from pathways.views import careers, goals

urlpatterns = [
    path("", careers.pathway_list, name="pathway-list"),
    path("goal/", goals.goal, name="goal"),
    path("goal/share/", goals.goal_share, name="goal-share"),
    path("goal/drop/", goals.goal_drop, name="goal-drop"),
    path("goal/reached/", goals.goal_reached, name="goal-reached"),
    path("goal/<int:pk>/undo/", goals.goal_undo, name="goal-undo"),
    path("rungs/<int:pk>/goal/", goals.goal_set, name="goal-set"),
    path("rungs/<int:pk>/voice/", careers.voice_write, name="voice-write"),
    path("voices/<int:pk>/remove/", careers.voice_remove, name="voice-remove"),
    path("held/<int:pk>/", goals.held_say, name="held-say"),
    path("held/<int:pk>/take-back/", goals.held_take_back, name="held-take-back"),
    path("<slug:slug>/", careers.pathway_detail, name="pathway-detail"),
    path("<slug:slug>/<int:number>/", careers.rung_detail, name="rung-detail"),
]
