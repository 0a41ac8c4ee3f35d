"""V29: what is published of an item does not contradict itself."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.log import Log
from portal.compliance.rules.v29_contradictory_elements import MANDATORY, RULE
from tests.compliance.record import event, found, on, record

Row = dict[str, Any]
SINCE = "2020-09-01"
ALL = sorted(MANDATORY)


def published(since: str | None = SINCE, when: str | None = None, **facts: Any) -> Row:
    known = {"from_on": since, "elements": ALL, "actor": "editor", "role": "clerk", "office": "market-office",
             "subject": "item/food", "item_version": None}  # fmt: skip
    entry = event("elements-published", when or f"{since} 00:00", **known | facts)
    entry["payload"] = {key: value for key, value in entry["payload"].items() if value is not None}
    return entry


def promise(n: int, unit: str = "working-day") -> Row:
    return {"promised_n": n, "promised_unit": unit}


def law(n: int, unit: str = "working-day") -> Row:
    return {"statutory_n": n, "statutory_unit": unit}


def told(n: int, unit: str = "working-day") -> Row:
    return {"explained_n": n, "explained_unit": unit}


def judged(*rows: Row, as_of: str = "Friday 2020-09-11 12:00") -> list[Finding]:
    return found(record(list(rows), as_of=as_of), RULE)


WORK, PLAIN = "working-day", "calendar-day"


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (promise(20) | law(20), ""),
        (promise(21) | law(20), "promise-too-long"),
        (promise(20, PLAIN) | law(20, PLAIN), ""),
        (promise(21, PLAIN) | law(20, PLAIN), "promise-too-long"),
        (promise(20, WORK) | law(20, PLAIN), ""),
        (promise(21, WORK) | law(20, PLAIN), "promise-too-long"),  # no working day is shorter than a day
        (promise(28, PLAIN) | law(20, WORK), ""),
        (promise(50, PLAIN) | law(20, WORK), ""),  # a calendar might reconcile them
        (promise(51, PLAIN) | law(20, WORK), "promise-too-long"),
        (promise(66) | told(20), "explanation-differs"),  # the real sample: 66 days beside "20个工作日"
        (promise(24) | told(1), "explanation-differs"),  # 24 beside "1个工作日"
        (promise(20) | told(20), ""),
        (promise(20) | told(20, PLAIN), "explanation-differs"),
        (promise(20), ""),  # nothing to compare with
        (law(20), ""),
        ({"elements": [name for name in ALL if name != "remedies"]}, "element-missing"),
        ({"elements": None}, ""),  # the log does not say
        ({"basis_until_on": "2020-09-11"}, ""),
        ({"basis_until_on": "2020-09-10"}, ""),
        (promise(66) | told(20) | law(30), "promise-too-long|explanation-differs"),
    ],
)
def test_what_contradicts_itself(facts: Row, faults: str) -> None:
    expired = facts.get("basis_until_on")
    found_ = judged(published(**facts))
    wanted = "basis-expired" if expired else faults
    assert [f.numbers["faults"] for f in found_] == ([wanted] if wanted else [])
    assert all((f.severity.value, f.office, f.post, f.actor) == ("notice", "market-office", None, None) for f in found_)


def test_a_basis_that_holds_until_later_is_a_fault_only_from_then_on() -> None:
    row = published(basis_until_on="2020-10-12")
    (finding,) = judged(row, as_of="Monday 2020-11-02 12:00")
    assert (finding.numbers["since_on"], finding.severity.value) == (on("Monday 2020-10-12"), "notice")
    assert judged(row, as_of="Sunday 2020-10-11 23:59") == []


def test_what_is_missing_is_named() -> None:
    (finding,) = judged(published(elements=["name", "basis", "conditions", "materials", "limits", "fees", "remedies"]))
    assert (finding.variant, finding.numbers["missing"]) == ("missing", "consult-phone|complaint-phone")


@pytest.mark.parametrize(
    ("as_of", "severity"), [("Thursday 2020-10-01 23:59", "notice"), ("Friday 2020-10-02 00:00", "yellow")]
)
def test_after_a_month_in_force_it_is_a_yellow_card_holidays_or_not(as_of: str, severity: str) -> None:
    assert [f.severity.value for f in judged(published(**promise(21) | law(20)), as_of=as_of)] == [severity]


def test_publishing_the_same_fault_anew_does_not_begin_the_month_anew() -> None:
    bad = promise(21) | law(20)
    rows = [published(**bad), published("2020-09-28", **bad), published("2020-10-09", **bad)]
    (finding,) = judged(*rows, as_of="Saturday 2020-10-10 12:00")
    assert (finding.severity.value, finding.first_seq, finding.last_seq) == ("yellow", 1, 3)
    assert finding.numbers["since_on"] == on("Tuesday 2020-09-01")


def test_a_right_version_closes_it_and_a_wrong_one_after_it_is_another_finding() -> None:
    bad, good = promise(21) | law(20), promise(20) | law(20)
    rows = [published(**bad), published("2020-09-15", **good), published("2020-09-21", **bad)]
    first, second = judged(*rows, as_of="Friday 2020-10-09 12:00")
    assert (first.severity.value, first.is_open, first.numbers["cured_on"]) == (
        "notice",
        False,
        on("Tuesday 2020-09-15"),
    )
    assert (second.first_seq, second.is_open) == (3, True)


@pytest.mark.parametrize(
    "row",
    [
        published(None, when="Tuesday 2020-09-01 09:00", **promise(21) | law(20)),  # a draft
        published("2020-09-14", when="Tuesday 2020-09-01 09:00", **promise(21) | law(20)),  # not in force yet
    ],
)
def test_what_is_in_force_nowhere_is_not_judged(row: Row) -> None:
    assert judged(row) == []


def test_a_fault_that_was_mended_before_its_day_never_was() -> None:
    rows = [published(when="Monday 2020-08-24 09:00", **promise(21) | law(20)),
            published(when="Monday 2020-08-31 09:00", **promise(20) | law(20))]  # fmt: skip
    assert judged(*rows) == []


def test_what_was_withdrawn_on_the_day_it_came_into_force_never_was() -> None:
    gone = event("elements-withdrawn", "Tuesday 2020-09-01 09:00", subject="item/food", item_version=None)
    assert judged(published(**promise(21) | law(20)), gone) == []


def test_a_withdrawal_ends_it() -> None:
    gone = event("elements-withdrawn", "Thursday 2020-09-10 09:00", subject="item/food", item_version=None)
    (finding,) = judged(published(**promise(21) | law(20)), gone)
    assert (finding.is_open, finding.numbers["cured_on"]) == (False, on("Thursday 2020-09-10"))


@pytest.mark.parametrize(("since", "lowered"), [("2019-12-31", "source"), ("2020-01-01", None)])
def test_before_the_regulation_of_2020_it_is_a_notice(since: str, lowered: str | None) -> None:
    (finding,) = judged(published(since, **promise(21) | law(20)))
    assert (finding.severity.value, finding.lowered) == ("notice" if lowered else "yellow", lowered)


def everything() -> Log:
    """A log in which the rule finds most of what it can."""
    rows = [
        published(**promise(66) | law(20) | told(20)),
        published("2020-09-10", **promise(20) | law(20)),
        published("2020-09-11", elements=["name"], basis_until_on="2020-09-11"),
    ]
    return record(rows, as_of="Friday 2020-10-09 12:00")


def test_duckdb_says_the_same() -> None:
    log = everything()
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
