"""Which cases this browser may open: those handed in here, and those opened with number and query code."""

from __future__ import annotations

from flask import session

SESSION_KEY = "cases"
MOST = 20


def grant(number: str, query_code: str = "") -> None:
    """The newest last; the code stays with it, so that the receipt can be printed again until the browser is closed."""
    held: dict[str, str] = dict(session.get(SESSION_KEY, {}))
    query_code = query_code or held.pop(number, "")
    held.pop(number, None)
    held[number] = query_code
    session[SESSION_KEY] = dict(list(held.items())[-MOST:])


def is_granted(number: str) -> bool:
    return number in session.get(SESSION_KEY, {})


def code_of(number: str) -> str:
    """The query code, where this browser has been told it."""
    return str(session.get(SESSION_KEY, {}).get(number, ""))


def numbers() -> list[str]:
    """The newest first."""
    return list(reversed(session.get(SESSION_KEY, {})))


def forget() -> None:
    """For a computer that others use after you."""
    session.pop(SESSION_KEY, None)
