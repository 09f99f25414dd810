"""The demo trust's people: contracts, managers and absences."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Final

from bwt_cpd.demo import shape
from bwt_cpd.demo.members import Member, Trust
from bwt_cpd.demo.responsibilities import give_responsibilities, give_sign_ins
from entitlements.academic_year import YearDates
from staff.models import (
    Absence,
    Contract,
    Department,
    Hub,
    JobRole,
    Person,
    School,
)

HERE: Final = Path(__file__).parent / "data"
REFERENCE: Final = Path(__file__).parents[2] / "staff" / "data"
HUBS: Final = {
    "PTH": ("Primary Training Hub", "Courses and workshops for everybody in our primary schools."),
    "PPL": ("People team bite-size", "Short sessions on managing people, held in your own school."),
    "LA": ("Leadership Academy", "A two-year programme for leaders of every kind of work."),
    "NTSH": ("Northamptonshire Teaching School Hub", "Training to teach, early career, NPQs and beyond."),
    "PRO": (
        "Professional support",
        "For the offices, sites, kitchens, labs and systems that keep schools open.",
    ),
    "NET": ("Nene Education Trust", "Step into Leadership, run together with our partner trust."),
}
# The people whom the login page offers: address, first and last name, site, job.
DEMO_PEOPLE: Final = {
    "teacher": ("Tom", "Ashby", "BPS", "TCH"),
    "ta": ("Marta", "Kowalczyk", "BPS", "TA2"),
    "manager": ("Grace", "Okafor", "BPS", "SENCO"),
    "head": ("Helen", "Pryce", "BPS", "HT"),
    "cpdlead": ("Imran", "Sheikh", "BPS", "DHT"),
    "hublead": ("Ruth", "Calder", "CEN", "LEADPRAC"),
    "trainer": ("Daniel", "Mbeki", "CEN", "LEADPRAC"),
    "people": ("Asha", "Sharma", "CEN", "HRM"),
}
# Where the demo people work there is always a new teacher, for their tutor and mentor to help.
HELPED_AT: Final = DEMO_PEOPLE["teacher"][2]
BEGINNER: Final = "TCH-ECT"


def make_people(random: Random, *, count: int, on: date) -> Trust:
    """Write schools, roles, hubs and `count` people with everything that belongs to them."""
    schools, roles, hubs = _reference()
    members = list(_members(random, count=count, on=on))
    Person.objects.bulk_create([member.person for member in members], batch_size=2000)
    _choose_managers(random, members)
    contracts = _contracts(random, members, schools, roles, on)
    _absences(random, members, on)
    partner = Person.objects.create(
        first_name="Priya", last_name="Nair", work_email="partner@demo.example", partner=schools["NET"]
    )
    give_responsibilities(members, schools, hubs)
    give_sign_ins(members, partner)
    return Trust(schools, roles, hubs, members, partner, contracts)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _reference() -> tuple[dict[str, School], dict[str, JobRole], dict[str, Hub]]:
    schools = School.objects.bulk_create(School(**row) for row in _rows(REFERENCE / "schools.csv"))
    rows = _rows(REFERENCE / "roles.csv")
    departments = {
        found.name: found
        for found in Department.objects.bulk_create(
            Department(name=name) for name in sorted({row["department"] for row in rows})
        )
    }
    roles = JobRole.objects.bulk_create(
        JobRole(**{**row, "department": departments[row["department"]]}) for row in rows
    )
    hubs = Hub.objects.bulk_create(
        Hub(code=code, name=name, description=description, contact_email=f"{code.lower()}@demo.example")
        for code, (name, description) in HUBS.items()
    )
    return (
        {school.code: school for school in schools},
        {role.code: role for role in roles},
        {hub.code: hub for hub in hubs},
    )


def _kind_of(site: str) -> str:
    if site == "CEN":
        return "central"
    return "primary" if site in shape.PRIMARIES else "secondary"


def _jobs(random: Random, site: str, size: int) -> list[str]:
    """The jobs of a site: the ones every site has, then by weight."""
    kind = _kind_of(site)
    first = shape.FIRST_JOBS[kind][:size]
    weights = shape.JOB_WEIGHTS[kind]
    return first + random.choices(list(weights), list(weights.values()), k=size - len(first))


def _members(random: Random, *, count: int, on: date) -> Iterator[Member]:
    names = defaultdict(list)
    for row in _rows(HERE / "names.csv"):
        names[row["kind"]].append(row["name"])
    wanted = {
        site: [demo for demo, facts in DEMO_PEOPLE.items() if facts[2] == site] for site in shape.SITE_SHARES
    }
    sizes = {
        site: max(len(wanted[site]) + 2, round(count * share / 1000))
        for site, share in shape.SITE_SHARES.items()
    }
    sizes["BWA"] = max(2, sizes["BWA"] + count - sum(sizes.values()))
    families = {row["code"]: row["job_family"] for row in _rows(REFERENCE / "roles.csv")}
    number = 200_000
    used: set[tuple[str, str]] = {(facts[0], facts[1]) for facts in DEMO_PEOPLE.values()}
    for site, size in sizes.items():
        demos = list(wanted[site])
        jobs = _jobs(random, site, size)
        for demo in demos:  # a demo person takes a post of theirs, or makes one
            job = DEMO_PEOPLE[demo][3]
            if job in jobs:
                jobs.remove(job)
            else:
                jobs.pop()
        if site == HELPED_AT and BEGINNER not in jobs:
            jobs[-1] = BEGINNER
        for demo, job in [(demo, DEMO_PEOPLE[demo][3]) for demo in demos] + [("", job) for job in jobs]:
            number += 1
            first, last = DEMO_PEOPLE[demo][:2] if demo else _name(random, names, used)
            options = shape.TERMS_BY_FAMILY.get(families[job], shape.OFFICE)
            if demo:
                terms = options[0]
                starts_on, ends_on = date(2021, 9, 1), None
            else:
                terms = random.choices(options, [option.weight for option in options])[0]
                starts_on, ends_on = _service(random, on)
            if site == HELPED_AT and job == BEGINNER:
                starts_on, ends_on = YearDates.for_date(on).first_day, None
            yield Member(
                Person(
                    payroll_number=str(number),
                    first_name=first,
                    last_name=last,
                    work_email="" if job in shape.WITHOUT_MAILBOX else f"{demo or number}@demo.example",
                    trn=f"{1_000_000 + number}" if families[job] in {"Teaching", "School leadership"} else "",
                ),
                site,
                job,
                starts_on,
                ends_on,
                terms,
                demo_name=demo,
            )


def _name(random: Random, names: dict[str, list[str]], used: set[tuple[str, str]]) -> tuple[str, str]:
    while True:
        name = random.choice(names["first"]), random.choice(names["last"])
        if name not in used:
            used.add(name)
            return name


def _service(random: Random, on: date) -> tuple[date, date | None]:
    """When somebody came and, for a few, when they left; most have been here for years."""
    chance = random.random()
    september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    if chance < 0.07:
        return september, None
    if chance < 0.11:
        return september + timedelta(days=random.randint(10, 80)), None
    start = date(random.randint(2009, september.year - 1), random.choice((1, 4, 9, 9, 9)), 1)
    if chance < 0.14:
        return start, september + timedelta(days=random.randint(5, 80))
    if chance < 0.18:
        return start, september - timedelta(days=1)
    return start, None


def _choose_managers(random: Random, members: list[Member]) -> None:
    by_post: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in members:
        if member.ends_on is None:
            by_post[member.school, member.role].append(member)
    demo = {member.demo_name: member for member in members if member.demo_name}
    central_head = next(iter(by_post["CEN", "EXH"]), None)
    for member in members:
        candidates = next(
            (
                found
                for job in shape.MANAGED_BY.get(member.role, [])
                if (found := by_post[member.school, job])
            ),
            [] if central_head is None or member is central_head else [central_head],
        )
        candidates = [candidate for candidate in candidates if candidate is not member]
        member.manager = random.choice(candidates) if candidates else None
    for name in ("teacher", "ta"):
        demo[name].manager = demo["manager"]
    demo["manager"].manager = demo["cpdlead"].manager = demo["head"]
    demo["head"].manager = central_head


def _contract(member: Member, schools: dict[str, School], roles: dict[str, JobRole], number: int) -> Contract:
    role = roles[member.role]
    return Contract(
        contract_id=f"C{number}",
        person=member.person,
        school=schools[member.school],
        department=role.department,
        job_role=role,
        fte_numerator=member.terms.fte.numerator,
        fte_denominator=member.terms.fte.denominator,
        week_days_numerator=member.terms.days_per_week.numerator,
        week_days_denominator=member.terms.days_per_week.denominator,
        weeks_per_year=member.terms.weeks_per_year,
        starts_on=member.starts_on,
        ends_on=member.ends_on,
        line_manager=member.manager.person if member.manager else None,
        is_main=True,
    )


def _contracts(
    random: Random,
    members: list[Member],
    schools: dict[str, School],
    roles: dict[str, JobRole],
    on: date,
) -> dict[int, Contract]:
    """A main contract each; a second small one for some; a change of hours in the year for a few."""
    contracts: list[Contract] = []
    main: dict[int, Contract] = {}
    january = date(on.year + (on.month >= 9), 1, 1)
    for number, member in enumerate(members, start=1):
        contract = _contract(member, schools, roles, number)
        contracts.append(contract)
        main[member.person.pk] = contract
        if member.demo_name or member.ends_on or (contract.fte == 1 and member.role not in {"TCH", "ADM"}):
            continue
        if member.role in {"TA2", "CLN", "MDS"} and contract.fte < Fraction(7, 10) and random.random() < 0.25:
            other = roles["MDS" if member.role != "MDS" else "CLN"]
            contracts.append(_second(contract, other, f"C{number}B", Fraction(15, 74), member.starts_on))
        elif member.role == "TCH" and random.random() < 0.03:
            contract.ends_on = january - timedelta(days=1)
            changed = _contract(member, schools, roles, number)
            changed.contract_id, changed.starts_on = f"C{number}N", january
            changed.fte_numerator, changed.fte_denominator = 3, 5
            changed.week_days_numerator = 3
            contracts.append(changed)
    Contract.objects.bulk_create(contracts, batch_size=1000)
    return main


def _second(first: Contract, role: JobRole, contract_id: str, fte: Fraction, starts_on: date) -> Contract:
    return Contract(
        contract_id=contract_id,
        person=first.person,
        school=first.school,
        department=role.department,
        job_role=role,
        fte_numerator=fte.numerator,
        fte_denominator=fte.denominator,
        weeks_per_year="38",
        starts_on=starts_on,
        line_manager=first.line_manager,
    )


def _absences(random: Random, members: list[Member], on: date) -> None:
    rows = []
    for member in members:
        if member.demo_name or member.ends_on:
            continue
        chance = random.random()
        start = max(member.starts_on, on - timedelta(days=random.randint(0, 140)))
        if chance < 0.022:
            kind, ends_on = "family", start + timedelta(days=random.randint(120, 300))
        elif chance < 0.032:
            kind, ends_on = "sickness", start + timedelta(days=random.randint(30, 90))
        elif chance < 0.06:
            kind, ends_on = "sickness", start + timedelta(days=random.randint(2, 20))
        elif chance < 0.064:
            kind, ends_on = "secondment", None
        elif chance < 0.067:
            kind, ends_on = "unpaid", start + timedelta(days=random.randint(20, 200))
        else:
            continue
        member.away.append((start, ends_on))
        rows.append(Absence(person=member.person, absence_class=kind, starts_on=start, ends_on=ends_on))
    Absence.objects.bulk_create(rows)
