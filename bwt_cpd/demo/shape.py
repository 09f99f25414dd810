"""The shape of the demo trust: how many people each site has, in which jobs, on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# Share of the trust's people at each site; the sum is 1,000.
SITE_SHARES: Final = {
    "BWA": 135,
    "CBA": 118,
    "CTS": 78,
    "KSA": 128,
    "TCA": 118,
    "WFS": 42,
    "BPS": 70,
    "CPA": 52,
    "GPS": 24,
    "OVP": 66,
    "PPS": 60,
    "TPS": 49,
    "CEN": 60,
}
PRIMARIES: Final = frozenset({"BPS", "CPA", "GPS", "OVP", "PPS", "TPS"})

# Jobs at a site of each kind, in the order in which they are filled; weights of what is left over.
FIRST_JOBS: Final = {
    "primary": ["HT", "DHT", "SENCO", "TCH-LEAD", "SBM", "OFM", "CATM", "SITE"],
    "secondary": [
        "HT",
        "DHT",
        "AHT",
        "AHT",
        "SENCO",
        "TCH-LEAD",
        "TCH-LEAD",
        "HOY",
        "SBM",
        "OFM",
        "CATM",
        "SITE",
        "PA",
        "EXO",
        "DSO",
        "LIB",
        "CAR",
    ],
    "central": ["EXH", "EST", "FM", "HRM", "ITM", "LDO", "DATA", "GOVP"],
}
JOB_WEIGHTS: Final = {
    "primary": {
        "TCH": 30,
        "TCH-ECT": 4,
        "TCH-LEAD": 4,
        "TA2": 30,
        "HLTA": 5,
        "EYP": 6,
        "MDS": 14,
        "COOK": 5,
        "CLN": 5,
        "CARE": 2,
        "ADM": 4,
        "LSM": 3,
        "TRAINEE": 1,
    },
    "secondary": {
        "TCH": 38,
        "TCH-ECT": 5,
        "TCH-LEAD": 8,
        "HOY": 4,
        "LEADPRAC": 2,
        "UQT": 1,
        "TRAINEE": 2,
        "TA2": 12,
        "HLTA": 2,
        "CS": 4,
        "LSM": 3,
        "PAST": 4,
        "ATT": 2,
        "ADM": 6,
        "SCI": 3,
        "DTT": 2,
        "ITT1": 2,
        "DATA": 1,
        "CLN": 8,
        "COOK": 6,
        "MDS": 4,
        "CARE": 3,
        "INV": 9,
    },
    "central": {
        "FA": 8,
        "HRA": 7,
        "ITT1": 6,
        "MKT": 3,
        "DATA": 3,
        "ADM": 5,
        "LEADPRAC": 6,
        "CARE": 3,
        "HRM": 2,
        "LDO": 2,
    },
}

# Who manages whom at a site: the first of these jobs that is filled there.
MANAGED_BY: Final = {
    "DHT": ["HT"],
    "AHT": ["HT"],
    "SENCO": ["DHT", "HT"],
    "SBM": ["HT"],
    "TCH-LEAD": ["AHT", "DHT", "HT"],
    "HOY": ["AHT", "DHT", "HT"],
    "LEADPRAC": ["AHT", "EXH", "HT"],
    "TCH": ["TCH-LEAD", "DHT"],
    "TCH-ECT": ["TCH-LEAD", "DHT"],
    "TRAINEE": ["TCH-LEAD", "DHT"],
    "UQT": ["TCH-LEAD", "DHT"],
    "TA2": ["SENCO", "DHT"],
    "HLTA": ["SENCO", "DHT"],
    "LSM": ["SENCO", "DHT"],
    "EYP": ["TCH-LEAD", "DHT"],
    "CS": ["DHT"],
    "PAST": ["HOY", "DHT"],
    "ATT": ["HOY", "DHT"],
    "DSO": ["DHT", "HT"],
    "OFM": ["SBM"],
    "ADM": ["OFM", "EXH"],
    "PA": ["SBM"],
    "EXO": ["SBM"],
    "INV": ["EXO", "SBM"],
    "SITE": ["SBM"],
    "CARE": ["SITE", "EST"],
    "CLN": ["SITE"],
    "CATM": ["SBM"],
    "COOK": ["CATM"],
    "MDS": ["CATM", "SBM"],
    "LIB": ["SBM"],
    "CAR": ["DHT"],
    "SCI": ["TCH-LEAD", "SBM"],
    "DTT": ["TCH-LEAD", "SBM"],
    "ITT1": ["SBM", "ITM"],
    "DATA": ["SBM", "ITM", "EXH"],
    "FA": ["FM"],
    "HRA": ["HRM"],
    "LDO": ["HRM"],
    "HRM": ["EXH"],
    "FM": ["EXH"],
    "EST": ["EXH"],
    "ITM": ["EXH"],
    "GOVP": ["EXH"],
    "MKT": ["EXH"],
}


@dataclass(frozen=True)
class Terms:
    """Working time of a contract: share of a full week, days a week, weeks a year, and how often it occurs."""

    fte: Fraction
    days_per_week: Fraction
    weeks_per_year: str
    weight: int


def _terms(fte: str, days: str, weeks: str, weight: int) -> Terms:
    return Terms(Fraction(fte), Fraction(days), weeks, weight)


TEACHING: Final = [
    _terms("1", "5", "39", 74),
    _terms("4/5", "4", "39", 9),
    _terms("3/5", "3", "39", 11),
    _terms("1/2", "5/2", "39", 4),
    _terms("2/5", "2", "39", 2),
]
CLASSROOM: Final = [
    _terms("25/37", "5", "39", 40),
    _terms("65/74", "5", "39", 25),
    _terms("30/37", "5", "39", 20),
    _terms("15/37", "3", "39", 10),
    _terms("1", "5", "39", 5),
]
OFFICE: Final = [_terms("1", "5", "52", 45), _terms("1", "5", "41", 30), _terms("25/37", "5", "39", 25)]
SHORT_DAYS: Final = [
    _terms("15/74", "5", "38", 50),
    _terms("5/37", "5", "38", 30),
    _terms("15/37", "5", "39", 20),
]
SITE_DAYS: Final = [_terms("1", "5", "52", 70), _terms("20/37", "5", "52", 30)]
CASUAL: Final = [_terms("1/10", "1", "10", 1)]
TERMS_BY_FAMILY: Final = {
    "Teaching": TEACHING,
    "School leadership": [_terms("1", "5", "39", 1)],
    "Classroom support": CLASSROOM,
    "Pastoral": CLASSROOM,
    "Lunchtime": SHORT_DAYS,
    "Catering": [_terms("20/37", "5", "39", 60), _terms("30/37", "5", "39", 40)],
    "Estates": SITE_DAYS,
    "Casual": CASUAL,
}

# No desk, no trust mailbox: these sign in with their staff number.
WITHOUT_MAILBOX: Final = frozenset({"MDS", "COOK", "CLN"})
