"""Claims: every step from every state by everybody, what the account shows, and who hears of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.actions import claims as actions
from entitlements.actions.ledger import Credit, credit
from entitlements.actions.years import close_year
from entitlements.models import (
    AcademicYear,
    ActivityKind,
    Claim,
    ClaimDecision,
    ClosedStatement,
    LedgerEntry,
    PlannedCredit,
    Statement,
)
from staff import clock
from staff.models import Delegation, Message
from staff.refusals import ActionRefused
from tests.entitlements.test_rules_claims import STEPS, TABLE
from tests.factories.staff import JobRoleFactory
from tests.markup import without_layout

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PDF = b"%PDF-1.7 certificate"


@pytest.fixture
def claimant(teaching_assistant):
    return teaching_assistant.person


@pytest.fixture
def manager(line_manager):
    return line_manager.person


def certificate(name="certificate.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def send(claimant, settings, tmp_path):
    """Send a claim of the claimant, an hour's webinar unless told otherwise."""
    settings.MEDIA_ROOT = tmp_path

    def run(kind="webinar", **other):
        facts = {
            "minutes": 60,
            "occurred_on": date(2026, 11, 20),
            "title": "Dyslexia",
            "learned": "Structure helps.",
        }
        facts |= other
        return actions.send_claim(
            person=claimant, kind=ActivityKind.objects.get(code=kind), by=claimant, now=NOW, **facts
        )

    return run


def take(step, claim, by):
    """One step, with words where it can have them."""
    facts = {"claim_id": claim.pk, "by": by, "now": NOW}
    if step == "asked":
        return actions.ask_about_claim(words="When was it?", **facts)
    if step == "answered":
        return actions.answer_question(words="On Friday.", **facts)
    if step == "verified":
        return actions.verify_claim(**facts)
    if step == "declined":
        return actions.decline_claim(words="We run this ourselves.", **facts)
    return actions.withdraw_claim(**facts)


def bring_to(state, claim, claimant, manager):
    way = {
        "waiting": [],
        "questioned": [("asked", manager)],
        "verified": [("verified", manager)],
        "declined": [("declined", manager)],
        "withdrawn": [("withdrawn", claimant)],
    }[state]
    for step, by in way:
        take(step, claim, by)
    claim.refresh_from_db()


# Who may do what when ----------------------------------------------------------------------
@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("step", [step for step in STEPS if step != "sent"])
@pytest.mark.parametrize("who", ["claimant", "manager", "head", "people", "outsider"])
def test_every_step_from_every_state_by_everybody(
    state, step, who, send, claimant, manager, headteacher, people_team, outsider
):
    people = {
        "claimant": claimant,
        "manager": manager,
        "head": headteacher.person,
        "people": people_team.person,
        "outsider": outsider.person,
    }
    claim = send()
    bring_to(state, claim, claimant, manager)
    is_theirs = (
        who == "claimant" if step in ("answered", "withdrawn") else who in ("manager", "head", "people")
    )
    after = TABLE[state][STEPS.index(step)] if is_theirs else None
    is_again = (
        is_theirs and after is None and claim.decisions.filter(actor=people[who], decision=step).exists()
    )
    decisions = claim.decisions.count()

    if after is None and not is_again:
        with pytest.raises(ActionRefused):
            take(step, claim, people[who])
    else:
        take(step, claim, people[who])

    claim.refresh_from_db()
    assert claim.state == (after or state)
    assert claim.decisions.count() == decisions + (after is not None)
    entries, plans = LedgerEntry.objects.count(), PlannedCredit.objects.count()
    assert (entries, plans) == {
        "waiting": (0, 1),
        "questioned": (0, 1),
        "verified": (1, 0),
        "declined": (0, 0),
        "withdrawn": (0, 0),
    }[claim.state]


@pytest.mark.parametrize("decision", ["asked", "verified", "declined"])
def test_the_database_refuses_a_decision_on_ones_own(send, claimant, decision):
    claim = send()

    with pytest.raises(IntegrityError, match="claim_decision_not_on_own"), transaction.atomic():
        ClaimDecision.objects.create(
            claim=claim, claimant=claimant, actor=claimant, decision=decision, words="Mine."
        )


def test_control_without_the_guard_the_database_would_take_it(send, claimant):
    claim = send()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE entitlements_claimdecision DROP CONSTRAINT claim_decision_not_on_own")

    ClaimDecision.objects.create(
        claim=claim, claimant=claimant, actor=claimant, decision="verified", words=""
    )

    assert claim.decisions.filter(actor=claimant, decision="verified").exists()


