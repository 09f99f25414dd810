"""Who pays for a funded route, and what the funding rules refuse, as arithmetic and sentences (DOMAIN section 4).

Nothing here looks anything up: a route's facts are rows that the people team edits; these are the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from pathways.rules.repayment import whole_months
from staff.wording import date_words, listed, money

LEAST_HOURS: Final = 187
"""No apprenticeship has fewer off-the-job hours, whatever its standard says: the DfE's apprenticeship funding rules
for starts from 1 August 2025 (DOMAIN section 4; last checked 23 Nov 2026). A rule of the law, not a choice of the
trust's: it changes with a release. The hours, months and prices of each standard are rows of Route."""
LEAST_MONTHS: Final = 8
"""No apprenticeship is shorter: the same funding rules (DOMAIN section 4; last checked 23 Nov 2026)."""

PAYERS: Final[dict[str, tuple[str, ...]]] = {
    "apprenticeship": ("levy", "private"),
    "masters": ("trust",),
    "npq": ("dfe", "trust", "private"),
    "chartered": ("trust", "private"),
    "teacher_training": ("dfe", "trust", "private"),
}
"""Who may pay for each kind of route (DOMAIN section 4). The trust pays its share of a Masters, from 0 to 100
percent of each year, so that nothing of it is spent without the agreement about repaying it."""
_PAYER_WORDS: Final = {
    "levy": "the apprenticeship levy",
    "dfe": "the Department for Education",
    "trust": "the trust",
    "private": "the school privately",
}
_PAID: Final = {
    "apprenticeship": "An apprenticeship is paid by",
    "masters": "A Masters is paid by",
    "npq": "An NPQ is paid by",
    "chartered": "Chartered status is paid by",
    "teacher_training": "Teacher training is paid by",
}

NPQ_WORDS: Final = {
    "all_publicly_funded": "The Department for Education pays in every publicly funded school.",
    "publicly_funded_early_years_and_schools": (
        "The Department for Education pays in publicly funded schools and early years settings."
    ),
    "pp50_or_rise": (
        "The Department for Education pays if your school is in the half with most pupil premium, "
        "or is a RISE school."
    ),
    "pp50_or_rise_or_itt_lead_mentor": (
        "The Department for Education pays if your school is in the half with most pupil premium, "
        "is a RISE school, or you are lead mentor for an accredited teacher training provider."
    ),
    "first_5_years_of_headship_with_NPQH": (
        "The Department for Education pays in your first five years as a head, if you have the NPQ in "
        "headship or are doing it."
    ),
}
"""Who pays for an NPQ, by the code of `npqs.csv` (DOMAIN section 3, November 2026 cohort)."""
TOO_SHORT = f"An apprenticeship takes {LEAST_MONTHS} months at least. Choose a later end."
LEVY_COSTS_NOTHING = "The apprenticeship levy. It costs you nothing, and you are never asked to pay it back."
UNCONFIRMED = (
    "The funding of this route is not confirmed. Write beside the funding check who confirmed it, and when."
)


def no_start_after(last_start_on: date) -> str:
    """What the levy refuses of a standard that was withdrawn."""
    return f"The levy pays for no start after {date_words(last_start_on)}."


def levy_pays_up_to(pence: int) -> str:
    """The most that the levy pays for a standard."""
    return f"The levy pays up to {money(pence)} for training and assessment."


def hours_needed(least: int) -> str:
    """Why a request without its off-the-job hours is not passed on."""
    return f"Write the agreed off-the-job hours: {least} at least."


@dataclass(frozen=True)
class RouteFacts:
    """What the rules need to know of a route. `last_start_on` is the last start that the levy paid at any age."""

    kind: str
    title: str
    status: str = "funded"
    words: str = ""
    last_start_on: date | None = None
    youngest: int | None = None
    oldest: int | None = None
    typical_months: int | None = None
    least_hours: int | None = None
    most_pence: int | None = None
    fee_pence: int | None = None
    alternatives: tuple[str, ...] = ()
    other_ways: str = ""


