"""V32: who asks another office for its data is answered, and faults of the data are mended."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v32_data_not_shared import RULE
from tests.compliance.record import event, found, on, record

Entry = dict[str, Any]
LATER = "Friday 2020-10-30 17:00"
MONDAY = "Monday 2020-06-01 10:00"


def share(kind: str, when: str = MONDAY, **facts: Any) -> Entry:
    known = {"subject": "share/1", "actor": "ann", "role": "clerk", "office": "tax", "item_version": None}
    return event(f"share-{kind}", when, **(known | facts))


def asked(when: str = MONDAY, **facts: Any) -> Entry:
    return share("requested", when, **({"to_office": "civil", "is_published": True} | facts))


def answered(when: str, outcome: str = "granted", **facts: Any) -> Entry:
    return share("answered", when, **({"outcome": outcome, "actor": "cai", "office": "civil"} | facts))


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": LATER} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


LATE = ["unanswered"]


@pytest.mark.parametrize(
    ("when", "published", "reply", "expected"),
    [
        (MONDAY, True, "Monday 2020-06-08 23:59", []),
        (MONDAY, True, "Tuesday 2020-06-09 00:00", LATE),
        (MONDAY, False, "Monday 2020-06-15 23:59", []),
        (MONDAY, False, "Tuesday 2020-06-16 00:00", LATE),
        (MONDAY, None, "Monday 2020-06-15 17:00", []),
        ("Wednesday 2020-09-30 10:00", True, "Wednesday 2020-10-14 17:00", []),  # golden week, a make-up Saturday
        ("Wednesday 2020-09-30 10:00", True, "Thursday 2020-10-15 09:00", LATE),
        ("Thursday 2020-09-24 10:00", True, "Friday 2020-10-09 09:00", LATE),  # a make-up Sunday
    ],
)
def test_five_days_for_what_the_directory_lists_and_ten_else(
    when: str, published: bool | None, reply: str, expected: list[str]
) -> None:
    assert variants(asked(when, is_published=published), answered(reply)) == expected


def test_it_is_open_while_nobody_answered() -> None:
    assert said(asked(), as_of="Monday 2020-06-08 23:59") == []
    (one,) = said(asked(), as_of="Tuesday 2020-06-09 00:00")
    assert (one.is_open, one.severity, one.office, one.post, one.actor) == (True, "yellow", "civil", None, None)
    assert (one.numbers["due_on"], one.numbers["taken"], one.numbers["overdue"]) == (on("Monday 2020-06-08"), 6, 1)


@pytest.mark.parametrize(
    "answer", [answered("2020-06-02 10:00", office="tax"), answered("2020-06-02 10:00", subject="share/2")]
)
def test_only_the_office_that_was_asked_answers(answer: Entry) -> None:
    assert variants(asked(), answer) == LATE


@pytest.mark.parametrize(("reason", "expected"), [("law", []), (" ", ["no-reason"]), (None, ["no-reason"])])
def test_a_refusal_says_why(reason: str | None, expected: list[str]) -> None:
    assert variants(asked(), answered("2020-06-02 10:00", "refused", reason=reason)) == expected


def test_a_late_refusal_without_a_reason_is_told_as_late() -> None:
    assert variants(asked(), answered("2020-06-22 10:00", "refused")) == LATE


# --- guards ----------------------------------------------------------------------------------------------------------


def secret(when: str = "2020-06-05 10:00", **facts: Any) -> Entry:
    return share("found-secret", when, **({"basis": "law", "actor": "sec", "office": "secrecy"} | facts))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (secret(), []),
        (secret(basis=" "), LATE),
        (secret(office="civil"), LATE),
        (secret("2020-06-09 10:00"), LATE),  # when it was over
        (share("withdrawn", "2020-06-05 10:00"), []),
        (share("withdrawn", "2020-06-05 10:00", office="civil"), LATE),
    ],
)
def test_secrecy_is_found_by_another_office_and_the_asker_may_withdraw(act: Entry, expected: list[str]) -> None:
    assert variants(asked(), act) == expected


# --- faults of the data ----------------------------------------------------------------------------------------------

SHARED = [asked(), answered("2020-06-02 10:00")]


def fault(when: str = MONDAY.replace("01", "15"), number: str = "F1") -> Entry:
    return share("fault-reported", when, fault=number)


def fixed(when: str, number: str = "F1", **facts: Any) -> Entry:
    return share("fault-fixed", when, **({"fault": number, "actor": "cai", "office": "civil"} | facts))


@pytest.mark.parametrize(
    ("fix", "expected"),
    [
        (fixed("Monday 2020-06-22 23:59"), []),
        (fixed("Tuesday 2020-06-23 00:00"), ["unmended"]),
        (fixed("Tuesday 2020-06-16 00:00", "F2"), ["unmended"]),
        (fixed("Tuesday 2020-06-16 00:00", office="tax"), ["unmended"]),
    ],
)
def test_a_reported_fault_is_answered_in_five_days(fix: Entry, expected: list[str]) -> None:
    assert variants(*SHARED, fault(), fix) == expected


def test_each_fault_has_a_clock_of_its_own_and_reporting_again_begins_nothing() -> None:
    rows = [fault(), fault("2020-06-19 10:00"), fault("2020-06-19 10:00", "F2"), fixed("2020-06-24 10:00"),
            fixed("2020-06-24 10:00", "F2")]  # fmt: skip
    (one,) = said(*SHARED, *rows)
    assert (one.variant, one.first_seq, one.last_seq) == ("unmended", 3, 6)


# --- law, figures, engines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2019-12-31", "330100", "notice"), ("2020-01-02", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(asked(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_requests_and_faults_are_counted() -> None:
    counts = judge(log_of(*SHARED, fault(), asked(subject="share/2")), [RULE]).populations["V32"]
    assert (counts.closed, counts.closed_late, counts.open, counts.open_late) == (1, 0, 2, 2)


def test_duckdb_says_the_same() -> None:
    rows = [*SHARED, fault(), asked(subject="share/2"), asked(subject="share/3"), secret(subject="share/3"),
            asked(subject="share/4"), answered("2020-06-02 10:00", "refused", subject="share/4")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert sorted(str(one.variant) for one in found(log, RULE)) == ["no-reason", "unanswered", "unmended"]