@pytest.mark.parametrize("step", ["ask", "decline"])
def test_a_question_and_a_no_need_words(send, manager, step):
    action = {"ask": actions.ask_about_claim, "decline": actions.decline_claim}[step]

    with pytest.raises(actions.ClaimRefused) as refused:
        action(claim_id=send().pk, by=manager, now=NOW, words="  ")

    assert refused.value.field == "words"


def test_nobody_claims_for_somebody_else(claimant, manager, db):
    with pytest.raises(ActionRefused):
        actions.send_claim(
            person=claimant,
            kind=ActivityKind.objects.get(code="webinar"),
            occurred_on=date(2026, 11, 20),
            title="Dyslexia",
            learned="Much.",
            minutes=60,
            by=manager,
            now=NOW,
        )


# What the account shows --------------------------------------------------------------------
def test_a_waiting_claim_is_planned_and_a_verified_one_counts(send, claimant, manager):
    claim = send(is_own_time=True)
    planned = Statement.objects.get(person=claimant, year__name="2026/27")
    actions.verify_claim(claim_id=claim.pk, by=manager, now=NOW)
    counted = Statement.objects.get(person=claimant, year__name="2026/27")

    assert (planned.planned_minutes, planned.counted_minutes) == (60, 0)
    assert (counted.planned_minutes, counted.counted_minutes, counted.own_time_minutes) == (0, 60, 60)
    entry = LedgerEntry.objects.get()
    assert (entry.source_key, entry.created_by, entry.occurred_on) == (
        f"claim:{claim.pk}:1",
        manager,
        claim.occurred_on,
    )


def test_a_membership_is_worth_a_quarter_of_the_own_day(send, manager):
    claim = send("membership", minutes=None, amount=Decimal(1), body="Chartered College of Teaching")

    actions.verify_claim(claim_id=claim.pk, by=manager, now=NOW)

    entry = LedgerEntry.objects.get()
    assert (entry.minutes, entry.body) == (111, "Chartered College of Teaching")


def test_the_same_claim_sent_twice_is_one(send):
    assert send() == send()
    assert (Claim.objects.count(), ClaimDecision.objects.count(), Message.objects.count()) == (1, 1, 1)


# What is refused ---------------------------------------------------------------------------
def refusal(send, **facts):
    with pytest.raises(actions.ClaimRefused) as refused:
        send(**facts)
    assert not Claim.objects.exists()
    return refused.value.field, refused.value.sentence


def test_a_date_to_come_is_refused(send):
    assert refusal(send, occurred_on=date(2026, 11, 25))[0] == "occurred_on"


def test_a_closed_year_is_refused(send):
    AcademicYear.objects.filter(name="2025/26").update(closed_at=datetime(2026, 9, 30, 3, tzinfo=UTC))

    assert refusal(send, occurred_on=date(2026, 7, 1)) == (
        "occurred_on",
        "The year 2025/26 was closed on Wed 30 Sep 2026, so nothing can be added to it.",
    )


def test_a_year_nobody_knows_is_refused(send):
    assert refusal(send, occurred_on=date(2019, 7, 1))[0] == "occurred_on"


def test_what_a_register_records_cannot_be_claimed(send):
    assert refusal(send, kind="inset_day", minutes=None, amount=Decimal(1))[0] == "kind"


def test_at_most_600_minutes_a_date(send):
    assert refusal(send, minutes=601, evidence=certificate())[0] == "duration"
    assert send(minutes=600, evidence=certificate()).state == "waiting"


@pytest.mark.parametrize("there", ["credited", "claimed"])
def test_the_600_minutes_are_those_of_everything_on_the_date(send, claimant, there):
    if there == "credited":
        credit(
            Credit(
                person_id=claimant.pk,
                kind_code="course",
                occurred_on=date(2026, 11, 20),
                title="Early reading",
                source_key="test:1:1",
                minutes=400,
            ),
            by=None,
            today=date(2026, 11, 24),
        )
    else:
        send(minutes=400, title="Another")

    with pytest.raises(actions.ClaimRefused) as refused:
        send(minutes=201)

    assert refused.value.field == "duration"
    assert send(minutes=200).state == "waiting"


def test_what_became_too_much_meanwhile_is_not_verified(send, claimant, manager):
    claim = send(minutes=400)
    credit(
        Credit(
            person_id=claimant.pk,
            kind_code="course",
            occurred_on=date(2026, 11, 20),
            title="Early reading",
            source_key="test:1:1",
            minutes=300,
        ),
        by=None,
        today=date(2026, 11, 24),
    )

    with pytest.raises(ActionRefused):
        actions.verify_claim(claim_id=claim.pk, by=manager, now=NOW)

    claim.refresh_from_db()
    assert claim.state == "waiting"


