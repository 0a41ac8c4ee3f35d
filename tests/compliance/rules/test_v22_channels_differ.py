"""V22: what one way shows or asks is not what is in force; an hour after a new version is excused."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v22_channels_differ import RULE
from tests.compliance.record import at, event, found, record
from tests.compliance.ways import WEB, WINDOW, Row

SWITCHED = "Wednesday 2020-07-01 00:00"


def seen(when: str, shown: str, subject: str = WINDOW, element: str = "materials", **more: Any) -> Row:
    facts = {
        "item": "item",
        "element": element,
        "shown": shown,
        "in_force": "aaaa",
        "switched_at": at(SWITCHED),
        **more,
    }
    return event("element-snapshot", when, subject=subject, actor="watcher", role="inspector", **facts)


def judged(*rows: Row) -> list[Finding]:
    return found(record(list(rows)), RULE)


@pytest.mark.parametrize(
    ("when", "shown", "said"),
    [
        ("Monday 2020-07-06 10:00", "bbbb", True),
        ("Monday 2020-07-06 10:00", "aaaa", False),
        ("Wednesday 2020-07-01 00:59", "bbbb", False),  # the old sheet, within the hour
        ("Wednesday 2020-07-01 01:00", "bbbb", True),
    ],
)
def test_what_differs_from_the_version_in_force_is_yellow(when: str, shown: str, *, said: bool) -> None:
    findings = judged(seen(when, shown))
    assert [(f.severity.value, f.numbers["element"], f.actor) for f in findings] == (
        [("yellow", "materials", None)] if said else []
    )


def test_the_way_that_is_right_is_not_accused() -> None:
    findings = judged(seen("Monday 2020-07-06 10:00", "aaaa", WEB), seen("Monday 2020-07-06 10:05", "bbbb"))
    assert [f.subject for f in findings] == [WINDOW]


def test_it_is_one_finding_while_it_lasts_and_closed_when_it_is_right_again() -> None:
    rows = [seen("Monday 2020-07-06 10:00", "bbbb"), seen("Tuesday 2020-07-07 10:00", "cccc")]
    (lasting,) = judged(*rows)
    (mended,) = judged(*rows, seen("Wednesday 2020-07-08 10:00", "aaaa"))
    assert (lasting.is_open, mended.is_open) == (True, False)
    assert lasting.key == mended.key
    assert (
        len(judged(*rows, seen("Wednesday 2020-07-08 10:00", "aaaa"), seen("Thursday 2020-07-09 10:00", "bbbb"))) == 2
    )


def test_each_element_is_judged_for_itself() -> None:
    rows = [seen("Monday 2020-07-06 10:00", "bbbb", element=name) for name in ("fees", "limits")]
    assert [f.numbers["element"] for f in judged(*rows)] == ["fees", "limits"]


def test_duckdb_says_the_same() -> None:
    log = record([seen("Monday 2020-07-06 10:00", "bbbb"), seen("Tuesday 2020-07-07 10:00", "aaaa")])
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE) != []
