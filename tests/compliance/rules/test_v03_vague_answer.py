"""V03: an answer says which matter it is, on what conditions, with which papers, by when and where."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v03_vague_answer import RULE
from tests.compliance.asking import COMPLETE, answered, asked, doubted, told
from tests.compliance.record import event, found, record

ASKED = asked("Monday 2020-06-01 10:00", actor="anna")
MARKED = doubted("Monday 2020-06-01 15:00")


def judged(*events: dict[str, Any], **facts: Any) -> list[Finding]:
    return found(record([ASKED, *events], **facts), RULE)


@pytest.mark.parametrize("left_out", COMPLETE)
def test_each_element_left_out_is_named(left_out: str) -> None:
    covers = [element for element in COMPLETE if element != left_out]
    (finding,) = judged(answered("Monday 2020-06-01 10:05", covers=covers, actor="anna", post="desk"))
    assert (finding.severity, finding.numbers["missing"], finding.variant) == ("notice", left_out, "incomplete")
    assert (finding.office, finding.post, finding.actor, finding.first_seq) == ("A", "desk", "anna", 2)


def test_an_answer_of_which_nothing_is_known_left_everything_out() -> None:
    (finding,) = judged(told("Monday 2020-06-01 10:05", "answered"))
    assert finding.numbers["missing"] == "item|conditions|materials|limit|place"


def test_a_whole_answer_is_none() -> None:
    assert judged(answered("Monday 2020-06-01 10:05")) == []


def test_an_answer_from_an_old_version_is_vague() -> None:
    (finding,) = judged(answered("Monday 2020-06-01 10:05", cited_version="item@0"))
    assert (finding.severity, finding.numbers["missing"]) == ("notice", "stale")


@pytest.mark.parametrize("outcome", ["told-elsewhere", "refused", "no-reply", "accepted"])
def test_who_was_not_answered_at_all_is_no_matter_of_this_rule(outcome: str) -> None:
    assert judged(told("Monday 2020-06-01 10:05", outcome)) == []


# --- unclear ---------------------------------------------------------------------------------------------------------


def test_unclear_and_then_something_else_is_yellow_on_the_first_answer() -> None:
    first = answered("Monday 2020-06-01 10:05", covers=COMPLETE[:3], actor="anna")
    (finding,) = judged(first, MARKED, answered("Tuesday 2020-06-02 09:00", actor="bert"))
    assert (finding.severity, finding.variant, finding.actor) == ("yellow", "unclear", "anna")
    assert (finding.first_seq, finding.last_seq) == (2, 4)


@pytest.mark.parametrize(
    "again",
    [
        {"cited_version": "item@0"},
        {"covers": COMPLETE[:4]},
        {"outcome": "refused"},
    ],
)
def test_whatever_differs_differs(again: dict[str, Any]) -> None:
    first = answered("Monday 2020-06-01 10:05", actor="anna")
    second = answered("Tuesday 2020-06-02 09:00", actor="bert")
    second["payload"].update(again)
    assert ("yellow", "anna") in [(f.severity, f.actor) for f in judged(first, MARKED, second)]


def test_unclear_and_then_the_same_is_nothing() -> None:
    assert judged(answered("Monday 2020-06-01 10:05"), MARKED, answered("Tuesday 2020-06-02 09:00")) == []


def test_unclear_and_not_answered_again_stays_what_it_was() -> None:
    assert judged(answered("Monday 2020-06-01 10:05"), MARKED) == []
    vague = answered("Monday 2020-06-01 10:05", covers=COMPLETE[:3])
    assert [f.severity for f in judged(vague, MARKED)] == ["notice"]


def test_two_different_answers_without_a_doubt_between_them_prove_nothing() -> None:
    first, second = answered("Monday 2020-06-01 10:05"), answered("Tuesday 2020-06-02 09:00", right_authority="B")
    assert judged(first, second) == []


def test_a_doubt_noted_by_the_one_who_answered_is_not_the_askers() -> None:
    own = doubted("Monday 2020-06-01 15:00", by="anna", role="clerk")
    first = answered("Monday 2020-06-01 10:05", actor="anna")
    assert judged(first, own, answered("Tuesday 2020-06-02 09:00", right_authority="B")) == []


# --- guards ----------------------------------------------------------------------------------------------------------


def test_talk_about_no_item_needs_no_list_of_papers() -> None:
    asking = asked("Monday 2020-06-01 10:00", item_version=None)
    chat = told("Monday 2020-06-01 10:05", "answered", is_chat=True, item_version=None)
    assert found(record([asking, chat]), RULE) == []


def test_calling_it_talk_excuses_no_answer_about_an_item() -> None:
    chat = told("Monday 2020-06-01 10:05", "answered", is_chat=True)
    assert len(judged(chat)) == 1


def test_nor_one_that_the_asker_found_unclear() -> None:
    asking = asked("Monday 2020-06-01 10:00", item_version=None)
    chat = told("Monday 2020-06-01 10:05", "answered", is_chat=True, item_version=None)
    assert len(found(record([asking, chat, MARKED]), RULE)) == 1


@pytest.mark.parametrize(("actor", "count"), [("head", 0), ("anna", 1)])
def test_a_test_marked_by_an_outsider_is_not_judged(actor: str, count: int) -> None:
    vague = told("Monday 2020-06-01 10:05", "answered", actor="anna")
    mark = event("marked-test", "Monday 2020-06-01 12:00", subject="inquiry/1", actor=actor)
    assert len(judged(vague, mark)) == count


@pytest.mark.parametrize(
    ("year", "item_type", "severity"),
    [("2010", "permit", "yellow"), ("2010", "benefit", "notice"), ("2020", "benefit", "yellow")],
)
def test_the_licensing_law_judges_no_benefit(year: str, item_type: str, severity: str) -> None:
    first = answered(f"{year}-06-01 10:05", covers=COMPLETE[:3])
    again = [doubted(f"{year}-06-01 15:00"), answered(f"{year}-06-02 09:00")]
    (finding,) = found(record([asked(f"{year}-06-01 10:00"), first, *again], item_type=item_type), RULE)
    assert finding.severity == severity


def test_duckdb_says_the_same() -> None:
    acts = [ASKED, told("Monday 2020-06-01 10:05", "answered"), MARKED, answered("Tuesday 2020-06-02 09:00")]
    log = record(acts)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
