"""The admin's side bar, in the order of the people team's work."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links; Unfold draws them."""
    return []
