"""V45: ratings are given freely, and nobody pays for having complained."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v45_rating_pressed import RULE
from tests.compliance.appealing import appeal, sent
from tests.compliance.record import at, event, found, on, record

Entry = dict[str, Any]
LATER = "Thursday 2020-12-31 17:00"


def traced(device: str = "staff", when: str = "Tuesday 2020-06-02 10:00", **facts: Any) -> Entry:
    known = {"device": device, "staff": "dora", "actor": "system", "role": "system", "office": "tax"}
    return event("rating-traced", when, **(known | facts))


def log_of(*entries: Entry, **facts: Any) -> Log:
    ordered = sorted(entries, key=lambda entry: entry["occurred_at"])
    return record(ordered, **({"as_of": LATER} | facts))


def said(*entries: Entry, **facts: Any) -> list[Finding]:
    return found(log_of(*entries, **facts), RULE)


def told(*entries: Entry, **facts: Any) -> list[tuple[str, str | None]]:
    return [(one.severity.value, one.variant) for one in said(*entries, **facts)]


@pytest.mark.parametrize(("device", "count"), [("staff", 1), ("kiosk", 0), ("own", 0)])
def test_a_rating_on_a_device_of_the_staff(device: str, count: int) -> None:
    found_ = said(traced(device))
    assert [(one.variant, one.office, one.actor, one.post) for one in found_] == [
        ("staff-device", "tax", "dora", None)
    ] * count


@pytest.mark.parametrize("device", ["staff", "own"])
def test_only_the_portals_own_trace_counts(device: str) -> None:
    assert said(traced(device, actor="dora", role="clerk")) == []


def many(count: int, minutes: int, **facts: Any) -> list[Entry]:
    """So many ratings, evenly spread over so many minutes."""
    first = at("Tuesday 2020-06-02 10:00")
    return [
        {**traced("own", **facts), "subject": f"case/{n}",
         "occurred_at": first + timedelta(minutes=minutes) * n / (count - 1)}
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "minutes", "told_"), [(20, 30, 0), (21, 59, 1), (21, 60, 0), (40, 59, 1)])
def test_more_in_an_hour_than_anybody_serves(count: int, minutes: int, told_: int) -> None:
    found_ = said(*many(count, minutes))
    assert [(one.variant, one.numbers["ratings"], one.actor) for one in found_] == [("too-many", 21, "dora")] * told_


def test_other_officials_kiosks_and_one_case_fill_no_hour() -> None:
    assert (
        said(*({**row, "payload": {"device": "own", "staff": f"s{n % 2}"}} for n, row in enumerate(many(30, 30)))) == []
    )
    assert said(*({**row, "payload": {"device": "kiosk", "staff": "dora"}} for row in many(30, 30))) == []
    assert said(*({**row, "subject": "case/1"} for row in many(30, 30))) == []


def rated(when: str, **facts: Any) -> Entry:
    known: Entry = {"score": 5, "actor": "li", "role": "applicant", "office": None}
    return event("rated", when, **(known | facts))


RECEIVED = event("received", "Monday 2020-06-01 10:00")


@pytest.mark.parametrize(
    ("end", "when", "expected"),
    [
        ("delivered", "Tuesday 2020-06-02 10:01", []),
        ("delivered", "Tuesday 2020-06-02 09:59", [("notice", "too-early")]),
        ("refused", "Tuesday 2020-06-02 10:01", []),
        ("decided", "Tuesday 2020-06-02 10:01", []),
        ("withdrawn", "Tuesday 2020-06-02 10:01", []),
        ("opened", "Tuesday 2020-06-02 10:01", [("notice", "too-early")]),
    ],
)
def test_a_rating_before_the_matter_came_to_any_end(end: str, when: str, expected: list[tuple[str, str]]) -> None:
    done = event(end, "Tuesday 2020-06-02 10:00", role="applicant" if end == "withdrawn" else "clerk")
    assert told(RECEIVED, done, rated(when)) == expected


def test_a_visit_without_a_case_has_no_end_to_wait_for() -> None:
    assert said(rated("2020-06-02 10:00")) == []


# --- revenge ---------------------------------------------------------------------------------------------------------


def act(when: str = "Wednesday 2020-06-10 10:00", by: str = "roads", **facts: Any) -> Entry:
    return appeal("x", when, **({"by_office": by} | facts)) | {"kind": "adverse-act-noted"}


def about(kind: str, when: str = "Friday 2020-06-12 10:00", **facts: Any) -> Entry:
    known = {"actor": "iris", "role": "inspector", "office": "inspection"}
    return appeal("x", when, **(known | facts)) | {"kind": f"adverse-act-{kind}"}


@pytest.mark.parametrize(
    ("when", "by", "expected"),
    [
        ("Wednesday 2020-06-10 10:00", "roads", [("yellow", "same-office")]),
        ("Wednesday 2020-06-10 10:00", "water", [("notice", "adverse")]),
        ("Sunday 2020-08-30 23:59", "roads", [("yellow", "same-office")]),  # the ninetieth day
        ("Monday 2020-08-31 00:00", "roads", []),
        ("Monday 2020-06-01 09:59", "roads", []),  # before the complaint
    ],
)
def test_an_act_against_who_complained(when: str, by: str, expected: list[tuple[str, str]]) -> None:
    assert told(sent(), act(when, by)) == expected


def test_the_office_that_acted_answers() -> None:
    (one,) = said(sent(), act())
    assert (one.office, one.post, one.actor, one.numbers["complained_on"]) == (
        "roads", None, None, on("Monday 2020-06-01"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (about("explained", trigger="plan 7"), []),
        (about("explained", trigger=" "), [("yellow", "same-office")]),
        (about("explained", trigger="plan 7", office="roads"), [("yellow", "same-office")]),
        (about("explained", "Tuesday 2020-06-09 10:00", trigger="plan 7"), [("yellow", "same-office")]),
        (about("confirmed"), [("red", "revenge")]),
        (about("confirmed", office="roads"), [("yellow", "same-office")]),
    ],
)
def test_another_office_explains_it_or_finds_it_to_be_revenge(fact: Entry, expected: list[tuple[str, str]]) -> None:
    assert told(sent(), act(), fact) == expected


def test_what_is_found_to_be_revenge_is_not_explained_away() -> None:
    assert told(sent(), act(), about("confirmed"), about("explained", trigger="plan 7")) == [("red", "revenge")]


@pytest.mark.parametrize(
    ("day", "area", "severity"),
    [("2019-12-02", "330100", "notice"), ("2019-12-03", "330100", "yellow"), ("2020-06-01", "NL", "notice")],
)
def test_the_law_of_the_day_and_the_place(day: str, area: str, severity: str) -> None:
    (one,) = said(traced(when=f"{day} 10:00"), area=area)
    assert one.severity == severity


def test_duckdb_says_the_same() -> None:
    rows = [*many(22, 40), traced(subject="case/a"), sent(), act(), about("confirmed"), sent(subject="appeal/2"),
            act(subject="appeal/2"), act(by="water", subject="appeal/2"), RECEIVED,
            rated("2020-06-01 11:00")]  # fmt: skip
    log = log_of(*rows)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert sorted(str(one.variant) for one in found(log, RULE)) == [
        "adverse", "revenge", "same-office", "staff-device", "too-early", "too-many",
    ]  # fmt: skip
