"""The web: one door per audience. The only place that knows Flask's request."""

from __future__ import annotations

from flask import Flask, current_app, g
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from portal.basis.watch import WATCH
from portal.web import wording

csrf = CSRFProtect()


def install(app: Flask) -> None:
    # Here and not above: the migrations read this room's tables without opening its doors.
    from portal.web import (
        account,
        addresses,
        api,
        citizen,
        clerk,
        errors,
        flood,
        forms,
        headers,
        hosts,
        journal,
        language,
        large_type,
        once,
        open_data,
        page,
        proxies,
        sign_in,
        signatures,
        staff,
        supervisor,
    )

    packages = ("govuk_frontend_jinja",)
    own = app.jinja_loader
    assert own is not None
    app.jinja_loader = ChoiceLoader([own, PrefixLoader({name: PackageLoader(name) for name in packages})])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    signatures.install(app)
    hosts.install(app)
    proxies.install(app)
    journal.install(app)
    app.before_request(read_the_clock)
    csrf.init_app(app)
    for part in (addresses, language, large_type, page, forms, wording, headers, errors, sign_in, flood, staff, once):
        part.install(app)
    for door in (citizen.door, sign_in.door, account.door, clerk.door, supervisor.door, open_data.door, api.door):
        app.register_blueprint(door)


def read_the_clock() -> None:
    """Once per request, so that everything done in it happens at one moment; tests set CLOCK, a callable."""
    now = g.now = current_app.config.get("CLOCK", WATCH.now)()
    g.today = wording.local_day(now)
