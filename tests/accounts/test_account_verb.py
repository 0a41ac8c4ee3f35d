"""`portal account`: a portal that is no demonstration gets its first administrator from the console."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal import cli, create_app, store
from portal.accounts import queries
from portal.accounts.sign_ins import operations as sign_ins
from portal.accounts.sign_ins.model import Way
from portal.accounts.sign_ins.queries import asking
from portal.basis import Role
from portal.verbs.account import ZONE

PASSWORD = "First-admin-of-1"


@pytest.fixture
def _portal(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_INSTANCE", str(tmp_path))
    monkeypatch.setenv("YINUO_DATABASE_URL", database_url)


pytestmark = pytest.mark.usefixtures("_portal")


def said(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli.main, ["account", *words], input=given)


def roles(name: str) -> frozenset[Role]:
    app = create_app()
    with app.app_context():
        account = queries.by_name(name)
        found = queries.roles_held(account.id, datetime.now(ZONE).date()) if account else frozenset()
        store.db.session.remove()
        store.db.engine.dispose()
    return found


def test_the_first_administrator_is_made_and_appointed() -> None:
    made = said("create", "root", "--shown", "管理员", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    appointed = said("appoint", "root", "admin-1", "--role", "sysadmin", "--office", "government-services")
    assert appointed.exit_code == 0, appointed.output
    assert roles("root") == {Role.SYSADMIN}


def test_a_password_that_is_too_weak_for_staff_is_refused_in_one_line() -> None:
    outcome = said("create", "root", "--password", "password")
    assert outcome.exit_code == 2
    assert "at least 12 characters" in outcome.output


def test_a_closed_account_holds_nothing_and_is_not_found_again() -> None:
    said("create", "root", "--password", PASSWORD)
    said("appoint", "root", "admin-1", "--role", "sysadmin", "--office", "government-services")
    assert said("password", "root", "--password", "Second-admin-2").exit_code == 0
    assert said("reset-second-factor", "root").exit_code == 0
    assert said("close", "root").exit_code == 0
    assert roles("root") == frozenset()
    said("create", "next", "--password", PASSWORD)
    again = said("password", "root", "--password", "Third-admin-of-3")
    assert again.exit_code == 2
    assert "no open account root" in again.output
    assert said("password", "nobody", "--password", PASSWORD).exit_code == 2


def test_every_sign_in_of_an_account_can_be_ended_from_the_console() -> None:
    said("create", "root", "--password", PASSWORD)
    app = create_app()
    with app.app_context():
        account = queries.by_name("root")
        assert account is not None
        with store.transaction():
            token = sign_ins.begin(
                account.id, way=Way.PASSWORD, is_whole=True, address="", browser="", at=datetime.now(ZONE)
            )
        store.db.session.remove()
        assert "1 sign-ins of root are ended" in said("end-sign-ins", "root").output
        assert asking(token) is None
        store.db.session.remove()
        store.db.engine.dispose()
