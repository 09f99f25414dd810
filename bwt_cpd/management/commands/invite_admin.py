"""The first administrator of a real portal."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from staff.actions.sign_in import make_administrator
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand
from staff.models import User
from staff.refusals import ActionRefused

DEMO_HAS_ITS_OWN_PEOPLE = "Demo mode has its own people: set DATABASE_URL for a portal with an administrator."


def not_an_address(text: str) -> str:
    """Why what was typed can't become an administrator."""
    return f"{text} is not an e-mail address."


class Command(PortalCommand):
    help = "Make somebody an administrator and print a link, good once and for three days, to set the first password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="The address to sign in with.")

    def handle(self, *args: object, **options: OptionValue) -> None:
        """Prints the link alone, so that it can be piped."""
        if settings.DEMO:
            raise CommandError(DEMO_HAS_ITS_OWN_PEOPLE)
        try:
            validate_email(options["email"])
            with transaction.atomic():
                user = make_administrator(email=options["email"])
        except ValidationError:
            raise CommandError(not_an_address(options["email"])) from None
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(first_password_link(user))


def first_password_link(user: User) -> str:
    """allauth's own link to set a password: a new password makes it worthless."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.PUBLIC_URL}{path}"
