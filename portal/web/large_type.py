"""Large type (关怀版): one link on every page sets bigger letters, one column and fewer choices; a cookie keeps it."""

from __future__ import annotations

from flask import Flask

from portal.web.kept import KeptChoice

ARGUMENT = "view"
LARGE, NORMAL = "large", "normal"
VIEW = KeptChoice(ARGUMENT, ARGUMENT, (NORMAL, LARGE))


def install(app: Flask) -> None:
    app.after_request(VIEW.keep)


def is_large() -> bool:
    return VIEW.now() == LARGE


def other_view() -> str:
    return NORMAL if is_large() else LARGE
