"""A clerk hands in for who stands at the window, and the citizen leaves with a number and a query code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.cases import queries
from portal.cases.model import CaseState, Holder
from portal.cases.queries import CasePage
from portal.catalogue.model import ItemVersion
from portal.catalogue.queries import catalogue
from portal.ledger import queries as ledger
from portal.sealing import seal
from portal.store import reading
from tests.cases.city import ANSWERS, SHANGHAI
from tests.qr import words_in
from tests.web.citizen.visits import pdf, typed
from tests.web.office import OfficeHouse

ITEM = "food-licence"


def version_of(house: OfficeHouse) -> ItemVersion:
    return catalogue().in_force(ITEM, house.now.astimezone(SHANGHAI).date())


def at_form(clerk: FlaskClient) -> str:
    """Choose the item and answer its questions; returns the address of the form."""
    answer = clerk.post("/clerk/hand-in/", data={"item": ITEM})
    for code in ANSWERS[ITEM]:
        assert answer.location.endswith(f"/question/{code}")
        assert clerk.get(answer.location).status_code == 200
        answer = clerk.post(answer.location, data={"answer": ANSWERS[ITEM][code]})
    assert answer.location.endswith("/form")
    return str(answer.location)


def filled_in(version: ItemVersion) -> dict[str, Any]:
    given: dict[str, Any] = {"is_true": "y"}
    for asked in version.fields_for(version.situation_of(ANSWERS[ITEM])):
        given |= typed(asked)
    return given


def hand_in(clerk: FlaskClient, house: OfficeHouse, **more: Any) -> TestResponse:
    return clerk.post(at_form(clerk), data={**filled_in(version_of(house)), **more})


def page_of(answer: TestResponse, house: OfficeHouse) -> CasePage:
    found = re.search(r"/clerk/cases/([0-9-]+)/receipt", answer.location)
    assert found is not None
    with reading():
        return queries.case_page(found[1], at=house.now)


def test_what_is_handed_in_at_the_window_is_received_at_once_by_the_clerk(house: OfficeHouse) -> None:
    answer = hand_in(house.signed_in("clerk"), house, seen_layout="y")
    assert answer.status_code == 303, answer.text
    page, clerk = page_of(answer, house), house.by("clerk")
    assert (page.case.state, page.case.channel) == (CaseState.RECEIVED, "window")
    assert page.case.first_responder == Holder(clerk.office, clerk.post, clerk.actor)
    assert page.case.materials == {"layout"}
    assert [event.actor for event in ledger.events(f"case/{page.number}")] == [clerk.actor] * 2
    assert page.personal["firm-name"] == "例州市好菌食品有限公司"


def test_the_receipt_shows_the_code_with_which_the_citizen_follows_the_case(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    answer = hand_in(clerk, house)
    receipt = clerk.get(answer.location).text
    number = page_of(answer, house).number
    code = re.search(r'id="code">([A-Z0-9]{8})<', receipt)
    assert code is not None
    assert f"{number}-S" in receipt
    with reading():
        assert queries.follow(number, code[1], at=house.now).number == number
    assert code[1] not in house.signed_in("clerk").get(answer.location).text  # not kept anywhere else


def test_the_picture_on_the_receipt_leads_to_the_proof_of_the_entry(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    answer = hand_in(clerk, house)
    with reading():
        handed_in = ledger.events(f"case/{page_of(answer, house).number}")[0]
    picture = "QR code: opens the page that proves the entry"
    assert "is being sealed" in clerk.get(answer.location).text
    seal(house.now, Path(house.app.instance_path))
    receipt = clerk.get(answer.location).text
    address = urlsplit(words_in(receipt, picture))
    assert address.netloc
    assert address.path == f"/open/verify/{handed_in.seq}/{handed_in.leaf_hash.hex()}"
    assert "of the sealed ledger" in receipt
    assert house.app.test_client().get(address.path).status_code == 200  # a stranger who scans it


def test_a_second_click_gives_the_same_receipt(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    address = at_form(clerk)
    first = clerk.post(address, data=filled_in(version_of(house)))
    again = clerk.post(address, data=filled_in(version_of(house)))
    assert again.location == first.location
    assert 'id="code"' in clerk.get(again.location).text
    with reading():
        assert queries.count_work(at=house.now) == 1


def test_what_was_typed_ticked_and_scanned_stays_when_something_is_missing(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    address = at_form(clerk)
    given = {
        **filled_in(version_of(house)),
        "f_contact-phone": "12",
        "seen_layout": "y",
        "m_process": [pdf("流程.pdf")],
    }
    answer = clerk.post(address, data=given, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'href="#f_contact-phone"' in answer.text
    assert "例州市好菌食品有限公司" in answer.text
    assert re.search(r'name="seen_layout"[^>]*checked', answer.text)
    assert "流程.pdf" in answer.text
    done = clerk.post(address, data={**filled_in(version_of(house)), "seen_layout": "y"})
    page = page_of(done, house)
    assert page.case.materials == {"layout", "process"}
    assert [paper.code for paper in page.papers if paper.stored_as] == ["process"]


def test_a_scan_is_taken_away_again_without_losing_what_was_typed(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    address = at_form(clerk)
    given = {**filled_in(version_of(house)), "f_contact-phone": "12", "m_process": [pdf("流程.pdf")]}
    text = clerk.post(address, data=given, content_type="multipart/form-data").text
    stored = re.search(r'name="remove" value="([^"]+)"', text)
    assert stored is not None
    answer = clerk.post(address, data={**filled_in(version_of(house)), "remove": stored[1]})
    assert "流程.pdf" not in answer.text
    assert "例州市好菌食品有限公司" in answer.text
    assert "govuk-error-summary" not in answer.text


def test_only_items_of_the_own_office_are_offered_and_only_to_who_may_hand_in(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk", "social-insurance")
    assert f'value="{ITEM}"' not in clerk.get("/clerk/hand-in/").text
    assert clerk.post("/clerk/hand-in/", data={"item": ITEM}).status_code == 422
    assert house.signed_in("reviewer").get("/clerk/hand-in/").status_code == 403
    assert "/clerk/hand-in/" not in house.signed_in("reviewer").get("/clerk/").text
    assert "/clerk/hand-in/" in clerk.get("/clerk/").text


def test_a_draft_of_another_session_or_office_is_not_there(house: OfficeHouse) -> None:
    address = at_form(house.signed_in("clerk"))
    assert house.signed_in("clerk", which=2).get(address).status_code == 404


def test_a_draft_can_be_thrown_away(house: OfficeHouse) -> None:
    clerk = house.signed_in("clerk")
    address = at_form(clerk)
    assert clerk.post(address.replace("/form", "/discard")).status_code == 303
    assert clerk.get(address).status_code == 404
