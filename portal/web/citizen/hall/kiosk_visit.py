"""Whose a kiosk is at the moment: which browsers are one, and since when the present visit lasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.hall.queries.kiosks import kiosk_of
from portal.web.citizen.hall.room import place_or_404

COOKIE = "kiosk"
VISIT = "kiosk-visit"  # since when the present visit lasts, in microseconds; slips of before are not shown
SLIP_KEPT = timedelta(minutes=2)  # parameter of ours: the longest that the page of a slip can be opened
_SLIPS = ("kiosk_slip", "kiosk_take", "kiosk_failed")  # they belong to the visit that goes on
View = Callable[..., ResponseReturnValue]


def of_kiosks(view: View) -> View:
    """Only a browser that stands in this hall issues its walk-in numbers; others are told how to take theirs."""

    @wraps(view)
    def for_kiosks(hall: str, **places: Any) -> ResponseReturnValue:
        where = place_or_404(hall)
        found = kiosk_of(hall, request.cookies.get(COOKIE, ""))
        if found is None:
            return render_template("citizen/hall/no_kiosk.html", hall=where.hall), 403
        answer = view(where, **places)
        return answer if view.__name__ in _SLIPS or request.method == "POST" else _with_visit(answer, hall)

    return for_kiosks


def _with_visit(answer: ResponseReturnValue, hall: str) -> Response:
    """A page that is no slip begins a visit: of what was issued before it nothing is shown any more."""
    response: Response = make_response(answer)
    set_cookie(response, VISIT, str(_micros(g.now)), hall, max_age=int(SLIP_KEPT.total_seconds()))
    return response


def is_of_this_visit(issued_at: datetime) -> bool:
    begun = request.cookies.get(VISIT, "")
    is_later = not begun.isdecimal() or _micros(issued_at) >= int(begun)
    return is_later and g.now - issued_at <= SLIP_KEPT


def _micros(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def set_cookie(response: Response, name: str, value: str, hall: str, *, max_age: int) -> None:
    """Sent to the kiosk pages of this hall alone."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=url_for("citizen.hall.kiosk", hall=hall),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
    )
