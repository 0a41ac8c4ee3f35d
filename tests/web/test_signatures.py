"""The cookie is signed with the keys that hold at the moment, whichever the application was made with."""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.web import signatures

FIRST, SECOND = "f1rst-" * 8, "s3cond-" * 8


def signer(app: Flask) -> URLSafeTimedSerializer:
    found = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert isinstance(found, URLSafeTimedSerializer)
    return found


def test_what_signs_is_made_once_for_its_keys(app: Flask) -> None:
    signatures.install(app)
    assert signer(app) is signer(app)


def test_a_renewed_key_signs_from_then_on_and_the_older_one_holds_as_long_as_it_is_listed(app: Flask) -> None:
    signatures.install(app)
    app.config.update(SECRET_KEY=FIRST, SECRET_KEY_FALLBACKS=[])
    before = signer(app).dumps({"a": 1})
    app.config.update(SECRET_KEY=SECOND, SECRET_KEY_FALLBACKS=[FIRST])
    after = signer(app).dumps({"a": 1})
    assert signer(app).loads(before) == signer(app).loads(after) == {"a": 1}
    app.config["SECRET_KEY_FALLBACKS"].clear()
    assert signer(app).loads(after) == {"a": 1}
    with pytest.raises(BadSignature):
        signer(app).loads(before)
