"""V19: away online and at the counter at once, for how long of the service hours, and by whatever cause."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.catalogue.queries import catalogue, halls_table
from portal.compliance.engine import Finding
from portal.compliance.engines import on_engine
from portal.compliance.rules.v19_dual_blackout import RULE
from portal.compliance.segments import micros
from portal.hall.places import sessions
from tests.compliance.record import at, found, record, rows
from tests.compliance.ways import PLATFORM, SYSTEM, WEB, WINDOW, Row, changed, closure, failing, in_order, listed

HALLS = [
    {"hall": "h1", "hours": "default", "layers": "990000|990100"},
    {"hall": "h2", "hours": "summer", "layers": "990000|990100"},
    {"hall": "saturdays", "hours": "saturdays", "layers": "990000|990100"},
]
LATER = "Friday 2020-07-31 18:00"
STOPPED = changed("Friday 2020-07-03 17:00", WINDOW, "stopped", basis="")


def judged(*events: Row, as_of: str = LATER, listing: list[Row] | None = None, **facts: Any) -> list[Finding]:
    return found(record(in_order(*(listing or listed()), *events), as_of=as_of, **facts), RULE)


def minutes(*events: Row, **more: Any) -> list[Any]:
    return [one.numbers["minutes"] for one in judged(*events, **more)]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:29", []),
        ("Monday 2020-07-06 10:00", "Monday 2020-07-06 10:30", [30]),
        ("Monday 2020-07-06 07:00", "Monday 2020-07-06 09:29", []),  # before opening nobody promised a counter
        ("Monday 2020-07-06 07:00", "Monday 2020-07-06 09:30", [30]),
        ("Monday 2020-07-06 16:31", "Tuesday 2020-07-07 09:29", []),  # twice 29 minutes are not thirty together
        ("Monday 2020-07-06 16:30", "Tuesday 2020-07-07 09:30", [60]),
        ("Saturday 2020-07-11 09:00", "Sunday 2020-07-12 17:00", []),  # rest days
        ("Monday 2020-07-06 17:00", "Tuesday 2020-07-07 09:00", []),  # a night
    ],
)
def test_half_an_hour_of_service_hours_in_which_it_could_be_had_nowhere_is_red(
    since: str, until: str, expected: list[int]
) -> None:
    findings = judged(STOPPED, *failing(since, until))
    assert [f.numbers["minutes"] for f in findings] == expected
    assert {f.severity.value for f in findings} <= {"red"}


@pytest.fixture
def saturdays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A deployment's own hours: Saturday mornings from half past eight, whether worked or not."""
    (tmp_path / "offices").mkdir()
    (tmp_path / "offices" / "saturdays.toml").write_text(
        'name = "Open on Saturday"\ntimezone = "Asia/Shanghai"\n[week]\n'
        '"1-5" = [["09:00", "17:00"]]\n"6" = [["08:30", "12:00"]]\n'
    )
    monkeypatch.setattr("portal.config.instance_folder", lambda: tmp_path)


