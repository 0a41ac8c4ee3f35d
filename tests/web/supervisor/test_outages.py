"""The page on which a supervisor declares an outage, and what applicants then read beside their case."""

from __future__ import annotations

from typing import Any

import pytest

from portal.cases import queries
from portal.cases.model import CaseState
from portal.store import reading, transaction
from tests.cases.city import MONDAY, at, hand_in
from tests.web.office import OfficeHouse

WEDNESDAY = at("Wednesday 2026-03-04 10:00")


def days(name: str, day: int) -> dict[str, str]:
    return {f"{name}-year": "2026", f"{name}-month": "3", f"{name}-day": str(day)}


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "offices": ["market-supervision"],
        "channels": ["web"],
        "cause": "the data centre had no electricity",
        "evidence": "fault report 17",
        **days("from_on", 3),
        **days("until_on", 3),
        **changes,
    }


def test_a_declared_outage_is_listed_and_its_cases_say_why_their_date_moved(house: OfficeHouse) -> None:
    number = house.make_case(to=CaseState.ACCEPTED)
    house.now = WEDNESDAY
    supervisor = house.signed_in("supervisor")
    answer = supervisor.post("/supervisor/outages/new", data=typed())
    assert (answer.status_code, answer.location) == (303, "/supervisor/outages")
    listed = supervisor.get(answer.location).text
    assert "1 open case got the days" in listed
    for told in ("O2026-0001", "the data centre had no electricity", "fault report 17", "online"):
        assert told in listed
    assert "the data centre had no electricity" in supervisor.get(f"/clerk/cases/{number}").text


def test_an_applicant_reads_what_was_down_and_that_those_days_do_not_count(house: OfficeHouse) -> None:
    with transaction():
        receipt = hand_in(moment=MONDAY)
    house.now = WEDNESDAY
    house.signed_in("supervisor").post("/supervisor/outages/new", data=typed())
    citizen = house.app.test_client()
    citizen.get("/?lang=en")
    opened = citizen.post("/follow", data={"number": receipt.number, "code": receipt.query_code}, follow_redirects=True)
    assert "the data centre had no electricity" in opened.text
    assert "these days do not count" in opened.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offices": []}, "offices"),
        ({"cause": ""}, "cause"),
        ({"evidence": ""}, "evidence"),
        (days("until_on", 2), "until_on-day"),
        (days("until_on", 5), "until_on-day"),
        (days("from_on", 32), "from_on-day"),
    ],
)
def test_what_was_typed_stays_when_an_outage_cannot_be_so(
    changes: dict[str, Any], field: str, house: OfficeHouse
) -> None:
    house.now = WEDNESDAY
    answer = house.signed_in("supervisor").post("/supervisor/outages/new", data=typed(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    kept = {"cause": "fault report 17"}.get(field, "the data centre had no electricity")
    assert kept in answer.text
    with reading():
        assert queries.declared_outages() == []


def test_who_supervises_declares_and_who_audits_or_heads_an_office_only_reads(house: OfficeHouse) -> None:
    for role in ("auditor", "head"):
        reader = house.signed_in(role)
        assert reader.get("/supervisor/outages").status_code == 200
        assert "/supervisor/outages/new" not in reader.get("/supervisor/outages").text
        assert reader.post("/supervisor/outages/new", data=typed()).status_code == 403
    assert house.signed_in("clerk").get("/supervisor/outages").status_code == 403


def test_an_office_without_any_outage_says_so(house: OfficeHouse) -> None:
    assert "No outage has been declared." in house.signed_in("supervisor").get("/supervisor/outages").text
