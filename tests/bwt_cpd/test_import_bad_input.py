"""Whatever HR may send, by the command and by upload: named by file, line and column, and nothing written."""

import html
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from staff.actions.imports import rows_are_wrong
from staff.models import Contract, Person
from tests.staff.hr_files import CONTRACTS, PEOPLE, TRUST

pytestmark = pytest.mark.django_db
MAIN = "C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,true\n"
AGAIN = CONTRACTS + MAIN + "C009,P001,BPS,TA2,0.2,1,,2021-09-01,,,true\n"
BAD = {
    "unknown school": (
        "contracts",
        CONTRACTS + MAIN.replace("BPS", "NOWHERE"),
        [("contracts.csv", 2, "school_code")],
    ),
    "end before start": (
        "contracts",
        CONTRACTS + MAIN.replace("2020-09-01,", "2020-09-01,2020-08-31"),
        [("contracts.csv", 2, "ends_on")],
    ),
    "two main contracts at once": ("contracts", AGAIN, [("contracts.csv", 3, "is_main")]),
    "fte 0": ("contracts", CONTRACTS + MAIN.replace("TCH,1,", "TCH,0,"), [("contracts.csv", 2, "fte")]),
    "fte 3": ("contracts", CONTRACTS + MAIN.replace("TCH,1,", "TCH,3,"), [("contracts.csv", 2, "fte")]),
    "31 February": (
        "contracts",
        CONTRACTS + MAIN.replace("2020-09-01", "2027-02-31"),
        [("contracts.csv", 2, "starts_on")],
    ),
    "one key twice": (
        "contracts",
        CONTRACTS + MAIN + MAIN.replace("TCH,1,", "TCH,0.5,"),
        [("contracts.csv", 3, "contract_id")],
    ),
    "a comma without quotes": ("people", PEOPLE + "P001,Ann,Ash, BEd,,\n", [("people.csv", 2, "")]),
    "10 MB in a line": ("people", PEOPLE + "P001,Ann," + "x" * 10_000_000 + ",,\n", [("people.csv", 2, "")]),
    "several at once": (
        "contracts",
        CONTRACTS
        + MAIN.replace("TCH,1,5", "TCH,3,9")
        + MAIN.replace("C001,P001,BPS", "C009,P001,XX").replace("true", "false"),
        [
            ("contracts.csv", 2, "days_per_week"),
            ("contracts.csv", 2, "fte"),
            ("contracts.csv", 3, "school_code"),
        ],
    ),
}
GOOD = {
    "quoted commas": TRUST,
    "BOM": {kind: "\ufeff" + text for kind, text in TRUST.items()},
    "CRLF": {kind: text.replace("\n", "\r\n") for kind, text in TRUST.items()},
    "trailing blank lines": {kind: text + "\n\n,,\n" for kind, text in TRUST.items()},
    "one row twice, the same": {**TRUST, "people": TRUST["people"] + "P002,Ben,Box,,\n"},
}
LINE = re.compile(r"^(?P<file>.+?), line (?P<line>\d+)(?:, column (?P<column>\w+))?: (?P<reason>.+)$")


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def _command(folder, files):
    """What the command wrote to stdout and stderr, and its one-line refusal."""
    out, err, refusal = StringIO(), StringIO(), ""
    for kind, text in files.items():
        (folder / f"{kind}.csv").write_bytes(text.encode())
    try:
        call_command(
            "import_staff", stdout=out, stderr=err, **{kind: folder / f"{kind}.csv" for kind in files}
        )
    except CommandError as failure:
        refusal = str(failure)
    return out.getvalue(), err.getvalue().splitlines(), refusal


def _upload(client, files):
    """The page that shows what the files would do."""
    sent = client.post(
        "/admin/import/staff/",
        {kind: SimpleUploadedFile(f"{kind}.csv", text.encode()) for kind, text in files.items()},
    )
    return client.get(sent.url)


