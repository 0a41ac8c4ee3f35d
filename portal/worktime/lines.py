"""`portal worktime` without its edges: lines of JSON in, one line of JSON out for each, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from portal.basis import Refusal
from portal.worktime.months import BeyondTime
from portal.worktime.queries import run
from portal.worktime.refusals import BadPeriod, BadTimetable, CalendarNotPublished, NoWorkingTime
from portal.worktime.wire import BadField

CODES: dict[type[Refusal], str] = {
    CalendarNotPublished: "calendar-not-published",
    NoWorkingTime: "no-working-time",
    BadTimetable: "bad-calendar",
    BadPeriod: "bad-field",
    BeyondTime: "out-of-range",
}


def answers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer for each line that is not blank, in order; a bad line is answered by its error."""
    for line in lines:
        if stripped := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield answer(stripped)


def answer(line: bytes) -> bytes:
    try:
        query = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return _line(None, _error("bad-json", "the line is no JSON: write one object on each line"))
    if not isinstance(query, dict):
        return _line(None, _error("bad-json", "the line is no JSON object: write one object on each line"))
    return _line(query.get("id"), _outcome(query))


def _outcome(query: dict[str, Any]) -> dict[str, Any]:
    try:
        return run(query)
    except BadField as error:
        return _error(error.code, str(error))
    except Refusal as refusal:
        return _error(CODES.get(type(refusal), "refused"), str(refusal))
    except Exception as fault:  # noqa: BLE001 -- a fault of ours on one line must not take the other answers away
        return _error("fault", f"{type(fault).__name__}: {fault}; please report this line")


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _line(identity: Any, outcome: dict[str, Any]) -> bytes:
    try:
        return json.dumps({"id": identity, **outcome}, allow_nan=False).encode() + b"\n"
    except ValueError:  # an id such as 1e999 has no JSON
        return _line(None, outcome)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
