"""V17: what is closed is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v17_fake_closing import RULE
from tests.compliance.appealing import Entry, appeal, by_caller, by_office, sent
from tests.compliance.record import at, event, found, on, record

LATER = "Friday 2020-07-31 17:00"


def replied(when: str = "Tuesday 2020-06-02 10:00", **facts: Any) -> Entry:
    known: Entry = {"is_done": True, "post": "roads/repair"}
    return by_office("replied", when, **(known | facts))


def called(outcome: str, when: str = "Wednesday 2020-06-03 10:00", **facts: Any) -> Entry:
    return appeal("called-back", when, **({"outcome": outcome} | facts))


def log_of(*entries: Entry, as_of: str = LATER, **facts: Any) -> Log:
    return record(sorted(entries, key=lambda entry: entry["occurred_at"]), as_of=as_of, **facts)


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def told(*entries: Entry, **facts: Any) -> list[tuple[str, str | None]]:
    return [(one.severity.value, one.variant) for one in said(*entries, **facts)]


NOT_DONE = [("yellow", "not-done")]


@pytest.mark.parametrize(("outcome", "expected"), [("done", []), ("unreachable", []), ("not-done", NOT_DONE)])
def test_what_the_caller_says_when_called_back(outcome: str, expected: list[tuple[str, str]]) -> None:
    assert told(sent(), replied(), called(outcome)) == expected


def test_who_replied_is_named_for_his_own_reply() -> None:
    (one,) = said(sent(), replied(), called("not-done"))
    assert (one.office, one.post, one.actor) == ("roads", "roads/repair", "roads-1")
    assert (one.first_seq, one.last_seq, one.numbers["told_on"]) == (2, 3, on("Wednesday 2020-06-03"))


def test_nobody_calls_back_about_his_own_reply() -> None:
    assert told(replied(), called("not-done", actor="roads-1")) == []


def test_a_call_is_about_the_last_reply_before_it() -> None:
    again = replied("Monday 2020-06-08 10:00", actor="roads-2")
    (one,) = said(replied(), called("not-done"), again, called("done", "Tuesday 2020-06-09 10:00"))
    assert (one.actor, one.numbers["cured_on"]) == ("roads-1", on("Tuesday 2020-06-09"))  # redone, and still told
    (one,) = said(replied(), again, called("not-done", "Tuesday 2020-06-09 10:00"))
    assert (one.actor, one.numbers["cured_on"]) == ("roads-2", None)


# --- opened again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("Tuesday 2020-06-09 23:59", [("yellow", "reopened")]),
        ("Wednesday 2020-06-10 00:00", []),
        ("Tuesday 2020-06-02 10:01", [("yellow", "reopened")]),
    ],
)
def test_opened_again_within_seven_days(when: str, expected: list[tuple[str, str]]) -> None:
    assert told(replied(), appeal("reopened", when)) == expected
    assert told(replied(), by_caller("reopened", when)) == expected


def test_an_office_that_opens_it_again_itself_mends_its_own_error() -> None:
    assert told(replied(), by_office("reopened", "2020-06-03 10:00")) == []


@pytest.mark.parametrize(
    ("role", "expected"), [("applicant", ["reopened"]), ("agent", ["reopened"]), ("supervisor", [])]
)
def test_a_case_that_the_applicant_has_opened_again(role: str, expected: list[str]) -> None:
    delivered = event("delivered", "Tuesday 2020-06-02 10:00", actor="dora", office="tax")
    back = event("reopened", "Wednesday 2020-06-03 10:00", actor="x", role=role, office=None)
    assert [one.variant for one in said(delivered, back)] == expected


def test_a_reply_that_is_doubted_twice_is_told_once() -> None:
    assert told(replied(), called("not-done"), by_caller("reopened", "2020-06-03 11:00")) == NOT_DONE


# --- many at once ----------------------------------------------------------------------------------------------------


def batch(count: int, seconds: int, **facts: Any) -> list[Entry]:
    """So many replies, evenly spread over so many seconds."""
    first = at("Tuesday 2020-06-02 10:00")
    return [
        {
            **replied(text_digest="T", **facts),
            "subject": f"appeal/{n}",
            "occurred_at": first + timedelta(seconds=seconds) * n / (count - 1),
        }
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "seconds", "told_"), [(20, 60, 1), (19, 10, 0), (20, 61, 0), (40, 60, 1)])
def test_twenty_replies_of_one_text_within_a_minute(count: int, seconds: int, told_: int) -> None:
    found_ = said(*batch(count, seconds))
    assert [(one.variant, one.severity.value, one.numbers["replies"]) for one in found_] == [
        ("batch", "yellow", 20)
    ] * told_


def test_texts_of_their_own_and_different_people_make_no_batch() -> None:
    own = [{**row, "payload": {**row["payload"], "text_digest": f"T{n}"}} for n, row in enumerate(batch(20, 30))]
    assert said(*own) == []
    assert said(*({**row, "actor": f"a{n % 2}"} for n, row in enumerate(batch(30, 30)))) == []
    assert said(*({**row, "payload": {"is_done": True}} for row in batch(20, 30))) == []
    assert said(*({**row, "subject": "appeal/1"} for row in batch(20, 30))) == []  # one appeal, however often
    assert said(*batch(20, 30, role="system", actor="system")) == []


# --- confirmed, excused -----------------------------------------------------------------------------------------------


def seen(when: str = "Thursday 2020-06-04 10:00", **facts: Any) -> Entry:
    return appeal("closing-disproved", when, **({"actor": "iris", "office": "inspection"} | facts))


def test_somebody_from_outside_confirms_it() -> None:
    assert told(replied(), called("not-done"), seen()) == [("red", "confirmed")]
    assert told(replied(), seen()) == [("red", "confirmed")]


@pytest.mark.parametrize("act", [seen(office="roads", actor="rosa"), seen(actor="roads-1"), seen("2020-06-01 10:00")])
def test_the_offices_own_word_confirms_nothing(act: Entry) -> None:
    assert told(replied(), called("not-done"), act) == NOT_DONE


def aside(**facts: Any) -> Entry:
    return appeal("demand-set-aside", "Friday 2020-06-05 10:00", **({"actor": "rita", "office": "review"} | facts))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (aside(), []),
        (aside(office="roads"), NOT_DONE),
        (aside(actor="roads-1"), NOT_DONE),
        (aside(subject="appeal/2"), NOT_DONE),
    ],
)
def test_an_unreasonable_demand_is_set_aside_by_somebody_else(act: Entry, expected: list[tuple[str, str]]) -> None:
    assert told(replied(), called("not-done"), act) == expected


def test_what_was_seen_on_the_spot_is_not_set_aside() -> None:
    assert told(replied(), called("not-done"), seen(), aside()) == [("red", "confirmed")]


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2015-11-26", "330100", "notice"), ("2020-06-01", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(replied(f"{day} 10:00"), called("not-done", f"{day} 11:00"), area=area)
    assert one.severity == severity


def test_duckdb_says_the_same() -> None:
    rows = [*batch(21, 40), called("not-done", subject="appeal/3"), seen(subject="appeal/4"),
            called("not-done", subject="appeal/5"), aside(subject="appeal/5"),
            by_caller("reopened", "2020-06-05 10:00", subject="appeal/6")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert sorted(str(one.variant) for one in found(log, RULE)) == ["batch", "confirmed", "not-done", "reopened"]
