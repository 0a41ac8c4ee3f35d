"""R22: a form takes the fields that it shows; whatever else is sent with it changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal.accounts.tables import AccountRow, HoldingRow, PostRow
from portal.cases.tables import CaseRow
from portal.store import db
from tests.crawl import changed, stored, texts_of, walk
from tests.requirements.conftest import Town

PLANTED = "planted-from-outside"
BESIDE = {
    "role", "roles", "is_admin", "admin", "office", "post", "actor", "by", "at", "state", "number", "owner",
    "applicant", "account", "account_id", "id", "kind", "version", "item_version", "decided_at", "due_at",
    "received_at", "priority", "token", "session",
    "password_hash", "severity", "holder", "_user_id", "next", "query_code", "idempotency_key", "receipt_no", "channel",
}  # fmt: skip
POWERS = {AccountRow.__tablename__, PostRow.__tablename__, HoldingRow.__tablename__}


def columns() -> set[str]:
    return {column.name for table in db.metadata.sorted_tables for column in table.columns}


@pytest.mark.parametrize("who", ["citizen", "clerk", "supervisor"])
def test_fields_that_no_form_shows_are_not_taken(town: Town, who: str) -> None:
    client = town.people[who]
    before = stored()
    forms = [form for form in walk(town.house.app, client).forms.values() if form.method == "POST"]
    assert forms
    for form in forms:
        if form.action == "/sign-out":
            continue
        fields = dict.fromkeys((BESIDE | columns()) - set(form.kinds), PLANTED)
        client.post(form.action, data=MultiDict({**fields, **form.values}))
    after = stored()
    assert not [text for text in texts_of(after) if PLANTED in text]
    assert not changed(before, after) & POWERS


def test_a_hand_in_with_fields_beside_its_own_is_the_case_that_it_would_have_been(town: Town) -> None:
    citizen = town.people["citizen"]
    extra = {"number": "330106-2020-999999", "state": "decided", "office": "centre-a", "applicant": "somebody-else"}
    answer = citizen.post(town.draft, data={"is_true": "y", **extra})
    assert answer.status_code == 303, answer.text
    number = str(answer.location).split("/")[2]
    assert number != extra["number"]
    row = db.session.execute(select(CaseRow).where(CaseRow.number == number)).scalar_one()
    assert row.state == "received"
    assert "somebody-else" not in [row.applicant, row.holder]
