"""What stands in the demo city, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts import queries as accounts
from portal.appeals import operations as appeals
from portal.appeals.model import InquiryState
from portal.appeals.tables import InquiryRow
from portal.basis import Role
from portal.cases import operations, queries
from portal.cases.model import CaseState
from portal.cases.tables import CaseRow, ClockRow
from portal.compliance.findings import queries as register
from portal.demo import loading, notes
from portal.demo.lives import faulty
from portal.demo.people import MAIN
from portal.ledger import queries as ledger
from portal.scheduler.judging import examine
from portal.store import db, reading, transaction
from tests.demo.conftest import CASES, PRESENT, LoadedCity

pytestmark = pytest.mark.usefixtures("city")
FAULTY = {name for name, way in vars(faulty).items() if callable(way) and not name.startswith("_")}
# Of those led on, the one that waits today to be taken over may have waited too long.
ASKED_IN_VAIN = {"sent_away", "answered_vaguely", "unanswered", "told_by_a_citizen", "led_on"}
GOLDEN = {"z1", "z2", "z3", "z4"}


def rows() -> dict[str, list[dict[str, Any]]]:
    with reading():
        return {
            table.__tablename__: [
                dict(row._mapping)
                for row in db.session.execute(select(*table.__table__.columns).order_by(*table.__table__.primary_key))
            ]
            for table in (CaseRow, ClockRow, InquiryRow)
        }


def test_a_case_stands_in_every_state() -> None:
    found = set(db.session.scalars(select(CaseRow.state)))
    assert found == set(CaseState) - {CaseState.DRAFT}  # a draft is in no ledger yet


def test_an_inquiry_stands_in_every_state() -> None:
    found = set(db.session.scalars(select(InquiryRow.state)))
    assert found == set(InquiryState) - {InquiryState.NEW}


def test_there_are_as_many_cases_as_asked_for() -> None:
    assert db.session.scalar(select(func.count()).select_from(CaseRow)) == CASES


def test_nothing_happened_after_the_present_or_out_of_order() -> None:
    with reading():
        events = [event for batch in ledger.stream() for event in batch]
    assert max(event.recorded_at for event in events) <= PRESENT
    written = [event.recorded_at for event in events]
    assert written == sorted(written)


def test_the_projections_are_what_the_ledger_says() -> None:
    before = rows()
    with transaction():
        assert operations.rebuild(at=PRESENT) == CASES
        appeals.rebuild_inquiries()
    assert rows() == before


@pytest.mark.parametrize("office", MAIN)
def test_every_main_office_has_open_and_finished_cases(office: str) -> None:
    with reading():
        assert queries.count_work(at=PRESENT, offices=[office])
        assert queries.count_work(at=PRESENT, offices=[office], is_open=False)


def test_proposals_wait_for_the_supervisor_and_for_a_head() -> None:
    with reading():
        assert queries.proposals(role=Role.SUPERVISOR)
        assert queries.proposals(role=Role.HEAD)


def test_who_keeps_the_law_gets_no_card(city: LoadedCity) -> None:
    with reading():
        cards = register.findings(severities=("yellow", "red"), limit=1000)
    accused = Counter(city.way_of(card.about) for card in cards)
    assert set(accused) <= FAULTY | ASKED_IN_VAIN | GOLDEN, accused


def test_the_supervisor_has_something_to_see() -> None:
    with reading():
        counts = register.counts()
    assert {"V01", "V02", "V03", "V05", "V08", "V11", "V12", "V15", "V16", "V18", "V19", "V20", "V21"} <= set(counts)


def test_the_scheduler_finds_nothing_new() -> None:
    assert examine(PRESENT) == 0


def test_somebody_of_each_role_can_sign_in(city: LoadedCity) -> None:
    password = notes.password_in(city.folder)
    assert password is not None
    staffed: set[Role] = set()
    for name in ("si-clerk-1", "ab-reviewer-2", "ms-decider", "gs-head", "manager", "dispatcher", "editor", "publisher",
                 "supervisor", "auditor", "inspector", "sysadmin", "jia-clerk-1"):  # fmt: skip
        account = accounts.authenticate(name, password)
        assert account is not None, name
        staffed |= accounts.roles_held(account.id, PRESENT.date())
    assert staffed == set(Role) - {Role.APPLICANT, Role.AGENT, Role.SYSTEM}
    for name in ("citizen", "firm", "agent"):
        assert accounts.authenticate(name, password) is not None, name
    assert accounts.authenticate("citizen", f"{password}x") is None


def test_the_sheet_is_for_its_owner_alone_and_is_read_out(city: LoadedCity) -> None:
    sheet = city.folder / notes.FILE
    assert sheet.stat().st_mode & 0o777 == 0o600
    text = sheet.read_text()
    assert all(line in text for line in city.lines)
    assert any(str(notes.password_in(city.folder)) in line for line in city.lines)


def test_a_case_of_the_sheet_can_be_followed_with_its_code(city: LoadedCity) -> None:
    lines = (city.folder / notes.FILE).read_text().partition("Cases to follow")[2].splitlines()[1:]
    number, _, code = lines[0].split()[:3]
    with reading():
        assert queries.follow(number, code, at=PRESENT).case.number == number


def test_a_second_load_adds_nothing(city: LoadedCity) -> None:
    before, seq = rows(), ledger.last_seq()
    assert loading.load(at=PRESENT, cases=CASES) == city.lines
    assert (rows(), ledger.last_seq()) == (before, seq)
