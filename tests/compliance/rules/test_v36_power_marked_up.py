"""V36: electricity is passed on at the grid's price, and no fee follows the kilowatt-hours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v36_power_marked_up import RULE
from tests.compliance.record import event, found, record

Row = dict[str, Any]
MONTHS = {9: ("2020-09-01", "2020-09-30"), 10: ("2020-10-01", "2020-10-31"), 11: ("2020-11-01", "2020-11-30")}
AS_OF = "Thursday 2020-12-31 12:00"
PRICES: Row = {"actor": "pricing", "role": "clerk", "office": "price-office"}
FIRM: Row = {"actor": "cashier", "role": "clerk", "office": "property-firm"}
TENANT: Row = {"actor": "tenant", "role": "applicant", "office": None}


def priced(price: int, since: str = "2020-01-01", when: str = "Thursday 2020-01-02 09:00", **facts: Any) -> Row:
    known = {"subject": "tariff/commercial", "item_version": None, "price": price, "from_on": since}
    return event("grid-price-set", when, **{**known, **PRICES, **facts})


def metered(kind: str, when: str, **facts: Any) -> Row:
    return event(kind, when, **{"subject": "meter/1", "item_version": None, **FIRM} | facts)


def billed(fen: int, kwh: int = 100, month: int = 9, **facts: Any) -> Row:
    first, last = MONTHS[month]
    known = {"bill_no": f"b{month}", "supplier": "property-firm", "tariff": "commercial", "from_on": first,
             "until_on": last, "kwh": kwh, "amount_fen": fen}  # fmt: skip
    return metered("power-billed", f"{last} 17:00", **known | facts)


def fee(fen: int, *, tied: bool = True, month: int = 9, name: str = "management") -> Row:
    return metered("power-fee-billed", f"{MONTHS[month][1]} 17:01", bill_no=f"b{month}", is_per_kwh=tied,
                   amount_fen=fen, fee=name)  # fmt: skip


def judged(*rows: Row, as_of: str = AS_OF, **facts: Any) -> list[Finding]:
    return found(record(sorted(rows, key=lambda row: row["occurred_at"]), as_of=as_of), RULE, **facts)


def said(*rows: Row) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows)]


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        (6000, []),  # 0.60 yuan, a hundred of them
        (6050, []),  # half a fen a kWh is let pass
        (6051, [("yellow", "price")]),
        (6599, [("yellow", "price")]),
        (6600, [("red", "price")]),  # a tenth
        (9000, [("red", "price")]),  # half as much again is not more than that
        (9001, [("red", "half")]),
        (5000, []),
    ],
)
def test_the_markup_is_judged_by_steps(fen: int, expected: list[tuple[str, str]]) -> None:
    assert said(priced(6000), billed(fen)) == expected


def test_z8_more_than_half_as_much_again_and_a_fee_beside() -> None:
    """转供电: the grid asks 0.5666, the market charges 1.10 (more than half), another 0.85 and a management fee."""
    (finding,) = judged(priced(5666), billed(11_000))
    assert (finding.rule, finding.severity.value, finding.variant, finding.is_open) == ("V36", "red", "half", True)
    assert (finding.office, finding.post, finding.actor) == ("property-firm", None, None)
    assert finding.numbers == {
        "markup": 941, "billed": 11_000, "allowed_price": 5666, "bills": 1, "overcharge_fen": 5334,
        "refunded_fen": None,
    }  # fmt: skip
    assert said(priced(8500), billed(8500), fee(500)) == [("yellow", "fee")]
    for price in (5666, 6001, 7777):
        half = price * 150 // 100
        assert said(priced(price), billed(half, kwh=100)) != [("red", "half")]
        assert said(priced(price), billed(half + 1, kwh=100)) == [("red", "half")]


@pytest.mark.parametrize(
    ("tied", "agreed", "by", "expected"),
    [
        (True, None, None, [("yellow", "fee")]),
        (True, "management", TENANT, [("yellow", "fee")]),  # by the kWh, agreed or not
        (False, "management", TENANT, []),
        (False, None, None, [("yellow", "fee")]),
        (False, "cleaning", TENANT, [("yellow", "fee")]),
        (False, "management", FIRM, [("yellow", "fee")]),  # the firm's own word is no agreement
    ],
)
def test_a_fee_stands_only_if_the_user_agreed_and_it_follows_no_kilowatt_hours(
    tied: bool, agreed: str | None, by: Row | None, expected: list[tuple[str, str]]
) -> None:
    rows = [priced(6000), billed(6000), fee(300, tied=tied)]
    if agreed and by:
        rows.append(metered("service-fee-agreed", "2020-08-03 10:00", fee=agreed, **by))
    assert said(*rows) == expected


@pytest.mark.parametrize(
    ("by", "loss", "cap", "since", "fen", "expected"),
    [
        (PRICES, 50, 60, "2020-09-01", 6350, []),
        (PRICES, 50, 60, "2020-09-01", 6351, [("yellow", "price")]),
        (PRICES, 90, 60, "2020-09-01", 6410, []),
        (PRICES, 90, 60, "2020-09-01", 6411, [("yellow", "price")]),  # not beyond the cap
        (PRICES, 50, 60, "2020-09-02", 6350, [("yellow", "price")]),  # measured after the period began
        (FIRM, 50, 60, "2020-09-01", 6350, [("yellow", "price")]),  # by itself
        (PRICES | {"actor": "cashier"}, 50, 60, "2020-09-01", 6350, [("yellow", "price")]),  # in another's name
    ],
)
def test_losses_count_as_another_measured_them_up_to_the_cap(
    by: Row, loss: int, cap: int, since: str, fen: int, expected: list[tuple[str, str]]
) -> None:
    measured = metered("losses-documented", "2020-08-31 10:00", loss_per_mille=loss, cap_per_mille=cap, from_on=since,
                       **by)  # fmt: skip
    assert said(priced(6000), measured, billed(fen)) == expected


@pytest.mark.parametrize(
    ("cut_on", "month", "expected"),
    [
        ("2020-10-01", 9, []),  # the old bill
        ("2020-10-15", 10, []),  # the bill in which it fell
        ("2020-10-01", 10, [("yellow", "cut-kept")]),  # the holiday is no ground
        ("2020-10-15", 11, [("yellow", "cut-kept")]),
    ],
)
def test_a_cut_reaches_the_user_with_the_next_bill(cut_on: str, month: int, expected: list[tuple[str, str]]) -> None:
    rows = [priced(6000), priced(5700, cut_on, "Monday 2020-09-28 09:00"), billed(6000, month=month)]
    assert said(*rows) == expected


def test_a_price_set_twice_for_one_day_is_the_last_one() -> None:
    assert said(priced(5000), priced(6000, when="Friday 2020-01-03 09:00"), billed(6000)) == []


@pytest.mark.parametrize(
    "rows",
    [
        [billed(9001)],
        [priced(6000, "2020-09-02"), billed(9001)],  # the first of September has no price
        [priced(6000, subject="tariff/industry"), billed(9001)],
        [priced(6000, **FIRM), billed(9001)],  # the supplier's own price is nobody's
    ],
)
def test_without_the_grids_price_nothing_is_said(rows: list[Row]) -> None:
    assert judged(*rows) == []


def test_it_is_one_finding_a_meter_and_the_worst_bill_is_told() -> None:
    rows = [priced(6000), billed(6300), billed(9600, month=10), billed(6060, month=11)]
    (finding,) = judged(*rows)
    assert (finding.first_seq, finding.last_seq, finding.variant) == (2, 4, "half")
    assert (finding.numbers["bills"], finding.numbers["overcharge_fen"]) == (3, 300 + 3600 + 60)
    assert (finding.numbers["markup"], finding.on) == (600, date(2020, 9, 30))


def test_the_price_that_was_allowed_is_told_with_the_losses() -> None:
    measured = metered("losses-documented", "2020-08-31 10:00", loss_per_mille=50, cap_per_mille=60, **PRICES)
    (finding,) = judged(priced(6000), measured, billed(7000))
    assert (finding.numbers["allowed_price"], finding.numbers["overcharge_fen"]) == (6300, 700)
    assert finding.numbers["markup"] == 111


@pytest.mark.parametrize(
    ("back", "by", "next_fen", "is_open"),
    [
        (600, TENANT, 6000, False),
        (599, TENANT, 6000, True),
        (600, FIRM, 6000, True),  # its own word
        (700, TENANT, 6100, True),  # the next bill is wrong again
        (600, TENANT, None, True),  # no right bill yet
    ],
)
def test_it_is_mended_by_paying_back_and_a_right_bill(
    back: int, by: Row, next_fen: int | None, *, is_open: bool
) -> None:
    rows = [priced(6000), billed(6600), metered("power-refunded", "2020-10-20 10:00", amount_fen=back, **by)]
    rows += [billed(next_fen, month=10)] if next_fen else []
    (finding,) = judged(*rows)
    assert (finding.is_open, finding.first_seq) == (is_open, 2)


def test_another_supplier_of_the_same_meter_answers_for_himself() -> None:
    rows = [priced(6000), billed(6600), billed(6300, month=10, supplier="other-firm", office="other-firm")]
    assert [(f.office, f.severity.value) for f in judged(*rows)] == [("property-firm", "red"), ("other-firm", "yellow")]


def test_splitting_a_bill_hides_nothing() -> None:
    parts = [billed(660, kwh=10, bill_no=f"b9-{n}") for n in range(10)]
    (finding,) = judged(priced(6000), *parts)
    assert (finding.severity.value, finding.numbers["bills"], finding.numbers["overcharge_fen"]) == ("red", 10, 600)


@settings(max_examples=25, deadline=None)
@given(price=st.integers(1000, 15_000), kwh=st.integers(1, 50_000), fen=st.integers(1, 5_000_000))
def test_the_numbers_are_those_of_fractions(price: int, kwh: int, fen: int) -> None:
    from fractions import Fraction

    allowed = Fraction(kwh * price, 100)
    over = fen - allowed.__floor__() if Fraction(fen) > allowed + Fraction(kwh * 50, 100) else 0
    found_ = judged(priced(price), billed(fen, kwh=kwh))
    assert [f.numbers["overcharge_fen"] for f in found_] == ([over] if over else [])
    for finding in found_:
        assert finding.numbers["markup"] == (over * 1000 / allowed).__floor__()
        assert (finding.severity.value == "red") == (over * 10 >= allowed)
        assert (finding.variant == "half") == (over * 2 > allowed)


def test_before_the_law_it_is_a_notice() -> None:
    row = priced(600, "1996-01-01", "Tuesday 1996-01-02 09:00")
    old = billed(9001, from_on="1996-02-01", until_on="1996-02-29", occurred="1996")
    old["occurred_at"] = old["occurred_at"].replace(year=1996, month=3, day=4)
    old["payload"].pop("occurred")
    (finding,) = judged(row, old, as_of="Thursday 1996-03-07 12:00")
    assert (finding.severity.value, finding.lowered) == ("notice", "source")


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        priced(6000), priced(5700, "2020-10-01", "Monday 2020-09-28 09:00"), billed(6300), fee(100),
        billed(9600, month=10), billed(6000, month=11), fee(300, tied=False, month=11, name="cleaning"),
        metered("losses-documented", "2020-08-31 10:00", loss_per_mille=20, cap_per_mille=60, from_on="2020-09-01",
                **PRICES),
        metered("service-fee-agreed", "2020-08-03 10:00", fee="cleaning", **TENANT),
        metered("power-refunded", "2020-12-20 10:00", amount_fen=600, **TENANT),
    ]  # fmt: skip
    return record(sorted(rows, key=lambda row: row["occurred_at"]), as_of=AS_OF)


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
