"""Who a visitor is, and why they may not come in."""

from __future__ import annotations

from datetime import date

from staff.models import Contract, Person, SsoIdentity, User

# address -> what they are, in the order in which the sign-in page offers them
DEMO_ROLES = {
    "ta": "Teaching assistant",
    "teacher": "Teacher",
    "manager": "Line manager",
    "head": "Headteacher",
    "cpdlead": "CPD lead",
    "hublead": "Hub lead",
    "trainer": "Trainer",
    "people": "People team",
    "partner": "Partner trust",
}
DEMO_PASSWORD = "demo"  # noqa: S105 - made-up people; the page offers it

NO_STAFF_RECORD = "This sign-in has no staff record. Ask the people team."


def why_not_in(user: User, *, on: date) -> str:
    """A sentence for somebody who has proved the account but may not use it; empty where they may.

    At most two queries.
    """
    if User.objects.may_sign_in(on).filter(pk=user.pk).exists():
        return ""
    if not user.is_active:
        return "This sign-in has been switched off. If that is a mistake, ask the people team."
    if user.person_id is None:
        return NO_STAFF_RECORD
    starts = Contract.objects.filter(person=user.person_id, starts_on__gt=on).order_by("starts_on").first()
    if starts:
        return f"Your contract begins on {starts.starts_on:%-d %B %Y}. You can sign in from that day."
    return "You have no contract in force with the trust, so you cannot sign in. If that is a mistake, ask your school office."


def account_linked_to(issuer: str, tenant: str, subject: str) -> User | None:
    """The sign-in of a confirmed outside account; one query."""
    linked = SsoIdentity.objects.filter(
        issuer=issuer, tenant=tenant, subject=subject, confirmed_at__isnull=False
    )
    identity = linked.select_related("user__person").first()
    return identity.user if identity else None


def person_with_email(email: str) -> Person | None:
    """The one person of the import with this work e-mail; None for nobody, and for two."""
    if not email:
        return None
    found = list(Person.objects.filter(work_email__iexact=email, erased_at__isnull=True)[:2])
    return found[0] if len(found) == 1 else None


def demo_people() -> list[dict[str, str]]:
    """Whom the sign-in page offers in demo mode: `email, name, role, password`, in DEMO_ROLES' order. One query."""
    emails = [f"{name}@demo.example" for name in DEMO_ROLES]
    names = {
        user.email: str(user.person)
        for user in User.objects.filter(email__in=emails, is_active=True).select_related("person")
    }
    return [
        {"email": email, "name": names[email], "role": role, "password": DEMO_PASSWORD}
        for email, role in zip(emails, DEMO_ROLES.values(), strict=True)
        if email in names
    ]
