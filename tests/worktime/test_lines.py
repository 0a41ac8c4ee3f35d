"""`portal worktime`: every operation, every form of a time, every way a line can be wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.worktime import lines

GENERAL = {"1-5": [["09:00", "12:00"], ["13:30", "17:00"]]}
NIGHT = {"timezone": "Europe/Berlin", "week": {"1-7": [["00:00", "24:00"]]}}


def reply(**query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(lines.answer(json.dumps({"id": "q", "calendar": "cn"} | query).encode()))
    assert answer.pop("id") == "q"
    return answer


def result(**query: Any) -> Any:
    answer = reply(**query)
    assert set(answer) == {"result"}, answer
    return answer["result"]


def code(**query: Any) -> str:
    answer = reply(**query)
    assert set(answer) == {"error"}, answer
    assert set(answer["error"]) == {"code", "message"}
    assert answer["error"]["message"]
    return str(answer["error"]["code"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"op": "add_workdays", "start": "2020-09-14", "n": 10}, "2020-09-27"),
        ({"op": "add_workdays", "start": "2020-10-03", "n": 0}, "2020-10-09"),
        ({"op": "add_workdays", "start": "2020-10-09", "n": -1}, "2020-09-30"),
        ({"op": "add_workdays", "start": "2020-09-14T23:00", "n": 5}, "2020-09-21"),
        ({"op": "add_workdays", "start": "2020-09-14T16:00Z", "n": 5}, "2020-09-22"),  # already the 15th in Shanghai
        ({"op": "add_workdays", "start": "2020-09-14", "n": 5, "pauses": [["2020-09-16", "2020-09-17"]]}, "2020-09-23"),
        ({"op": "workdays_between", "start": "2020-09-14", "end": "2020-10-13"}, 17),
        ({"op": "workdays_between", "start": "2020-10-13", "end": "2020-09-14"}, -17),
        (
            {"op": "check_limit", "start": "2020-09-14", "n": 5, "answered": "2020-10-13"},
            {"elapsed": 17, "due": "2020-09-21", "overdue_by": 12, "violation": True},
        ),
        (
            {"op": "check_limit", "start": "2020-09-11", "n": 5, "answered": "2020-09-19"},
            {"elapsed": 5, "due": "2020-09-18", "overdue_by": 0, "violation": True},
        ),
        (
            {"op": "check_limit", "start": "2020-09-11", "n": 5, "as_of": "2020-09-18T23:59"},
            {"elapsed": 5, "due": "2020-09-18", "overdue_by": 0, "violation": False},
        ),
        ({"op": "add_minutes", "start": "2020-09-30T16:00", "n": 60}, "2020-09-30T17:00"),
        ({"op": "add_minutes", "start": "2020-09-30T17:00", "n": 0}, "2020-10-09T09:00"),
        ({"op": "add_minutes", "start": "2020-09-30", "n": 1}, "2020-09-30T09:01"),
        ({"op": "add_minutes", "start": "2020-09-30T16:59", "n": 59, "unit": "second"}, "2020-09-30T16:59:59"),
        ({"op": "subtract_minutes", "start": "2020-10-09T08:00", "n": 0}, "2020-09-30T17:00"),
        ({"op": "subtract_minutes", "start": "2020-10-09T10:00", "n": 61}, "2020-09-30T16:59"),
        ({"op": "minutes_between", "start": "2020-09-30T16:00", "end": "2020-10-09T09:30"}, 90),
        ({"op": "minutes_between", "start": "2020-10-09T09:30", "end": "2020-09-30T16:00"}, -90),
        ({"op": "minutes_between", "start": "2020-09-30T16:00:30", "end": "2020-09-30T16:02", "unit": "second"}, 90),
        ({"op": "minutes_between", "start": "2020-09-30T16:00:30", "end": "2020-09-30T16:02"}, 1),
        ({"op": "add_calendar_days", "start": "2020-09-14", "n": 5}, "2020-09-19"),
        ({"op": "add_calendar_days", "start": "2020-09-14", "n": 5, "roll": True}, "2020-09-21"),
        ({"op": "add_calendar_days", "start": "2020-09-14", "n": 13, "roll": True}, "2020-09-27"),
        ({"op": "add_calendar_days", "start": "1950-03-01", "n": -1}, "1950-02-28"),
        ({"op": "add_months", "start": "2024-01-31", "n": 1}, "2024-02-29"),
        ({"op": "add_months", "start": "2020-01-31", "n": 1, "roll": True}, "2020-03-02"),
        ({"op": "add_months", "start": "2024-03-31", "n": -1}, "2024-02-29"),
        (
            {"op": "receive_and_add_workdays", "start": "2025-09-30T20:00", "n": 5, "receipt_rule": "as_is"},
            {"received": "2025-09-30", "due": "2025-10-14", "due_at": "2025-10-14T17:00"},
        ),
        (
            {"op": "receive_and_add_workdays", "start": "2025-09-30T20:00", "n": 5, "receipt_rule": "next_open"},
            {"received": "2025-10-09", "due": "2025-10-15", "due_at": "2025-10-15T17:00"},
        ),
        (
            {"op": "receive_and_add_workdays", "start": "2025-09-30T12:00Z", "n": 5, "receipt_rule": "next_open"},
            {"received": "2025-10-09", "due": "2025-10-15", "due_at": "2025-10-15T09:00Z"},
        ),
    ],
)
def test_each_operation_gives_what_its_row_says(query: dict[str, Any], expected: Any) -> None:
    assert result(**query) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2020-09-30T16:00", "2020-10-09T09:01"),
        ("2020-09-30 16:00", "2020-10-09 09:01"),
        ("2020-09-30T16:00:00", "2020-10-09T09:01:00"),
        ("2020-09-30T08:00Z", "2020-10-09T01:01Z"),
        ("2020-09-30T08:00:00Z", "2020-10-09T01:01:00Z"),
        ("2020-09-30T08:00:00.000Z", "2020-10-09T01:01:00.000Z"),
        ("2020-09-30T16:00+08:00", "2020-10-09T09:01+08:00"),
        ("2020-09-30T10:00+02:00", "2020-10-09T03:01+02:00"),
        ("2020-09-30T04:30:00-03:30", "2020-10-08T21:31:00-03:30"),
    ],
)
def test_an_answer_has_the_form_of_its_question(start: str, expected: str) -> None:
    assert result(op="add_minutes", start=start, n=61) == expected


def test_forms_may_differ_within_one_query() -> None:
    assert result(op="minutes_between", start="2020-09-30T16:00", end="2020-09-30T08:30Z") == 30


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"op": "minutes_between", "start": "2024-03-31T00:00", "end": "2024-04-01T00:00"}, 1380),
        ({"op": "minutes_between", "start": "2024-10-27T00:00", "end": "2024-10-28T00:00"}, 1500),
        ({"op": "add_minutes", "start": "2024-03-31T01:30", "n": 60}, "2024-03-31T03:30"),
        ({"op": "add_minutes", "start": "2024-10-27T00:00", "n": 1500}, "2024-10-28T00:00"),
        ({"op": "add_minutes", "start": "2024-10-27T02:30+02:00", "n": 60}, "2024-10-27T03:30+02:00"),
        ({"op": "subtract_minutes", "start": "2024-10-28T00:00", "n": 1500}, "2024-10-27T00:00"),
    ],
)
def test_a_clock_that_changes_is_counted_as_it_ran(query: dict[str, Any], expected: Any) -> None:
    assert result(calendar=NIGHT, **query) == expected


def test_a_described_calendar_lays_its_own_days_over_its_base() -> None:
    calendar = {
        "timezone": "Asia/Shanghai",
        "base": "cn",
        "week": GENERAL,
        "off": ["2020-09-27"],
        "work": ["2020-10-08"],
    }
    assert result(calendar=calendar, op="workdays_between", start="2020-09-25", end="2020-10-09") == 5
    assert result(calendar=calendar, op="add_minutes", start="2020-09-30T16:30", n=31) == "2020-10-08T09:01"


def test_a_saturday_window_on_a_base_opens_the_door_and_counts_no_day() -> None:
    calendar = {"base": "cn", "week": GENERAL | {"6": [["09:00", "12:00"]]}}
    assert result(calendar=calendar, op="workdays_between", start="2020-09-18", end="2020-09-21") == 1
    assert result(calendar=calendar, op="minutes_between", start="2020-09-18T17:00", end="2020-09-21T09:00") == 180
    assert result(calendar=calendar, op="minutes_between", start="2020-10-03T00:00", end="2020-10-04T00:00") == 0
    six_days = {"week": {"1-6": [["09:00", "12:00"]]}}
    assert result(calendar=six_days, op="workdays_between", start="2020-09-18", end="2020-09-21") == 2


def test_a_base_alone_has_the_general_hours() -> None:
    assert result(calendar={"base": "cn"}, op="add_minutes", start="2020-09-26T00:00", n=30) == "2020-09-27T09:30"


def test_a_closed_day_stays_a_working_day_and_an_override_on_sunday_opens_the_door() -> None:
    calendar = {"week": GENERAL, "hours_overrides": {"2026-03-03": [], "2026-03-08": [["10:00", "11:00"]]}}
    assert result(calendar=calendar, op="workdays_between", start="2026-03-02", end="2026-03-08") == 4
    assert (
        result(calendar=calendar, op="minutes_between", start="2026-03-02T17:00", end="2026-03-09T00:00")
        == 3 * 390 + 60
    )
    received = result(calendar=calendar, op="receive_and_add_workdays", start="2026-03-03T10:00", n=1,
                      receipt_rule="next_open")  # fmt: skip
    assert received == {"received": "2026-03-04", "due": "2026-03-05", "due_at": "2026-03-05T17:00"}


def test_days_worked_alone_make_a_calendar() -> None:
    calendar = {
        "week": {},
        "work": ["2020-01-01", "2025-12-31"],
        "hours_overrides": {"2025-12-31": [["09:00", "10:00"]]},
    }
    assert result(calendar=calendar, op="add_workdays", start="2010-06-01", n=2) == "2025-12-31"
    assert result(calendar=calendar, op="add_workdays", start="2030-06-01", n=-2) == "2020-01-01"
    assert result(calendar=calendar, op="add_minutes", start="2010-06-01T00:00", n=60) == "2025-12-31T10:00"


def test_a_far_answer_is_reached_however_far_it_is() -> None:
    calendar = {"timezone": "UTC", "week": {"1": [["09:00", "09:01"]]}}
    assert result(calendar=calendar, op="add_minutes", start="1970-01-01T00:00", n=10_000) == "2161-08-24T09:01"
    assert result(calendar=calendar, op="add_workdays", start="2161-08-24", n=-9_999) == "1970-01-05"
    assert code(calendar=calendar, op="add_workdays", start="1970-01-01", n=10**7) == "calendar-not-published"


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [("2020-01-25", "2020-02-01"), ("2020-01-26", "2020-02-04"), (None, "2020-02-04")],
)
def test_a_query_may_ask_what_was_known_on_a_day(known_at: str | None, expected: str) -> None:
    query = {"op": "add_workdays", "start": "2020-01-20", "n": 5, "known_at": known_at}
    assert result(**query) == expected
    assert result(**query, calendar={"base": "cn"}) == expected


def test_what_was_known_long_ago_gives_a_provisional_answer_for_today() -> None:
    query = {"op": "workdays_between", "start": "2025-03-10", "end": "2025-03-17", "known_at": "2008-08-12"}
    assert code(**query) == "calendar-not-published"
    assert reply(**query, allow_provisional=True) == {"result": 5, "provisional": True}


def test_past_the_notices_an_answer_must_be_allowed_and_is_marked() -> None:
    query = {"op": "add_workdays", "start": "2026-12-25", "n": 2}
    assert code(**query) == "calendar-not-published"
    assert reply(**query, allow_provisional=True) == {"result": "2026-12-29", "provisional": True}
    assert reply(op="add_workdays", start="2026-12-25", n=1, allow_provisional=True) == {"result": "2026-12-28"}
    assert code(op="add_workdays", start="2003-06-02", n=1, allow_provisional=True) == "calendar-not-published"
    assert code(op="add_workdays", start="2026-12-25", n=9000, allow_provisional=True) == "calendar-not-published"
    assert code(op="add_workdays", start="2019-11-20", n=40, known_at="2019-11-20") == "calendar-not-published"
    assert code(op="workdays_between", start="2026-12-01", end="2027-01-04") == "calendar-not-published"
    assert code(op="minutes_between", start="2026-12-01T09:00", end="2027-01-04T09:00") == "calendar-not-published"
    assert code(op="add_calendar_days", start="2026-12-01", n=40, roll=True) == "calendar-not-published"
    assert result(op="add_calendar_days", start="2026-12-01", n=40) == "2027-01-10"


def test_a_field_that_is_null_was_not_given() -> None:
    query = {"op": "add_workdays", "start": "2020-09-30", "n": 1}
    nothing = {"pauses": None, "known_at": None, "allow_provisional": None, "unit": None, "receipt_rule": None}
    assert reply(**query, **nothing) == {"result": "2020-10-09"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "missing-field"),
        ({"op": "sing"}, "unknown-op"),
        ({"op": ["add_workdays"]}, "unknown-op"),
        ({"op": "add_workdays", "n": 1}, "missing-field"),
        ({"op": "add_workdays", "start": None, "n": 1}, "missing-field"),
        ({"op": "add_workdays", "start": "2020-09-14"}, "missing-field"),
        ({"op": "workdays_between", "start": "2020-09-14"}, "missing-field"),
        ({"op": "check_limit", "start": "2020-09-14", "n": 5}, "missing-field"),
        ({"op": "add_workdays", "start": "2020-09-31", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "14.9.2020", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": 20200914, "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14T25:00", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14T10:00+25:00", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14T10:00+01:75", "n": 1}, "bad-field"),
        ({"op": "add_minutes", "start": "2020-09-14T10:00:00.5", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "0001-01-01T00:00+14:00", "n": 1}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": "5"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 5.0}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": True}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 10**30}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 10**9}, "calendar-not-published"),
        ({"op": "check_limit", "start": "2020-09-14", "n": -1, "answered": "2020-09-15"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "pauses": "2020"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "pauses": [["2020-09-15"]]}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "pauses": ["ab"]}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "pauses": [["2020-09-16", "2020-09-15"]]}, "bad-field"),
        ({"op": "add_minutes", "start": "2020-09-14T10:00", "n": 1, "unit": "hour"}, "bad-field"),
        ({"op": "add_minutes", "start": "2020-09-14T10:00", "n": 1, "unit": ["second"]}, "bad-field"),
        ({"op": "add_calendar_days", "start": "2020-09-14", "n": 1, "roll": "yes"}, "bad-field"),
        ({"op": "add_calendar_days", "start": "2020-09-14", "n": 10**8}, "out-of-range"),
        ({"op": "add_months", "start": "2020-09-14", "n": 10**8}, "out-of-range"),
        ({"op": "receive_and_add_workdays", "start": "2020-09-14T10:00", "n": 1, "receipt_rule": "later"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "known_at": "yesterday"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "known_at": "2020-02-30"}, "bad-field"),
        ({"op": "add_workdays", "start": "2020-09-14", "n": 1, "allow_provisional": 1}, "bad-field"),
    ],
)
def test_a_query_that_cannot_be_read_says_so_with_a_code(query: dict[str, Any], expected: str) -> None:
    assert code(**query) == expected


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ("us", "bad-calendar"),
        (5, "bad-calendar"),
        (None, "bad-calendar"),
        ({"base": "us", "week": GENERAL}, "bad-calendar"),
        ({"base": ["cn"], "week": GENERAL}, "bad-calendar"),
        ({"timezone": "Nowhere/Here", "week": GENERAL}, "bad-calendar"),
        ({"week": {"1-5": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "bad-calendar"),
        ({"week": {"1-5": [["17:00", "09:00"]]}}, "bad-calendar"),
        ({"week": GENERAL, "off": "2020-01-01"}, "bad-calendar"),
        ({"week": GENERAL, "off": ["2020-02-30"]}, "bad-calendar"),
        ({"week": GENERAL, "off": ["2020-01-01"], "work": ["2020-01-01"]}, "bad-calendar"),
        ({"week": {}}, "no-working-time"),
        ({"week": {"1-7": []}}, "no-working-time"),
        ({"timezone": "Europe/Berlin"}, "no-working-time"),
    ],
)
def test_a_calendar_nobody_could_keep_is_refused(calendar: Any, expected: str) -> None:
    assert code(calendar=calendar, op="add_workdays", start="2020-09-14", n=1) == expected


def test_working_days_without_any_hours_have_no_minutes() -> None:
    calendar = {"week": {}, "work": ["2020-09-15"]}
    assert code(calendar=calendar, op="add_minutes", start="2020-09-14T10:00", n=1) == "no-working-time"
    base = {"base": "cn", "week": {}}
    assert result(calendar=base, op="add_workdays", start="2020-09-14", n=1) == "2020-09-15"
    assert code(calendar=base, op="add_minutes", start="2020-09-14T10:00", n=1) == "no-working-time"


@pytest.mark.parametrize(
    "line",
    [b"{", b"nonsense", b"[1, 2]", b"5", b'"text"', b'{"id": NaN}', b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"null"],
)
def test_a_line_that_is_no_json_object_is_answered_without_an_id(line: bytes) -> None:
    answer = json.loads(lines.answer(line))
    assert (answer["id"], answer["error"]["code"]) == (None, "bad-json")


@pytest.mark.parametrize("identity", [7, "seven", None, ["a", 1], {"a": None}, 1.5, "件\ud800"])
def test_an_id_of_any_kind_comes_back(identity: Any) -> None:
    query = {"id": identity, "calendar": "cn", "op": "add_workdays", "start": "2020-09-14", "n": 5}
    assert json.loads(lines.answer(json.dumps(query).encode())) == {"id": identity, "result": "2020-09-21"}


def test_an_id_that_has_no_json_comes_back_as_null() -> None:
    line = b'{"id": 1e999, "calendar": "cn", "op": "add_workdays", "start": "2020-09-14", "n": 5}'
    assert json.loads(lines.answer(line)) == {"id": None, "result": "2020-09-21"}


def test_a_fault_of_ours_on_one_line_leaves_the_others_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(query: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError(query["id"])

    monkeypatch.setattr(lines, "run", broken)
    answer = json.loads(lines.answer(b'{"id": 1, "op": "add_workdays"}'))
    assert (answer["id"], answer["error"]["code"]) == (1, "fault")


def test_blank_lines_have_no_answer_and_bad_ones_stop_nothing() -> None:
    good = b'{"id": 1, "calendar": "cn", "op": "add_workdays", "start": "2020-09-14", "n": 5}\n'
    found = [json.loads(line) for line in lines.answers([b"\xef\xbb\xbf" + good, b"\n", b"  \r\n", b"bad\n", good])]
    assert [reply["id"] for reply in found] == [1, None, 1]


def test_each_line_is_answered_before_the_next_is_read() -> None:
    taken: list[int] = []

    def questions() -> Iterator[bytes]:
        for number in range(3):
            taken.append(number)
            yield b"{}"

    stream = lines.answers(questions())
    next(stream)
    assert taken == [0]


def test_the_command_answers_a_line_while_its_input_is_still_open() -> None:
    command = [sys.executable, "-m", "portal.cli", "worktime"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "calendar": "cn", "op": "add_workdays", "start": "2020-09-14", "n": 5}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"id": 1, "result": "2020-09-21"}
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize(("year", "status", "said"), [("2026", 0, ""), ("2027", 1, "2027: the notice of 2027 is not")])
def test_the_command_doubts_a_year_when_asked(year: str, status: int, said: str) -> None:
    found = CliRunner().invoke(main, ["worktime", "--check-year", year])
    assert found.exit_code == status
    assert found.output.startswith(said)
