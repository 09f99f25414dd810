"""The statement as a PDF."""

from io import BytesIO

import pytest

from entitlements.actions.ledger import Credit, credit_many
from staff import clock

ADDRESS = "/entitlements/statement.pdf"


def credit(user, title):
    today = clock.today()
    one = Credit(
        person_id=user.person.pk,
        kind_code="course",
        occurred_on=today,
        title=title,
        source_key=f"t:{title}:1",
        minutes=90,
    )
    credit_many([one], by=None, today=today)


def test_it_is_a_file_to_keep(client, teaching_assistant):
    teaching_assistant.person.last_name = "Świątek-Wiśniewska"
    teaching_assistant.person.save()
    for number in range(60):
        credit(teaching_assistant, f"Early reading {number}")
    client.force_login(teaching_assistant)

    response = client.get(ADDRESS)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="cpd-2026-27.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert response.content.count(b"/Type /Page\n") > 1
    assert b"Figtree" in response.content


@pytest.mark.parametrize("who", ["partner", "people_team", "headteacher"])
def test_everybody_with_a_record_has_one(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(ADDRESS).status_code == 200


def test_the_same_day_gives_the_same_file(client, teacher):
    credit(teacher, "Early reading")
    client.force_login(teacher)

    assert client.get(ADDRESS).content == client.get(ADDRESS).content


def test_a_year_that_is_not_there_and_a_post_are_refused(client, teacher):
    client.force_login(teacher)

    assert client.get(ADDRESS, {"year": "1999/00"}).status_code == 404
    assert client.post(ADDRESS).status_code == 405
    assert BytesIO(client.get(ADDRESS, {"year": "2025/26"}).content).read(5) == b"%PDF-"
