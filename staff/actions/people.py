"""What follows when the people team adds somebody or changes their work e-mail by hand."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from staff.models import Person, User
from staff.refusals import ActionRefused


@transaction.atomic
def keep_sign_in(*, person: Person, by: User | None) -> User | None:
    """The person's sign-in after a change, as the import would leave it: by work e-mail, or by staff number.

    Made without a usable password where there is none. The sign-in of whoever sees everybody's records,
    an administrator or the people team, is changed by an administrator alone, since a new e-mail is a way
    in: for anybody else it stays as it is. None for somebody with neither e-mail nor number.
    Raises ActionRefused where the e-mail is another sign-in's.
    """
    email = person.work_email.lower() or None
    if email and User.objects.filter(email=email).exclude(person=person).exists():
        raise ActionRefused(f"{email} is the sign-in of somebody else.")
    user = User.objects.select_for_update().filter(person=person).first()
    if user is None:
        if email is None and person.payroll_number is None:
            return None
        number = None if email else person.payroll_number
        return User.objects.create_user(email, staff_number=number, person=person)
    is_guarded = user.is_superuser or user.is_people_team
    if user.email == email or (is_guarded and not (by and by.is_superuser)):
        return user
    user.email = email
    if email is None:
        user.staff_number = user.staff_number or person.payroll_number
    user.save(update_fields=["email", "staff_number"])
    EmailAddress.objects.filter(user=user).exclude(email=email or "").delete()
    return user