def test_a_day_or_more_needs_evidence(send):
    assert refusal(send, minutes=444)[0] == "evidence"
    assert send(minutes=443).evidence_name == ""
    assert (
        send(minutes=444, occurred_on=date(2026, 11, 19), evidence=certificate()).evidence_name
        == "certificate.pdf"
    )


def test_a_membership_without_a_contract_on_the_date_is_refused(send, claimant):
    claimant.contracts.update(starts_on=date(2026, 11, 22))

    assert refusal(send, kind="membership", minutes=None, amount=Decimal(1), body="CIPD")[0] == "occurred_on"


def test_evidence_can_follow_with_the_answer(send, claimant, manager):
    claim = send()
    actions.ask_about_claim(claim_id=claim.pk, by=manager, now=NOW, words="Is there a certificate?")
    later = NOW + timedelta(days=2)

    actions.answer_question(claim_id=claim.pk, by=claimant, now=later, words="Here.", evidence=certificate())

    claim.refresh_from_db()
    assert (claim.state, claim.waiting_since_at, claim.evidence_type) == ("waiting", later, "application/pdf")
    assert claim.evidence.name.startswith("evidence/")
    assert "certificate" not in claim.evidence.name


# Who hears of it ---------------------------------------------------------------------------
def test_whoever_stands_in_for_the_manager_is_asked_too(send, manager, cpd_lead):
    Delegation.objects.create(
        from_person=manager, to_person=cpd_lead.person, starts_on=NOW.date(), ends_on=NOW.date()
    )

    send()

    asked = Message.objects.filter(kind="claim_sent").order_by("pk")
    assert [message.person for message in asked] == [manager, cpd_lead.person]


def test_the_line_manager_is_asked_and_the_claimant_told(send, claimant, manager):
    claim = send()
    actions.ask_about_claim(claim_id=claim.pk, by=manager, now=NOW, words="When was it?")
    actions.answer_question(claim_id=claim.pk, by=claimant, now=NOW, words="On Friday.")
    actions.verify_claim(claim_id=claim.pk, by=manager, now=NOW)

    told = [(message.person, message.kind) for message in Message.objects.order_by("pk")]
    assert told == [
        (manager, "claim_sent"),
        (claimant, "claim_asked"),
        (manager, "claim_answered"),
        (claimant, "claim_verified"),
    ]
    asked = Message.objects.get(kind="claim_asked")
    assert "When was it?" in asked.body_text
    assert asked.subject == "A question about your claim: Dyslexia"


