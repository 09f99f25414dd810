"""The stage engine, NPQ funding in words, and what training to teach asks for (DOMAIN section 3)."""

from datetime import date, timedelta

import pytest

from pathways.rules.golden_thread import (
    Post,
    ThreadFacts,
    ThreadStage,
    line_of_stations,
    next_steps,
    stage_of,
)
from pathways.rules.npqs import (
    TRN_ON_RECORD,
    TRN_TO_ASK_FOR,
    Learner,
    Npq,
    SchoolFacts,
    funding_of,
    is_npq_for,
    trn_words,
)
from pathways.rules.teaching_interest import (
    ALLOWED,
    MOVES,
    NOTHING_MISSING,
    Entry,
    advice,
    checks_of,
    targets,
    to_sort_out,
    way_of,
)

ON = date(2026, 11, 24)


def post(code, group="teacher", since=date(2024, 9, 1)):
    return Post(code, group, 1, since)


@pytest.mark.parametrize(
    ("code", "group", "stage"),
    [
        ("TA2", "support", "before_training"),
        ("UQT", "teacher", "before_training"),
        ("TRAINEE", "teacher", "trainee"),
        ("TCH-ECT", "teacher", "ect1"),
        ("TCH", "teacher", "teacher"),
        ("SENCO", "teacher", "middle_leader"),
        ("DHT", "leadership", "senior_leader"),
        ("HT", "leadership", "head"),
        ("EXH", "leadership", "executive"),
        ("NEW", "teacher", "teacher"),
        ("SBM", "support", "before_training"),
    ],
)
def test_stage_of_a_post(code, group, stage):
    assert stage_of(ThreadFacts((post(code, group),))) == stage


def test_surest_fact_wins():
    posts = (post("TCH-ECT"),)

    assert stage_of(ThreadFacts(posts, ect_year=2, set_stage=ThreadStage.TEACHER)) == "ect2"
    assert stage_of(ThreadFacts(posts, has_passed_induction=True)) == "teacher"
    assert stage_of(ThreadFacts(posts, set_stage=ThreadStage.MIDDLE_LEADER)) == "middle_leader"
    assert stage_of(ThreadFacts((post("TA2", "support"),), is_placed_trainee=True)) == "trainee"
    assert stage_of(ThreadFacts((post("TCH"), post("AHT", "leadership")))) == "senior_leader"
    assert stage_of(ThreadFacts()) == "before_training"


def test_line_has_what_is_done_where_one_is_and_what_is_next():
    line = line_of_stations(ThreadStage.ECT2)

    assert [station.standing for station in line] == [
        "done", "done", "done", "now", "next", "later", "later", "later", "later",
    ]  # fmt: skip
    assert [station.standing for station in line_of_stations(ThreadStage.EXECUTIVE)][-1] == "now"


@pytest.mark.parametrize("stage", list(ThreadStage))
def test_every_stage_leads_somewhere(stage):
    assert next_steps(stage, ThreadFacts(), ON)


def test_next_steps_by_stage():
    def routes(stage, *posts):
        return [step.route for step in next_steps(stage, ThreadFacts(posts), ON) if step.route]

    assert routes(ThreadStage.ECT2) == ["NPQLT", "NPQLBC", "NPQLL", "NPQLPM"]
    assert routes(ThreadStage.SENIOR_LEADER) == ["NPQSL", "NPQH"]
    assert routes(ThreadStage.MIDDLE_LEADER, post("SENCO"))[0] == "NPQSENCO"
    assert routes(ThreadStage.HEAD, post("HT", "leadership", date(2022, 1, 1))) == ["EHCO", "NPQEL"]
    assert routes(ThreadStage.HEAD, post("HT", "leadership", date(2021, 11, 24))) == ["NPQEL"]


def learner(**facts):
    return Learner(**{"has_trn": True, "school": SchoolFacts(), **facts})


