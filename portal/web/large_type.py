"""Large type (关怀版): one link on every page sets bigger letters, one column and fewer choices; a cookie keeps it."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

COOKIE = ARGUMENT = "view"
LARGE, NORMAL = "large", "normal"
A_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    app.after_request(keep_the_choice)


def is_large() -> bool:
    chosen = request.args.get(ARGUMENT)
    return (chosen if chosen in (LARGE, NORMAL) else request.cookies.get(COOKIE)) == LARGE


def other_view() -> str:
    return NORMAL if is_large() else LARGE


def keep_the_choice(response: Response) -> Response:
    chosen = request.args.get(ARGUMENT)
    if chosen in (LARGE, NORMAL):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response
