"""V38: who lacks only what may be brought later is let in."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v38_deferral_refused import RULE
from tests.compliance.record import event, found, on, record

Entry = dict[str, Any]


def refused(when: str = "Tuesday 2022-06-07 10:00", **facts: Any) -> Entry:
    known: Entry = {"lacking": ["photo"], "deferrable": ["lease", "photo"], "is_main_complete": True, "actor": "dora",
             "office": "tax", "post": "tax/counter"}  # fmt: skip
    return event("deferral-refused", when, **(known | facts))


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": "2022-06-30 10:00", "area": "410500"} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({}, 1),
        ({"lacking": ["lease", "photo"]}, 1),
        ({"lacking": ["photo", "permit"]}, 0),  # one of them may not be brought later
        ({"lacking": ["phot"]}, 0),
        ({"lacking": []}, 0),
        ({"is_main_complete": False}, 0),
        ({"deferrable": []}, 0),
        ({"role": "system", "actor": "system"}, 0),
        ({"role": "applicant", "actor": "li"}, 0),
    ],
)
def test_only_what_the_item_lets_one_bring_later_was_missing(facts: dict[str, Any], count: int) -> None:
    assert len(said(refused(**facts))) == count


def test_the_clerk_who_turned_the_case_away_is_named() -> None:
    (one,) = said(refused(lacking=["photo", "lease"]))
    assert (one.office, one.post, one.actor, one.severity) == ("tax", "tax/counter", "dora", "yellow")
    assert (one.numbers["lacking"], one.numbers["cured_on"], one.is_open) == ("lease|photo", None, True)


@pytest.mark.parametrize("kind", ["tolerantly-accepted", "accepted", "promise-accepted"])
def test_letting_in_afterwards_cures_it_and_does_not_undo_it(kind: str) -> None:
    (one,) = said(refused(), event(kind, "Wednesday 2022-06-08 10:00", actor="dora", office="tax"))
    assert (one.numbers["cured_on"], one.is_open, one.last_seq) == (on("Wednesday 2022-06-08"), False, 2)


def test_a_case_turned_away_again_and_again_is_one_finding() -> None:
    assert [one.first_seq for one in said(refused(), refused("2022-06-08 10:00"))] == [1]


def credit(when: str = "Tuesday 2022-06-07 09:00", **facts: Any) -> Entry:
    return event("bad-credit-found", when, **({"actor": "rita", "office": "credit"} | facts))


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (credit(), 0),
        (credit("Tuesday 2022-06-07 10:01"), 1),  # afterwards
        (credit(actor="dora"), 1),  # who turned it away
        (credit(actor="ben"), 1),  # who received it
        (credit(actor="li", role="applicant"), 1),
        (credit(subject="case/2"), 1),
    ],
)
def test_a_bad_credit_record_was_found_before_by_somebody_else(act: Entry, count: int) -> None:
    received = event("received", "Tuesday 2022-06-07 08:30", actor="ben", office="tax")
    assert len(said(received, act, refused())) == count


def test_a_promised_material_that_comes_late_accuses_nobody() -> None:
    rows = [event("tolerantly-accepted", "2022-06-01 10:00", due_on="2022-06-08", deferred=["photo"]),
            event("supplied", "2022-06-20 10:00", actor="li", role="applicant"),
            event("deemed-withdrawn", "2022-06-09 00:00", actor="system", role="system")]  # fmt: skip
    assert said(*rows) == []


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [
        ("2020-12-31", "410100", "notice"),
        ("2021-01-04", "410100", "yellow"),
        ("2021-11-30", "440100", "notice"),
        ("2022-06-07", "330100", "notice"),
    ],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(refused(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_duckdb_says_the_same() -> None:
    rows = [refused(), refused(subject="case/2", lacking=["lease", "photo"]), refused(subject="case/3", lacking=["x"]),
            refused(subject="case/4"), credit(subject="case/4"),
            event("accepted", "2022-06-09 10:00", subject="case/2")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
