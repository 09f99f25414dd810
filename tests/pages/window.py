"""A browser window that is handed the portal's pages without a web server: HTML from Django's client, files from disk."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from bwt_cpd.icons import WHOLE, names_in_use, small_sprite, symbols_of
from tests.browser import find_barriers

PHONE, NARROWEST, DESK = 390, 320, 1280

# A link within a sentence is exempt; a box that is drawn by its label is measured by that.
SMALL = """[...document.querySelectorAll("main a, main button, main select, main summary, main .opt label")]
  .filter((one) => !one.closest("p, dd, .meta, .fold-words") && getComputedStyle(one).display !== "inline")
  .filter((one) => one.offsetHeight && one.getBoundingClientRect().height < 24)
  .map((one) => one.textContent.trim())"""
LEVELS = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((one) => one.checkVisibility())
  .map((one) => Number(one.tagName[1]))"""
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class _Handler(BaseHTTPRequestHandler):
    """Gives the page of the moment, whatever its address, and the static files."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(settings.STATIC_URL):
            name = path.removeprefix(settings.STATIC_URL)
            self._send(static_file(name), mimetypes.guess_type(name)[0] or "", "max-age=3600")
        else:
            self._send(self.server.html, "text/html; charset=utf-8", "no-store")

    def _send(self, body: bytes, kind: str, keep: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", keep)  # the files are read and understood once, not for each page
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the base class's
        pass


class _Server(ThreadingHTTPServer):
    html = b""


class Window:
    """Shows one page after the other and says what is wrong with each."""

    def __init__(self, page: Page, server: _Server) -> None:
        self.page = page
        self._server = server
        self._script_errors: list[str] = []
        page.on("pageerror", lambda error: self._script_errors.append(str(error)))

    def show(self, html: bytes, path: str = "/", *, width: int = PHONE) -> None:
        """Show this HTML as the page of that address."""
        self._server.html = html
        self._script_errors.clear()
        self._resize(width)
        self.page.goto(f"http://127.0.0.1:{self._server.server_port}{path}")

    def complaints(self, *, leave_out: str = "") -> list[str]:
        """What is wrong with the page as wide as it is, and on the narrowest phone; axe leaves out what is named."""
        found = [*self._script_errors, *find_barriers(self.page, leave_out=leave_out)]
        levels, small = self.page.evaluate(f"[{LEVELS}, {SMALL}]")
        if levels.count(1) != 1:
            found.append(f"{levels.count(1)} first headings")
        found += [f"h{low} after h{high}" for high, low in pairwise(levels) if low > high + 1]
        found += [f"less than 24 pixels high: {target}" for target in small]
        found += self._complaints_about_width()
        self._resize(NARROWEST)
        return found + self._complaints_about_width()

    def complaints_at_twice_the_text(self) -> list[str]:
        """Whether it scrolls sideways when its letters are twice as large."""
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        return self._complaints_about_width()

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 844})

    def _complaints_about_width(self) -> list[str]:
        size = self.page.viewport_size
        assert size is not None
        return [f"scrolls sideways at {size['width']} pixels"] if self.page.evaluate(IS_TOO_WIDE) else []


@contextmanager
def window(browser: Browser, *, dark: bool = False, phone: bool = True) -> Iterator[Window]:
    """A window of a phone, or of a desk."""
    server = _Server(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(
        has_touch=phone,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    try:
        yield Window(context.new_page(), server)
    finally:
        context.close()
        server.shutdown()
        server.server_close()


@cache
def static_file(name: str) -> bytes:
    """The file of that name; instead of Bootstrap's whole sprite, which is a megabyte, the icons in use."""
    source = finders.find(name)
    assert isinstance(source, str), f"{name} is no static file"
    content = Path(source).read_bytes()
    if name != WHOLE:
        return content
    symbols = symbols_of(content.decode())
    return small_sprite(symbols, names_in_use(settings.BASE_DIR, symbols)).encode()
