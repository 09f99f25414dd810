"""Who answers for what in the demo trust, and with what people sign in."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.contrib.auth.hashers import make_password

from bwt_cpd.demo.members import Member
from staff.models import Hub, Person, Responsibility, School, User


def give_responsibilities(members: list[Member], schools: dict[str, School], hubs: dict[str, Hub]) -> None:
    """Write who holds which duty: those of each school, of the trust and of the hubs."""
    since = date(2021, 9, 1)
    rows = []
    by_school: dict[str, dict[str, Member]] = defaultdict(dict)
    for member in members:
        if member.ends_on is None and (member.demo_name or member.role not in by_school[member.school]):
            by_school[member.school][member.role] = member
    for code, posts in by_school.items():
        if code == "CEN":
            continue
        # At Beanfield the head holds the budget herself, so that each step of a request has a demo sign-in.
        is_head_s = code == "BPS"
        budget = (None if is_head_s else posts.get("SBM")) or posts.get("HT")
        holders = {"headteacher": posts.get("HT"), "budget_holder": budget,
                   "cpd_lead": posts.get("DHT") or posts.get("HT")}  # fmt: skip
        rows += [
            Responsibility(person=holder.person, kind=kind, school=schools[code], starts_on=since)
            for kind, holder in holders.items()
            if holder
        ]
    demo = {member.demo_name: member.person for member in members if member.demo_name}
    people = [member.person for member in members if member.role in {"HRM", "LDO"} and member.ends_on is None]
    central = [one for one in members if one.school == "CEN" and one.ends_on is None and not one.demo_name]
    if len(people) < 2:  # a small trust: who checks a Masters does not record its award, nor does finance
        people += [one.person for one in central if one.person not in people][-1:]
    rows += [Responsibility(person=person, kind="people_team", starts_on=since) for person in people]
    finance = [one.person for one in central if one.role in {"FM", "FA"}] or [one.person for one in central]
    rows += [Responsibility(person=person, kind="finance", starts_on=since) for person in finance[:1]]
    rows.append(Responsibility(person=demo["hublead"], kind="hub_lead", hub=hubs["PTH"], starts_on=since))
    others = [member.person for member in members if member.role == "LEADPRAC" and not member.demo_name]
    others = (others or [demo["hublead"]]) * 5
    rows += [
        Responsibility(person=person, kind="hub_lead", hub=hubs[code], starts_on=since)
        for code, person in zip(("PPL", "LA", "NTSH", "PRO", "NET"), others, strict=False)
    ]
    trainers = [demo["trainer"], *others[:4]]
    rows += [
        Responsibility(person=person, kind="trainer", starts_on=since)
        for person in {person.pk: person for person in trainers}.values()
    ]
    Responsibility.objects.bulk_create(rows)


def give_sign_ins(members: list[Member], partner: Person) -> None:
    """One password for all, hashed once; the people without a mailbox also have their staff number."""
    password = make_password("demo")
    users = [
        User(
            person=member.person,
            email=f"{member.demo_name or member.person.payroll_number}@demo.example",
            staff_number=member.person.payroll_number,
            password=password,
        )
        for member in members
    ]
    users.append(User(person=partner, email="partner@demo.example", password=password))
    User.objects.bulk_create(users, batch_size=2000)
