"""Claiming CPD done elsewhere: the list, the form, one claim, its evidence."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bwt_cpd.form_rendering import answer_needed
from entitlements.actions.claims import (
    EVIDENCE_NEEDED,
    STILL_TO_COME,
    ask_about_claim,
    most_on_one_date,
    send_claim,
)
from entitlements.evidence import NOT_ACCEPTED
from entitlements.forms import BODY_NEEDED, LENGTH_NEEDED, NOT_A_DATE, ClaimForm
from entitlements.models import ActivityKind, Claim
from staff import clock

NEW = "/entitlements/claims/new/"
LABELS = {name: field.label for name, field in ClaimForm.base_fields.items()}


@pytest.fixture
def webinar(db):
    return ActivityKind.objects.get(code="webinar")


@pytest.fixture
def claim(teaching_assistant, webinar, settings, tmp_path):
    """An hour's webinar of the teaching assistant, with a certificate."""
    settings.MEDIA_ROOT = tmp_path
    return send_claim(
        person=teaching_assistant.person,
        kind=webinar,
        occurred_on=clock.today() - timedelta(days=1),
        title="Dyslexia",
        learned="Structure helps.",
        minutes=60,
        by=teaching_assistant.person,
        now=clock.now(),
        evidence=SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 yes"),
    )


def filled(claimed, **other):
    yesterday = clock.today() - timedelta(days=1)
    return {
        "kind": claimed.pk,
        "title": "Webinar on dyslexia",
        "occurred_on": yesterday.isoformat(),
        "hours": "1",
        "minutes": "30",
        "learned": "Overlays help some, structure helps all.",
        **other,
    }


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


# The form ----------------------------------------------------------------------------------
def test_a_claim_is_sent_and_shown(client, teaching_assistant, line_manager, webinar):
    client.force_login(teaching_assistant)

    response = client.post(NEW, filled(webinar), follow=True)

    claim = Claim.objects.get()
    assert response.redirect_chain == [(reverse("entitlements:claim-detail", args=[claim.pk]), 302)]
    assert (claim.minutes, claim.state, claim.person) == (90, "waiting", teaching_assistant.person)
    assert "Liam Manager, your line manager, decides." in words_of(response)


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"title": ""}, "title", answer_needed(LABELS["title"])),
        ({"kind": ""}, "kind", answer_needed(LABELS["kind"], choose=True)),
        ({"hours": "", "minutes": ""}, "hours", LENGTH_NEEDED),
        ({"hours": "11", "minutes": ""}, "hours", most_on_one_date(10)),
        ({"hours": "8", "minutes": ""}, "evidence", EVIDENCE_NEEDED),
        ({"occurred_on": "2099-01-01"}, "occurred_on", STILL_TO_COME),
        ({"occurred_on": "yesterday"}, "occurred_on", NOT_A_DATE),
        ({"learned": " "}, "learned", answer_needed(LABELS["learned"])),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(
    client, teaching_assistant, webinar, other, field, sentence
):
    client.force_login(teaching_assistant)

    response = client.post(NEW, filled(webinar, **other))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert sentence in words_of(response)
    assert "Webinar on dyslexia" in words_of(response) or "title" in other
    assert not Claim.objects.exists()


def test_a_membership_names_its_body_and_needs_no_time(client, teaching_assistant):
    client.force_login(teaching_assistant)
    kind = ActivityKind.objects.get(code="membership")
    facts = filled(kind, hours="", minutes="")

    without = client.post(NEW, facts)
    client.post(NEW, {**facts, "body": "Chartered College of Teaching"})

    assert without.context["form"].errors == {"body": [BODY_NEEDED]}
    claim = Claim.objects.get()
    assert (claim.amount, claim.minutes, claim.body) == (1, None, "Chartered College of Teaching")


def test_a_file_of_another_kind_is_refused(client, teaching_assistant, webinar):
    client.force_login(teaching_assistant)
    upload = SimpleUploadedFile("certificate.pdf", b"<html>", content_type="application/pdf")

    response = client.post(NEW, filled(webinar, evidence=upload))

    assert response.context["form"].errors == {"evidence": [NOT_ACCEPTED]}
    assert not Claim.objects.exists()


