"""What is published about a finding names nobody, and is gone once the finding is dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.compliance.procedure.model import Stage, Step
from portal.ledger import queries as ledger
from portal.store import reading
from tests.compliance.procedure.finding import ACCUSED_OFFICE, WATCHING, People, act, brought_to
from tests.web.office import OfficeHouse, hash_quickly, opened

N = "000001"
ACCUSED = f"{ACCUSED_OFFICE}.clerk.1"  # in this town people are called as their posts
STEP = f"/supervisor/findings/{N}/publish-finding"


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(sqlite_url, tmp_path)


def public(house: OfficeHouse, language: str = "en") -> str:
    return house.app.test_client().get(f"/open/findings?lang={language}").text


def test_a_published_finding_names_nobody(house: OfficeHouse) -> None:
    house.now = brought_to(Stage.CURED, People(house.staff))
    assert "None." in public(house)
    words = f"{ACCUSED} left cases waiting; call 13812345678 or see 11010519491231002X."
    assert house.signed_in("supervisor", WATCHING).post(STEP, data={"words": words}).status_code == 303
    with reading():
        (event,) = [one for one in ledger.events(f"finding/{N}") if one.kind == "finding-published"]
    for told in (public(house), public(house, "zh"), str(event.payload["words"])):
        assert "left cases waiting" in told
        for personal in (ACCUSED, "13812345678", "11010519491231002X", "the line was down"):
            assert personal not in told, personal
    assert "已整改" in public(house, "zh")
    assert house.signed_in("supervisor", WATCHING).post(STEP, data={"words": words}).status_code == 403


def test_nothing_is_published_while_the_office_can_still_appeal(house: OfficeHouse) -> None:
    people = People(house.staff)
    house.now = brought_to(Stage.CONFIRMED, people)
    client = house.signed_in("supervisor", WATCHING)
    assert client.get(STEP).status_code == 403
    act(N, Step.APPEAL, people.head, house.now)
    house.now += timedelta(days=30)
    assert client.get(STEP).status_code == 403
    act(N, Step.DECIDE_APPEAL, people.second, house.now)
    assert client.get(STEP).status_code == 200


def test_neither_the_auditor_nor_the_accused_office_publishes(house: OfficeHouse) -> None:
    house.now = brought_to(Stage.CURED, People(house.staff))
    for role, office in (("auditor", WATCHING), ("head", ACCUSED_OFFICE), ("supervisor", ACCUSED_OFFICE)):
        assert house.signed_in(role, office).post(STEP, data={"words": "w"}).status_code == 403


def test_what_is_dismissed_later_is_shown_no_more(house: OfficeHouse) -> None:
    people = People(house.staff)
    house.now = brought_to(Stage.RECTIFYING, people)
    act(N, Step.PUBLISH, people.first, house.now, words="Cases were left.")
    assert "Cases were left." in public(house)
    act(N, Step.PROPOSE_DISMISSAL, people.first, house.now)
    act(N, Step.DISMISS, people.second, house.now)
    assert "Cases were left." not in public(house)
