"""Signing in: who asks, and in which post, is known before any door is asked. Citizens need not sign in at all."""

from __future__ import annotations

from flask import Flask

from portal.web.doors import Door
from portal.web.sign_in import asking, oidc, passkeys, ways
from portal.web.sign_in.asking import OFFICE_ROLES, OVERSIGHT, home_of

__all__ = ["OFFICE_ROLES", "OVERSIGHT", "door", "home_of", "install"]

door = Door(
    "sign_in", __name__, public=("enter", "code", "passkey_challenge", "passkey", "oidc", "oidc_back", "post", "leave")
)
door.add_url_rule("/sign-in", "enter", ways.enter, methods=["GET", "POST"])
door.add_url_rule("/sign-in/code", "code", ways.code, methods=["GET", "POST"])
door.add_url_rule("/sign-in/passkey/challenge", "passkey_challenge", passkeys.challenge, methods=["POST"])
door.add_url_rule("/sign-in/passkey", "passkey", passkeys.enter, methods=["POST"])
door.add_url_rule("/sign-in/oidc", "oidc", oidc.begin)
door.add_url_rule("/sign-in/oidc/back", "oidc_back", oidc.back)
door.add_url_rule("/sign-in/post", "post", ways.post, methods=["GET", "POST"])
door.add_url_rule("/sign-out", "leave", ways.leave, methods=["POST"])


def install(app: Flask) -> None:
    asking.install(app)
    oidc.install(app)