@dataclass(frozen=True)
class FundingFacts:
    """One request as it stands. While the people team checks it (`is_checked`), `confirmed` is what it wrote
    beside its funding check and `hours` what it agreed with the provider. `starts_on` is the planned start,
    the day itself where somebody begins (`is_begun`)."""

    route: RouteFacts
    funded_by: str
    starts_on: date | None = None
    ends_on: date | None = None
    is_age_declared: bool = False
    is_on_other_programme: bool = False
    is_checked: bool = False
    is_begun: bool = False
    confirmed: str = ""
    hours: int | None = None


@dataclass(frozen=True)
class Refusal:
    """Why not, and the field of the draft that would change it."""

    field: str
    sentence: str


def refusals(facts: FundingFacts) -> list[Refusal]:
    """Every reason for which it may not be funded so, the weightiest first.

    DOMAIN section 4. The payer is one of its kind. Of the levy: a start after the last funded one, ages,
    another funded programme, at the people team's check also funding that was unconfirmed. Of every
    apprenticeship, whoever pays: 8 months at least, at the check also the off-the-job hours.
    """
    if sentence := _not_a_payer(facts):
        return [Refusal("funded_by", sentence)]
    if facts.route.kind != "apprenticeship":
        return []
    of_levy = [
        Refusal("planned_starts_on", _with_ways(_too_late(facts), facts.route)),
        Refusal("is_age_declared", _with_ways(_not_the_age(facts), facts.route)),
        Refusal("is_on_other_funded_programme", _second_programme(facts)),
    ]
    found = [
        *(of_levy if facts.funded_by == "levy" else []),
        Refusal("planned_ends_on", _too_short(facts)),
        *(
            [Refusal("", _unconfirmed(facts)), Refusal("off_job_hours", _too_few_hours(facts))]
            if facts.is_checked
            else []
        ),
    ]
    return [one for one in found if one.sentence]


def payers_of(kind: str) -> tuple[str, ...]:
    """Who may pay for this kind of route, the usual one first."""
    return PAYERS[kind]


def is_open_to_levy(route: RouteFacts, starts_on: date) -> bool:
    """Whether the levy may pay for somebody who starts on a date, at some age at least."""
    is_late = route.last_start_on is not None and starts_on > route.last_start_on
    return route.kind == "apprenticeship" and not (route.status == "withdrawn" and is_late)


def needs_age(route: RouteFacts, starts_on: date | None) -> bool:
    """Whether somebody has to say that they are within the funded ages: always for a route with ages,
    but for a start up to `last_start_on`, which was paid at any age."""
    if route.status != "age_limited":
        return False
    return route.last_start_on is None or starts_on is None or starts_on > route.last_start_on


def least_hours(route: RouteFacts) -> int | None:
    """The off-the-job hours an apprenticeship must have: the standard's, never under 187; None for others."""
    return max(LEAST_HOURS, route.least_hours or 0) if route.kind == "apprenticeship" else None


def ages_words(route: RouteFacts) -> str:
    """ "16 to 24", "16 or older", "up to 21"; empty for every age."""
    if route.youngest is None:
        return f"up to {route.oldest}" if route.oldest else ""
    return f"{route.youngest} to {route.oldest}" if route.oldest else f"{route.youngest} or older"


def who_pays(route: RouteFacts) -> list[str]:
    """Who pays for a route, sentence by sentence, for whoever thinks about asking."""
    return [line for line in (_payer(route), route.words, *_limits(route)) if line]


def what_is_refused(route: RouteFacts) -> list[str]:
    """What the rules will refuse for this route whoever asks, said before anybody asks."""
    if route.kind != "apprenticeship":
        return []
    lines = []
    if route.status == "withdrawn" and route.last_start_on:
        lines.append(no_start_after(route.last_start_on))
    if route.status == "age_limited":
        lines.append(f"The levy pays at ages {ages_words(route)} on the first day only.")
    lines.append(f"Fewer than {least_hours(route)} off-the-job hours, or less than {LEAST_MONTHS} months.")
    lines.append("A second funded programme at the same time.")
    return lines


def funding_short(route: RouteFacts) -> str:
    """The funding of a route in a few words, for a list."""
    if route.status == "withdrawn":
        return "No longer funded for new starts"
    if route.status == "age_limited":
        return f"Funded at ages {ages_words(route)}"
    return {
        "funded": "Paid by the apprenticeship levy" if route.kind == "apprenticeship" else "Funded",
        "unconfirmed": "Funding to be confirmed",
        "trust": "Paid by the trust where it is agreed",
        "school_rule": "Funded in some schools",
    }[route.status]