def _rows():
    return list(Person.objects.order_by("pk").values_list()), list(
        Contract.objects.order_by("pk").values_list()
    )


@pytest.mark.parametrize("what", BAD)
def test_the_command_names_it_and_writes_nothing(tmp_path, what):
    _command(tmp_path, TRUST)
    kind, text, places = BAD[what]
    before = _rows()

    _, told, refusal = _command(tmp_path, {kind: text})

    found = [LINE.match(line) for line in told]
    assert [(one["file"], int(one["line"]), one["column"] or "") for one in found if one] == places
    assert all(one and one["reason"] for one in found)
    lines = len({(file, line) for file, line, _ in places})
    assert refusal == rows_are_wrong(lines)
    assert _rows() == before


@pytest.mark.parametrize("what", BAD)
def test_the_upload_names_it_and_writes_nothing(client, people_team, tmp_path, what):
    _command(tmp_path, TRUST)
    client.force_login(people_team)
    kind, text, places = BAD[what]
    before = _rows()

    page = _upload(client, {kind: text})
    _, told, _ = _command(tmp_path, {kind: text})

    shown = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))
    assert page.status_code == 422
    for (file, line, column), sentence in zip(places, told, strict=True):
        reason = LINE.match(sentence)["reason"]
        assert re.search(rf"{re.escape(file)} {line} {column or '–'} {re.escape(reason)}", shown), shown[
            -800:
        ]
    assert _rows() == before


@pytest.mark.parametrize("what", GOOD)
def test_what_is_only_odd_comes_in_by_the_command(tmp_path, what):
    _, told, refusal = _command(tmp_path, GOOD[what])

    assert (told, refusal) == ([], "")
    assert Person.objects.get(payroll_number="P003").last_name == "Cole, junior"
    assert (Person.objects.count(), Contract.objects.count()) == (3, 3)


@pytest.mark.parametrize("what", GOOD)
def test_what_is_only_odd_comes_in_by_upload(client, people_team, what):
    client.force_login(people_team)
    before = Person.objects.count()

    page = _upload(client, GOOD[what])
    client.post(page.request["PATH_INFO"])

    assert page.status_code == 200
    assert Person.objects.get(payroll_number="P003").last_name == "Cole, junior"
    assert Person.objects.count() == before + 3


CIRCLE = CONTRACTS + "".join(
    f"C{n},{person},BPS,TCH,1,5,,2020-09-01,,{manager},true\n"
    for n, (person, manager) in enumerate((("P001", "P002"), ("P002", "P001"), ("P003", "P999")))
)


def test_a_circle_and_an_unknown_manager_are_warnings_of_the_command(tmp_path):
    files = {kind: TRUST[kind] for kind in ("schools", "roles", "people")} | {"contracts": CIRCLE}

    out, told, refusal = _command(tmp_path, files)

    assert refusal == ""
    assert out.startswith("Written:")
    assert [line.split(":")[:2] for line in told] == [
        ["Warning", " contracts.csv, line 2, column manager_payroll_number"],
        ["Warning", " contracts.csv, line 3, column manager_payroll_number"],
        ["Warning", " contracts.csv, line 4, column manager_payroll_number"],
    ]
    assert set(Contract.objects.values_list("line_manager", flat=True)) == {None}


def test_a_circle_and_an_unknown_manager_are_warnings_of_the_upload(client, people_team):
    client.force_login(people_team)
    files = {kind: TRUST[kind] for kind in ("schools", "roles", "people")} | {"contracts": CIRCLE}

    page = _upload(client, files)

    assert page.status_code == 200
    text = html.unescape(page.content.decode())
    assert "P999" in text
    assert "circle" in text
    client.post(page.request["PATH_INFO"])
    assert set(
        Contract.objects.filter(person__payroll_number__in=["P001", "P002", "P003"]).values_list(
            "line_manager", flat=True
        )
    ) == {None}
