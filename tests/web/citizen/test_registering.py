"""Who registers finds the own requests afterwards; a number that cannot be is refused, with what was typed kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import OfficeHouse, hash_quickly, opened

FORM = {
    "name": "演示居民",
    "kind": "identity-card",
    "number": "110101199003078515",
    "phone": "13800000000",
    "sign_in_name": "resident-one",
    "password": "a-long-enough-phrase",
}


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(sqlite_url, tmp_path)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/register", "/register?as=firm"])
def test_the_page_is_there_for_persons_and_firms(house: OfficeHouse, path: str, language: str) -> None:
    mark = "&" if "?" in path else "?"
    answer = house.app.test_client().get(f"{path}{mark}lang={language}")
    assert answer.status_code == 200
    assert ("注册" if language == "zh" else "Register") in answer.text


def test_who_registers_signs_in_and_finds_the_own_pages(house: OfficeHouse) -> None:
    browser = house.app.test_client()
    answer = browser.post("/register", data=FORM)
    assert answer.status_code == 303, answer.text
    entered = browser.post(answer.location, data={"name": FORM["sign_in_name"], "password": FORM["password"]})
    assert entered.status_code == 303
    assert browser.get("/mine/").status_code == 200
    details = browser.get("/mine/details")
    assert details.status_code == 200
    assert FORM["number"] not in details.text, "masked by default"
    assert browser.get("/mine/agents/").status_code == 200


def test_a_number_that_cannot_be_is_told_and_what_was_typed_stays(house: OfficeHouse) -> None:
    answer = house.app.test_client().post("/register", data=FORM | {"number": "110101199003078514"})
    assert answer.status_code == 422
    assert "末位校验码" in answer.text
    assert FORM["name"] in answer.text
    assert FORM["password"] not in answer.text


def test_one_document_registers_once(house: OfficeHouse) -> None:
    assert house.app.test_client().post("/register", data=FORM).status_code == 303
    again = house.app.test_client().post("/register", data=FORM | {"sign_in_name": "resident-two"})
    assert again.status_code == 422
    assert "此证件已被注册" in again.text


def test_the_page_to_sign_in_leads_there(house: OfficeHouse) -> None:
    assert 'href="/register"' in house.app.test_client().get("/sign-in").text
