"""Cookies and form tokens are signed with HMAC-SHA-256; their libraries would take SHA-1 (ASVS 5.0, 11.4.1)."""

from __future__ import annotations

from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer, URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """What signs and reads the cookie is made once for its keys, and not anew for each request."""

    digest_method = staticmethod(sha256)

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], URLSafeTimedSerializer | None] = ((), None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys, (made_for, serializer) = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ())), self._made
        if made_for != keys:
            serializer = super().get_signing_serializer(app)
            self._made = (keys, serializer)
        return serializer


def install(app: Flask) -> None:
    app.session_interface = Sessions()
    Signer.default_digest_method = staticmethod(sha256)  # Flask-WTF lets its tokens be signed by the default alone
