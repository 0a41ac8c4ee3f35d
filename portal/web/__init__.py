"""The web: one door per audience. The only place that knows Flask's request."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, current_app, g
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from portal.web import wording

csrf = CSRFProtect()


def install(app: Flask) -> None:
    # Here and not above: the migrations read this room's tables without opening its doors.
    from portal.web import (
        api,
        citizen,
        clerk,
        errors,
        forms,
        headers,
        language,
        open_data,
        page,
        sign_in,
        staff,
        supervisor,
    )

    packages = ("govuk_frontend_jinja",)
    own = app.jinja_loader
    assert own is not None
    app.jinja_loader = ChoiceLoader([own, PrefixLoader({name: PackageLoader(name) for name in packages})])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(read_the_clock)
    csrf.init_app(app)
    for part in (language, page, forms, wording, headers, errors, sign_in, staff):
        part.install(app)
    for door in (citizen.door, sign_in.door, clerk.door, supervisor.door, open_data.door, api.door):
        app.register_blueprint(door)


def read_the_clock() -> None:
    """Once per request, so that everything done in it happens at one moment; tests set CLOCK, a callable."""
    g.now = current_app.config.get("CLOCK", _system_clock)()
    g.today = wording.local_day(g.now)


def _system_clock() -> datetime:
    return datetime.now(UTC)
