"""An audit of a period: run from a form, kept in files, shown as a page."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from tests.cases.city import MONDAY
from tests.web.office import OfficeHouse, links


def dated(name: str, text: str) -> dict[str, str]:
    year, month, day = text.split("-")
    return {f"{name}-year": year, f"{name}-month": month, f"{name}-day": day}


def test_an_audit_gives_a_page_and_files_that_agree(house: OfficeHouse) -> None:
    house.make_case()
    house.now = MONDAY + timedelta(days=30)
    client = house.signed_in("auditor")
    answer = client.post("/supervisor/audits", data={})
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    files = {file: client.get(f"{answer.location}/{file}") for file in ("summary.json", "findings.csv", "report.html")}
    assert {file.status_code for file in files.values()} == {200}
    assert all(file.headers["Content-Disposition"].startswith("attachment") for file in files.values())
    figures = json.loads(files["summary.json"].data)
    rows = list(csv.DictReader(io.StringIO(files["findings.csv"].data.decode("utf-8-sig"))))
    assert figures["cases"] == 1
    assert len(rows) == sum(sum(counts.values()) for counts in figures["findings"].values()) > 0
    assert figures["digest"] in page.text
    assert rows[0]["explanation"][:40] in page.text.replace("&#39;", "'")
    assert answer.location in links(client.get("/supervisor/audits").text)


def test_the_same_ledger_gives_the_same_digest(house: OfficeHouse) -> None:
    house.make_case()
    house.now = MONDAY + timedelta(days=30)
    client = house.signed_in("auditor")
    digests = []
    for _ in range(2):
        address = client.post("/supervisor/audits", data=dated("as_of", "2026-03-31")).location
        digests.append(json.loads(client.get(f"{address}/summary.json").data)["digest"])
    assert digests[0] == digests[1]


def test_a_period_leaves_out_what_was_handed_in_before_and_after(house: OfficeHouse) -> None:
    for days in (0, 10, 20):
        house.make_case(moment=MONDAY + timedelta(days=days))
    house.now = MONDAY + timedelta(days=30)
    client = house.signed_in("supervisor")
    typed = {**dated("opened_from", "2026-03-05"), **dated("opened_to", "2026-03-15")}
    address = client.post("/supervisor/audits", data=typed).location
    assert json.loads(client.get(f"{address}/summary.json").data)["cases"] == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**dated("opened_from", "2026-03-05"), **dated("opened_to", "2026-03-01")}, "opened_to"),
        (dated("as_of", "2030-01-01"), "as_of"),
        (dated("as_of", "2026-02-30"), "as_of"),
    ],
)
def test_a_period_that_cannot_be_is_pointed_at(house: OfficeHouse, typed: dict[str, str], field: str) -> None:
    answer = house.signed_in("supervisor").post("/supervisor/audits", data=typed)
    assert answer.status_code == 422
    assert f'href="#{field}-' in answer.text


@pytest.mark.parametrize(
    "name", ["20260101-000000-00000000", "..", "20260101-000000-0000000g", "20260101-000000-00000000%2F.."]
)
def test_an_audit_that_is_not_there_is_not_there(house: OfficeHouse, name: str) -> None:
    client = house.signed_in("auditor")
    assert client.get(f"/supervisor/audits/{name}").status_code == 404
    assert client.get(f"/supervisor/audits/{name}/summary.json").status_code == 404


def test_no_other_file_is_handed_out(house: OfficeHouse) -> None:
    client = house.signed_in("auditor")
    address = client.post("/supervisor/audits", data={}).location
    assert client.get(f"{address}/secret-key").status_code == 404
