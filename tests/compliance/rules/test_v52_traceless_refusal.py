"""V52: who was served leaves a trace, or says himself that he only asked."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.load import log_of as whole_log
from portal.compliance.registry import all_rules
from tests.compliance.queueing import Entry, said, served, verdicts, when
from tests.compliance.record import at, event, found

MONTH = "Tuesday 2020-06-30 12:00"
CASE: dict[str, Any] = {"outcome": "case", "reference": "330100-2020-7"}


def case(clock: str, subject: str = "case/330100-2020-7", kind: str = "submitted") -> Entry:
    return event(kind, when(clock), subject=subject)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"outcome": "information", "is_confirmed": True}, []),
        ({"outcome": "information", "is_confirmed": None}, ["not-confirmed"]),
        ({"outcome": "information", "is_confirmed": False}, ["not-confirmed"]),
        ({"outcome": "written-refusal", "reference": "R-1"}, []),
        ({"outcome": "written-refusal", "reference": " "}, ["no-reference"]),
        ({"outcome": "case"}, ["no-reference"]),
        ({"outcome": "inquiry"}, ["no-reference"]),
        ({"outcome": None, "reference": "x"}, ["no-outcome"]),
        ({"outcome": "done"}, ["no-outcome"]),
    ],
)
def test_what_is_recorded_when_the_number_is_served(facts: dict[str, Any], expected: list[str]) -> None:
    assert verdicts("V52", served("11:00", **facts), as_of="11:01") == [("yellow", one) for one in expected]


def test_the_serving_clerk_and_his_office_answer() -> None:
    (one,) = said("V52", served("11:00", outcome="case", actor="wang", post="tax/counter"))
    assert (one.office, one.actor, one.post, one.is_open) == ("tax", "wang", "tax/counter", False)


@pytest.mark.parametrize(
    ("served_at", "as_of", "expected"),
    [
        ("Tuesday 2020-06-02 11:00", "Wednesday 2020-06-03 23:59", []),
        ("Tuesday 2020-06-02 11:00", "Thursday 2020-06-04 00:00", ["not-found"]),
        ("Friday 2020-06-05 11:00", "Monday 2020-06-08 23:59", []),
        ("Friday 2020-06-05 11:00", "Tuesday 2020-06-09 00:00", ["not-found"]),
        ("Wednesday 2020-06-24 11:00", "Sunday 2020-06-28 23:59", []),  # the Dragon Boat days; a make-up Sunday
        ("Wednesday 2020-06-24 11:00", "Monday 2020-06-29 00:00", ["not-found"]),
    ],
)
def test_what_it_names_must_be_there_by_the_end_of_the_next_working_day(
    served_at: str, as_of: str, expected: list[str]
) -> None:
    found_ = said("V52", served(served_at, **CASE), as_of=as_of)
    assert [one.variant for one in found_] == expected
    assert all(one.is_open for one in found_)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (case("Monday 2020-05-11 09:00"), []),  # a case that he came about again
        (case("10:59"), []),
        (case("Wednesday 2020-06-03 23:59"), []),
        (case("Thursday 2020-06-04 00:00"), ["not-found"]),
        (case("10:59", subject="case/330100-2020-8"), ["not-found"]),
        (case("10:59", subject="inquiry/330100-2020-7", kind="inquired"), ["not-found"]),
    ],
)
def test_the_case_itself_must_be_there(entry: Entry, expected: list[str]) -> None:
    assert [one.variant for one in said("V52", served("11:00", **CASE), entry, as_of=MONTH)] == expected


def test_a_case_that_came_too_late_ends_it_and_is_its_evidence() -> None:
    (one,) = said("V52", served("11:00", **CASE), case("Friday 2020-06-05 09:00"), as_of=MONTH)
    assert (one.is_open, one.first_seq, one.last_seq) == (False, 1, 2)


@pytest.mark.parametrize("named", ["330100-2020-7", "inquiry/330100-2020-7"])
def test_an_inquiry_may_be_named_shortly_or_whole(named: str) -> None:
    asked = case("10:59", subject="inquiry/330100-2020-7", kind="inquired")
    assert said("V52", served("11:00", outcome="inquiry", reference=named), asked, as_of=MONTH) == []


def test_a_case_beyond_the_period_of_an_audit_is_there_all_the_same() -> None:
    from datetime import date

    from portal.compliance.assembly import assemble
    from portal.compliance.segments import from_rows, micros

    told = [case("Monday 2020-05-11 09:00"), served("11:00", **CASE), served("11:30", 2, outcome="case", reference="9")]
    rows = [{"seq": n, **entry, "payload": {k: v for k, v in entry["payload"].items() if v is not None}}
            for n, entry in enumerate(told, 1)]  # fmt: skip
    june = (date(2020, 6, 1), date(2020, 6, 30))
    made = assemble(from_rows(rows), zone="Asia/Shanghai", as_of=micros(at(MONTH)), opened=june)
    (rule,) = (rule for rule in all_rules() if rule.code == "V52")
    assert [one.subject for one in found(made.log, rule)] == ["ticket/2"]
    assert whole_log(rows).present


def test_a_case_that_was_a_test_is_no_missing_case() -> None:
    trial = [case("10:59"), event("marked-test", when("12:00"), subject="case/330100-2020-7", actor="chief")]
    assert said("V52", served("11:00", **CASE), *trial, as_of=MONTH) == []
