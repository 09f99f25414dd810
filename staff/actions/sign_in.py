"""How people get a sign-in, a first password and a linked account."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from staff.actions.account_mail import post_account_note
from staff.models import OneTimeCode, Person, SsoIdentity, User
from staff.refusals import ActionRefused

# No vowels (no words by chance) and nothing that looks like something else: 0 O, 1 I L, 2 Z, 5 S, 8 B.
NOT_YOURS_TO_LINK = "Only an administrator links somebody else's account."
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
CODE_GROUPS, GROUP_LENGTH = 4, 4
CODE_LIFE = timedelta(days=14)
SENT_AGAIN_WITHIN = timedelta(minutes=10)
WRONG_CODE = (
    "That staff number and code do not go together, or the code has been used or has run out. "
    "Check both, or ask the people team for a new slip."
)

ONLY_THE_PEOPLE_TEAM = "Only the people team hands out codes."
SECOND_FACTOR_GONE = "Your second factor was taken away"


def has_password(email: str) -> str:
    """Why no link for a first password is made for this sign-in."""
    return f"{email} has a password already: use the page for forgotten passwords."


def needs_administrator(person: Person) -> str:
    """Why the people team has no slip for one of themselves."""
    return f"{person} is in the people team: an administrator hands out that code."


def may_not_sign_in(person: Person) -> str:
    """Why there's no slip for a person who has left or is disabled."""
    return f"{person} has no contract in force or is disabled, and cannot sign in."


def has_no_staff_number(person: Person) -> str:
    """Why there's no slip for a person who has nowhere to type it."""
    return f"{person} has no staff number to use a code with."


@dataclass(frozen=True)
class Slip:
    """What is printed for one person: the code in readable groups, kept nowhere else."""

    person: Person
    staff_number: str
    code: str
    expires_at: datetime


@transaction.atomic
def ensure_sign_in(*, person: Person) -> User:
    """The person's sign-in, made when there is none: by work e-mail and staff number, without a password.

    Raises ActionRefused where there is neither, or where another sign-in already has the e-mail.
    """
    if user := User.objects.filter(person=person).first():
        return user
    email, number = person.work_email.lower() or None, person.payroll_number
    if not email and not number:
        raise ActionRefused(f"{person} has neither a work e-mail nor a staff number to sign in with.")
    if email and User.objects.filter(email=email).exists():
        raise ActionRefused(f"Somebody else already signs in with the e-mail address of {person}.")
    return User.objects.create_user(email, staff_number=number, person=person)


