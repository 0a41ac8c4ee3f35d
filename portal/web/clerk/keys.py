"""Single keys at the window; one link switches them off and on again (WCAG 2.2, 2.1.4), and a cookie keeps it.

Kept in the browser and not with the account: whoever speaks to the computer, or strikes keys by mistake, does so at a
desk of their own, and a browser that is new has them as the page says.
"""

from __future__ import annotations

from typing import Final

from flask import Response, current_app, request

from portal.basis import N_
from portal.web.large_type import A_YEAR

COOKIE: Final = "desk-keys"
ARGUMENT: Final = "keys"
ON, OFF = "on", "off"
STEPS: Final = {  # what each key does, in the order of a visit
    "n": N_("Call the next"),
    "s": N_("Begin"),
    "r": N_("Call again"),
    "a": N_("Did not come"),
    "f": N_("Finish"),
    "p": N_("Park (the place is kept)"),
    "t": N_("Pass on to another service or window"),
}


def are_on() -> bool:
    chosen = request.args.get(ARGUMENT)
    return (chosen if chosen in (ON, OFF) else request.cookies.get(COOKIE)) != OFF


def keep_the_choice(response: Response) -> Response:
    chosen = request.args.get(ARGUMENT)
    if chosen in (ON, OFF):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response
