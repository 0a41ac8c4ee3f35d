"""Which cases this browser may open: those handed in here, and those opened with number and query code."""

from __future__ import annotations

from flask import session

from portal.web.hidden import hidden, shown

SESSION_KEY = "cases"
ORDER_KEY = "cases_order"  # the session's mappings come back sorted by name
MOST = 20


def grant(number: str, query_code: str = "") -> None:
    """The newest last; the code stays with it, so that the receipt can be printed again until the browser is closed."""
    held: dict[str, str] = session.get(SESSION_KEY, {})
    order = [*(known for known in _order() if known != number), number][-MOST:]
    codes = {**held, number: hidden(query_code, number) or held.get(number, "")}
    session[SESSION_KEY] = {known: codes[known] for known in order}
    session[ORDER_KEY] = order


def is_granted(number: str) -> bool:
    return number in session.get(SESSION_KEY, {})


def code_of(number: str) -> str:
    """The query code, where this browser has been told it."""
    return shown(str(session.get(SESSION_KEY, {}).get(number, "")), number)


def numbers() -> list[str]:
    """The newest first."""
    return _order()[::-1]


def forget() -> None:
    """For a computer that others use after you."""
    session.pop(SESSION_KEY, None)
    session.pop(ORDER_KEY, None)


def _order() -> list[str]:
    held = session.get(SESSION_KEY, {})
    ordered = [known for known in session.get(ORDER_KEY, []) if known in held]
    return [*(known for known in held if known not in ordered), *ordered]
