"""V20: sent to one way where several are offered, and a counter stopped without a law."""

from __future__ import annotations

from typing import Any

import pytest

from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v20_forced_channel import RULE
from tests.compliance.record import event, found, record
from tests.compliance.ways import SYSTEM, WEB, WINDOW, Row, changed, in_order, listed

LATER = "Friday 2020-07-31 18:00"
WHEN = "Monday 2020-07-06 10:00"


def judged(*rows: Row, **facts: Any) -> list[Finding]:
    return found(record(in_order(*listed(), *rows), as_of=LATER, **facts), RULE)


def refused(
    subject: str = WINDOW, reason: str = "only-online", offered: tuple[str, ...] = ("web", "window"), **more: Any
) -> Row:
    facts = {"reason": reason, "offered": list(offered), "way": subject.partition(":")[2], "actor": "watcher", **more}
    return event("channel-refused", WHEN, subject=subject, **{"role": "supervisor", **facts})


@pytest.mark.parametrize(
    ("subject", "reason", "offered", "said"),
    [
        (WINDOW, "only-online", ("web", "window"), True),
        (WEB, "only-window", ("web", "window"), True),
        (WINDOW, "only-online", ("web", "phone"), False),  # a counter was never offered
        (WINDOW, "only-window", ("window",), False),  # there is but one way
    ],
)
def test_what_is_offered_in_several_ways_is_refused_in_none(
    subject: str, reason: str, offered: tuple[str, ...], *, said: bool
) -> None:
    findings = judged(refused(subject, reason, offered))
    assert [(f.variant, f.severity.value, f.actor) for f in findings] == ([(reason, "yellow", None)] if said else [])


@pytest.mark.parametrize(
    ("basis", "by", "said"),
    [
        ("行政许可法 第二十九条", "head", False),  # the law asks people to come themselves
        ("", "head", True),
        ("行政许可法 第二十九条", "watcher", True),  # by the same person who then sends people away
    ],
)
def test_a_way_that_the_law_closes_may_be_refused(basis: str, by: str, *, said: bool) -> None:
    stop = changed("Friday 2020-07-03 10:00", WEB, "stopped", basis=basis, actor=by)
    assert bool(judged(stop, refused(WEB, "only-window"))) is said


def test_a_law_that_holds_no_longer_excuses_nothing() -> None:
    stop = changed("Thursday 2020-07-02 10:00", WEB, "stopped", basis="第二十九条")
    back = changed("Friday 2020-07-03 10:00", WEB, "live")
    assert len(judged(stop, back, refused(WEB, "only-window"))) == 1


@pytest.mark.parametrize(
    ("subject", "more", "said"),
    [
        (WINDOW, {}, True),
        (WINDOW, {"basis": "  "}, True),
        (WINDOW, {"basis": "条例 第九条"}, False),
        (WINDOW, SYSTEM, False),  # the catalogue no longer offers it
        (WEB, {}, False),  # the counter stays
    ],
)
def test_a_counter_stops_only_by_a_law(subject: str, more: dict[str, Any], *, said: bool) -> None:
    findings = judged(changed(WHEN, subject, "stopped", **more))
    assert [(f.variant, f.is_open, f.actor) for f in findings] == ([("stopped", True, "head")] if said else [])


def test_a_counter_that_opens_again_leaves_a_closed_finding() -> None:
    (finding,) = judged(changed(WHEN, WINDOW, "stopped"), changed("Tuesday 2020-07-07 10:00", WINDOW, "live"))
    assert not finding.is_open


def test_a_stop_that_is_told_twice_is_one_finding() -> None:
    assert len(judged(changed(WHEN, WINDOW, "stopped"), changed("Tuesday 2020-07-07 10:00", WINDOW, "stopped"))) == 1


def test_before_the_regulation_it_is_a_notice() -> None:
    early = [{**row, "occurred_at": row["occurred_at"].replace(year=2019)} for row in [*listed(), refused()]]
    (finding,) = found(record(early), RULE)
    assert (finding.severity.value, finding.lowered) == ("notice", "source")


def test_duckdb_says_the_same() -> None:
    rows = [changed("Friday 2020-07-03 10:00", WINDOW, "stopped"), refused(), refused(WEB, "only-window")]
    log = record(in_order(*listed(), *rows), as_of=LATER)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 3