@transaction.atomic
def make_administrator(*, email: str) -> User:
    """A sign-in that may do everything, new or raised, without a password yet. From the command line only.

    Raises ActionRefused where the sign-in already has a password: a link to set another one would
    be a way into somebody's account; the page for forgotten passwords serves them.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        return User.objects.create_superuser(email)
    if user.has_usable_password():
        raise ActionRefused(has_password(email))
    user.is_superuser, user.is_active = True, True
    user.save(update_fields=["is_superuser", "is_active"])
    return user


@transaction.atomic
def hand_out_codes(
    *, people: Iterable[Person], by: User, now: datetime, sheet: str = ""
) -> tuple[list[Slip], list[str]]:
    """A printed one-time code for each person, good for 14 days; older ones stop working.

    `sheet` is what tells one form from every other, and is kept nowhere: the same sent twice has the same codes on
    it, so that no paper is printed whose codes have stopped working meanwhile. Returns the slips in the order of the
    people, and a sentence for each person who gets none. Only hashes are stored. Raises ActionRefused unless `by` is
    of the people team or an administrator. People who see everybody's records get theirs from an administrator
    alone: otherwise a slip would be a way into a colleague's account.
    """
    if not (by.is_superuser or by.is_people_team):
        raise ActionRefused(ONLY_THE_PEOPLE_TEAM)
    slips, left_out = [], []
    for person in people:
        try:
            user = ensure_sign_in(person=person)
            slips.append(_slip(user, by, now, sheet))
        except ActionRefused as refusal:
            left_out.append(refusal.sentence)
    return slips, left_out


def _slip(user: User, by: User, now: datetime, sheet: str) -> Slip:
    person = user.person
    assert person is not None  # made for one
    if user.is_staff and not by.is_superuser:
        raise ActionRefused(needs_administrator(person))
    if not User.objects.may_sign_in(timezone.localdate(now)).filter(pk=user.pk).exists():
        raise ActionRefused(may_not_sign_in(person))
    if user.staff_number is None:
        if person.payroll_number is None:
            raise ActionRefused(has_no_staff_number(person))
        user.staff_number = person.payroll_number
        user.save(update_fields=["staff_number"])
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # the same sheet, sent twice at once
    code = new_code(f"{user.pk}:{sheet}" if sheet else "")
    hashed = code_hash(user.pk, code)
    printed = OneTimeCode.objects.filter(code_hash=hashed).first()
    if printed is None:
        user.one_time_codes.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        printed = OneTimeCode.objects.create(
            user=user, code_hash=hashed, created_by=by, expires_at=now + CODE_LIFE
        )
    return Slip(person, user.staff_number, code, printed.expires_at)


def new_code(place: str = "") -> str:
    """ "K7MP-3XRT-W9CH-4NDF": 71 bits, more than anybody guesses at ten tries in ten minutes.

    For one place on one sheet always the same, which nobody can work out without the portal's secret.
    """
    letters = CODE_GROUPS * GROUP_LENGTH
    if place:
        drawn = salted_hmac("staff.one_time_code.sheet", place, algorithm="sha512").digest()
        number = int.from_bytes(drawn)
        signs = [ALPHABET[number // len(ALPHABET) ** at % len(ALPHABET)] for at in range(letters)]
    else:
        signs = [secrets.choice(ALPHABET) for _ in range(letters)]
    return "-".join("".join(signs[at : at + GROUP_LENGTH]) for at in range(0, letters, GROUP_LENGTH))


def code_hash(user_id: int, code: str) -> str:
    """What is stored of a code: bound to the sign-in and to the portal's secret; case and dashes do not count."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("staff.one_time_code", f"{user_id}:{plain}", algorithm="sha256").hexdigest()


def code_fits(*, staff_number: str, code: str, now: datetime) -> OneTimeCode | None:
    """The live code of this staff number that equals `code`, else None; one query, hash and comparison
    whether the number is known or not.
    """
    live = OneTimeCode.objects.filter(user__staff_number__iexact=staff_number.strip(), expires_at__gt=now)
    found = live.filter(used_at__isnull=True).select_related("user__person").order_by("-pk").first()
    expected = found.code_hash if found else "0" * 64
    fits = hmac.compare_digest(code_hash(found.user_id if found else 0, code), expected)
    return found if found and fits else None


@transaction.atomic
def take_away_second_factor(*, user: User, by: User, now: datetime) -> None:
    """After a lost phone: authenticator app, passkeys and recovery codes go, the password stays. Twice is once.

    Raises ActionRefused for anybody but the people team and administrators, for oneself, and for
    whoever sees everybody's records unless an administrator does it.
    """
    if not (by.is_superuser or by.is_people_team) or by.pk == user.pk:
        raise ActionRefused("Somebody else of the people team does this for you.")
    if user.is_staff and not by.is_superuser:
        raise ActionRefused(f"{user} is in the people team: an administrator does this.")
    taken, _ = Authenticator.objects.filter(user=user).delete()
    if taken and user.person is not None:
        post_account_note(
            person=user.person,
            subject=SECOND_FACTOR_GONE,
            body="The people team took away the second step of your sign-in. If you did not ask for it, tell them.",
            now=now,
        )


def set_first_password(*, staff_number: str, code: str, password: str, now: datetime) -> User:
    """Set the password of whoever holds the printed code, which is used up by it; their sessions end.

    The same code with the same password within ten minutes is the same form sent twice. Raises ActionRefused, with
    the same sentence whatever was wrong.
    """
    # Whoever finds the code used tries the password afterwards: that takes a second, and no lock is held for it.
    user = _use_code(staff_number, code, password, now) or _has_set_just_so(staff_number, code, password, now)
    if user is None:
        raise ActionRefused(WRONG_CODE)
    return user


