"""The operations of `portal worktime`: each takes a query apart and asks one thing of a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from portal.worktime.described import Described, Ground, described
from portal.worktime.due import ReceiptRule, received_on
from portal.worktime.months import add_calendar_days, add_months
from portal.worktime.refusals import CalendarNotPublished
from portal.worktime.wire import BadField, Moment, parse_moment, parse_pauses

UNITS = {"minute": 60, "second": 1}
RECEIPTS = {"as_is": ReceiptRule.AS_IS, "next_open": ReceiptRule.NEXT_OPEN}
# far beyond any calendar, and still an ordinary number
LARGEST = 10**12


class Query:
    """One line's fields, read as they are asked for; ``provisional`` says which days may answer."""

    def __init__(self, fields: Mapping[str, Any], calendar: Described) -> None:
        self.fields, self.calendar = fields, calendar
        self.zone = calendar.timetable.zone
        self.provisional = False

    def moment(self, name: str) -> Moment:
        return parse_moment(self._given(name), name, self.zone)

    def integer(self, name: str, *, least: int = -LARGEST) -> int:
        value = self._given(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadField(name, "give a whole number")
        if not least <= value <= LARGEST:
            raise BadField(name, f"give a number from {least} to {LARGEST}")
        return value

    def flag(self, name: str) -> bool:
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise BadField(name, "give true or false")
        return value

    def choice(self, name: str, choices: Mapping[str, Any], default: str) -> Any:
        value = self.fields.get(name, default)
        if not isinstance(value, str) or value not in choices:
            raise BadField(name, "give one of " + ", ".join(choices))
        return choices[value]

    def paused_days(self) -> list[tuple[date, date]]:
        return [(begin.on, end.on) for begin, end in parse_pauses(self.fields.get("pauses", []), self.zone)]

    def paused_instants(self) -> list[tuple[datetime, datetime]]:
        return [(begin.at, end.at) for begin, end in parse_pauses(self.fields.get("pauses", []), self.zone)]

    def ask(self, near: tuple[date, ...], question: Callable[[Ground], Any], n: int = 0) -> Any:
        """Ask of the calendar around the days ``near``, and ``n`` days further either way."""
        reach = timedelta(min(2 * abs(n), 400_000))
        first, last = min(near), max(near)
        span = (first - min(reach, first - date.min), last + min(reach, date.max - last))
        return self.calendar.answer(span, question)

    def _given(self, name: str) -> Any:
        if self.fields.get(name) is None:
            raise BadField(name, "this operation needs it", code="missing-field")
        return self.fields[name]


def run(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The ``result`` of a query, with ``provisional`` where days without a notice were allowed and needed.

    :raises BadField, Refusal: the query or its calendar cannot be read, or the calendar does not reach.
    """
    # null says: not given; but a calendar that is null was meant to be one
    fields = {name: value for name, value in fields.items() if value is not None or name == "calendar"}
    op = fields.get("op")
    if op is None:
        raise BadField("op", "name one of " + ", ".join(OPERATIONS), code="missing-field")
    if not isinstance(op, str) or op not in OPERATIONS:
        raise BadField("op", "name one of " + ", ".join(OPERATIONS), code="unknown-op")
    query = Query(fields, described(fields.get("calendar", "cn"), _known_at(fields)))
    may_guess = query.flag("allow_provisional")
    try:
        return {"result": OPERATIONS[op](query)}
    except CalendarNotPublished:
        if not may_guess:
            raise
    query.provisional = True
    return {"result": OPERATIONS[op](query), "provisional": True}


def _known_at(fields: Mapping[str, Any]) -> date | None:
    value = fields.get("known_at")
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == len("2020-01-26"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadField("known_at", "give a date as YYYY-MM-DD")


def _add_workdays(query: Query) -> str:
    start, n, pauses = query.moment("start").on, query.integer("n"), query.paused_days()

    def question(ground: Ground) -> date:
        return ground.calendar.add_workdays(start, n, pauses=pauses, provisional=query.provisional)

    return _text(query.ask((start,), question, n))


def _workdays_between(query: Query) -> int:
    start, end, pauses = query.moment("start").on, query.moment("end").on, query.paused_days()

    def question(ground: Ground) -> int:
        return ground.calendar.workdays_between(start, end, pauses=pauses, provisional=query.provisional)

    return int(query.ask((start, end), question))


def _check_limit(query: Query) -> dict[str, Any]:
    start, n, pauses = query.moment("start").on, query.integer("n", least=0), query.paused_days()
    seen = query.moment("answered" if query.fields.get("answered") is not None else "as_of").on

    def question(ground: Ground) -> dict[str, Any]:
        calendar, provisional = ground.calendar, query.provisional
        due = calendar.add_workdays(start, n, pauses=pauses, provisional=provisional)
        is_late = seen > due
        return {
            "elapsed": calendar.workdays_between(start, seen, pauses=pauses, provisional=provisional),
            "due": _text(due),
            "overdue_by": calendar.workdays_between(due, seen, provisional=provisional) if is_late else 0,
            "violation": is_late,
        }

    return dict(query.ask((start, seen), question, n))


def _add_minutes(query: Query, sign: int = 1) -> str:
    start, n, pauses = query.moment("start"), query.integer("n"), query.paused_instants()
    unit = query.choice("unit", UNITS, "minute")

    def question(ground: Ground) -> datetime:
        move = ground.hours.add_seconds if sign > 0 else ground.hours.subtract_seconds
        return move(start.at, n * unit, pauses=pauses, provisional=query.provisional)

    return start.form.write(query.ask((start.on,), question), query.zone, to_the_second=unit == 1)


def _subtract_minutes(query: Query) -> str:
    return _add_minutes(query, -1)


def _minutes_between(query: Query) -> int:
    start, end, pauses = query.moment("start"), query.moment("end"), query.paused_instants()
    unit = query.choice("unit", UNITS, "minute")

    def question(ground: Ground) -> int:
        between = ground.hours.seconds_between if unit == 1 else ground.hours.minutes_between
        return between(start.at, end.at, pauses=pauses, provisional=query.provisional)

    return int(query.ask((start.on, end.on), question))


def _add_calendar_days(query: Query) -> str:
    return _rolled(query, add_calendar_days(query.moment("start").on, query.integer("n")))


def _add_months(query: Query) -> str:
    return _rolled(query, add_months(query.moment("start").on, query.integer("n")))


def _rolled(query: Query, day: date) -> str:
    if not query.flag("roll"):
        return _text(day)
    return _text(
        query.ask((day,), lambda ground: ground.calendar.roll_forward(day, provisional=query.provisional)),
    )


def _receive_and_add_workdays(query: Query) -> dict[str, Any]:
    start, n, pauses = query.moment("start"), query.integer("n", least=0), query.paused_days()
    rule = query.choice("receipt_rule", RECEIPTS, "as_is")

    def question(ground: Ground) -> tuple[date, date, datetime]:
        received = received_on(start.at, ground.hours, rule)
        due = ground.calendar.add_workdays(received, n, pauses=pauses, provisional=query.provisional)
        return received, due, ground.hours.closes_at(due)

    received, due, due_at = query.ask((start.on,), question, n)
    return {"received": _text(received), "due": _text(due), "due_at": start.form.write(due_at, query.zone)}


def _text(day: date) -> str:
    return day.isoformat()


OPERATIONS: dict[str, Callable[[Query], Any]] = {
    "add_workdays": _add_workdays,
    "workdays_between": _workdays_between,
    "check_limit": _check_limit,
    "add_minutes": _add_minutes,
    "subtract_minutes": _subtract_minutes,
    "minutes_between": _minutes_between,
    "add_calendar_days": _add_calendar_days,
    "add_months": _add_months,
    "receive_and_add_workdays": _receive_and_add_workdays,
}
