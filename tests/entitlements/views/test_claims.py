"""Claiming CPD done elsewhere: the list, the form, one claim."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.models import ActivityKind, Claim


@pytest.fixture
def webinar(db):
    return ActivityKind.objects.get(code="webinar")


def filled(webinar, **other):
    yesterday = timezone.localdate() - timedelta(days=1)
    return {
        "kind": webinar.pk,
        "title": "Webinar on dyslexia",
        "occurred_on": yesterday.isoformat(),
        "hours": "1",
        "minutes": "30",
        "learned": "Overlays help some, structure helps all.",
        **other,
    }


def test_a_claim_is_sent_and_shown(client, teaching_assistant, webinar):
    client.force_login(teaching_assistant)

    response = client.post(reverse("entitlements:claim-new"), filled(webinar), follow=True)

    claim = Claim.objects.get()
    assert response.redirect_chain == [(reverse("entitlements:claim-detail", args=[claim.pk]), 302)]
    assert (claim.minutes, claim.state, claim.person) == (90, "waiting", teaching_assistant.person)
    assert "Liam Manager, your line manager, decides." in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/entitlements/", "/entitlements/claims/", "/entitlements/claims/new/", "/inbox/", "/more/", "/"]
)
@pytest.mark.parametrize(
    "who", ["teaching_assistant", "line_manager", "headteacher", "people_team", "partner"]
)
def test_every_page_answers_everybody(client, request, path, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("who", ["line_manager", "headteacher", "people_team"])
def test_team(client, request, teacher, teaching_assistant, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/team/").status_code == 200
    assert client.get(f"/team/{teacher.person.pk}/").status_code == 200
    assert client.get("/team/download/").status_code == 200
