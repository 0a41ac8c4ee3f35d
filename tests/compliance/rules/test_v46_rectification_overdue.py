"""V46: what was ordered to be put right is put right in time, and stays so."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding, judge
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v46_rectification_overdue import RULE
from tests.compliance.record import event, found, on, record

Entry = dict[str, Any]
DUE = "Wednesday 2020-09-30"
LATER = "Friday 2020-10-30 10:00"


def order(kind: str, when: str, *, n: int = 1, **facts: Any) -> Entry:
    """By who gave the order."""
    known = {
        "subject": f"order/{n}",
        "actor": "iris",
        "role": "inspector",
        "office": "inspection",
        "item_version": None,
    }
    return event(f"rectification-{kind}", when, **(known | facts))


def ordered(when: str = "Tuesday 2020-09-01 10:00", **facts: Any) -> Entry:
    known = {"rule": "V34", "to_office": "roads", "due_on": DUE}
    return order("ordered", when, **(known | facts))


def reported(when: str, **facts: Any) -> Entry:
    return order("reported", when, **({"actor": "rolf", "role": "clerk", "office": "roads"} | facts))


def checked(when: str, conclusion: str = "passed", **facts: Any) -> Entry:
    return order("rechecked", when, **({"conclusion": conclusion} | facts))


def log_of(*entries: Entry, as_of: str = LATER, **facts: Any) -> Log:
    return record(sorted(entries, key=lambda entry: entry["occurred_at"]), as_of=as_of, **facts)


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


# --- in time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "expected"), [("Wednesday 2020-09-30 23:59", []), ("Thursday 2020-10-01 00:00", ["overdue"])]
)
def test_its_last_day_counts_whole_and_no_holiday_moves_it(as_of: str, expected: list[str]) -> None:
    assert variants(ordered(), as_of=as_of) == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("Wednesday 2020-09-30 23:59", []),
        ("Thursday 2020-10-01 00:00", ["late"]),
        ("Sunday 2020-10-04 10:00", ["late"]),  # in the golden week
    ],
)
def test_it_was_done_on_the_day_of_the_report_that_a_check_confirmed(done: str, expected: list[str]) -> None:
    assert variants(ordered(), reported(done), checked("Friday 2020-10-16 10:00")) == expected


def test_a_report_in_time_that_nobody_has_checked_yet_is_not_held_against_the_office() -> None:
    assert variants(ordered(), reported("2020-09-30 16:00")) == []
    assert variants(ordered(), reported("2020-10-02 16:00")) == ["overdue"]


def test_a_report_that_fails_the_check_stops_nothing() -> None:
    rows = [ordered(), reported("2020-09-28 16:00"), checked("2020-09-29 10:00", "failed")]
    assert variants(*rows, as_of="2020-09-30 23:00") == []
    assert variants(*rows) == ["overdue"]
    assert variants(*rows, reported("2020-09-30 16:00"), checked("2020-10-12 10:00")) == []
    (one,) = said(*rows, reported("2020-10-12 16:00"), checked("2020-10-13 10:00"))
    numbers = {name: one.numbers[name] for name in ("due_on", "done_on", "cured_on", "overdue")}
    assert numbers == {"due_on": on(DUE), "done_on": on("Monday 2020-10-12"), "cured_on": on("Tuesday 2020-10-13"),
                       "overdue": 12}  # fmt: skip
    assert (one.variant, one.severity, one.is_open, one.first_seq, one.last_seq) == ("late", "red", False, 1, 5)


def test_a_check_without_any_report_confirms_its_own_day() -> None:
    assert variants(ordered(), checked("2020-09-30 10:00")) == []
    assert variants(ordered(), checked("2020-10-08 10:00")) == ["late"]


def test_an_order_without_a_day_is_never_overdue() -> None:
    assert variants(ordered(due_on=None)) == []


def test_the_head_answers_and_a_post_only_where_the_order_names_it() -> None:
    (one,) = said(ordered())
    assert (one.office, one.post, one.actor, one.is_open, one.severity) == ("roads", None, None, True, "red")
    assert said(ordered(to_post="roads/pay"))[0].post == "roads/pay"


# --- guards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        checked("2020-09-30 17:00", office="roads", actor="rosa"),  # a colleague
        checked("2020-09-30 17:00", actor="rolf"),  # who reported it, in another office's name
        checked("2020-09-30 17:00", office=None),
    ],
)
def test_nobody_confirms_his_own_rectification(check: Entry) -> None:
    assert variants(ordered(), reported("2020-10-01 16:00"), check) == ["overdue"]
    # nor does he fail it to be given more time
    assert variants(ordered(), reported("2020-09-30 16:00"), {**check, "payload": {"conclusion": "failed"}}) == []


@pytest.mark.parametrize(
    ("guard", "count"),
    [
        (order("extended", "2020-09-30 17:00", until_on="2020-10-30"), 0),
        (order("extended", "2020-09-30 17:00", until_on="2020-10-29"), 1),
        (order("extended", "2020-10-01 09:00", until_on="2020-10-30"), 1),  # when it was over
        (order("extended", "2020-09-30 17:00", until_on="2020-10-30", office="roads", actor="rosa"), 1),
        (order("withdrawn", "2020-10-12 10:00"), 0),
        (order("withdrawn", "2020-10-12 10:00", office="roads", actor="rosa"), 1),
        (order("withdrawn", "2020-10-12 10:00", n=2), 1),
    ],
)
def test_more_time_and_taking_it_back_come_from_another_office(guard: Entry, count: int) -> None:
    assert len(said(ordered(), guard)) == count


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (["2020-09-30 17:00 2020-10-10", "2020-10-10 17:00 2020-10-30"], 0),  # each before the day before it was over
        (["2020-09-30 17:00 2020-10-10", "2020-10-11 09:00 2020-10-30"], 1),
        (["2020-10-01 09:00 2020-10-10", "2020-10-09 09:00 2020-10-30"], 1),  # the first came too late, so all do
        (["2020-09-29 17:00 2020-10-30", "2020-09-30 17:00 2020-10-10"], 0),  # more time is not taken back
    ],
)
def test_more_time_may_be_given_again_before_it_is_over(given: list[str], count: int) -> None:
    more = [order("extended", words[:16], until_on=words[17:]) for words in given]
    assert len(said(ordered(), *more)) == count


# --- relapse ---------------------------------------------------------------------------------------------------------

MENDED = [ordered(), reported("2020-09-25 16:00"), checked("Monday 2020-09-28 10:00")]


def again(when: str, **facts: Any) -> Entry:
    return ordered(when, **({"n": 2, "due_on": "2021-12-31"} | facts))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (again("Sunday 2020-12-27 23:59"), ["relapse"]),  # the ninetieth day
        (again("Monday 2020-12-28 00:00"), []),
        (again("Tuesday 2020-09-29 10:00"), ["relapse"]),
        (again("Monday 2020-09-28 18:00"), []),  # the day of the check itself
        (again("2020-10-12 10:00", rule="V36"), []),
        (again("2020-10-12 10:00", to_office="water"), []),
    ],
)
def test_another_order_of_the_kind_within_ninety_days_is_a_relapse(act: Entry, expected: list[str]) -> None:
    assert variants(*MENDED, act, as_of="2021-01-15 10:00") == expected


def raised(began: str, **facts: Any) -> Entry:
    known = {"subject": "finding/000001", "actor": "system", "role": "system", "office": None, "item_version": None,
             "rule": "V34", "severity": "yellow", "began_on": began, "responsible_office": "roads"}  # fmt: skip
    return event("finding-raised", "2020-10-20 10:00", **(known | facts))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["relapse"]),
        ({"severity": "notice"}, []),
        ({"rule": "V08"}, []),
        ({"responsible_office": "water"}, []),
    ],
)
def test_a_finding_of_the_kind_is_a_relapse(facts: dict[str, Any], expected: list[str]) -> None:
    assert variants(*MENDED, raised("2020-10-15", **facts)) == expected


def test_conduct_from_before_it_was_put_right_is_no_relapse_whenever_it_is_found() -> None:
    assert variants(*MENDED, raised("2020-09-20")) == []


def test_a_finding_that_was_cleared_is_no_relapse() -> None:
    cleared = {**raised("2020-10-15"), "kind": "finding-cleared"}
    assert variants(*MENDED, raised("2020-10-15"), cleared) == []


@pytest.mark.parametrize(("post", "count"), [("roads/pay", 1), ("roads/plan", 0), (None, 1)])
def test_where_the_order_names_a_post_it_is_the_same_post(post: str | None, count: int) -> None:
    rows = [ordered(to_post="roads/pay"), *MENDED[1:], again("2020-10-12 10:00", to_post=post)]
    assert len(said(*rows)) == count


def test_a_relapse_names_both_events_and_the_day_it_had_been_put_right() -> None:
    (one,) = said(*MENDED, again("Monday 2020-10-12 10:00"))
    assert (one.subject, one.first_seq, one.last_seq, one.numbers["other_seq"]) == ("order/1", 3, 4, 4)
    assert (one.numbers["cured_on"], one.numbers["relapsed_on"]) == (on("Monday 2020-09-28"), on("Monday 2020-10-12"))


# --- law, figures, engines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2015-06-01", "330100", "notice"), ("2020-09-01", "330100", "red"), ("2020-09-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(ordered(f"{day} 10:00", due_on=day), area=area)
    assert one.severity == severity


def test_orders_are_counted_with_those_in_time() -> None:
    log = log_of(*MENDED, ordered(n=2), ordered(n=3, due_on="2020-11-30"))
    counts = judge(log, [RULE]).populations["V46"]
    assert (counts.closed, counts.closed_late, counts.open, counts.open_late) == (1, 0, 2, 1)


def test_duckdb_says_the_same() -> None:
    rows = [*MENDED, again("2020-10-12 10:00"), ordered(n=3), raised("2020-10-15"),
            order("extended", "2020-09-30 17:00", n=3, until_on="2020-10-20")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert {one.variant for one in found(log, RULE)} == {"relapse", "overdue"}
