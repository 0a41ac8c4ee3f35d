"""R16: pages and logs show personal data masked; in full only for a reason, on record, for the person to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.basis import mask_address, mask_identity_number, mask_name, mask_phone, mask_text
from portal.basis.masks import log_line
from portal.ledger import queries as ledger
from portal.store import reading
from tests.requirements.handing_in import Planting, plant
from tests.requirements.planted import found_in
from tests.web.office import OfficeHouse, hash_quickly, opened


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OfficeHouse]:
    hash_quickly(monkeypatch)
    yield from opened(sqlite_url, tmp_path)


@pytest.fixture
def planted(house: OfficeHouse, tmp_path: Path) -> list[Planting]:
    found = plant(house.staff, tmp_path, at=house.now, people=3)
    house.now += timedelta(minutes=5)
    return found


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_name("张三"), "张*"),
        (mask_identity_number("110105194912310021"), "110***********0021"),
        (mask_phone("13812345678"), "138****5678"),
        (mask_address("河南省安阳市文峰区南大街12号3单元"), "河南省安阳市文峰区南大街***"),
        (mask_address("例州市甲区东街11号"), "例州市甲区东街***"),
        (mask_address("幸福小区3号楼201室"), "幸福小***"),
        (mask_address(""), ""),
        (mask_text("号码110105194912310021，电话+86 138-1234-5678。"), "号码110***********0021，电话138****5678。"),
        (mask_text("统一社会信用代码114105000055512345"), "统一社会信用代码114105000055512345"),
        (
            mask_text("GET /follow?number=1&code=AB12CD34 查询码：AB12-CD34"),
            "GET /follow?number=1&code=******** 查询码：********",
        ),
        (mask_text("410500-2020-000017 2020-01-31T10:00:00.000000Z"), "410500-2020-000017 2020-01-31T10:00:00.000000Z"),
        (log_line("one\r\n2026 fake 13812345678\x1b[0m"), "one\\r\\n2026 fake 138****5678\\x1b[0m"),
    ],
)
def test_a_mask_keeps_what_the_requirement_says(masked: str, expected: str) -> None:
    assert masked == expected


@pytest.mark.parametrize("role", ["clerk", "reviewer", "head", "supervisor", "auditor"])
def test_no_page_of_staff_shows_personal_data_in_full(house: OfficeHouse, planted: list[Planting], role: str) -> None:
    client = house.signed_in(role)
    for one in planted:
        for path in (f"/clerk/cases/{one.number}", f"/clerk/inquiries/{one.inquiry}", "/clerk/", "/clerk/inquiries/"):
            text = client.get(path).text
            shown = set(found_in(text)) - {one.person.remark}  # what was asked is what has to be answered
            assert shown == set(), (role, path)


def test_the_person_sees_masked_data_too_until_asking_for_a_copy(house: OfficeHouse, planted: list[Planting]) -> None:
    client = house.app.test_client()
    for one in planted:
        client.post("/follow", data={"number": one.number, "code": one.code})
        for path in (f"/cases/{one.number}", f"/cases/{one.number}/receipt", f"/my-data/{one.number}"):
            assert set(found_in(client.get(path).text)) - {one.person.remark} == set(), path


def test_a_look_needs_a_reason_is_on_record_and_the_person_reads_it(
    house: OfficeHouse, planted: list[Planting]
) -> None:
    one, client = planted[0], house.signed_in("clerk")
    assert client.post(f"/clerk/cases/{one.number}/show", data={"reason": "curious"}).status_code == 422
    assert client.post(f"/clerk/cases/{one.number}/show", data={}).status_code == 422
    assert one.person.identity not in client.get(f"/clerk/cases/{one.number}").text
    client.post(f"/clerk/cases/{one.number}/show", data={"reason": "asked-by-applicant"})
    assert one.person.identity in client.get(f"/clerk/cases/{one.number}").text
    assert planted[1].person.identity not in client.get(f"/clerk/cases/{planted[1].number}").text
    with reading():
        (look,) = [event for event in ledger.events(f"case/{one.number}") if event.kind == "viewed"]
    assert look.text("reason") == "asked-by-applicant"
    assert {"identity", "name", "files"} <= set(look.texts("fields"))
    assert found_in(str(look.payload)) == []
    citizen = house.app.test_client()
    citizen.get("/?lang=en")
    citizen.post("/follow", data={"number": one.number, "code": one.code})
    text = citizen.get(f"/my-data/{one.number}").text
    assert "The applicant has asked me to look" in text
    assert house.by("clerk").actor not in text


def test_nobody_without_the_code_reads_who_looked(house: OfficeHouse, planted: list[Planting]) -> None:
    for path in ("", "/request"):
        assert house.app.test_client().get(f"/my-data/{planted[0].number}{path}").status_code == 404
    assert house.app.test_client().post(f"/my-data/{planted[0].number}/copy").status_code == 404


def test_the_log_holds_none_of_them(
    house: OfficeHouse, planted: list[Planting], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = house.signed_in("clerk")
        for one in planted:
            client.post(f"/clerk/cases/{one.number}/show", data={"reason": "handling"})
            client.get(f"/clerk/cases/{one.number}")
            client.get(f"/clerk/cases/{one.number}/papers/0")
    assert found_in(caplog.text) == []
