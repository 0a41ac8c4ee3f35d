"""Where a deployment keeps its things, and who may read them."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal import config, create_app


def test_a_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "instance"
    first = config.secret(folder, "secret-key")
    assert len(first) >= 64
    assert config.secret(folder, "secret-key") == first
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret-key"]


def test_two_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: config.secret(tmp_path, "secret-key"), range(64)))
    assert len(secrets) == 1


def test_two_portals_have_two_secrets(tmp_path: Path) -> None:
    apps = [create_app(instance=tmp_path / name) for name in ("one", "two")]
    assert apps[0].config["SECRET_KEY"] != apps[1].config["SECRET_KEY"]


def test_the_instance_folder_may_be_named_from_outside(tmp_path: Path) -> None:
    assert config.instance_folder({"YINUO_INSTANCE": str(tmp_path)}) == tmp_path
    assert config.instance_folder({}).name == "instance"


@pytest.mark.parametrize(("value", "secure"), [(None, False), ("0", False), ("1", True)])
def test_cookies_are_for_tls_alone_where_the_portal_is_behind_tls(value: str | None, secure: bool) -> None:
    settings = config.defaults({"YINUO_HTTPS": value} if value else {})
    assert settings["SESSION_COOKIE_SECURE"] is secure
    assert settings["SESSION_COOKIE_HTTPONLY"] is True