@pytest.mark.usefixtures("saturdays")
@pytest.mark.parametrize(
    ("halls", "since", "until", "expected"),
    [
        # 09:00-12:00 and 13:30-17:00 on working days
        (["h1"], "Monday 2020-07-06 12:00", "Monday 2020-07-06 13:30", []),  # at noon nobody promised a counter
        (["h1"], "Monday 2020-07-06 11:45", "Monday 2020-07-06 13:44", []),  # 15 minutes before noon and 14 after
        (["h1"], "Monday 2020-07-06 11:45", "Monday 2020-07-06 13:45", [30]),
        (["h1"], "Monday 2020-07-06 08:00", "Monday 2020-07-06 18:00", [390]),
        (["h1"], "Saturday 2020-07-11 08:00", "Saturday 2020-07-11 18:00", []),
        (["h1"], "Sunday 2020-06-28 08:00", "Sunday 2020-06-28 18:00", [390]),  # worked for Thursday's festival
        (["h1"], "Thursday 2020-06-25 08:00", "Thursday 2020-06-25 18:00", []),  # the festival
        (["saturdays"], "Saturday 2020-07-11 08:00", "Saturday 2020-07-11 18:00", [210]),
        (["saturdays"], "Saturday 2020-07-11 08:00", "Saturday 2020-07-11 08:59", []),
        (["saturdays"], "Saturday 2020-10-10 08:00", "Saturday 2020-10-10 18:00", [210]),  # a make-up Saturday
        (["saturdays"], "Sunday 2020-07-12 08:00", "Sunday 2020-07-12 18:00", []),
        (["h1"], "Saturday 2020-10-10 08:00", "Saturday 2020-10-10 18:00", [390]),  # worked, with Monday's hours
        # 09:00-12:00 and 14:30-18:00 from May to September
        (["h2"], "Wednesday 2020-09-30 17:00", "Wednesday 2020-09-30 18:00", [60]),
        (["h2"], "Wednesday 2020-09-30 13:30", "Wednesday 2020-09-30 14:30", []),
        (["h2"], "Friday 2020-10-09 17:00", "Friday 2020-10-09 18:00", []),
        (["h2"], "Friday 2020-10-09 13:30", "Friday 2020-10-09 14:30", [60]),
        # of two halls one is enough, and what they have in common counts once
        (["h1", "h2"], "Monday 2020-07-06 08:00", "Monday 2020-07-06 19:00", [450]),
        (["h1", "saturdays"], "Saturday 2020-07-11 08:00", "Saturday 2020-07-11 18:00", [210]),
        (["nowhere"], "Monday 2020-07-06 12:00", "Monday 2020-07-06 13:00", [60]),  # no such hall: 09:00-17:00
    ],
)
def test_counted_are_the_hours_that_the_halls_of_the_item_publish(
    halls: list[str], since: str, until: str, expected: list[int]
) -> None:
    listing = listed("Monday 2020-06-01 08:00", halls=halls)
    stopped = changed("Monday 2020-06-01 18:00", WINDOW, "stopped", basis="")
    later = {"listing": listing, "as_of": "Saturday 2020-10-31 18:00", "halls": HALLS}
    assert minutes(stopped, *failing(since, until), **later) == expected


@pytest.mark.parametrize(
    "day", ["Monday 2020-07-06", "Saturday 2020-07-11", "Sunday 2020-09-27", "Thursday 2020-10-01"]
)
def test_the_hours_of_the_rule_are_those_of_the_hall(day: str) -> None:
    known = catalogue()
    listing = listed("Monday 2020-06-01 08:00", halls=[hall.code for hall in known.halls])
    table = rows(record(listing, as_of=f"{day} 23:00", halls=halls_table(known)).hall_hours, "hall", "opens")
    local = date.fromisoformat(day.rsplit(maxsplit=1)[-1])
    told = [
        {"hall": hall.code, "opens": micros(opens), "closes": micros(closes)}
        for hall in sorted(known.halls, key=lambda hall: hall.code)
        for opens, closes in sessions(hall, local)
    ]
    assert [row for row in table if row["opens"] >= micros(at(f"{day} 00:00"))] == told


