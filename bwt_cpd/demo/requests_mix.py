"""What the demo trust's requests are: how many in which state, of which kinds, for whom, and in which words."""

from __future__ import annotations

from typing import Final

# How many requests end in each state.
MANY: Final = {
    "draft": 4,
    "manager": 9,
    "budget": 8,
    "people": 8,
    "finance": 3,
    "panel": 4,
    "questioned": 4,
    "agreed": 5,
    "on_programme": 9,
    "on_break": 3,
    "completed": 4,
    "declined": 4,
    "appealed": 3,
    "closed": 3,
    "withdrawn": 4,
}
# Of the kinds that come seldom: (kind, state), and whose.
OTHERS: Final = (
    ("teacher_training", "manager"),
    ("teacher_training", "agreed"),
    ("chartered", "people"),
    ("chartered", "agreed"),
    ("chartered", "completed"),
    ("npq", "on_programme"),
    ("masters", "agreed"),
)
WHOSE: Final = {
    "teacher_training": frozenset({"TA2", "HLTA", "CS"}),
    "npq": frozenset({"TCH", "TCH-LEAD", "HOY", "AHT", "DHT"}),
    "masters": frozenset({"TCH", "TCH-LEAD", "HOY", "AHT", "DHT"}),
}
PRICES: Final = {"npq": 90_000, "chartered": 48_000, "teacher_training": 925_000}
CHAIN: Final = (
    ("manager", "sent", "requester"),
    ("budget", "supported", "line_manager"),
    ("people", "funded", "budget_holder"),
    ("agreed", "checked", "people_team"),
    ("on_programme", "started", "people_team"),
)
# What comes after the chain has been walked to a state: (from, to, step, capacity).
AFTER: Final = {
    "finance": [("people", "finance", "checked", "people_team")],
    "panel": [("people", "panel", "checked", "people_team")],
    "questioned": [("manager", "questioned", "asked", "line_manager")],
    "declined": [("budget", "declined", "declined", "budget_holder")],
    "appealed": [
        ("budget", "declined", "declined", "budget_holder"),
        ("declined", "appealed", "appealed", "requester"),
    ],
    "closed": [
        ("budget", "declined", "declined", "budget_holder"),
        ("declined", "appealed", "appealed", "requester"),
        ("appealed", "closed", "dismissed", "people_team"),
    ],
    "withdrawn": [("manager", "withdrawn", "withdrawn", "requester")],
    "on_break": [("on_programme", "on_break", "paused", "people_team")],
    "completed": [("on_programme", "completed", "completed", "people_team")],
}
WORDS: Final = {
    "asked": "Which mornings would you be out of class?",
    "declined": "Two colleagues of the same team start this year. Ask again in spring.",
    "appealed": "My start could wait until January, when the others are back.",
    "dismissed": "The team cannot be covered this year. We have agreed a date for next year.",
    "paused": "A break for family leave, agreed with the provider.",
    "supported": "This is right for you and for us.",
}
DATED: Final = frozenset({"started", "paused", "completed"})
WHY: Final = (
    "I do much of this work already and want to do it well.",
    "It is the next step on my pathway, and we have nobody trained in it.",
    "It would let me lead this part of our work with confidence.",
)
PRIORITIES: Final = ("Reading in every subject", "Inclusion", "Leading people well")
# The job family of apprenticeships that fits a role; the others take any.
FAMILIES: Final = {
    **dict.fromkeys(("TA2", "HLTA", "CS"), "Classroom support"),
    **dict.fromkeys(("LSM", "PAST", "DSO", "ATT"), "Pastoral"),
    **dict.fromkeys(("ADM", "OFM", "PA", "EXO"), "Administration"),
    **dict.fromkeys(("DATA", "ITT1", "ITM"), "IT and data"),
    **dict.fromkeys(("SCI", "DTT"), "Technicians"),
    **dict.fromkeys(("CARE", "SITE", "EST", "CLN"), "Estates"),
    **dict.fromkeys(("COOK", "CATM", "MDS"), "Catering"),
    **dict.fromkeys(("FA", "FM"), "Finance"),
    **dict.fromkeys(("HRA", "HRM", "LDO"), "People"),
    **dict.fromkeys(("SBM", "MKT", "GOVP"), "Operations"),
    **dict.fromkeys(("TCH", "TCH-ECT", "TCH-LEAD", "HOY", "AHT", "DHT"), "IT and data"),
    "EYP": "Early years",
    "LIB": "Library",
    "CAR": "Careers",
}
