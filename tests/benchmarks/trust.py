"""A trust of any size with its ledger, made by the database itself: 100,000 people in a minute."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Max

from entitlements.models import AcademicYear
from staff.models import Person
from tests.factories.staff import JobRoleFactory, SchoolFactory

# Of a hundred people 15 have a second post, 10 change or leave within the year, 12 have been away;
# of eight entries one is compliance, one giving; one in fifty is a membership, one in a hundred reversed.
PEOPLE = """
INSERT INTO staff_person (payroll_number, first_name, last_name, work_email, trn)
SELECT 'B' || lpad(n::text, 7, '0'), 'Some', 'Body', '', '' FROM generate_series(%(there)s + 1, %(people)s) n
"""
# None is marked main, so that loading does not wait for the index that allows one marked at a time.
CONTRACTS = """
INSERT INTO staff_contract (
    contract_id, person_id, school_id, department_id, job_role_id, fte_numerator, fte_denominator,
    week_days_numerator, week_days_denominator, starts_on, ends_on, is_main
)
SELECT
    'B' || p.id || '-' || post, p.id, %(school)s, r.department_id, r.id,
    CASE WHEN p.id %% 3 = 0 THEN 25 ELSE 3 END, CASE WHEN p.id %% 3 = 0 THEN 37 ELSE 5 END, 5, 1,
    CASE WHEN post = 2 THEN date '2026-11-01' + (p.id %% 90)::int ELSE date '2020-09-01' END,
    CASE WHEN post = 1 AND p.id %% 10 = 1 THEN date '2027-01-01' + (p.id %% 200)::int END, false
FROM staff_person p CROSS JOIN generate_series(1, 2) post
    JOIN staff_jobrole r ON r.id = (ARRAY[%(teacher)s, %(support)s])[1 + (p.id + post) %% 2]
WHERE (post = 1 OR p.id %% 100 < 15) AND p.id > %(after)s
"""
ABSENCES = """
INSERT INTO staff_absence (person_id, absence_class, starts_on, ends_on)
SELECT
    p.id, (ARRAY['sickness', 'sickness', 'family', 'unpaid'])[1 + p.id %% 4],
    date '2026-08-20' + (p.id %% 200)::int, date '2026-08-20' + (p.id %% 200 + p.id %% 60)::int
FROM staff_person p WHERE p.id %% 100 >= 88 AND p.id > %(after)s
"""
ENTRIES = """
INSERT INTO entitlements_ledgerentry (
    person_id, year_id, kind_id, minutes, occurred_on, title, source_key, external_id, cpd_fraction,
    is_contract_given, body, is_own_time, is_flagged, reason
)
SELECT
    p.id, %(year)s, k.id, 30 + (p.id + n) %% 200, date '2026-09-01' + ((p.id + 37 * n) %% 360)::int, 'Something',
    'bench:' || p.id || ':' || n, '', 1, false, CASE WHEN k.code = 'membership' THEN 'CIPD' ELSE '' END,
    (p.id + n) %% 12 = 0, false, ''
FROM staff_person p CROSS JOIN generate_series(1, %(entries)s) n
    JOIN entitlements_activitykind k ON k.code = CASE
        WHEN n = 1 THEN 'compliance' WHEN n = 2 THEN 'coaching_given'
        WHEN n = 3 AND p.id %% 6 = 0 THEN 'membership' ELSE 'course' END
WHERE p.id > %(after)s
"""
REVERSALS = """
INSERT INTO entitlements_ledgerentry (
    person_id, year_id, kind_id, minutes, occurred_on, title, source_key, external_id, cpd_fraction,
    is_contract_given, body, is_own_time, is_flagged, reason, reverses_id
)
SELECT
    person_id, year_id, kind_id, -minutes, occurred_on, title, 'reversal:' || id, '', 1, false, body,
    is_own_time, false, 'A mistake', id
FROM entitlements_ledgerentry WHERE id %% 100 = 7 AND person_id > %(after)s
"""
TABLES = ("staff_person", "staff_contract", "staff_absence", "entitlements_ledgerentry")


def make_trust(people: int, year: AcademicYear, *, entries: int = 8) -> None:
    """So many people, their contracts, absences and entries each in a year; then ANALYZE.

    Called again with more people it adds the others.
    """
    there = Person.objects.aggregate(people=Count("pk"), after=Max("pk"))
    params = {
        "people": people,
        "there": there["people"],
        "after": there["after"] or 0,
        "entries": entries,
        "year": year.pk,
        "school": SchoolFactory().pk,
        "teacher": JobRoleFactory(code="TCH", staff_group="teacher").pk,
        "support": JobRoleFactory(code="TA2", staff_group="support").pk,
    }
    with connection.cursor() as cursor:
        for table in TABLES:  # a history of each row would take most of the time; nothing here reads it
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (PEOPLE, CONTRACTS, ABSENCES, ENTRIES, REVERSALS):
            cursor.execute(statement, params)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE)")
