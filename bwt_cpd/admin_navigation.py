"""The admin's side bar, in the order of the people team's work."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from bwt_cpd.actions.file_imports import IMPORTS


def _page(title: str, icon: str, name: str, **more: object) -> dict[str, object]:
    return {"title": title, "icon": icon, "link": reverse(name), **more}


def _rows(title: str, icon: str, model: str) -> dict[str, object]:
    """A link to a model's list, for whoever may see it."""
    label = model.replace(".", "_")

    def may_see(request: HttpRequest) -> bool:
        model_admin = admin.site.get_model_admin(apps.get_model(model))
        return model_admin.has_view_permission(request)

    return _page(title, icon, f"admin:{label}_changelist", permission=may_see)


def navigation(request: HttpRequest) -> list[dict[str, object]]:
    """Groups of links; Unfold draws them and leaves out what the reader may not see."""
    return [
        {
            "items": [
                _page("Today", "home", "admin:index"),
                _page("Five-day entitlement", "bar_chart", "admin-report-entitlement"),
                *(
                    _page(found.title, "upload_file", f"admin-import-{slug}")
                    for slug, found in IMPORTS.items()
                ),
            ]
        },
        {
            "title": "People",
            "separator": True,
            "items": [
                _rows("People", "group", "staff.person"),
                _rows("Contracts", "work", "staff.contract"),
                _rows("Responsibilities", "badge", "staff.responsibility"),
                _rows("Delegations", "swap_horiz", "staff.delegation"),
                _rows("Schools", "school", "staff.school"),
                _rows("Job roles", "assignment_ind", "staff.jobrole"),
                _rows("Departments", "account_tree", "staff.department"),
            ],
        },
        {
            "title": "Courses",
            "separator": True,
            "items": [
                _rows("Courses", "menu_book", "courses.course"),
                _rows("Sessions", "event", "courses.session"),
                _rows("Bookings", "confirmation_number", "courses.booking"),
                _rows("Hubs", "hub", "staff.hub"),
                _rows("Strands", "label", "courses.strand"),
            ],
        },
        {
            "title": "Entitlement",
            "separator": True,
            "items": [
                _rows("Ledger", "receipt_long", "entitlements.ledgerentry"),
                _rows("Planned", "pending_actions", "entitlements.plannedcredit"),
                _rows("Claims", "fact_check", "entitlements.claim"),
                _rows("Carry-over", "redo", "entitlements.carryover"),
                _rows("Policy", "tune", "entitlements.entitlementpolicy"),
                _rows("Academic years", "date_range", "entitlements.academicyear"),
                _rows("Kinds of CPD", "category", "entitlements.activitykind"),
            ],
        },
        {
            "title": "Learning needs",
            "separator": True,
            "items": [
                _rows("Competencies", "checklist", "pathways.competency"),
                _rows("Levels", "signal_cellular_alt", "pathways.needslevel"),
                _rows("Role profiles", "assignment", "pathways.roleprofile"),
                _rows("Rounds", "event_repeat", "pathways.needscycle"),
                _rows("Ratings", "grading", "pathways.needsrating"),
                _rows("CPD plan", "playlist_add_check", "pathways.needsplanline"),
                _rows("Survey themes", "forum", "pathways.surveytheme"),
            ],
        },
        {
            "title": "Career pathways",
            "separator": True,
            "items": [
                _rows("Pathways", "conversion_path", "pathways.pathway"),
                _rows("Steps", "stairs", "pathways.rung"),
                _rows("Voices", "format_quote", "pathways.rungvoice"),
            ],
        },
        {
            "title": "Induction and coaching",
            "separator": True,
            "items": [
                _rows("Induction templates", "checklist_rtl", "pathways.inductiontemplate"),
                _rows("Inductions", "waving_hand", "pathways.induction"),
                _rows("Coaches", "record_voice_over", "pathways.coachprofile"),
            ],
        },
        {
            "title": "Teaching",
            "separator": True,
            "items": [
                _rows("Stages", "timeline", "pathways.careerstage"),
                _rows("Early careers", "school", "pathways.earlycareer"),
                _rows("Appropriate bodies", "verified_user", "pathways.appropriatebody"),
                _rows("Capacity", "groups", "pathways.trainingcapacity"),
                _rows("NPQ funding", "payments", "pathways.schoolfunding"),
                _rows("Training to teach", "signpost", "pathways.teachinginterest"),
            ],
        },
        {
            "title": "Funded routes",
            "separator": True,
            "items": [
                _page("Requests by staff group", "bar_chart", "admin-report-requests"),
                _rows("Routes", "route", "pathways.route"),
                _rows("Masters panels", "groups", "pathways.masterspanel"),
                _rows("Requests", "approval", "pathways.routerequest"),
                _rows("Masters fees", "payments", "pathways.routefee"),
            ],
        },
        {
            "title": "Portal",
            "separator": True,
            "items": [
                _rows("Sign-ins", "key", "staff.user"),
                _rows("Linked accounts", "link", "staff.ssoidentity"),
                _rows("Messages", "mail", "staff.message"),
                _rows("Jobs", "schedule", "staff.jobrun"),
            ],
        },
    ]
