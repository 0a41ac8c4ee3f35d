"""A portal with the staff of a small city, and browsers that have signed in as one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient

from portal import create_app
from portal.accounts import operations as accounts
from portal.accounts import passwords
from portal.accounts.sign_ins.model import Limits
from portal.basis import By
from portal.store import db, transaction
from tests.cases.city import MONDAY, Maker, Staff, case_maker, employ, inquiry_maker

LONG = Limits(idle_staff=timedelta(days=400), longest=timedelta(days=400))  # tests turn the clock by weeks
PASSWORD = "a long road to hall 3"


@dataclass
class OfficeHouse:
    """The portal at ``now``; ``make_case`` and ``make_inquiry`` work at moments of their own."""

    app: Flask
    staff: Staff
    make_case: Maker
    make_inquiry: Maker
    now: datetime = MONDAY
    _with_password: set[str] = field(default_factory=set)

    def by(self, role: str, office: str = "market-supervision", which: int = 1) -> By:
        return self.staff.by(role, office, which)

    def give_password(self, by: By) -> None:
        """Once: a new password would end what was signed in with the one before."""
        if by.actor not in self._with_password:
            with transaction():
                accounts.set_password(by.actor, PASSWORD, at=self.now)
            self._with_password.add(by.actor)

    def signed_in(
        self, role: str, office: str = "market-supervision", which: int = 1, language: str = "en"
    ) -> FlaskClient:
        by = self.by(role, office, which)
        self.give_password(by)
        client = self.app.test_client()
        client.get(f"/sign-in?lang={language}")
        answer = client.post("/sign-in", data={"name": by.post, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strength of the hash is tested with the accounts; here it would only make signing in slow."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def opened(url: str, folder: Path, **settings: object) -> Iterator[OfficeHouse]:
    app = create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SQLALCHEMY_DATABASE_URI": url,
            "LENIENT_SIGN_IN": True,  # the second factor has tests of its own
            "SIGN_IN_LIMITS": LONG,
            "REQUESTS_PER_MINUTE": 0,
            **settings,
        },
        instance=folder,
    )
    with app.app_context():
        with transaction():
            staff = employ()
        house = OfficeHouse(app, staff, case_maker(staff), inquiry_maker(staff))
        app.config["CLOCK"] = lambda: house.now
        # Tests work in a context of their own, which requests would share: each begins with nothing known.
        app.before_request_funcs.setdefault(None, []).insert(0, forget)
        yield house
        db.session.remove()
        db.engine.dispose()


def without_token(text: str) -> str:
    """The page but for the token of its forms, which is new each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def forget() -> None:
    vars(g).clear()


def links(text: str) -> set[str]:
    """The addresses that a page offers, as their paths."""
    return set(re.findall(r'(?:href|action)="(/[^"#?]*)', text))
