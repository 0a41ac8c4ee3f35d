"""Signing in with an account elsewhere (OpenID Connect): authorization code with PKCE, state and nonce.

The provider says who somebody is; which account that opens was bound before, and the second factor is asked here all
the same. Nothing of the provider's tokens is kept.
"""

from __future__ import annotations

from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from joserfc.errors import JoseError
from requests import RequestException

from portal.accounts.oidc.queries import account_of
from portal.accounts.sign_ins.model import Way
from portal.config import Oidc
from portal.store import reading
from portal.web import journal
from portal.web.sign_in.asking import asked_for, begin_session
from portal.web.sign_in.ways import onward

ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]  # signed with a key that the provider alone has
PATIENCE = 5  # seconds; parameter of ours
LEEWAY = 60  # seconds by which two clocks may differ; parameter of ours
_WANTED = "oidc-next"


def install(app: Flask) -> None:
    """Nothing where no provider is set: the addresses then do not exist."""
    given: Oidc | None = app.config["OIDC"]
    if given is None:
        return
    OAuth(app).register(
        "oidc",
        client_id=given.client,
        client_secret=given.secret,
        server_metadata_url=f"{given.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )


def begin() -> ResponseReturnValue:
    """A link and no form: the policy lets forms lead nowhere but here."""
    client = _client()
    session[_WANTED] = asked_for()
    try:
        _pin(client)
        answer: ResponseReturnValue = client.authorize_redirect(_back(), prompt="login")
    except (RequestException, AuthlibBaseError, RuntimeError, ValueError) as error:
        return _refused(gettext("The other portal cannot be reached. Sign in with your name here, or later."), error)
    return answer


def back() -> ResponseReturnValue:
    """Where the provider sends the browser; only the one that was sent there is taken."""
    client, given, wanted = _client(), current_app.config["OIDC"], session.pop(_WANTED, None)
    options = {"iss": {"essential": True, "value": given.issuer}, "aud": {"essential": True, "value": given.client}}
    try:
        _pin(client)
        told = client.authorize_access_token(claims_options=options, leeway=LEEWAY)
    except RequestException as error:
        return _refused(gettext("The other portal cannot be reached. Sign in with your name here, or later."), error)
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError) as error:
        return _refused(gettext("What the other portal said about you does not hold. Begin once more."), error)
    subject = str((told.get("userinfo") or {}).get("sub", ""))
    with reading():
        account = account_of(given.issuer, subject) if subject else None
    if account is None:
        return _refused(gettext("Your account elsewhere opens none here. Ask the administrators to bind it."), None)
    if not begin_session(account, Way.OIDC):
        return redirect(url_for("sign_in.code", next=wanted), 303)
    return onward(account, wanted)


def _pin(client: Any) -> None:
    """The provider may name neither another issuer nor a signature that others could make."""
    metadata = client.load_server_metadata()
    if metadata.get("issuer", "").rstrip("/") != current_app.config["OIDC"].issuer:
        raise ValueError("the provider names another issuer")
    metadata["id_token_signing_alg_values_supported"] = ALGORITHMS


def _back() -> str:
    origin = current_app.config["ORIGIN"]
    path = url_for("sign_in.oidc_back")
    return f"{origin}{path}" if origin else url_for("sign_in.oidc_back", _external=True)


def _client() -> Any:
    oauth = current_app.extensions.get("authlib.integrations.flask_client")
    if current_app.config["OIDC"] is None or oauth is None:
        abort(404)
    return oauth.oidc


def _refused(words: str, error: Exception | None) -> ResponseReturnValue:
    """The journal learns the kind of the error; its words may hold what the provider sent."""
    journal.note_refusal(type(error).__name__ if error is not None else "unknown subject")
    for name in [name for name in session if name.startswith("_state_oidc_")]:
        del session[name]
    flash(words, "notice")
    return redirect(url_for("sign_in.enter"), 303)
