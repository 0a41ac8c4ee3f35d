"""V30: no money that no list of fees names, nor above its rate, nor for a service that was not chosen freely."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v30_illegal_fee import RULE
from tests.compliance.demanding import CITIZEN, DISGUISED, OFFICE, Row, demand, in_order, listed
from tests.compliance.record import found, on, record

AS_OF = "Friday 2020-10-16 12:00"


def fee(name: str = "copy", rate: int = 500, **facts: Any) -> Row:
    return listed("fee-listed", "fees", fee=name, rate_fen=rate, **facts)


def pay(fen: int = 500, name: str = "copy", **facts: Any) -> Row:
    known: Row = {"payment_sort": "fee", "fee": name, "list": "fees", "amount_fen": fen}
    return demand("payment-demanded", **known | facts)


def judged(*rows: Row, as_of: str = AS_OF) -> list[Finding]:
    return found(record(in_order(*rows), as_of=as_of), RULE)


def said(*rows: Row) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows)]


ABOVE, UNLISTED = [("red", "above-rate")], [("red", "not-listed")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (pay(500), []),
        (pay(501), ABOVE),
        (pay(1500, units=3), []),
        (pay(1501, units=3), ABOVE),
        (pay(1, "opening"), UNLISTED),
        (pay(0, "opening"), []),
        (pay(900, list="others"), []),  # a register that the log does not hold
        (pay(900, payment_sort="gift-to-the-poor"), []),  # a sort that nobody knows is nobody's fault
    ],
)
def test_only_listed_fees_at_their_rate(row: Row, expected: list[tuple[str, str]]) -> None:
    assert said(fee(), row) == expected


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ("Wednesday 2020-09-30 23:59", {"until_on": "2020-10-01"}, []),
        ("Thursday 2020-10-01 00:00", {"until_on": "2020-10-01"}, UNLISTED),
        ("Saturday 2020-10-10 09:00", {"since": "2020-10-10"}, []),  # a make-up working day
        ("Friday 2020-10-09 09:00", {"since": "2020-10-10"}, UNLISTED),
        ("Friday 2020-10-09 09:00", OFFICE, UNLISTED),  # it listed its own fee
    ],
)
def test_the_list_of_that_day_counts(when: str, facts: Row, expected: list[tuple[str, str]]) -> None:
    assert said(fee("other"), fee(**facts), pay(when=when)) == expected


def test_a_fee_that_is_listed_without_a_rate_is_listed() -> None:
    free = listed("fee-listed", "fees", fee="copy")
    assert said(free, pay(90_000)) == []


def test_parts_of_one_fee_are_added_up() -> None:
    parts = [pay(200, when=f"Wednesday 2020-09-30 10:{minute:02}") for minute in range(4)]
    findings = judged(fee(), *parts)
    assert [(f.first_seq, f.variant) for f in findings] == [(4, "above-rate"), (5, "above-rate")]
    assert [f.numbers["asked_fen"] for f in findings] == [600, 800]
    assert said(fee(), *(pay(200, subject=f"demand/{n}") for n in range(4))) == []  # matters of their own


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 3)), min_size=1, max_size=6))
def test_the_sums_are_those_of_a_walk(parts: list[tuple[int, int]]) -> None:
    rows = [pay(fen, units=units, when=f"Wednesday 2020-09-30 10:{n:02}") for n, (fen, units) in enumerate(parts)]
    total, most, wrong = 0, 0, []
    for seq, (fen, units) in enumerate(parts, start=2):
        total, most = total + fen, max(most, units)
        wrong += [seq] if total > 500 * most else []
    assert [f.first_seq for f in judged(fee(), *rows)] == wrong


@pytest.mark.parametrize("sort", ["intermediary", "training", "donation"])
@pytest.mark.parametrize(
    ("by", "receipt", "spares"),
    [
        (None, None, False),
        (CITIZEN, "R-7", True),
        (CITIZEN, " ", False),
        (OFFICE, "R-7", False),
        (DISGUISED, "R-7", False),
        ({"actor": "x", "role": "clerk", "office": "other"}, "R-7", False),  # the payer himself
    ],
)
def test_what_is_imposed_is_unlawful_unless_the_payer_chose_it(
    sort: str, by: Row | None, receipt: str | None, spares: bool
) -> None:
    rows = [pay(90_000, payment_sort=sort)]
    if by:
        rows.append(demand("service-chosen", "Tuesday 2020-09-29 10:00", receipt_no=receipt, **by))
    spared = spares and sort != "donation"  # nobody chooses a levy
    assert said(*rows) == ([] if spared else [("red", sort)])


def test_who_asked_is_named_and_who_reports_is_not() -> None:
    (own,) = judged(fee(), pay(501, post="market-office/till"))
    (told,) = judged(fee(), pay(501, asking_office="market-office", **CITIZEN))
    assert (own.office, own.post, own.actor) == ("market-office", "market-office/till", "wang")
    assert (told.office, told.post, told.actor) == ("market-office", None, None)


@pytest.mark.parametrize(
    ("rows", "is_open", "cured"),
    [
        ([], True, None),
        ([demand("demand-withdrawn", "Friday 2020-10-09 10:00")], False, "Friday 2020-10-09"),
        ([demand("payment-made", amount_fen=900), demand("demand-withdrawn", "Friday 2020-10-09 10:00")], True, None),
        (
            [demand("payment-made", amount_fen=900),
             demand("payment-returned", "Saturday 2020-10-10 10:00", amount_fen=900, interest_fen=1, **CITIZEN)],
            False, "Saturday 2020-10-10",
        ),
        (
            [demand("payment-made", amount_fen=900),
             demand("payment-returned", "Friday 2020-10-09 10:00", amount_fen=899, **CITIZEN)],
            True, None,
        ),
        (
            [demand("payment-made", amount_fen=900),
             demand("payment-returned", "Friday 2020-10-09 10:00", amount_fen=900, **OFFICE)],
            True, None,
        ),
    ],
)  # fmt: skip
def test_it_is_mended_by_paying_back(rows: list[Row], cured: str | None, *, is_open: bool) -> None:
    (finding,) = judged(fee(), pay(900), *rows)
    assert (finding.is_open, finding.numbers["cured_on"]) == (is_open, on(cured) if cured else None)


def test_what_is_paid_back_in_parts_is_paid_back_with_the_last() -> None:
    parts = [
        demand("payment-returned", f"{day} 10:00", amount_fen=450, interest_fen=2, **CITIZEN)
        for day in ("Friday 2020-10-09", "Monday 2020-10-12")
    ]
    (finding,) = judged(fee(), pay(900), demand("payment-made", amount_fen=900), *parts)
    assert (finding.is_open, finding.numbers["cured_on"], finding.last_seq) == (False, on("Monday 2020-10-12"), 5)
    assert (finding.numbers["returned_fen"], finding.numbers["interest_fen"]) == (900, 4)


@pytest.mark.parametrize(("day", "severity"), [("Wednesday 2004-06-30", "notice"), ("Thursday 2004-07-01", "red")])
def test_the_licensing_law_of_2004_is_the_first_ground(day: str, severity: str) -> None:
    assert [f.severity.value for f in judged(fee(since="2001-01-01"), pay(501, when=f"{day} 10:00"))] == [severity]


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        fee(), pay(300), pay(300, when="Friday 2020-10-09 10:00"), pay(7, "opening", subject="demand/2"),
        pay(90_000, payment_sort="training", subject="demand/3"), demand("payment-made", amount_fen=600),
        demand("payment-returned", "Saturday 2020-10-10 10:00", amount_fen=600, interest_fen=1, **CITIZEN),
        demand("service-chosen", receipt_no="R", subject="demand/3", **CITIZEN),
        pay(90_000, payment_sort="donation", subject="demand/4"),
    ]  # fmt: skip
    return record(in_order(*rows), as_of=AS_OF)


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert {f.variant for f in found(log, RULE)} == {"not-listed", "above-rate", "donation"}
