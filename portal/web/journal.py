"""What happened, one line of JSON each: when, who, what, with what result. No secret and no line break gets in.

A line names the route and never the address itself, because addresses carry numbers of cases and tokens of drafts.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from portal.basis import log_line
from portal.web.unproxied import notes, this_request

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # read out over the telephone: no 0 O, 1 I L
REFUSED = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503}
FRAMES = 12  # the last places of a trace

logger = logging.getLogger("portal.journal")


class Lines(logging.Formatter):
    """Any record of any library as one line, masked."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            **getattr(record, "entry", {"what": record.getMessage()}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            if has_request_context():
                entry |= {"what": _asked(), "incident": incident()}  # Flask's own words name the whole address
            entry["error"] = type(record.exc_info[1]).__name__
            # Where, and not with what values: the words of an exception quote what people typed.
            entry["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-FRAMES:]
            ]
        return json.dumps(_safe(entry), ensure_ascii=False)


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return log_line(value).encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _safe(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_safe(inner) for inner in value]
    return value


# For the server's own logger, which is set up by a dictionary; it writes where we write.
SERVER_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "portal.web.journal.Lines"}},
    "handlers": {"lines": {"formatter": "lines", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["lines"], "level": "ERROR", "propagate": False}},
}


def install(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(note_answer)


def write_lines() -> None:
    """Everything below ``portal``, and whatever else warns, goes to standard error as lines; asked again, no twice."""
    root, own = logging.getLogger(), logging.getLogger("portal")
    own.setLevel(logging.INFO)
    if not any(isinstance(handler.formatter, Lines) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        root.addHandler(handler)


def begin() -> None:
    g.begun = perf_counter()


def incident() -> str:
    """The code of what goes wrong in this request: on the page, and in the log."""
    if "incident" not in g:
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        g.incident = f"{code[:4]}-{code[4:]}"
    return str(g.incident)


def note_refusal(reason: str) -> None:
    """Why, in the words of our own source, without what was filled into them."""
    g.refusal = reason


def note_answer(response: Response) -> Response:
    if request.endpoint != "static":
        logger.log(_level(response.status_code), "answered", extra={"entry": _entry(response.status_code)})
    return response


def _level(status: int) -> int:
    return logging.ERROR if status >= 500 else logging.WARNING if status in (401, 403, 429) else logging.INFO


def _asked() -> str:
    asked = this_request()
    return f"{asked.method} {asked.url_rule.rule if asked.url_rule is not None else '(no such address)'}"


def _entry(status: int) -> dict[str, Any]:
    noted = notes()
    account, by = noted.get("account"), noted.get("by")
    entry = {
        "what": _asked(),
        "result": "failed" if status >= 500 else "refused" if status in REFUSED else "done",
        "status": status,
        "who": account.id if account is not None else None,
        "post": by.post if by is not None else None,
        "where": request.remote_addr,
        "ms": round((perf_counter() - noted.begun) * 1000, 1) if "begun" in noted else None,
        "why": noted.get("refusal"),
        "incident": noted.get("incident"),
    }
    return {name: value for name, value in entry.items() if value is not None}