@transaction.atomic
def _use_code(staff_number: str, code: str, password: str, now: datetime) -> User | None:
    """Whose code it is, with the password set; None where it fits nobody who may sign in, or has been used."""
    found = code_fits(staff_number=staff_number, code=code, now=now)
    allowed = User.objects.may_sign_in(timezone.localdate(now))
    if found is None or not allowed.filter(pk=found.user_id).exists():
        return None
    # The UPDATE decides: of two forms with the same code sent at once one finds it unused.
    if not OneTimeCode.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=now):
        return None
    user = found.user
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return user


def _has_set_just_so(staff_number: str, code: str, password: str, now: datetime) -> User | None:
    """Whoever has used this code for this password just now. One query; the password is tried for the code alone."""
    used = OneTimeCode.objects.filter(user__staff_number__iexact=staff_number.strip(), used_at__isnull=False)
    last = (
        used.filter(used_at__gt=now - SENT_AGAIN_WITHIN).select_related("user").order_by("-used_at").first()
    )
    if last is None or not hmac.compare_digest(code_hash(last.user_id, code), last.code_hash):
        return None
    may = User.objects.may_sign_in(timezone.localdate(now)).filter(pk=last.user_id).exists()
    return last.user if may and last.user.check_password(password) else None


# Linked accounts --------------------------------------------------------------------------
@transaction.atomic
def ask_to_link(*, user: User, issuer: str, tenant: str, subject: str) -> SsoIdentity:
    """Note that an outside account with this person's verified e-mail asked to come in.

    It lets nobody in until it is confirmed. Raises ActionRefused where the sign-in already has
    another account there: an address given to somebody new must not open the old one's records.
    """
    _refuse_second_subject(user, issuer, tenant, subject)
    identity, _ = SsoIdentity.objects.get_or_create(
        issuer=issuer, tenant=tenant, subject=subject, defaults={"user": user}
    )
    if identity.user_id != user.pk:
        raise ActionRefused("That account already belongs to somebody else here. Ask the people team.")
    return identity


@transaction.atomic
def link_identity(
    *, user: User, issuer: str, tenant: str, subject: str, by: User, now: datetime
) -> SsoIdentity:
    """Link an outside account to a sign-in that has just been proved (`by` is the same), or that an
    administrator vouches for. Doing it twice changes nothing.
    """
    identity = ask_to_link(user=user, issuer=issuer, tenant=tenant, subject=subject)
    if by.pk != user.pk and not (by.is_superuser or by.is_people_team):
        raise ActionRefused(NOT_YOURS_TO_LINK)
    if user.is_staff and by.pk != user.pk and not by.is_superuser:
        raise ActionRefused("An administrator links the accounts of the people team.")
    if identity.confirmed_at is None:
        identity.confirmed_at, identity.confirmed_by = now, by
        try:
            with transaction.atomic():
                identity.save(update_fields=["confirmed_at", "confirmed_by"])
        except IntegrityError:
            raise ActionRefused("This sign-in already has another account there.") from None
    return identity


@transaction.atomic
def unlink_identity(*, identity_id: int, by: User) -> None:
    """Take a linked account away: one's own while there is a password left, anybody's as people team.

    Raises ActionRefused otherwise.
    """
    identity = SsoIdentity.objects.select_related("user").filter(pk=identity_id).first()
    if identity is None or (identity.user_id != by.pk and not (by.is_superuser or by.is_people_team)):
        raise ActionRefused("There is no such linked account.")
    if identity.user_id == by.pk and not by.has_usable_password():
        raise ActionRefused("Set a password first: without it you could not sign in any more.")
    identity.delete()


def _refuse_second_subject(user: User, issuer: str, tenant: str, subject: str) -> None:
    others = user.sso_identities.filter(issuer=issuer, tenant=tenant, confirmed_at__isnull=False)
    if others.exclude(subject=subject).exists():
        raise ActionRefused(
            "Another account with this e-mail address is already linked. If yours is new, ask the people team to "
            "take the old one away."
        )
