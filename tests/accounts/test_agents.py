"""Documents, registration and authorisations: each rule told, one document one account, ended at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from portal.accounts.agents import operations, queries
from portal.accounts.agents.model import AgentSort, Authorisation, AuthorisationLapsed, AuthorisationUnfit
from portal.accounts.model import Account
from portal.accounts.persons import operations as persons
from portal.accounts.persons import queries as person_queries
from portal.accounts.persons.documents import DocumentKind, DocumentUnfit, checked
from portal.accounts.persons.model import Details, DocumentKnown
from portal.basis import By, NotAllowed, Role
from portal.store import db, transaction

AT, ON = datetime(2026, 9, 24, 2, tzinfo=UTC), date(2026, 9, 24)
CARD = DocumentKind.IDENTITY_CARD


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        (CARD, "36042619910101007", "18 characters"),
        (CARD, "36O426199101010071", "Character 3"),
        (CARD, "360426199113010071", "no day"),
        (CARD, "360426209101010071", "yet to come"),
        (CARD, "000426199101010071", "no place"),
        (CARD, "360426199101010072", "last character"),
        (DocumentKind.RESIDENCE_PERMIT, "360426199101010071", "begins with 810000"),
        (DocumentKind.PASSPORT, "E1234567", "Chinese passport"),
        (DocumentKind.CREDIT_CODE, "91110000600037341I", "Character 18"),
        (DocumentKind.CREDIT_CODE, "91110000600037341M", "last character"),
    ],
)
def test_a_wrong_number_is_told_by_the_rule_that_it_breaks(kind: DocumentKind, number: str, said: str) -> None:
    with pytest.raises(DocumentUnfit, match=said):
        checked(kind, number, on=ON)


def test_a_right_number_is_kept_in_its_normal_form() -> None:
    assert checked(CARD, "360426 1991 0101 0071", on=ON).number == "360426199101010071"
    assert checked(DocumentKind.CREDIT_CODE, "91110000600037341l", on=ON).number == "91110000600037341L"


def make_person(name: str, number: str) -> Account:
    told = Details(f"演示{name}", checked(CARD, number, on=ON, home="99"), "13800138000", "甲区东街11号")
    with transaction():
        return persons.register(name, "a long enough one 1", told, at=AT)


def make_pair() -> tuple[Account, Account]:
    return make_person("owner", "990101199003070015"), make_person("agent", "360426199101010071")


def authorise(owner: Account, *, by: By | None = None, days: int = 30) -> Authorisation:
    with transaction():
        return operations.authorise(
            owner.id,
            "agent",
            AgentSort.FAMILY,
            items=("food-licence",),
            from_on=ON,
            until_on=ON + timedelta(days),
            confirmed_by="password",
            by=by or By(owner.id, Role.APPLICANT),
            at=AT,
            on=ON,
        )


@pytest.mark.usefixtures("database")
def test_one_document_opens_one_account_and_lies_nowhere_in_clear() -> None:
    owner = make_person("owner", "990101199003070015")
    assert person_queries.details(owner.id).document.number == "990101199003070015"
    with pytest.raises(DocumentKnown):
        make_person("again", "990101199003070015")
    rows = repr(
        [tuple(row) for table in ("person", "account") for row in db.session.execute(text(f"SELECT * FROM {table}"))]
    )
    assert "990101199003070015" not in rows
    assert "演示owner" not in rows
    assert owner.display_name == "演示owner"


@pytest.mark.usefixtures("database")
def test_an_agent_acts_only_for_that_service_in_those_days_and_never_after_the_revocation() -> None:
    owner, agent = make_pair()
    given = authorise(owner)
    by = queries.by_of_agent(given, ON)
    assert (by.actor, by.role, by.authorisation) == (agent.id, Role.AGENT, "A-2026-000001")
    queries.require_authorised(by, owner.id, "food-licence", ON + timedelta(30))
    for item, day in (
        ("training-subsidy", ON),
        ("food-licence", ON + timedelta(31)),
        ("food-licence", ON - timedelta(1)),
    ):
        with pytest.raises(AuthorisationLapsed):
            queries.require_authorised(by, owner.id, item, day)
    with transaction():
        operations.revoke(given.number, by=By(owner.id, Role.APPLICANT), at=AT)
    with pytest.raises(AuthorisationLapsed, match="revoked"):
        queries.require_authorised(by, owner.id, "food-licence", ON)
    before = queries.given_by(owner.id)
    with transaction():
        assert operations.rebuild_authorisations() == 1
    assert queries.given_by(owner.id) == before


@pytest.mark.usefixtures("database")
def test_nobody_but_the_principal_authorises() -> None:
    owner, agent = make_pair()
    with pytest.raises(NotAllowed):
        authorise(owner, by=By(agent.id, Role.APPLICANT))
    with pytest.raises(AuthorisationUnfit, match="months"):
        authorise(owner, days=1200)
