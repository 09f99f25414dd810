"""Last year's account: what a year looks like when it is over, closed once its figures are frozen (R17)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from bwt_cpd.demo.attendance import credit_all, is_employed, training_day
from bwt_cpd.demo.members import Member, Trust
from entitlements.academic_year import YearDates
from entitlements.actions.ledger import Credit
from entitlements.actions.years import close_year
from entitlements.models import AcademicYear

# Days after 1 September, what it was about, and how much of the day was CPD.
TRAINING_DAYS: Final = (
    (0, "Training day: safeguarding and the year ahead", "0.5"),
    (1, "Training day: curriculum", "1"),
    (58, "Training day: adaptive teaching and support", "1"),
    (126, "Brooke Weston Trust training day", "1"),
    (224, "Training day: reading across the school", "0.8"),
)
REQUIRED: Final = (("Annual safeguarding update", 60), ("Prevent awareness", 45), ("Fire safety", 30))
ATTENDED: Final = (
    ("twilight", "Twilight: questioning that makes everybody think", 75),
    ("twilight", "Twilight: calm corridors", 60),
    ("course", "Supporting pupils with autism", 150),
    ("course", "First aid at work refresher", 180),
    ("course", "Spreadsheets without fear", 120),
    ("course", "Managing people: the first conversation", 45),
    ("online", "Online: data protection in a school", 40),
    ("network", "Network of colleagues in the same job", 120),
    ("webinar", "Webinar: what the evidence says about feedback", 60),
)
CHANCES: Final = {"Teaching": 0.95, "School leadership": 0.97, "Classroom support": 0.84}


def make_last_year(random: Random, trust: Trust, on: date) -> None:
    """Five training days, required training and a handful of courses of everybody who worked here then."""
    dates = YearDates.for_date(on).previous
    credits = [
        credit
        for member in trust.members
        if trust.roles[member.role].job_family != "Casual"
        for credit in _of(member, CHANCES.get(trust.roles[member.role].job_family, 0.72), dates, random)
    ]
    credit_all(credits, on)


def close_last_year(on: date) -> None:
    """Freeze it where the day for that has come; nothing is written into it afterwards."""
    year = AcademicYear.objects.select_related("policy").get(name=YearDates.for_date(on).previous.label)
    if on >= year.dates.closes_on:
        close_year(year, today=on)


def _of(member: Member, chance: float, dates: YearDates, random: Random) -> list[Credit]:
    found = []
    for number, (after, title, share) in enumerate(TRAINING_DAYS):
        day = _weekday(dates.first_day + timedelta(days=after))
        if is_employed(member, day) and random.random() < chance:
            found.append(training_day(member, day, title, _key(member, dates, f"day{number}"), share))
    for number, (title, minutes) in enumerate(REQUIRED):
        day = _weekday(dates.first_day + timedelta(days=random.randint(0, 80)))
        if is_employed(member, day) and random.random() < 0.9:
            found.append(
                Credit(
                    person_id=member.person.pk,
                    kind_code="compliance",
                    occurred_on=day,
                    title=title,
                    minutes=minutes,
                    source_key=_key(member, dates, f"required{number}"),
                )
            )
    many = max(0, round(random.gauss(4.5 if chance > 0.9 else 2.5, 1.5)))
    for number, (kind, title, minutes) in enumerate(random.sample(ATTENDED, min(many, len(ATTENDED)))):
        day = _weekday(dates.first_day + timedelta(days=random.randint(20, 310)))
        if is_employed(member, day):
            found.append(
                Credit(
                    person_id=member.person.pk,
                    kind_code=kind,
                    occurred_on=day,
                    title=title,
                    minutes=minutes,
                    source_key=_key(member, dates, f"attended{number}"),
                )
            )
    return found


def _key(member: Member, dates: YearDates, what: str) -> str:
    return f"demo-last-year:{dates.start_year}:{member.person.payroll_number}:{what}:1"


def _weekday(day: date) -> date:
    return day if day.weekday() < 5 else day + timedelta(days=7 - day.weekday())
