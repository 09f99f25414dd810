"""Addresses of learning needs analysis and the plans from it."""

from django.urls import path

from pathways.views import needs, needs_plan, needs_reports, needs_themes

urlpatterns = [
    path("needs/", needs.needs_mine, name="needs-mine"),
    path("needs/team/", needs.needs_team, name="needs-team"),
    path("needs/team/<int:pk>/", needs.needs_person, name="needs-person"),
    path("needs/team/<int:pk>/rate/", needs.needs_person_rate, name="needs-person-rate"),
    path("needs/team/<int:pk>/levels/", needs.needs_person_moderate, name="needs-person-moderate"),
    path("needs/departments/", needs_reports.needs_heatmap, name="needs-heatmap"),
    path("needs/departments/download/", needs_reports.needs_heatmap_download, name="needs-heatmap-download"),
    path("needs/progress/", needs_reports.needs_progress, name="needs-progress"),
    path("needs/demand/", needs_reports.needs_demand, name="needs-demand"),
    path("needs/demand/lines/", needs_reports.needs_line_add, name="needs-line-add"),
    path("needs/themes/", needs_themes.theme_list, name="needs-themes"),
    path("needs/themes/import/", needs_themes.theme_import, name="needs-themes-import"),
    path("needs/themes/<int:pk>/trace/", needs_themes.theme_trace, name="needs-theme-trace"),
    path("plan/", needs_plan.plan, name="plan"),
    path("plan/add/", needs_plan.plan_add, name="plan-add"),
    path("plan/<int:pk>/done/", needs_plan.plan_done, name="plan-done"),
    path("plan/<int:pk>/drop/", needs_plan.plan_drop, name="plan-drop"),
]
