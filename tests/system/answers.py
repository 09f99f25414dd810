"""What every answer of the portal has to say to the browser, and what is wrong with one (RELIABILITY row 25)."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import HttpResponse

AS_IN_PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
# The one frame of the portal: a mail as it arrives, inside the page of that mail.
FRAMED = {"message-body", "admin:staff_message_body"}


class Inline(HTMLParser):
    """Finds what a strict policy would refuse: inline style, inline script, handlers, javascript: links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.in_script = tag == "script" and "src" not in names and names.get("type") != "application/json"
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        self.found += [
            f"<{tag} {value}>" for value in names.values() if (value or "").startswith("javascript:")
        ]
        if tag == "style":
            self.found.append("<style>")

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"<script>{data.strip()[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False


def faults(key: str, response: HttpResponse, *, is_admin: bool) -> list[str]:
    """What is missing from an answer, or too much."""
    headers = response.headers
    policy = {
        words[0]: words[1:]
        for words in (part.split() for part in headers.get("Content-Security-Policy", "").split(";"))
        if words
    }
    ancestors, frame = (
        (["'self'"], "SAMEORIGIN") if key in FRAMED and response.status_code == 200 else (["'none'"], "DENY")
    )
    given = {name: cookie for name, cookie in response.cookies.items() if cookie.value}  # not taken away
    wanted = {
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "frame": headers.get("X-Frame-Options") == frame,
        "frame-ancestors": policy.get("frame-ancestors") == ancestors,
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "hsts": headers.get("Strict-Transport-Security") == "max-age=31536000; includeSubDomains; preload",
        "default-src": policy.get("default-src") == ["'none'"],
        "base-uri": policy.get("base-uri") == ["'none'"],
        "cookies": all(cookie["secure"] and cookie["samesite"] == "Lax" for cookie in given.values()),
        "httponly": all(
            cookie["httponly"] for name, cookie in given.items() if name in ("sessionid", "csrftoken")
        ),
    }
    if not is_admin:
        loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"}
        for directive in ("script-src", "style-src", "form-action", "connect-src", "object-src"):
            wanted[f"strict {directive}"] = not loose & set(policy.get(directive, []))
    return [name for name, is_there in wanted.items() if not is_there]


def inline(key: str, page: HttpResponse) -> list[str]:
    """What the strict policy would refuse on a page of the portal's own."""
    if page.streaming or key in FRAMED or not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    parser = Inline()
    parser.feed(page.content.decode())
    return parser.found


def first_headings(key: str, page: HttpResponse) -> list[str]:
    """Nothing where a whole page has one first heading."""
    count = page.content.count(b"<h1")
    return [] if count == 1 else [f"{count} first headings"]
