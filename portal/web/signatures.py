"""Cookies and form tokens are signed with HMAC-SHA-256; their libraries would take SHA-1 (ASVS 5.0, 11.4.1)."""

from __future__ import annotations

from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer


class Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(sha256)


def install(app: Flask) -> None:
    app.session_interface = Sessions()
    Signer.default_digest_method = staticmethod(sha256)  # Flask-WTF lets its tokens be signed by the default alone
