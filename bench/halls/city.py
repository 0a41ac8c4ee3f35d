"""A hall that is open round the clock, with a clerk at each window and a kiosk, ready to be served and signed in to."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyotp
from sqlalchemy import create_engine, text

from portal import config, create_app
from portal.accounts import operations as accounts
from portal.accounts.model import AccountKind
from portal.accounts.second_factor import operations as second_factors
from portal.basis import SYSTEM, Bilingual, By, Role
from portal.hall import operations
from portal.hall.places import place
from portal.store import db, transaction, upgrade

if TYPE_CHECKING:
    from flask import Flask

HALL, OUTLET = "city-hall", "centre-a-hall"
ITEM = "unemployment-subsidy"
# Eight windows with what their visitors come for; most take most services, so their queues mix.
WINDOWS = (
    (HALL, "social-insurance-1", ITEM),
    (HALL, "social-insurance-2", ITEM),
    (HALL, "comprehensive-1", ITEM),
    (HALL, "comprehensive-2", ITEM),
    (HALL, "low-counter", "food-licence"),
    (HALL, "market-1", "food-licence"),
    (OUTLET, "window-1", ITEM),
    (OUTLET, "window-2", ITEM),
)
# Every day, holidays too: the real server runs by the real clock whenever somebody measures.
HOURS = """
name = "Round the clock"
timezone = "Asia/Shanghai"
[week]
"1-7" = [["00:00", "24:00"]]
[hours_overrides]
"{today}" = [["00:00", "24:00"]]
"{tomorrow}" = [["00:00", "24:00"]]
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """A window, what people come to it for, and how its clerk signs in."""

    hall: str
    window: str
    item: str
    office: str  # of the service, whose button stands at the kiosk
    name: str
    password: str
    codes: tuple[str, ...]  # recovery codes, each of which signs in once


@dataclass(frozen=True, slots=True)
class City:
    folder: Path
    url: str
    seats: tuple[Seat, ...]
    manager: Seat  # of the hall, at no window
    kiosks: dict[str, str]  # the token of each hall's

    def app(self) -> Flask:
        """In this process, which from now on reads the hours and keys of this city."""
        os.environ["YINUO_INSTANCE"] = str(self.folder)
        return create_app({"SQLALCHEMY_DATABASE_URI": self.url}, instance=self.folder)


def made(folder: Path, url: str | None = None) -> City:
    """A city in this folder, on its own SQLite or on the database of that address."""
    hours = folder / "offices"
    hours.mkdir()
    at = datetime.now(UTC)
    today = at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for name in ("default", "summer"):
        (hours / f"{name}.toml").write_text(HOURS.format(today=today, tomorrow=today + timedelta(days=1)))
    url = url or f"sqlite:///{folder / 'portal.sqlite'}"
    app = create_app({"SQLALCHEMY_DATABASE_URI": url}, instance=folder)
    upgrade(app)
    with app.app_context():
        key = config.secret(folder, "account-key")
        with transaction():
            seats = tuple(_seat(*window, key=key, at=at) for window in WINDOWS)
            manager = _manager(HALL, key=key, at=at)
            kiosks = {hall: _kiosk(hall, at) for hall in (HALL, OUTLET)}
        db.session.remove()
        db.engine.dispose()
    return City(folder, url, seats, manager, kiosks)


def _seat(hall: str, window: str, item: str, *, key: str, at: datetime) -> Seat:
    where, name = place(hall), f"{hall}.{window}"
    password, codes = _account(name, where.window(window).office, Role.CLERK, key=key, at=at)
    return Seat(hall, window, item, where.offices[item], name, password, codes)


def _manager(hall: str, *, key: str, at: datetime) -> Seat:
    name = f"{hall}.manager"
    password, codes = _account(name, place(hall).hall.run_by, Role.HALL_MANAGER, key=key, at=at)
    return Seat(hall, "", ITEM, place(hall).hall.run_by, name, password, codes)


def _account(name: str, office: str, role: Role, *, key: str, at: datetime) -> tuple[str, tuple[str, ...]]:
    """With a post of the same name; returns the password and the recovery codes."""
    password, secret = f"Aa1-{secrets.token_hex(12)}", pyotp.random_base32()
    account = accounts.create_account(name, name, AccountKind.STAFF, at=at, by=SYSTEM, password=password)
    accounts.create_post(name, office, role, Bilingual(name, name), by=SYSTEM, at=at)
    accounts.appoint(account.id, name, date(2020, 1, 1), by=SYSTEM, at=at)
    codes = second_factors.set_up(account.id, secret, pyotp.TOTP(secret).at(at), key=key, at=at)
    return password, tuple(codes)


def _kiosk(hall: str, at: datetime) -> str:
    manager = By("bench", Role.HALL_MANAGER, office=place(hall).hall.run_by, post="bench")
    return operations.enrol_kiosk(hall, "entrance", by=manager, at=at)


def accounts_of(url: str) -> dict[str, str]:
    """By name, of a city's database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {str(name): str(number) for name, number in connection.execute(text("SELECT name, id FROM account"))}
    engine.dispose()
    return found
