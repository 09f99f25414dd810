"""The demo trust's catalogue, names and rooms are fit to load and fit to read."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "bwt_cpd" / "demo" / "data"

COLUMNS = [
    "code",
    "title",
    "hub",
    "strand",
    "audience",
    "mode",
    "minutes",
    "kind",
    "summary",
    "outcomes",
    "for_whom",
]
HUBS = {"PTH", "PPL", "LA", "NTSH", "PRO", "NET"}
MODES = {"in_person", "online", "hybrid", "in_school"}
FAMILIES = {
    "Teaching",
    "School leadership",
    "Classroom support",
    "Pastoral",
    "Administration",
    "IT and data",
    "Technicians",
    "Library and careers",
    "Estates",
    "Catering",
    "Lunchtime",
    "Finance",
    "Operations",
    "People",
}
UNWANTED = (
    "unlock",
    "journey",
    "empower",
    "delve",
    "cutting-edge",
    "game-chang",
    "!",
    "—",
)
SENTENCE_END = re.compile(r"[.?](?:\s|$)")
MOST_STRANDS = 25
LONGEST_COURSE_MINUTES = 1200

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def minute_kinds() -> set[str]:
    """Kinds a course may carry: those credited in minutes, since a course states its minutes."""
    kinds = read(ROOT / "entitlements" / "data" / "activity_kinds.csv")
    return {kind["code"] for kind in kinds if kind["unit"] == "MINUTES"}


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def faults_of(rows: list[Row]) -> list[str]:
    """Every fault of a catalogue, each as "code: what is wrong", in file order."""
    kinds = minute_kinds()
    rules: dict[str, Callable[[Row], bool]] = {
        "hub": lambda row: row["hub"] in HUBS,
        "mode": lambda row: row["mode"] in MODES,
        "kind": lambda row: row["kind"] in kinds,
        "minutes": lambda row: (
            row["minutes"].isdigit() and 15 <= int(row["minutes"]) <= LONGEST_COURSE_MINUTES
        ),
        "title length": lambda row: 8 <= len(row["title"]) <= 90,
        "summary length": lambda row: 120 <= len(row["summary"]) <= 420,
        "summary sentences": lambda row: len(SENTENCE_END.findall(row["summary"])) in (2, 3),
        "three outcomes": lambda row: len([part for part in row["outcomes"].split(";") if part.strip()]) == 3,
        "outcomes as endings": lambda row: row["outcomes"][0].islower() and not row["outcomes"].endswith("."),
        "for whom": lambda row: 12 <= len(row["for_whom"]) <= 200 and row["for_whom"].endswith("."),
        "audience": lambda row: row["audience"] == "all" or set(row["audience"].split(";")) <= FAMILIES,
        "audience twice": lambda row: not repeated(row["audience"].split(";")),
        "unwanted words": lambda row: not any(word in " ".join(row.values()).lower() for word in UNWANTED),
        "stray spaces": lambda row: all(value == " ".join(value.split()) for value in row.values()),
    }
    faults = [f"{row['code']}: {name}" for row in rows for name, holds in rules.items() if not holds(row)]
    faults += [f"{code}: code twice" for code in repeated([row["code"] for row in rows])]
    titles = [row["title"].casefold() for row in rows]
    faults += [f"{title}: title twice" for title in repeated(titles)]
    return faults


@pytest.fixture(scope="module")
def courses() -> list[Row]:
    return read(DEMO / "courses.csv")


def test_courses_have_the_agreed_columns(courses: list[Row]) -> None:
    assert list(courses[0]) == COLUMNS


def test_every_course_is_fit_to_load_and_to_read(courses: list[Row]) -> None:
    assert faults_of(courses) == []


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("hub", "XXX", "hub"),
        ("mode", "in person", "mode"),
        ("kind", "inset_day", "kind"),
        ("minutes", "1.5", "minutes"),
        ("title", "x" * 91, "title length"),
        ("summary", "Too short. Far too short.", "summary length"),
        (
            "summary",
            "One sentence that goes on and on " + "and on " * 20 + ".",
            "summary sentences",
        ),
        ("outcomes", "one;two", "three outcomes"),
        ("outcomes", "Three;with;capital", "outcomes as endings"),
        ("for_whom", "Everybody of every kind", "for whom"),
        ("audience", "Teachers", "audience"),
        ("audience", "Catering;Catering", "audience twice"),
        ("for_whom", "People on a journey to leadership.", "unwanted words"),
        ("title", "Clean lists first ", "stray spaces"),
    ],
)
def test_the_check_names_a_spoilt_course(courses: list[Row], column: str, value: str, fault: str) -> None:
    spoilt = courses[0] | {column: value}

    assert faults_of([spoilt]) == [f"{spoilt['code']}: {fault}"]


def test_the_check_names_a_course_that_stands_twice(courses: list[Row]) -> None:
    twice = [courses[0], courses[0]]

    assert faults_of(twice) == [
        f"{courses[0]['code']}: code twice",
        f"{courses[0]['title'].casefold()}: title twice",
    ]


def test_the_hubs_offer_as_much_as_the_trust_says(courses: list[Row]) -> None:
    offered = Counter(row["hub"] for row in courses)

    assert set(offered) == HUBS
    assert offered["PTH"] >= 175
    assert sum(offered.values()) - offered["PTH"] >= 65


def test_strands_stay_few_enough_to_filter_by(courses: list[Row]) -> None:
    strands = Counter(row["strand"] for row in courses)

    assert len(strands) <= MOST_STRANDS
    assert min(strands.values()) >= 5


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_job_family_finds_plenty_of_its_own(courses: list[Row], family: str) -> None:
    own = [row["code"] for row in courses if family in row["audience"].split(";")]

    assert len(own) >= 20


def test_job_families_are_those_of_the_roles() -> None:
    roles = read(ROOT / "staff" / "data" / "roles.csv")

    assert {role["job_family"] for role in roles} - {"Casual"} == FAMILIES


def test_names_are_many_different_and_not_only_english() -> None:
    names = read(DEMO / "names.csv")
    first = [row["name"] for row in names if row["kind"] == "first"]
    last = [row["name"] for row in names if row["kind"] == "last"]

    assert len(first) + len(last) == len(names)
    assert repeated(first) + repeated(last) == []
    assert len(first) >= 220
    assert len(last) >= 350
    assert {"Małgorzata", "Živilė", "João"} <= set(first)
    assert {"Wiśniewska", "Kazlauskienė", "Gonçalves", "O'Brien", "da Silva"} <= set(last)


def test_every_school_has_rooms_to_train_in() -> None:
    rooms = read(DEMO / "rooms.csv")
    schools = {row["code"] for row in read(ROOT / "staff" / "data" / "schools.csv")}
    by_school = Counter(row["school_code"] for row in rooms)

    assert set(by_school) == schools
    assert min(by_school.values()) >= 4
    assert max(by_school.values()) <= 6
    assert repeated([f"{row['school_code']} {row['room']}" for row in rooms]) == []