def test_while_the_counter_is_open_an_outage_is_no_blackout() -> None:
    assert judged(*failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 16:00")) == []


def test_while_the_portal_works_a_stopped_counter_is_no_blackout() -> None:
    assert judged(STOPPED) == []


@pytest.mark.parametrize(
    "online",
    [
        [changed("Monday 2020-07-06 10:00", WEB, "down"), changed("Monday 2020-07-06 11:00", WEB, "live")],
        [changed("Monday 2020-07-06 10:00", WEB, "stopped"), changed("Monday 2020-07-06 11:00", WEB, "live")],
        [changed("Monday 2020-07-06 10:00", PLATFORM, "down"), changed("Monday 2020-07-06 11:00", PLATFORM, "live")],
        [changed("Wednesday 2020-07-01 12:00", WEB, "maintenance",
                 from_at="Monday 2020-07-06 10:00", until_at="Monday 2020-07-06 11:00")],
        failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:00", subject=WEB),
    ],
)  # fmt: skip
def test_whatever_takes_the_online_way_away_counts(online: list[Row]) -> None:
    assert minutes(STOPPED, *online) == [60]


def test_a_maintenance_that_was_withdrawn_takes_nothing_away() -> None:
    plan = changed(
        "Wednesday 2020-07-01 12:00", WEB, "maintenance",
        from_at="Monday 2020-07-06 10:00", until_at="Monday 2020-07-06 11:00",
    )  # fmt: skip
    assert minutes(STOPPED, plan, changed("Thursday 2020-07-02 12:00", WEB, "live")) == []


@pytest.mark.parametrize(
    ("halls", "more", "expected"),
    [
        (["h1"], {}, [120]),
        (["h1", "h2"], {}, []),  # the other hall was open
        (["h1"], {"windows": ["1"]}, []),  # one window only
    ],
)
def test_a_counter_is_away_when_all_its_halls_are_shut(
    halls: list[str], more: dict[str, Any], expected: list[int]
) -> None:
    shut = closure("Friday 2020-07-03 09:00", "h1", "Monday 2020-07-06 10:00", "Monday 2020-07-06 12:00", **more)
    down = failing("Monday 2020-07-06 09:00", "Monday 2020-07-06 16:00")
    assert minutes(shut, *down, listing=listed(halls=halls)) == expected


def test_two_halls_shut_at_different_hours_leave_only_the_hours_in_common() -> None:
    one = closure("Friday 2020-07-03 09:00", "h1", "Monday 2020-07-06 10:00", "Monday 2020-07-06 13:00")
    other = closure("Friday 2020-07-03 09:00", "h2", "Monday 2020-07-06 12:00", "Monday 2020-07-06 16:00")
    down = failing("Monday 2020-07-06 09:00", "Monday 2020-07-06 16:00")
    assert minutes(one, other, *down, listing=listed(halls=["h1", "h2"])) == [60]


def test_an_item_that_was_never_offered_in_both_ways_has_no_blackout() -> None:
    only = [changed("Wednesday 2020-07-01 08:00", subject, "live", **SYSTEM) for subject in (PLATFORM, WINDOW)]
    assert minutes(STOPPED, *failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 16:00"), listing=only) == []


def test_two_blackouts_in_one_stop_are_two_findings_and_one_that_goes_on_is_open() -> None:
    first = failing("Monday 2020-07-06 10:00", "Monday 2020-07-06 11:00")
    second = failing("Tuesday 2020-07-07 10:00", None)
    findings = judged(STOPPED, *first, *second, as_of="Tuesday 2020-07-07 12:00")
    assert [(f.numbers["minutes"], f.is_open) for f in findings] == [(60, False), (120, True)]
    assert {f.subject for f in findings} == {WINDOW}
    assert len({f.key for f in findings}) == 2


@pytest.mark.parametrize("halls", [HALLS, []], ids=["published", "unknown"])
def test_duckdb_says_the_same(halls: list[dict[str, str]]) -> None:
    shut = closure("Friday 2020-07-03 09:00", "h1", "Wednesday 2020-07-08 10:00", "Wednesday 2020-07-08 12:00")
    events = in_order(
        *listed(halls=["h1"]), shut, *failing("Wednesday 2020-07-08 09:00", "Wednesday 2020-07-08 16:00"),
        changed("Thursday 2020-07-09 08:00", WINDOW, "stopped"),
        *failing("Thursday 2020-07-09 16:00", "Friday 2020-07-10 16:00"),
    )  # fmt: skip
    log = record(events, as_of=LATER, halls=halls)
    with on_engine(log, "duckdb") as other:
        assert found(other, RULE) == found(log, RULE)
    assert len(found(log, RULE)) == 2
