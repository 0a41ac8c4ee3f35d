"""Whose address a request has: the one of the connection, unless a deployment names its own proxies.

Throttle, quota, flood guard and journal ask for ``request.remote_addr`` and nothing else, so this is the one place that
decides. Without YINUO_PROXIES every X-Forwarded-… header is a stranger's word and changes nothing.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def install(app: Flask) -> None:
    if proxies := app.config["PROXIES"]:
        # Counted from the right: what a visitor wrote himself stands further left and is not looked at.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
