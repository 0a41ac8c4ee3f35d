"""V49: a credit entry that is to be put right is gone within three working days, everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v49_credit_repair_late import RULE
from tests.compliance.record import event, found, on, record

Entry = dict[str, Any]
MONDAY = "Monday 2020-06-01 10:00"


def credit(kind: str, when: str, **facts: Any) -> Entry:
    known = {"subject": "credit/1", "actor": "cora", "role": "clerk", "office": "credit", "item_version": None}
    return event(f"credit-{kind}", when, **(known | facts))


def decided(when: str = MONDAY, **facts: Any) -> Entry:
    return credit("repair-decided", when, **({"owner_office": "lists"} | facts))


def removed(when: str, **facts: Any) -> Entry:
    return credit("entry-removed", when, **({"actor": "lars", "office": "lists"} | facts))


def seen(when: str, **facts: Any) -> Entry:
    return credit("entry-seen", when, **({"actor": "system", "role": "system", "page": "lists.example/1"} | facts))


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": "Friday 2020-10-30 17:00", "area": "310100"} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


@pytest.mark.parametrize(
    ("when", "gone", "expected"),
    [
        (MONDAY, "Thursday 2020-06-04 23:59", []),
        (MONDAY, "Friday 2020-06-05 00:00", ["late"]),
        ("Friday 2020-09-25 10:00", "Tuesday 2020-09-29 17:00", []),  # a make-up Sunday
        ("Friday 2020-09-25 10:00", "Wednesday 2020-09-30 09:00", ["late"]),
        ("Wednesday 2020-09-30 10:00", "Monday 2020-10-12 17:00", []),  # golden week, a make-up Saturday
        ("Wednesday 2020-09-30 10:00", "Tuesday 2020-10-13 09:00", ["late"]),
    ],
)
def test_three_working_days(when: str, gone: str, expected: list[str]) -> None:
    assert variants(decided(when), removed(gone)) == expected


def test_it_is_open_while_the_entry_stands_and_the_lists_owner_answers() -> None:
    assert said(decided(), as_of="Thursday 2020-06-04 23:59") == []
    (one,) = said(decided(), as_of="Friday 2020-06-05 00:00")
    assert (one.is_open, one.severity, one.office, one.post, one.actor) == (True, "yellow", "lists", None, None)
    assert (one.numbers["due_on"], one.numbers["taken"], one.numbers["cured_on"]) == (
        on("Thursday 2020-06-04"),
        4,
        None,
    )
    assert said(decided(owner_office=None))[0].office == "credit"


def test_removing_it_late_cures_it_and_does_not_undo_it() -> None:
    (one,) = said(decided(), removed("Monday 2020-06-08 10:00"))
    assert (one.is_open, one.numbers["cured_on"], one.last_seq) == (False, on("Monday 2020-06-08"), 2)


def test_what_was_removed_before_the_decision_is_not_removed_by_it() -> None:
    assert variants(removed("2020-05-29 10:00"), decided()) == ["late"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("Thursday 2020-06-04 23:59", []),
        ("Friday 2020-06-05 00:00", ["still-shown"]),
        ("2020-08-03 10:00", ["still-shown"]),
    ],
)
def test_a_page_that_still_shows_it_after_its_day(when: str, expected: list[str]) -> None:
    rows = [decided(), removed("Wednesday 2020-06-03 10:00"), seen(when)]
    assert variants(*rows) == expected
    for one in said(*rows):
        assert (one.numbers["page"], one.last_seq, one.numbers["cured_on"]) == ("lists.example/1", 3, None)


def test_saying_twice_that_it_is_gone_does_not_move_its_day() -> None:
    assert variants(decided(), decided("2020-06-03 10:00"), removed("2020-06-08 10:00")) == ["late"]


@pytest.mark.parametrize(("office", "count"), [("credit", 0), ("lists", 1)])
def test_only_the_authority_takes_its_decision_back(office: str, count: int) -> None:
    assert len(said(decided(), credit("repair-revoked", "2020-06-03 10:00", office=office))) == count


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [
        ("2020-04-09", "310100", "notice"),
        ("2020-04-10", "310100", "yellow"),
        ("2020-06-01", "330100", "notice"),
        ("2020-06-01", "NL", "notice"),
    ],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(decided(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_repairs_are_counted() -> None:
    rows = [decided(), removed("2020-06-02 10:00"), decided(subject="credit/2")]
    counts = judge(log_of(*rows), [RULE]).populations["V49"]
    assert (counts.closed, counts.closed_late, counts.open, counts.open_late) == (1, 0, 1, 1)


def test_duckdb_says_the_same() -> None:
    rows = [decided(), removed("2020-06-02 10:00"), seen("2020-07-01 10:00"), decided(subject="credit/2"),
            decided(subject="credit/3"), credit("repair-revoked", "2020-06-02 11:00", subject="credit/3")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert [one.variant for one in found(log, RULE)] == ["still-shown", "late"]
