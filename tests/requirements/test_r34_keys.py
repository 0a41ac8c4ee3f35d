"""R34: no start on a secret that can be guessed; a new secret signs nobody out."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from portal import config, create_app
from portal.store import db
from tests.web.office import OfficeHouse, hash_quickly, opened


@pytest.mark.parametrize("given", ["changeme", "secret", "x" * 64, "short-one-1", f"{'k9-' * 20} dev"])
def test_a_secret_that_can_be_guessed_is_refused(given: str) -> None:
    with pytest.raises(config.SecretTooWeak):
        config.defaults({"YINUO_SECRET_KEY": given})


def test_the_portal_does_not_start_on_a_default_secret(tmp_path: Path) -> None:
    environment = {**os.environ, "YINUO_INSTANCE": str(tmp_path), "YINUO_SECRET_KEY": "changeme", "PORT": "1"}
    outcome = subprocess.run(
        [Path(sys.executable).parent / "portal", "serve"], env=environment, capture_output=True, text=True, check=False
    )
    assert outcome.returncode != 0
    assert "YINUO_SECRET_KEY is short or well known" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_new_secret_signs_nobody_out(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)
    old, new = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    for house in opened(sqlite_url, tmp_path, SECRET_KEY=old):
        clerk: OfficeHouse = house
        cookie = clerk.signed_in("clerk").get_cookie("yinuo")
        assert cookie is not None
        for key, fallbacks, found in ((new, [old], 200), (new, [], 401)):
            settings = {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": fallbacks, "CLOCK": clerk.app.config["CLOCK"]}
            shared = {"TESTING": True, "SQLALCHEMY_DATABASE_URI": sqlite_url, "LENIENT_SIGN_IN": True}
            app = create_app({**shared, **settings}, instance=tmp_path)
            client = app.test_client()
            client.set_cookie("yinuo", cookie.value)
            assert client.get("/clerk/").status_code == found
            with app.app_context():
                db.engine.dispose()


def test_the_environment_gives_the_secret_of_today_and_older_ones() -> None:
    today, older = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    settings = config.defaults({"YINUO_SECRET_KEY": f"{today} {older}"})
    assert (settings["SECRET_KEY"], settings["SECRET_KEY_FALLBACKS"]) == (today, [older])


def test_behind_tls_the_cookies_are_bound_to_their_host() -> None:
    settings = config.defaults({"YINUO_HTTPS": "1"})
    assert settings["SESSION_COOKIE_NAME"] == "__Host-yinuo"
    assert settings["SESSION_COOKIE_SECURE"] is True
