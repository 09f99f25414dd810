"""The forms of the admin: adding, changing, deleting, and what is done with chosen rows.

All admins are `staff.admin.once.OnceAdmin` (tests/staff/admin/test_once.py), so that a few stand for the others.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import reverse

from entitlements.models import LedgerEntry
from pathways.models import Pathway, Rung, RungVoice
from staff import clock
from staff.models import SsoIdentity, User
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory
from tests.factories.pathways_golden_thread import CareerStageFactory
from tests.factories.pathways_induction import InductionTemplateFactory
from tests.factories.pathways_needs import NeedsCycleFactory, RoleProfileFactory
from tests.factories.staff import ContractFactory, PersonFactory, UserFactory
from tests.system.repeats.cases import Cases, Form, Get
from tests.system.repeats.pages import read_form

_numbers = count(1)


def _send(get: Get, path: str, data: dict[str, Any], **more: Any) -> Form:
    """The page's form as it is read, with this typed into it."""
    return Form("people_team", path, {**read_form(get("people_team"), path), **data}, **more)


def _row(label: str, pk: int, verb: str) -> str:
    return reverse(f"admin:{label}_{verb}", args=[pk])


# Adding and changing --------------------------------------------------------------------------
def to_add(label: str, data: dict[str, Any], get: Get) -> Form:
    path = reverse(f"admin:{label}_add")
    return _send(get, path, data, to=reverse(f"admin:{label}_changelist"))


def _inline(prefix: str, **fields: object) -> dict[str, object]:
    """One row more than there are."""
    return {f"{prefix}-TOTAL_FORMS": "1", **{f"{prefix}-0-{name}": value for name, value in fields.items()}}


def to_add_person(get: Get) -> Form:
    """With an absence: a person, a way to sign in, and what is in the rows below."""
    data = {"first_name": "Nora", "last_name": "New", "payroll_number": "N0001"}
    absence = _inline("absences", absence_class="family", starts_on="2026-11-02")
    return to_add("staff_person", data | absence, get)


def to_add_duty(get: Get) -> Form:
    data = {"person": get("teacher").person.pk, "kind": "cpd_lead", "school": get("beanfield").pk}
    return to_add("staff_responsibility", {**data, "starts_on": "2026-09-01"}, get)


def to_add_delegation(get: Get) -> Form:
    data = {"from_person": get("headteacher").person.pk, "to_person": get("cpd_lead").person.pk}
    return to_add("staff_delegation", {**data, "starts_on": "2027-01-04", "ends_on": "2027-01-08"}, get)


def to_add_stage(get: Get) -> Form:
    return to_add("pathways_careerstage", {"person": get("teacher").person.pk, "stage": "teacher"}, get)


def to_add_absence(get: Get) -> Form:
    """On the page of somebody who is there already."""
    person = ContractFactory(school=get("beanfield"), job_role=get("teacher_role")).person
    path = _row("staff_person", person.pk, "change")
    return _send(get, path, _inline("absences", absence_class="family", starts_on="2026-11-02"))


def to_change_school(get: Get) -> Form:
    path = _row("staff_school", get("kettering").pk, "change")
    return _send(get, path, {"town": "Kettering"})


def to_add_step(get: Get) -> Form:
    """To a list of steps, where nothing but the form itself says that it was sent before."""
    template = InductionTemplateFactory()
    path = _row("pathways_inductiontemplate", template.pk, "change")
    return _send(get, path, _inline("steps", number="1", title="Say hello", done_by="person", due_days="1"))


# Deleting -------------------------------------------------------------------------------------
def a_link(get: Get, user: User | None = None, **fields: Any) -> SsoIdentity:
    return SsoIdentity.objects.create(
        user=user or get("teacher"), issuer=f"https://{next(_numbers)}.example", subject="s", **fields
    )


def to_delete_link(get: Get) -> Form:
    path = _row("staff_ssoidentity", a_link(get).pk, "delete")
    return _send(get, path, {}, to=reverse("admin:staff_ssoidentity_changelist"))


def to_delete_stage(get: Get) -> Form:
    path = _row("pathways_careerstage", CareerStageFactory(person=PersonFactory()).pk, "delete")
    return _send(get, path, {}, to=reverse("admin:pathways_careerstage_changelist"))


# Chosen rows ----------------------------------------------------------------------------------
def to_act(label: str, action: str, rows: list[int], get: Get, **more: Any) -> Form:
    path = reverse(f"admin:{label}_changelist")
    data = {"action": action, "_selected_action": rows, **more.pop("data", {})}
    return _send(get, path, data, **more)


def to_print_codes(label: str, get: Get) -> Form:
    """Two sheets with the same codes on them."""
    people = [ContractFactory(school=get("beanfield"), job_role=get("assistant_role")).person for _ in "ab"]
    users = [UserFactory(person=person, email=None, staff_number=person.payroll_number) for person in people]
    rows = [one.pk for one in (people if label == "staff_person" else users)]
    return to_act(label, "print_codes", rows, get, status=200)


def to_remove_second_factor(get: Get) -> Form:
    Authenticator.objects.create(user=get("teacher"), type=Authenticator.Type.TOTP, data={"secret": "x"})
    return to_act("staff_user", "remove_second_factor", [get("teacher").pk], get)


