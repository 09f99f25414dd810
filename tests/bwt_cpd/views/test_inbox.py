"""The inbox: who is asked, in which order, and deciding there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bwt_cpd.queries.frame import Standing, standing_on
from bwt_cpd.queries.inbox import REQUEST, count_waiting, items_for
from entitlements.actions.claims import decline_claim, send_claim, verify_claim
from entitlements.actions.ledger import Credit, credit_many
from entitlements.forms import NOT_IN_THE_LIST, NOTHING_TICKED
from entitlements.models import ActivityKind, EntitlementPolicy, LedgerEntry
from entitlements.rules.claims import QUESTION_NEEDED, REASON_NEEDED, ClaimState, ClaimStep, why_not
from staff import clock
from staff.models import Delegation
from staff.queries.deciders import may_decide_about
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.entitlements import ClaimFactory
from tests.factories.pathways_coaching import CoachingAgreementFactory
from tests.factories.pathways_requests import a_request_in


def today():
    return clock.today()


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def a_claim(user, *, waited_days=0, title="Dyslexia"):
    now = clock.now()
    claim = send_claim(
        person=user.person,
        kind=ActivityKind.objects.get(code="webinar"),
        occurred_on=today() - timedelta(days=40),
        title=title,
        learned="Structure helps.",
        minutes=60,
        by=user.person,
        now=now,
    )
    claim.waiting_since_at = now - timedelta(days=waited_days)
    claim.save()
    return claim


def a_request(user, *, waited_days=0, begins_in=14, **session):
    now = clock.now()
    session = SessionFactory(starts_at=now + timedelta(days=begins_in), needs_approval=True, **session)
    created_at = now - timedelta(days=waited_days)
    return BookingFactory(person=user.person, session=session, state="requested", created_at=created_at)


def an_offer(user, *, hours=5):
    session = SessionFactory(starts_at=clock.now() + timedelta(days=14))
    return BookingFactory(
        person=user.person,
        session=session,
        state="offered",
        offer_ends_at=clock.now() + timedelta(hours=hours),
        state_changed_at=clock.now(),
    )


# Who is asked ------------------------------------------------------------------------------
def asked(claim, *users):
    return [user.person.first_name for user in users if count_waiting(user, on=today())]


def test_the_line_manager_is_asked_and_nobody_else(
    teaching_assistant, teacher, line_manager, headteacher, people_team, outsider
):
    claim = a_claim(teaching_assistant)

    assert asked(claim, teaching_assistant, teacher, line_manager, headteacher, people_team, outsider) == [
        "Liam"
    ]


def test_after_four_weeks_head_and_people_team_are_asked_too(
    teaching_assistant, line_manager, headteacher, people_team
):
    claim = a_claim(teaching_assistant, waited_days=28)

    assert asked(claim, line_manager, headteacher, people_team) == ["Liam", "Helen", "Priya"]


@pytest.mark.parametrize(
    ("waited", "begins_in", "names"),
    [
        (6, 14, ["Liam"]),
        (7, 14, ["Liam", "Helen", "Priya"]),
        (0, 5, ["Liam"]),
        (0, 4, ["Liam", "Helen", "Priya"]),
    ],
)
def test_for_a_place_others_are_asked_after_a_week_or_when_the_session_is_near(
    teaching_assistant, line_manager, headteacher, people_team, waited, begins_in, names
):
    request = a_request(teaching_assistant, waited_days=waited, begins_in=begins_in)

    assert asked(request, line_manager, headteacher, people_team) == names
    items = items_for(line_manager.person, today())
    assert [one.is_late for one in items] == [len(names) > 1]


def test_without_a_line_manager_the_head_is_asked_at_once(
    teaching_assistant, line_manager, headteacher, people_team, outsider
):
    teaching_assistant.person.contracts.update(line_manager=None)
    claim = a_claim(teaching_assistant)

    assert asked(claim, line_manager, headteacher, people_team, outsider) == ["Helen", "Priya"]


def test_a_line_manager_who_has_left_is_not_asked(teaching_assistant, line_manager, headteacher):
    line_manager.person.contracts.update(ends_on=today() - timedelta(days=1))
    claim = a_claim(teaching_assistant)

    assert asked(claim, line_manager, headteacher) == ["Helen"]


def test_a_head_is_never_asked_about_their_own(headteacher, people_team):
    claim = a_claim(headteacher)

    assert asked(claim, headteacher, people_team) == ["Priya"]


def test_a_stand_in_is_asked_between_the_two_dates(teaching_assistant, line_manager, cpd_lead):
    claim = a_claim(teaching_assistant)
    before = asked(claim, cpd_lead)
    Delegation.objects.create(
        from_person=line_manager.person, to_person=cpd_lead.person, starts_on=today(), ends_on=today()
    )

    assert (before, asked(claim, cpd_lead)) == ([], ["Chris"])
    assert count_waiting(cpd_lead, on=today() + timedelta(days=1)) == 0


def test_a_stand_in_is_not_asked_about_themselves(teaching_assistant, line_manager):
    a_claim(teaching_assistant)
    Delegation.objects.create(
        from_person=line_manager.person,
        to_person=teaching_assistant.person,
        starts_on=today(),
        ends_on=today(),
    )

    assert count_waiting(teaching_assistant, on=today()) == 0


@pytest.mark.parametrize("shows_all", [False, True])
def test_whoever_is_asked_may_decide(
    shows_all, teaching_assistant, teacher, outsider, headteacher, line_manager, people_team, cpd_lead
):
    for user in (teaching_assistant, teacher, outsider, headteacher):
        a_claim(user, waited_days=30)
        a_request(user)
    Delegation.objects.create(
        from_person=headteacher.person, to_person=cpd_lead.person, starts_on=today(), ends_on=today()
    )
    claimants = {
        user.person.full_name: user.person for user in (teaching_assistant, teacher, outsider, headteacher)
    }

    seen = 0
    for reader in (headteacher, line_manager, people_team, cpd_lead, teacher, outsider):
        items = items_for(reader.person, today(), shows_all=shows_all)
        assert len(items) == count_waiting(reader, on=today()) or shows_all
        for item in items:
            assert may_decide_about(reader.person, claimants[item.who], today())
            seen += 1
    assert seen > 10


def test_offers_are_mine_until_they_run_out(teaching_assistant, teacher):
    an_offer(teaching_assistant)
    an_offer(teaching_assistant, hours=-1)

    assert count_waiting(teaching_assistant, on=today()) == 1
    assert count_waiting(teacher, on=today()) == 0


def test_counting_is_one_query(line_manager, teaching_assistant, django_assert_num_queries):
    a_claim(teaching_assistant)

    with django_assert_num_queries(1):
        count_waiting(line_manager, on=today())


def test_the_longest_waiting_comes_first(line_manager, teaching_assistant, teacher):
    a_claim(teacher, waited_days=2, title="Second")
    a_claim(teaching_assistant, waited_days=9, title="First")
    a_request(teacher, course__title="Third")

    items = items_for(line_manager.person, today())

    assert [item.title.split(",")[0] for item in items] == ["Claim: First", "Claim: Second", "Place: Third"]


# The page ----------------------------------------------------------------------------------
def test_nothing_waits(client, line_manager):
    client.force_login(line_manager)

    page = client.get("/inbox/")

    assert page.context["items"] == []
    assert 'class="empty"' in words_of(page)


def test_the_page_asks_the_same_with_one_and_three(client, line_manager, teaching_assistant, teacher):
    a_claim(teaching_assistant, waited_days=9)
    a_request(teacher)
    an_offer(line_manager)
    client.force_login(line_manager)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    for number in range(2):
        a_claim(teacher, title=f"Number {number}")
        a_request(teaching_assistant)
        an_offer(line_manager)
    with CaptureQueriesContext(connection) as three:
        client.get("/inbox/")

    assert len(three) == len(one)


def test_two_taps_from_the_list_to_verified(client, line_manager, teaching_assistant):
    claim = a_claim(teaching_assistant)
    client.force_login(line_manager)

    page = client.get("/inbox/")
    assert reverse("inbox-claim", args=[claim.pk]) in words_of(page)
    response = client.post(reverse("inbox-claim", args=[claim.pk]), {"decision": "verified"}, follow=True)

    assert response.redirect_chain == [("/inbox/", 302)]
    assert "Verified: Marta Kowalczyk, Dyslexia." in words_of(response)
    assert LedgerEntry.objects.get().created_by == line_manager.person


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ("asked", QUESTION_NEEDED),
        ("declined", REASON_NEEDED),
        ("verify it", "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_beside_the_buttons(
    client, line_manager, teaching_assistant, decision, sentence
):
    claim = a_claim(teaching_assistant)
    client.force_login(line_manager)

    response = client.post(reverse("inbox-claim", args=[claim.pk]), {"decision": decision, "words": ""})

    assert response.status_code == 422
    assert sentence in words_of(response)
    claim.refresh_from_db()
    assert claim.state == "waiting"


def test_whoever_comes_second_is_told_in_a_sentence(client, line_manager, headteacher, teaching_assistant):
    claim = a_claim(teaching_assistant)
    verify_claim(claim_id=claim.pk, by=headteacher.person, now=clock.now())
    client.force_login(line_manager)

    response = client.post(
        reverse("inbox-claim", args=[claim.pk]), {"decision": "declined", "words": "No."}, follow=True
    )

    first = headteacher.person.full_name
    refused = why_not(ClaimState.VERIFIED, ClaimStep.DECLINED, decided_by=first)
    assert [str(message) for message in response.context["messages"]] == [refused]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("line_manager", 200),
        ("headteacher", 200),
        ("teaching_assistant", 403),
        ("teacher", 404),
        ("outsider", 404),
    ],
)
@pytest.mark.parametrize("what", ["claim", "booking"])
def test_who_may_open_what(client, request, teaching_assistant, what, who, status):
    made = a_claim(teaching_assistant) if what == "claim" else a_request(teaching_assistant)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse(f"inbox-{what}", args=[made.pk])).status_code == status


def test_what_i_decided_can_be_looked_up(client, line_manager, headteacher, teaching_assistant):
    claim = a_claim(teaching_assistant)
    verify_claim(claim_id=claim.pk, by=line_manager.person, now=clock.now())
    client.force_login(line_manager)
    mine = words_of(client.get("/inbox/", {"show": "decided"}))
    client.force_login(headteacher)
    theirs = client.get("/inbox/", {"show": "decided"})

    assert "Claim: Dyslexia" in mine
    assert "Marta Kowalczyk" in mine
    assert list(theirs.context["decided"]) == []
    assert 'class="empty"' in words_of(theirs)


def test_a_get_decides_nothing(client, line_manager, teaching_assistant):
    claim = a_claim(teaching_assistant)
    client.force_login(line_manager)

    client.get(reverse("inbox-claim", args=[claim.pk]), {"decision": "verified"})

    claim.refresh_from_db()
    assert claim.state == "waiting"


def test_a_request_shows_its_facts_and_its_buttons(client, line_manager, teacher):
    booking = a_request(teacher, course__title="Paediatric first aid")
    client.force_login(line_manager)

    page = words_of(client.get(reverse("inbox-booking", args=[booking.pk])))

    assert "Paediatric first aid" in page
    assert f'action="{reverse("courses:booking-decide", args=[booking.pk])}"' in page


def test_an_offer_is_its_owners_alone(client, teaching_assistant, line_manager):
    offer = an_offer(teaching_assistant)
    client.force_login(teaching_assistant)
    mine = client.get(reverse("inbox-offer", args=[offer.pk]))
    client.force_login(line_manager)

    assert (mine.status_code, client.get(reverse("inbox-offer", args=[offer.pk])).status_code) == (200, 404)
    for answer in ("accept", "decline"):
        assert f'action="{reverse(f"courses:booking-{answer}", args=[offer.pk])}"' in words_of(mine)


def test_somebody_without_a_staff_record_is_told_so(client, db):
    from tests.factories.staff import UserFactory

    client.force_login(UserFactory(person=None, email="root@trust.example", is_superuser=True))

    page = client.get("/inbox/")

    assert page.status_code == 200
    assert "items" not in page.context


def test_a_claim_nobody_has_a_contract_for_still_opens(client, people_team, partner):
    claim = ClaimFactory(person=partner.person)
    client.force_login(people_team)

    assert client.get(reverse("inbox-claim", args=[claim.pk])).status_code == 200


# Coaching and requests ---------------------------------------------------------------------
def test_who_asks_for_coaching_stands_among_the_rest_until_it_is_answered(
    client, teacher, teaching_assistant
):
    asked = CoachingAgreementFactory(coach=teacher.person, coachee=teaching_assistant.person, state="asked")
    client.force_login(teacher)
    page = words_of(client.get(f"/inbox/coaching/{asked.pk}/"))

    assert count_waiting(teacher, on=today()) == standing_on(teacher, on=today()).answers == 1
    assert [item.url for item in items_for(teacher.person, today())] == [f"/inbox/coaching/{asked.pk}/"]
    assert "Marta Kowalczyk" in page
    assert f'action="{reverse("pathways:coaching-answer", args=[asked.pk])}"' in page
    client.post(reverse("pathways:coaching-answer", args=[asked.pk]), {"answer": "agree"})

    assert items_for(teacher.person, today()) == []
    assert standing_on(teacher, on=today()) == Standing()
    assert "Coaching: Confidence" in words_of(client.get("/inbox/?show=decided"))


def test_who_asked_for_coaching_reads_it_on_its_own_page(client, teacher, teaching_assistant):
    asked = CoachingAgreementFactory(coach=teacher.person, coachee=teaching_assistant.person, state="asked")
    client.force_login(teaching_assistant)

    answer = client.get(f"/inbox/coaching/{asked.pk}/")

    assert answer["Location"] == reverse("pathways:coaching-agreement", args=[asked.pk])


def test_a_request_is_open_beside_the_list_for_who_is_asked_only(
    client, line_manager, headteacher, teaching_assistant
):
    asked = a_request_in("manager", person=teaching_assistant.person)
    client.force_login(line_manager)
    page = client.get(f"/inbox/requests/{asked.pk}/")
    client.force_login(headteacher)

    assert page.context["chosen"] == (REQUEST, asked.pk)
    assert [item.pk for item in page.context["items"]] == [asked.pk]
    decision = words_of(page)[words_of(page).index('id="decide"') :]
    assert f"/pathways/requests/{asked.pk}/step/" in decision
    assert client.get(f"/inbox/requests/{asked.pk}/")["Location"] == f"/pathways/requests/{asked.pk}/"


def test_the_policy_of_the_year_says_when_others_are_asked(
    client, teaching_assistant, line_manager, headteacher
):
    a_claim(teaching_assistant, waited_days=12)
    before = asked(None, line_manager, headteacher)
    EntitlementPolicy.objects.update(claim_escalation_days=12)

    assert (before, asked(None, line_manager, headteacher)) == (["Liam"], ["Liam", "Helen"])
    assert [item.is_late for item in items_for(headteacher.person, today())] == [True]
    EntitlementPolicy.objects.update(claim_escalation_days=13)
    assert [item.is_late for item in items_for(line_manager.person, today())] == [False]


# Several at once ---------------------------------------------------------------------------
def claim_on(user, days_ago, *, minutes=60, kind="webinar", title="Plain"):
    return send_claim(
        person=user.person,
        kind=ActivityKind.objects.get(code=kind),
        occurred_on=today() - timedelta(days=days_ago),
        title=title,
        learned="Structure helps.",
        minutes=minutes,
        by=user.person,
        now=clock.now(),
    )


def offered_together(client, user) -> list[str]:
    client.force_login(user)
    return [claim.title for claim in client.get("/inbox/claims/").context["claims"]]


def test_only_plain_claims_are_offered_together(
    client, line_manager, headteacher, teacher, teaching_assistant, outsider
):
    claim_on(teaching_assistant, 40)
    claim_on(teacher, 41, title="Twice a day 1")
    claim_on(teacher, 41, title="Twice a day 2")
    capped = ActivityKind.objects.filter(may_be_claimed=True, unit="MINUTES").exclude(counts_as="full")
    claim_on(teacher, 42, kind=capped[0].code, title="Counts in part")
    claim_on(outsider, 40, title="Of another school")
    ClaimFactory(person=teacher.person, minutes=2000, title="Days without evidence", state="waiting")
    ClaimFactory(person=teacher.person, state="questioned", title="With a question")

    assert offered_together(client, line_manager) == ["Plain"]
    assert offered_together(client, headteacher) == []
    assert offered_together(client, teacher) == []


def test_the_ticked_ones_are_verified_and_named(client, line_manager, teaching_assistant, teacher):
    first, second = claim_on(teaching_assistant, 40, title="One"), claim_on(teacher, 40, title="Two")
    left = claim_on(teacher, 50, title="Three")
    client.force_login(line_manager)

    answer = client.post("/inbox/claims/", {"claim": [first.pk, second.pk]}, follow=True)

    assert answer.redirect_chain == [("/inbox/", 302)]
    assert "2 claims verified: Marta Kowalczyk, “One” and Tessa Teacher, “Two”." in words_of(answer)
    assert sorted(LedgerEntry.objects.values_list("title", flat=True)) == ["One", "Two"]
    left.refresh_from_db()
    assert left.state == "waiting"


def test_what_cannot_be_verified_is_said_by_name_and_the_rest_is_done(
    client, line_manager, headteacher, teaching_assistant, teacher
):
    first, second = claim_on(teaching_assistant, 40, title="One"), claim_on(teacher, 40, title="Two")
    decline_claim(claim_id=first.pk, by=headteacher.person, now=clock.now(), words="No.")
    client.force_login(line_manager)

    page = client.post("/inbox/claims/", {"claim": [first.pk, second.pk]}, follow=True)

    done, refused = page.context["messages"]
    why = why_not(ClaimState.DECLINED, ClaimStep.VERIFIED, decided_by=headteacher.person.full_name)
    assert (done.level_tag, refused.level_tag) == ("success", "error")
    assert f"{teacher.person.full_name}, “Two”." in str(done)
    assert str(refused).endswith(f"{teaching_assistant.person.full_name}, “One”. {why}")
    assert [entry.title for entry in LedgerEntry.objects.all()] == ["Two"]


def test_each_is_checked_again_when_the_button_is_pressed(client, line_manager, teacher):
    claim = claim_on(teacher, 40, title="Long day")
    day = Credit(
        person_id=teacher.person.pk,
        kind_code="course",
        occurred_on=claim.occurred_on,
        title="A day",
        source_key="test:1:1",
        minutes=590,
    )
    credit_many([day], by=None, today=today())
    client.force_login(line_manager)

    page = words_of(client.post("/inbox/claims/", {"claim": [claim.pk]}, follow=True))

    assert "Not verified: Tessa Teacher, “Long day”." in page
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("who", ["outsider", "teacher", "teaching_assistant", "partner"])
def test_claims_of_other_peoples_people_are_passed_over_in_silence(
    client, request, line_manager, teaching_assistant, who
):
    claim = claim_on(teaching_assistant, 40, title="Private matter")
    client.force_login(request.getfixturevalue(who))

    page = words_of(client.post("/inbox/claims/", {"claim": [claim.pk]}, follow=True))

    claim.refresh_from_db()
    assert claim.state == "waiting"
    assert "erified: " not in page


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], NOTHING_TICKED),
        (["x"], NOT_IN_THE_LIST),
        (["9" * 40], NOT_IN_THE_LIST),
    ],
)
def test_nothing_ticked_says_what_to_do(client, line_manager, teaching_assistant, chosen, sentence):
    claim_on(teaching_assistant, 40)
    client.force_login(line_manager)

    answer = client.post("/inbox/claims/", {"claim": chosen})

    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_the_list_of_several_asks_the_same_with_one_and_three(
    client, line_manager, teaching_assistant, teacher
):
    counts = []
    for more in (1, 2):
        for number in range(more):
            claim_on(teacher, 40 + 2 * number + 10 * more, title=f"Number {number}")
        client.force_login(line_manager)
        client.get("/inbox/claims/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/inbox/claims/")
        counts.append(len(seen))

    assert counts[0] == counts[1]
