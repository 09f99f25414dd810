"""What the frame round every page shows: who is here, where they can go, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from bwt_cpd.queries.frame import Standing, standing_on
from bwt_cpd.queries.inbox import count_waiting
from courses.access import manages_courses
from staff import clock
from staff.models import Person, User


@dataclass(frozen=True)
class Entry:
    """One way to go. `key` is what a view passes as `nav_current`."""

    key: str
    words: str
    path: str
    icon: str
    about: str = ""


HOME = Entry("home", "My CPD", "/", "house", "What you have booked and what needs you")
FIND = Entry("find", "Find CPD", "/courses/", "search", "Courses, workshops and networks")
YEAR = Entry(
    "year",
    "My year",
    "/entitlements/",
    "bar-chart",
    "Your five days, claims and statement",
)
PATHWAYS = Entry(
    "pathways",
    "Pathways",
    "/pathways/",
    "signpost-split",
    "Where you could go, and the funded routes",
)
TOOLKIT = Entry("toolkit", "Toolkit", "/toolkit/", "tools", "Materials to use in your own school")
TEAM = Entry("team", "Team", "/team/", "people", "Where your people stand")
REGISTERS = Entry(
    "registers", "Registers", "/courses/registers/", "clipboard-check", "Who came to your sessions"
)
RUN = Entry(
    "manage", "Run courses", "/courses/manage/", "calendar2-week", "The courses and sessions you look after"
)
INBOX = Entry("inbox", "Inbox", "/inbox/", "inbox", "What needs a decision from you")
MORE = Entry("more", "More", "/more/", "list", "Everything else, and your settings")
SEARCH = Entry("search", "Search", "/search/", "search")
PROFILE = Entry(
    "more",
    "Profile and settings",
    "/profile/",
    "person",
    "Your record, colours, reminders and who decides for you",
)
MESSAGES = Entry("more", "Messages", "/messages/", "envelope", "Every mail the portal sent you")
ADMIN = Entry("admin", "People team", "/admin/", "gear", "Staff records, reports and settings")


@lru_cache(maxsize=64)
def leads_somewhere(path: str) -> bool:
    """Whether this portal has a page there: an app that is not in the house has no entry."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class Frame:
    """Worked out only as far as the page asks: a part of a page for htmx asks for nothing.

    One query besides the user and their responsibilities for most people; two for who decides
    about others, since what waits for them takes more looking.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_demo = settings.DEMO

    @cached_property
    def user(self) -> User | None:
        """Who is signed in; nobody on a page that came before the session was read (a bad request)."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @cached_property
    def person(self) -> Person | None:
        """The person behind the sign-in; None for a visitor or a pure administrator."""
        return self.user.person if self.user else None

    @cached_property
    def name(self) -> str:
        return str(self.person or self.user or "")

    @property
    def colour_mode(self) -> str:
        """Light or dark, or nothing: as the device."""
        return self.user.colour_mode if self.user else ""

    @cached_property
    def _standing(self) -> Standing:
        return standing_on(self.user, on=clock.today()) if self.user else Standing()

    @property
    def has_team(self) -> bool:
        """Whether they decide about anyone."""
        return self._standing.has_team

    @property
    def decides(self) -> bool:
        """Whether something may wait for a decision of theirs: a budget's or the levy's too."""
        return self._standing.decides

    @cached_property
    def waiting(self) -> int:
        """How many things in the inbox need this person: for who decides nothing, the places
        offered to them and who asks them for coaching, which the question for the team has brought along.
        """
        if self.user and self.decides:
            return count_waiting(self.user, on=clock.today())
        return self._standing.answers

    @cached_property
    def duties(self) -> list[Entry]:
        """What only some have: a team, registers to take, courses to run."""
        if self.user is None:
            return []
        runs = manages_courses(self.user)
        return [TEAM] * self.has_team + [REGISTERS] * (runs or self._standing.trains) + [RUN] * runs

    @cached_property
    def main(self) -> list[Entry]:
        """The entries of the bar on top."""
        return self._open([HOME, FIND, YEAR, PATHWAYS, TOOLKIT, *self.duties])

    @cached_property
    def tabs(self) -> list[Entry]:
        """The five under the thumb: a manager has Team in the place of My year."""
        return self._open([HOME, FIND, TEAM if self.has_team else YEAR, INBOX, MORE])

    @cached_property
    def more(self) -> list[tuple[str, list[Entry]]]:
        """What the page More lists: everything without a tab, the admin for who may enter, one's own."""
        rest = [entry for entry in [*self.main, *([ADMIN] if self.admin else [])] if entry not in self.tabs]
        own = self._open([PROFILE, MESSAGES])
        return [(heading, entries) for heading, entries in (("Go to", rest), ("Yours", own)) if entries]

    @cached_property
    def admin(self) -> str:
        """The people team's side, for who may enter it."""
        return ADMIN.path if self.user and self.user.is_staff else ""

    inbox = INBOX.path
    home = HOME.path

    @cached_property
    def profile(self) -> str:
        return PROFILE.path if leads_somewhere(PROFILE.path) else MORE.path

    @cached_property
    def search(self) -> str:
        return SEARCH.path if leads_somewhere(SEARCH.path) else FIND.path

    @cached_property
    def current(self) -> str:
        """Where we are when the view does not say it: the entry whose path this one starts with."""
        path = self.request.path
        known = (REGISTERS, RUN, FIND, YEAR, PATHWAYS, TOOLKIT, TEAM, INBOX, MORE, PROFILE, MESSAGES)
        if path == HOME.path:
            return HOME.key
        return next((entry.key for entry in known if path.startswith(entry.path)), "")

    def _open(self, entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries if leads_somewhere(entry.path)]


def frame_of(request: HttpRequest) -> Frame:
    """The request's one frame: a view that needs its figures (what waits) does not ask twice."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)  # type: ignore[attr-defined]
    return request.frame  # type: ignore[attr-defined]


def frame(request: HttpRequest) -> dict[str, object]:
    """`frame` in every template; a view's own `nav_current` says which entry is lit."""
    return {"frame": frame_of(request)}
