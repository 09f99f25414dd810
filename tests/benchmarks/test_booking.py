"""How fast places are booked beside a bare Django view (issue, section 11). Prints the ratios."""

import http.client
import statistics
import threading
import time
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

import pytest

from courses.models import Booking, Session
from staff import clock
from staff.models import User
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, UserFactory
from tests.system.web_server import TOKEN, cookie_of, serving

pytestmark = pytest.mark.bench

ROUNDS = 5
CLIENTS = 16
PEOPLE = 400
SESSIONS = 200
BODY = urlencode({"csrfmiddlewaretoken": TOKEN})
WEEKS = count(1)


def make_people() -> list[str]:
    """The cookies of so many people with a contract."""
    first = ContractFactory()
    shared = {"school": first.school, "job_role": first.job_role, "department": first.department}
    users = [UserFactory(person=ContractFactory(**shared).person) for _ in range(PEOPLE)]
    return [cookie_of(user) for user in User.objects.filter(pk__in=[user.pk for user in users])]


def make_sessions(number: int) -> list[int]:
    """So many sessions in a week of their own, each with places for everybody."""
    course, start = CourseFactory(), clock.now() + timedelta(weeks=next(WEEKS))
    school = SessionFactory(course=course, starts_at=start).school
    return [
        SessionFactory(course=course, school=school, starts_at=start, capacity=PEOPLE).pk
        for _ in range(number)
    ]


def rate(port: int, path: str, session_ids: list[int], cookies: list[str]) -> float:
    """Bookings a second while sixteen clients send one form for each person, spread over the sessions."""
    turns, lock, wrong = iter(range(len(cookies))), threading.Lock(), []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                break
            headers = {"Cookie": cookies[turn], "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path.format(session_ids[turn % len(session_ids)]), BODY, headers)
            response = connection.getresponse()
            response.read()
            if response.status != 302 or "/bookings/" not in response.getheader("Location", ""):
                wrong.append((response.status, response.getheader("Location")))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    begun_at = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    return len(cookies) / (time.monotonic() - begun_at)


def test_booking_beside_a_bare_view(cloned_database, capsys):
    cookies = make_people()
    found: dict[str, list[float]] = {"bare": [], "one": [], "many": []}
    with serving(cloned_database, application="tests.benchmarks.bare_booking:application", threads=4) as port:
        for turn in range(ROUNDS + 1):
            rates = {
                "bare": rate(port, "/bare/{}/book/", make_sessions(1), cookies),
                "one": rate(port, "/courses/sessions/{}/book/", make_sessions(1), cookies),
                "many": rate(port, "/courses/sessions/{}/book/", make_sessions(SESSIONS), cookies),
            }
            if turn:  # the first round warms
                for name, value in rates.items():
                    found[name].append(value)
    medians = {name: statistics.median(values) for name, values in found.items()}
    with capsys.disabled():
        print(
            f"\nBooking: bare {medians['bare']:.0f}/s, one hot session {medians['one']:.0f}/s "
            f"({medians['one'] / medians['bare']:.2f} of bare, bar 0.25), "
            f"{SESSIONS} sessions {medians['many']:.0f}/s ({medians['many'] / medians['one']:.2f} of one, bar 1)"
        )

    assert Booking.objects.exclude(state="booked").count() == 0
    assert Session.objects.filter(booked_count__gt=0).count() > SESSIONS
    assert medians["one"] >= 0.25 * medians["bare"]
    # Never slower than one. Where no lock is waited for both do the same work, so that either may win a
    # round by chance: slower is what is slower in every round (by chance once in 32 runs).
    pairs = list(zip(found["many"], found["one"], strict=True))
    assert any(many >= one for many, one in pairs), pairs
