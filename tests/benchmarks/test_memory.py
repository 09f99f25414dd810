"""How much memory a web worker takes with the demo trust behind it (issue, section 11). Prints the figures.

Reads them from /proc, as the machines have it that production runs on (Linux).
"""

import http.client
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from courses.models import Course, Session
from staff import clock
from staff.models import User
from tests.system.web_server import cookie_of, serving

pytestmark = pytest.mark.bench

PEOPLE = 1500
ROUNDS = 6
BAR = 150.0  # MB
EVERYBODY = [
    "/",
    "/courses/",
    "/courses/?q=fonics",
    "/entitlements/",
    "/pathways/",
    "/messages/",
    "/search/?q=phonics",
]
PAGES = {
    "ta": [*EVERYBODY, "/courses/bookings/", "/entitlements/claims/", "/entitlements/statement.pdf"],
    "teacher": EVERYBODY,
    "manager": [*EVERYBODY, "/inbox/", "/team/", "/team/download/"],
    "trainer": [*EVERYBODY, "/courses/registers/"],
    "hublead": [*EVERYBODY, "/courses/manage/"],
    "people": [
        *EVERYBODY,
        "/admin/",
        "/admin/staff/person/",
        "/admin/entitlements/ledgerentry/",
        "/admin/reports/entitlement/",
        "/admin/reports/entitlement.csv",
        "/admin/reports/entitlement.xlsx",
    ],
}


def workers_of(port: int) -> list[int]:
    """The processes that gunicorn has started for this port; not the one that started them."""
    serving_it = {
        int(found.parent.name): int(found.with_name("stat").read_text().rpartition(")")[2].split()[1])
        for found in Path("/proc").glob("[0-9]*/cmdline")
        if f"127.0.0.1:{port}".encode() in found.read_bytes()
    }
    return [pid for pid, parent in serving_it.items() if parent in serving_it]


def megabytes(pid: int) -> dict[str, float]:
    """What the process has in memory: all of it (rss), and with what it shares counted in part (pss)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return {"rss": found["Rss"] / 1024, "pss": found["Pss"] / 1024}


def ask(port: int, cookie: str, path: str) -> None:
    """One page, to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Connection": "close"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200, (path, response.status, response.getheader("Location"))


def test_a_web_worker_stays_small(cloned_database, capsys):
    with open(os.devnull, "w") as nowhere:
        call_command("demo", people=PEOPLE, stdout=nowhere)
    cookies = {name: cookie_of(User.objects.get(email=f"{name}@demo.example")) for name in PAGES}
    course = Course.objects.filter(sessions__starts_at__gt=clock.now()).order_by("pk")[0]
    register = Session.objects.filter(starts_at__lt=clock.now(), booked_count__gt=5).order_by("pk")[0]
    turns = [(cookies[name], path) for name, paths in PAGES.items() for path in paths]
    turns += [(cookie, f"/courses/{course.slug}/") for cookie in cookies.values()]
    turns += [(cookies["people"], f"/admin/courses/session/{register.pk}/change/")]

    with serving(cloned_database, threads=4) as port:
        rounds = []
        for _ in range(ROUNDS):
            for cookie, path in turns:
                for _ in range(4):  # so that both workers have had each page
                    ask(port, cookie, path)
            rounds.append([megabytes(pid) for pid in workers_of(port)])

    largest = [max(worker["rss"] for worker in workers) for workers in rounds]
    with capsys.disabled():
        print(
            f"\n  a web worker after {len(turns) * 4 * ROUNDS:,} pages of {PEOPLE:,} people: "
            f"{largest[-1]:.0f} MB, {max(worker['pss'] for worker in rounds[-1]):.0f} MB of its own "
            f"(at most {BAR:.0f}); by round {', '.join(f'{size:.0f}' for size in largest)}"
        )
    assert [len(workers) for workers in rounds] == [2] * ROUNDS
    assert max(largest) < BAR
