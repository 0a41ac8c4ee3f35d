"""A small city in which everybody who uses the portal has something on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.basis import files
from portal.basis.files import LOOK_AGAIN
from tests.web.citizen.visits import Visitor, Watch
from tests.web.office import OfficeHouse, hash_quickly, opened


@dataclass
class Town:
    """``people`` are browsers by who sits before them; the citizen has a draft at its last page, and a case."""

    house: OfficeHouse
    people: dict[str, FlaskClient]
    draft: str
    number: str


@pytest.fixture
def town(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    hash_quickly(monkeypatch)
    # Nothing here writes a deployment's files, so the portal need not look for them at every request.
    monkeypatch.setattr(files, "LOOK_AGAIN", LOOK_AGAIN)
    yield from built(sqlite_url, tmp_path)


def built(url: str, folder: Path) -> Iterator[Town]:
    for house in opened(url, folder):
        citizen = Visitor(house.app.test_client(), house.app, Watch(house.now))
        number = citizen.hand_in()
        draft = citizen.fill_in("food-licence")
        house.make_case()
        house.make_inquiry(office="market-supervision", moment=house.now, question="Where do I change it?")
        people = {
            "stranger": house.app.test_client(),
            "citizen": citizen.client,
            "clerk": house.signed_in("clerk"),
            "supervisor": house.signed_in("supervisor"),
        }
        yield Town(house, people, draft, number)