def trust_share_pence(fee_pence: int, trust_percent: int) -> int:
    """The trust's part of a fee in whole pence, rounded down; the learner pays the rest (DOMAIN section 4)."""
    return fee_pence * trust_percent // 100


def payers_are(kind: str) -> str:
    """Who may pay for this kind of route, as a refusal of any other payer."""
    ways = " or ".join(_PAYER_WORDS[one] for one in PAYERS[kind])
    return f"{_PAID[kind]} {ways}. Choose who would pay."


def _not_a_payer(facts: FundingFacts) -> str:
    payers = PAYERS[facts.route.kind]
    if not facts.funded_by or facts.funded_by in payers:
        return ""
    if facts.funded_by == "levy":
        return "The levy pays for apprenticeships only. Choose who else would pay."
    return payers_are(facts.route.kind)


def _too_late(facts: FundingFacts) -> str:
    route, starts_on = facts.route, facts.starts_on
    if starts_on is None or is_open_to_levy(route, starts_on) or route.last_start_on is None:
        return ""
    return (
        f"The levy paid for starts on {route.title} up to {date_words(route.last_start_on)}; "
        f"{'this' if facts.is_begun else 'your planned'} start is {date_words(starts_on)}. Whoever is on programme already is funded to the end."
    )


def _not_the_age(facts: FundingFacts) -> str:
    route = facts.route
    if facts.is_age_declared or not needs_age(route, facts.starts_on):
        return ""
    return f"The levy pays for {route.title} at ages {ages_words(route)} on the first day only. {route.words}".strip()


def _second_programme(facts: FundingFacts) -> str:
    if not facts.is_on_other_programme:
        return ""
    return "The levy pays for one funded programme at a time. Ask again once the other one is finished."


def _too_short(facts: FundingFacts) -> str:
    months = facts.route.typical_months
    if facts.starts_on is not None and facts.ends_on is not None:
        months = whole_months(facts.starts_on, facts.ends_on)
    if months is None or months >= LEAST_MONTHS:
        return ""
    return TOO_SHORT


def _unconfirmed(facts: FundingFacts) -> str:
    is_of_levy = facts.funded_by == "levy" and facts.route.status == "unconfirmed"
    if not is_of_levy or facts.confirmed.strip():
        return ""
    return UNCONFIRMED


def _too_few_hours(facts: FundingFacts) -> str:
    least = least_hours(facts.route) or 0
    if facts.hours is None:
        return hours_needed(least)
    return "" if facts.hours >= least else too_few_hours(facts.hours, least)


def too_few_hours(hours: int, least: int) -> str:
    """Why so many off-the-job hours are not enough."""
    return f"{hours} off-the-job hours are too few: {least} at least."


def _with_ways(sentence: str, route: RouteFacts) -> str:
    ways = [*route.alternatives, *([route.other_ways] if route.other_ways else [])]
    return f"{sentence} Other ways: {listed(ways)}." if sentence and ways else sentence


def _payer(route: RouteFacts) -> str:
    if route.status == "withdrawn":
        ends = f" after {date_words(route.last_start_on)}" if route.last_start_on else ""
        return f"Nobody from public money, for starts{ends}. A school may pay privately."
    if route.status == "unconfirmed":
        return "Not confirmed yet. The people team finds out before anything is signed."
    if route.kind == "apprenticeship":
        return LEVY_COSTS_NOTHING
    if route.status == "trust":
        return "The trust pays a share where it is agreed; you sign what you would repay before anything is spent."
    return ""


def _limits(route: RouteFacts) -> list[str]:
    lines = []
    if route.kind == "apprenticeship" and route.status == "age_limited":
        lines.append(f"For starts at ages {ages_words(route)} only.")
    if route.most_pence is not None and route.status != "withdrawn":
        lines.append(levy_pays_up_to(route.most_pence))
    if route.fee_pence is not None:
        lines.append(f"Where it is not funded it costs about {money(route.fee_pence)}.")
    return lines
