"""V34: what is owed to a small firm is paid within the term of its contract's law, with interest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v34_arrears import RULE
from tests.compliance.record import EPOCH, event, found, on, record

Row = dict[str, Any]
BUREAU: Row = {"actor": "head", "role": "head", "office": "bureau"}
CREDITOR: Row = {"actor": "firm", "role": "applicant", "office": None}
KEEPER: Row = {"actor": "sme", "role": "clerk", "office": "sme-office"}


def debt(kind: str, when: str, **facts: Any) -> Row:
    return event(kind, when, **{"subject": "debt/1", "item_version": None} | facts)


def claimed(delivered: str, when: str = "Tuesday 2020-09-01 09:00", **facts: Any) -> Row:
    known = {"debtor": "bureau", "debtor_sort": "office", "is_small": True, "amount_fen": 1_000_000,
             "signed_on": "2020-09-01", "delivered_on": delivered, **CREDITOR}  # fmt: skip
    return debt("debt-claimed", when, **known | facts)


def confirmed(paid: str, amount: int = 1_000_000, interest: int = 0, **facts: Any) -> Row:
    known = {"amount_fen": amount, "interest_fen": interest, "paid_on": paid, **CREDITOR}
    return debt("debt-payment-confirmed", f"{paid} 15:00", **known | facts)


def judged(*rows: Row, as_of: str) -> list[Finding]:
    placed = sorted(rows, key=lambda row: row["occurred_at"])
    return found(record(placed, as_of=as_of), RULE)


def said(*rows: Row, as_of: str) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows, as_of=as_of)]


@pytest.mark.parametrize(
    ("delivered", "facts", "due"),
    [
        ("Tuesday 2020-09-01", {}, "Friday 2020-10-09"),  # 1 October, and 2nd to 8th are off
        ("Friday 2020-08-28", {}, "Sunday 2020-09-27"),  # a make-up working day
        ("Wednesday 2020-09-23", {}, "Friday 2020-10-23"),
        ("Thursday 2020-09-24", {}, "Monday 2020-10-26"),  # 24 October is a Saturday
        ("Wednesday 2020-09-02", {"term_days": 45}, "Monday 2020-10-19"),  # 17 October is a Saturday
        ("Wednesday 2020-09-02", {"term_days": 60}, "Monday 2020-11-02"),  # 1 November is a Sunday
        ("Wednesday 2020-09-02", {"term_days": 180}, "Monday 2020-11-02"),  # sixty at the most
        ("Wednesday 2020-09-02", {"term_days": 180, "signed_on": "2020-08-31"}, "Monday 2021-03-01"),
    ],
)
def test_it_is_due_by_the_law_of_the_contracts_date(delivered: str, facts: Row, due: str) -> None:
    row = claimed(delivered, **facts)
    assert judged(row, as_of=f"{due} 23:59") == []
    after = date.fromisoformat(due.split()[1]) + timedelta(1)
    (finding,) = judged(row, as_of=f"{after} 00:00")
    assert (finding.severity.value, finding.numbers["late_days"], finding.is_open) == ("yellow", 1, True)
    assert finding.numbers["due_on"] == on(due)
    assert (finding.office, finding.post, finding.actor) == ("bureau", None, None)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"debtor_sort": "large-firm", "signed_on": "2025-06-01"}, ["arrears"]),
        ({"debtor_sort": "large-firm", "signed_on": "2025-05-31"}, []),  # no term agreed, none set by law then
        ({"debtor_sort": "large-firm", "signed_on": "2025-05-31", "term_days": 70}, ["arrears"]),
        ({"debtor_sort": "large-firm", "signed_on": "2025-06-01", "term_days": 300}, ["arrears"]),
        ({"debtor_sort": "large-firm", "signed_on": "2025-05-31", "term_days": 300}, []),
    ],
)
def test_large_firms_are_held_to_sixty_days_since_june_2025(facts: Row, expected: list[str]) -> None:
    row = claimed("Monday 2025-06-02", when="Monday 2025-06-02 09:00", **facts)
    assert [variant for _, variant in said(row, as_of="Monday 2025-09-01 09:00")] == expected


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([], "Friday 2020-10-09"),  # from delivery on 1 September
        ([("debt-accepted", {"accepted_on": "2020-09-23"})], "Friday 2020-10-23"),
    ],
)
def test_the_term_runs_from_acceptance(rows: list[tuple[str, Row]], due: str) -> None:
    more = [debt(kind, "Wednesday 2020-09-23 10:00", **facts, **BUREAU) for kind, facts in rows]
    assert judged(claimed("2020-09-01"), *more, as_of=f"{due} 23:59") == []
    assert len(judged(claimed("2020-09-01"), *more, as_of="2020-10-24 00:00")) == 1


@pytest.mark.parametrize("accepted", [None, "2020-09-20", "2020-12-01"])
def test_an_acceptance_put_off_moves_nothing_beyond_the_day_that_the_contract_wants(accepted: str | None) -> None:
    rows = [claimed("2020-09-01", acceptance_end_on="2020-09-20")]
    if accepted:
        rows.append(debt("debt-accepted", f"{accepted} 10:00", accepted_on=accepted, **BUREAU))
    (finding,) = judged(*rows, as_of="Tuesday 2020-12-01 12:00")
    assert finding.numbers["due_on"] == on("Tuesday 2020-10-20")


@pytest.mark.parametrize(
    ("as_of", "severity", "late"),
    [("Thursday 2021-01-07 23:59", "yellow", 90), ("Friday 2021-01-08 00:00", "red", 91)],
)
def test_beyond_ninety_days_it_is_red(as_of: str, severity: str, late: int) -> None:
    (finding,) = judged(claimed("2020-09-01"), as_of=as_of)
    assert (finding.severity.value, finding.numbers["late_days"]) == (severity, late)


def test_paid_in_time_is_nothing_however_late_it_is_confirmed() -> None:
    assert judged(claimed("2020-09-01"), confirmed("2020-10-09"), as_of="Friday 2021-01-08 12:00") == []
    late = debt("debt-payment-confirmed", "2020-12-01 10:00", amount_fen=1_000_000, paid_on="2020-10-09", **CREDITOR)
    assert judged(claimed("2020-09-01"), late, as_of="Friday 2021-01-08 12:00") == []


def test_interest_is_five_of_ten_thousand_a_day_on_what_was_unpaid_that_day() -> None:
    rows = [claimed("2020-09-01"), confirmed("2020-10-19", 400_000), confirmed("2020-10-29", 600_000)]
    (finding,) = judged(*rows, as_of="Friday 2020-11-20 12:00")
    # ten days on all of it, ten on three fifths
    assert finding.numbers["interest_fen"] == (10 * 1_000_000 + 10 * 600_000) * 5 // 10_000
    assert (finding.numbers["unpaid_fen"], finding.numbers["ended_on"]) == (0, on("Thursday 2020-10-29"))
    assert (finding.is_open, finding.numbers["cured_on"]) == (True, None)  # the interest is still owed
    rows.append(confirmed("2020-11-02", 0, 8_000))
    (cured,) = judged(*rows, as_of="Friday 2020-11-20 12:00")
    assert (cured.key, cured.is_open, cured.numbers["cured_on"]) == (finding.key, False, on("Monday 2020-11-02"))


@pytest.mark.parametrize(
    ("agreed", "prime", "wanted"),
    [
        (None, 38_500, 10 * 1_000_000 * 5 // 10_000),
        (60_000, 38_500, 10 * 1_000_000 // 365 * 60_000 // 1_000_000),
        (10_000, 38_500, 10 * 1_000_000 // 365 * 38_500 // 1_000_000),  # never below the LPR of that day
    ],
)
def test_an_agreed_rate_counts_if_it_is_not_below_the_prime_rate(agreed: int | None, prime: int, wanted: int) -> None:
    rates: Row = {"prime_rate": prime} | ({"agreed_rate": agreed} if agreed else {})
    (finding,) = judged(claimed("2020-09-01", **rates), as_of="Monday 2020-10-19 12:00")
    assert finding.numbers["interest_fen"] == wanted


def test_an_older_contract_without_a_rate_has_no_interest_by_this_law() -> None:
    row = claimed("2020-07-31", signed_on="2019-05-06", term_days=30)
    (finding,) = judged(row, as_of="Monday 2020-10-19 12:00")
    assert (finding.variant, finding.numbers["interest_fen"]) == ("no-rate", None)


@settings(max_examples=15, deadline=None)
@given(
    amount=st.integers(1, 9_000_000),
    shares=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=4),
    days=st.integers(61, 120),
)
def test_interest_is_that_of_a_walk_over_the_days(amount: int, shares: list[tuple[int, int]], days: int) -> None:
    due = date(2020, 10, 9)
    paid = [(due + timedelta(after), amount * share // 200) for after, share in shares]
    rows = [claimed("2020-09-01", amount_fen=amount)]
    rows += [confirmed(day.isoformat(), sum_) for day, sum_ in paid if sum_]
    (finding,) = judged(*rows, as_of=f"{due + timedelta(days)} 12:00")
    unpaid_days = 0
    for n in range(days):
        day = due + timedelta(n)  # the day that ends in arrears is charged for what was unpaid when it began
        unpaid_days += amount - sum(sum_ for on_, sum_ in paid if on_ <= day)
    assert finding.numbers["interest_fen"] == unpaid_days * 5 // 10_000


@pytest.mark.parametrize(
    ("by", "unpaid"),
    [(KEEPER, 300_000), (CREDITOR, 300_000), (BUREAU, 1_000_000), (KEEPER | {"actor": "head"}, 1_000_000)],
)
def test_a_dispute_excuses_its_part_only_and_only_by_others(by: Row, unpaid: int) -> None:
    rows = [
        claimed("2020-09-01"),
        debt("debt-disputed", "2020-10-08 10:00", disputed_fen=700_000, **by),
        debt("debt-payment-refused", "2020-10-08 11:00", reason="other", **BUREAU),  # "head" acted for the debtor
    ]
    (finding,) = judged(*rows, as_of="Monday 2020-10-12 12:00")
    assert finding.numbers["unpaid_fen"] == unpaid


def test_what_is_wholly_in_dispute_is_not_in_arrears_until_it_is_settled() -> None:
    disputed = debt("debt-disputed", "2020-10-08 10:00", disputed_fen=1_000_000, **KEEPER)
    settled = debt("debt-disputed", "2020-11-02 10:00", disputed_fen=0, **KEEPER)
    assert judged(claimed("2020-09-01"), disputed, as_of="Monday 2020-11-30 12:00") == []
    assert len(judged(claimed("2020-09-01"), disputed, settled, as_of="Monday 2020-11-30 12:00")) == 1


@pytest.mark.parametrize(("by", "expected"), [(KEEPER, []), (BUREAU, [("yellow", "arrears")])])
def test_a_creditor_found_large_is_not_protected_by_this_law(by: Row, expected: list[tuple[str, str]]) -> None:
    size = debt("creditor-size-found", "2020-10-08 10:00", is_small=False, **by)
    assert said(claimed("2020-09-01"), size, as_of="Monday 2020-10-12 12:00") == expected


def test_who_was_no_small_firm_at_signing_is_not_judged() -> None:
    assert judged(claimed("2020-09-01", is_small=False), as_of="Monday 2020-10-12 12:00") == []


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("Monday 2020-10-19 23:59", [("notice", "unconfirmed")]),
        ("Tuesday 2020-10-20 00:00", [("yellow", "arrears")]),  # ten days went by and nobody confirmed it
    ],
)
def test_what_the_debtor_alone_calls_paid_waits_for_the_creditor(as_of: str, expected: list[tuple[str, str]]) -> None:
    own = debt("debt-paid", "2020-10-09 10:00", amount_fen=1_000_000, paid_on="2020-10-09", **BUREAU)
    self_confirmed = confirmed("2020-10-09", **BUREAU)
    assert said(claimed("2020-09-01"), own, self_confirmed, as_of=as_of) == expected


def test_a_second_claim_does_not_begin_the_term_anew() -> None:
    again = claimed("2020-11-02", when="Monday 2020-11-02 09:00")
    (finding,) = judged(claimed("2020-09-01"), again, as_of="Tuesday 2020-11-03 12:00")
    assert finding.numbers["due_on"] == on("Friday 2020-10-09")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("leader-changed", ["excuse"]), ("internal-process", ["excuse"]), ("final-acceptance", []), ("other", [])],
)
def test_some_reasons_are_no_reasons(reason: str, expected: list[str]) -> None:
    refused = debt("debt-payment-refused", "2020-09-21 10:00", reason=reason, post="bureau/head", **BUREAU)
    found_ = judged(claimed("2020-09-01"), refused, as_of="Tuesday 2020-09-22 12:00")
    assert [f.variant for f in found_] == expected
    assert all((f.office, f.post, f.actor) == ("bureau", "bureau/head", "head") for f in found_)


def test_a_refusal_that_another_wrote_down_names_nobody() -> None:
    told = debt("debt-payment-refused", "2020-09-21 10:00", reason="leader-changed", **CREDITOR)
    (finding,) = judged(claimed("2020-09-01"), told, as_of="Tuesday 2020-09-22 12:00")
    assert (finding.office, finding.post, finding.actor) == ("bureau", None, None)


@pytest.mark.parametrize(
    ("listed", "as_of", "expected"),
    [
        # over the holiday; the Sunday after the 25th and the Saturday after it, 10 October, are working days
        (None, "Thursday 2020-10-15 23:59", []),
        (None, "Friday 2020-10-16 00:00", ["unlisted"]),
        ("Thursday 2020-10-15 17:00", "Tuesday 2020-10-20 12:00", []),
        ("Friday 2020-10-16 09:00", "Tuesday 2020-10-20 12:00", ["unlisted"]),
    ],
)
def test_a_complaint_is_entered_within_ten_working_days(listed: str | None, as_of: str, expected: list[str]) -> None:
    rows = [
        claimed("2020-10-12", signed_on="2020-09-02"),
        debt("debt-complained", "Friday 2020-09-25 10:00", keeper="sme-office", **CREDITOR),
    ]
    rows += [debt("debt-listed", listed, **KEEPER)] if listed else []
    found_ = judged(*rows, as_of=as_of)
    assert [f.variant for f in found_] == expected
    assert all((f.office, f.is_open) == ("sme-office", listed is None) for f in found_)


@pytest.mark.parametrize(
    ("told", "as_of", "expected"),
    [
        (None, "Wednesday 2021-03-31 23:59", []),
        (None, "Thursday 2021-04-01 00:00", [("yellow", True)]),
        ("Wednesday 2021-03-31 16:00", "Friday 2021-04-30 12:00", []),
        ("Thursday 2021-04-01 09:00", "Friday 2021-04-30 12:00", [("yellow", False)]),
    ],
)
def test_the_arrears_of_a_year_are_public_by_the_end_of_march(
    told: str | None, as_of: str, expected: list[tuple[str, bool]]
) -> None:
    counted = event("arrears-counted", "Monday 2021-01-11 09:00", subject="office/bureau", year=2020, unpaid_fen=500,
                    actor="finance", office="finance")  # fmt: skip
    rows = [counted]
    if told:
        rows.append(event("arrears-disclosed", told, subject="office/bureau", year=2020, **BUREAU))
    found_ = judged(*rows, as_of=as_of)
    assert [(f.severity.value, f.is_open) for f in found_] == expected
    assert all((f.office, f.variant, f.numbers["year"]) == ("bureau", "undisclosed", 2020) for f in found_)
    assert all(f.on == date(2021, 4, 1) for f in found_)


def test_before_any_of_these_laws_it_is_a_notice() -> None:
    row = claimed("2019-11-01", when="Friday 2019-11-01 09:00", signed_on="2019-10-08", term_days=30)
    (finding,) = judged(row, as_of="Wednesday 2020-01-15 12:00")
    assert (finding.severity.value, finding.lowered, finding.on) == ("notice", "source", EPOCH.replace(2019, 12, 3))


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"agreed_on": "2020-10-17"}, "Saturday 2020-10-17"),  # a day, no term: no working day is waited for
        ({"agreed_on": "2020-12-24"}, "Monday 2020-11-02"),  # sixty days at the most, and that is a term
        ({"agreed_on": "2020-12-24", "signed_on": "2020-08-31"}, "Thursday 2020-12-24"),
    ],
)
def test_a_day_that_the_contract_names_is_that_day(facts: Row, due: str) -> None:
    row = claimed("Wednesday 2020-09-02", **facts)
    assert judged(row, as_of=f"{due} 23:59") == []
    (finding,) = judged(row, as_of="Friday 2020-12-25 00:00")
    assert finding.numbers["due_on"] == on(due)


def test_z9_two_million_due_on_the_last_of_october_are_unpaid_on_the_first_of_november() -> None:
    """伊宁: 200余万, to be paid off by the end of October: a Saturday, and the day itself was named."""
    row = claimed("2020-03-02", signed_on="2019-03-04", agreed_on="2020-10-31", amount_fen=205_000_000)
    assert judged(row, as_of="Saturday 2020-10-31 23:59") == []
    (finding,) = judged(row, as_of="Sunday 2020-11-01 00:00")
    assert (finding.rule, finding.severity.value, finding.is_open) == ("V34", "yellow", True)
    assert (finding.numbers["unpaid_fen"], finding.numbers["due_on"]) == (205_000_000, on("Saturday 2020-10-31"))
    assert (finding.numbers["late_days"], finding.on) == (1, EPOCH.replace(2020, 11, 1))


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        claimed("2020-09-01"),
        debt("debt-disputed", "2020-09-08 10:00", disputed_fen=100_000, **KEEPER),
        debt("debt-complained", "Friday 2020-09-25 10:00", keeper="sme-office", **CREDITOR),
        debt("debt-payment-refused", "2020-10-09 10:00", reason="leader-changed", **BUREAU),
        confirmed("2020-10-19", 400_000),
        event("arrears-counted", "Monday 2021-01-11 09:00", subject="office/bureau", year=2020, unpaid_fen=500,
              actor="finance", office="finance"),
    ]  # fmt: skip
    return record(rows, as_of="Friday 2021-04-30 12:00")


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert {f.variant for f in found(log, RULE)} == {"arrears", "unlisted", "excuse", "undisclosed"}
