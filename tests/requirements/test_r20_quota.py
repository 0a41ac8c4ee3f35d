"""R20: one sender cannot fill the disk in a day."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.basis import By, Role
from portal.store import db, transaction
from portal.web import upload_quota
from portal.web.tables import UploadDayRow
from portal.web.uploads import FileUnfit

MONDAY, TUESDAY = date(2026, 9, 21), date(2026, 9, 22)


def take(app: Flask, size: int, *, on: date = MONDAY, address: str = "10.0.0.1", by: By | None = None) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}), transaction():
        upload_quota.take(size, field="f", by=by, on=on)


@pytest.fixture
def portal(database: Flask) -> Flask:
    database.config["SECRET_KEY"] = "a secret of the tests"
    return database


def test_a_sender_may_lay_down_so_much_a_day_and_no_more(portal: Flask) -> None:
    take(portal, upload_quota.MOST_A_DAY - 10)
    take(portal, 10)
    with pytest.raises(FileUnfit, match="were sent from your connection today"):
        take(portal, 1)
    take(portal, 1, address="10.0.0.2")
    take(portal, 1, by=By("clerk", Role.CLERK))


def test_another_address_of_the_same_ipv6_network_is_the_same_sender(portal: Flask) -> None:
    take(portal, upload_quota.MOST_A_DAY, address="2001:db8:0:1::1")
    with pytest.raises(FileUnfit, match="were sent from your connection today"):
        take(portal, 1, address="2001:db8:0:1:ffff::2")
    take(portal, 1, address="2001:db8:0:2::1")


def test_the_next_day_begins_anew_and_what_was_counted_is_forgotten(portal: Flask) -> None:
    take(portal, upload_quota.MOST_A_DAY)
    take(portal, upload_quota.MOST_A_DAY, on=TUESDAY)
    with portal.app_context():
        assert db.session.scalar(select(func.count()).select_from(UploadDayRow)) == 1


def test_the_table_does_not_tell_the_address(portal: Flask) -> None:
    take(portal, 5)
    with portal.app_context():
        assert "10.0.0.1" not in str(db.session.scalar(select(UploadDayRow.sender)))
