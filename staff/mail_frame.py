"""A mail's own HTML shown inside the portal without opening the portal's content policy.

Mails carry their styles inside, as mail programs want it. Instead of `unsafe-inline`, each style
of this very mail is allowed by its hash; scripts, frames, forms and outside addresses stay out.
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

from csp.constants import NONE, SELF


class _Styles(HTMLParser):
    """Collects the text of every style attribute and style element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_inside = tag == "style"
        for name, value in attrs:
            if name == "style" and value:
                self.found[value] = None

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.found[data] = None


def policy_for(html: str) -> dict[str, list[str]]:
    """The content policy under which exactly this mail's styles work, framed by the portal alone."""
    styles = _Styles()
    styles.feed(html)
    hashes = [f"'sha256-{_digest(style)}'" for style in styles.found]
    return {
        "default-src": [NONE],
        "img-src": [SELF, "data:"],
        "style-src": ["'unsafe-hashes'", *hashes] if hashes else [NONE],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
