"""V26: no approval, filing, certificate or check that no list knows, or by an office without the power."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v26_unlisted_approval import RULE
from tests.compliance.demanding import CITIZEN, OFFICE, Row, demand, in_order, listed
from tests.compliance.record import found, on, record

AS_OF = "Friday 2020-10-16 12:00"


def power(
    item: str = "food", acts: tuple[str, ...] = ("approval", "check"), holder: str = "market-office", **facts: Any
) -> Row:
    return listed("power-listed", "powers", item=item, acts=list(acts), holder=holder, **facts)


def demanded(act: str = "approval", item: str = "food", **facts: Any) -> Row:
    return demand("act-demanded", **{"act": act, "item": item, "list": "powers"} | facts)


def judged(*rows: Row, as_of: str = AS_OF) -> list[Finding]:
    return found(record(in_order(*rows), as_of=as_of), RULE)


def said(*rows: Row) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows)]


NONE = [("red", "not-listed")]
OTHER = [("red", "no-power")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (demanded(), []),
        (demanded("check"), []),
        (demanded("filing"), NONE),
        (demanded("certificate"), NONE),
        (demanded(item="tea"), NONE),
        (demanded("advice", item="tea"), []),  # no act of these
        (demanded(list="others", item="tea"), []),  # a register that the log does not hold
    ],
)
def test_what_no_list_knows_may_not_be_demanded(row: Row, expected: list[tuple[str, str]]) -> None:
    assert said(power(), row) == expected


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ("Tuesday 2020-09-29 23:59", {"since": "2020-09-30"}, NONE),
        ("Wednesday 2020-09-30 00:00", {"since": "2020-09-30"}, []),
        ("Wednesday 2020-09-30 23:59", {"until_on": "2020-10-01"}, []),
        ("Thursday 2020-10-01 00:00", {"until_on": "2020-10-01"}, NONE),  # the holiday is a day like any other
        ("Saturday 2020-10-10 10:00", {"until_on": "2020-10-10"}, NONE),  # a make-up working day
        ("Wednesday 2020-09-30 10:00", OFFICE, NONE),  # it wrote itself into the list
    ],
)
def test_the_list_of_that_day_counts(when: str, facts: Row, expected: list[tuple[str, str]]) -> None:
    rows = [power(item="other"), power(**facts), demanded(when=when)]
    assert said(*rows) == expected


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], OTHER),
        ([("market-office", "2020-09-30", {})], []),
        ([("market-office", "2020-10-01", {})], OTHER),  # from the day after
        ([("market-office", "2020-09-01", {}), ("city-office", "2020-09-30", {})], OTHER),  # and moved on
        ([("market-office", "2020-09-30", OFFICE)], OTHER),  # by its own word
        ([("city-office", "2020-09-01", {}), ("market-office", "2020-09-01", {})], []),  # of one day, the last word
        ([("market-office", "2020-09-01", {}), ("city-office", "2020-09-01", {})], OTHER),
        ([("market-office", "2020-03-02", {})], []),  # moved on the day on which it was listed
    ],
)
def test_a_power_that_was_moved_is_the_new_offices(
    moves: list[tuple[str, str, Row]], expected: list[tuple[str, str]]
) -> None:
    rows = [listed("power-moved", "powers", since, item="food", to_office=to, **by) for to, since, by in moves]
    assert said(power(holder="province"), *rows, demanded()) == expected


def test_what_was_listed_anew_after_a_move_is_whose_the_list_says() -> None:
    moved = listed("power-moved", "powers", "2020-09-01", item="food", to_office="county")
    assert said(power(), moved, power(since="2020-09-15"), demanded()) == []
    assert said(power(), moved, power(since="2020-08-15"), demanded()) == OTHER


def test_the_old_office_no_longer_has_it_and_who_has_is_named() -> None:
    moved = listed("power-moved", "powers", "2020-09-01", item="food", to_office="county")
    (finding,) = judged(power(), moved, demanded(post="market-office/desk"))
    assert (finding.variant, finding.numbers["holder"]) == ("no-power", "county")
    assert (finding.office, finding.post, finding.actor) == ("market-office", "market-office/desk", "wang")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"basis": " "}, NONE),
        ({"pilot_office": "other"}, NONE),
        ({"since": "2020-09-30"}, []),
        ({"since": "2020-10-01"}, NONE),
        ({"until_on": "2020-09-30"}, NONE),
        ({"until_on": "2020-10-01"}, []),
        (OFFICE, NONE),
    ],
)
def test_a_pilot_counts_if_another_authorised_it_on_a_basis(facts: Row, expected: list[tuple[str, str]]) -> None:
    known = {"item": "tea", "pilot_office": "market-office", "basis": "2020/7", **facts}
    assert said(power(), listed("pilot-authorised", "powers", **known), demanded(item="tea")) == expected


def test_who_reports_it_names_the_office_and_is_not_accused() -> None:
    (finding,) = judged(power(), demanded(item="tea", asking_office="market-office", **CITIZEN))
    assert (finding.office, finding.post, finding.actor) == ("market-office", None, None)


def test_taking_it_back_closes_it_and_a_new_demand_is_a_new_finding() -> None:
    rows = [power(), demanded(item="tea"), demand("demand-withdrawn", "Friday 2020-10-09 10:00")]
    (closed,) = judged(*rows)
    assert (closed.is_open, closed.numbers["cured_on"], closed.last_seq) == (False, on("Friday 2020-10-09"), 3)
    again = judged(*rows, demanded(item="tea", when="Saturday 2020-10-10 10:00"))
    assert [f.is_open for f in again] == [False, True]


@pytest.mark.parametrize(("day", "severity"), [("Wednesday 2004-06-30", "notice"), ("Thursday 2004-07-01", "red")])
def test_the_licensing_law_of_2004_is_the_first_ground(day: str, severity: str) -> None:
    rows = [power(since="2001-01-01"), demanded(item="tea", when=f"{day} 10:00")]
    assert [f.severity.value for f in judged(*rows)] == [severity]


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        power(), power(item="salt", holder="province"), demanded("filing"), demanded(item="salt"), demanded(),
        listed("power-moved", "powers", "2020-09-01", item="salt", to_office="county"),
        listed("pilot-authorised", "powers", item="tea", pilot_office="market-office", basis="B"), demanded(item="tea"),
        demand("demand-withdrawn", "Friday 2020-10-09 10:00"),
    ]  # fmt: skip
    return record(in_order(*rows), as_of=AS_OF)


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert [f.variant for f in found(log, RULE)] == ["not-listed", "no-power"]