@pytest.mark.parametrize(
    ("rule", "facts", "is_funded"),
    [
        ("all_publicly_funded", {}, True),
        ("pp50_or_rise", {}, None),
        ("pp50_or_rise", {"school": SchoolFacts(True, None)}, True),
        ("pp50_or_rise", {"school": SchoolFacts(False, True)}, True),
        ("pp50_or_rise", {"school": SchoolFacts(False, None)}, None),
        ("pp50_or_rise", {"school": SchoolFacts(False, False)}, False),
        ("pp50_or_rise", {"is_lead_mentor": True, "school": SchoolFacts(False, False)}, False),
        (
            "pp50_or_rise_or_itt_lead_mentor",
            {"is_lead_mentor": True, "school": SchoolFacts(False, False)},
            True,
        ),
        ("first_5_years_of_headship_with_NPQH", {"is_early_head": True}, None),
        ("first_5_years_of_headship_with_NPQH", {}, False),
        ("all_publicly_funded", {"funded_before": frozenset({"NPQX"})}, False),
    ],
)
def test_npq_funding(rule, facts, is_funded):
    answer = funding_of(Npq("NPQX", rule), learner(**facts))

    assert answer.is_funded is is_funded
    assert answer.words.endswith(".")


# Reviewed by hand: what the status in the table comes to, with no rule and with one that would pay.
@pytest.mark.parametrize(
    ("status", "rule", "is_funded"),
    [
        ("funded", "", True),
        ("school_rule", "", None),
        ("unconfirmed", "all_publicly_funded", None),
        ("withdrawn", "all_publicly_funded", False),
        ("trust", "all_publicly_funded", False),
        ("age_limited", "all_publicly_funded", False),
    ],
)
def test_npq_funding_by_its_status_in_the_table(status, rule, is_funded):
    answer = funding_of(Npq("NPQX", rule, status), learner())

    assert answer.is_funded is is_funded
    assert answer.words.endswith(".")
    if not is_funded and status not in ("unconfirmed", "school_rule"):
        assert funding_of(Npq("NPQX", rule, status, "Only to 2026."), learner()).words == "Only to 2026."


def test_teacher_reference_number_is_what_registration_asks_for():
    assert trn_words(learner()) == TRN_ON_RECORD
    assert trn_words(learner(has_trn=False)) == TRN_TO_ASK_FOR


def test_table_of_moves_is_the_whole_product():
    """Everything that is not said is refused: 6 states to 6 states in 2 capacities."""
    states = ["interested", "advised", "applied", "offered", "placed", "withdrawn"]
    said = {
        (source, target, capacity)
        for source in states
        for target in states
        for capacity in ("own", "people_team")
        if capacity in MOVES.get((source, target), ())
    }

    assert said == set(ALLOWED)
    assert len(said) == 14
    assert targets("placed", "people_team") == ("withdrawn",)
    assert targets("placed", "own") == ()
    assert targets("interested", "own") == ("withdrawn",)
    assert targets("advised", "people_team") == ("applied", "withdrawn")


def test_what_is_missing_is_said():
    entry = Entry(has_degree=True, has_english_and_maths=True, has_science=False, phase="primary")

    assert [check.standing for check in checks_of(entry)] == ["ok", "ok", "no"]
    assert advice(entry).endswith(to_sort_out(1))
    assert way_of(entry) == "SCITT"


def test_science_is_for_primary_schools():
    entry = Entry(has_degree=True, has_english_and_maths=True, has_science=False, phase="secondary")

    assert [check.standing for check in checks_of(entry)] == ["ok", "ok"]
    assert advice(entry).endswith(NOTHING_MISSING)


def test_somebody_without_a_degree_is_shown_the_degree_apprenticeship():
    entry = Entry(has_degree=False, has_english_and_maths=False, has_science=False, phase="primary")

    assert way_of(entry) == "ST1502"
    assert advice(entry).endswith(to_sort_out(2))


@pytest.mark.parametrize(
    ("since", "last"),
    [
        (date(2021, 11, 30), date(2026, 11, 29)),
        (date(2021, 12, 1), date(2026, 11, 30)),
        (date(2024, 2, 29), date(2029, 2, 28)),
    ],
)
def test_the_first_five_years_of_a_headship_are_whole(since, last):
    head = ThreadFacts((post("HT", "leadership", since),))

    def offered(on):
        return "EHCO" in [step.route for step in next_steps(ThreadStage.HEAD, head, on)]

    assert (offered(last), offered(last + timedelta(days=1))) == (True, False)


@pytest.mark.parametrize(
    ("groups", "leads_people", "is_offered"),
    [
        (["support"], False, False),
        (["casual"], False, False),
        ([], False, False),
        (["support"], True, True),
        (["teacher"], False, True),
        (["support", "leadership"], False, True),
    ],
)
def test_npqs_are_for_who_teaches_or_leads(groups, leads_people, is_offered):
    assert is_npq_for(groups, leads_people=leads_people) is is_offered
