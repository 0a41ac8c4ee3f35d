"""V21: live without a whole checklist that two signed; a counter that stopped before the platform proved itself."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v21_premature_golive import RULE
from tests.compliance.record import event, found, record
from tests.compliance.ways import PLATFORM, SYSTEM, WEB, WINDOW, Row, changed, counted, in_order

LATER = "Monday 2020-08-31 18:00"
WHOLE = {"functions": True, "load_test": True, "rollback": True, "offline_days": 30}
PILOT = [
    changed("Wednesday 2020-07-01 08:00", subject, state, **SYSTEM)
    for subject, state in ((PLATFORM, "pilot"), (WEB, "pilot"), (WINDOW, "live"))
]
LIVE = changed("Monday 2020-07-06 08:30", PLATFORM, "live")
SIGNED_BY_TWO = ("one", "two")


def signed(actor: str, when: str = "Friday 2020-07-03 10:00", **changes: Any) -> Row:
    return event("golive-signed", when, subject=PLATFORM, actor=actor, role="head", **{**WHOLE, **changes})


def judged(*rows: Row) -> list[Finding]:
    return found(record(in_order(*PILOT, *rows), as_of=LATER), RULE)


@pytest.mark.parametrize(
    ("signatures", "said"),
    [
        ([signed("one"), signed("two")], []),
        ([], [0]),
        ([signed("one")], [1]),
        ([signed("one"), signed("one", "Friday 2020-07-03 11:00")], [1]),  # the same person twice
        ([signed("one"), signed("two", "Monday 2020-07-06 08:31")], [1]),  # afterwards
        ([signed("one"), signed("two", load_test=False)], [1]),
        ([signed("one"), signed("two", rollback=False)], [1]),
        ([signed("one"), signed("two", functions=False)], [1]),
        ([signed("one"), signed("two", offline_days=29)], [1]),
    ],
)
def test_two_sign_a_whole_checklist_before_anything_goes_live(signatures: list[Row], said: list[int]) -> None:
    findings = judged(*signatures, LIVE)
    assert [f.numbers["signers"] for f in findings] == said
    assert {(f.variant, f.severity.value, f.subject) for f in findings} <= {("unsigned", "red", PLATFORM)}


def test_a_way_that_comes_back_after_an_outage_needs_no_new_checklist() -> None:
    rows = [signed(name) for name in SIGNED_BY_TWO]
    down = changed("Tuesday 2020-07-07 10:00", PLATFORM, "down")
    assert judged(*rows, LIVE, down, changed("Tuesday 2020-07-07 11:00", PLATFORM, "live")) == []


def test_a_counter_is_no_platform() -> None:
    assert judged(changed("Monday 2020-07-06 08:30", "channel/other:window", "live")) == []


@pytest.mark.parametrize(
    ("stopped", "failures", "said"),
    [
        ("Wednesday 2020-07-15 09:00", 6, True),
        ("Wednesday 2020-07-15 09:00", 5, False),  # 99.5 % succeeded
        ("Wednesday 2020-08-05 08:29", 6, True),  # the thirtieth day
        ("Wednesday 2020-08-05 08:30", 6, False),
    ],
)
def test_the_counter_stays_until_the_platform_has_proved_itself(stopped: str, failures: int, *, said: bool) -> None:
    rows = [signed(name) for name in SIGNED_BY_TWO]
    tried = counted("Tuesday 2020-07-14", 1000, failures)
    findings = judged(*rows, LIVE, tried, changed(stopped, WINDOW, "stopped", basis="第九条"))
    assert [(f.variant, f.subject, f.severity.value) for f in findings] == (
        [("stopped-early", WINDOW, "red")] if said else []
    )


def test_what_the_item_s_own_way_proved_counts_too() -> None:
    rows = [
        changed("Monday 2020-07-06 08:30", WEB, "live"),
        counted("Tuesday 2020-07-14", 1000, 20, subject=WEB),
        changed("Wednesday 2020-07-15 09:00", WINDOW, "stopped"),
    ]
    findings = judged(*rows)
    assert [(f.variant, f.numbers["days"]) for f in findings] == [("unsigned", None), ("stopped-early", 9)]


def test_duckdb_says_the_same() -> None:
    rows = [
        LIVE,
        signed("one"),
        counted("Tuesday 2020-07-14", 1000, 9),
        changed("Wednesday 2020-07-15 09:00", WINDOW, "stopped"),
    ]
    log = record(in_order(*PILOT, *rows), as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