def to_confirm(get: Get) -> Form:
    return to_act("staff_ssoidentity", "confirm", [a_link(get).pk], get)


def to_delete_links(get: Get) -> Form:
    rows = [a_link(get).pk for _ in "ab"]
    return to_act("staff_ssoidentity", "delete_selected", rows, get, data={"post": "yes"})


def to_delete_profiles(get: Get) -> Form:
    rows = [RoleProfileFactory(job_role=get("teacher_role")).pk for _ in "ab"]
    return to_act("pathways_roleprofile", "delete_selected", rows, get, data={"post": "yes"})


def to_reverse(get: Get) -> Form:
    year = AcademicYearFactory(name="2026/27")
    entry = LedgerEntry.objects.create(
        person=get("teacher").person,
        year=year,
        kind=ActivityKindFactory(code="course"),
        minutes=60,
        occurred_on=date(2026, 11, 2),
        source_key=f"repeats:{next(_numbers)}:1",
    )
    data = {"reason": "It was somebody else."}
    return to_act("entitlements_ledgerentry", "reverse_entries", [entry.pk], get, data=data)


def to_show_voice(action: str, get: Get) -> Form:
    pathway = Pathway.objects.create(slug=f"voices-{next(_numbers)}", name=f"Voices {next(_numbers)}")
    rung = Rung.objects.create(pathway=pathway, number=1)
    voice = RungVoice.objects.create(person=get("teacher").person, rung=rung, words="Good.")
    if action == "hide":
        RungVoice.objects.filter(pk=voice.pk).update(
            published_at=clock.now(), published_by=get("people_team").person
        )
    return to_act("pathways_rungvoice", action, [voice.pk], get)


def to_open(get: Get) -> Form:
    """With one rating to be given, by the teacher of the tests."""
    get("teacher")
    RoleProfileFactory(job_role=get("teacher_role"))
    return to_act("pathways_needscycle", "open_now", [NeedsCycleFactory().pk], get)


_SCHOOL = {"code": "NEW", "name": "New School", "kind": "school", "phase": "primary"}
CASES: Cases = {
    "admin:staff_school_add": (
        partial(to_add, "staff_school", _SCHOOL),
        {"+admin.logentry": 1, "+staff.school": 1},
    ),
    "admin:staff_school_add, and go on": (
        lambda get: _send(
            get, reverse("admin:staff_school_add"), {**_SCHOOL, "code": "NEXT", "_continue": "1"}
        ),
        {"+admin.logentry": 1, "+staff.school": 1},
    ),
    "admin:staff_school_change": (to_change_school, {"+admin.logentry": 1, "staff.school": 1}),
    "admin:staff_person_add": (
        to_add_person,
        {"+admin.logentry": 1, "+staff.absence": 1, "+staff.person": 1, "+staff.user": 1},
    ),
    "admin:staff_person_change": (to_add_absence, {"+admin.logentry": 1, "+staff.absence": 1}),
    "admin:pathways_inductiontemplate_change": (
        to_add_step,
        {"+admin.logentry": 1, "+pathways.inductiontemplatestep": 1},
    ),
    "admin:staff_responsibility_add": (to_add_duty, {"+admin.logentry": 1, "+staff.responsibility": 1}),
    "admin:staff_delegation_add": (to_add_delegation, {"+admin.logentry": 1, "+staff.delegation": 1}),
    "admin:pathways_careerstage_add": (to_add_stage, {"+admin.logentry": 1, "+pathways.careerstage": 1}),
    "admin:pathways_careerstage_delete": (
        to_delete_stage,
        {"+admin.logentry": 1, "-pathways.careerstage": 1},
    ),
    "admin:staff_ssoidentity_delete": (to_delete_link, {"+admin.logentry": 1, "-staff.ssoidentity": 1}),
    "admin:staff_person_changelist, print codes": (
        partial(to_print_codes, "staff_person"),
        {"+staff.onetimecode": 2},
    ),
    "admin:staff_user_changelist, print codes": (
        partial(to_print_codes, "staff_user"),
        {"+staff.onetimecode": 2},
    ),
    "admin:staff_user_changelist, second factor": (
        to_remove_second_factor,
        {"+staff.message": 1, "-mfa.authenticator": 1},
    ),
    "admin:staff_ssoidentity_changelist, confirm": (to_confirm, {"staff.ssoidentity": 1}),
    "admin:staff_ssoidentity_changelist, delete": (
        to_delete_links,
        {"+admin.logentry": 2, "-staff.ssoidentity": 2},
    ),
    "admin:pathways_roleprofile_changelist, delete": (
        to_delete_profiles,
        {"+admin.logentry": 2, "-pathways.roleprofile": 2},
    ),
    "admin:entitlements_ledgerentry_changelist": (to_reverse, {"+entitlements.ledgerentry": 1}),
    "admin:pathways_rungvoice_changelist, publish": (
        partial(to_show_voice, "publish"),
        {"pathways.rungvoice": 1},
    ),
    "admin:pathways_rungvoice_changelist, hide": (partial(to_show_voice, "hide"), {"pathways.rungvoice": 1}),
    "admin:pathways_needscycle_changelist": (to_open, {"+pathways.needsrating": 4}),
}