# Races -------------------------------------------------------------------------------------
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    cloned_database, teaching_assistant, line_manager, headteacher
):
    claimant = teaching_assistant.person
    claim = actions.send_claim(
        person=claimant,
        kind=ActivityKind.objects.get(code="webinar"),
        occurred_on=clock.today() - timedelta(days=1),
        title="Dyslexia",
        learned="Much.",
        minutes=60,
        by=claimant,
        now=clock.now(),
    )
    start, answers = Barrier(2), {}

    def decide(name, action, by, **words):
        start.wait()
        try:
            answers[name] = action(claim_id=claim.pk, by=by, now=clock.now(), **words).state
        except ActionRefused as refused:
            answers[name] = refused.sentence
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=("manager", actions.verify_claim, line_manager.person)),
        Thread(
            target=decide, args=("head", actions.decline_claim, headteacher.person), kwargs={"words": "No."}
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    claim.refresh_from_db()
    won, lost = ("manager", "head") if claim.state == "verified" else ("head", "manager")
    names = {"manager": "Liam Manager", "head": "Helen Head"}
    assert answers[won] == claim.state
    assert answers[lost] == f"This claim has been {claim.state} by {names[won]}."
    assert claim.decisions.exclude(decision="sent").count() == 1
    assert LedgerEntry.objects.count() == (claim.state == "verified")


def verified_letter(send, manager, kind="webinar", **other):
    """Verify a new claim and read the second line of what its owner is told."""
    claim = send(kind=kind, **other)
    actions.verify_claim(claim_id=claim.pk, by=manager, now=NOW)
    letter = Message.objects.get(kind="claim_verified", dedupe_key__startswith=f"claim:{claim.pk}:")
    return " ".join(letter.body_text.split())


def test_a_verified_claim_says_what_it_counts(send, claimant, manager):
    assert "It counts 1 hour 30 minutes towards your CPD days of 2026/27." in verified_letter(
        send, manager, minutes=90
    )


def test_a_kind_with_a_cap_says_how_much_of_it_counts_and_why(send, claimant, manager):
    letters = [
        verified_letter(send, manager, kind="facilitation", minutes=300, occurred_on=date(2026, 11, day))
        for day in (2, 3, 4)
    ]

    because = "because what you give to others counts up to 20% of the year’s entitlement, and you have reached that."
    assert "It counts 5 hours towards your CPD days of 2026/27." in letters[0]
    assert (
        "Of its 5 hours, all of it on your record, 2 hours 24 minutes count towards your CPD days of 2026/27, "
        + because
    ) in letters[1]
    assert f"It is on your record; it adds nothing to your CPD days of 2026/27, {because}" in letters[2]
    statement = Statement.objects.get(person=claimant, year__name="2026/27")
    assert (statement.recorded_minutes, statement.counted_minutes) == (900, 444)


def test_a_second_membership_of_one_body_says_that_it_adds_nothing(send, claimant, manager):
    facts = {"kind": "membership", "minutes": None, "amount": Decimal(1), "body": "CIPD"}
    first, second = (
        verified_letter(send, manager, occurred_on=date(2026, 11, day), **facts) for day in (2, 3)
    )

    assert "It counts 1 hour 51 minutes towards your CPD days of 2026/27." in first
    assert (
        "it adds nothing to your CPD days of 2026/27, because memberships and awards count up to 20% of the "
        "year’s entitlement, and of several of one body the highest alone."
    ) in second


def test_whoever_is_owed_nothing_is_promised_nothing(send, claimant, manager):
    claimant.contracts.update(job_role=JobRoleFactory(code="CAS", staff_group="casual"))

    assert (
        "It is on your record. There is no target of CPD days for you in 2026/27 that it would add to."
    ) in verified_letter(send, manager)


def test_a_claim_of_the_year_before_counts_in_that_year(send, claimant, manager):
    assert "It counts 1 hour towards your CPD days of 2025/26." in verified_letter(
        send, manager, occurred_on=date(2026, 6, 2)
    )


# When the year closes (R17) ------------------------------------------------------------------
CLOSES = date(2027, 9, 30)


def close(name="2026/27"):
    return close_year(AcademicYear.objects.select_related("policy").get(name=name), today=CLOSES)


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        ("waiting", "this claim was decided"),
        ("questioned", "the question about this claim was answered"),
    ],
)
def test_a_claim_that_is_left_ends_with_its_year_and_its_owner_is_told(
    state, missing, send, claimant, manager
):
    claim = send()
    bring_to(state, claim, claimant, manager)

    close()

    claim.refresh_from_db()
    last = claim.decisions.last()
    reason = f"The year 2026/27 was closed before {missing}."
    assert (claim.state, last.decision, last.actor, last.words) == ("declined", "declined", None, reason)
    assert not PlannedCredit.objects.exists()
    assert ClosedStatement.objects.get(person=claimant).planned_minutes == 0
    letter = Message.objects.get(kind="claim_lapsed")
    assert (letter.person, letter.subject) == (claimant, "Not decided in time: Dyslexia")
    assert reason in " ".join(letter.body_text.split())
    with pytest.raises(ActionRefused, match=r"^This claim has been declined\.$"):
        take("verified", claim, manager)


@pytest.mark.parametrize("state", ["verified", "declined", "withdrawn"])
def test_a_claim_that_is_decided_stays_as_it_is(state, send, claimant, manager):
    claim = send()
    bring_to(state, claim, claimant, manager)
    before = list(claim.decisions.values())

    close()

    claim.refresh_from_db()
    assert (claim.state, list(claim.decisions.values())) == (state, before)
    assert not Message.objects.filter(kind="claim_lapsed").exists()


def test_a_claim_of_another_year_goes_on_waiting(send):
    claim = send(occurred_on=date(2026, 8, 31))

    close()

    claim.refresh_from_db()
    assert claim.state == "waiting"


def test_closing_asks_the_same_for_one_claim_and_three(send):
    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            close(name)
        return len(queries)

    send(occurred_on=date(2026, 8, 3))
    for day in (2, 3, 4):
        send(occurred_on=date(2026, 11, day))

    assert asked("2025/26") == asked("2026/27")


def test_the_owner_reads_why_it_ended(client, send, teaching_assistant):
    claim = send()
    close()
    client.force_login(teaching_assistant)

    page = without_layout(client.get(reverse("entitlements:claim-detail", args=[claim.pk])).content.decode())

    assert "<b>Not decided in time</b><div" in page
    assert "The year 2026/27 was closed before this claim was decided." in page


@pytest.mark.parametrize("decision", ["sent", "asked", "answered", "verified", "withdrawn"])
def test_the_database_knows_who_decided_except_where_nobody_did_in_time(send, claimant, decision):
    claim = send()

    with (
        pytest.raises(IntegrityError, match="claim_decision_by_somebody_unless_declined"),
        transaction.atomic(),
    ):
        ClaimDecision.objects.create(claim=claim, claimant=claimant, actor=None, decision=decision, words="x")
