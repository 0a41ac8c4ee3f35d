"""While a password is hashed or verified, others write: the one writer of the database never waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from argon2 import PasswordHasher
from flask import Flask

from portal.accounts import passwords
from portal.accounts.sign_ins.model import Limits
from portal.accounts.throttle import operations as throttle
from portal.accounts.throttle.model import Kind, Lane
from portal.store import transaction
from tests.cases.city import MONDAY
from tests.web.office import PASSWORD, OfficeHouse, hash_quickly, opened

REGISTERED = {
    "name": "演示委托人",
    "kind": "identity-card",
    "number": "110101199003078515",
    "phone": "13800000000",
    "sign_in_name": "owner",
    "password": "a-long-enough-phrase",
}


@dataclass
class Busy:
    """A hasher during whose work somebody else writes; ``wrote`` says each time whether they could."""

    app: Flask
    inner: PasswordHasher = field(default_factory=lambda: PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    wrote: list[bool] = field(default_factory=list)

    def hash(self, password: str) -> str:
        self._meanwhile()
        return self.inner.hash(password)

    def verify(self, known: str, password: str) -> bool:
        self._meanwhile()
        return self.inner.verify(known, password)

    def check_needs_rehash(self, known: str) -> bool:
        return self.inner.check_needs_rehash(known)

    def _meanwhile(self) -> None:
        other = Thread(target=self._write, daemon=True)
        other.start()
        other.join(timeout=3)
        self.wrote.append(not other.is_alive())

    def _write(self) -> None:
        with self.app.app_context(), transaction():
            throttle.take_turn([Lane(Kind.PAIR, ("somebody", str(len(self.wrote))))], at=MONDAY)


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(database_url, tmp_path, SIGN_IN_LIMITS=Limits())


@pytest.fixture
def busy(house: OfficeHouse, monkeypatch: pytest.MonkeyPatch) -> Busy:
    house.give_password(house.by("clerk"))  # with the parameters of before: signing in makes the hash again
    hasher = Busy(house.app)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


def test_others_write_while_somebody_registers(house: OfficeHouse, busy: Busy) -> None:
    assert house.app.test_client().post("/register", data=REGISTERED).status_code == 303
    assert busy.wrote == [True]


def test_others_write_while_somebody_signs_in_whose_hash_is_made_again(house: OfficeHouse, busy: Busy) -> None:
    house.signed_in("clerk")
    assert busy.wrote == [True, True]  # verified, then hashed
    busy.wrote.clear()
    house.signed_in("clerk")
    assert busy.wrote == [True]


def test_others_write_while_somebody_changes_the_password(house: OfficeHouse, busy: Busy) -> None:
    clerk = house.signed_in("clerk")
    busy.wrote.clear()
    given = {"now": PASSWORD, "password": "Another-one-for-2"}
    assert clerk.post("/account/password", data=given).status_code == 303
    assert busy.wrote == [True, True]


def test_a_password_that_is_refused_is_not_hashed(house: OfficeHouse, busy: Busy) -> None:
    answer = house.app.test_client().post("/register?lang=en", data={**REGISTERED, "password": "password1"})
    assert answer.status_code == 422
    assert busy.wrote == []
