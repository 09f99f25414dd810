"""Everything asks one clock (staff/clock.py, portal_now()), so that the tests can run as on a later day."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from staff import clock

ROOT = settings.BASE_DIR
FOLDERS = ("bwt_cpd", "pathways", "courses", "entitlements", "staff", "tests")
THE_CLOCK = {ROOT / "staff" / "clock.py", ROOT / "staff" / "migrations" / "sql" / "clock.sql"}
# pghistory fills this column by its trigger; the field only has to look as pghistory declares it.
ALLOWED = {("staff/migration_operations.py", "auto_now_add")}

SQL_CLOCK = re.compile(
    r"(?<!clock\.)\b(?:now|(?:statement|transaction|clock)_timestamp)\(\)"
    r"|\b(?:CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)\b",
    re.IGNORECASE,
)
PYTHON_CLOCKS = {
    "now": {"timezone", "datetime"},
    "utcnow": {"datetime"},
    "today": {"date", "datetime"},
}
IMPORTED_CLOCKS = {
    "django.utils.timezone": {"now"},
    "django.db.models.functions": {"Now"},
}


def clocks_in_python(source: str) -> Iterator[tuple[int, str]]:
    """The line and the words of each way to ask another clock."""
    tree = ast.parse(source)
    docstrings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if node not in docstrings:
            yield from _clocks_in(node)


def _clocks_in(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Attribute(value=ast.Name(id=base) | ast.Attribute(attr=base), attr=attribute):
            if base in PYTHON_CLOCKS.get(attribute, ()):
                yield node.lineno, f"{base}.{attribute}"
        case ast.Call(func=ast.Name(id="localdate") | ast.Attribute(attr="localdate"), args=[], keywords=[]):
            yield node.lineno, "localdate()"
        case ast.ImportFrom(module=module, names=names):
            clocks = IMPORTED_CLOCKS.get(module or "", set())
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in names if alias.name in clocks)
        case ast.keyword(arg="auto_now" | "auto_now_add" as name):
            yield node.value.lineno, name
        case ast.Constant(value=str(text)):
            yield from ((node.lineno, found.group()) for found in SQL_CLOCK.finditer(text))


def clocks_in_sql(source: str) -> Iterator[tuple[int, str]]:
    """The same for a file of SQL, comments left out."""
    for number, line in enumerate(source.splitlines(), 1):
        for found in SQL_CLOCK.finditer(line.partition("--")[0]):
            yield number, found.group()


def test_nothing_asks_another_clock() -> None:
    wrong, looked_at = [], 0
    for folder in FOLDERS:
        for path in [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.sql")]:
            if path in THE_CLOCK or path == Path(__file__):
                continue
            looked_at += 1
            find = clocks_in_python if path.suffix == ".py" else clocks_in_sql
            name = path.relative_to(ROOT).as_posix()
            wrong += [
                f"{name}:{line}: {words}"
                for line, words in find(path.read_text(encoding="utf-8"))
                if (name, words) not in ALLOWED
            ]

    assert looked_at > 500
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "timezone.now()",
        "default = timezone.now",
        "datetime.datetime.now(tz=UTC)",
        "datetime.now(UTC)",
        "datetime.utcnow()",
        "date.today()",
        "timezone.localdate()",
        "from django.utils.timezone import now",
        "from django.db.models.functions import Lower, Now",
        "models.DateTimeField(auto_now_add=True)",
        "cursor.execute('SELECT now()')",
        'f"SET {name} = NOW()"',
        "sql = 'WHERE due_on < CURRENT_DATE'",
        "sql = 'SELECT localtimestamp'",
    ],
)
def test_control_another_clock_is_found(source: str) -> None:
    assert list(clocks_in_python(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Not by now() or CURRENT_DATE."""',
        "clock.now()",
        "timezone.localdate(moment)",
        "sql = 'SELECT portal_now()'",
        "time.time()",
        "datetime.fromisoformat(text)",
    ],
)
def test_control_other_words_are_not(source: str) -> None:
    assert list(clocks_in_python(source)) == []


def test_control_another_clock_in_sql_is_found() -> None:
    sql = "SELECT 1 -- as now() would\n, statement_timestamp(), portal_now()"

    assert list(clocks_in_sql(sql)) == [(2, "statement_timestamp()")]


@pytest.mark.django_db
@pytest.mark.parametrize(("setting", "days"), [("", 0), ("0", 0), ("400", 400), ("-3", -3)])
def test_sql_adds_the_days_of_the_connection(setting: str, days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.days_ahead', %s, true)", [setting])
        cursor.execute("SELECT portal_now() - " + "statement_" + "timestamp()")
        (ahead,) = cursor.fetchone()

    assert ahead == timedelta(days=days)


@pytest.mark.django_db
def test_sql_and_python_agree() -> None:
    before = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_now()")
        (moment,) = cursor.fetchone()

    # PostgreSQL counts by its own machine's clock, which is this one.
    assert before - timedelta(seconds=1) <= moment <= clock.now() + timedelta(seconds=1)


@pytest.mark.parametrize("under_test", [True, False])
def test_only_tests_move_the_clock(under_test: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PORTAL_UNDER_TEST"}
    environment |= {"PORTAL_DAYS_AHEAD": "200"} | ({"PORTAL_UNDER_TEST": "1"} if under_test else {})

    done = subprocess.run(
        [sys.executable, "-c", "import bwt_cpd.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) == under_test
    assert ("ImproperlyConfigured" in done.stderr) != under_test
