"""The HR import by upload: nothing is written before the difference has been confirmed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bwt_cpd.views.admin_imports import CHOOSE_A_FILE
from staff.actions.imports import rows_are_wrong
from staff.import_rows import not_an_address
from staff.models import Contract, Person
from tests.staff.hr_files import CONTRACTS, PEOPLE, TRUST, bring_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/import/staff/"
WRITE = '<button class="do" type="submit">'


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


def _send(client, files=TRUST, **more):
    sent = {kind: SimpleUploadedFile(f"{kind} of HR.csv", text.encode()) for kind, text in files.items()}
    return client.post(PAGE, {**sent, **more})


def test_upload_shows_the_difference_and_writes_nothing_until_confirmed(client, people_team, kept_here):
    client.force_login(people_team)
    before = Person.objects.count()

    sent = _send(client)
    page = client.get(sent.url).content.decode()

    assert sent.status_code == 302
    assert Person.objects.count() == before
    assert WRITE in page
    assert '<td data-label="Key">P001</td>' in page

    done = client.post(sent.url, follow=True)

    assert Person.objects.count() == before + 3
    assert "The import is done: 1 new school, 1 changed school" in done.content.decode()
    assert not list(kept_here.rglob("*.csv"))
    assert client.get(sent.url).status_code == 404


def test_same_files_sent_twice_are_kept_once_and_nobody_elses(client, people_team, kept_here):
    client.force_login(people_team)

    first, second, full = _send(client), _send(client), _send(client, is_full="on")

    assert first.url == second.url != full.url
    assert len(list(kept_here.iterdir())) == 2


def test_confirmed_twice_is_done_once_and_says_the_same(client, people_team):
    client.force_login(people_team)
    sent = _send(client)

    first = client.post(sent.url, follow=True).content.decode()
    Person.objects.filter(payroll_number="P001").update(last_name="Changed")
    second = client.post(sent.url, follow=True).content.decode()

    said = "The import is done: 1 new school, 1 changed school"
    assert (said in first, said in second) == (True, True)
    assert Person.objects.get(payroll_number="P001").last_name == "Changed"


def test_bad_rows_are_shown_and_cannot_be_confirmed(client, people_team):
    client.force_login(people_team)
    sent = _send(client, {"people": PEOPLE + "P001,Ann,,,\nP002,Ben,Box,nonsense,\n"})

    page = client.get(sent.url)
    again = client.post(sent.url)

    assert page.status_code == again.status_code == 422
    assert page.context["refusal"] == rows_are_wrong(2)
    assert not_an_address("nonsense") in page.content.decode()
    assert WRITE not in page.content.decode()
    assert not Person.objects.filter(payroll_number="P001").exists()


def test_leavers_above_5_percent_have_to_be_confirmed(client, people_team):
    bring_in(**TRUST)
    client.force_login(people_team)
    sent = _send(
        client, {"contracts": CONTRACTS + "C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,true\n"}, is_full="on"
    )

    assert "3 of 4 live contracts" in client.get(sent.url).content.decode()
    assert client.post(sent.url).status_code == 422
    assert Contract.objects.filter(ends_on__isnull=True).count() == 3
    assert client.post(sent.url, {"confirms_leavers": "on"}).status_code == 302
    assert Contract.objects.filter(ends_on__isnull=True).count() == 1


def test_giving_up_writes_nothing_and_forgets_the_files(client, people_team, kept_here):
    client.force_login(people_team)
    sent = _send(client)

    client.post(sent.url, {"give_up": "yes"})

    assert not list(kept_here.rglob("*.csv"))
    assert not Person.objects.filter(payroll_number="P001").exists()


def test_the_whole_difference_can_be_downloaded(client, people_team):
    client.force_login(people_team)
    sent = _send(client)

    text = b"".join(client.get(f"{sent.url}difference.csv").streaming_content).decode()

    assert 'contracts,new,C001,"P001, TCH at BPS, fte 1, from 2020-09-01"' in text


def test_only_the_people_team_and_only_whoever_sent_the_files(client, people_team, teacher, outsider):
    client.force_login(people_team)
    url = _send(client).url
    other = people_team.person.responsibilities.get()
    other.pk, other.person = None, outsider.person
    other.save()

    client.force_login(outsider)
    assert client.get(PAGE).status_code == 200
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    client.force_login(teacher)
    assert client.get(PAGE).status_code == 302
    assert client.post(url).status_code == 302
    assert not Person.objects.filter(payroll_number="P001").exists()


def test_no_file_is_an_error(client, people_team):
    client.force_login(people_team)

    page = client.post(PAGE, {})

    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == [CHOOSE_A_FILE]
