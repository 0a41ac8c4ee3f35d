"""What must come out alike for years does not hang on the secret of the cookies; the nightly chores forget sign-ins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.accounts.sign_ins import operations, queries
from portal.accounts.sign_ins.model import Way
from portal.basis import SYSTEM
from portal.store import transaction
from portal.verbs.scheduler import DAILY
from portal.web.keyed import lasting_secret

NOW = datetime(2026, 9, 24, 2, tzinfo=UTC)


def test_a_new_secret_makes_nobody_another_person(app: Flask) -> None:
    with app.app_context():
        before = lasting_secret()
        app.config.update(SECRET_KEY="another one", SECRET_KEY_FALLBACKS=[])
        assert lasting_secret() == before
        assert str(app.config["SECRET_KEY"]).encode() != before


@pytest.mark.usefixtures("database")
def test_the_nightly_chores_forget_sign_ins_after_half_a_year() -> None:
    with transaction():
        account = accounts.create_account("somebody", "Somebody", AccountKind.STAFF, by=SYSTEM, at=NOW).id
    for days in (184, 182):
        with transaction():
            operations.begin(
                account, way=Way.PASSWORD, is_whole=True, address="", browser="", at=NOW - timedelta(days=days)
            )
    for chore in DAILY:
        with transaction():
            chore(NOW)
    assert [one.created_at for one in queries.of_account(account)] == [NOW - timedelta(days=182)]
