"""V33: who takes over an office takes over its word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v33_old_debts_ignored import RULE
from tests.compliance.record import event, found, on, record

Row = dict[str, Any]
COUNTY: Row = {"actor": "mayor", "role": "head", "office": "county"}
FIRM: Row = {"actor": "firm", "role": "applicant", "office": None}
COURT: Row = {"actor": "judge", "role": "clerk", "office": "court"}
WATCH: Row = {"actor": "watcher", "role": "inspector", "office": "supervision"}


def note(kind: str, when: str, **facts: Any) -> Row:
    return event(f"commitment-{kind}", when, **{"subject": "obligation/1", "item_version": None} | facts)


def made(due: str = "2020-06-30", signed: str = "2020-03-02", when: str = "Monday 2020-03-02 10:00") -> Row:
    return note("made", when, owing_office="county", signed_on=signed, due_on=due, **FIRM)


def came(day: str, holder: str, post: str = "county-head") -> Row:
    return note("holder-began", f"{day} 09:00", holder=holder, held_post=post, from_on=day, **WATCH)


def position(day: str, stance: str = "plan", *, written: bool = True, **facts: Any) -> Row:
    return note("position-taken", f"{day} 09:00", stance=stance, is_written=written, **(COUNTY | facts))


def judged(*rows: Row, as_of: str) -> list[Finding]:
    return found(record(sorted(rows, key=lambda row: row["occurred_at"]), as_of=as_of), RULE)


def said(*rows: Row, as_of: str) -> list[tuple[str, str | None]]:
    return [(f.severity.value, f.variant) for f in judged(*rows, as_of=as_of)]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("Monday 2020-09-28 23:59", []),  # ninety days after the last of June
        ("Tuesday 2020-09-29 00:00", [("yellow", "silence")]),
        ("Tuesday 2021-06-29 23:59", [("yellow", "silence")]),
        ("Wednesday 2021-06-30 00:00", [("red", "silence")]),  # a year, over a holiday week that moves nothing
    ],
)
def test_three_months_of_silence_are_a_breach_and_a_year_is_a_grave_one(
    as_of: str, expected: list[tuple[str, str]]
) -> None:
    assert said(made(), as_of=as_of) == expected


def test_a_commitment_that_is_not_due_yet_is_not_judged() -> None:
    assert judged(made(due="2021-06-30"), came("2020-07-01", "h1"), as_of="Tuesday 2021-06-29 12:00") == []


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (position("2020-09-28", planned_on="2020-12-31"), []),
        (position("2020-09-28", "accept", planned_on="2020-12-31"), []),
        (position("2020-09-28", "refuse", reason="other"), []),  # wrong, perhaps; but it was said
        (position("2020-09-28", "plan"), ["silence"]),  # no day
        (position("2020-09-28", "refuse"), ["silence"]),  # no reason
        (position("2020-09-28", "study", planned_on="2020-12-31"), ["silence"]),
        (position("2020-09-28", planned_on="2020-12-31", written=False), ["silence"]),
        (position("2020-09-29", planned_on="2020-12-31"), ["silence"]),  # a day late; it is not erased
    ],
)
def test_only_a_written_position_with_its_day_breaks_the_silence(taken: Row, expected: list[str]) -> None:
    assert [variant for _, variant in said(made(), taken, as_of="Wednesday 2020-10-14 12:00")] == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("Thursday 2020-10-08 23:59", []), ("Friday 2020-10-09 00:00", ["plan-missed"])],
)
def test_a_planned_day_that_goes_by_opens_it_again(as_of: str, expected: list[str]) -> None:
    rows = [made(), position("2020-09-01", planned_on="2020-10-08"), position("2020-10-05", planned_on="2021-12-31")]
    found_ = judged(*rows, as_of=as_of)
    assert [f.variant for f in found_] == expected  # the second plan puts nothing off
    assert all(f.numbers["planned_on"] == on("Thursday 2020-10-08") for f in found_)


@pytest.mark.parametrize("reason", sorted({"boundary-change", "change-of-term", "reorganisation", "change-of-person"}))
def test_a_change_of_people_or_offices_is_no_reason(reason: str) -> None:
    refused = position("2020-07-03", "refuse", reason=reason)
    (finding,) = judged(made(), refused, as_of="Friday 2020-07-03 09:00")
    assert (finding.variant, finding.numbers["reason"], finding.on) == ("excuse", reason, date(2020, 7, 3))
    assert judged(made(), position("2020-06-01", "refuse", reason=reason), as_of="Tuesday 2020-06-30 23:59") == []


@pytest.mark.parametrize(
    ("signed", "facts", "as_of", "expected"),
    [
        (None, {}, "Saturday 2020-07-11 23:59", []),
        (None, {}, "Sunday 2020-07-12 00:00", ["not-handed-on"]),  # ten days after he came
        ("2020-07-11", {}, "Monday 2020-07-13 12:00", []),
        ("2020-07-12", {}, "Monday 2020-07-13 12:00", ["not-handed-on"]),
        ("2020-07-02", {"from_holder": "h2"}, "Monday 2020-07-13 12:00", ["not-handed-on"]),  # with himself
        ("2020-07-02", {"from_holder": None}, "Monday 2020-07-13 12:00", ["not-handed-on"]),
        ("2020-07-02", {"to_holder": "h3"}, "Monday 2020-07-13 12:00", ["not-handed-on"]),  # with another
    ],
)
def test_a_new_holder_signs_for_what_he_takes_over(
    signed: str | None, facts: Row, as_of: str, expected: list[str]
) -> None:
    rows = [made(), came("2020-03-02", "h1"), came("2020-07-01", "h2")]
    if signed:
        both = {"from_holder": "h1", "to_holder": "h2"} | facts
        rows.append(note("handed-on", f"{signed} 10:00", **{k: v for k, v in both.items() if v}, **COUNTY))
    found_ = judged(*rows, as_of=as_of)
    assert [f.variant for f in found_] == expected
    assert all((f.office, f.post, f.actor) == ("county", "county-head", "h2") for f in found_)


@pytest.mark.parametrize(("holders", "severity"), [(1, "yellow"), (2, "red"), (3, "red")])
def test_two_holders_in_silence_are_grave(holders: int, severity: str) -> None:
    comers = [came(f"2020-07-{day:02}", f"h{day}") for day in range(1, holders + 1)]
    (finding,) = judged(made(), *comers, as_of="Tuesday 2020-09-29 12:00")
    assert (finding.severity.value, finding.numbers["holders_since"]) == (severity, holders)
    assert finding.actor == f"h{holders}"  # the present one, not those who left


def test_who_came_on_the_due_day_itself_came_in_time_to_keep_the_word() -> None:
    (finding,) = judged(made(), came("2020-06-30", "h1"), came("2020-07-01", "h2"), as_of="Tuesday 2020-09-29 12:00")
    assert (finding.severity.value, finding.numbers["holders"], finding.numbers["holders_since"]) == ("yellow", 2, 1)


def test_the_same_person_recorded_twice_is_one_holder() -> None:
    (finding,) = judged(made(), came("2020-07-01", "h1"), came("2020-08-01", "h1"), as_of="Tuesday 2020-09-29 12:00")
    assert finding.numbers["holders_since"] == 1


@pytest.mark.parametrize(("by", "is_open"), [(FIRM, False), (WATCH, False), (COUNTY, True)])
def test_it_is_fulfilled_when_another_says_so_and_stays_found(by: Row, *, is_open: bool) -> None:
    kept = note("fulfilled", "2020-10-20 10:00", fulfilled_on="2020-10-19", **by)
    (finding,) = judged(made(), position("2020-07-15", "study"), kept, as_of="Monday 2020-11-02 12:00")
    assert (finding.severity.value, finding.is_open) == ("yellow", is_open)
    assert finding.numbers["cured_on"] == (None if is_open else on("Monday 2020-10-19"))
    early = note("fulfilled", "2020-06-30 23:00", fulfilled_on="2020-06-30", **by)
    assert len(judged(made(), early, as_of="Monday 2020-11-02 12:00")) == is_open


@pytest.mark.parametrize(("by", "count"), [(COURT, 0), (FIRM, 0), (COUNTY, 1)])
def test_what_a_court_has_is_left_to_it(by: Row, count: int) -> None:
    case = note("in-court", "2020-09-28 10:00", **by)
    position_by_county = position("2020-07-01", "study")
    assert len(judged(made(), position_by_county, case, as_of="Friday 2021-10-01 12:00")) == count


@pytest.mark.parametrize(
    ("as_of", "count"),
    [("Sunday 2020-11-15 23:59", 0), ("Thursday 2021-01-28 23:59", 0), ("Friday 2021-01-29 00:00", 1)],
)
def test_after_the_court_the_three_months_begin_anew(as_of: str, count: int) -> None:
    rows = [made(), note("in-court", "2020-09-01 10:00", **COURT), note("out-of-court", "2020-10-30 10:00", **COURT)]
    assert len(judged(*rows, as_of=as_of)) == count


def test_two_stays_in_court_leave_the_time_between_them_to_the_office() -> None:
    stays = [
        ("in-court", "2020-09-01"),
        ("out-of-court", "2020-09-10"),
        ("in-court", "2021-02-01"),
        ("out-of-court", "2021-03-01"),
    ]
    rows = [note(kind, f"{day} 10:00", **COURT) for kind, day in stays]
    (finding,) = judged(made(), *rows, as_of="Tuesday 2021-03-02 12:00")
    assert finding.numbers["silent_on"] == on("Thursday 2020-12-10")


def test_a_court_that_came_later_does_not_erase_what_was_before() -> None:
    assert len(judged(made(), note("in-court", "2020-10-09 10:00", **COURT), as_of="Monday 2020-10-12 12:00")) == 1


@pytest.mark.parametrize(
    ("facts", "by", "count"),
    [({"is_compensated": True}, WATCH, 0), ({}, WATCH, 1), ({"is_compensated": True}, COUNTY, 1)],
)
def test_a_lawful_change_with_compensation_ends_it(facts: Row, by: Row, count: int) -> None:
    changed = note("changed", "2020-06-29 10:00", **facts, **by)
    assert len(judged(made(), position("2020-06-01", "study"), changed, as_of="Monday 2020-10-12 12:00")) == count


@pytest.mark.parametrize(
    ("kept", "expected"),
    [("2019-12-31", ("notice", "source", date(2019, 12, 31))), ("2020-01-01", ("red", None, date(2020, 1, 1)))],
)
def test_what_still_lasts_when_the_law_comes_is_judged_by_it(kept: str, expected: tuple[str, str | None, date]) -> None:
    old = made(due="2015-06-30", signed="2014-03-03", when="Monday 2014-03-03 10:00")
    done = note("fulfilled", f"{kept} 12:00", fulfilled_on=kept, **FIRM)
    (finding,) = judged(old, done, as_of="Monday 2020-10-12 12:00")
    assert (finding.severity.value, finding.lowered, finding.on) == expected


def z7() -> list[Row]:
    """顺平: a contract of 2009; three secretaries and five county heads came since it was due."""
    rows = [made(due="2010-01-31", signed="2009-06-01", when="Monday 2009-06-01 10:00")]
    secretaries = [came(f"{2010 + 3 * n}-05-04", f"s{n + 1}", "secretary") for n in range(3)]
    return [*rows, *secretaries, *(came(f"{2010 + 2 * n}-09-01", f"m{n + 1}", "county-head") for n in range(5))]


def test_z7_a_contract_of_2009_and_eight_holders() -> None:
    (finding,) = judged(*z7(), as_of="Thursday 2020-10-15 12:00")
    assert (finding.rule, finding.severity.value, finding.is_open) == ("V33", "red", True)
    assert (finding.numbers["years"], finding.numbers["holders"], finding.numbers["holders_since"]) == (10, 8, 8)
    assert (finding.office, finding.actor, finding.post) == ("county", "m5", "county-head")
    assert (finding.on, finding.numbers["held_days"]) == (
        date(2020, 1, 1),
        (date(2020, 10, 15) - date(2018, 9, 1)).days,
    )


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        ("Tuesday 2012-02-28 12:00", 0),
        ("Saturday 2012-03-03 12:00", 1),
        ("Monday 2021-03-01 12:00", 9),
        ("Wednesday 2021-03-03 12:00", 10),
    ],
)
def test_years_are_whole_years(as_of: str, years: int) -> None:
    (finding,) = judged(made(due="2011-03-02", when="Wednesday 2011-03-02 10:00"), as_of=as_of)
    assert finding.numbers["years"] == years


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        *z7(),
        position("2015-03-02", "refuse", reason="change-of-term"),
        note("in-court", "2016-03-01 10:00", **COURT),
        note("out-of-court", "2016-10-30 10:00", **COURT),
        position("2017-03-01", planned_on="2018-03-01"),
        note("handed-on", "2012-09-01 10:00", from_holder="m1", to_holder="m2", **COUNTY),
    ]
    return record(sorted(rows, key=lambda row: row["occurred_at"]), as_of="Thursday 2020-10-15 12:00")


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
