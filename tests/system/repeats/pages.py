"""Reading a page of the admin as a browser does, to send the form that is on it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client

from staff.models import User
from tests.system.web_server import TOKEN


class _Fields(HTMLParser):
    """The fields of the forms of a page that are sent by POST, with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._is_inside, self._select, self._area = False, "", ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._is_inside = said.get("method", "").lower() == "post" and "logout" not in said.get(
                "action", ""
            )
        if not self._is_inside:
            return
        name = said.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said and self._select:
            self._keep(self._select, said.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.found.setdefault(name, [""])
        elif tag == "input" and name and _is_sent(said):
            self._keep(name, said.get("value", "on" if said.get("type") == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] = [self.found[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def _keep(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)


def _is_sent(said: dict[str, str]) -> bool:
    """Whether a browser sends this input: no button, and a box only where it is ticked."""
    kind = said.get("type", "")
    is_box = kind in ("checkbox", "radio")
    return "checked" in said if is_box else kind not in ("submit", "button", "image", "file")


def read_form(user: User, path: str) -> dict[str, Any]:
    """What the form of a page sends if nothing is changed on it, the page's own token included."""
    browser = Client()
    browser.force_login(user)
    browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    reader = _Fields()
    page = browser.get(path)
    assert page.status_code == 200, (path, page.status_code)
    reader.feed(page.content.decode())
    return {
        name: values[-1:] if name == "csrfmiddlewaretoken" else values
        for name, values in reader.found.items()
    }
