"""What stands in the demo city, on both databases; and the golden scenarios, as it lived them: what the rules say."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
from portal.catalogue import queries as catalogue
from portal.compliance.engine import Finding, judge
from portal.compliance.findings import queries as register
from portal.compliance.load import from_events
from portal.compliance.registry import all_rules
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
EPOCH = date(1970, 1, 1)


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


# The golden scenarios


def said(city: LoadedCity, as_of: str, *ways: str) -> list[Finding]:
    """Everything that the rules say about these lives at a moment in Shanghai."""
    moment = datetime.fromisoformat(as_of).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    with reading():
        events = [event for batch in ledger.stream() for event in batch]
        limits = catalogue.limits_table(catalogue.catalogue())
    own = [event for event in events if city.way_of(event.subject) in ways]
    return judge(from_events([own], limits=limits, as_of=moment).log, all_rules()).findings


def test_z1_is_sent_from_office_to_office(city: LoadedCity) -> None:
    found = said(city, "2020-09-22 17:00", "z1")
    assert {(f.rule, f.severity, f.office, f.actor) for f in found if f.rule != "V02"} == {
        ("V01", "yellow", "centre-a", "demo-a-clerk-1"),
        ("V01", "red", "centre-b", "demo-b-clerk-1"),
        ("V01", "red", "centre-a", "demo-a-clerk-2"),
        ("V03", "notice", "centre-c", "demo-c-clerk-1"),
    }
    (round_about,) = [f for f in found if f.rule == "V02"]
    assert (round_about.severity, round_about.office) == ("red", "centre-a")
    assert round_about.numbers["chain"] == "centre-a > centre-b > centre-c > centre-a"
    assert len(found) == 5


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "overdue", "is_open"),
    [
        ("2020-09-22 12:00", "yellow", 6, 1, True),  # Tuesday
        ("2020-09-28 12:00", "red", 11, 6, True),  # Monday, after a make-up Sunday
        ("2020-10-13 17:00", "red", 17, 12, False),  # Tuesday, delivered an hour before
    ],
)
def test_z2_waits_seventeen_days(
    city: LoadedCity, as_of: str, severity: str, taken: int, overdue: int, *, is_open: bool
) -> None:
    (found,) = said(city, as_of, "z2")
    assert (found.rule, found.severity, found.is_open) == ("V08", severity, is_open)
    assert (found.numbers["taken"], found.numbers["overdue"]) == (taken, overdue)
    assert found.numbers["due_on"] == (date(2020, 9, 21) - EPOCH).days
    assert found.office == "social-insurance"


def test_z2_is_in_time_until_the_end_of_monday_the_21st(city: LoadedCity) -> None:
    assert said(city, "2020-09-21 23:59", "z2") == []


@pytest.mark.parametrize(
    ("as_of", "severity", "taken", "chases"),
    [
        ("2020-07-07 17:00", "yellow", 4, 0),  # Tuesday
        ("2020-07-08 17:00", "red", 5, 1),  # Wednesday
        ("2020-07-20 17:00", "red", 13, 2),  # Monday
    ],
)
def test_z4_is_left_lying(city: LoadedCity, as_of: str, severity: str, taken: int, chases: int) -> None:
    (found,) = said(city, as_of, "z4")
    assert (found.rule, found.severity, found.office) == ("V12", severity, "social-insurance")
    assert (found.numbers["taken"], found.numbers["chases"]) == (taken, chases)


def test_z4_says_nothing_on_the_third_working_day(city: LoadedCity) -> None:
    assert said(city, "2020-07-06 17:00", "z4") == []  # Monday


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-08-02 17:00", []),  # Sunday
        ("2020-08-03 08:59", [("V21", "red", None)]),  # Monday
        ("2020-08-03 10:01", [("V18", "yellow", 29), ("V20", "yellow", None), ("V21", "red", None)]),
        (
            "2020-08-03 10:02",
            [("V18", "yellow", 30), ("V19", "red", 30), ("V20", "yellow", None), ("V21", "red", None)],
        ),
        (
            "2020-08-03 17:00",
            [("V18", "red", 136), ("V19", "red", 136), ("V20", "yellow", None), ("V20", "yellow", None),
             ("V21", "red", None)],
        ),
        (
            "2020-08-05 17:00",  # Wednesday
            [("V18", "red", 136), ("V18", "yellow", 18), ("V18", "yellow", 60), ("V19", "red", 136),
             ("V20", "yellow", None), ("V20", "yellow", None), ("V21", "red", None), ("V21", "red", None)],
        ),
    ],
)  # fmt: skip
def test_z3_is_had_nowhere_for_a_morning(
    city: LoadedCity, as_of: str, expected: list[tuple[str, str, int | None]]
) -> None:
    found = said(city, as_of, "z3")
    assert sorted(((f.rule, f.severity.value, f.numbers.get("minutes")) for f in found), key=str) == expected
    assert {f.office for f in found} <= {"government-services", "social-insurance"}
    assert {f.subject for f in found if f.rule in ("V19", "V20")} <= {"channel/contribution-base:window"}


def test_z3_declares_the_lost_day_once_and_the_short_failures_not() -> None:
    with reading():
        (outage,) = queries.declared_outages()
    assert (str(outage.from_on), str(outage.until_on), outage.declared_by) == ("2020-08-03", "2020-08-03", "system")
    assert outage.channels == ("app", "web")
    assert "social-insurance" in outage.offices
