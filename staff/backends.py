"""Who a session belongs to, and what the people team may do in the admin."""

from typing import Final

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS

from staff import clock
from staff.models import Person, User
from staff.queries.prepared import Prepared

_VIEW = frozenset({"view"})
_EDIT = frozenset({"view", "add", "change"})
_ALL = frozenset({"view", "add", "change", "delete"})

# app label -> model -> actions; what is not here is not theirs. Of sign-ins and linked accounts the
# admin leaves them what opens nothing (staff/admin/sign_in.py). The ledger is read-only for everybody.
PEOPLE_TEAM_MAY: dict[str, dict[str, frozenset[str]]] = {
    "staff": {
        "school": _EDIT,
        "hub": _EDIT,
        "department": _EDIT,
        "jobrole": _EDIT,
        "person": _EDIT,
        "contract": _EDIT,
        "absence": _ALL,
        "responsibility": _EDIT,
        "delegation": _EDIT,
        "message": _VIEW,
        "jobrun": _VIEW,
        "user": frozenset({"view", "change"}),
        "ssoidentity": frozenset({"view", "change"}),
    },
    "entitlements": {
        "academicyear": frozenset({"view", "add"}),
        "entitlementpolicy": _EDIT,
        "activitykind": _EDIT,
        "ledgerentry": _VIEW,
        "plannedcredit": _VIEW,
        "claim": _VIEW,
        "carryover": frozenset({"view", "add"}),
        "statement": _VIEW,
    },
    "courses": {
        "strand": _EDIT,
        "course": _EDIT,
        "session": _VIEW,
        "sessionpart": _VIEW,
        "booking": _VIEW,
        "attendance": _VIEW,
    },
    "pathways": {
        "pathway": _ALL,
        "rung": _ALL,
        "rungcpd": _ALL,
        "rungvoice": _VIEW,
        "competency": _EDIT,
        "needslevel": _EDIT,
        "roleprofile": _ALL,
        "needscycle": _EDIT,
        "needsrating": _VIEW,
        "planitem": _VIEW,
        "needsplanline": _EDIT,
        "surveytheme": _ALL,
        "route": _EDIT,
        "masterspanel": _EDIT,
        "routerequest": _VIEW,
        "routefee": _VIEW,
        "inductiontemplate": _EDIT,
        "inductiontemplatestep": _ALL,
        "induction": _VIEW,
        "coachprofile": _VIEW,
        "careerstage": _ALL,
        "appropriatebody": _EDIT,
        "schoolfunding": _EDIT,
        "trainingcapacity": _VIEW,
        "earlycareer": _VIEW,
        "earlycareerreview": _VIEW,
        "teachinginterest": _VIEW,
        "teachingintereststep": _VIEW,
    },
}

# Every request asks this, so it is put together once.
_USER_FIELDS: Final = [field.attname for field in User._meta.concrete_fields]  # noqa: SLF001 - documented, in spite of its name
_PERSON_FIELDS: Final = [field.attname for field in Person._meta.concrete_fields]  # noqa: SLF001 - documented, in spite of its name
_SIGN_IN: Final = Prepared(
    lambda user_id, on: (
        User.objects.may_sign_in(on)
        .filter(pk=user_id)
        .values_list(*_USER_FIELDS, *(f"person__{name}" for name in _PERSON_FIELDS))
    )
)


class SignInBackend(AuthenticationBackend):
    """allauth's e-mail or staff number with a password, and a stricter look at every request."""

    def get_user(self, user_id: int) -> User | None:
        """The sign-in of a session with its person, or None where it may no longer be used.

        One query, the one that Django makes anyway: a disabled account and somebody whose last
        contract is over are out at their next request.
        """
        rows = _SIGN_IN.rows(int(user_id), clock.today())
        if not rows:
            return None
        user = User.from_db(DEFAULT_DB_ALIAS, _USER_FIELDS, rows[0][: len(_USER_FIELDS)])
        of_person = rows[0][len(_USER_FIELDS) :]
        user.person = Person.from_db(DEFAULT_DB_ALIAS, _PERSON_FIELDS, of_person) if user.person_id else None
        return user


class ResponsibilityBackend(BaseBackend):
    """Grants admin permissions to whoever holds the people team's responsibility today."""

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: object = None) -> bool:
        """Whether the responsibility carries this permission."""
        if not isinstance(user_obj, User) or not user_obj.is_active or not user_obj.is_people_team:
            return False
        app, _, codename = perm.partition(".")
        verb, _, model = codename.partition("_")
        return verb in PEOPLE_TEAM_MAY.get(app, {}).get(model, ())

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Whether the app shows at all."""
        return (
            isinstance(user_obj, User)
            and user_obj.is_active
            and user_obj.is_people_team
            and app_label in PEOPLE_TEAM_MAY
        )
