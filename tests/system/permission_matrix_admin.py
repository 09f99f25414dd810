"""Who gets which answer in the admin: the reviewed table (RELIABILITY row 12).

Only the people team and administrators come in at all. For each model: what the people team may do
(view, add, change, delete) and which actions it is offered, site-wide ones such as delete_selected
included. A model or an action that is not here fails the suite.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.system.expectations import Entry, Row, of, page, row


@dataclass(frozen=True)
class May:
    """What the people team may do with the rows of a model."""

    do: frozenset[str]
    actions: frozenset[str] = field(default_factory=frozenset)


def may(do: str, *actions: str) -> May:
    return May(frozenset(do.split()), frozenset(actions))


MODELS: dict[str, May] = {
    "staff.person": may("view add change", "print_codes"),
    "staff.contract": may("view add change"),
    "staff.school": may("view add change"),
    "staff.hub": may("view add change"),
    "staff.department": may("view add change"),
    "staff.jobrole": may("view add change"),
    "staff.responsibility": may("view add change"),
    "staff.delegation": may("view add change"),
    "staff.message": may("view"),
    "staff.jobrun": may("view"),
    # Neither made nor unmade here, and never a way into a colleague's account (tests/staff/test_sign_in_admin.py).
    "staff.user": may("view change", "print_codes", "remove_second_factor"),
    "staff.ssoidentity": may("view change delete", "confirm", "delete_selected"),
    "courses.strand": may("view add change"),
    "courses.course": may("view add change"),
    "courses.session": may("view"),
    "courses.booking": may("view"),
    # The ledger is append-only for everybody; an entry is reversed, with a reason.
    "entitlements.ledgerentry": may("view", "reverse_entries"),
    "entitlements.plannedcredit": may("view"),
    "entitlements.claim": may("view"),
    "entitlements.carryover": may("view add"),
    "entitlements.academicyear": may("view add"),
    "entitlements.entitlementpolicy": may("view add change"),
    "entitlements.activitykind": may("view add change"),
    "pathways.pathway": may("view add change delete", "delete_selected"),
    "pathways.rung": may("view add change delete", "delete_selected"),
    "pathways.rungvoice": may("view", "publish", "hide"),
    "pathways.competency": may("view add change"),
    "pathways.needslevel": may("view change"),
    "pathways.roleprofile": may("view add change delete", "delete_selected"),
    "pathways.needscycle": may("view add change", "open_now"),
    # What people say of themselves and plan for themselves is read here and changed by them.
    "pathways.needsrating": may("view"),
    "pathways.planitem": may("view"),
    "pathways.needsplanline": may("view add change"),
    "pathways.surveytheme": may("view add change delete", "delete_selected"),
    "pathways.inductiontemplate": may("view add change"),
    "pathways.induction": may("view"),
    "pathways.coachprofile": may("view"),
    # A route is closed, never deleted; every step of a request and its money is taken on the portal's pages.
    "pathways.route": may("view add change"),
    "pathways.masterspanel": may("view add change"),
    "pathways.routerequest": may("view"),
    "pathways.routefee": may("view"),
    "pathways.careerstage": may("view add change delete", "delete_selected"),
    "pathways.appropriatebody": may("view add change"),
    "pathways.schoolfunding": may("view add change"),
    # These move on the portal's pages, whose actions count places and hold the steps together.
    "pathways.trainingcapacity": may("view"),
    "pathways.earlycareer": may("view"),
    "pathways.teachinginterest": may("view"),
}

#               smhltpna: the people team, and the sign-in page for somebody anonymous
IN = "xxxxxyxL"
ON = "xxxxx>xL"
NOT = "xxxxxxxL"
GONE = "xxxxxnxL"
NOT_THIS_WAY = "xxxxx-xL"

PAGES: dict[str, Entry] = {
    "admin:index": page(IN, IN),
    "admin:search": page(IN, IN),
    # The admin has no sign-in page of its own: a reader without the right is told so.
    "admin:login": page(ON, IN),
    "admin/logout/": page("yL", "LL"),  # the portal's own, before the admin's
    "admin:logout": page("yL", "LL"),
    "admin/password_change/": page(">>>>>>>L", ">>>>>>>L"),  # leads to the portal's own, before the admin's
    "admin:password_change": page(">>>>>>>L", ">>>>>>>L"),
    "admin:password_change_done": page(IN, NOT_THIS_WAY),
    "admin:jsi18n": page(IN, NOT_THIS_WAY),
    "admin:autocomplete": page(NOT, NOT_THIS_WAY),  # asks which field of which model; without: no
    "admin:view_on_site": of("nothing on site", any=row(GONE, GONE)),
    "admin:app_list": of("admin app", any=row(IN, IN)),
    "admin/(?P<url>.*)$": of("elsewhere in the admin", any=row(GONE, GONE)),
    "admin:staff_message_body": of("message", own=row(IN, IN), other=row(IN, IN)),
    "admin:staff_person_show_entries": of("row of staff.person", any=row(ON, ON)),
    "admin:entitlements_ledgerentry_reverse_this": of("row of entitlements.ledgerentry", any=row(IN, IN)),
    "admin-report-entitlement": page(IN, NOT_THIS_WAY),
    "admin-report-requests": page(IN, NOT_THIS_WAY),
    "admin-report-requests-csv": page(IN, NOT_THIS_WAY),
    "admin-report-requests-xlsx": page(IN, NOT_THIS_WAY),
    "admin-report-entitlement-people": page(IN, NOT_THIS_WAY),
    "admin-report-entitlement-csv": page(IN, NOT_THIS_WAY),
    "admin-report-entitlement-xlsx": page(IN, NOT_THIS_WAY),
    **{
        name: entry
        for slug in ("staff", "activities", "catalogue")
        for name, entry in (
            (f"admin-import-{slug}", page(IN, IN)),
            (f"admin-import-{slug}-difference", of("unknown import", any=row(GONE, GONE))),
            (f"admin-import-{slug}-difference-csv", of("unknown import", any=row(GONE, NOT_THIS_WAY))),
        )
    },
}


def model_pages(label: str, allowed: May) -> dict[str, Entry]:
    """The seven addresses that the admin makes for a model."""
    app, model = label.split(".")
    name, thing = f"admin:{app}_{model}", f"row of {label}"

    def answers(verb: str, post: str = "") -> Row:
        return Row(IN if verb in allowed.do else NOT, IN if (post or verb) in allowed.do else NOT)

    return {
        f"{name}_changelist": page(*_both(answers("view"))),
        f"{name}_add": page(*_both(answers("add"))),
        f"{name}_change": of(thing, any=answers("view", "change")),
        f"{name}_delete": of(thing, any=answers("delete")),
        f"{name}_history": of(thing, any=answers("view")),
        f"admin/{app}/{model}/<path:object_id>/": of(thing, any=row(ON, ON)),
    }


def _both(answers: Row) -> tuple[str, str]:
    return answers.get, answers.post


ADMIN: dict[str, Entry] = PAGES | {
    key: entry for label, allowed in MODELS.items() for key, entry in model_pages(label, allowed).items()
}
