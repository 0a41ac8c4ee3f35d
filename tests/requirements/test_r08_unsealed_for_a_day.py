"""R08: a ledger that nobody has sealed for a day takes no new matters in, and what is under way goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.basis import By, Role
from portal.cases import operations
from portal.cases.model import Step
from portal.ledger import queries
from portal.ledger.operations import declare_emergency
from portal.sealing import seal
from portal.store import reading, transaction
from tests.requirements.conftest import Town


def handed_in(client: FlaskClient, draft: str) -> TestResponse:
    return client.post(draft, data={"is_true": "y"}, content_type="multipart/form-data")


def submissions() -> int:
    with reading():
        return sum(event.kind == "submitted" for batch in queries.stream() for event in batch)


@pytest.mark.parametrize("way", ["sealed again", "emergency"])
def test_a_hand_in_waits_with_all_its_words_until_the_record_is_sealed_or_two_people_answer_for_it(
    town: Town, way: str
) -> None:
    house, citizen = town.house, town.people["citizen"]
    instance = Path(house.app.instance_path)
    number = house.make_case()
    seal(house.now, instance)
    before = submissions()
    house.now += timedelta(hours=24, minutes=1)
    refused = handed_in(citizen, town.draft)
    assert refused.status_code == 422
    assert "目前无法受理新的" in refused.text
    assert submissions() == before
    assert citizen.get(town.draft).status_code == 200
    with transaction():
        operations.record(number, Step.COMMENT, by=house.by("clerk"), at=house.now, personal={"text": "We called."})
    if way == "emergency":
        head = By("h1", Role.HEAD, office="social-insurance")
        with transaction():
            declare_emergency("the disk of the seals is full", 12, approved_by="s1", by=head, at=house.now)
    else:
        seal(house.now, instance)
    assert handed_in(citizen, town.draft).status_code == 303
    assert submissions() == before + 1