def test_what_the_form_does_not_ask_is_not_taken(client, teaching_assistant, teacher, webinar):
    client.force_login(teaching_assistant)

    client.post(NEW, filled(webinar, state="verified", person=teacher.person.pk, worth="9999"))

    claim = Claim.objects.get()
    assert (claim.state, claim.person) == ("waiting", teaching_assistant.person)


# The list ----------------------------------------------------------------------------------
def test_the_list_is_mine_alone(client, claim, teaching_assistant, teacher):
    client.force_login(teaching_assistant)
    mine = client.get("/entitlements/claims/")
    client.force_login(teacher)
    theirs = client.get("/entitlements/claims/")

    assert list(mine.context["page"]) == [claim]
    assert claim.title in words_of(mine)
    assert list(theirs.context["page"]) == []
    assert 'class="empty"' in words_of(theirs)


def test_the_list_asks_the_same_with_one_and_three(client, claim, teaching_assistant, webinar):
    client.force_login(teaching_assistant)
    client.get("/entitlements/claims/")
    with CaptureQueriesContext(connection) as one:
        client.get("/entitlements/claims/")
    for number in range(2):
        Claim.objects.create(
            person=claim.person,
            kind=webinar,
            occurred_on=claim.occurred_on,
            minutes=30,
            title=f"Number {number}",
        )
    with CaptureQueriesContext(connection) as three:
        client.get("/entitlements/claims/")

    assert len(three) == len(one)


# One claim ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teaching_assistant", 200),
        ("line_manager", 200),
        ("headteacher", 200),
        ("people_team", 200),
        ("teacher", 404),
        ("outsider", 404),
        ("partner", 404),
    ],
)
def test_who_may_read_a_claim_and_its_evidence(client, request, claim, who, status):
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("entitlements:claim-detail", args=[claim.pk]))
    file = client.get(reverse("entitlements:claim-evidence", args=[claim.pk]))

    file.close()
    assert (page.status_code, file.status_code) == (status, status)


@pytest.mark.parametrize("action", ["claim-answer", "claim-withdraw"])
def test_a_reader_cannot_write_and_get_changes_nothing(
    client, claim, line_manager, teaching_assistant, action
):
    url = reverse(f"entitlements:{action}", args=[claim.pk])
    client.force_login(line_manager)
    as_reader = client.post(url, {"words": "Mine."})
    client.force_login(teaching_assistant)
    by_get = client.get(url)

    claim.refresh_from_db()
    assert (as_reader.status_code, by_get.status_code, claim.state) == (403, 405, "waiting")


def test_evidence_is_a_download_and_nothing_else(client, claim, line_manager):
    client.force_login(line_manager)

    response = client.get(reverse("entitlements:claim-evidence", args=[claim.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 yes"
    assert response["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"


def test_a_question_is_answered_on_the_page(client, claim, teaching_assistant, line_manager):
    ask_about_claim(claim_id=claim.pk, by=line_manager.person, now=clock.now(), words="When was it?")
    client.force_login(teaching_assistant)
    url = reverse("entitlements:claim-answer", args=[claim.pk])

    page = client.get(reverse("entitlements:claim-detail", args=[claim.pk]))
    empty = client.post(url, {"words": ""})
    client.post(url, {"words": "On Friday."})

    assert "Liam Manager asks" in words_of(page)
    assert empty.status_code == 422
    claim.refresh_from_db()
    assert (claim.state, claim.decisions.last().words) == ("waiting", "On Friday.")


def test_withdrawing_twice_is_the_same_as_once(client, claim, teaching_assistant):
    client.force_login(teaching_assistant)
    url = reverse("entitlements:claim-withdraw", args=[claim.pk])

    client.post(url)
    again = client.post(url, follow=True)

    claim.refresh_from_db()
    assert (claim.state, claim.decisions.count()) == ("withdrawn", 2)
    assert again.status_code == 200
