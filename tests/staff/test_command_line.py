"""Every command ends with 0, or with one line on stderr and 1 (DESIGN section 5)."""

import pytest
from django.core.management import load_command_class

COMMANDS = {
    "import_staff": ("bwt_cpd", "--schools"),
    "import_activities": ("entitlements",),
    "import_catalogue": ("courses",),
    "shortfalls": ("entitlements",),
    "verify_ledger": ("entitlements",),
    "close_year": ("entitlements",),
    "send_messages": ("staff", "--now"),
    "send_reminders": ("bwt_cpd", "--on", "garbage"),
    "demo": ("bwt_cpd", "--people", "many"),
    "invite_admin": ("bwt_cpd",),
    "load_reference": ("pathways", "more"),
}
WRONG = [
    *((app, name, arguments) for name, (app, *arguments) in COMMANDS.items()),
    ("entitlements", "shortfalls", ["--year", "2026/27", "--on", "garbage"]),
    ("entitlements", "shortfalls", ["--year", "2026/27", "--format", "xml"]),
    ("entitlements", "import_activities", ["/nowhere.csv"]),
]


@pytest.mark.parametrize(("app", "name", "arguments"), WRONG)
def test_wrong_or_missing_options_are_one_line_and_exit_code_1(app, name, arguments, capsys, db):
    command = load_command_class(app, name)

    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, *arguments])

    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (1, "", 1), said.err
    assert said.err.startswith("CommandError: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_is_for(name, capsys):
    command = load_command_class(COMMANDS[name][0], name)

    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, "--help"])

    assert ended.value.code == 0
    assert len(command.help) > 30
    assert capsys.readouterr().out.startswith(f"usage: manage.py {name}")
