"""Reads about people that several screens share."""

from staff.models import User


def display_name(user: User) -> str:
    """How the portal addresses a sign-in; one query where the person is not loaded."""
    return user.person.full_name if user.person else str(user)
