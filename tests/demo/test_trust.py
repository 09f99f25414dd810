"""The demo trust: whole, plausible, the same for the same seed."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from bwt_cpd.demo.people import DEMO_PEOPLE
from courses.models import Booking, Session
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, Claim, ClosedStatement, LedgerEntry, Statement
from entitlements.queries.verification import differences
from staff.models import Person, User
from tests import cluster
from tests.demo import ON


def _fingerprint() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.payroll_number, p.first_name, p.last_name, s.counted_minutes, s.planned_minutes, s.status"
            " FROM staff_person p LEFT JOIN entitlements_statement s ON s.person_id = p.id"
            " ORDER BY p.payroll_number, s.year_id"
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


def test_every_demo_person_can_sign_in(trust):
    wanted = {f"{name}@demo.example" for name in [*DEMO_PEOPLE, "partner"]}

    users = User.objects.filter(email__in=wanted)

    assert {user.email for user in users if user.check_password("demo")} == wanted


def test_everybody_else_signs_in_by_payroll_number(trust):
    others = Person.objects.filter(payroll_number__isnull=False).exclude(
        user__email__in=[f"{name}@demo.example" for name in DEMO_PEOPLE]
    )

    odd = [
        person
        for person in others.select_related("user")
        if person.user.email != f"{person.payroll_number}@demo.example"
    ]

    assert odd == []


def test_counters_equal_the_bookings(trust):
    counted = Session.objects.annotate(
        booked=Count("bookings", filter=Q(bookings__state="booked")),
        offered=Count("bookings", filter=Q(bookings__state="offered")),
    )

    wrong = counted.exclude(booked=F("booked_count"), offered=F("offered_count"))

    assert list(wrong) == []


def test_there_is_something_of_everything(trust):
    states = set(Booking.objects.values_list("state", flat=True))
    statuses = set(Statement.objects.filter(is_in_contract=True).values_list("status", flat=True))

    assert states >= {"booked", "waiting", "requested", "offered", "cancelled"}
    assert statuses >= {"behind", "on_track", "planned", "not_applicable"}
    assert set(Claim.objects.values_list("state", flat=True)) >= {"waiting", "verified"}
    assert LedgerEntry.objects.filter(source_key__startswith="register:").exists()


def test_figures_are_those_of_a_rebuild(trust):
    this_year = AcademicYear.objects.get(name="2026/27")
    before = _fingerprint()
    Statement.objects.filter(year=this_year).delete()

    recompute_statements(this_year, on=ON)

    assert _fingerprint() == before


def test_last_year_is_over_closed_and_looks_like_a_year(trust):
    year = AcademicYear.objects.get(name="2025/26")
    owed = ClosedStatement.objects.filter(year=year, expected_minutes__gt=0)
    met = owed.filter(status="met").count()

    assert year.closed_at is not None
    assert owed.count() > 150
    assert 0.5 < met / owed.count() < 0.95
    assert list(differences(year, ON)) == []


def test_second_demo_is_refused_with_a_sentence(trust):
    with pytest.raises(CommandError, match="needs an empty one"):
        call_command("demo", people=150)


def test_same_seed_gives_the_same_trust(cloned_database):
    call_command("demo", people=80, on=ON.isoformat(), verbosity=0)
    first = _fingerprint()
    connection.close()
    connection.settings_dict["NAME"] = other = cluster.create_database()
    try:
        call_command("demo", people=80, on=ON.isoformat(), verbosity=0)
        assert _fingerprint() == first
    finally:
        connection.close()
        connection.settings_dict["NAME"] = cloned_database.name
        cluster.drop_database(other)
