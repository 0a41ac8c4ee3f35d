"""V01: whoever is asked first answers, leads on, or says in writing whose it is."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v01_first_responder_passing import RULE
from tests.compliance.asking import answered, asked, doubted, given, taken, told
from tests.compliance.record import event, found, record

ASKED = asked("Monday 2020-06-01 10:00", actor="anna")
AWAY = told("Monday 2020-06-01 10:05", actor="anna", post="desk")
LATER = "Friday 2020-06-05 17:00"


def judged(*events: dict[str, Any], as_of: str = LATER, **facts: Any) -> list[Finding]:
    return found(record(list(events), as_of=as_of, **facts), RULE)


def severities(*events: dict[str, Any], as_of: str = LATER) -> list[tuple[str, str]]:
    return [(f.subject, f.severity.value) for f in judged(*events, as_of=as_of)]


@pytest.mark.parametrize("outcome", ["told-elsewhere", "refused", "no-reply"])
def test_who_is_sent_away_is_passed_on(outcome: str) -> None:
    (finding,) = judged(ASKED, told("Monday 2020-06-01 10:05", outcome, actor="anna", post="desk"))
    assert (finding.severity, finding.office, finding.post, finding.actor) == ("yellow", "A", "desk", "anna")
    assert (finding.first_seq, finding.last_seq, finding.is_open) == (1, 2, False)
    assert (finding.numbers["outcome"], finding.numbers["nth"], finding.variant) == (outcome, 1, "sent-away")


@pytest.mark.parametrize("outcome", ["answered", "accepted"])
def test_who_is_answered_or_accepted_is_not(outcome: str) -> None:
    assert judged(ASKED, told("Monday 2020-06-01 10:05", outcome)) == []


@pytest.mark.parametrize(("as_of", "count"), [("Tuesday 2020-06-02 23:59", 0), ("Wednesday 2020-06-03 00:00", 1)])
def test_until_the_next_working_day_ends_the_asker_may_still_be_led_on(as_of: str, count: int) -> None:
    assert len(judged(ASKED, AWAY, as_of=as_of)) == count


@pytest.mark.parametrize(
    ("day", "as_of", "count"),
    [
        ("Friday 2020-09-25 16:00", "Sunday 2020-09-27 23:59", 0),  # a make-up working day
        ("Friday 2020-09-25 16:00", "Monday 2020-09-28 00:00", 1),
        ("Wednesday 2020-09-30 16:00", "Friday 2020-10-09 23:59", 0),  # the 1st to the 8th are off
        ("Wednesday 2020-09-30 16:00", "Saturday 2020-10-10 00:00", 1),
    ],
)
def test_no_reply_counts_once_a_working_day_has_passed(day: str, as_of: str, count: int) -> None:
    found_ = judged(asked(day, actor="anna"), as_of=as_of)
    assert [(f.variant, f.is_open, f.numbers["outcome"]) for f in found_] == [("silent", True, "no-reply")] * count


def test_an_answer_that_came_too_late_does_not_undo_the_silence() -> None:
    (finding,) = judged(ASKED, answered("Wednesday 2020-06-03 09:00", actor="anna"))
    assert (finding.severity, finding.variant, finding.is_open) == ("yellow", "silent", False)


def test_of_a_question_nobody_took_up_only_the_office_is_named() -> None:
    (finding,) = judged(asked("Monday 2020-06-01 10:00", actor="li", role="applicant"))
    assert (finding.office, finding.post, finding.actor) == ("A", None, None)


def test_the_second_time_in_one_matter_is_red_whoever_did_it() -> None:
    again = asked("Wednesday 2020-06-03 10:00", subject="inquiry/2", office="B")
    refused = told("Wednesday 2020-06-03 10:05", "refused", subject="inquiry/2", office="B", actor="bert")
    assert severities(ASKED, AWAY, again, refused) == [("inquiry/1", "yellow"), ("inquiry/2", "red")]


@pytest.mark.parametrize("other", [{"matter": "card"}, {"applicant": "wang"}])
def test_another_matter_and_another_person_are_counted_by_themselves(other: dict[str, str]) -> None:
    again = asked("Wednesday 2020-06-03 10:00", subject="inquiry/2", **other)
    assert severities(ASKED, AWAY, again, told("Wednesday 2020-06-03 10:05", subject="inquiry/2")) == [
        ("inquiry/1", "yellow"), ("inquiry/2", "yellow"),
    ]  # fmt: skip


def test_the_order_of_time_counts_not_the_order_of_recording() -> None:
    second = [asked("Tuesday 2020-06-02 10:00"), told("Tuesday 2020-06-02 10:05")]
    first = [
        asked("Monday 2020-06-01 10:00", subject="inquiry/2"),
        told("Monday 2020-06-01 10:09", subject="inquiry/2"),
    ]
    assert severities(*second, *first) == [("inquiry/1", "red"), ("inquiry/2", "yellow")]


# --- led on ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "count"),
    [("Monday 2020-06-01 16:00", 0), ("Tuesday 2020-06-02 23:59", 0), ("Wednesday 2020-06-03 00:00", 1)],
)
def test_being_led_to_an_office_that_takes_over_within_a_working_day_excuses(at: str, count: int) -> None:
    done = answered("Wednesday 2020-06-03 09:00", actor="bert", office="B")
    assert len(judged(ASKED, AWAY, given("Monday 2020-06-01 10:06", actor="anna"), taken(at), done)) == count


def test_the_day_to_lead_on_is_a_date_so_a_saturday_before_the_monday_is_in_time() -> None:
    friday = [asked("Friday 2020-06-05 10:00", actor="anna"), told("Friday 2020-06-05 10:05", actor="anna")]
    led = [given("Friday 2020-06-05 10:06", actor="anna"), taken("Saturday 2020-06-06 10:00")]
    done = answered("Monday 2020-06-08 09:00", actor="bert", office="B")
    assert judged(*friday, *led, done, as_of="Friday 2020-06-12 17:00") == []


@pytest.mark.parametrize(
    "acknowledgement",
    [
        taken("Monday 2020-06-01 11:00", by="anna", office="A"),
        taken("Monday 2020-06-01 11:00", by="anna", office="B"),  # the same person at another desk
        taken("Monday 2020-06-01 11:00", by="carl", office="C"),  # not the office named
    ],
)
def test_an_acknowledgement_by_anybody_but_the_office_named_excuses_nothing(acknowledgement: dict[str, Any]) -> None:
    (finding,) = judged(ASKED, AWAY, given("Monday 2020-06-01 10:06", actor="anna"), acknowledgement)
    assert finding.actor == "anna"


def test_a_true_acknowledgement_counts_after_a_false_one() -> None:
    acts = [given("Monday 2020-06-01 10:06", actor="anna"), taken("Monday 2020-06-01 11:00", by="anna", office="B")]
    done = [taken("Monday 2020-06-01 12:00"), answered("Monday 2020-06-01 12:10", actor="bert", office="B")]
    assert judged(ASKED, AWAY, *acts, *done) == []


def test_who_took_over_has_to_answer_in_his_turn() -> None:
    led = [given("Monday 2020-06-01 10:06", actor="anna"), taken("Tuesday 2020-06-02 09:00")]
    assert judged(ASKED, AWAY, *led, as_of="Tuesday 2020-06-09 23:59") == []  # five working days
    (finding,) = judged(ASKED, AWAY, *led, as_of="Wednesday 2020-06-10 00:00")
    assert (finding.office, finding.actor, finding.first_seq) == ("B", "bert", 4)


def test_who_took_over_may_not_send_away_either() -> None:
    led = [given("Monday 2020-06-01 10:06", actor="anna"), taken("Tuesday 2020-06-02 09:00")]
    away = told("Tuesday 2020-06-02 10:00", "refused", actor="bert", office="B")
    (finding,) = judged(ASKED, AWAY, *led, away, as_of="Wednesday 2020-06-10 00:00")
    assert (finding.actor, finding.numbers["outcome"]) == ("bert", "refused")


def test_who_passes_on_unasked_and_is_not_heard_is_the_one_named() -> None:
    (finding,) = judged(
        asked("Monday 2020-06-01 10:00", actor="li", role="applicant"), given("Monday 2020-06-01 11:00", actor="anna")
    )
    assert (finding.office, finding.actor, finding.variant) == ("A", "anna", "silent")


# --- said in writing whose it is -------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["told-elsewhere", "refused"])
def test_naming_the_competent_office_in_writing_is_lawful(outcome: str) -> None:
    written = told("Tuesday 2020-06-02 10:05", outcome, right_authority="B", is_written=True)
    assert judged(ASKED, written) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"right_authority": "B"},
        {"is_written": True},
        {"right_authority": "", "is_written": True},
        {"right_authority": "A", "is_written": True},  # names itself
    ],
)
def test_half_a_reference_is_none(facts: dict[str, Any]) -> None:
    assert len(judged(ASKED, told("Monday 2020-06-01 10:05", **facts))) == 1


def test_a_reference_written_after_the_time_for_it_cures_and_does_not_undo() -> None:
    late = told("Wednesday 2020-06-03 10:00", right_authority="B", is_written=True)
    assert len(judged(ASKED, AWAY, doubted("Tuesday 2020-06-02 10:00"), late)) == 1


def test_a_statutory_refusal_of_the_case_that_names_the_authority_is_lawful() -> None:
    case = event(
        "submitted",
        "Monday 2020-06-01 10:20",
        actor="li",
        role="applicant",
        office=None,
        applicant="li",
        matter="change",
    )
    document = {"document_no": "F1", "reason": "R", "basis": "32", "remedies": "M"}
    refused = event("refused", "Tuesday 2020-06-02 10:00", office="A", right_authority="B", **document)
    assert judged(ASKED, AWAY, case, refused) == []
    unnamed = event("refused", "Tuesday 2020-06-02 10:00", office="A", **document)
    assert len(judged(ASKED, AWAY, case, unnamed)) == 1
    late = event("refused", "Wednesday 2020-06-03 10:00", office="A", right_authority="B", **document)
    assert len(judged(ASKED, AWAY, case, late)) == 1


# --- other guards ----------------------------------------------------------------------------------------------------


def test_a_question_about_no_matter_answered_on_the_spot_is_no_passing() -> None:
    asking = asked("Monday 2020-06-01 10:00", actor="li", role="applicant", matter="", item_version=None)
    chat = told("Monday 2020-06-01 10:05", is_chat=True)
    assert judged(asking, chat) == []


def test_calling_it_a_chat_excuses_nobody_who_was_asked_about_a_matter() -> None:
    chat = told("Monday 2020-06-01 10:05", actor="bert", is_chat=True)
    assert len(judged(asked("Monday 2020-06-01 10:00", item_version=None), chat)) == 1
    asking = asked("Monday 2020-06-01 10:00", actor="bert", matter="", item_version=None)
    assert len(judged(asking, chat)) == 1  # he wrote the question down himself


def guard(kind: str, actor: str, role: str = "clerk", **facts: Any) -> dict[str, Any]:
    return event(kind, "Monday 2020-06-01 12:00", subject="inquiry/1", actor=actor, role=role, **facts)


DAYS = {"from_on": "2020-06-02", "until_on": "2020-06-04"}


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (guard("wait-requested", "li", "applicant", **DAYS), 0),
        (guard("outage-linked", "system", "system", outage="O", **DAYS), 0),
        (guard("marked-test", "head"), 0),
        (guard("marked-duplicate", "head", of="inquiry/0"), 0),
        (guard("wait-requested", "anna", **DAYS), 1),
        (guard("outage-linked", "anna", outage="O", **DAYS), 1),
        (guard("marked-test", "anna"), 1),
        (guard("marked-duplicate", "anna", of="inquiry/0"), 1),
    ],
)
def test_guards_count_when_somebody_else_stands_behind_them(act: dict[str, Any], count: int) -> None:
    assert len(judged(ASKED, act, as_of="Thursday 2020-06-04 17:00")) == count


def test_what_a_citizen_reports_later_the_office_can_answer_only_from_then_on() -> None:
    reported = asked("Monday 2020-06-01 10:00", actor="li", role="applicant", is_self_reported=True)
    reported["recorded_at"] = asked("Monday 2020-06-08 08:00")["occurred_at"]
    assert judged(reported, as_of="Tuesday 2020-06-09 23:59") == []
    (finding,) = judged(reported, as_of="Wednesday 2020-06-10 00:00")
    assert (finding.office, finding.actor) == ("A", None)


def test_where_no_norm_applied_it_is_only_a_notice() -> None:
    early = [asked("Monday 2015-06-01 10:00"), told("Monday 2015-06-01 10:05")]
    (finding,) = judged(*early, as_of="Friday 2015-06-05 17:00")
    assert (finding.severity, finding.lowered) == ("notice", "source")


def test_duckdb_says_the_same() -> None:
    events = [
        *(ASKED, AWAY, given("Monday 2020-06-01 10:06"), taken("Wednesday 2020-06-03 09:00")),
        *(
            asked("Wednesday 2020-06-03 10:00", subject="inquiry/2"),
            told("Wednesday 2020-06-03 10:05", subject="inquiry/2"),
        ),
    ]
    log = record(events, as_of="Friday 2020-06-12 17:00")
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []


def test_the_second_time_is_red_whether_the_situation_was_written_down_or_not() -> None:
    first = [asked("Monday 2020-06-01 10:00"), told("Monday 2020-06-01 10:05")]
    second = [
        asked("Wednesday 2020-06-03 10:00", subject="inquiry/2", matter="change:firm"),
        told("Wednesday 2020-06-03 10:05", subject="inquiry/2"),
    ]
    log = record([*first, *second], as_of="Friday 2020-06-12 17:00")
    assert [(f.severity, f.numbers["nth"]) for f in found(log, RULE)] == [("yellow", 1), ("red", 2)]


def test_what_the_same_person_asks_without_naming_a_matter_is_counted_alone() -> None:
    acts = [
        act
        for n, day in enumerate(("Monday 2020-06-01", "Wednesday 2020-06-03"), 1)
        for act in (
            asked(f"{day} 10:00", subject=f"inquiry/{n}", matter=""),
            told(f"{day} 10:05", subject=f"inquiry/{n}"),
        )
    ]
    log = record(acts, as_of="Friday 2020-06-12 17:00")
    assert [(f.severity, f.numbers["nth"]) for f in found(log, RULE)] == [("yellow", 1), ("yellow", 1)]
