"""The documents name what is there: every state has its word, every path leads somewhere."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db.models import TextChoices

from courses.models.bookings import Attendance, Booking
from entitlements.models.claims import Claim
from entitlements.models.statements import StatementStatus
from pathways.models import EarlyCareerReview, TeachingInterest
from staff.models.responsibilities import Responsibility

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"

NAMED_BY_PATTERN = re.compile(r"[<*]|^/|COMMAND")
SHORTENED = {
    "actions.py",
    "access.py",
    "access",
    "models/",
    "migrations/",
    "sql/",
    "data/",
    "management/commands/",
}


def missing_words(states: type[TextChoices], text: str) -> set[str]:
    """The states that no line of the glossary gives as its code."""
    return {state for state in states.values if f"`{state}`" not in text}


def missing_paths(text: str) -> set[str]:
    """Paths in backticks that do not exist; patterns and the shared names of rooms are left out."""
    named = set(re.findall(r"`([\w./-]+(?:/|\.py|\.md|\.csv|\.toml))`", text))
    meant = {path for path in named if not NAMED_BY_PATTERN.search(path)} - SHORTENED
    return {path for path in meant if not (ROOT / path).exists()}


@pytest.mark.parametrize(
    "states",
    [
        Booking.State,
        Attendance.Mark,
        StatementStatus,
        Claim.State,
        Responsibility.Kind,
        TeachingInterest.State,
        EarlyCareerReview.Kind,
    ],
)
def test_glossary_has_every_state_that_people_meet(states: type[TextChoices]) -> None:
    assert missing_words(states, GLOSSARY.read_text()) == set()


def test_a_state_without_its_word_is_found() -> None:
    text = GLOSSARY.read_text().replace("`lapsed`", "")

    assert missing_words(Booking.State, text) == {"lapsed"}


def test_glossary_gives_each_word_once_in_a_table() -> None:
    tables = GLOSSARY.read_text().split("\n## ")
    words = [re.findall(r"^\| \*\*(.+?)\*\*", table, flags=re.MULTILINE) for table in tables]

    assert [sorted(set(found)) for found in words] == [sorted(found) for found in words]


DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md"))),
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_the_documents_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text())

    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_every_decision_is_in_the_list_of_decisions() -> None:
    pages = {page.name for page in (ROOT / "docs" / "decisions").glob("*.md")} - {"README.md"}

    assert set(re.findall(r"\]\((\w[\w-]*\.md)\)", (ROOT / "docs/decisions/README.md").read_text())) == pages


def test_production_names_every_setting_of_the_containers() -> None:
    text = (ROOT / "docs" / "production.md").read_text()
    settings = set(
        re.findall(r"^    ([A-Z_]+): ", (ROOT / "docker-compose.yml").read_text(), flags=re.MULTILINE)
    )

    assert {name for name in settings if f"`{name}`" not in text} == set()


def test_every_command_of_the_production_page_is_there() -> None:
    commands = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / "docs" / "production.md").read_text()))

    assert commands - set(get_commands()) == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_in_the_documents_exist(name: str) -> None:
    assert missing_paths((ROOT / name).read_text()) == set()


def test_a_path_that_leads_nowhere_is_found() -> None:
    assert missing_paths("see `docs/nowhere.md` and `docs/glossary.md`") == {"docs/nowhere.md"}
