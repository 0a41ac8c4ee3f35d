"""V39: offices visit a firm together, and not more often than the year allows."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v39_repeated_inspection import RULE
from tests.compliance.enforcing import Entry, entity, visit
from tests.compliance.record import found, record

FIRST = visit("Monday 2020-06-01 10:00", "fire")


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": "2020-12-31 17:00"} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def variants(*entries: Entry, **facts: Any) -> list[str | None]:
    return [one.variant for one in said(*entries, **facts)]


@pytest.mark.parametrize(
    ("when", "count"),
    [("Tuesday 2020-06-30 23:59", 1), ("Wednesday 2020-07-01 00:00", 0), ("Monday 2020-06-01 10:01", 1)],
)
def test_two_offices_within_thirty_days(when: str, count: int) -> None:
    assert len(said(FIRST, visit(when))) == count


def test_one_office_may_come_again_and_another_firm_is_another() -> None:
    assert said(FIRST, visit("2020-06-05 10:00", "fire")) == []
    assert said(FIRST, visit("2020-06-05 10:00", n=2)) == []


def test_each_further_visit_is_told_with_the_offices_in_turn() -> None:
    one, two = said(FIRST, visit("2020-06-05 10:00", "market"), visit("2020-06-20 10:00", "health"))
    assert (one.first_seq, one.numbers["chain"], one.numbers["visits"], one.numbers["other_seq"]) == (
        2, "fire|market", 2, 1,
    )  # fmt: skip
    assert (two.first_seq, two.numbers["chain"], two.numbers["visits"], two.numbers["other_seq"]) == (
        3, "fire|market|health", 3, 2,
    )  # fmt: skip
    assert (one.severity, one.office, one.post, one.actor) == ("yellow", "market", None, None)


def planned(plan: str = "P", **facts: Any) -> Entry:
    known = {"plan": plan, "actor": "cora", "office": "centre", "coordinator": "centre", "role": "head"}
    return entity("inspection-planned", "2020-05-01 10:00", **(known | facts))


def test_the_office_that_coordinates_answers() -> None:
    (one,) = said(planned(), FIRST, visit("2020-06-05 10:00", plan="P"))
    assert one.office == "centre"


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"is_mergeable": False}, 0),
        ({"is_mergeable": True}, 1),
        ({}, 1),
        ({"is_mergeable": False, "office": "market"}, 1),  # the visiting office's own word
        ({"is_mergeable": False, "actor": "market-1"}, 1),
        ({"is_mergeable": False, "plan": "Q"}, 1),
    ],
)
def test_a_plan_that_cannot_be_merged_says_so_from_another_office(facts: dict[str, Any], count: int) -> None:
    assert len(said(planned(**facts), FIRST, visit("2020-06-05 10:00", plan="P"))) == count


def test_leaving_out_the_plan_evades_nothing() -> None:
    assert len(said(planned(), {**FIRST, "payload": {"plan": "P"}}, visit("2020-06-05 10:00"))) == 1


# --- joint visits ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "joint", "count"),
    [
        ("Monday 2020-06-01 10:30", "J", 0),
        ("Monday 2020-06-01 10:30", "K", 1),
        ("Monday 2020-06-01 10:30", None, 1),
        ("Tuesday 2020-06-02 10:30", "J", 1),  # another day is another visit, whatever it is called
    ],
)
def test_offices_that_come_together_come_once(when: str, joint: str | None, count: int) -> None:
    assert len(said(visit("Monday 2020-06-01 10:00", "fire", joint="J"), visit(when, joint=joint))) == count


# --- grounds ---------------------------------------------------------------------------------------------------------


def ground(sort: str = "complaint", when: str = "2020-06-03 10:00", **facts: Any) -> Entry:
    known = {"warrant": "W", "ground": sort, "actor": "dan", "office": "hotline", "role": "dispatcher"}
    return entity("inspection-warranted", when, **(known | facts))


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (ground("complaint"), 0),
        (ground("safety"), 0),
        (ground("re-check"), 0),
        (ground("whim"), 1),
        (ground(warrant="X"), 1),
        (ground(n=2), 1),
        (ground(when="2020-06-05 10:01"), 1),  # afterwards
        (ground(office="market"), 1),  # a colleague
        (ground(actor="market-1"), 1),
        (ground("re-check", office="market"), 1),  # it had not been there before
    ],
)
def test_a_ground_was_written_down_before_and_by_another_office(act: Entry, count: int) -> None:
    assert len(said(FIRST, act, visit("2020-06-05 10:00", warrant="W"))) == count


def test_an_office_may_have_itself_look_again() -> None:
    own = visit("Monday 2020-06-01 09:00")
    again = visit("2020-06-05 10:00", warrant="W", actor="market-2")
    assert variants(own, FIRST, again) == ["repeated", "repeated"]
    assert variants(own, FIRST, ground("re-check", office="market"), again) == ["repeated"]
    assert variants(own, FIRST, ground("complaint", office="market"), again) == ["repeated", "repeated"]
    assert variants(own, FIRST, ground("re-check", office="market", actor="market-2"), again) == ["repeated"] * 2


def test_a_visit_with_a_ground_makes_no_later_one_a_repetition() -> None:
    called = visit("2020-06-05 10:00", warrant="W")
    assert said(ground(), called, visit("2020-06-10 10:00", "health")) == []


# --- the cap ---------------------------------------------------------------------------------------------------------


def cap(most: int, **facts: Any) -> Entry:
    known: Entry = {"cap": most, "from_on": "2020-01-01", "until_on": "2020-12-31", "actor": "cora", "office": "centre"}
    return entity("inspection-cap-set", "2020-01-02 10:00", **(known | facts))


@pytest.mark.parametrize(("most", "told"), [(3, []), (2, [3]), (1, [2, 3])])
def test_every_visit_beyond_the_cap_is_told(most: int, told: list[int]) -> None:
    days = ("2020-02-03", "2020-05-04", "2020-12-31")
    found_ = said(cap(most), *(visit(f"{day} 10:00", "fire") for day in days))
    assert [one.numbers["visits"] for one in found_] == told
    assert all((one.variant, one.numbers["allowed"]) == ("beyond-cap", most) for one in found_)


def test_a_cap_is_of_its_span_and_counts_joint_visits_once() -> None:
    assert said(cap(1), visit("2019-12-31 10:00", "fire"), visit("2020-12-31 10:00", "fire")) == []
    assert said(cap(1), visit("2020-03-02 10:00", "fire", joint="J"), visit("2020-03-02 10:30", joint="J")) == []


def test_a_visit_that_breaks_both_is_told_once() -> None:
    assert variants(cap(1), FIRST, visit("2020-06-05 10:00")) == ["repeated"]


# --- law, a slow search, engines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2019-12-31", "330100", "notice"), ("2020-01-02", "330100", "yellow"), ("2020-01-02", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(visit(f"{day} 09:00", "fire"), visit(f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_a_slow_search_finds_the_same_visits() -> None:
    random = Random(39)
    visits = sorted(
        (date(2020, 3, 1) + timedelta(days=random.randrange(200)), random.choice("abc"), random.randrange(6))
        for _ in range(60)
    )
    rows = [visit(f"{day} 09:{number % 60:02}", office, n=firm) for number, (day, office, firm) in enumerate(visits)]
    wanted = set()
    for seq, (day, office, firm) in enumerate(visits, 1):
        earlier = [(d, o) for d, o, f in visits[: seq - 1] if f == firm and (day - d).days < 30]
        if any(o != office for _, o in earlier):
            wanted.add((seq, len(earlier) + 1))
    told = {(one.first_seq, one.numbers["visits"]) for one in found(record(rows, as_of="2020-12-31 17:00"), RULE)}
    assert told == wanted
    assert wanted


def test_duckdb_says_the_same() -> None:
    rows = [cap(1), planned(), FIRST, visit("2020-06-05 10:00", plan="P"), ground(), visit("2020-06-06 10:00", "health",
            warrant="W"), visit("2020-09-01 10:00", "fire"), visit("2020-09-01 10:00", n=2)]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert [one.variant for one in found(log, RULE)] == ["repeated", "beyond-cap"]
