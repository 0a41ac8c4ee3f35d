"""V42: who bids does so on its own qualification, with its own people."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v42_borrowed_qualification import RULE
from tests.compliance.bidding import Entry, bid, harmless, published, tender
from tests.compliance.record import found, record

PAID = "Wednesday 2020-07-01 10:00"


def log_of(*entries: Entry, **facts: Any) -> Log:
    return record(list(entries), as_of="Friday 2020-07-31 10:00", **facts)


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


def insured(staff: str, payer: str | None, bidder: str = "a", **facts: Any) -> Entry:
    known = {"bidder": bidder, "staff": staff, "payer": payer, "actor": "system", "role": "system"}
    return tender("staff-insurance-checked", "Wednesday 2020-06-03 10:00", **(known | facts))


# --- staff -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payers", "staff"), [(("a", "a"), None), (("a", "x"), 1), (("x", "y"), 2), ((None, "a"), 1), (("", "a"), 1)]
)
def test_the_bidder_pays_the_insurance_of_the_staff_it_names(payers: tuple[str | None, ...], staff: int | None) -> None:
    told = said(bid("a"), *(insured(f"s{n}", payer) for n, payer in enumerate(payers)))
    assert [one.numbers["staff"] for one in told] == ([] if staff is None else [staff])


def test_one_person_looked_up_twice_is_one_person() -> None:
    (one,) = said(published(), bid("a"), insured("s", "x"), insured("s", "x"))
    assert (one.numbers["staff"], one.first_seq, one.last_seq, one.severity) == (1, 3, 4, "yellow")
    assert (one.office, one.post, one.actor) == ("bid-watch", None, None)


# --- certificates ----------------------------------------------------------------------------------------------------


def test_two_firms_on_one_certificate_in_one_tender() -> None:
    (one,) = said(bid("a", certificates=["C1", "C2"]), bid("b", certificates=["C2", "C3"]))
    told = {name: one.numbers[name] for name in ("bidder", "other", "certificate", "other_seq")}
    assert told == {"bidder": "b", "other": "a", "certificate": "C2", "other_seq": 1}
    assert (one.variant, one.first_seq) == ("certificate", 2)


def test_one_firm_that_hands_in_anew_stands_on_its_own_certificate() -> None:
    assert variants(bid("a", certificates=["C"]), bid("a", "2020-06-02 11:00", certificates=["C"])) == []


@pytest.mark.parametrize(
    ("later", "count"), [("Thursday 2020-07-02 10:00", 1), ("Friday 2020-07-03 00:00", 0)]  # the 30th day, the 31st
)  # fmt: skip
def test_a_certificate_in_another_tender_counts_within_thirty_days(later: str, count: int) -> None:
    second = {**bid("b", later, certificates=["C"]), "subject": "tender/2"}
    assert len(said(bid("a", certificates=["C"]), second)) == count


# --- money -----------------------------------------------------------------------------------------------------------


def paid(sum_: int = 1_000, when: str = PAID) -> Entry:
    return tender("contract-paid", when, bidder="a", amount_fen=sum_)


def passed(sum_: int, when: str = "Thursday 2020-07-02 10:00", to: str = "x") -> Entry:
    facts: Entry = {"bidder": "a", "recipient": to, "amount_fen": sum_, "actor": "bank", "role": "system"}
    return tender("contract-money-passed", when, **facts)


@pytest.mark.parametrize(
    ("moves", "percent"),
    [
        ([passed(899)], None),
        ([passed(900)], 90),
        ([passed(450), passed(450, to="y")], 90),  # split among several
        ([passed(450), passed(450, "Saturday 2020-07-04 23:59")], 90),  # the third day
        ([passed(450), passed(450, "Sunday 2020-07-05 00:00")], None),
        ([passed(1_000, to="a")], None),  # to another account of its own
        ([passed(1_000, "2020-06-30 10:00")], None),  # before it was paid
    ],
)
def test_nine_tenths_passed_on_within_three_days(moves: list[Entry], percent: int | None) -> None:
    rows = sorted([bid("a"), paid(), *moves], key=lambda entry: entry["occurred_at"])
    assert [one.numbers["percent"] for one in said(*rows)] == ([] if percent is None else [percent])


def test_payments_of_the_same_days_are_taken_together() -> None:
    assert variants(bid("a"), paid(), paid(1_000, "2020-07-01 11:00"), passed(950)) == []
    assert variants(bid("a"), paid(), paid(1_000, "2020-07-01 11:00"), passed(1_900)) == ["account"]


def subcontract(when: str, actor: str = "owner", to: str = "x") -> Entry:
    return tender("subcontract-registered", when, bidder="a", recipient=to, actor=actor)


@pytest.mark.parametrize(
    ("guard", "count"),
    [
        (subcontract("2020-06-30 10:00"), 0),
        (subcontract("2020-07-10 10:00"), 1),  # afterwards
        (subcontract("2020-06-30 10:00", to="y"), 1),
        (subcontract("2020-06-30 10:00", actor="user-a"), 1),  # by the winner itself
        (subcontract("2020-06-30 10:00", actor="a"), 1),
    ],
)
def test_a_lawful_subcontract_was_registered_before_and_by_somebody_else(guard: Entry, count: int) -> None:
    rows = sorted([bid("a"), paid(), passed(950), guard], key=lambda entry: entry["occurred_at"])
    assert len(said(*rows)) == count


# --- guards, law, engines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "count"),
    [
        (harmless("insurance", "a"), 0),
        (harmless("insurance"), 0),
        (harmless("insurance", "b"), 1),
        (harmless("certificate", "a"), 1),
        (harmless("insurance", "a", role="clerk"), 1),
        (harmless("insurance", "a", actor="agency"), 1),
    ],
)
def test_a_supervisor_may_find_it_harmless(guard: Entry, count: int) -> None:
    assert len(said(published(), bid("a"), insured("s", "x"), guard)) == count


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2012-01-31", "330100", "notice"), ("2012-02-01", "330100", "yellow"), ("2020-06-02", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    rows = [bid(name, f"{day} 10:00", certificates=["C"]) for name in "ab"]
    assert [one.severity for one in found(record(rows, area=area), RULE)] == [severity]


def test_duckdb_says_the_same() -> None:
    rows = [published(), bid("a", certificates=["C"]), bid("b", certificates=["C"]), insured("s", "x"), paid(),
            subcontract("2020-07-01 12:00", to="y"), passed(950), harmless("insurance", "b")]  # fmt: skip
    log = log_of(*rows)
    assert {one.variant for one in found(log, RULE)} == {"insurance", "certificate", "account"}
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
